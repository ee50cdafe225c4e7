using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.ColumnSums.ColumnSums;

namespace AutoVec.Compiler.Tests.ColumnSums;

public class ColumnSumsTests
{
    private static FunctionIr Run(FunctionIr f, string result) => Pass.Run(f with { ResultNames = f.Body.Results.Map(_ => result) });

    private static void Stays(string text, string result = "d:x")
    {
        var f = Parser.Parse(text);
        Assert.Same(f.Body, Run(f, result).Body);
    }

    private const string Columns = """
        fun F(x: f64[B, d]) {
          g = build j<d {
            s = reduce + b<B { v = x[b, j] p = v * v yield p }
            yield s
          }
          h = build k<d {
            s2 = reduce + c<B { v2 = x[c, k] yield v2 }
            yield s2
          }
          yield g, h
        }
        """;

    [Fact]
    public void Part_by_part() => PassText.Gives(f => Run(f, "d:x"), Columns, """
        fun F(x: f64[B, d]) {
          many.1 = B >= 512
          last.1 = B - 1
          g, h = if many.1 {
            parts.1 = idiv B 128
            parts.2 = min parts.1 32
            size.1 = idiv last.1 parts.2
            size.2 = size.1 + 1
            sums.1, sums.2 = build part.1<parts.2 {
              start.1 = part.1 * size.2
              start.2 = max start.1 0
              rest.1 = B - start.2
              trips.1 = min size.2 rest.1
              sums.3, sums.4 = build j.1<d {
                s.1, s2.1 = loop (s.2: f64 = 0.0, s2.2: f64 = 0.0) for b.1<trips.1 {
                  b.2 = start.2 + b.1
                  v.1 = x[b.2, j.1]
                  p.1 = v.1 * v.1
                  s.3 = s.2 + p.1
                  s2.3 = s2.2 + v.1
                  yield s.3, s2.3
                }
                yield s.1, s2.1
              }
              yield sums.3, sums.4
            }
            g.1 = build j.2<d {
              s.4 = reduce + p.2<parts.2 {
                v.2 = sums.1[p.2, j.2]
                yield v.2
              }
              yield s.4
            }
            h.1 = build k.1<d {
              s2.4 = reduce + p.3<parts.2 {
                v.3 = sums.2[p.3, k.1]
                yield v.3
              }
              yield s2.4
            }
            yield g.1, h.1
          } else {
            g.2 = build j.3<d {
              s.5 = reduce + b.3<B {
                v.4 = x[b.3, j.3]
                p.4 = v.4 * v.4
                yield p.4
              }
              yield s.5
            }
            h.2 = build k.2<d {
              s2.5 = reduce + c.1<B {
                v2.1 = x[c.1, k.2]
                yield v2.1
              }
              yield s2.5
            }
            yield g.2, h.2
          }
          yield g, h
        }
        """);

    [Fact]
    public void A_single_row_of_sums_is_one_walk_as_it_is() => Stays(
        "fun F(x: f64[B, d]) { g = build j<d { s = reduce + b<B { v = x[b, j] p = v * v yield p } yield s } yield g }");

    [Fact]
    public void So_is_one_of_planes() => Stays(
        "fun F(x: f64[B, n, d]) { g = build k<n, j<d { s = reduce + b<B { v = x[b, k, j] yield v } yield s } yield g }");

    private const string Two = """
        fun F(x: f64[B, d], r: f64[B, n], m: f64[n, d]) {
          g = build k<n, j<d {
            s = reduce + b<B { v = x[b, j] w = m[k, j] u = v - w a = r[b, k] p = a * u q = p * w yield q }
            t = 0.0 - s
            yield t
          }
          h = build k<n, j<d {
            s2 = reduce + b<B { v2 = x[b, j] w2 = m[k, j] u2 = v2 - w2 a2 = r[b, k] p2 = a2 * u2 q2 = p2 * u2 yield q2 }
            yield s2
          }
          yield g, h
        }
        """;

    [Fact]
    public void Sums_over_the_same_samples_are_one_walk_and_what_is_the_same_for_all_is_read_before_it()
    {
        string text = Printer.Print(Verifier.Check(Run(Parser.Parse(Two), "d:x"), "pass"));
        string walk = text[text.IndexOf("if turn", StringComparison.Ordinal)..];
        walk = walk[..walk.IndexOf("} else {", StringComparison.Ordinal)];
        Assert.Single(walk.Split("for ").Skip(1));
        Assert.True(walk.IndexOf("= m[", StringComparison.Ordinal) < walk.IndexOf("loop", StringComparison.Ordinal), walk);
    }

    /// <summary>Extents on both sides of where parts begin, more columns than rows and fewer; the last part is shorter.</summary>
    [Theory]
    [InlineData(3, 2, 4), InlineData(512, 2, 4), InlineData(515, 4, 2), InlineData(1300, 1, 1), InlineData(0, 2, 3), InlineData(600, 0, 2), InlineData(5000, 2, 1)]
    public void The_same_sums(int samples, int columns, int rows)
    {
        PassText.SameMeaning(Parser.Parse(Columns), Run(Parser.Parse(Columns), "d:x"), [samples, columns], tolerance: 1e-9);
        PassText.SameMeaning(Parser.Parse(Two), Run(Parser.Parse(Two), "d:x"), [samples, columns, rows], tolerance: 1e-9);
    }

    [Fact]
    public void Values_are_added_in_their_order() => Stays(Columns, "value");

    [Fact]
    public void A_product_of_matrices_is_a_contraction() => Stays(
        "fun F(x: f64[B, d], r: f64[B, n]) { g = build k<n, j<d { s = reduce + b<B { v = x[b, j] a = r[b, k] p = a * v yield p } yield s } yield g }");

    [Fact]
    public void What_may_throw_stays() => Stays(
        "fun F(x: f64[B, d], w: i32[d]) { g = build j<d { k = w[j] s = reduce + b<B { v = x[b, k] u = x[b, j] p = u * v yield p } yield s } yield g }");

    [Fact]
    public void A_sum_that_needs_the_other_is_a_walk_of_its_own()
    {
        string text = Two.Replace("q2 = p2 * u2", "z = g[k, j] q2 = p2 * z", StringComparison.Ordinal);
        var f = Parser.Parse(text);
        PassText.SameMeaning(f, Verifier.Check(Run(f, "d:x"), "pass"), [700, 3, 2], tolerance: 1e-9);
    }
}
