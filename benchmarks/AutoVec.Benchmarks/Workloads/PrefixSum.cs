namespace AutoVec.Benchmarks.Workloads;

/// <summary>Sums of all beginnings of rows.</summary>
internal static partial class PrefixSum
{
    /// <summary>yᵢ = Σ xⱼ over j ≤ i.</summary>
    [Vectorize, Differentiable]
    public static float[] Of(float[] x)
    {
        var result = new float[x.Length];
        float sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i];
            result[i] = sum;
        }
        return result;
    }
}
