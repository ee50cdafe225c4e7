using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Parallelize.Parallelize;

namespace AutoVec.Compiler.Tests.Parallelize;

/// <summary>What each pattern becomes, as text; and that it means the same, for no trip, one, and several.</summary>
public class ParallelizeTests
{
    private static void Gives(string before, string after, params string[] notes)
    {
        var g = PassText.Gives(Pass.Run, before, after);
        Assert.Equal(notes, g.Notes);
        foreach (int n in new[] { 0, 1, 4 })
            for (int seed = 1; seed < 6; seed++) PassText.SameMeaning(Parser.Parse(before), g, [n], 1e-12, seed);
    }

    [Fact]
    public void A_dense_layer() => Gives("""
        fun Layer(W: f64[d, m], b: f64[m], x: f64[d]) {
          z = build k<m { yield 0.0 }
          h = loop (h0: f64[m] = z) for j<m {
            s0 = b[j]
            s = loop (s1: f64 = s0) for i<d {
              a = x[i]
              w = W[i, j]
              p = a * w
              s2 = s1 + p
              yield s2
            }
            r = max s 0.0
            h1 = h0 with [j] = r
            yield h1
          }
          yield h
        }
        """, """
        fun Layer(W: f64[d, m], b: f64[m], x: f64[d]) {
          h.1 = build j.1<m {
            s0.1 = b[j.1]
            r.2 = reduce + i.2<d {
              a.2 = x[i.2]
              w.2 = W[i.2, j.1]
              p.2 = a.2 * w.2
              yield p.2
            }
            s.2 = s0.1 + r.2
            r.3 = max s.2 0.0
            yield r.3
          }
          yield h.1
        }
        """, "loop j<m: h0: build", "loop i<d: s1: reduce +");

    [Fact]
    public void A_matrix_product_in_any_order_of_its_loops() => Gives("""
        fun MatMul(A: f64[n, k], B: f64[k, m]) {
          z = build z0<n, z1<m { yield 0.0 }
          c = loop (c0: f64[n, m] = z) for i<n {
            c1 = loop (c2: f64[n, m] = c0) for q<k {
              c3 = loop (c4: f64[n, m] = c2) for j<m {
                a = A[i, q]
                b = B[q, j]
                p = a * b
                o = c4[i, j]
                s = o + p
                c5 = c4 with [i, j] = s
                yield c5
              }
              yield c3
            }
            yield c1
          }
          yield c
        }
        """, """
        fun MatMul(A: f64[n, k], B: f64[k, m]) {
          c.1 = build i.1<n {
            c1.3 = build j.3<m {
              r.2 = reduce + q.2<k {
                a.3 = A[i.1, q.2]
                b.3 = B[q.2, j.3]
                p.3 = a.3 * b.3
                yield p.3
              }
              yield r.2
            }
            yield c1.3
          }
          yield c.1
        }
        """, "loop i<n: c0: build", "loop q<k: c2: array-valued reduce +", "loop j<m: c4: build");

    [Fact]
    public void Only_the_ends_keep_their_old_values() => Gives("""
        fun Stencil(u: f64[n], v: f64[n]) {
          m = n - 2
          w = loop (w0: f64[n] = v) for i<m {
            j = i + 1
            k = i + 2
            a = u[i]
            b = u[k]
            o = w0[k]
            s = a + b
            t = s + o
            w1 = w0 with [j] = t
            yield w1
          }
          yield w
        }
        """, """
        fun Stencil(u: f64[n], v: f64[n]) {
          m = n - 2
          w.1 = build i.1<n {
            at.1 = i.1 - 1
            t.1 = at.1 >= 0
            t.2 = at.1 < m
            t.3 = t.1 & t.2
            k.1 = i.1 + 1
            y.1 = if t.3 {
              a.1 = u[at.1]
              b.1 = u[k.1]
              o.1 = v[k.1]
              s.1 = a.1 + b.1
              t.4 = s.1 + o.1
              yield t.4
            } else {
              old.1 = v[i.1]
              yield old.1
            }
            yield y.1
          }
          yield w.1
        }
        """, "loop i<m: w0: build, within a range");

    [Fact]
    public void Backwards() => Gives("""
        fun Reverse(x: f64[n], y: f64[n]) {
          l = n - 1
          r = loop (r0: f64[n] = y) for i<n {
            k = l - i
            v = x[i]
            r1 = r0 with [k] = v
            yield r1
          }
          yield r
        }
        """, """
        fun Reverse(x: f64[n], y: f64[n]) {
          l = n - 1
          r.1 = build i.1<n {
            at.2 = l - i.1
            v.1 = x[at.2]
            yield v.1
          }
          yield r.1
        }
        """, "loop i<n: r0: build");

    [Fact]
    public void A_column_and_rows_into_columns() => Gives("""
        fun F(x: f64[n, m], y: f64[m, n], k: i32) {
          c = loop (c0: f64[n, m] = x) for i<n {
            a = c0[i, 0]
            b = a * 2.0
            c1 = c0 with [i, k] = b
            yield c1
          }
          t = loop (t0: f64[m, n] = y) for j<n {
            row = x[j, :]
            t1 = t0 with [:, j] = row
            yield t1
          }
          yield c, t
        }
        """, """
        fun F(x: f64[n, m], y: f64[m, n], k: i32) {
          any.1 = n > 0
          c.2 = if any.1 {
            c.1 = build i.1<n {
              a.1 = x[i.1, 0]
              b.1 = a.1 * 2.0
              yield b.1
            }
            c.3 = x with [:, k] = c.1
            yield c.3
          } else {
            yield x
          }
          t.2 = build i.2<m, i.3<n {
            v.1 = x[i.3, i.2]
            yield v.1
          }
          yield c.2, t.2
        }
        """, "loop i<n: c0: build", "loop j<n: t0: build");

    [Fact]
    public void A_stored_value_is_read_back_not_computed_again() => Gives("""
        fun F(z: f64[n], y: f64[n]) {
          p, t = loop (p0: f64[n] = y, t0: f64 = 1.5) for i<n {
            v = z[i]
            e = exp v
            p1 = p0 with [i] = e
            t1 = t0 - e
            yield p1, t1
          }
          yield p, t
        }
        """, """
        fun F(z: f64[n], y: f64[n]) {
          p.1 = build i.1<n {
            v.1 = z[i.1]
            e.1 = exp v.1
            yield e.1
          }
          r.1 = reduce + i.2<n {
            e.2 = p.1[i.2]
            yield e.2
          }
          t.1 = 1.5 - r.1
          yield p.1, t.1
        }
        """, "loop i<n: p0: build; t0: reduce +");

    [Fact]
    public void Products_maxima_counters_and_last_values() => Gives("""
        fun F(x: f64[n], k: i32) {
          p, m, c, l = loop (p0: f64 = 1.0, m0: f64 = -inf, c0: i32 = k, l0: f64 = 7.0) for i<n {
            v = x[i]
            p1 = v * p0
            m1 = max m0 v
            w = f64 c0
            l1 = v - w
            c1 = c0 + 2
            yield p1, m1, c1, l1
          }
          yield p, m, c, l
        }
        """, """
        fun F(x: f64[n], k: i32) {
          r.1 = reduce * i.1<n {
            v.1 = x[i.1]
            yield v.1
          }
          r.2 = reduce max i.2<n {
            v.2 = x[i.2]
            yield v.2
          }
          any.1 = n > 0
          last.1 = n - 1
          t.1 = last.1 * 2
          c0.1 = k + t.1
          l.1 = if any.1 {
            v.3 = x[last.1]
            w.1 = f64 c0.1
            l1.1 = v.3 - w.1
            yield l1.1
          } else {
            yield 7.0
          }
          t.2 = n * 2
          c = k + t.2
          yield r.1, r.2, c, l.1
        }
        """, "loop i<n: p0: reduce *; m0: reduce max; l0: last value");

    [Fact]
    public void The_first_of_the_greatest_wins_and_NaN_does_not() => Gives("""
        fun ArgMax(x: f64[n], w: f64[n]) {
          best, at, with = loop (b: f64 = -inf, a: i32 = -1, q: f64 = 0.0) for i<n {
            v = x[i]
            c = v > b
            b1, a1, q1 = if c {
              u = w[i]
              e = exp u
              yield v, i, e
            } else { yield b, a, q }
            yield b1, a1, q1
          }
          yield best, at, with
        }
        """, """
        fun ArgMax(x: f64[n], w: f64[n]) {
          m.1 = reduce max i.1<n {
            v.1 = x[i.1]
            t.1 = v.1 == v.1
            t.2 = select t.1 v.1 -inf
            yield t.2
          }
          w.1 = reduce argmax i.2<n {
            v.2 = x[i.2]
            t.3 = v.2 == v.2
            t.4 = select t.3 v.2 -inf
            yield t.4
          }
          won.1 = m.1 > -inf
          best.2 = select won.1 w.1 -1
          best.1, best.3 = if won.1 {
            v.3 = x[w.1]
            u.1 = w[w.1]
            e.1 = exp u.1
            yield v.3, e.1
          } else {
            yield -inf, 0.0
          }
          yield best.1, best.2, best.3
        }
        """, "loop i<n: b, a, q: argmax");

    [Fact]
    public void A_sum_outside_of_its_array_throws_also_where_no_data_decide_the_place()
    {
        var f = Verifier.Check(Parser.Parse("""
            fun F(x: f64[n], y: f64[m]) {
              r = loop (h: f64[m] = y) for i<n {
                old = h[i]
                v = x[i]
                t = old + v
                h1 = h with [i] = t
                yield h1
              }
              yield r
            }
            """), "test");
        var g = f;
        foreach (var (_, step) in AutoVec.Compiler.Transforms.Pipelines.Steps(f, [], AutoVec.Compiler.Emit.Reduction.None, null)) g = step;
        foreach (var (n, m, throws) in new[] { (3, 3, false), (2, 3, false), (0, 0, false), (3, 2, true), (1, 0, true) })
        {
            var error = Record.Exception(() => Interpreter.Run(g, Value.From(new double[1, n]), Value.From(new double[1, m])));
            Assert.Equal(throws, error is IndexOutOfRangeException);
        }
    }

    [Fact]
    public void A_histogram_over_two_loops_is_one_scatter() => Gives("""
        fun Histogram(x: f64[n, m], bin: i32[n, m], b: f64[b0]) {
          h = loop (h0: f64[b0] = b) for i<n {
            h1 = loop (h2: f64[b0] = h0) for j<m {
              v = x[i, j]
              k = bin[i, j]
              o = h2[k]
              s = o + v
              h3 = h2 with [k] = s
              yield h3
            }
            yield h1
          }
          yield h
        }
        """, """
        fun Histogram(x: f64[n, m], bin: i32[n, m], b: f64[b0]) {
          s.2 = scatter [b0] i.2<n, j.2<m {
            v.2 = x[i.2, j.2]
            k.2 = bin[i.2, j.2]
            yield k.2, v.2
          }
          h.1 = build i.3<b0 {
            v.3 = b[i.3]
            v.4 = s.2[i.3]
            t.1 = v.3 + v.4
            yield t.1
          }
          yield h.1
        }
        """, "loop i<n: h0: scatter +", "loop j<m: h2: scatter +");

    [Fact]
    public void Conditional_updates_are_updates_by_a_conditional_value() => Gives("""
        fun F(x: f64[n], bin: i32[n], y: f64[n], z: f64[m]) {
          c, s, h, g = loop (c0: i32 = 0, s0: f64 = 0.0, h0: f64[m] = z, g0: f64[n] = y) for i<n {
            v = x[i]
            p = v > 0.0
            c1, s1, h1, g1 = if p {
              c2 = c0 + 1
              e = exp v
              s2 = s0 + e
              b = bin[i]
              o = h0[b]
              o2 = o - e
              h2 = h0 with [b] = o2
              g2 = g0 with [i] = e
              yield c2, s2, h2, g2
            } else { yield c0, s0, h0, g0 }
            yield c1, s1, h1, g1
          }
          yield c, s, h, g
        }
        """, """
        fun F(x: f64[n], bin: i32[n], y: f64[n], z: f64[m]) {
          g.1 = build i.1<n {
            v.1 = x[i.1]
            p.1 = v.1 > 0.0
            old.2 = y[i.1]
            w.2 = if p.1 {
              e.1 = exp v.1
              yield e.1
            } else {
              yield old.2
            }
            yield w.2
          }
          r.1 = reduce + i.2<n {
            v.2 = x[i.2]
            p.2 = v.2 > 0.0
            t.3 = select p.2 1 0
            yield t.3
          }
          r.2 = reduce + i.3<n {
            v.3 = x[i.3]
            p.3 = v.3 > 0.0
            d.3 = if p.3 {
              e.2 = exp v.3
              yield e.2
            } else {
              yield 0.0
            }
            yield d.3
          }
          s.2 = scatter [m] i.4<n {
            v.4 = x[i.4]
            p.4 = v.4 > 0.0
            d.4, at.2 = if p.4 {
              e.3 = exp v.4
              b.1 = bin[i.4]
              t.4 = neg e.3
              yield t.4, b.1
            } else {
              yield 0.0, 0
            }
            yield at.2, d.4
          }
          h.1 = build i.5<m {
            v.5 = z[i.5]
            v.6 = s.2[i.5]
            t.5 = v.5 + v.6
            yield t.5
          }
          yield r.1, r.2, h.1, g.1
        }
        """, "loop i<n: c0: reduce +; s0: reduce +; h0: scatter +; g0: build");

    [Fact]
    public void Sums_into_one_element_and_into_a_slice() => Gives("""
        fun F(x: f64[n, m], y: f64[k], z: f64[k, m], at: i32) {
          a = loop (a0: f64[k] = y) for i<n {
            v = x[i, 0]
            o = a0[at]
            s = o + v
            a1 = a0 with [at] = s
            yield a1
          }
          b = loop (b0: f64[k, m] = z) for i1<n {
            row = build j<m {
              v1 = x[i1, j]
              o1 = b0[0, j]
              s1 = o1 + v1
              yield s1
            }
            b1 = b0 with [0, :] = row
            yield b1
          }
          yield a, b
        }
        """, """
        fun F(x: f64[n, m], y: f64[k], z: f64[k, m], at: i32) {
          any.1 = n > 0
          a.1 = if any.1 {
            r.1 = reduce + i.1<n {
              v.1 = x[i.1, 0]
              yield v.1
            }
            old.1 = y[at]
            t.1 = old.1 + r.1
            a.2 = y with [at] = t.1
            yield a.2
          } else {
            yield y
          }
          b.3 = if any.1 {
            b.1 = build j.1<m {
              r.2 = reduce + i1.1<n {
                v1.1 = x[i1.1, j.1]
                yield v1.1
              }
              old.2 = z[0, j.1]
              t.2 = old.2 + r.2
              yield t.2
            }
            b.2 = z with [0, :] = b.1
            yield b.2
          } else {
            yield z
          }
          yield a.1, b.3
        }
        """, "loop i<n: a0: reduce + into one element", "loop i1<n: b0: array-valued reduce +");

    [Fact]
    public void What_one_trip_computes_once_is_stored_before_a_sum_of_arrays() => Gives("""
        fun F(x: f64[n, m], w: f64[k], y: f64[k]) {
          s = loop (s0: f64[k] = y) for i<n {
            d = reduce + j<m {
              v = x[i, j]
              yield v
            }
            s1 = build q<k {
              o = s0[q]
              u = w[q]
              e = d * u
              t = o + e
              yield t
            }
            yield s1
          }
          yield s
        }
        """, """
        fun F(x: f64[n, m], w: f64[k], y: f64[k]) {
          a.1 = build i.1<n {
            d.1 = reduce + j.1<m {
              v.1 = x[i.1, j.1]
              yield v.1
            }
            yield d.1
          }
          s.1 = build q.1<k {
            r.1 = reduce + i.2<n {
              d.2 = a.1[i.2]
              u.1 = w[q.1]
              e.1 = d.2 * u.1
              yield e.1
            }
            old.1 = y[q.1]
            t.1 = old.1 + r.1
            yield t.1
          }
          yield s.1
        }
        """, "loop i<n: s0: array-valued reduce +");

    [Fact]
    public void Any_and_all() => Gives("""
        fun F(x: f64[n], p: bool) {
          f, g = loop (f0: bool = false, g0: bool = p) for i<n {
            v = x[i]
            c = v > 1.5
            d = v > -1.5
            f1 = if c { yield true } else { yield f0 }
            g1 = g0 & d
            yield f1, g1
          }
          yield f, g
        }
        """, """
        fun F(x: f64[n], p: bool) {
          r.1 = reduce max i.1<n {
            v.1 = x[i.1]
            c.1 = v.1 > 1.5
            t.1 = select c.1 1 0
            yield t.1
          }
          t.2 = r.1 > 0
          r.2 = reduce min i.2<n {
            v.2 = x[i.2]
            d.1 = v.2 > -1.5
            t.3 = select d.1 1 0
            yield t.3
          }
          t.4 = r.2 > 0
          g.1 = p & t.4
          yield t.2, g.1
        }
        """, "loop i<n: f0: any; g0: all");

    [Fact]
    public void An_element_cleared_and_summed_up_in_the_inner_loop() => Gives("""
        fun MatVec(w: f64[n, m], x: f64[m], y: f64[n]) {
          r = loop (r0: f64[n] = y) for i<n {
            r1 = r0 with [i] = 0.0
            r2 = loop (r3: f64[n] = r1) for j<m {
              a = w[i, j]
              b = x[j]
              p = a * b
              o = r3[i]
              s = o + p
              r4 = r3 with [i] = s
              yield r4
            }
            yield r2
          }
          yield r
        }
        """, """
        fun MatVec(w: f64[n, m], x: f64[m], y: f64[n]) {
          r.1 = build i.1<n {
            r.2 = reduce + j.1<m {
              a.1 = w[i.1, j.1]
              b.1 = x[j.1]
              p.1 = a.1 * b.1
              yield p.1
            }
            yield r.2
          }
          yield r.1
        }
        """, "loop i<n: r0: build", "loop j<m: r3: reduce + into one element");

    [Fact]
    public void A_while_loop_that_counts() => Gives("""
        fun F(x: f64[n], m: i32) {
          i, s = loop (i0: i32 = 0, s0: f64 = 0.0) while { c = i0 < n
            yield c } {
            v = x[i0]
            s1 = s0 + v
            i1 = i0 + 1
            yield i1, s1
          }
          k, p = loop (k0: i32 = m, p0: f64 = 1.0) while { c1 = 0 < k0
            yield c1 } {
            k1 = k0 - 1
            w = f64 k1
            p1 = p0 * w
            yield k1, p1
          }
          yield s, i, k, p
        }
        """, """
        fun F(x: f64[n], m: i32) {
          r.1 = reduce + i0.1<n {
            v.1 = x[i0.1]
            yield v.1
          }
          trips.1 = max m 0
          r.2 = reduce * k0.1<trips.1 {
            k0.2 = m - k0.1
            k1.1 = k0.2 - 1
            w.1 = f64 k1.1
            yield w.1
          }
          k = m - trips.1
          yield r.1, n, k, r.2
        }
        """, "loop i0<n: s0: reduce +", "loop k0<trips: p0: reduce *");
}
