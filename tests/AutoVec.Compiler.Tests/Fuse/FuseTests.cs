using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Fuse.Fuse;

namespace AutoVec.Compiler.Tests.Fuse;

public class FuseTests
{
    private static FunctionIr Gives(string before, string after)
    {
        var g = PassText.Gives(Pass.Run, before, after);
        foreach (int n in new[] { 0, 1, 3 }) PassText.SameMeaning(Parser.Parse(before), g, [n], tolerance: 1e-12);
        return g;
    }

    private static void Stays(string text) => Gives(text, text);

    [Fact]
    public void What_only_loads_through_a_window_goes_into_its_readers() => Gives("""
        fun F(x: f64[B, d], y: f64[d]) {
          g = build b<B, i<d {
            v = x[b, 0:d]
            a = v[i]
            yield a
          }
          s = build b2<B {
            r = reduce + i2<d {
              e = g[b2, i2]
              c = y[i2]
              p = e * c
              yield p
            }
            yield r
          }
          yield s
        }
        """, """
        fun F(x: f64[B, d], y: f64[d]) {
          s = build b2<B {
            r = reduce + i2<d {
              v.1 = x[b2, 0:d]
              a.1 = v.1[i2]
              c = y[i2]
              p = a.1 * c
              yield p
            }
            yield r
          }
          yield s
        }
        """);

    [Fact]
    public void The_batch_sum_of_outer_products_is_one_contraction() => Gives("""
        fun F(x: f64[B, d], y: f64[B, h]) {
          g = build b<B, i<d, j<h {
            a = x[b, i]
            c = y[b, j]
            p = a * c
            yield p
          }
          w = build i2<d, j2<h {
            s = reduce + b2<B {
              e = g[b2, i2, j2]
              yield e
            }
            yield s
          }
          yield w
        }
        """, """
        fun F(x: f64[B, d], y: f64[B, h]) {
          w = build i2<d, j2<h {
            s = reduce + b2<B {
              a.1 = x[b2, i2]
              c.1 = y[b2, j2]
              p.1 = a.1 * c.1
              yield p.1
            }
            yield s
          }
          yield w
        }
        """);

    [Fact]
    public void What_a_contraction_reads_once_per_column_stays_an_array() => Stays("""
        fun F(x: f64[B, d], W: f64[d, h]) {
          a = build b<B, i<d {
            e = x[b, i]
            t = tanh e
            yield t
          }
          r = build b2<B, j<h {
            s = reduce + i2<d {
              u = a[b2, i2]
              w = W[i2, j]
              p = u * w
              yield p
            }
            yield s
          }
          yield r
        }
        """);

    [Fact]
    public void What_two_read_stays_an_array_unless_it_only_loads() => Gives("""
        fun F(x: f64[n, n]) {
          a = build i<n {
            d = x[i, i]
            yield d
          }
          b = build j<n {
            u = a[j]
            v = sin u
            yield v
          }
          c = build k<n {
            w = a[k]
            y = b[k]
            z = w * y
            q = cos y
            r = z + q
            yield r
          }
          e = build l<n {
            m = b[l]
            o = exp m
            yield o
          }
          yield c, e
        }
        """, """
        fun F(x: f64[n, n]) {
          b = build j<n {
            d.1 = x[j, j]
            v = sin d.1
            yield v
          }
          c = build k<n {
            d.2 = x[k, k]
            y = b[k]
            z = d.2 * y
            q = cos y
            r = z + q
            yield r
          }
          e = build l<n {
            m = b[l]
            o = exp m
            yield o
          }
          yield c, e
        }
        """);

    [Fact]
    public void A_sum_of_sums_is_one_sum() => Gives("""
        fun F(x: f64[B, t, d], y: f64[B, t, h]) {
          g = build b<B, i<d, j<h {
            s = reduce + k<t {
              a = x[b, k, i]
              c = y[b, k, j]
              p = a * c
              yield p
            }
            yield s
          }
          w = build i2<d, j2<h {
            r = reduce + b2<B {
              e = g[b2, i2, j2]
              yield e
            }
            yield r
          }
          yield w
        }
        """, """
        fun F(x: f64[B, t, d], y: f64[B, t, h]) {
          w = build i2<d, j2<h {
            r = reduce + b2<B, k.1<t {
              a.1 = x[b2, k.1, i2]
              c.1 = y[b2, k.1, j2]
              p.1 = a.1 * c.1
              yield p.1
            }
            yield r
          }
          yield w
        }
        """);

    [Fact]
    public void The_batch_sum_of_scatters_is_one_scatter()
    {
        const string text = """
            fun F(at: i32[B, t], g: f64[B, t], z: f64[v]) {
              s = scatter [B, v] b<B, k<t {
                i = at[b, k]
                e = g[b, k]
                yield b, i, e
              }
              r = build j<v {
                u = reduce + b2<B {
                  w = s[b2, j]
                  yield w
                }
                yield u
              }
              yield r
            }
            """;
        Gives(text, """
            fun F(at: i32[B, t], g: f64[B, t], z: f64[v]) {
              r = scatter [v] b<B, k<t {
                i = at[b, k]
                e = g[b, k]
                yield i, e
              }
              yield r
            }
            """);
    }

    [Fact]
    public void A_loop_that_only_adds_carries_the_sum_over_the_batch() => Gives("""
        fun F(x: f64[B, t, h]) {
          z = build b0<B, j0<h { yield 0.0 }
          g = loop (g0: f64[B, h] = z) for host k<t {
            g1 = build b<B, j<h {
              o = g0[b, j]
              a = x[b, k, j]
              e = sin a
              s = o + e
              yield s
            }
            yield g1
          }
          r = build j2<h {
            u = reduce + b2<B {
              w = g[b2, j2]
              yield w
            }
            yield u
          }
          yield r
        }
        """, """
        fun F(x: f64[B, t, h]) {
          g0.2 = build i.1<h {
            yield 0.0
          }
          r = loop (g0.3: f64[h] = g0.2) for host k<t {
            g1.2 = build i.2<h {
              g1.1 = reduce + b.2<B {
                a.1 = x[b.2, k, i.2]
                e.1 = sin a.1
                yield e.1
              }
              yield g1.1
            }
            g1.3 = build i.3<h {
              v.2 = g0.3[i.3]
              v.3 = g1.2[i.3]
              t.1 = v.2 + v.3
              yield t.1
            }
            yield g1.3
          }
          yield r
        }
        """);

    [Fact]
    public void Per_sample_values_stay_in_their_row() => Stays("""
        fun F(x: f64[B]) {
          y = build b<B {
            a = x[b]
            e = exp a
            yield e
          }
          t = reduce + b2<B {
            v = y[b2]
            yield v
          }
          yield t
        }
        """);
}
