using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Two vectors of lanes go through loops together where they share what they read, or hide each other's latency.</summary>
public class JamTests
{
    private const string Steps = """
        fun F(x: f32[B], a: f32[B], dt: f32, steps: i32) {
          y = build b<B {
            v = x[b]
            k = a[b]
            z = loop (z0: f32 = v) for s<steps {
              g = k * z0
              h = g * dt
              z1 = z0 + h
              yield z1
            }
            yield z
          }
          yield y
        }
        """;

    private static string Text(string text)
    {
        var harness = new CoreHarness();
        return harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512));
    }

    private static void AreJammed(string program)
    {
        Assert.Contains("PairStep(", Text(program));
        LaneTests.Check(program);
    }

    private static void AreNot(string program) => Assert.DoesNotContain("PairStep(", Text(program));

    [Fact]
    public void A_chain_of_steps()
    {
        AreJammed(Steps);
        string text = Text(Steps);
        Assert.Contains("for (; b <= to - 2 * V.Count; b += 2 * V.Count)", text);
        Assert.Contains("Lanes.Load(x + b + V.Count, lanes, out V v2);", text);
    }

    /// <summary>Each sum is taken as in a step for one vector; what all samples share is loaded once.</summary>
    [Fact]
    public void Sums_over_what_all_samples_share()
    {
        const string program = """
            fun F(x: f32[B], w: f32[m]) {
              y = build b<B {
                v = x[b]
                s = reduce + k<m {
                  a = w[k]
                  d = v - a
                  e = d * d
                  yield e
                }
                yield s
              }
              yield y
            }
            """;
        AreJammed(program);
        Assert.Contains("= VX.Create(w[k]);", Text(program));
    }

    [Fact]
    public void Arrays_of_each_sample_stay_in_the_cache()
    {
        const string program = """
            fun F(x: f32[B, d], c: f32[m, d]) {
              i, t = build b<B {
                r = build k<m {
                  s = reduce + j<d {
                    a = x[b, j]
                    e = c[k, j]
                    u = a - e
                    p = u * u
                    yield p
                  }
                  yield s
                }
                w = reduce argmin k2<m { q = r[k2] yield q }
                z = r[w]
                yield w, z
              }
              yield i, t
            }
            """;
        AreJammed(program);
        Assert.Contains("<= 192)", Text(program));
    }

    /// <summary>Vectors of which all indices lie inside of the array are taken two at a time.</summary>
    [Fact]
    public void Windows_inside_of_a_row()
    {
        const string program = """
            fun F(y: f32[B, n], w: f32[m]) {
              r = build b<B, a<n {
                s = reduce + k<m {
                  i = a - k
                  c = i >= 0
                  e = if c { v = y[b, i] g = w[k] h = v * g yield h } else { yield 0.0f }
                  yield e
                }
                yield s
              }
              yield r
            }
            """;
        AreJammed(program);
        Assert.Contains("InnerPairStep(", Text(program));
    }

    [Fact]
    public void Branches_for_all_lanes_and_for_some()
    {
        AreJammed("""
            fun F(x: f32[B], w: f32[m], on: bool) {
              y = build b<B {
                v = x[b]
                t = if on {
                  s = loop (s0: f32 = v) for k<m {
                    a = w[k]
                    c = s0 > a
                    d = if c { g = s0 - a h = g * g yield h } else { g = s0 + a yield g }
                    e = d * 0.5f
                    yield e
                  }
                  yield s
                } else {
                  p = reduce max k<m { a = w[k] u = a * v yield u }
                  yield p
                }
                yield t
              }
              yield y
            }
            """);
    }

    [Fact]
    public void Not_where_lanes_leave_one_by_one() => AreNot("""
        fun F(x: f32[B], w: f32[m], k: i32[B]) {
          y = build b<B {
            v = x[b]
            n = k[b]
            s = loop (s0: f32 = v) for t<n {
              s1 = s0 * 0.5f
              yield s1
            }
            yield s
          }
          yield y
        }
        """);

    [Fact]
    public void Not_where_nothing_is_shared_and_nothing_waits() => AreNot("""
        fun F(x: f32[m, B]) {
          y = build b<B {
            s = reduce + k<m { v = x[k, b] yield v }
            yield s
          }
          yield y
        }
        """);

    [Fact]
    public void The_sample_outside_is_named()
    {
        var f = Loose.Parse("""
            fun At(x: f32[n], k: i32[B], w: f32[m]) {
              y = build b<B {
                i = k[b]
                v = x[i]
                s = loop (s0: f32 = v) for t<m { a = w[t] s1 = s0 * a yield s1 }
                yield s
              }
              yield y
            }
            """);
        Assert.Contains("PairStep(", Text(f.ToString()));
        var k = new int[64];
        k[53] = 3;
        var e = Assert.Throws<IndexOutOfRangeException>(() => CoreHarness.Run(TrivialPlan.Of(f), Value.From(new float[3]), Value.From(k), Value.From(new float[2])));
        Assert.Equal("At: index 3 is outside 'x', whose length there is 3 (sample 53 of the batch).", e.Message);
    }
}
