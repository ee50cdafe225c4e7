using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Tests.Checkpoint;

/// <summary>No trips, one, primes, squares and their neighbours, cubes: where cutting into segments goes wrong if it does.</summary>
public class TripTests
{
    public static TheoryData<int> Trips => [0, 1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 26, 64, 97, 127, 128, 257];

    private static void Agree(string text, int trips) =>
        Budgets.Agree(Parser.Parse(text), Budgets.Small, [Value.From(0.7), Value.From(trips)]);

    [Theory]
    [MemberData(nameof(Trips))]
    public void Counted_loop(int trips) => Agree("""
        fun F(x: f64, n: i32) {
          s, q = loop (s0: f64 = x, q0: f64 = 0.5) for i<n {
            a = sin s0
            b = q0 * a
            f = f64 i
            g = f * 0.001
            c = b + g
            yield c, a
          }
          y = s * q
          yield y
        }
        """, trips);

    [Theory]
    [MemberData(nameof(Trips))]
    public void While_of_three_numbers(int trips) => Agree("""
        fun F(x: f64, n: i32) {
          y = x * 0.5
          z = x * x
          s, k = loop (s0: f64 = x, k0: i32 = 0) while {
            m = k0 * 2
            l = n * 2
            c = m < l
            d = s0 < 1000.0
            e = c & d
            yield e
          } {
            a = sin s0
            b = a * x
            c1 = b + s0
            c2 = c1 * z
            c3 = c2 + y
            k1 = k0 + 1
            yield c3, k1
          }
          yield s
        }
        """, trips);

    [Theory]
    [MemberData(nameof(Trips))]
    public void Elements_overwritten(int trips) => Agree("""
        fun F(x: f64, n: i32) {
          z = build j<5 {
            f = f64 j
            v = f * x
            yield v
          }
          s, h = loop (s0: f64 = x, h0: f64[5] = z) for i<n {
            at = irem i 5
            a = sin s0
            o = h0[at]
            m = o * a
            h1 = h0 with [at] = m
            p = h1[2]
            s1 = s0 + p
            c = s1 * 0.9
            yield c, h1
          }
          r = reduce + j2<5 {
            v2 = h[j2]
            w = v2 * v2
            yield w
          }
          y = r + s
          yield y
        }
        """, trips);

    [Theory]
    [MemberData(nameof(Trips))]
    public void Loop_in_a_loop(int trips) => Agree("""
        fun F(x: f64, n: i32) {
          m = min n 12
          s = loop (s0: f64 = x) for i<m {
            t = loop (t0: f64 = s0) for j<n {
              a = sin t0
              b = a * x
              yield b
            }
            u = s0 + t
            yield u
          }
          yield s
        }
        """, trips);

    [Fact]
    public void An_array_that_each_trip_makes_anew_is_no_tape()
    {
        var f = Parser.Parse("""
            fun F(x: f64[n]) {
              a = loop (a0: f64[n] = x) for i<n {
                b = build j<n {
                  c = x[j]
                  d = c * 2.0
                  yield d
                }
                yield b
              }
              yield a
            }
            """);
        Assert.Equal(f, AutoVec.Compiler.Transforms.Checkpoint.Checkpoint.Run(f));
    }

    private const string Sieve = """
        fun F(x: f64, n: i32) {
          z = build j<5 {
            f = f64 j
            v = f * x
            yield v
          }
          s, h, k = loop (s0: f64 = x, h0: f64[5] = z, k0: i32 = 0) for i<n {
            o = h0[k0]
            c = o > s0
            s1, h1 = if c {
              a = o * 0.5
              b = sin s0
              d = a + b
              y = h0 with [k0] = d
              q = d < 0.2
              y2 = if q {
                y3 = y at [0] += s0
                yield y3
              } else {
                yield y
              }
              e0 = s0 + d
              e = e0 * 0.7
              yield e, y2
            } else {
              g = s0 * 0.9
              h2 = h0 with [1] = g
              yield g, h2
            }
            r = h1[k0]
            s2 = s1 * r
            s3 = tanh s2
            k1 = k0 + 3
            k2 = irem k1 5
            yield s3, h1, k2
          }
          t = reduce + j2<5 {
            v2 = h[j2]
            w = v2 * v2
            yield w
          }
          u = s + t
          yield u
        }
        """;

    [Theory]
    [MemberData(nameof(Trips))]
    public void Elements_overwritten_in_branches(int trips) => Agree(Sieve, trips);

    /// <summary>Against differences; and what is remembered of a trip is what it overwrites, not the array.</summary>
    [Fact]
    public void Branches_remember_what_they_overwrite()
    {
        Differentiate.Derivatives.Agree(Parser.Parse(Sieve), [Value.From(0.7), Value.From(9)]);
        var f = Transforms.Checkpoint.Checkpoint.Run(Budgets.Gradient(Parser.Parse(Sieve)));
        Assert.DoesNotContain(f.Body.AllBinders(), v => v.Base == "tape" && v.Type.Rank > 1);
    }
}
