namespace AutoVec;

// Functions of one number, also element by element.
public static partial class Np
{
    /// <summary>eˣ.</summary>
    [Composable]
    public static float Exp(float x) => MathF.Exp(x);

    /// <summary>eˣ, element by element.</summary>
    [Composable]
    public static float[] Exp(ReadOnlySpan<float> x)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Exp(x[i]);
        return result;
    }

    /// <inheritdoc cref="Exp(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Exp(float[] x) => Exp(x.AsSpan());

    /// <summary>The natural logarithm.</summary>
    [Composable]
    public static float Log(float x) => MathF.Log(x);

    /// <summary>The natural logarithm, element by element.</summary>
    [Composable]
    public static float[] Log(ReadOnlySpan<float> x)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Log(x[i]);
        return result;
    }

    /// <inheritdoc cref="Log(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Log(float[] x) => Log(x.AsSpan());

    /// <summary>√x.</summary>
    [Composable]
    public static float Sqrt(float x) => MathF.Sqrt(x);

    /// <summary>√x, element by element.</summary>
    [Composable]
    public static float[] Sqrt(ReadOnlySpan<float> x)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Sqrt(x[i]);
        return result;
    }

    /// <inheritdoc cref="Sqrt(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Sqrt(float[] x) => Sqrt(x.AsSpan());

    /// <summary>|x|.</summary>
    [Composable]
    public static float Abs(float x) => MathF.Abs(x);

    /// <summary>|x|, element by element.</summary>
    [Composable]
    public static float[] Abs(ReadOnlySpan<float> x)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Abs(x[i]);
        return result;
    }

    /// <inheritdoc cref="Abs(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Abs(float[] x) => Abs(x.AsSpan());

    /// <summary>The hyperbolic tangent.</summary>
    [Composable]
    public static float Tanh(float x) => MathF.Tanh(x);

    /// <summary>The hyperbolic tangent, element by element.</summary>
    [Composable]
    public static float[] Tanh(ReadOnlySpan<float> x)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Tanh(x[i]);
        return result;
    }

    /// <inheritdoc cref="Tanh(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Tanh(float[] x) => Tanh(x.AsSpan());

    /// <summary>max(x, 0), with derivative 0 at 0.</summary>
    [Composable]
    public static float Relu(float x) => MathF.Max(x, 0);

    /// <summary>max(x, 0), with derivative 0 at 0, element by element.</summary>
    [Composable]
    public static float[] Relu(ReadOnlySpan<float> x)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Relu(x[i]);
        return result;
    }

    /// <inheritdoc cref="Relu(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Relu(float[] x) => Relu(x.AsSpan());

    /// <summary>1 / (1 + e⁻ˣ), without overflow.</summary>
    [Composable]
    public static float Sigmoid(float x)
    {
        // Two forms: e⁻ˣ of a large negative x is infinite, and so would be the derivative.
        if (x >= 0) return 1 / (1 + MathF.Exp(-x));
        float e = MathF.Exp(x);
        return e / (1 + e);
    }

    /// <summary>1 / (1 + e⁻ˣ), without overflow, element by element.</summary>
    [Composable]
    public static float[] Sigmoid(ReadOnlySpan<float> x)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Sigmoid(x[i]);
        return result;
    }

    /// <inheritdoc cref="Sigmoid(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Sigmoid(float[] x) => Sigmoid(x.AsSpan());
}
