using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Invariants;
using Pass = AutoVec.Compiler.Transforms.Invariants.Invariants;

namespace AutoVec.Compiler.Tests.Invariants;

public class InvariantsTests
{
    private static FunctionIr Gives(string before, string after)
    {
        var g = PassText.Gives(Pass.Run, before, after);
        foreach (int n in new[] { 0, 1, 3 }) PassText.SameMeaning(Parser.Parse(before), g, [n, n + 1, n + 2]);
        return g;
    }

    private static void Stays(string text)
    {
        var f = Verifier.Check(Parser.Parse(text), "test");
        Assert.Same(f, Pass.Run(f));
    }

    private static string Rows(string e, string signature = "") => $$"""
        fun F(x: f64[B, d], s: f64[n, d]{{signature}}) {
          r = build b<B, k<n {
            q = reduce + j<d {
              v = x[b, j]
              {{e}}
              p = v * t
              yield p
            }
            yield q
          }
          yield r
        }
        """;

    [Fact]
    public void A_function_of_shared_elements() => Gives(Rows("w = s[k, j]\n u = neg w\n t = exp u"), """
        fun F(x: f64[B, d], s: f64[n, d]) {
          t.1 = build k.1<n, j.1<d {
            w.1 = s[k.1, j.1]
            u.1 = neg w.1
            t.2 = exp u.1
            yield t.2
          }
          r = build b<B, k<n {
            q = reduce + j<d {
              v = x[b, j]
              t = t.1[k, j]
              p = v * t
              yield p
            }
            yield q
          }
          yield r
        }
        """);

    [Fact]
    public void A_sum_of_shared_elements() => Gives("""
        fun F(x: f64[B], s: f64[n, d]) {
          r = build b<B, k<n {
            q = reduce + j<d {
              v = s[k, j]
              yield v
            }
            y = x[b]
            p = y * q
            yield p
          }
          yield r
        }
        """, """
        fun F(x: f64[B], s: f64[n, d]) {
          q.1 = build k.1<n {
            q.2 = reduce + j.1<d {
              v.1 = s[k.1, j.1]
              yield v.1
            }
            yield q.2
          }
          r = build b<B, k<n {
            q = q.1[k]
            y = x[b]
            p = y * q
            yield p
          }
          yield r
        }
        """);

    [Fact]
    public void A_sum_that_could_throw_stays() => Stays("""
        fun F(x: f64[B], s: f64[n, d]) {
          r = build b<B, k<n {
            q = reduce + j<d {
              i = j + 1
              v = s[k, i]
              yield v
            }
            y = x[b]
            p = y * q
            yield p
          }
          yield r
        }
        """);

    [Fact]
    public void Cheap_ones_stay() => Stays(Rows("w = s[k, j]\n t = w * w"));

    [Fact]
    public void What_differs_along_all_stays() => Stays(Rows("w = s[k, j]\n u = v - w\n t = exp u"));

    [Fact]
    public void What_could_throw_stays() => Stays(Rows("i = j + 1\n w = s[k, i]\n t = exp w"));

    [Fact]
    public void What_a_branch_guards_stays() => Stays(Rows("c = v > 0.0\n t = if c {\n w = s[k, j]\n a = exp w\n yield a\n } else {\n yield 0.0\n }"));

    [Fact]
    public void Before_the_loops_that_it_does_not_depend_on()
    {
        var g = Pass.Run(Parser.Parse("""
            fun F(x: f64[B, d], s: f64[d]) {
              z = loop (y: f64[B, d] = x) for host t<3 {
                y2 = build b<B, j<d {
                  v = y[b, j]
                  w = s[j]
                  e = exp w
                  p = v * e
                  yield p
                }
                yield y2
              }
              yield z
            }
            """));
        Assert.IsType<Build>(g.Body.Stmts[0]);
        Assert.DoesNotContain(g.Body.Stmts.OfType<For>().Single().Walk(), s => s is Compute { Op.Name: "exp" });
    }

    // ---- layout

    private static string Distances(string read = "c[k, j]") => $$"""
        fun F(x: f64[B, d], c: f64[n, d]) {
          r = build b<B, k<n {
            q = reduce + j<d {
              v = x[b, j]
              w = {{read}}
              u = v - w
              p = u * u
              yield p
            }
            yield q
          }
          yield r
        }
        """;

    [Fact]
    public void Rows_of_short_sums_over_a_transposed_copy()
    {
        var f = Parser.Parse(Distances());
        var g = Verifier.Check(Layout.Run(f), "layout");
        foreach (int[] sizes in (int[][])[[0], [1], [3], [2, 3, 4], [2, 97, 4], [2, 96, 5]]) PassText.SameMeaning(f, g, sizes);
        var row = Assert.IsType<If>(g.Body.Stmts.OfType<Build>().Last().Body.Stmts[0]);
        Assert.NotEqual(row.Then.Walk().OfType<Read>().Last().Array, row.Else.Walk().OfType<Read>().Last().Array);
    }

    [Fact]
    public void Products_are_contractions()
    {
        var f = Parser.Parse(Distances().Replace("u = v - w\n      p = u * u", "p = v * w", StringComparison.Ordinal));
        Assert.Same(f, Layout.Run(f));
    }

    [Fact]
    public void What_has_neighbours_stays()
    {
        var f = Parser.Parse(Distances("c[j, k]").Replace("c: f64[n, d]", "c: f64[d, n]", StringComparison.Ordinal));
        Assert.Same(f, Layout.Run(f));
    }
}
