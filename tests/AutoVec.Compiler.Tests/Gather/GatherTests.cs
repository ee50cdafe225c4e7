using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Gather.Gather;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Gather;

public class GatherTests
{
    private static FunctionIr Gives(string before, string after, params int[] sizes)
    {
        var g = PassText.Gives(f => Tidy.Run(Pass.Run(f)), before, after);
        if (sizes.Length > 0) PassText.SameMeaning(Parser.Parse(before), g, sizes, 1e-12);
        else foreach (int n in new[] { 0, 1, 4 }) PassText.SameMeaning(Parser.Parse(before), g, [n], 1e-12);
        return g;
    }

    [Fact]
    public void A_permutation_is_a_build()
    {
        var g = Gives("""
            fun F(b: f64[h], x: f64[d]) {
              W = scatter [d, h] j<h, i<d { g = b[j]
                a = x[i]
                e = g * a
                yield i, j, e }
              yield W
            }
            """, """
            fun F(b: f64[h], x: f64[d]) {
              W = build a.1<d, a.2<h {
                g.1 = b[a.2]
                a.3 = x[a.1]
                e.1 = g.1 * a.3
                yield e.1
              }
              yield W
            }
            """);
        Assert.Equal(["W: gather at [i, j], no sum"], g.Notes);
    }

    [Fact]
    public void A_variable_that_no_index_mentions_is_summed() => Gives("""
        fun F(b: f64[h], W: f64[d, h]) {
          x = scatter [d] j<h, i<d { g = b[j]
            w = W[i, j]
            e = g * w
            yield i, e }
          yield x
        }
        """, """
        fun F(b: f64[h], W: f64[d, h]) {
          x = build a.1<d {
            r.1 = reduce + j.1<h {
              g.1 = b[j.1]
              w.1 = W[a.1, j.1]
              e.1 = g.1 * w.1
              yield e.1
            }
            yield r.1
          }
          yield x
        }
        """);

    [Fact]
    public void A_convolution_keeps_its_guard_inside_the_sum() => Gives("""
        fun F(y: f64[m], w: f64[k], z: f64[n]) {
          x = scatter [n] i<m, j<k { at = i + j
            p = y[i]
            q = w[j]
            e = p * q
            yield at, e }
          yield x
        }
        """, """
        fun F(y: f64[m], w: f64[k], z: f64[n]) {
          x = build a.1<n {
            r.1 = reduce + j.1<k {
              at.1 = a.1 - j.1
              c.1 = at.1 >= 0
              c.2 = at.1 < m
              c.3 = c.1 & c.2
              g.1 = if c.3 {
                p.1 = y[at.1]
                q.1 = w[j.1]
                e.1 = p.1 * q.1
                yield e.1
              } else {
                yield 0.0
              }
              yield g.1
            }
            yield r.1
          }
          yield x
        }
        """, 3, 2, 4);

    [Fact]
    public void An_offset_is_a_guarded_shift_and_the_guard_stands_outside_the_sum() => Gives("""
        fun F(y: f64[m, k], z: f64[n]) {
          x = scatter [n] i<m, j<k { at = i + 2
            e = y[i, j]
            yield at, e }
          yield x
        }
        """, """
        fun F(y: f64[m, k], z: f64[n]) {
          x = build a.1<n {
            at.1 = a.1 - 2
            c.1 = at.1 >= 0
            c.2 = at.1 < m
            c.3 = c.1 & c.2
            g.1 = if c.3 {
              r.1 = reduce + j.1<k {
                e.1 = y[at.1, j.1]
                yield e.1
              }
              yield r.1
            } else {
              yield 0.0
            }
            yield g.1
          }
          yield x
        }
        """, 3, 2, 5);

    [Fact]
    public void A_reversal_of_the_whole_dimension_needs_no_guard() => Gives("""
        fun F(y: f64[n]) {
          x = scatter [n] i<n { l = n - 1
            at = l - i
            e = y[i]
            yield at, e }
          yield x
        }
        """, """
        fun F(y: f64[n]) {
          at.1 = n - 1
          x = build a.1<n {
            at.2 = at.1 - a.1
            e.1 = y[at.2]
            yield e.1
          }
          yield x
        }
        """);

    /// <summary>Body of a scatter into [n] or [n, m] over i&lt;p, j&lt;q, with v a value at (i, j): solved, and the same numbers.</summary>
    [Theory]
    [InlineData("[n]", "t = 2 * i\n yield t, v")]
    [InlineData("[n]", "t = 2 * i\n u = t + j\n yield u, v")]
    [InlineData("[n]", "t = 3 * i\n u = 4 - t\n yield u, v")]
    [InlineData("[n]", "t = 2 * i\n u = 3 * j\n w = t + u\n yield w, v")]
    [InlineData("[n]", "t = i - j\n yield t, v")]
    [InlineData("[n]", "yield 1, v")]
    [InlineData("[n]", "yield k, v")]
    [InlineData("[n]", "t = i + k\n yield t, v")]
    [InlineData("[n, m]", "yield j, i, v")]
    [InlineData("[n, m]", "t = i + j\n yield t, j, v")]
    [InlineData("[n, m]", "t = i + j\n yield i, t, v")]
    [InlineData("[n, m]", "t = j + 1\n yield i, i, v")]
    [InlineData("[n, m]", "t = i + 1\n u = i - 1\n yield t, u, v")]
    [InlineData("[n, m]", "yield 0, i, v")]
    [InlineData("[n, m]", "t = 2 * j\n u = i + t\n yield u, t, v")]
    public void Affine_indices_are_solved(string extents, string body)
    {
        // What falls outside the array has value 0, as the IR demands: v is masked by the indices in range.
        var names = body[(body.LastIndexOf("yield", StringComparison.Ordinal) + 5)..].Split(',', StringSplitOptions.TrimEntries)[..^1];
        string code = body[..body.LastIndexOf("yield", StringComparison.Ordinal)];
        string masks = string.Join("\n", names.Select((t, d) => $"z{d} = 0 + {t}\n g{d} = z{d} >= 0\n l{d} = z{d} < {"nm"[d]}\n m{d} = g{d} & l{d}"));
        string mask = names.Length == 1 ? "all = m0 & m0" : "all = m0 & m1";
        var f = Parser.Parse($$"""
            fun F(x: f64[p, q], a: f64[n, m], k: i32) {
              s = scatter {{extents}} i<p, j<q {
                {{code}}
                {{masks}}
                {{mask}}
                e = if all { y = x[i, j]
                  yield y } else { yield 0.0 }
                yield {{string.Join(", ", names)}}, e
              }
              yield s
            }
            """);
        var g = Verifier.Check(Pass.Run(f), "gather");
        Assert.DoesNotContain(g.Body.Walk(), s => s is Scatter);
        var tidy = Verifier.Check(Tidy.Run(g, motion: true), "simplify");
        foreach (int[] sizes in new int[][] { [4, 3, 5, 2], [3, 5, 9, 7], [1, 1, 1, 1], [0, 2, 3, 1], [2, 6, 2, 9] })
        {
            PassText.SameMeaning(f, g, sizes, 1e-12);
            PassText.SameMeaning(f, tidy, sizes, 1e-12);
        }
    }

    [Theory]
    [InlineData("t = ids[i]\n yield t, i, v", "W: stays a scatter, summed in a fixed order: its index 't' depends on data")]
    [InlineData("t = i + j\n u = i - j\n yield t, u, v", "W: stays a scatter, summed in a fixed order: its indices share variables")]
    [InlineData("t = i * j\n yield t, i, v", "W: stays a scatter, summed in a fixed order: its index 't' depends on data")]
    public void What_cannot_be_solved_stays_and_says_why(string body, string note)
    {
        var g = Pass.Run(Parser.Parse($$"""
            fun F(x: f64[n, m], ids: i32[n]) {
              W = scatter [n, m] i<n, j<m { v = x[i, j]
                {{body}} }
              yield W
            }
            """));
        Assert.IsType<Scatter>(g.Body.Stmts[0]);
        Assert.Equal([note], g.Notes);
    }

    [Fact]
    public void Scatters_inside_loops_are_solved_too() => Gives("""
        fun F(x: f64[n]) {
          s = loop (s0: f64[n] = x) for t<3 {
            d = scatter [n] i<n { a = s0[i]
              e = a * a
              yield i, e }
            yield d
          }
          yield s
        }
        """, """
        fun F(x: f64[n]) {
          s = loop (s0: f64[n] = x) for t<3 {
            d = build a.1<n {
              a.2 = s0[a.1]
              e.1 = a.2 * a.2
              yield e.1
            }
            yield d
          }
          yield s
        }
        """);
}
