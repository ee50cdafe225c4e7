using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.OneHot;
using Pass = AutoVec.Compiler.Transforms.OneHot.OneHot;

namespace AutoVec.Compiler.Tests.OneHot;

public class OneHotTests
{
    private static string Sum(string test, string more = "") => $$"""
        fun F(x: f64[B, d], w: i32[B], t: f64[n], on: bool[B]) {
          g = build i<n, j<d {
            r = reduce + b<B {
              k = w[b]
              o = on[b]
              e = if o {
                {{test}}
                s = if c {
                  v = x[b, j]
                  {{more}}
                  y = v * v
                  yield y
                } else {
                  yield 0.0
                }
                yield s
              } else {
                yield 0.0
              }
              yield e
            }
            yield r
          }
          yield g
        }
        """;

    /// <summary>The rows that the samples choose are in range, or not: there nothing is added.</summary>
    private static void AddsToRows(string text)
    {
        var f = Verifier.Check(Parser.Parse(text), "test");
        var g = Verifier.Check(Pass.Run(f), "one hot");
        Assert.Contains(g.Body.Walk(), s => s is Accumulate);
        Assert.DoesNotContain(g.Body.Walk(), s => s is Compute { Op.Name: "eq" });
        foreach (int[] sizes in (int[][])[[0], [1], [3], [5, 2, 4], [300, 3, 1], [1000, 2, 5], [700, 1, 2]]) PassText.SameMeaning(f, g, sizes, tolerance: 1e-12);
    }

    private static void Stays(string text)
    {
        var f = Verifier.Check(Parser.Parse(text), "test");
        Assert.Same(f, Pass.Run(f));
    }

    [Fact]
    public void A_row_that_each_sample_chooses() => AddsToRows(Sum("c = i == k"));

    [Fact]
    public void The_other_way_round() => AddsToRows(Sum("c = k == i"));

    [Fact]
    public void A_test_among_others() => AddsToRows(Sum("h = x[b, j]\n q = h > 0.0\n u = i == k\n c = u & q"));

    [Fact]
    public void What_is_read_at_the_row() => AddsToRows(Sum("c = i == k", "z = t[i]\n v.2 = v * z\n v.3 = v.2 + v"));

    [Fact]
    public void A_column() => AddsToRows(Sum("c = j == k").Replace("x[b, j]", "x[b, 0]", StringComparison.Ordinal));

    [Fact]
    public void Numbers() => AddsToRows("""
        fun F(x: f64[B], w: i32[B]) {
          g = build i<n2 {
            r = reduce + b<B {
              k = w[b]
              c = i == k
              s = if c { v = x[b] yield v } else { yield 0.0 }
              yield s
            }
            yield r
          }
          yield g
        }
        """.Replace("w: i32[B])", "w: i32[B], t: f64[n2])", StringComparison.Ordinal));

    /// <summary>A factor that is nothing in all rows but one, as the adjoint of the least of a row has.</summary>
    private static string Masked(string term, string otherwise = "nothing") => $$"""
        fun F(x: f64[B, d], w: i32[B], c: f64[n, d], y: f64[B]) {
          mask = build a<B, k<n {
            winner = w[a]
            won = k == winner
            u = y[a]
            bar = select won u {{otherwise}}
            yield bar
          }
          g = build i<n, j<d {
            r = reduce + b<B {
              m = mask[b, i]
              v = x[b, j]
              z = c[i, j]
              {{term}}
              yield e
            }
            yield r
          }
          yield g
        }
        """;

    [Theory]
    [InlineData("t = z - v\n q = m * t\n e = q + q")]
    [InlineData("q = v * m\n h = z * m\n s = q - h\n e = neg s")]
    [InlineData("h = v * v\n o = h + 1.0\n e = m / o")]
    public void A_factor_that_is_nothing_in_all_rows_but_one(string term) => AddsToRows(Masked(term));

    [Theory]
    [InlineData("e = m + v")]
    [InlineData("o = m + 1.0\n e = v / o")]
    [InlineData("e = exp m")]
    [InlineData("c.1 = v > z\n e = select c.1 m z")]
    public void A_term_that_is_not_0_where_the_factor_is_stays(string term) => Stays(Masked(term));

    [Fact]
    public void A_factor_that_is_1_elsewhere_stays() => Stays(Masked("e = m * v", "1.0"));

    /// <summary>It is NaN times an infinity, as in plain C#.</summary>
    [Fact]
    public void A_factor_that_is_a_0_of_the_program_s_own_stays() => Stays(Masked("e = m * v", "0.0"));

    [Fact]
    public void A_factor_whose_term_could_throw_stays() => Stays(Masked("q = b + 1\n l = x[q, j]\n e = m * l"));

    [Fact]
    public void Another_use_of_the_index_stays() => Stays(Sum("z = t[i]\n h = z > 0.0\n u = i == k\n c = u & h"));

    /// <summary>The sum of a sample that has no row would throw.</summary>
    [Fact]
    public void What_could_throw_stays() => Stays(Sum("q = b + 1\n h = x[q, j]\n l = h > 0.0\n u = i == k\n c = u & l"));

    [Fact]
    public void A_test_of_two_indices_stays() => Stays(Sum("c = i == j"));

    [Fact]
    public void Something_else_beside_stays() => Stays(Sum("c = i == k").Replace("yield 0.0", "yield 1.0", StringComparison.Ordinal));

    [Fact]
    public void A_branch_of_arrays_is_an_array_of_branches() => PassText.Gives(Branches.Run, """
        fun F(x: f64[B, n], on: bool[B]) {
          y = build b<B {
            o = on[b]
            a = if o {
              e = build i<n {
                v = x[b, i]
                yield v
              }
              yield e
            } else {
              z = build k<n {
                yield 0.0
              }
              yield z
            }
            yield a
          }
          yield y
        }
        """, """
        fun F(x: f64[B, n], on: bool[B]) {
          y = build b<B {
            o = on[b]
            a = build i<n {
              a.1 = if o {
                v = x[b, i]
                yield v
              } else {
                yield 0.0
              }
              yield a.1
            }
            yield a
          }
          yield y
        }
        """);
}
