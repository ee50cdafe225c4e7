using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Loops over the bits of a number make the trips that matter, and no other.</summary>
public class BitTests
{
    private static string Walk(string test, string then, string otherwise) => $$"""
        fun F(x: f64[B], w: i32[B], m: i32, n: i32) {
          r, q = build b<B {
            v = x[b]
            word = w[b]
            s, g = loop (s0: f64 = 0.25, g0: f64 = 1.0) for j<n {
              {{test}}
              s1, g1 = if c {
                {{then}}
              } else {
                {{otherwise}}
              }
              yield s1, g1
            }
            yield s, g
          }
          yield r, q
        }
        """;

    private const string Works = """
        p = g0 * v
        h = s0 * 0.5
        s2 = h + p
        g2 = neg g0
        yield s2, g2
        """;
    private const string Idle = "yield s0, g0";

    private static string Text(string text, int? bits = null)
    {
        var harness = new CoreHarness();
        return harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), bits, lanes: bits is not null));
    }

    [Theory]
    [InlineData("t = word >> j u = t & 1 c = u == 0", false, "Lanes.BitAbove(word, 0, j + 1)")]
    [InlineData("t = word >> j u = t & 1 c = u != 0", true, "Lanes.BitAbove(word, 0, j + 1)")]
    [InlineData("t = 1 << j u = word & t c = u != 0", true, "Lanes.BitAbove(word, 0, j + 1)")]
    [InlineData("k = j + m t = 1 << k u = t & word c = u == 0", false, "Lanes.BitAbove(word, m, j + 1)")]
    [InlineData("k = m - j t = word >> k u = t & 1 c = u == 0", false, "Lanes.BitBelow(word, m, j + 1)")]
    [InlineData("e = 3 - j k = e + m t = word >> k u = t & 1 c = u == 0", false, "Lanes.BitBelow(word, 3 + m, j + 1)")]
    public void From_one_to_the_next(string test, bool then, string next)
    {
        string text = then ? Walk(test, Works, Idle) : Walk(test, Idle, Works);
        Assert.Contains(next, Text(text));
        Check(text);
    }

    /// <summary>Something happens where the bit is 0, or the bit is not that of one number.</summary>
    [Theory]
    [InlineData("t = word >> j u = t & 1 c = u == 0", Works, Works2)]
    [InlineData("t = word >> j u = t & 1 c = u == 0", "yield g0, s0", Works2)]
    [InlineData("t = word >> j u = t & 3 c = u == 0", Idle, Works2)]
    [InlineData("t = j >> j u = t & 1 c = u == 0", Idle, Works2)]
    [InlineData("k = j * 2 t = word >> k u = t & 1 c = u == 0", Idle, Works2)]
    public void Every_trip(string test, string then, string otherwise)
    {
        string text = Walk(test, then, otherwise);
        Assert.DoesNotContain("Lanes.Bit", Text(text));
        Check(text);
    }

    private const string Works2 = """
        p2 = g0 * v
        h2 = s0 * 0.25
        s3 = h2 + p2
        g3 = neg g0
        yield s3, g3
        """;

    /// <summary>One number for all lanes.</summary>
    [Fact]
    public void In_lanes()
    {
        string text = Walk("t = m >> j u = t & 1 c = u == 0", Idle, Works);
        Assert.Contains("Lanes.BitAbove(m, 0, j + 1)", Text(text, 512));
        Assert.DoesNotContain("Lanes.Bit", Text(Walk("t = word >> j u = t & 1 c = u == 0", Idle, Works), 512));
        Check(text);
        Check(Walk("t = word >> j u = t & 1 c = u == 0", Idle, Works));
    }

    private const string Ones = """
        fun F(w: i32[B], m: i32, n: i32) {
          r = build b<B {
            word = w[b]
            s = reduce + j<n {
              k = j + m
              t = word >> k
              u = t & 1
              yield u
            }
            yield s
          }
          yield r
        }
        """;

    [Fact]
    public void Ones_are_counted()
    {
        Assert.Contains("Lanes.Ones(word, m, n)", Text(Ones));
        Check(Ones);
    }

    private static void Check(string text)
    {
        var f = Loose.Parse(text);
        var harness = new CoreHarness();
        int[] cores = [harness.Add(TrivialPlan.Of(f), lanes: false), .. new[] { 512, 128 }.Select(bits => harness.Add(TrivialPlan.Of(f), bits))];
        foreach (int n in new[] { -1, 0, 1, 5, 40 })
        {
            var args = CoreTests.Arguments(f, [.. f.Sizes.Select(_ => 7)], n + 1);
            for (int k = 0; k < f.Params.Count; k++)
            {
                if (f.Params[k].Name == "n") args[k] = Value.From(n);
                if (f.Params[k].Name == "m") args[k] = Value.From(20);
                if (f.Params[k].Name == "w") args[k] = Value.From(new[] { 0, 1, -1, 0x5555, int.MinValue, -715827883, 1 << 20 });
            }
            var expected = Interpreter.Run(f, args);
            foreach (int core in cores) CoreTests.Same(expected, harness.Run(core, null, args));
        }
    }
}
