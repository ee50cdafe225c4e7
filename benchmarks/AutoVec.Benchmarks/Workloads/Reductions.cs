namespace AutoVec.Benchmarks.Workloads;

/// <summary>Sums of long rows.</summary>
internal static partial class Reductions
{
    /// <summary>Σ xᵢ·yᵢ</summary>
    [Vectorize, Differentiable]
    public static float Dot(float[] x, float[] y)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>Σ xᵢ</summary>
    [Vectorize, Differentiable]
    public static float Sum(float[] x)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i];
        return sum;
    }
}
