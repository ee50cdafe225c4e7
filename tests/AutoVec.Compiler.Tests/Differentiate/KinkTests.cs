using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>Where a derivative is a matter of definition, and where a careless one is NaN.</summary>
public class KinkTests
{
    /// <summary>The gradients, which must be the same on every road.</summary>
    private static double[][] Gradients(string text, params object[] args)
    {
        var f = Parser.Parse(text);
        var values = args.Select(Value.From).ToArray();
        var wrt = Derivatives.Floats(f);
        var all = Derivatives.Roads(f).Select(r => Interpreter.Run(r.Gradient, values)[^wrt.Count..].Select(v => v.ToDoubles()).ToArray()).ToList();
        foreach (var other in all.Skip(1))
            for (int k = 0; k < wrt.Count; k++) Assert.Equal(all[0][k], other[k]);
        return all[0];
    }

    /// <summary>What both sides pass on has an adjoint whichever is taken: its history is not copied into the sides.</summary>
    [Fact]
    public void What_both_sides_pass_on_is_differentiated_once()
    {
        const string f = """
            fun F(x: f64) {
              l = log x
              q = exp l
              c = l > 0.0
              y = if c { m = 1.0 - q
                yield m } else { yield q }
              yield y
            }
            """;
        Assert.Equal([[1.0]], Gradients(f, 0.5));
        Assert.Equal([[-1.0]], Gradients(f, 2.0));
        var parsed = Parser.Parse(f);
        var g = Transforms.Simplify.Simplify.Run(Transforms.Differentiate.Differentiate.Run(Transforms.Simplify.Simplify.Run(parsed), parsed.Params, Transforms.Differentiate.Seed.One, keepValue: true));
        Assert.Single(g.Body.Walk(), s => s is Compute { Op.Name: "div" });
    }

    /// <summary>Slopes that are computed beside a value count only where the value does.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void A_loop_that_ran_away_and_was_not_asked_contributes_nothing(int n)
    {
        const string f = """
            fun F(x: f64, n: i32) {
              s, k = loop (s0: f64 = x, k0: i32 = 0) while { c = k0 < n
                yield c } { s1 = s0 * s0
                k1 = k0 + 1
                yield s1, k1 }
              c2 = s < 1000.0
              y = if c2 { yield s } else { z = x * 3.0
                yield z }
              yield y
            }
            """;
        Assert.Equal([[n == 2 ? 32.0 : 3.0]], Gradients(f, 2.0, n));
    }

    [Fact]
    public void A_polynomial_that_ran_away_and_was_not_asked_contributes_nothing() => Assert.Equal([[3.0]], Gradients("""
        fun F(x: f64) {
          a = x * x
          b = a * x
          d = b * x
          e = d * d
          y = min e 1.0
          z = x * 3.0
          w = y + z
          yield w
        }
        """, 1e60));

    /// <summary>A side that uses a value, but not smoothly, contributes nothing.</summary>
    [Fact]
    public void A_side_that_only_rounds_contributes_nothing()
    {
        const string f = """
            fun F(x: f64) {
              l = log x
              c = x > 0.0
              y = if c { yield l } else { m = floor l
                yield m }
              yield y
            }
            """;
        Assert.Equal([[0.0]], Gradients(f, 0.0));
        Assert.Equal([[0.5]], Gradients(f, 2.0));
    }

    [Fact]
    public void The_branch_not_taken_contributes_nothing()
    {
        const string f = """
            fun F(x: f64, y: f64) {
              c = x > 0.0
              s = if c { l = log x
                p = l * y
                yield p } else { yield 0.0 }
              d = y > 0.0
              t = if d { q = sqrt y
                yield q } else { yield 0.0 }
              r = s + t
              yield r
            }
            """;
        Assert.Equal([[0.0], [0.0]], Gradients(f, 0.0, 0.0));
        Assert.Equal([[0.0], [0.0]], Gradients(f, -1.0, -1.0));
    }

    [Fact]
    public void Nor_does_it_inside_a_build_or_a_loop()
    {
        Assert.Equal([[0.0, 0.5, 0.0]], Gradients("""
            fun F(x: f64[n]) {
              y = build i<n { a = x[i]
                c = a > 0.0
                s = if c { l = log a
                  yield l } else { yield 0.0 }
                yield s }
              s2 = reduce + j<n { b = y[j]
                yield b }
              yield s2
            }
            """, new[] { 0.0, 2.0, -1.0 }));
        Assert.Equal([[0.0, 0.5, 0.0]], Gradients("""
            fun F(x: f64[n]) {
              s = loop (s0: f64 = 0.0) for i<n { a = x[i]
                c = a > 0.0
                s1 = if c { l = log a
                  m = s0 + l
                  yield m } else { yield s0 }
                yield s1 }
              yield s
            }
            """, new[] { 0.0, 2.0, -1.0 }));
    }

    /// <summary>However the logarithm is shared: x = 0 does not reach it.</summary>
    [Theory]
    [InlineData("c = x > 0.0\n l = log x\n y = select c l 0.0")]
    [InlineData("l = log x\n c = l > 0.0\n y = if c { yield l } else { yield 0.0 }")]
    [InlineData("l = log x\n c = l > 0.0\n y = if c { m = log x\n n = m * m\n yield n } else { yield 0.0 }")]
    [InlineData("l = sqrt x\n m = 2.0 * l\n c = x > 1.0\n y = if c { d = x > 2.0\n z = if d { p = m + x\n yield p } else { yield m }\n yield z } else { yield 0.0 }")]
    [InlineData("e = exp 1e6\n f = e * x\n g = exp f\n h = 1e9 / x\n c = x > 1.0\n y = select c h 0.0")]
    public void Nor_does_what_only_it_uses(string code) =>
        Assert.Equal([[0.0]], Gradients($"fun F(x: f64) {{ {code}\n yield y }}", 0.0));

    [Fact]
    public void Losers_of_a_maximum_contribute_nothing_whatever_their_derivative() =>
        Assert.Equal([[0.0, 0.25, 0.0]], Gradients("""
            fun F(x: f64[n]) {
              m = reduce max i<n { a = x[i]
                l = log a
                yield l }
              yield m
            }
            """, new[] { 0.0, 4.0, 0.0 }));

    [Theory]
    [InlineData("max", new[] { 1.0, 3, 3, 2 }, new[] { 0.0, 1, 0, 0 })]
    [InlineData("min", new[] { 4.0, 3, 3, 5 }, new[] { 0.0, 1, 0, 0 })]
    [InlineData("max", new double[0], new double[0])]
    public void The_winner_is_the_first(string kind, double[] x, double[] expected) => Assert.Equal([expected], Gradients($$"""
        fun F(x: f64[n]) {
          m = reduce {{kind}} i<n { a = x[i]
            yield a }
          yield m
        }
        """, x));

    [Fact]
    public void State_that_influences_nothing_has_no_adjoint_not_even_zero() =>
        // q overflows; 0 · ∞ in its adjoint would spoil x's.
        Assert.Equal([[4.0]], Gradients("""
            fun F(x: f64) {
              s, q = loop (s0: f64 = 0.0, q0: f64 = x) for i<4 {
                q1 = q0 * q0
                q2 = q1 * 1e200
                s1 = s0 + x
                yield s1, q2
              }
              c = q > 0.0
              r = if c { yield s } else { z = s * 2.0
                yield z }
              yield r
            }
            """, 3.0));

    [Fact]
    public void No_trips_and_no_elements_leave_zeros()
    {
        Assert.Equal([[0.0], []], Gradients("""
            fun F(x: f64, y: f64[n]) {
              s = reduce + i<n { a = y[i]
                l = log x
                b = a * l
                yield b }
              t = loop (t0: f64 = s) for j<n { q = sqrt x
                t1 = t0 + q
                yield t1 }
              yield t
            }
            """, 0.0, Array.Empty<double>()));
    }

    [Fact]
    public void A_loop_without_trips_does_not_touch_an_index_out_of_bounds() =>
        Assert.Equal([[5.0], [0.0, 0.0]], Gradients("""
            fun F(x: f64, y: f64[n], k: i32) {
              z = build i<5 {
                s = loop (s0: f64 = x) for j<0 { a = y[k]
                  b = s0 * a
                  yield b }
                yield s }
              r = reduce + l<5 { c = z[l]
                yield c }
              yield r
            }
            """, 2.0, new[] { 1.0, 1.0 }, 99));
}
