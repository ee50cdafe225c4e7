namespace AutoVec.Benchmarks.Workloads;

/// <summary>Images weighted by one small window.</summary>
internal static partial class Convolution2D
{
    /// <summary>The result is smaller than the image by the window's size − 1.</summary>
    [Vectorize, Differentiable]
    public static float[,] Convolve(float[,] x, [Shared] float[,] w)
    {
        var result = new float[x.GetLength(0) - w.GetLength(0) + 1, x.GetLength(1) - w.GetLength(1) + 1];
        for (int i = 0; i < result.GetLength(0); i++)
            for (int j = 0; j < result.GetLength(1); j++)
            {
                float sum = 0;
                for (int k = 0; k < w.GetLength(0); k++)
                    for (int l = 0; l < w.GetLength(1); l++)
                        sum += x[i + k, j + l] * w[k, l];
                result[i, j] = sum;
            }
        return result;
    }
}
