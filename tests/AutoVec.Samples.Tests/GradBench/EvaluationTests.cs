using AutoVec.Samples.GradBench.Evaluations;

namespace AutoVec.Samples.Tests.GradBench;

/// <summary>
/// Every answer to 1e-8: values against an independent computation (<see cref="References"/>), derivatives against a closed form or
/// differences of that computation.
/// </summary>
public class EvaluationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1001)]
    public void Lse(int n)
    {
        double[] x = Close.Random(n, n, -700, 700);
        Close.Equal(References.Lse(x), Ask.Number("lse", "primal", new { x }));
        double log = References.Lse(x);
        Close.Equal([.. x.Select(v => Math.Exp(v - log))], Ask.Numbers("lse", "gradient", new { x }));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 101)]
    [InlineData(16, 1000)]
    public void Llsq(int m, int n)
    {
        double[] x = Close.Random(m, m);
        Close.Equal(References.Llsq(x, n), Ask.Number("llsq", "primal", new { x, n }));
        Close.Equal(References.LlsqGradient(x, n), Ask.Numbers("llsq", "gradient", new { x, n }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(9)]
    public void Det(int ell)
    {
        double[] a = Close.Random(ell, ell * ell);
        var input = new Dictionary<string, object> { ["A"] = a, ["ell"] = ell };
        Close.Equal(References.Det(a, ell), Ask.Number("det", "primal", input));
        Close.Equal(References.Cofactors(a, ell), Ask.Numbers("det", "gradient", input));
    }

    [Fact]
    public void Det_of_a_singular_matrix()
    {
        double[] a = [1, 2, 2, 4];
        var input = new Dictionary<string, object> { ["A"] = a, ["ell"] = 2 };
        Assert.Equal(0, Ask.Number("det", "primal", input));
        Close.Equal([4, -2, -2, 1], Ask.Numbers("det", "gradient", input));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 3)]
    [InlineData(13, 20)]
    public void Ode(int n, int s)
    {
        double[] x = Close.Random(n, n, 0.5, 1.5);
        Close.Equal(References.Ode(x, s), Ask.Numbers("ode", "primal", new { x, s }));
        Close.Equal(Close.Gradient(y => References.Ode(y, s)[^1], x), Ask.Numbers("ode", "gradient", new { x, s }));
    }

    /// <summary>yᵢ(t) = x₀⋯xᵢ tⁱ⁺¹ / (i + 1)!, of which four components are exact in every step.</summary>
    [Fact]
    public void Ode_in_closed_form()
    {
        double[] x = [0.7, 1.3, 0.9, 1.1];
        double y = 0.7 * 1.3 * 0.9 * 1.1 * 16 / 24;
        Close.Equal(y, Ask.Numbers("ode", "primal", new { x, s = 5 })[^1]);
        Close.Equal([.. x.Select(v => y / v)], Ask.Numbers("ode", "gradient", new { x, s = 5 }));
    }

    [Theory]
    [InlineData(1, 1, 3, 0)]
    [InlineData(2, 3, 5, 2)]
    [InlineData(5, 4, 11, 1)]
    public void Gmm(int d, int k, int n, int m)
    {
        double gamma = 1.3;
        double[] alpha = Close.Random(1, k), mu = Close.Random(2, k * d), q = Close.Random(3, k * d), x = Close.Random(5, n * d, -2, 2);
        int below = d * (d - 1) / 2;
        double[] l = Close.Random(4, k * below);
        double[][] rows(double[] all, int width) => width == 0 ? [.. Enumerable.Range(0, k).Select(_ => Array.Empty<double>())] : Close.Rows(all, width);
        object input = new { d, k, n, x = rows(x, d), m, gamma, alpha, mu = rows(mu, d), q = rows(q, d), l = rows(l, below) };
        double reference(double[] p) => References.Gmm(d, k, n, m, gamma, x, p[..k], p[k..(k + k * d)], p[(k + k * d)..(k + 2 * k * d)], p[(k + 2 * k * d)..]);
        double[] all = [.. alpha, .. mu, .. q, .. l];
        Close.Equal(reference(all), Ask.Number("gmm", "objective", input));

        var jacobian = Ask.For("gmm", "jacobian", input);
        double[] expected = Close.Gradient(reference, all);
        Close.Equal(expected, [.. new[] { "alpha", "mu", "q", "l" }.SelectMany(name => Ask.Flat(jacobian[name]!))]);
        Assert.Equal(k, jacobian["l"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 2, 3)]
    [InlineData(200, 5, 4)]
    public void KMeans(int n, int k, int d)
    {
        double[] points = Close.Random(n, n * d), centroids = [.. points.Take(k * d).Select(v => v + 0.01)];
        object input = new { points = Close.Rows(points, d), centroids = Close.Rows(centroids, d) };
        Close.Equal(References.KMeans(points, centroids, d, out double[] direction), Ask.Number("kmeans", "cost", input));
        Close.Equal(direction, Ask.Numbers("kmeans", "dir", input));
    }

    /// <summary>Every combination of modes walks the way of the slopes written by hand.</summary>
    [Theory]
    [InlineData("ff")]
    [InlineData("fr")]
    [InlineData("rf")]
    [InlineData("rr")]
    public void Saddle(string function)
    {
        double[] found = Ask.Numbers("saddle", function, new { start = new[] { 1.0, 0.5 } });
        (double, double) bottom = References.Descend(1, 0.5);
        double[] expected = [bottom.Item1, bottom.Item2, bottom.Item1, bottom.Item2];
        Assert.All(found.Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-10));
    }

    [Theory]
    [InlineData(0.1, 0.2, -0.3)]
    [InlineData(0, 0, 0)]
    [InlineData(2, -1, 0.5)]
    public void Ba(double r1, double r2, double r3)
    {
        int n = 2, m = 3, p = 7;
        double[] cam = [r1, r2, r3, 0.3, -0.2, -4, 1.7, 0.1, 0.2, 0.05, -0.01], x = [0.4, -0.3, 0.9], feat = [0.25, -0.15];
        double w = 0.8;
        object input = new { n, m, p, cam, x, w, feat };

        double[] errors = References.Ba(cam, x, w, feat);
        var objective = Ask.For("ba", "objective", input);
        Close.Equal(errors[..2], Ask.Flat(objective["reproj_error"]!["elements"]!));
        Close.Equal(errors[2], (double)objective["w_err"]!["element"]!);
        Assert.Equal(p, (int)objective["reproj_error"]!["repeated"]!);
        Assert.Equal(p, (int)objective["w_err"]!["repeated"]!);

        double[][] rows = [.. Enumerable.Range(0, 3).Select(row => Close.Gradient(v => References.Ba(v[..11], v[11..14], v[14], feat)[row], [.. cam, .. x, w]))];
        var matrix = Samples.GradBench.Evaluations.Ba.Jacobian(BaProblem.Of(new(n, m, p, cam, x, w, feat)));
        Assert.Equal(31 * p, matrix.Vals.Length);
        Assert.Equal(3 * p + 1, matrix.Rows.Length);
        var dense = new double[3 * p][];
        for (int i = 0; i < p; i++)
        {
            for (int row = 0; row < 3; row++)
            {
                var full = new double[11 * n + 3 * m + p];
                if (row < 2)
                {
                    for (int c = 0; c < 11; c++) full[11 * (i % n) + c] = rows[row][c];
                    for (int c = 0; c < 3; c++) full[11 * n + 3 * (i % m) + c] = rows[row][11 + c];
                }
                full[11 * n + 3 * m + i] = rows[row][14];
                dense[row < 2 ? 2 * i + row : 2 * p + i] = full;
            }
        }
        for (int row = 0; row < 3 * p; row++)
        {
            var got = new double[11 * n + 3 * m + p];
            for (int e = matrix.Rows[row]; e < matrix.Rows[row + 1]; e++) got[matrix.Cols[e]] += matrix.Vals[e];
            Close.Equal(dense[row], got);
        }

        var jacobian = Ask.For("ba", "jacobian", input);
        Close.Equal([.. matrix.Vals[..30], matrix.Vals[^1]], Ask.Flat(jacobian["vals"]!));
        Close.Equal([.. matrix.Cols[..30].Append(matrix.Cols[^1]).Select(c => (double)c)], Ask.Flat(jacobian["cols"]!));
        Close.Equal([.. matrix.Rows.Append(30 * p + p).Select(r => (double)r)], Ask.Flat(jacobian["rows"]!));
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 6, 3)]
    [InlineData(3, 9, 5)]
    public void Lstm(int layers, int count, int b)
    {
        double[] main = Close.Random(1, 2 * layers * 4 * b), extra = Close.Random(2, 3 * b);
        double[] state = Close.Random(3, 2 * layers * b), sequence = Close.Random(4, count * b);
        object input = new
        {
            main_params = Close.Rows(main, 4 * b), extra_params = Close.Rows(extra, b), state = Close.Rows(state, b), sequence = Close.Rows(sequence, b),
        };
        double reference(double[] p) => References.Lstm(layers, count, b, p[..main.Length], p[main.Length..], state, sequence);
        double[] all = [.. main, .. extra];
        Close.Equal(reference(all), Ask.Number("lstm", "objective", input));
        Close.Equal(Close.Gradient(reference, all), Ask.Numbers("lstm", "jacobian", input));
    }

    /// <summary>To 2e-14, the rounding of the terms that cancel: log Γ at whole and half numbers, from factorials: Γ(n) = (n − 1)!, Γ(n + ½) = (2n)! √π / (4ⁿ n!).</summary>
    [Fact]
    public void Log_gamma()
    {
        double log = 0;
        for (int n = 1; n <= 300; n++)
        {
            double expected = log, actual = Gamma.Log(n);
            Assert.True(Math.Abs(expected - actual) <= 2e-14 * Math.Max(1, Math.Abs(expected)), $"log Γ({n}) = {expected:R}, got {actual:R}");
            log += Math.Log(n);
        }
        double half = 0.5 * Math.Log(Math.PI);
        for (int n = 0; n <= 300; n++)
        {
            double actual = Gamma.Log(n + 0.5);
            Assert.True(Math.Abs(half - actual) <= 2e-14 * Math.Max(1, Math.Abs(half)), $"log Γ({n}.5) = {half:R}, got {actual:R}");
            half += Math.Log(n + 0.5);
        }
        Assert.Equal(Math.Log(Math.PI) / 2 + Gamma.Log(3) + Gamma.Log(2.5), Gamma.LogMultivariate(3, 2), 12);
    }
}
