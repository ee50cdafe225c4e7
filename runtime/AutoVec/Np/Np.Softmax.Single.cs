namespace AutoVec;

// The exponential family, shifted by the maximum so that nothing overflows.
public static partial class Np
{
    /// <summary>log Σ exp(x[i]), without overflow; −∞ of an empty array.</summary>
    [Composable]
    public static float LogSumExp(float[] x)
    {
        float shift = Shift(x);
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += MathF.Exp(x[i] - shift);
        return shift + MathF.Log(sum);
    }

    /// <summary>exp(x[i]) / Σ exp(x[j]): positive, with sum 1.</summary>
    [Composable]
    public static float[] Softmax(float[] x)
    {
        float shift = Shift(x);
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += MathF.Exp(x[i] - shift);
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = MathF.Exp(x[i] - shift) / sum;
        return result;
    }

    /// <summary>log of <see cref="Softmax(float[])"/>, exact where that rounds to 0.</summary>
    [Composable]
    public static float[] LogSoftmax(float[] x)
    {
        float total = LogSumExp(x);
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = x[i] - total;
        return result;
    }

    /// <summary>The maximum, made finite: ∞ − ∞ would be NaN.</summary>
    private static float Shift(float[] x) => MathF.Max(MathF.Min(Max(x), float.MaxValue), float.MinValue);
}
