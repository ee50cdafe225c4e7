using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Recall.Recall;

namespace AutoVec.Compiler.Tests.Recall;

public class RecallTests
{
    private const string Rows = """
          r = build b<B, k<n {
            s = reduce + j<d {
              a = x[b, j]
              e = c[k, j]
              t = a - e
              p = t * t
              yield p
            }
            yield s
          }
          m = build b1<B { m1 = reduce min k1<n { v1 = r[b1, k1] yield v1 } yield m1 }
          w = build b2<B { w1 = reduce argmin k2<n { v2 = r[b2, k2] yield v2 } yield w1 }
        """;

    private static string Of(string condition, string row = "w2", string product = "t2 * t2") => $$"""
        fun F(x: f64[B, d], c: f64[n, d], z: f64[n]) {
        {{Rows}}
          y = build b3<B {
            m2 = m[b3]
            w2 = w[b3]
            won = {{condition}}
            least = if won {
              s2 = reduce + j2<d {
                a2 = x[b3, j2]
                e2 = c[{{row}}, j2]
                t2 = a2 - e2
                p2 = {{product}}
                yield p2
              }
              yield s2
            } else {
              yield inf
            }
            yield least
          }
          yield y
        }
        """;

    private static bool Recalls(string text)
    {
        var f = Verifier.Check(Parser.Parse(text), "test");
        var g = Verifier.Check(Pass.Run(f), "pass");
        foreach (int n in new[] { 0, 1, 2, 5 }) PassText.SameMeaning(f, g, [3, 2, n]);
        foreach (int d in new[] { 0, 1 }) PassText.SameMeaning(f, g, [3, d, 4]);
        return g.Body.Walk().OfType<Reduce>().Count() < f.Body.Walk().OfType<Reduce>().Count();
    }

    [Fact]
    public void The_winners_own_value_is_an_element() => Assert.True(Recalls(Of("m2 < inf")));

    [Fact]
    public void Not_where_nothing_says_that_there_is_a_winner() => Assert.False(Recalls(Of("m2 <= inf")));

    [Fact]
    public void Not_another_sum() => Assert.False(Recalls(Of("m2 < inf", product: "t2 * a2")));

    [Fact]
    public void Not_a_row_that_is_no_winner() => Assert.False(Recalls(Of("m2 < inf", row: "0")));
}
