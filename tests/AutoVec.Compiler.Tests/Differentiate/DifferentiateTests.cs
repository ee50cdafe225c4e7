using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Differentiate;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>The pass as text in, text out: one example a construct, simplified so that it can be read.</summary>
public class DifferentiateTests
{
    private static FunctionIr Gives(string before, string after) =>
        PassText.Gives(f => Tidy.Run(Diff.Run(f, Derivatives.Floats(f), Seed.One, keepValue: true)), before, after);

    [Fact]
    public void A_scalar_op()
    {
        var g = Gives("""
            fun F(x: f64) {
              y = sin x
              yield y
            }
            """, """
            fun F(x: f64) {
              y = sin x
              bar.1 = cos x
              yield y, bar.1
            }
            """);
        Assert.Equal(["value", "d:x"], g.ResultNames);
    }

    [Fact]
    public void A_while_of_one_number_carries_its_slope() => Gives("""
        fun F(x: f64, n: i32) {
          z, k = loop (z0: f64 = 1.0, k0: i32 = 0) while { c = z0 < 100.0
            yield c } { z1 = z0 * x
            k1 = k0 + n
            yield z1, k1 }
          f = f64 k
          y = z * f
          yield y
        }
        """, """
        fun F(x: f64, n: i32) {
          z, k, z_dot.1 = loop (z0: f64 = 1.0, k0: i32 = 0, z0_dot.1: f64 = 0.0) while {
            c = z0 < 100.0
            yield c
          } {
            z1 = z0 * x
            z1_dot.1 = z0_dot.1 * x
            z1_dot.3 = z1_dot.1 + z0
            k1 = k0 + n
            yield z1, k1, z1_dot.3
          }
          f = f64 k
          y = z * f
          x_bar.1 = scale f z_dot.1
          yield y, x_bar.1
        }
        """);

    [Fact]
    public void The_adjoint_of_an_exponent_asks_the_product() => Gives("""
        fun F(x: f64, y: f64, k: i32) {
          q = x * x
          e = exp q
          f = f64 k
          a = f * e
          p = sin y
          t = a * p
          yield t
        }
        """, """
        fun F(x: f64, y: f64, k: i32) {
          q = x * x
          e = exp q
          f = f64 k
          a = f * e
          p = sin y
          t = a * p
          bar.3 = cos y
          bar.4 = a * bar.3
          bar.5 = t * x
          x_bar.1 = bar.5 + bar.5
          yield t, x_bar.1, bar.4
        }
        """);

    [Fact]
    public void A_polynomial_has_its_slope_beside_it() => Gives("""
        fun F(x: f64) {
          t = sin x
          a = t * 3.0
          b = a + 2.0
          c = t * b
          d = 1.0 - c
          e = t * d
          f = e + 4.0
          g = t * f
          y = exp g
          yield y
        }
        """, """
        fun F(x: f64) {
          t = sin x
          a = t * 3.0
          b = a + 2.0
          c = t * b
          d = 1.0 - c
          e = t * d
          f = e + 4.0
          g = t * f
          c_dot.3 = b + a
          d_dot.1 = neg c_dot.3
          e_dot.2 = d_dot.1 * t
          e_dot.3 = d + e_dot.2
          g_dot.2 = e_dot.3 * t
          g_dot.3 = f + g_dot.2
          y = exp g
          t_bar.1 = scale y g_dot.3
          bar.2 = cos x
          bar.3 = t_bar.1 * bar.2
          yield y, bar.3
        }
        """);

    [Fact]
    public void A_build_reads_its_adjoint_and_scatters_what_it_read() => Gives("""
        fun F(x: f64[n]) {
          y = build i<n { a = x[i]
            b = exp a
            yield b }
          s = reduce + j<n { c = y[j]
            d = c * c
            yield d }
          yield s
        }
        """, """
        fun F(x: f64[n]) {
          y = build i<n {
            a = x[i]
            b = exp a
            yield b
          }
          s = reduce + j<n {
            c = y[j]
            d = c * c
            yield d
          }
          y_bar.1 = scatter [n] j.2<n {
            c.2 = y[j.2]
            c_bar.2 = c.2 + c.2
            yield j.2, c_bar.2
          }
          x_bar.1 = scatter [n] i.2<n {
            b_bar.2 = y_bar.1[i.2]
            b.3 = y[i.2]
            bar.6 = b_bar.2 * b.3
            yield i.2, bar.6
          }
          yield s, x_bar.1
        }
        """);

    [Fact]
    public void A_loop_tapes_the_state_that_its_adjoint_needs() => Gives("""
        fun F(x: f64, n: i32) {
          s = loop (s0: f64 = x) for i<n {
            t = sin s0
            yield t
          }
          yield s
        }
        """, """
        fun F(x: f64, n: i32) {
          tape.3 = build i.2<n {
            yield undef
          }
          s, tape.4 = loop (s0.1: f64 = x, tape.1: f64[n] = tape.3) for i.1<n {
            tape.2 = tape.1 with [i.1] = s0.1
            t.1 = sin s0.1
            yield t.1, tape.2
          }
          last.1 = n - 1
          s0_bar.2 = loop (s0_bar.1: f64 = 1.0) for t.2<n {
            i.3 = last.1 - t.2
            s0.2 = tape.4[i.3]
            bar.1 = cos s0.2
            bar.2 = s0_bar.1 * bar.1
            yield bar.2
          }
          yield s, s0_bar.2
        }
        """);

    [Fact]
    public void A_linear_loop_needs_no_tape()
    {
        var f = Parser.Parse("""
            fun F(x: f64, c: f64, n: i32) {
              s = loop (s0: f64 = x) for i<n {
                t = 0.5 * s0
                u = t + c
                yield u
              }
              yield s
            }
            """);
        var g = Tidy.Run(Diff.Run(f, Derivatives.Floats(f), Seed.One, keepValue: true));
        Assert.DoesNotContain(g.Body.AllBinders(), v => v.Type.IsArray);
    }

    [Fact]
    public void An_array_updated_in_a_loop_logs_the_elements_it_overwrites()
    {
        var f = Parser.Parse("""
            fun F(x: f64[n]) {
              y = loop (y0: f64[n] = x) for i<n {
                j = i + 1
                k = irem j n
                a = y0[i]
                b = y0[k]
                c = a * b
                y1 = y0 with [k] = c
                yield y1
              }
              s = reduce + l<n { e = y[l]
                yield e }
              yield s
            }
            """);
        var g = Tidy.Run(Diff.Run(f, Derivatives.Floats(f), Seed.One, keepValue: true));
        var tapes = g.Body.AllBinders().Where(v => v.Base == "tape").ToList();
        Assert.NotEmpty(tapes);
        Assert.All(tapes, t => Assert.Equal(1, t.Type.Rank));
    }

    [Fact]
    public void A_branch_is_reversed_inside_a_branch() => Gives("""
        fun F(x: f64, c: bool) {
          y = if c { a = log x
            yield a } else { yield 0.0 }
          yield y
        }
        """, """
        fun F(x: f64, c: bool) {
          y = if c {
            a = log x
            yield a
          } else {
            yield 0.0
          }
          bar.3 = if c {
            bar.2 = 1.0 / x
            yield bar.2
          } else {
            yield 0.0
          }
          yield y, bar.3
        }
        """);

    [Fact]
    public void A_maximum_masks_its_winner() => Gives("""
        fun F(x: f64[n]) {
          m = reduce max i<n { a = x[i]
            yield a }
          yield m
        }
        """, """
        fun F(x: f64[n]) {
          m = reduce max i<n {
            a = x[i]
            yield a
          }
          winner.1 = reduce argmax i.1<n {
            a.1 = x[i.1]
            yield a.1
          }
          x_bar.1 = scatter [n] i.3<n {
            won.2 = i.3 == winner.1
            bar.2 = select won.2 1.0 nothing
            yield i.3, bar.2
          }
          yield m, x_bar.1
        }
        """);

    [Fact]
    public void Parameters_that_are_not_asked_for_cost_nothing()
    {
        var f = Parser.Parse("""
            fun F(x: f64[n], w: f64[n]) {
              s = reduce + i<n { a = x[i]
                b = w[i]
                c = a * b
                yield c }
              yield s
            }
            """);
        var g = Tidy.Run(Diff.Run(f, [f.Params[1]], Seed.One, keepValue: false));
        Assert.Equal(["d:w"], g.ResultNames);
        Assert.Single(g.Body.Stmts);
    }

    [Fact]
    public void Cotangents_come_as_parameters_named_after_the_results()
    {
        var f = Parser.Parse("""
            fun F(x: f64[n], k: i32) {
              m = k + 1
              y = build i<m { a = x[i]
                b = a * a
                yield b }
              s = reduce + j<n { c = x[j]
                yield c }
              yield y, k, s
            }
            """);
        var g = Verifier.Check(Diff.Run(f, [f.Params[0]], Seed.Cotangent, keepValue: true), "differentiate");
        Assert.Equal("x, k, value_bar, value2_bar", string.Join(", ", g.Params));
        Assert.Equal(["value", "value1", "value2", "d:x"], g.ResultNames);
        // The result has an extent that the body computes; its cotangent has a size of its own.
        Assert.Equal("f64[value_bar_0]", g.Params[2].Type.ToString());
        var x = Value.From(new[] { 2.0, 3, 5, 7 });
        var d = Interpreter.Run(Tidy.Run(g), x, Value.Of(1), Value.From(new[] { 10.0, 100 }), Value.Of(0.5))[3];
        Assert.Equal([40.5, 600.5, 0.5, 0.5], d.ToDoubles());
    }

    [Theory]
    [InlineData("fun F(k: i32, x: f64) { yield x }", "k", "F: 'k' is i32; derivatives are with respect to float parameters")]
    [InlineData("fun F(k: i32, x: f64) { yield k }", "x", "F has no gradient: its result is not a float")]
    [InlineData("fun F(x: f64[n]) { yield x }", "x", "F has no gradient: its result is not a float")]
    [InlineData("fun F(x: f64) { y: f64 = call G x\n yield y } fun G(x: f64) { yield x }", "x", "the call of 'G' has no derivative before it is inlined")]
    public void What_has_no_derivative_says_so(string text, string wrt, string message)
    {
        var f = Parser.Parse(text);
        var e = Assert.Throws<UnsupportedDerivativeException>(() => Diff.Run(f, [f.Params.First(p => p.Name == wrt)], Seed.One, true));
        Assert.Equal(message, e.Message);
    }
}
