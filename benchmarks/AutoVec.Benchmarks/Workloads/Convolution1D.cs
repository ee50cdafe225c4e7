namespace AutoVec.Benchmarks.Workloads;

/// <summary>Signals weighted by one small window.</summary>
internal static partial class Convolution1D
{
    /// <summary>The result is shorter than the signal by w.Length − 1.</summary>
    [Vectorize, Differentiable]
    public static float[] Convolve(float[] x, [Shared] float[] w)
    {
        var result = new float[x.Length - w.Length + 1];
        for (int i = 0; i < result.Length; i++)
        {
            float sum = 0;
            for (int k = 0; k < w.Length; k++) sum += x[i + k] * w[k];
            result[i] = sum;
        }
        return result;
    }
}
