namespace AutoVec.Benchmarks.Workloads;

/// <summary>exp(x) / Σ exp(x) of rows.</summary>
internal static partial class Softmax
{
    /// <summary>Of one row.</summary>
    [Vectorize, Differentiable]
    public static float[] Row(float[] x)
    {
        float max = float.NegativeInfinity;
        for (int i = 0; i < x.Length; i++) max = MathF.Max(max, x[i]);
        var e = new float[x.Length];
        float sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            e[i] = MathF.Exp(x[i] - max);
            sum += e[i];
        }
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = e[i] / sum;
        return result;
    }
}
