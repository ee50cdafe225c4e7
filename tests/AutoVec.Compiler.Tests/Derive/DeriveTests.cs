using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Transforms;
using Pass = AutoVec.Compiler.Transforms.Inline.Inline;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Derive;

/// <summary>Calls of derivatives: what Inline makes of them, and that this has derivatives itself.</summary>
public class DeriveTests
{
    private static FunctionIr Inlined(string text) => Verifier.Check(Tidy.Run(Pass.Run(Verifier.Check(Parser.Parse(text), "test"))), "inline");

    private static double[] Run(string text, params object[] args)
    {
        var f = Parser.Parse(text);
        var values = args.Select(Value.From).ToArray();
        double[] inlined = [.. Interpreter.Run(Inlined(text), values).SelectMany(v => v.ToDoubles())];
        Assert.Equal([.. Interpreter.Run(f, values).SelectMany(v => v.ToDoubles())], inlined);
        Derivatives.Agree(Inlined(text), values);
        return inlined;
    }

    private const string Cube = """

        fun Cube(x: f64, k: f64) {
          a = x * x
          b = a * x
          c = b * k
          yield c
        }
        """;

    [Fact]
    public void A_gradient_is_inlined() => Assert.Equal([60], Run("""
        fun F(x: f64, k: f64) {
          g: f64 = call grad Cube x k
          yield g
        }
        """ + Cube, 2.0, 5.0));

    [Fact]
    public void With_respect_to_several_leaves() => Assert.Equal([48, 8], Run("""
        fun F(x: f64, k: f64) {
          g: f64, h: f64 = call grad 2 Cube x k
          yield g, h
        }
        """ + Cube, 2.0, 4.0));

    [Fact]
    public void Derivatives_of_derivatives() => Assert.Equal([40 + 60], Run("""
        fun F(x: f64, k: f64) {
          v: f64, g: f64 = call valueandgrad First x k
          s = v * 1.0
          t: f64, u: f64 = call valueandgrad Cube x k
          r = t + g
          yield r
        }
        fun First(x: f64, k: f64) {
          g: f64 = call grad Cube x k
          yield g
        }
        """ + Cube, 2.0, 5.0));

    /// <summary>Newton's method: the derivative of the root by the parameter is that of the implicit function.</summary>
    [Fact]
    public void Through_a_while_that_follows_a_gradient()
    {
        const string text = """
            fun Root(a: f64) {
              x, k = loop (x0: f64 = 1.0, k0: i32 = 0) while {
                c = k0 < 12
                yield c
              } {
                v: f64, g: f64 = call valueandgrad Quadratic x0 a
                s = v / g
                x1 = x0 - s
                k1 = k0 + 1
                yield x1, k1
              }
              yield x
            }
            fun Quadratic(x: f64, a: f64) {
              b = x * x
              c = b - a
              yield c
            }
            """;
        Assert.Equal(Math.Sqrt(2), Run(text, 2.0)[0], 12);
    }

    /// <summary>The gradient of what a gradient descent ends at, with arrays in the state.</summary>
    [Fact]
    public void Through_a_descent_of_arrays() => Run("""
        fun F(a: f64[n], w: f64[n, n]) {
          z = build i<n { yield 0.1 }
          x = loop (x0: f64[n] = z) for t<5 {
            g: f64[n] = call grad Loss x0 a w
            x1 = build j<n {
              u = x0[j]
              v = g[j]
              s = 0.05 * v
              d = u - s
              yield d
            }
            yield x1
          }
          r = reduce + k<n {
            e = x[k]
            q = e * e
            yield q
          }
          yield r
        }
        fun Loss(x: f64[m], a: f64[p], w: f64[q, r]) {
          l = loop (s: f64 = 0.0) for i<m {
            y = loop (t: f64 = 0.0) for j<m {
              b = w[i, j]
              c = x[j]
              d = b * c
              t1 = t + d
              yield t1
            }
            e = a[i]
            f = y - e
            g = f * f
            h = sin g
            s1 = s + h
            yield s1
          }
          yield l
        }
        """, new[] { 0.5, -0.9, 1.1 }, new[,] { { 0.3, 1, -0.2 }, { 0.7, -0.4, 0.1 }, { 0.2, 0.6, -1.1 } });

    [Fact]
    public void StopGradient_is_a_constant() => Assert.Equal([0], Run("""
        fun F(x: f64) {
          g: f64 = call grad Stop x
          yield g
        }
        fun Stop(x: f64) {
          s = stopgradient x
          t = s * s
          yield t
        }
        """, 3.0));

    [Theory]
    [InlineData("g: f64 = call grad Pair x", "its result is not one float")]
    [InlineData("g: f64 = call grad Whole 1", "no float among")]
    public void What_has_no_gradient_is_refused(string call, string why)
    {
        var f = Parser.Parse($$"""
            fun F(x: f64) {
              {{call}}
              yield g
            }
            fun Pair(x: f64) { yield x, x }
            fun Whole(x: i32) { y = f64 x
              yield y }
            """);
        Assert.Contains(why, Assert.Throws<VerifierException>(() => Verifier.Check(f, "test")).Message);
        Assert.Contains(why, Assert.ThrowsAny<UnsupportedException>(() => Pass.Run(f)).Message);
    }

    [Fact]
    public void A_gradient_of_itself_is_recursion() => Assert.Contains("recursion", Assert.Throws<InvalidOperationException>(() => Pass.Run(Parser.Parse("""
        fun F(x: f64) {
          g: f64 = call grad G x
          yield g
        }
        fun G(x: f64) {
          g: f64 = call grad G x
          yield g
        }
        """))).Message);

    private const string Again = """
        fun F(x: f64, k: f64) {
          y: f64 = call Inner x k
          z = y * k
          yield z
        }

        fun Inner(x: f64, k: f64) by vjp {
          s = loop (s0: f64 = x) for i<9 {
            t = s0 * k
            s1 = sin t
            yield s1
          }
          yield s
        }

        """;

    /// <summary>The loop of the value keeps no tape; the one that the derivative runs again does.</summary>
    [Fact]
    public void A_function_by_vjp_is_computed_again()
    {
        var f = Parser.Parse(Again);
        var g = Transforms.Pipelines.Steps(f, [], Emit.Reduction.None, new(f.Params, Transforms.Differentiate.Seed.One, KeepValue: true))
            .First(s => s.Pass == "inline rules").Function;
        var loops = g.Body.Stmts.OfType<For>().ToList();
        Assert.Equal(3, loops.Count);
        Assert.Single(loops[0].State);
        Assert.True(loops[1].State.Count > 1);
        Seq<Value> args = [Value.Of(0.3), Value.Of(1.2)];
        var expected = Interpreter.Run(Transforms.Differentiate.Differentiate.Run(Pass.Run(f), f.Params, Transforms.Differentiate.Seed.One, keepValue: true), [.. args]);
        Assert.Equal(expected.Select(v => v.AsDouble), Interpreter.Run(g, [.. args]).Select(v => v.AsDouble));
    }

    [Fact]
    public void A_rule_stands_for_the_derivative() => Assert.Equal([5.0], Interpreter.Run(Pass.Run(Parser.Parse("""
        fun F(x: f64, n: i32) {
          g: f64 = call grad Square x n
          yield g
        }
        fun Square(x: f64, n: i32) by Square.rule {
          y = x * x
          yield y
        }
        fun Square.rule(x: f64, n: i32, y_bar: f64) {
          m = f64 n
          b = m * y_bar
          yield b
        }
        """)), Value.Of(2.0), Value.Of(5))[0].ToDoubles());

    [Fact]
    public void Forward_mode_cannot_take_a_rule() => Assert.Contains("reverse mode", Assert.ThrowsAny<UnsupportedException>(() => Pass.Run(Parser.Parse("""
        fun F(x: f64) {
          y: f64, d: f64 = call jvp G x 1.0
          yield d
        }
        fun G(x: f64) {
          y: f64 = call Square x
          yield y
        }
        fun Square(x: f64) by R {
          y = x * x
          yield y
        }
        fun R(x: f64, y_bar: f64) { yield y_bar }
        """))).Message);

    [Fact]
    public void Rules_are_read_back() => Assert.Equal(Again, Printer.Print(Parser.Parse(Again)), ignoreLineEndingDifferences: true);

    [Fact]
    public void The_text_form_is_read_back()
    {
        const string text = """
            fun F(x: f64, k: f64) {
              a: f64, b: f64 = call grad 2 Cube x k
              c: f64, d: f64 = call valueandgrad `grad` a b
              e: f64, f: f64 = call jvp Cube a b c
              yield e
            }

            fun `grad`(x: f64, k: f64) {
              yield x
            }

            fun Cube(x: f64, k: f64) {
              yield x
            }

            """;
        Assert.Equal(text, Printer.Print(Parser.Parse(text)), ignoreLineEndingDifferences: true);
    }
}
