using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Differentiate;
using Push = AutoVec.Compiler.Transforms.Jvp.Jvp;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Jvp;

/// <summary>The pass as text in, text out: one example a construct, simplified so that it can be read.</summary>
public class JvpTests
{
    private static FunctionIr Gives(string before, string after) =>
        PassText.Gives(f => Tidy.Run(Push.Run(f, Derivatives.Floats(f), keepValue: true)), before, after);

    [Fact]
    public void A_scalar_op()
    {
        var g = Gives("""
            fun F(x: f64, y: f64, k: i32) {
              p = x * y
              r = sin p
              yield k, r
            }
            """, """
            fun F(x: f64, y: f64, k: i32, x_dot: f64, y_dot: f64) {
              p = x * y
              p_dot.1 = x_dot * y
              p_dot.2 = y_dot * x
              p_dot.3 = p_dot.1 + p_dot.2
              r = sin p
              r_dot.1 = cos p
              r_dot.2 = p_dot.3 * r_dot.1
              yield k, r, r_dot.2
            }
            """);
        Assert.Equal(["value", "value1", "dot:value1"], g.ResultNames);
    }

    [Fact]
    public void A_product_of_matrices_gives_two_and_each_layer_reads_its_own_result() => Gives("""
        fun F(x: f64[n], w: f64[m, n]) {
          h = build j<m {
            s = reduce + i<n { a = x[i]
              b = w[j, i]
              c = a * b
              yield c }
            yield s }
          y = build k<m { d = h[k]
            e = tanh d
            yield e }
          yield y
        }
        """, """
        fun F(x: f64[n], w: f64[m, n], x_dot: f64[n], w_dot: f64[m, n]) {
          h = build j<m {
            s = reduce + i<n {
              a = x[i]
              b = w[j, i]
              c = a * b
              yield c
            }
            yield s
          }
          h_dot.1 = build j.1<m {
            s_dot.1 = reduce + i.1<n {
              a_dot.1 = x_dot[i.1]
              b.1 = w[j.1, i.1]
              c_dot.1 = a_dot.1 * b.1
              yield c_dot.1
            }
            s_dot.2 = reduce + i.2<n {
              a.2 = x[i.2]
              b_dot.2 = w_dot[j.1, i.2]
              c_dot.2 = b_dot.2 * a.2
              yield c_dot.2
            }
            s_dot.3 = s_dot.1 + s_dot.2
            yield s_dot.3
          }
          y = build k<m {
            d = h[k]
            e = tanh d
            yield e
          }
          y_dot.1 = build k.1<m {
            e.1 = y[k.1]
            d_dot.1 = h_dot.1[k.1]
            e_dot.1 = 1.0 - e.1
            e_dot.2 = 1.0 + e.1
            e_dot.3 = e_dot.1 * e_dot.2
            e_dot.4 = d_dot.1 * e_dot.3
            yield e_dot.4
          }
          yield y, y_dot.1
        }
        """);

    [Fact]
    public void What_is_dear_is_computed_once() => Gives("""
        fun F(x: f64[n]) {
          y = build i<n { a = x[i]
            b = exp a
            c = 1.0 + b
            d = b * c
            yield d }
          yield y
        }
        """, """
        fun F(x: f64[n], x_dot: f64[n]) {
          y, y_dot.1 = build i<n {
            a = x[i]
            a_dot.1 = x_dot[i]
            b = exp a
            b_dot.1 = a_dot.1 * b
            c = 1.0 + b
            d = b * c
            d_dot.1 = b_dot.1 * c
            d_dot.2 = b_dot.1 * b
            d_dot.3 = d_dot.1 + d_dot.2
            yield d, d_dot.3
          }
          yield y, y_dot.1
        }
        """);

    [Fact]
    public void A_loop_carries_tangents_of_the_state_that_depends_on_an_input() => Gives("""
        fun F(x: f64, n: i32) {
          s, p = loop (s0: f64 = 0.0, p0: f64 = 2.0) for i<n {
            p1 = p0 * p0
            q = x * p0
            s1 = s0 + q
            yield s1, p1
          }
          yield s, p
        }
        """, """
        fun F(x: f64, n: i32, x_dot: f64) {
          s, p, s_dot.2 = loop (s0: f64 = 0.0, p0: f64 = 2.0, s0_dot.1: f64 = 0.0) for i<n {
            p1 = p0 * p0
            q = x * p0
            q_dot.1 = x_dot * p0
            s1 = s0 + q
            s1_dot.1 = s0_dot.1 + q_dot.1
            yield s1, p1, s1_dot.1
          }
          yield s, p, s_dot.2, 0.0
        }
        """);

    [Fact]
    public void A_while_and_a_branch_ask_values() => Gives("""
        fun F(x: f64) {
          y = loop (y0: f64 = x) while { c = y0 < 9.0
            yield c } {
            b = y0 > 1.0
            y1 = if b { u = y0 * 2.0
              yield u } else { yield 3.0 }
            yield y1 }
          yield y
        }
        """, """
        fun F(x: f64, x_dot: f64) {
          y, y_dot.1 = loop (y0: f64 = x, y0_dot.1: f64 = x_dot) while {
            c = y0 < 9.0
            yield c
          } {
            b = y0 > 1.0
            y1, y1_dot.1 = if b {
              u = y0 * 2.0
              u_dot.1 = y0_dot.1 * 2.0
              yield u, u_dot.1
            } else {
              yield 3.0, 0.0
            }
            yield y1, y1_dot.1
          }
          yield y, y_dot.1
        }
        """);

    [Fact]
    public void Updates_and_scatters_go_to_the_same_places() => Gives("""
        fun F(x: f64[n], at: i32[n], k: i32) {
          s = scatter [n] i<n { j = at[i]
            a = x[i]
            b = a * 2.0
            yield j, b }
          t = s with [k] = 7.0
          u = t at [k] += 1.0
          yield u
        }
        """, """
        fun F(x: f64[n], at: i32[n], k: i32, x_dot: f64[n]) {
          s = scatter [n] i<n {
            j = at[i]
            a = x[i]
            b = a * 2.0
            yield j, b
          }
          s_dot.1 = scatter [n] i.1<n {
            j.1 = at[i.1]
            a_dot.1 = x_dot[i.1]
            b_dot.1 = a_dot.1 * 2.0
            yield j.1, b_dot.1
          }
          t = s with [k] = 7.0
          t_dot.1 = s_dot.1 with [k] = 0.0
          u = t at [k] += 1.0
          yield u, t_dot.1
        }
        """);

    [Fact]
    public void The_tangent_of_a_maximum_is_the_winners() => Gives("""
        fun F(x: f64[n]) {
          m = reduce max i<n { a = x[i]
            yield a }
          yield m
        }
        """, """
        fun F(x: f64[n], x_dot: f64[n]) {
          m = reduce max i<n {
            a = x[i]
            yield a
          }
          winner.1 = reduce argmax i.2<n {
            a.2 = x[i.2]
            yield a.2
          }
          m_dot.1 = reduce + i.1<n {
            a_dot.1 = x_dot[i.1]
            won.1 = i.1 == winner.1
            m_dot.2 = select won.1 a_dot.1 nothing
            yield m_dot.2
          }
          yield m, m_dot.1
        }
        """);

    [Fact]
    public void A_function_of_no_input_has_the_tangent_zero() => Gives("""
        fun F(x: f64[n]) {
          y = build i<n { a = f64 i
            yield a }
          yield y
        }
        """, """
        fun F(x: f64[n], x_dot: f64[n]) {
          y = build i<n {
            a = f64 i
            yield a
          }
          y_dot.1 = build i.1<n {
            yield 0.0
          }
          yield y, y_dot.1
        }
        """);

    [Fact]
    public void A_parameter_that_has_no_floats_has_no_tangent()
    {
        var f = Parser.Parse("fun F(k: i32) { yield k }");
        var e = Assert.Throws<UnsupportedDerivativeException>(() => Push.Run(f, f.Params, keepValue: true));
        Assert.Contains("'k' is i32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_taken_is_avoided() =>
        Assert.Equal(["x", "x_dot", "x_dot_"], Push.Run(Parser.Parse("fun F(x: f64, x_dot: f64) { y = x * x_dot\n yield y }"),
            [new Var("x", IrType.F64)], keepValue: true).Params.Select(p => p.Name));
}
