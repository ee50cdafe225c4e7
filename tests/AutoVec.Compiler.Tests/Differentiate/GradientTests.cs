using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>Every construct against finite differences: the classics that other systems get silently wrong among them.</summary>
public class GradientTests
{
    private static void Agree(string text, params object[] args) => Derivatives.Agree(text, args);

    [Theory]
    [InlineData(7.0)]
    [InlineData(3.0)]
    public void Newton_in_a_while_after_a_branch(double a) => Agree("""
        fun F(a: f64) {
          big = a > 4.0
          x0 = if big { h = a * 0.5
            yield h } else { yield a }
          x = loop (x1: f64 = x0) while {
            q = x1 * x1
            d = q - a
            e = abs d
            c = e > 1e-12
            yield c
          } {
            r = a / x1
            s = x1 + r
            x2 = 0.5 * s
            yield x2
          }
          y = x * a
          yield y
        }
        """, a);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_value_from_before_the_loop_is_used_in_it_and_after_it(int n) => Agree("""
        fun F(x: f64, n: i32) {
          y = x * x
          s = loop (s0: f64 = y) for i<n {
            s1 = s0 * y
            s2 = s1 + 0.5
            yield s2
          }
          r = s + y
          yield r
        }
        """, 0.9, n);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Loops_whose_trips_the_data_decides_nest(int n) => Agree("""
        fun F(x: f64, n: i32) {
          s = loop (s0: f64 = x) for i<n {
            t, j = loop (t0: f64 = s0, j0: i32 = 0) while {
              q = t0 * t0
              fi = f64 i
              l = 4.0 + fi
              c = q < l
              yield c
            } {
              j1 = j0 + 1
              u = loop (u0: f64 = t0) for k<j1 {
                a = u0 * 1.3
                b = x * 0.1
                u1 = a + b
                yield u1
              }
              yield u, j1
            }
            v = sin t
            w = v + x
            yield w
          }
          y = s * x
          yield y
        }
        """, 0.7, n);

    [Fact]
    public void State_that_swaps() => Agree("""
        fun F(x: f64, y: f64) {
          a, b = loop (a0: f64 = x, b0: f64 = y) for i<5 {
            c = a0 * b0
            d = sin c
            yield b0, d
          }
          r = a * b
          yield r
        }
        """, 0.8, 1.3);

    [Fact]
    public void Integer_and_boolean_state_steers() => Agree("""
        fun F(x: f64[n]) {
          s, at, done = loop (s0: f64 = 1.0, at0: i32 = 0, done0: bool = false) for i<n {
            a = x[at0]
            big = a > 1.2
            done1 = done0 | big
            s1 = if done1 { yield s0 } else { p = s0 * a
              q = sin p
              yield q }
            at1 = select big 0 i
            yield s1, at1, done1
          }
          z = x[at]
          r = s * z
          yield r
        }
        """, new[] { 0.5, 0.9, 1.1, 1.5, 0.7 });

    [Fact]
    public void Bubble_sort() => Agree("""
        fun F(x: f64[n], w: f64[n]) {
          m = n - 1
          y = loop (y0: f64[n] = x) for i<n {
            z = loop (z0: f64[n] = y0) for j<m {
              k = j + 1
              a = z0[j]
              b = z0[k]
              c = a > b
              z1 = if c { za = z0 with [j] = b
                zb = za with [k] = a
                yield zb } else { yield z0 }
              yield z1
            }
            yield z
          }
          s = reduce + l<n { e = y[l]
            f = w[l]
            g = e * f
            h = g * e
            yield h }
          yield s
        }
        """, new[] { 0.5, -0.9, 1.1, 0.2 }, new[] { 1.0, 2, 3, 4 });

    [Fact]
    public void A_read_before_and_after_the_write_of_the_same_element() => Agree("""
        fun F(x: f64[n]) {
          y, s = loop (y0: f64[n] = x, s0: f64 = 0.0) for i<n {
            a = y0[i]
            b = a * 3.0
            y1 = y0 with [i] = b
            c = y1[i]
            d = a * c
            s1 = s0 + d
            l = n - 1
            m = l - i
            e = y1[m]
            g = e * e
            y2 = y1 at [m] += g
            yield y2, s1
          }
          t = reduce + j<n { p = y[j]
            q = sin p
            yield q }
          r = t + s
          yield r
        }
        """, new[] { 0.5, -0.9, 1.1, 0.2 });

    [Fact]
    public void The_initial_array_is_read_inside_the_loop_that_overwrites_it() => Agree("""
        fun F(x: f64[n]) {
          y = loop (y0: f64[n] = x) for i<n {
            l = n - 1
            m = l - i
            a = x[m]
            b = y0[i]
            c = a * b
            y1 = y0 with [i] = c
            yield y1
          }
          t = reduce + j<n { p = y[j]
            q = x[j]
            r = p * q
            yield r }
          yield t
        }
        """, new[] { 0.5, -0.9, 1.1 });

    [Fact]
    public void Two_loops_over_one_array_and_a_build_between() => Agree("""
        fun F(x: f64[n]) {
          y = loop (y0: f64[n] = x) for i<n {
            a = y0[i]
            b = y0[0]
            c = a * b
            y1 = y0 with [i] = c
            yield y1
          }
          z = build k<n { d = y[k]
            e = sin d
            yield e }
          w = loop (w0: f64[n] = y) for m<n {
            f = z[m]
            g = w0[m]
            h = f * g
            w1 = w0 with [m] = h
            yield w1
          }
          t = reduce * j<n { p = w[j]
            yield p }
          yield t
        }
        """, new[] { 0.5, -0.9, 1.1 });

    [Fact]
    public void Rows_are_written_and_read_as_slices() => Agree("""
        fun F(x: f64[n, m], h: f64[m]) {
          y, last = loop (y0: f64[n, m] = x, r0: f64[m] = h) for i<n {
            row = y0[i, :]
            r1 = build j<m { a = row[j]
              b = r0[j]
              c = a * b
              d = tanh c
              yield d }
            y1 = y0 with [i, :] = r1
            y2 = y1 at [0, :] += row
            yield y2, r1
          }
          s = reduce + k<n, l<m { e = y[k, l]
            f = last[l]
            g = e * f
            yield g }
          yield s
        }
        """, new[,] { { 0.3, 0.8 }, { -0.4, 1.2 }, { 0.6, 0.9 } }, new[] { 1.1, -0.7 });

    [Fact]
    public void Updates_outside_of_loops() => Agree("""
        fun F(x: f64[n], a: f64) {
          y = x with [1] = a
          z = y at [0] += a
          w = z with [2] = 2.0
          s = reduce + i<n { b = w[i]
            c = b * b
            yield c }
          yield s
        }
        """, new[] { 0.3, 0.8, -0.4 }, 0.7);

    [Theory]
    [InlineData(new[] { 2.0, 3, 4 })]
    [InlineData(new[] { 2.0, 0, 4 })]
    [InlineData(new[] { 0.0, 3, 0 })]
    [InlineData(new[] { 0.0 })]
    [InlineData(new double[0])]
    public void A_product_with_zeros(double[] x) => Agree("""
        fun F(x: f64[n], a: f64) {
          p = reduce * i<n { b = x[i]
            c = b * a
            yield c }
          yield p
        }
        """, x, 1.5);

    [Fact]
    public void A_product_and_a_maximum_over_two_dims() => Agree("""
        fun F(x: f64[n, m]) {
          p = reduce * i<n, j<m { a = x[i, j]
            yield a }
          q = reduce max k<n, l<m { b = x[k, l]
            c = sin b
            yield c }
          r = p * q
          yield r
        }
        """, new[,] { { 0.3, 0.8 }, { -0.4, 1.2 }, { 0.6, 0.9 } });

    [Fact]
    public void Several_results_and_arrays_as_elements() => Agree("""
        fun F(x: f64[n], w: f64[n, m]) {
          a, b, c = build i<n {
            e = x[i]
            f = sin e
            row = w[i, :]
            g = reduce max j<m { h = row[j]
              yield h }
            k = f * g
            yield f, row, k
          }
          s = reduce + p<n, q<m { t = a[p]
            u = b[p, q]
            v = c[p]
            y = t * u
            z = y * v
            yield z }
          yield s
        }
        """, new[] { 0.5, -0.9, 1.1 }, new[,] { { 0.3, 0.8 }, { -0.4, 1.2 }, { 0.6, 0.9 } });

    [Fact]
    public void Data_decides_where_a_scatter_adds_and_a_guard_whether() => Agree("""
        fun F(x: f64[n], ids: i32[n]) {
          h = scatter [n] i<n { a = x[i]
            at = ids[i]
            b = a * a
            yield at, b }
          g = scatter [n] j<n { c = h[j]
            k = j - 1
            first = j == 0
            v = if first { yield 0.0 } else { d = log c
              yield d }
            yield k, v }
          s = reduce + l<n { e = h[l]
            f = g[l]
            p = e * f
            q = p + f
            yield q }
          yield s
        }
        """, new[] { 0.5, -0.9, 1.1, 0.7 }, new[] { 2, 1, 2, 3 });

    [Fact]
    public void A_sequential_loop_in_every_element_of_a_build() => Agree("""
        fun F(x: f64[n], w: f64[n], a: f64) {
          y = build i<n {
            e = x[i]
            s = loop (s0: f64 = e) for k<n {
              b = w[k]
              c = w[i]
              d = s0 * b
              f = d + a
              g = f * c
              h = tanh g
              yield h
            }
            yield s
          }
          r = reduce + j<n { p = y[j]
            q = p * p
            yield q }
          yield r
        }
        """, new[] { 0.5, -0.9, 1.1 }, new[] { 0.8, 1.9, -0.3 }, 0.4);

    [Fact]
    public void A_while_in_every_element_of_a_build() => Agree("""
        fun F(x: f64[n], a: f64) {
          y = build i<n {
            e = x[i]
            s = loop (s0: f64 = e) while { c = s0 < 3.0
              yield c } {
              b = s0 * a
              f = x[i]
              g = f * 0.1
              h = b + g
              yield h
            }
            yield s
          }
          r = reduce + j<n { p = y[j]
            yield p }
          yield r
        }
        """, new[] { 0.5, 0.9, 4.1 }, 1.4);

    [Fact]
    public void Extents_that_differ_from_element_to_element() => Agree("""
        fun F(L: f64[n, n], b: f64[n]) {
          y = build i<n {
            m = i + 1
            t = build j<m { a = L[i, j]
              c = b[j]
              d = a * c
              yield d }
            s = reduce + k<m { e = t[k]
              f = b[k]
              g = e * f
              yield g }
            big = s > 0.0
            v = if big {
              o = m + 0
              q = reduce * l<o { p = b[l]
                yield p }
              yield q
            } else { yield s }
            yield v
          }
          r = reduce + z<n { u = y[z]
            w = sin u
            yield w }
          yield r
        }
        """, new[,] { { 0.3, 0.8, 0.1 }, { -0.4, 1.2, 0.5 }, { 0.6, 0.9, -1.1 } }, new[] { 0.5, -0.9, 1.1 });

    [Fact]
    public void A_triangular_solve() => Agree("""
        fun F(L: f64[n, n], b: f64[n]) {
          z = build o<n { yield 0.0 }
          x = loop (x0: f64[n] = z) for i<n {
            s = b[i]
            t = loop (t0: f64 = s) for j<i { a = L[i, j]
              c = x0[j]
              d = a * c
              e = t0 - d
              yield e }
            f = L[i, i]
            g = t / f
            x1 = x0 with [i] = g
            yield x1
          }
          r = reduce + k<n { h = x[k]
            l = h * h
            yield l }
          yield r
        }
        """, new[,] { { 1.3, 0.0, 0.0 }, { -0.4, 1.2, 0.0 }, { 0.6, 0.9, 1.1 } }, new[] { 0.5, -0.9, 1.1 });

    [Fact]
    public void A_conditional_update_in_a_loop_in_a_branch() => Agree("""
        fun F(x: f64[n], a: f64) {
          pos = a > 0.0
          y = if pos {
            z = loop (z0: f64[n] = x) for i<n {
              b = z0[i]
              c = b > 0.0
              z1 = if c { d = b * a
                z2 = z0 with [i] = d
                yield z2 } else { yield z0 }
              e = z1[0]
              f = e * 0.5
              z3 = z1 at [i] += f
              yield z3
            }
            yield z
          } else { yield x }
          r = reduce + j<n { p = y[j]
            q = p * p
            yield q }
          yield r
        }
        """, new[] { 0.5, -0.9, 1.1 }, 0.8);

    /// <summary>Nothing reads the array after the branch, but the branch reads of its own version what was written before it.</summary>
    [Fact]
    public void A_branch_reads_its_own_version_of_an_array_written_before_it() => Agree("""
        fun F(x: f64[n], a: f64) {
          z, s = loop (z0: f64[n] = x, s0: f64 = a) for i<n {
            e = sin s0
            z1 = z0 with [0] = e
            c = s0 > 0.1
            z2, s2 = if c {
              z3 = z1 with [i] = s0
              f = z3[0]
              g = f * f
              z4 = z3 with [i] = g
              yield z4, g
            } else { yield z1, s0 }
            s3 = s2 * 1.5
            yield z2, s3
          }
          r = reduce + j<n { p = z[j]
            q = p * p
            yield q }
          t = r + s
          yield t
        }
        """, new[] { 0.5, -0.9, 1.1 }, 0.8);

    [Fact]
    public void Precisions_mix()
    {
        var f = Parser.Parse("""
            fun F(x: f32, y: f64[n]) {
              a = f64 x
              s = reduce + i<n { b = y[i]
                c = b * a
                yield c }
              d = f32 s
              e = d * x
              g = f64 e
              yield g
            }
            """);
        foreach (var (_, g) in Derivatives.Roads(f))
        {
            var r = Interpreter.Run(g, Value.Of(3f), Value.From(new[] { 0.5, 2.0 }));
            Assert.Equal(22.5, r[0].AsDouble);
            Assert.Equal(Scalar.F32, r[1].ElementType);
            Assert.Equal(15.0, r[1].AsDouble);              // x² Σy: 2 x Σy
            Assert.Equal([9.0, 9.0], r[2].ToDoubles());     // x²
        }
    }
}
