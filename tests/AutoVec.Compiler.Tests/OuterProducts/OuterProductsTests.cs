using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.OuterProducts.OuterProducts;

namespace AutoVec.Compiler.Tests.OuterProducts;

/// <summary>Norms of outer products are products of norms, where that is the same up to rounding; clipped ones are products of matrices.</summary>
public class OuterProductsTests
{
    private const string Clipping = """
        fun F(x: f64[B, d], y: f64[B, h], limit: f64) {
          g = build b<B, i<d, j<h { u = x[b, i]
            v = y[b, j]
            p = u * v
            yield p }
          n = build b1<B { s = reduce + i1<d, j1<h { q = g[b1, i1, j1]
              qq = q * q
              yield qq }
            yield s }
          c = build b2<B { m = n[b2]
            r = sqrt m
            t = limit / r
            w = min t 1.0
            yield w }
          sum = build i3<d, j3<h { total = reduce + b3<B { e = g[b3, i3, j3]
              k = c[b3]
              z = e * k
              yield z }
            yield total }
          yield n, sum
        }
        """;

    [Fact]
    public void A_clipped_gradient_is_never_stored()
    {
        var f = Verifier.Check(Parser.Parse(Clipping), "test");
        var g = Verifier.Check(Pass.Run(f), "outer products");
        Assert.DoesNotContain(g.Body.Walk().SelectMany(s => s.Outs), o => o.Type.Rank == 3);
        var plan = AutoVec.Compiler.Transforms.Stage.Planner.Plan(g);
        Assert.Single(plan.Stages.OfType<AutoVec.Compiler.Transforms.Stage.ContractionStage>());
        Assert.Contains(g.Notes, n => n.Contains("the squared norm of an outer product is one of sums, over d and over h", StringComparison.Ordinal));
        for (int n = 1; n < 6; n++) PassText.SameMeaning(f, g, [n, 3, n + 2], tolerance: 1e-12, seed: n);
    }

    [Theory]
    [InlineData(0.0, 0.0), InlineData(double.NaN, 1.0), InlineData(double.PositiveInfinity, 0.0), InlineData(double.PositiveInfinity, 2.0)]
    [InlineData(1e200, 1e-200), InlineData(1e-200, 1e200), InlineData(1e-160, 1e-160), InlineData(1e180, 1e180), InlineData(1e-170, 1e10), InlineData(3.0, 0.0)]
    public void What_is_no_number_or_leaves_the_range_on_the_way_is_what_it_was(double x, double y)
    {
        var f = Parser.Parse(Clipping);
        var g = Pass.Run(f);
        foreach (var (d, h) in new[] { (2, 3), (1, 1), (0, 2), (2, 0) })
        {
            Value[] arguments = [Value.Of(Scalar.F64, [1, d], Enumerable.Range(0, d).Select(k => k == 0 ? x : 0.5)), Value.Of(Scalar.F64, [1, h], Enumerable.Range(0, h).Select(k => k == 0 ? y : 0.25)), Value.Of(1.0)];
            double expected = Interpreter.Run(f, arguments)[0].ToDoubles()[0], actual = Interpreter.Run(g, arguments)[0].ToDoubles()[0];
            Assert.True(expected.Equals(actual) || Math.Abs(expected - actual) <= 1e-13 * expected, $"{d}×{h}: {actual:R}, not {expected:R}");
        }
    }

    [Theory]
    [InlineData("q = g[b1, i1, j1]\n yield q", "a sum without squares may cancel")]
    [InlineData("q = g[b1, i1, j1]\n qq = q * q\n k = y[b1, j1]\n t = qq * k\n yield t", "a weight that is not squared")]
    [InlineData("q = g[b1, i1, j1]\n k = z[i1, j1]\n t = q * k\n tt = t * t\n yield tt", "a factor that knows both")]
    public void Other_sums_stay(string body, string why)
    {
        var f = Verifier.Check(Parser.Parse($$"""
            fun F(x: f64[B, d], y: f64[B, h], z: f64[d, h]) {
              g = build b<B, i<d, j<h { u = x[b, i]
                v = y[b, j]
                p = u * v
                yield p }
              n = build b1<B { s = reduce + i1<d, j1<h { {{body}} }
                yield s }
              yield n
            }
            """), why);
        Assert.Equal(f, Pass.Run(f));
    }

    [Fact]
    public void Per_sample_gradients_that_are_wanted_are_stored()
    {
        var f = Parser.Parse(Clipping.Replace("yield n, sum", "yield n, g", StringComparison.Ordinal));
        Assert.Contains(Pass.Run(f).Body.Walk().SelectMany(s => s.Outs), o => o.Type.Rank == 3);
    }
}
