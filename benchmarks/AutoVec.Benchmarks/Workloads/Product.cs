namespace AutoVec.Benchmarks.Workloads;

/// <summary>A contraction: rows times one matrix.</summary>
internal static partial class Product
{
    /// <summary>x·W</summary>
    [Vectorize, Differentiable]
    public static float[] Apply(float[] x, [Shared] float[,] w)
    {
        var result = new float[w.GetLength(1)];
        for (int j = 0; j < result.Length; j++)
        {
            float sum = 0;
            for (int i = 0; i < x.Length; i++) sum += x[i] * w[i, j];
            result[j] = sum;
        }
        return result;
    }
}
