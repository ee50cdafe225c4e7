using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Extents;

namespace AutoVec.Compiler.Tests.Extents;

public class LengthsTests
{
    /// <summary>The types of the parameters, and the test.</summary>
    private static string Unify(string text)
    {
        var f = Parser.Parse(text);
        var (g, holds) = Lengths.Unify(f);
        Verifier.Check(g, "lengths");
        if (holds is null)
        {
            Assert.Same(f, g);
            return "";
        }
        Assert.Empty(holds.Block.Free().Except(holds.Sizes));
        Assert.Empty(holds.Sizes.Except(g.Sizes));
        return $"{string.Join(", ", g.Params.Select(p => p.Type))} where {string.Join("; ", holds.Block.Stmts.Cast<Compute>().Select(c => $"{c.Op.Name} {string.Join(" ", c.Args)}"))}";
    }

    private static string Gates(string signature, string length, string more = "") => Unify($$"""
        fun F(h: f64[n], {{signature}}) {
          {{length}}
          r = loop (s0: f64 = 0.0) for t<3 {
            k = length e
            g = build j<k {
              {{more}}
              a = W[j]
              yield a
            }
            k2 = length e
            u = build j2<k2 {
              b = V[j2]
              c = g[j2]
              d = b * c
              yield d
            }
            v = u[0]
            s1 = s0 + v
            yield s1
          }
          yield r
        }
        """);

    [Fact]
    public void The_parameters_that_a_length_runs_through_are_as_long() =>
        Assert.Equal("f64[n], f64[m], f64[m] where mul 4 n; eq m e.1", Gates("W: f64[m], V: f64[l]", "e = 4 * n"));

    [Fact]
    public void Twins_are_one() => Assert.Equal("f64[n], f64[m], f64[m] where add n n; eq m e.1", Gates("W: f64[m], V: f64[l]", "e = n + n"));

    [Fact]
    public void A_length_of_what_it_indexes_is_not() => Assert.Equal("f64[n], f64[m], f64[l] where mul 4 m; eq l e.1", Gates("W: f64[m], V: f64[l]", "e = 4 * m"));

    [Fact]
    public void A_length_that_the_arguments_decide_is_none() => Assert.Equal("", Gates("W: f64[m], V: f64[l], i: i32", "e = 4 * i"));

    [Fact]
    public void What_could_throw_is_not_tried() => Assert.Equal("", Gates("W: f64[m], V: f64[l]", "e = idiv n l"));

    [Fact]
    public void Two_tests_are_one()
    {
        var f = Parser.Parse("fun F(x: f64[n], y: f64[m]) {\nyield 0.0\n}");
        var ok = Parser.Parse("fun F(x: f64[n], y: f64[m]) {\na = n + 1\nc = a == m\nyield c\n}");
        var less = Parser.Parse("fun F(x: f64[n], y: f64[m]) {\na = n + 1\nc = a < m\nyield c\n}");
        var both = Assumption.Both(f, new(ok.Body, [], ok.Sizes), new(less.Body, [], less.Sizes))!;
        Verifier.Check(f with { Body = both.Block }, "both");
        Assert.Equal(["n", "m"], both.Sizes.Select(s => s.Name));
        Assert.Equal(5, both.Block.Stmts.Count);
    }
}
