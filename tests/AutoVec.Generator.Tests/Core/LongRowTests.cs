using System.Text;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Rows whose elements are too long for one method run over lanes all the same: a vector goes through several, and what the next one needs is parked.</summary>
public class LongRowTests
{
    private static string Body(int seed)
    {
        var text = new StringBuilder("v0 = x[b, j]\n i0 = k[j]\n g0 = v0 > 0.0\n c0 = j + 1\n s = w[b]\n");
        var random = new Random(seed);
        for (int t = 1; t <= 150; t++)
        {
            int at = random.Next(Math.Max(0, t - 40), t), other = random.Next(t);
            text.Append(random.Next(5) switch
            {
                0 => $" p{t} = sin v{at}\n v{t} = p{t} + v{other}\n",
                1 => $" q{t} = if g{at} {{\n e{t} = exp v{at}\n r{t} = 1.0 + e{t}\n f{t} = e{t} / r{t}\n yield f{t}\n }} else {{\n yield v{other}\n }}\n v{t} = q{t} * 0.5\n",
                2 => $" n{t} = f64 i{at}\n o{t} = n{t} * 0.01\n v{t} = v{at} - o{t}\n",
                3 => $" a{t} = tanh v{at}\n v{t} = a{t} * s\n",
                _ => $" h{t} = f64 c{at}\n m{t} = h{t} * 0.01\n v{t} = m{t} + v{at}\n",
            });
            text.Append($" i{t} = i{other} + {t % 7}\n c{t} = c{other} + 1\n g{t} = v{t} > v{other}\n");
        }
        return text.ToString();
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Rows_of_samples(int seed) => LaneTests.Check($$"""
        fun Long(x: f64[B, n], k: i32[n], w: f64[B]) {
          y, z = build b<B {
            r, q = build j<n {
              {{Body(seed)}}
              yield v150, v3
            }
            t = build l<n { u = r[l] yield u }
            yield t, q
          }
          yield y, z
        }
        """);

    /// <summary>One thread: what is in its loops has methods of its own.</summary>
    [Theory, InlineData(4), InlineData(5)]
    public void Rows_in_the_loop_of_one_thread(int seed) => LaneTests.Check($$"""
        fun Alone(x: f64[B, n], k: i32[n], w: f64[B]) {
          y = build one<1 {
            zeros = build a<n { yield 0.0 }
            r = loop (r0: f64[n] = zeros) for thread b<B {
              q = build j<n {
                {{Body(seed)}}
                before = r0[j]
                after = before * 0.5
                sum = after + v150
                yield sum
              }
              yield q
            }
            yield r
          }
          yield y
        }
        """);
}
