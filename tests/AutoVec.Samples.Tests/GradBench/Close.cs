namespace AutoVec.Samples.Tests.GradBench;

/// <summary>Comparison to a relative 1e-8, and derivatives by differences that are good to that.</summary>
internal static class Close
{
    public const double Relative = 1e-8;

    public static void Equal(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= Relative * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    /// <summary>Relative to the largest of the expected numbers.</summary>
    public static void Equal(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Relative * scale, $"[{i}]: expected {expected[i]:R}, got {actual[i]:R}, the largest is {scale:R}");
    }

    /// <summary>The gradient by central differences, extrapolated to order 8 (Richardson).</summary>
    public static double[] Gradient(Func<double[], double> f, double[] at, double step = 0.02)
    {
        var gradient = new double[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            var row = new double[4];
            for (int k = 0; k < row.Length; k++)
            {
                double h = step / (1 << k), x = at[i];
                double[] up = [.. at], down = [.. at];
                up[i] = x + h;
                down[i] = x - h;
                row[k] = (f(up) - f(down)) / (up[i] - down[i]);
            }
            for (int order = 1; order < row.Length; order++)
                for (int k = row.Length - 1; k >= order; k--)
                    row[k] += (row[k] - row[k - 1]) / ((1 << 2 * order) - 1);
            gradient[i] = row[^1];
        }
        return gradient;
    }

    public static double[] Random(int seed, int count, double from = -1, double to = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => from + (to - from) * random.NextDouble())];
    }

    public static double[][] Rows(double[] all, int width) => [.. all.Chunk(Math.Max(width, 1))];
}
