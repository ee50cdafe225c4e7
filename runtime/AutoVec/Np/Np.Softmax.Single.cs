namespace AutoVec;

// The exponential family, shifted by the maximum so that nothing overflows.
public static partial class Np
{
    /// <summary>log Σ exp(x[i]), without overflow; −∞ of an empty array.</summary>
    [Composable]
    public static float LogSumExp(ReadOnlySpan<float> x)
    {
        float shift = Shift(x);
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += MathF.Exp(x[i] - shift);
        return shift + MathF.Log(sum);
    }

    /// <inheritdoc cref="LogSumExp(ReadOnlySpan{float})"/>
    [Composable]
    public static float LogSumExp(float[] x) => LogSumExp(x.AsSpan());

    /// <summary>exp(x[i]) / Σ exp(x[j]): positive, with sum 1.</summary>
    [Composable]
    public static float[] Softmax(ReadOnlySpan<float> x)
    {
        float shift = Shift(x);
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += MathF.Exp(x[i] - shift);
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = MathF.Exp(x[i] - shift) / sum;
        return result;
    }

    /// <inheritdoc cref="Softmax(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Softmax(float[] x) => Softmax(x.AsSpan());

    /// <summary>log of <see cref="Softmax(ReadOnlySpan{float})"/>, exact where that rounds to 0.</summary>
    [Composable]
    public static float[] LogSoftmax(ReadOnlySpan<float> x)
    {
        float total = LogSumExp(x);
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = x[i] - total;
        return result;
    }

    /// <inheritdoc cref="LogSoftmax(ReadOnlySpan{float})"/>
    [Composable]
    public static float[] LogSoftmax(float[] x) => LogSoftmax(x.AsSpan());

    /// <summary>The maximum, made finite: ∞ − ∞ would be NaN.</summary>
    private static float Shift(ReadOnlySpan<float> x) => MathF.Max(MathF.Min(Max(x), float.MaxValue), float.MinValue);
}
