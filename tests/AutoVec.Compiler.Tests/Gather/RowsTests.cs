using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Gather;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Gather;

public class RowsTests
{
    private static FunctionIr Gives(string before, string after)
    {
        var g = PassText.Gives(f => Tidy.Run(Rows.Run(f)), before, after);
        Same(before, g);
        return g;
    }

    private static void Same(string before, FunctionIr g)
    {
        foreach (int[] sizes in new[] { [0, 3], [1, 1], [2, 3], [3, 2], new[] { 4, 4 } }) PassText.SameMeaning(Parser.Parse(before), g, sizes, 1e-12);
    }

    /// <summary>The meaning of what the pass makes of a contribution, and that it makes something of it.</summary>
    private static void Keeps(string before)
    {
        var g = Verifier.Check(Rows.Run(Parser.Parse(before)), "rows");
        Assert.DoesNotContain(g.Body.Walk(), s => s is Scatter);
        Same(before, g);
    }

    [Fact]
    public void A_row_of_the_trip_is_added_in_place() => Gives("""
        fun F(x: f64[n, m]) {
          z = build za<n, zb<m { yield 0.0 }
          y = loop (y0: f64[n, m] = z) for t<n {
            s = scatter [n, m] j<m { v = x[t, j]
              e = exp v
              yield t, j, e }
            y1 = build a<n, b<m { p = y0[a, b]
              q = s[a, b]
              r = p + q
              yield r }
            yield y1
          }
          yield y
        }
        """, """
        fun F(x: f64[n, m]) {
          z = build za<n, zb<m {
            yield 0.0
          }
          y = loop (y0: f64[n, m] = z) for t<n {
            e.1 = build j<m {
              v = x[t, j]
              e = exp v
              yield e
            }
            y1 = y0 at [t, :] += e.1
            yield y1
          }
          yield y
        }
        """);

    [Fact]
    public void Where_the_loop_does_not_say_that_the_row_exists_it_is_cut() => Keeps("""
        fun F(x: f64[n, m], k: i32) {
          z = build za<n, zb<m { yield 0.0 }
          y = loop (y0: f64[n, m] = z) for t<5 {
            k1 = t - k
            k2 = 2 * k1
            s = scatter [n, m] j<m { at = k2 + 1
              in0 = at >= 0
              in1 = at < n
              in = in0 & in1
              e = if in { v = x[at, j]
                yield v } else { yield 0.0 }
              yield at, j, e }
            y1 = build a<n, b<m { p = y0[a, b]
              q = s[a, b]
              r = q + p
              yield r }
            yield y1
          }
          yield y
        }
        """);

    [Fact]
    public void So_are_columns_from_an_offset_on() => Keeps("""
        fun F(x: f64[n, m], k: i32) {
          z = build za<n, zb<m { yield 0.0 }
          y = loop (y0: f64[n, m] = z) for t<n {
            from = k - t
            s = scatter [n, m] j<m { at = from + j
              in0 = at >= 0
              in1 = at < m
              in = in0 & in1
              e = if in { v = x[t, at]
                yield v } else { yield 0.0 }
              yield t, at, e }
            y1 = build a<n, b<m { p = y0[a, b]
              q = s[a, b]
              r = p + q
              yield r }
            yield y1
          }
          yield y
        }
        """);

    [Fact]
    public void Of_three_dimensions_one_may_be_cut_and_variables_may_be_summed() => Keeps("""
        fun F(x: f64[n, m], k: i32) {
          z = build za<n, zb<n, zc<m { yield 0.0 }
          y = loop (y0: f64[n, n, m] = z) for t<3 {
            in0 = k < n
            s = scatter [n, n, m] j<m, l<4, i<n { e = if in0 { v = x[i, j]
                yield v } else { yield 0.0 }
              yield i, k, j, e }
            y1 = build a<n, b<n, c<m { p = y0[a, b, c]
              q = s[a, b, c]
              r = p + q
              yield r }
            s2 = scatter [n, n, m] i2<n, j2<m { e2 = if in0 { v2 = x[i2, j2]
                yield v2 } else { yield 0.0 }
              yield i2, k, j2, e2 }
            y2 = build a2<n, b2<n, c2<m { p2 = y1[a2, b2, c2]
              q2 = s2[a2, b2, c2]
              r2 = p2 + q2
              yield r2 }
            yield y2
          }
          yield y
        }
        """);

    [Theory]
    [InlineData("t, j", "j<m")]
    [InlineData("j, t", "j<n")]
    public void A_whole_array_that_is_read_elsewhere_keeps_its_old_version(string index, string dim) => Keeps($$"""
        fun F(x: f64[n, n]) {
          m = n + 0
          z = build za<n, zb<n { yield 1.0 }
          y, o = loop (y0: f64[n, n] = z, o0: f64 = 0.0) for t<n {
            s = scatter [n, n] {{dim.Replace("m", "n")}} { v = x[t, j]
              yield {{index}}, v }
            y1 = build a<n, b<n { p = y0[a, b]
              q = s[a, b]
              r = p + q
              yield r }
            u = y0[t, t]
            o1 = o0 + u
            yield y1, o1
          }
          yield y, o
        }
        """);

    [Fact]
    public void A_contribution_to_the_whole_array_is_left_to_gather()
    {
        const string before = """
            fun F(x: f64[n, m]) {
              z = build za<n, zb<m { yield 0.0 }
              y = loop (y0: f64[n, m] = z) for t<n {
                s = scatter [n, m] i<n, j<m { v = x[i, j]
                  yield i, j, v }
                y1 = build a<n, b<m { p = y0[a, b]
                  q = s[a, b]
                  r = p + q
                  yield r }
                yield y1
              }
              yield y
            }
            """;
        Assert.Equal(PassText.Normal(before), Printer.Print(Rows.Run(Parser.Parse(before))));
    }
}
