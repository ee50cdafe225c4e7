namespace AutoVec;

// Functions of one number, also element by element.
public static partial class Np
{
    /// <summary>eˣ.</summary>
    [Composable]
    public static double Exp(double x) => Math.Exp(x);

    /// <summary>eˣ, element by element.</summary>
    [Composable]
    public static double[] Exp(ReadOnlySpan<double> x)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Exp(x[i]);
        return result;
    }

    /// <inheritdoc cref="Exp(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Exp(double[] x) => Exp(x.AsSpan());

    /// <summary>The natural logarithm.</summary>
    [Composable]
    public static double Log(double x) => Math.Log(x);

    /// <summary>The natural logarithm, element by element.</summary>
    [Composable]
    public static double[] Log(ReadOnlySpan<double> x)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Log(x[i]);
        return result;
    }

    /// <inheritdoc cref="Log(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Log(double[] x) => Log(x.AsSpan());

    /// <summary>√x.</summary>
    [Composable]
    public static double Sqrt(double x) => Math.Sqrt(x);

    /// <summary>√x, element by element.</summary>
    [Composable]
    public static double[] Sqrt(ReadOnlySpan<double> x)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Sqrt(x[i]);
        return result;
    }

    /// <inheritdoc cref="Sqrt(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Sqrt(double[] x) => Sqrt(x.AsSpan());

    /// <summary>|x|.</summary>
    [Composable]
    public static double Abs(double x) => Math.Abs(x);

    /// <summary>|x|, element by element.</summary>
    [Composable]
    public static double[] Abs(ReadOnlySpan<double> x)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Abs(x[i]);
        return result;
    }

    /// <inheritdoc cref="Abs(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Abs(double[] x) => Abs(x.AsSpan());

    /// <summary>The hyperbolic tangent.</summary>
    [Composable]
    public static double Tanh(double x) => Math.Tanh(x);

    /// <summary>The hyperbolic tangent, element by element.</summary>
    [Composable]
    public static double[] Tanh(ReadOnlySpan<double> x)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Tanh(x[i]);
        return result;
    }

    /// <inheritdoc cref="Tanh(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Tanh(double[] x) => Tanh(x.AsSpan());

    /// <summary>max(x, 0), with derivative 0 at 0.</summary>
    [Composable]
    public static double Relu(double x) => Math.Max(x, 0);

    /// <summary>max(x, 0), with derivative 0 at 0, element by element.</summary>
    [Composable]
    public static double[] Relu(ReadOnlySpan<double> x)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Relu(x[i]);
        return result;
    }

    /// <inheritdoc cref="Relu(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Relu(double[] x) => Relu(x.AsSpan());

    /// <summary>1 / (1 + e⁻ˣ), without overflow.</summary>
    [Composable]
    public static double Sigmoid(double x)
    {
        // Two forms: e⁻ˣ of a large negative x is infinite, and so would be the derivative.
        if (x >= 0) return 1 / (1 + Math.Exp(-x));
        double e = Math.Exp(x);
        return e / (1 + e);
    }

    /// <summary>1 / (1 + e⁻ˣ), without overflow, element by element.</summary>
    [Composable]
    public static double[] Sigmoid(ReadOnlySpan<double> x)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Sigmoid(x[i]);
        return result;
    }

    /// <inheritdoc cref="Sigmoid(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Sigmoid(double[] x) => Sigmoid(x.AsSpan());
}
