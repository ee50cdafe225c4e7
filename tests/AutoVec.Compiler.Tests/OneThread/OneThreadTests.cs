using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Siblings = AutoVec.Compiler.Transforms.OneThread.Siblings;
using Pass = AutoVec.Compiler.Transforms.OneThread.OneThread;

namespace AutoVec.Compiler.Tests.OneThread;

public class OneThreadTests
{
    [Fact]
    public void A_loop_of_short_stages_has_a_version_in_one_thread() => PassText.Gives(Pass.Run, """
        fun F(x: f64[n], s: i32) {
          z = build k<n { yield 0.0 }
          y = loop (y0: f64[n] = z) for host t<s {
            y1 = build i<n {
              a = y0[i]
              b = x[i]
              c = a * b
              yield c
            }
            yield y1
          }
          yield y
        }
        """, """
        fun F(x: f64[n], s: i32) {
          n.1 = f64 n
          work.1 = 2.0 * n.1
          small.1 = work.1 <= 262144.0
          small.2 = true & small.1
          y = if small.2 {
            y.1 = build u.1<1 {
              z.1 = build k.1<n { yield 0.0 }
              y.2 = loop (y0.1: f64[n] = z.1) for thread t.1<s {
                y1.1 = build i.1<n {
                  a.1 = y0.1[i.1]
                  b.1 = x[i.1]
                  c.1 = a.1 * b.1
                  yield c.1
                }
                yield y1.1
              }
              yield y.2
            }
            y.3 = y.1[0, :]
            yield y.3
          } else {
            z.2 = build k.2<n { yield 0.0 }
            y.4 = loop (y0.2: f64[n] = z.2) for host t.2<s {
              y1.2 = build i.2<n {
                a.2 = y0.2[i.2]
                b.2 = x[i.2]
                c.2 = a.2 * b.2
                yield c.2
              }
              yield y1.2
            }
            yield y.4
          }
          yield y
        }
        """);

    [Fact]
    public void Loops_over_one_extent_in_a_thread_are_one() => PassText.Gives(Siblings.Run, """
        fun F(x: f64[n]) {
          r = build u<1 {
            h = build i<n {
              a = x[i]
              e = exp a
              yield e
            }
            g = build j<n {
              b = h[j]
              c = x[j]
              d = b * c
              yield d
            }
            k = build q<n {
              l = n - q
              m = l - 1
              o = g[m]
              yield o
            }
            yield k
          }
          yield r
        }
        """, """
        fun F(x: f64[n]) {
          r = build u<1 {
            h, g = build i<n {
              a = x[i]
              e = exp a
              c = x[i]
              d = e * c
              yield e, d
            }
            k = build q<n {
              l = n - q
              m = l - 1
              o = g[m]
              yield o
            }
            yield k
          }
          yield r
        }
        """);
}
