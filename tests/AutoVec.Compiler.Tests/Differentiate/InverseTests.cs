using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Differentiate;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>Numbers of a loop's state whose trips can be taken back are not taped.</summary>
public class InverseTests
{
    [Fact]
    public void A_sign_that_turns() => PassText.Gives(f => Tidy.Run(Diff.Run(f, Derivatives.Floats(f), Seed.One, keepValue: false)), """
        fun F(x: f64[n], k: i32) {
          s, g = loop (s0: f64 = 0.0, g0: f64 = 1.0) for i<n {
            r = k >> i
            b = r & 1
            c = b == 0
            s1, g1 = if c {
              yield s0, g0
            } else {
              v = x[i]
              p = g0 * v
              s2 = s0 + p
              g2 = neg g0
              yield s2, g2
            }
            yield s1, g1
          }
          yield s
        }
        """, """
        fun F(x: f64[n], k: i32) {
          g = loop (g0.1: f64 = 1.0) for i.1<n {
            r.1 = k >> i.1
            b.1 = r.1 & 1
            c.1 = b.1 == 0
            g1.1 = if c.1 {
              yield g0.1
            } else {
              g2.1 = neg g0.1
              yield g2.1
            }
            yield g1.1
          }
          x_bar.4 = build i.4<n {
            yield 0.0
          }
          last.1 = n - 1
          x_bar.5, g0.5 = loop (x_bar.1: f64[n] = x_bar.4, g0.2: f64 = g) for t.1<n {
            i.3 = last.1 - t.1
            r.2 = k >> i.3
            b.2 = r.2 & 1
            c.2 = b.2 == 0
            g0.4 = if c.2 {
              yield g0.2
            } else {
              g0.3 = neg g0.2
              yield g0.3
            }
            bar.3 = if c.2 {
              yield x_bar.1
            } else {
              x_bar.3 = x_bar.1 at [i.3] += g0.4
              yield x_bar.3
            }
            yield bar.3, g0.4
          }
          yield x_bar.5
        }
        """);

    [Theory]
    [InlineData("g1 = neg g0")]
    [InlineData("g1 = g0 * -1.0")]
    [InlineData("m = i & 1 c = m == 0 t = neg g0 g1 = select c g0 t")]
    [InlineData("w = y[i] c = w < 1.0 g1 = if c { t = neg g0 yield t } else { yield g0 }")]
    public void Floats(string step) => Agrees("f64", "1.0", step, "g0");

    [Theory]
    [InlineData("g1 = g0 ^ i")]
    [InlineData("g1 = neg g0")]
    [InlineData("g1 = bitnot g0")]
    [InlineData("g1 = i - g0")]
    [InlineData("a = g0 - i g1 = 7 + a")]
    [InlineData("w = y[i] c = w < 1.0 g1 = if c { t = g0 + i yield t } else { t2 = bitnot g0 t3 = t2 - 3 yield t3 }")]
    public void Integers(string step) => Agrees("i32", "5", step + " f0 = f64 g0 f = sin f0", "f");

    [Fact]
    public void Truth() => Agrees("bool", "true", "w = y[i] c = w < 1.0 g1 = if c { t = not g0 yield t } else { yield g0 } f = select g0 2.0 -0.5", "f");

    /// <summary>Rounded away, or hanging on what the trip itself has changed.</summary>
    [Theory]
    [InlineData("g1 = g0 + 1.5")]
    [InlineData("g1 = g0 * 2.0")]
    [InlineData("c = g0 < 1.0 g1 = if c { t = neg g0 yield t } else { yield g0 }")]
    [InlineData("c = s0 < 1.0 g1 = if c { t = neg g0 yield t } else { yield g0 }")]
    public void What_cannot_be_taken_back_is_taped(string step) => Assert.NotEmpty(Tapes(Agrees("f64", "1.0", step, "g0", taped: true)));

    /// <summary>Inside a loop, what the inner loop left is on a tape, and the inner loop is not run again.</summary>
    [Fact]
    public void Of_a_loop_in_a_loop()
    {
        var f = Parser.Parse("""
            fun F(x: f64[n], y: f64[n]) {
              s = loop (s0: f64 = 0.5) for k<n {
                u, g = loop (u0: f64 = 0.0, g0: f64 = 1.0) for i<n {
                  v = x[i]
                  w = v * g0
                  u1 = u0 + w
                  m = k + i
                  b = m & 1
                  c = b == 0
                  g1 = if c { t = neg g0
                    yield t } else { yield g0 }
                  yield u1, g1
                }
                e = y[k]
                q = u - e
                s1 = s0 + q
                yield s1
              }
              yield s
            }
            """);
        Derivatives.Agree(Printer.Print(f), new[] { 0.5, 1.4, 0.8 }, new[] { 0.7, -0.3, 1.1 });
        var g = Tidy.Run(Diff.Run(f, Derivatives.Floats(f), Seed.One, keepValue: false));
        Assert.All(Tapes(g), t => Assert.Equal(1, t.Type.Rank));
        Assert.Equal(4, g.Body.Walk().Count(s => s is For));
    }

    private static List<Var> Tapes(FunctionIr f) => f.Body.AllBinders().Where(v => v.Base == "tape").ToList();

    private static FunctionIr Agrees(string type, string start, string step, string value, bool taped = false)
    {
        string text = $$"""
            fun F(x: f64[n], y: f64[n]) {
              s, g = loop (s0: f64 = 0.3, g0: {{type}} = {{start}}) for i<n {
                {{step}}
                v = x[i]
                p = {{value}} * v
                s1 = s0 + p
                yield s1, g1
              }
              yield s
            }
            """;
        var f = Parser.Parse(text);
        Derivatives.Agree(Printer.Print(f), new[] { 0.5, 1.4, 0.8, -0.6 }, new[] { 0.7, 1.3, 0.2, 1.1 });
        var g = Tidy.Run(Diff.Run(f, Derivatives.Floats(f), Seed.One, keepValue: false));
        if (!taped) Assert.Empty(Tapes(g));
        return g;
    }
}
