using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>The sum of squared distances of points to their nearest centroids, and a step of Newton's method that lowers it.</summary>
public static partial class KMeans
{
    public sealed record Input(double[,] Points, double[,] Centroids);

    public static Module Module { get; } = new("kmeans",
        Function.Of<Input, Input, double, double>("cost", Check, i => Cost(i.Centroids, i.Points), y => y),
        Function.Of<Input, Input, double[,], double[,]>("dir", Check, i => Direction(i.Centroids, i.Points), y => y));

    private static Input Check(Input i)
    {
        ToolException.Unless(i.Points.GetLength(1) == i.Centroids.GetLength(1), $"points have {i.Points.GetLength(1)} coordinates, centroids {i.Centroids.GetLength(1)}");
        return i;
    }

    /// <param name="centroids">k × d.</param>
    /// <param name="points">n × d.</param>
    public static double Cost(double[,] centroids, double[,] points)
    {
        double cost = 0;
        for (int i = 0; i < points.GetLength(0); i++)
        {
            double least = double.PositiveInfinity;
            for (int c = 0; c < centroids.GetLength(0); c++)
            {
                double distance = 0;
                for (int j = 0; j < points.GetLength(1); j++)
                {
                    double difference = centroids[c, j] - points[i, j];
                    distance += difference * difference;
                }
                least = Math.Min(least, distance);
            }
            cost += least;
        }
        return cost;
    }

    /// <summary>∂cost/∂centroids.</summary>
    [Differentiable(Forward = true)]
    public static double[,] Gradient(double[,] centroids, [NoGrad] double[,] points) => Ad.Grad(Cost, centroids, points);

    /// <summary>
    /// The gradient over the diagonal of the Hessian, element by element. A coordinate's slope depends on that coordinate alone, so the
    /// Hessian times ones is its diagonal.
    /// </summary>
    public static double[,] Direction(double[,] centroids, double[,] points)
    {
        int k = centroids.GetLength(0), d = centroids.GetLength(1);
        var ones = new double[k, d];
        for (int c = 0; c < k; c++)
            for (int j = 0; j < d; j++) ones[c, j] = 1;
        var (gradient, diagonal) = GradientJvp(centroids, points, new GradientGradient(ones));
        for (int c = 0; c < k; c++)
            for (int j = 0; j < d; j++) gradient[c, j] /= diagonal[c, j];
        return gradient;
    }
}
