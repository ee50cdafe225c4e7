using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Halves.Halves;

namespace AutoVec.Compiler.Tests.Halves;

public class HalvesTests
{
    private static void Gives(string[] parameters, int[] results, string before, string after)
    {
        var g = PassText.Gives(f => Pass.Run(f, parameters, results), before, after);
        Assert.All(g.Body.Results.Where((_, k) => results.Contains(k)), r => Assert.Equal(Scalar.F16, r.Type.Scalar));
    }

    [Fact]
    public void Elements_are_read_and_written_as_they_lie() => Gives(["x", "k"], [0], """
        fun F(x: f32[n], k: f32) {
          y = build i<n {
            a = x[i]
            b = a * k
            c = half b
            yield c
          }
          yield y
        }
        """, """
        fun F(x: f16[n], k: f16) {
          k.1 = f32 k
          y = build i<n {
            a.1 = x[i]
            a = f32 a.1
            b = a * k.1
            c.1 = f16 b
            yield c.1
          }
          yield y
        }
        """);

    [Fact]
    public void Views_are_views_of_halves() => Gives(["x"], [], """
        fun F(x: f32[n, m]) {
          y = build i<n {
            r = x[i, :]
            s = reduce + j<m {
              a = r[j]
              yield a
            }
            yield s
          }
          yield y
        }
        """, """
        fun F(x: f16[n, m]) {
          y = build i<n {
            r = x[i, :]
            s = reduce + j<m {
              a.1 = r[j]
              a = f32 a.1
              yield a
            }
            yield s
          }
          yield y
        }
        """);

    [Fact]
    public void What_is_taken_whole_is_widened_first_and_a_result_that_is_read_is_narrowed_last() => Gives(["x"], [0, 1], """
        fun F(x: f32[n], t: i32) {
          h = loop (h0: f32[n] = x) for i<t {
            h1 = h0 with [0] = 1.0f
            yield h1
          }
          s = reduce + i.1<n {
            a = h[i.1]
            yield a
          }
          yield h, s
        }
        """, """
        fun F(x: f16[n], t: i32) {
          x.2 = build i.2<n {
            x.1 = x[i.2]
            x.3 = f32 x.1
            yield x.3
          }
          h = loop (h0: f32[n] = x.2) for i<t {
            h1 = h0 with [0] = 1.0f
            yield h1
          }
          s = reduce + i.1<n {
            a = h[i.1]
            yield a
          }
          h.3 = build i.3<n {
            v.1 = h[i.3]
            h.2 = f16 v.1
            yield h.2
          }
          s.1 = f16 s
          yield h.3, s.1
        }
        """);

    [Fact]
    public void The_factors_of_a_product_are_widened_and_its_result_is_narrowed_behind_it() => Gives(["a", "b"], [0], """
        fun F(a: f32[n, k], b: f32[k, m]) {
          c = build i<n, j<m {
            s = reduce + l<k {
              x = a[i, l]
              y = b[l, j]
              p = x * y
              yield p
            }
            yield s
          }
          yield c
        }
        """, """
        fun F(a: f16[n, k], b: f16[k, m]) {
          a.2 = build i.1<n, i.2<k {
            a.1 = a[i.1, i.2]
            a.3 = f32 a.1
            yield a.3
          }
          b.2 = build i.3<k, i.4<m {
            b.1 = b[i.3, i.4]
            b.3 = f32 b.1
            yield b.3
          }
          c = build i<n, j<m {
            s = reduce + l<k {
              x = a.2[i, l]
              y = b.2[l, j]
              p = x * y
              yield p
            }
            yield s
          }
          c.3 = build i.5<n, i.6<m {
            v.1 = c[i.5, i.6]
            c.2 = f16 v.1
            yield c.2
          }
          yield c.3
        }
        """);

    [Fact]
    public void Without_halves_nothing_changes()
    {
        var f = Parser.Parse("fun F(x: f32) {\n  yield x\n}");
        Assert.Same(f, Pass.Run(f, [], []));
    }
}
