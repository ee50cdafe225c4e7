namespace AutoVec.Samples.Tests.Algorithms;

/// <summary>
/// Textbook algorithms with no parallelism to speak of: batches in lanes, their gradients and their tangents, against the plain method, each other
/// and differences.
/// </summary>
public class AlgorithmTests
{
    private delegate (double[] Value, double[,] X, double[] P) Gradient(double[,] x, double[] p);

    private delegate (double Value, double Tangent) Tangent(double[] x, double p, double[] dx, double dp);

    [Fact]
    public void Bubbles() => Check(Sorting.Bubbles, (x, p) => Sorting.BubblesBatch(x, p),
        (x, p) => { var (v, g) = Sorting.BubblesValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Sorting.BubblesJvp(x, p, new(dx, dp)));

    [Fact]
    public void HeapMedian() => Check(Sorting.HeapMedian, (x, p) => Sorting.HeapMedianBatch(x, p),
        (x, p) => { var (v, g) = Sorting.HeapMedianValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Sorting.HeapMedianJvp(x, p, new(dx, dp)), 70);

    [Fact]
    public void Stack() => Check(Sorting.Stack, (x, p) => Sorting.StackBatch(x, p),
        (x, p) => { var (v, g) = Sorting.StackValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Sorting.StackJvp(x, p, new(dx, dp)));

    [Fact]
    public void Histogram() => Check(Sorting.Histogram, (x, p) => Sorting.HistogramBatch(x, p),
        (x, p) => { var (v, g) = Sorting.HistogramValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Sorting.HistogramJvp(x, p, new(dx, dp)));

    [Fact]
    public void Determinant() => Check(Numerics.Determinant, (x, p) => Numerics.DeterminantBatch(x, p),
        (x, p) => { var (v, g) = Numerics.DeterminantValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Numerics.DeterminantJvp(x, p, new(dx, dp)));

    [Fact]
    public void CubeRoots() => Check(Numerics.CubeRoots, (x, p) => Numerics.CubeRootsBatch(x, p),
        (x, p) => { var (v, g) = Numerics.CubeRootsValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Numerics.CubeRootsJvp(x, p, new(dx, dp)));

    [Fact]
    public void Fourier() => Check(Numerics.Fourier, (x, p) => Numerics.FourierBatch(x, p),
        (x, p) => { var (v, g) = Numerics.FourierValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Numerics.FourierJvp(x, p, new(dx, dp)));

    [Fact]
    public void GaussSeidel() => Check(Numerics.GaussSeidel, (x, p) => Numerics.GaussSeidelBatch(x, p),
        (x, p) => { var (v, g) = Numerics.GaussSeidelValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Numerics.GaussSeidelJvp(x, p, new(dx, dp)));

    [Fact]
    public void Kalman() => Check(Numerics.Kalman, (x, p) => Numerics.KalmanBatch(x, p),
        (x, p) => { var (v, g) = Numerics.KalmanValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Numerics.KalmanJvp(x, p, new(dx, dp)));

    [Fact]
    public void Collatz() => Check(Numerics.Collatz, (x, p) => Numerics.CollatzBatch(x, p),
        (x, p) => { var (v, g) = Numerics.CollatzValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Numerics.CollatzJvp(x, p, new(dx, dp)));

    [Fact]
    public void Warping() => Check(Tables.Warping, (x, p) => Tables.WarpingBatch(x, p),
        (x, p) => { var (v, g) = Tables.WarpingValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Tables.WarpingJvp(x, p, new(dx, dp)));

    [Fact]
    public void Common() => Check(Tables.Common, (x, p) => Tables.CommonBatch(x, p),
        (x, p) => { var (v, g) = Tables.CommonValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Tables.CommonJvp(x, p, new(dx, dp)));

    [Fact]
    public void Viterbi() => Check(Tables.Viterbi, (x, p) => Tables.ViterbiBatch(x, p),
        (x, p) => { var (v, g) = Tables.ViterbiValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Tables.ViterbiJvp(x, p, new(dx, dp)));

    [Fact]
    public void FirstPair() => Check(Tables.FirstPair, (x, p) => Tables.FirstPairBatch(x, p),
        (x, p) => { var (v, g) = Tables.FirstPairValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Tables.FirstPairJvp(x, p, new(dx, dp)));

    [Fact]
    public void Windows() => Check(Tables.Windows, (x, p) => Tables.WindowsBatch(x, p),
        (x, p) => { var (v, g) = Tables.WindowsValueAndGradBatch(x, p); return (v, g.X, g.P); }, (x, p, dx, dp) => Tables.WindowsJvp(x, p, new(dx, dp)));

    [Fact]
    public void Division_throws_where_the_plain_method_does()
    {
        int[] totals = [7, -7, 5, int.MaxValue, int.MinValue, int.MinValue, 9, -9, 0, 123456789, -123456789, 1, 2, 3, 4, 5, 6, int.MinValue];
        int[] people = [2, 2, 0, -1, 1, 2, -4, -4, 5, 1000, 1000, 0, int.MaxValue, int.MinValue, 3, 3, 3, int.MinValue];
        Assert.Equal(totals.Zip(people, Numerics.Share), Numerics.ShareBatch(totals, people));
        Assert.Throws<OverflowException>(() => Numerics.ShareBatch(int.MinValue, new[] { 1, 2, -1 }));
        Assert.Throws<DivideByZeroException>(() => Numerics.PartBatch(1f, new[] { 1, 2, 3, 4, 5, 0, 7 }));
        Assert.Equal([100f, 50f, 33f], Numerics.PartBatch(1f, new[] { 1, 2, 3 }));
    }

    /// <param name="longer">Further lengths: where undo logs pay, for instance.</param>
    private static void Check(Func<double[], double, double> plain, Func<double[,], double[], double[]> batch, Gradient gradient, Tangent tangent, params int[] longer)
    {
        var random = new Random(5);
        double Next(double low, double high) => low + random.NextDouble() * (high - low);
        foreach (int n in (int[])[9, 5, 14, .. longer])
            foreach (int rows in new[] { 1, 7, 33 })
            {
                var (xs, ps) = (new double[rows, n], new double[rows]);
                for (int b = 0; b < rows; b++)
                {
                    ps[b] = Next(-0.5, 1.5);
                    for (int j = 0; j < n; j++) xs[b, j] = Next(-2, 2);
                }
                var values = batch(xs, ps);
                var (again, gx, gp) = gradient(xs, ps);
                for (int b = 0; b < rows; b++)
                {
                    string where = $"n = {n}, row {b} of {rows}";
                    var (x, dx) = (new double[n], new double[n]);
                    for (int j = 0; j < n; j++) (x[j], dx[j]) = (xs[b, j], Next(-0.5, 0.5));
                    double dp = Next(-0.5, 0.5), y = plain(x, ps[b]), along = gp[b] * dp;
                    for (int j = 0; j < n; j++) along += gx[b, j] * dx[j];
                    Near(y, values[b], 1e-11, where);
                    Near(y, again[b], 1e-11, where);
                    var (value, slope) = tangent(x, ps[b], dx, dp);
                    Near(y, value, 1e-11, where);
                    Near(slope, along, 1e-8, where);

                    double At(double h)
                    {
                        var moved = new double[n];
                        for (int j = 0; j < n; j++) moved[j] = x[j] + h * dx[j];
                        return plain(moved, ps[b] + h * dp);
                    }
                    double near = (At(1e-6) - At(-1e-6)) / 2e-6, far = (At(2e-6) - At(-2e-6)) / 4e-6;
                    // Where the two differ, a kink lies between.
                    if (Math.Abs(near - far) <= 1e-5 * (1 + Math.Abs(near))) Near(near, slope, 1e-4, where);
                }
            }
    }

    private static void Near(double expected, double actual, double tolerance, string where) => Assert.True(
        expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance * (1 + Math.Abs(expected)), $"{where}: {actual} for {expected}");
}
