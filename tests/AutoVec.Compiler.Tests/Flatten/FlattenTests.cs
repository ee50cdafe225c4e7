using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Tests.Vectorize;
using AutoVec.Tests.Random;
using Pass = AutoVec.Compiler.Transforms.Flatten.Flatten;
using Simple = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Flatten;

public class FlattenTests
{
    private static FunctionIr Gives(string before, string after, bool motion = true)
    {
        var g = PassText.Gives(f => Simple.Run(Pass.Run(Simple.Run(f), motion), motion), before, after);
        foreach (int n in new[] { 0, 1, 3 }) PassText.SameMeaning(Parser.Parse(before), g, [n]);
        return g;
    }

    [Fact]
    public void A_reduction_leaves_the_build_around_it() => Gives("""
        fun Layer(x: f32[d], W: f32[d, h], b: f32[h]) {
          y = build j<h {
            s = b[j]
            r = reduce + i<d {
              a = x[i]
              w = W[i, j]
              p = a * w
              yield p
            }
            t = s + r
            e = exp t
            yield e
          }
          yield y
        }
        """, """
        fun Layer(x: f32[d], W: f32[d, h], b: f32[h]) {
          r.2 = build j.1<h {
            r.1 = reduce + i.1<d {
              a.1 = x[i.1]
              w.1 = W[i.1, j.1]
              p.1 = a.1 * w.1
              yield p.1
            }
            yield r.1
          }
          y = build j<h {
            s = b[j]
            r = r.2[j]
            t = s + r
            e = exp t
            yield e
          }
          yield y
        }
        """);

    /// <summary>Before derivatives floats stay in their elements, so a number that all elements share is state of each.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_host_loop_carries_a_number_that_is_the_same_for_every_element(bool motion)
    {
        var f = Parser.Parse("""
            fun F(x: f64[n, m], a: f64) {
              r = build i<n {
                y = x[i, :]
                s, h = loop (s0: f64 = 0.7, h0: f64[m] = y) for k<m {
                  h1 = build j<m {
                    b = h0[j]
                    c = b * s0
                    yield c
                  }
                  t = s0 + a
                  s1 = tanh t
                  yield s1, h1
                }
                e = h[0]
                p = e * s
                yield p
              }
              yield r
            }
            """);
        var g = Verifier.Check(Pass.Run(Simple.Run(f), motion), "flatten");
        Assert.Contains("for host", Printer.Print(g), StringComparison.Ordinal);
        PassText.SameMeaning(f, g, [3]);
    }

    [Fact]
    public void A_build_inside_becomes_more_dimensions_and_what_is_expensive_is_computed_once() => Gives("""
        fun F(x: f64[n], y: f64[m]) {
          z, s = build i<n {
            a = x[i]
            e = exp a
            r = build j<m {
              b = y[j]
              p = e * b
              yield p
            }
            t = sin e
            yield r, t
          }
          yield z, s
        }
        """, """
        fun F(x: f64[n], y: f64[m]) {
          e.2 = build i.1<n {
            a.1 = x[i.1]
            e.1 = exp a.1
            yield e.1
          }
          r.1 = build i.2<n, j.1<m {
            e.3 = e.2[i.2]
            b.1 = y[j.1]
            p.1 = e.3 * b.1
            yield p.1
          }
          s = build i<n {
            e = e.2[i]
            t = sin e
            yield t
          }
          yield r.1, s
        }
        """);

    [Fact]
    public void A_scalar_loop_is_element_code() => Gives("""
        fun F(x: f64[n]) {
          y = build i<n {
            a = x[i]
            s = loop (s0: f64 = a) while {
              c = s0 < 10.0
              yield c
            } {
              s1 = s0 + 1.0
              yield s1
            }
            e = exp s
            yield e
          }
          yield y
        }
        """, """
        fun F(x: f64[n]) {
          y = build i<n {
            a = x[i]
            s = loop (s0: f64 = a) while {
              c = s0 < 10.0
              yield c
            } {
              s1 = s0 + 1.0
              yield s1
            }
            e = exp s
            yield e
          }
          yield y
        }
        """);

    [Fact]
    public void A_loop_with_parallel_work_carries_the_state_of_all_elements() => Gives("""
        fun Rnn(x: f64[B, t, h], W: f64[h, h]) {
          y = build b<B {
            z = build j<h { yield 0.0 }
            s = loop (s0: f64[h] = z) for k<t {
              s1 = build j1<h {
                r = reduce + i<h {
                  a = s0[i]
                  w = W[i, j1]
                  p = a * w
                  yield p
                }
                c = x[b, k, j1]
                q = r + c
                yield q
              }
              yield s1
            }
            yield s
          }
          yield y
        }
        """, """
        fun Rnn(x: f64[B, t, h], W: f64[h, h]) {
          z.4 = build b.1<B, k.2<h {
            yield 0.0
          }
          s.1 = loop (s0.1: f64[B, h] = z.4) for host k<t {
            r.2 = build b.2<B, j1.1<h {
              r.1 = reduce + i.1<h {
                a.1 = s0.1[b.2, i.1]
                w.1 = W[i.1, j1.1]
                p.1 = a.1 * w.1
                yield p.1
              }
              yield r.1
            }
            s1.1 = build b.3<B, j1.2<h {
              r.3 = r.2[b.3, j1.2]
              c.1 = x[b.3, k, j1.2]
              q.1 = r.3 + c.1
              yield q.1
            }
            yield s1.1
          }
          yield s.1
        }
        """);

    [Fact]
    public void Arrays_whose_lengths_differ_never_leave_the_thread()
    {
        const string text = """
            fun F(k: i32[n], x: f64[n]) {
              y = build i<n {
                m = k[i]
                e = x[i]
                t = build j<m {
                  a = e * 2.0
                  yield a
                }
                r = reduce + j2<m {
                  b = t[j2]
                  yield b
                }
                yield r
              }
              yield y
            }
            """;
        var g = Verifier.Check(Simple.Run(Pass.Run(Parser.Parse(text), true), true), "flatten");
        Assert.Single(g.Body.Stmts);
        foreach (int n in new[] { 0, 1, 4 }) PassText.SameMeaning(Parser.Parse(text), g, [n]);
    }

    [Fact]
    public void What_is_the_same_for_every_element_runs_once_but_not_before_a_derivative()
    {
        const string text = """
            fun F(x: f64[n], W: f64[m]) {
              y = build i<n {
                r = reduce + j<m {
                  w = W[j]
                  l = log w
                  yield l
                }
                a = x[i]
                b = a * r
                yield b
              }
              yield y
            }
            """;
        Assert.IsType<Reduce>(Pass.Run(Parser.Parse(text), motion: true).Body.Stmts[0]);
        Assert.IsType<Build>(Pass.Run(Parser.Parse(text), motion: false).Body.Stmts[0]);
    }

    [Fact]
    public void Writes_to_a_fresh_array_stay_in_the_thread_and_go_together()
    {
        var g = Gives("""
            fun F(x: f64[B]) {
              y = build b<B {
                a = x[b]
                z = build i<3 { yield 0.0 }
                c = cos a
                z1 = z with [0] = c
                s = sin a
                z2 = z1 with [1] = s
                r = reduce + j<3 {
                  e = z2[j]
                  q = e * e
                  yield q
                }
                yield r
              }
              yield y
            }
            """, """
            fun F(x: f64[B]) {
              z2.2 = build b.1<B {
                a.1 = x[b.1]
                z.1 = build i.1<3 {
                  yield 0.0
                }
                c.1 = cos a.1
                z1.1 = z.1 with [0] = c.1
                s.1 = sin a.1
                z2.1 = z1.1 with [1] = s.1
                yield z2.1
              }
              r.2 = build b.2<B {
                r.1 = reduce + j.1<3 {
                  e.1 = z2.2[b.2, j.1]
                  q.1 = e.1 * e.1
                  yield q.1
                }
                yield r.1
              }
              yield r.2
            }
            """);
        Assert.Equal(2, g.Body.Stmts.Count);
    }

    /// <summary>Once taken for a constant fill, and copied without its scalar.</summary>
    [Fact]
    public void A_scalar_repeated_over_an_array_is_computed_before_the_array()
    {
        const string text = """
            fun F(x: f64[B], y: f64[n]) {
              z = build b<B {
                a = x[b]
                s = sin a
                f = build i<n { yield s }
                r = build j<n {
                  p = reduce * k<j {
                    e = f[k]
                    m = max e 0.6
                    yield m
                  }
                  yield p
                }
                t = reduce + l<n {
                  q = r[l]
                  yield q
                }
                yield t
              }
              yield z
            }
            """;
        var g = Verifier.Check(Pass.Run(Parser.Parse(text), motion: true), "flatten");
        foreach (int n in new[] { 0, 1, 3 }) PassText.SameMeaning(Parser.Parse(text), g, [n]);
    }

    [Fact]
    public void Random_programs() => PassFuzz.Check(0, Support.Fuzz.Count(300), ("flatten", f => Pass.Run(f)), ("simplify", f => Simple.Run(f)));

    [Fact]
    public void Random_programs_in_a_batch() => Batches.Fuzz(1000, Support.Fuzz.Count(300), null,
        ("simplify", f => Simple.Run(f, true)), ("flatten", f => Pass.Run(f, true)), ("simplify again", f => Simple.Run(f, true)));
}
