using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Differentiate;
using Cut = AutoVec.Compiler.Transforms.Checkpoint.Checkpoint;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>
/// Arrays that loops inside a loop update: the same gradient from a log of what was overwritten and from the array at entry of each trip, to the
/// bit, and both as differences say. The arrays are long, so that logs pay.
/// </summary>
public class JournalTests
{
    private const string Sorting = """
        fun Sorting(x: f64[m], p: f64) {
          z = build j<m { v = x[j]
            yield v }
          a, s = loop (a0: f64[m] = z, s0: f64 = 0.0) for i<m {
            a5, k5 = loop (a1: f64[m] = a0, k1: i32 = i) while {
              c0 = k1 > 0
              c = if c0 {
                km = k1 - 1
                u = a1[km]
                w = a1[k1]
                d = u > w
                yield d
              } else { yield false }
              yield c
            } {
              km2 = k1 - 1
              u2 = a1[km2]
              w2 = a1[k1]
              u3 = u2 * p
              a2 = a1 with [k1] = u3
              a3 = a2 with [km2] = w2
              yield a3, km2
            }
            r = a5[i]
            r2 = r * r
            s1 = s0 + r2
            yield a5, s1
          }
          e = reduce + j2<m { v2 = a[j2]
            v3 = sin v2
            yield v3 }
          y = s + e
          yield y, a
        }
        """;

    private const string EarlyEnd = """
        fun EarlyEnd(x: f64[m], p: f64) {
          z = build j<m { yield 0.1 }
          i, done, s, a = loop (i0: i32 = 0, d0: bool = false, s0: f64 = 0.0, a0: f64[m] = z) while {
            c0 = i0 < m
            c1 = not d0
            c = c0 & c1
            yield c
          } {
            v = x[i0]
            j3, d3, s3, a3 = loop (j1: i32 = 0, d1: bool = false, s1: f64 = s0, a1: f64[m] = a0) while {
              q0 = j1 < 3
              q1 = not d1
              q = q0 & q1
              yield q
            } {
              k0 = i0 * 7
              k1 = k0 + j1
              k = irem k1 m
              o = a1[k]
              o1 = o * 0.5
              w = v * p
              w1 = sin w
              n = o1 + w1
              a2 = a1 with [k] = n
              big = n > 1.3
              d2, s2, a8 = if big {
                t = s1 + n
                yield true, t, a2
              } else {
                k2 = k + 1
                k3 = irem k2 m
                r = a2[k3]
                rn = r * n
                t2 = s1 + rn
                low = rn < 0.0
                a7 = if low {
                  a6 = a2 at [k3] += rn
                  yield a6
                } else { yield a2 }
                yield false, t2, a7
              }
              j2 = j1 + 1
              yield j2, d2, s2, a8
            }
            i1 = i0 + 1
            yield i1, d3, s3, a3
          }
          e = reduce + j9<m { e0 = a[j9]
            e1 = e0 * e0
            yield e1 }
          y = s + e
          yield y
        }
        """;

    private const string Rows = """
        fun Rows(x: f64[m], p: f64) {
          w = build i0<m, j0<m {
            q0 = i0 * 5
            q1 = q0 + j0
            q2 = irem q1 m
            v0 = x[q2]
            v1 = v0 * p
            yield v1
          }
          a, t = loop (a0: f64[m, m] = w, t0: f64 = 1.0) for k<m {
            h0 = k * 3
            h = irem h0 m
            differ = h != k
            a5 = if differ {
              a4 = loop (a1: f64[m, m] = a0) for j<m {
                u = a1[k, j]
                v = a1[h, j]
                a2 = a1 with [k, j] = v
                a3 = a2 with [h, j] = u
                yield a3
              }
              yield a4
            } else { yield a0 }
            d = a5[k, k]
            d1 = sin d
            t1 = t0 + d1
            d2 = d * t1
            a6 = a5 with [k, h] = d2
            yield a6, t1
          }
          e = a[0, 0]
          y = t * e
          yield y
        }
        """;

    private const string Deep = """
        fun Deep(x: f64[m], p: f64) {
          z = build j<m { v = x[j]
            yield v }
          o = build j1<m { yield j1 }
          a, b = loop (a0: f64[m] = z, b0: i32[m] = o) for i<m {
            a9, b9 = loop (a1: f64[m] = a0, b1: i32[m] = b0) for g<2 {
              a5, b5, k5 = loop (a2: f64[m] = a1, b2: i32[m] = b1, k2: i32 = 0) while {
                at0 = i + k2
                at1 = irem at0 m
                f0 = b2[at1]
                f1 = f0 + k2
                f2 = irem f1 3
                c0 = f2 != 0
                c1 = k2 < 3
                c = c0 & c1
                yield c
              } {
                l0 = i * g
                l1 = l0 + k2
                l = irem l1 m
                at = b2[l]
                u = a2[at]
                u1 = u * p
                u2 = cos u1
                a3 = a2 with [at] = u2
                n0 = at + 1
                n = irem n0 m
                b3 = b2 with [l] = n
                k3 = k2 + 1
                yield a3, b3, k3
              }
              r = a5[g]
              r2 = r * p
              a6 = a5 at [i] += r2
              yield a6, b5
            }
            yield a9, b9
          }
          e = reduce + j9<m { e0 = a[j9]
            e1 = b[j9]
            e2 = e1 + 1
            e3 = f64 e2
            e4 = e0 * e3
            yield e4 }
          yield e
        }
        """;

    private const string Swapped = """
        fun Swapped(x: f64[m], p: f64) {
          z = build j<m { v = x[j]
            yield v }
          o = build j1<m { yield 0.5 }
          a, b = loop (a0: f64[m] = z, b0: f64[m] = o) for i<m {
            a5, k5 = loop (a1: f64[m] = a0, k1: i32 = i) while {
              c = k1 > 1
              yield c
            } {
              u = a1[k1]
              w = b0[k1]
              t = u * w
              t1 = t + p
              t2 = sin t1
              a2 = a1 with [k1] = t2
              k2 = idiv k1 2
              yield a2, k2
            }
            yield b0, a5
          }
          e = reduce + j9<m { e0 = a[j9]
            e1 = b[j9]
            e2 = e0 * e1
            yield e2 }
          yield e
        }
        """;

    public static TheoryData<string> Programs => new(Sorting, EarlyEnd, Rows, Deep, Swapped);

    private static Value[] Arguments(int m) => [Value.From(Enumerable.Range(0, m).Select(i => 0.05 * i + 0.7 * Math.Sin(i * i + 1) * (i % 5 == 0 ? 1 : 0)).ToArray()), Value.From(1.1)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void As_differences_say(string text) => Derivatives.AgreeAlong(Parser.Parse(text), Arguments(24), 3);

    [Theory]
    [MemberData(nameof(Programs))]
    public void With_and_without_a_log_and_in_segments(string text)
    {
        var f = Verifier.Check(Tidy.Run(Parser.Parse(text)), "simplify");
        foreach (int m in new[] { 2, 24, 70 })
        {
            Value[]? expected = null;
            foreach (var budget in new[] { MemoryBudget.Unlimited, new(1), new(2000), MemoryBudget.Default })
            {
                var gradient = Verifier.Check(Tidy.Run(Diff.Run(f with { Budget = budget }, Derivatives.Floats(f), Seed.One, keepValue: true)), "differentiate");
                var cut = Verifier.Check(Tidy.Run(Cut.Run(gradient)), "checkpoint");
                var actual = Interpreter.Run(cut, Arguments(m));
                expected ??= actual;
                for (int r = 0; r < actual.Length; r++) Assert.True(actual[r].Equals(expected[r]), $"m = {m}, {budget}: {cut.ResultNames[r]} is {actual[r]}, not {expected[r]}\n{cut}");
            }
        }
    }
}
