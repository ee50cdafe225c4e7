namespace AutoVec;

// The exponential family, shifted by the maximum so that nothing overflows.
public static partial class Np
{
    /// <summary>log Σ exp(x[i]), without overflow; −∞ of an empty array.</summary>
    [Composable]
    public static double LogSumExp(ReadOnlySpan<double> x)
    {
        double shift = Shift(x);
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += Math.Exp(x[i] - shift);
        return shift + Math.Log(sum);
    }

    /// <inheritdoc cref="LogSumExp(ReadOnlySpan{double})"/>
    [Composable]
    public static double LogSumExp(double[] x) => LogSumExp(x.AsSpan());

    /// <summary>exp(x[i]) / Σ exp(x[j]): positive, with sum 1.</summary>
    [Composable]
    public static double[] Softmax(ReadOnlySpan<double> x)
    {
        double shift = Shift(x);
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += Math.Exp(x[i] - shift);
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Math.Exp(x[i] - shift) / sum;
        return result;
    }

    /// <inheritdoc cref="Softmax(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Softmax(double[] x) => Softmax(x.AsSpan());

    /// <summary>log of <see cref="Softmax(ReadOnlySpan{double})"/>, exact where that rounds to 0.</summary>
    [Composable]
    public static double[] LogSoftmax(ReadOnlySpan<double> x)
    {
        double total = LogSumExp(x);
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = x[i] - total;
        return result;
    }

    /// <inheritdoc cref="LogSoftmax(ReadOnlySpan{double})"/>
    [Composable]
    public static double[] LogSoftmax(double[] x) => LogSoftmax(x.AsSpan());

    /// <summary>The maximum, made finite: ∞ − ∞ would be NaN.</summary>
    private static double Shift(ReadOnlySpan<double> x) => Math.Max(Math.Min(Max(x), double.MaxValue), double.MinValue);
}
