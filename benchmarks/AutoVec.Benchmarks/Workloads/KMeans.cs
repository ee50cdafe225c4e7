namespace AutoVec.Benchmarks.Workloads;

/// <summary>k-means: the centroid nearest to each point and how far it is; the gradient moves the centroids.</summary>
internal static partial class KMeans
{
    /// <summary>The lowest of the nearest centroids, and the square of its distance.</summary>
    [Vectorize, Differentiable]
    public static (int Index, float Distance) Nearest([NoGrad] float[] x, [Shared] float[,] centroids)
    {
        int index = 0;
        float least = float.PositiveInfinity;
        for (int k = 0; k < centroids.GetLength(0); k++)
        {
            float distance = 0;
            for (int j = 0; j < x.Length; j++)
            {
                float d = x[j] - centroids[k, j];
                distance += d * d;
            }
            if (distance < least)
            {
                least = distance;
                index = k;
            }
        }
        return (index, least);
    }
}
