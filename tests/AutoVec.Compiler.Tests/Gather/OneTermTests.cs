using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Gather;

namespace AutoVec.Compiler.Tests.Gather;

public class OneTermTests
{
    private static string Sum(string body) => $$"""
        fun F(x: f64[n], w: i32[m], y: f64) {
          g = build j<m {
            k = w[j]
            r = reduce + i<n {
              {{body}}
              yield e
            }
            yield r
          }
          yield g
        }
        """;

    private static void IsOneTerm(string text)
    {
        var f = Verifier.Check(Parser.Parse(text), "test");
        var g = Verifier.Check(OneTerm.Run(f), "one term");
        Assert.DoesNotContain(g.Body.Walk(), s => s is Reduce);
        foreach (int[] sizes in (int[][])[[0, 3], [1, 4], [3, 5], [7, 0]])
            for (int seed = 1; seed < 5; seed++) PassText.SameMeaning(f, g, sizes, seed: seed);
    }

    private static void Stays(string text)
    {
        var f = Verifier.Check(Parser.Parse(text), "test");
        Assert.Same(f, OneTerm.Run(f));
    }

    [Fact]
    public void A_sum_with_one_term_is_that_term() => PassText.Gives(OneTerm.Run, """
        fun F(x: f64[n], k: i32) {
          r = reduce + i<n {
            c = i == k
            v = x[i]
            e = select c v 0.0
            yield e
          }
          yield r
        }
        """, """
        fun F(x: f64[n], k: i32) {
          c.1 = k >= 0
          c.2 = k < n
          c.3 = c.1 & c.2
          r = if c.3 {
            c = k == k
            v = x[k]
            e = select c v 0.0
            r.1 = 0.0 + e
            yield r.1
          } else {
            yield 0.0
          }
          yield r
        }
        """);

    [Theory]
    [InlineData("v = x[i]\n c = k == i\n e = select c v 0.0")]
    [InlineData("v = x[i]\n c = i == 2\n e = select c v 0.0")]
    [InlineData("c = i == k\n e = if c { v = x[i] z = v * y yield z } else { yield 0.0 }")]
    [InlineData("v = x[i]\n p = v > 0.0\n q = i == k\n c = p & q\n z = f64 i\n u = z * v\n e = select c u 0.0")]
    public void The_term_may_be_anywhere(string body) => IsOneTerm(Sum(body));

    [Theory]
    [InlineData("v = x[i]\n c = i == k\n e = select c v y")]
    [InlineData("v = x[i]\n l = i * i\n c = i == l\n e = select c v 0.0")]
    [InlineData("v = x[i]\n c = i < k\n e = select c v 0.0")]
    [InlineData("v = x[i]\n p = v > 0.0\n q = i == k\n c = p | q\n e = select c v 0.0")]
    public void Other_terms_stay(string body) => Stays(Sum(body));

    /// <summary>Terms that are 0 may throw all the same.</summary>
    [Fact]
    public void What_could_throw_stays() => Stays(Sum("h = i + 1\n v = x[h]\n c = i == k\n e = select c v 0.0"));
}
