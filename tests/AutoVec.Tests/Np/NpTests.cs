namespace AutoVec.Tests.NpRoom;

/// <summary>The plain functions against formulas written another way; <c>float</c> against <c>double</c>.</summary>
public class NpTests
{
    private static readonly double[] X = [0.5, -1.25, 2, 0.75, -3];
    private static readonly double[] Y = [1.5, 0.25, -2, 4, 1];
    private static readonly double[,] A = { { 1, -2, 0.5 }, { 3, 0.25, -1 } };
    private static readonly double[,] B = { { 2, 1 }, { -1, 4 }, { 0.5, 8 } };

    private static float[] F(double[] x) => [.. x.Select(v => (float)v)];

    private static float[,] F(double[,] x)
    {
        var y = new float[x.GetLength(0), x.GetLength(1)];
        for (int k = 0; k < x.Length; k++) y[k / y.GetLength(1), k % y.GetLength(1)] = (float)x[k / y.GetLength(1), k % y.GetLength(1)];
        return y;
    }

    private static void Same(IEnumerable<double> expected, double[] wide, float[] narrow)
    {
        Assert.Equal(expected, wide, (e, g) => Math.Abs(e - g) <= 1e-14 * Math.Max(1, Math.Abs(e)));
        Assert.Equal(expected, narrow.Select(v => (double)v), (e, g) => Math.Abs(e - g) <= 1e-6 * Math.Max(1, Math.Abs(e)));
    }

    [Fact]
    public void Products()
    {
        Same([4.25, -3, 5.25, -4], [.. Np.MatMul(A, B).Cast<double>()], [.. Np.MatMul(F(A), F(B)).Cast<float>()]);
        Same(X.SelectMany(x => Y.Take(2).Select(y => x * y)), [.. Np.Outer(X, Y[..2]).Cast<double>()], [.. Np.Outer(F(X), F(Y[..2])).Cast<float>()]);
    }

    [Fact]
    public void Reductions()
    {
        Same([X.Average()], [Np.Mean(X)], [Np.Mean(F(X))]);
        Same([X.Min()], [Np.Min(X)], [Np.Min(F(X))]);
        Same([double.Hypot(double.Hypot(0.5, 1.25), double.Hypot(2, double.Hypot(0.75, 3)))], [Np.Norm(X)], [Np.Norm(F(X))]);
        Assert.Equal(4, Np.ArgMin(X));
        Assert.Equal(1, Np.ArgMin([2f, -1, -1]));
        Assert.Equal(double.NaN, Np.Mean(Array.Empty<double>()));
        Assert.Equal(double.PositiveInfinity, Np.Min(Array.Empty<double>()));
        Assert.Equal(float.NaN, Np.Min([1, float.NaN]));
    }

    [Fact]
    public void Functions_of_one_number()
    {
        Same(X.Select(x => 0.5 + 0.5 * Math.Tanh(x / 2)), Np.Sigmoid(X), Np.Sigmoid(F(X)));
        Same(X.Select(x => 1 - 2 / (Math.Exp(2 * x) + 1)), Np.Tanh(X), Np.Tanh(F(X)));
        Assert.Equal([0, 1, 0, 1], Np.Sigmoid([-1e300, 1e300, double.NegativeInfinity, double.PositiveInfinity]));
        Assert.Equal([0, 1, 0, 1], Np.Sigmoid([-1e30f, 1e30f, float.NegativeInfinity, float.PositiveInfinity]));
        Assert.True(Np.Sigmoid(-700.0) > 0);
    }

    [Fact]
    public void Choices()
    {
        bool[] c = [true, false, true, false, false];
        Same([0.5, 0.25, 2, 4, 1], Np.Where(c, X, Y), Np.Where(c, F(X), F(Y)));
        Assert.Equal((1.0, 2f), (Np.Where(true, 1.0, double.NaN), Np.Where(false, float.NaN, 2f)));
        Same(X.Select(x => x < -1 ? -1 : x > 0.6 ? 0.6 : x), Np.Clip(X, -1, 0.6), Np.Clip(F(X), -1, 0.6f));
        Assert.Equal((0.5, float.NaN), (Np.Clip(0.0, 1.0, 0.5), Np.Clip(float.NaN, 0, 1)));
        Same([0, 0, 1, 0], Np.OneHotDouble(2, 4), Np.OneHot(2, 4));
        Assert.Throws<IndexOutOfRangeException>(() => Np.OneHot(4, 4));
        Assert.Throws<IndexOutOfRangeException>(() => Np.OneHotDouble(-1, 4));
        Assert.Throws<IndexOutOfRangeException>(() => Np.Where([false, false], [1f, 2], [1f]));
    }

    [Fact]
    public void A_correlation_is_a_dot_product_at_each_place()
    {
        double[] w = [3, -1, 0.5];
        Same(Enumerable.Range(0, 3).Select(i => X[i..(i + 3)].Zip(w, (a, b) => a * b).Sum()), Np.Conv1D(X, w), Np.Conv1D(F(X), F(w)));
        Assert.Single(Np.Conv1D(X, Y));
        Assert.Empty(Np.Conv1D(w, X));
        Assert.Empty(Np.Conv1D([1f], [1, 2]));
    }

    [Fact]
    public void A_correlation_in_two_dimensions_is_one_at_each_place()
    {
        double[,] x = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 10, 11, 12 } }, w = { { 1, 0, -1 }, { 0.5, 2, 0 } };
        Same([1 - 3 + 2.5 + 12, 2 - 4 + 3 + 14, 5 - 7 + 4.5 + 20, 6 - 8 + 5 + 22], [.. Np.Conv2D(x, w).Cast<double>()], [.. Np.Conv2D(F(x), F(w)).Cast<float>()]);
        Assert.Equal((0, 0), (Np.Conv2D(w, x).GetLength(0), Np.Conv2D(w, x).GetLength(1)));
        Assert.Equal((2, 0), (Np.Conv2D(x, new double[2, 5]).GetLength(0), Np.Conv2D(x, new double[2, 5]).GetLength(1)));
    }
}
