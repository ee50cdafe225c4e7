namespace AutoVec.Generator.Tests.Core;

/// <summary>Trips of a sum that add nothing in any lane are left out; what is left needs masks only for what differs between lanes.</summary>
public class GuardedSumTests
{
    private static string Text(string text)
    {
        var harness = new CoreHarness();
        return harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512));
    }

    private static string Window(string condition) => $$"""
        fun F(y: f32[B, n, n], w: f32[3, 4]) {
          x = build b<B, i<n, j<n {
            s = reduce + k<3, l<4 {
              p = i - k
              q = j - l
              {{condition}}
              e = if c { v = y[b, p, q] a = w[k, l] h = v * a yield h } else { yield 0.0f }
              yield e
            }
            yield s
          }
          yield x
        }
        """;

    [Fact]
    public void A_guard_of_the_outer_loop_and_a_mask()
    {
        string program = Window("c0 = p >= 0 c1 = q >= 0 c2 = p < n c3 = q < n d = c0 & c1 f = c2 & c3 c = d & f");
        Assert.Contains("if (!(", Text(program));
        Assert.Contains("continue;", Text(program));
        LaneTests.Check(program);
    }

    [Fact]
    public void No_mask_is_left_where_all_is_the_same()
    {
        string program = Window("c0 = p >= 0 c1 = p < n c = c0 & c1").Replace("q = j - l", "").Replace("p, q]", "p, j]");
        Assert.DoesNotContain("ConditionalSelect", Text(program));
        LaneTests.Check(program);
    }

    [Fact]
    public void A_guard_of_the_inner_loop()
    {
        string program = Window("t = k + l o = t + i c0 = o > 4 c1 = q >= 0 c2 = p >= 0 d = c0 & c1 c = d & c2");
        Assert.Contains("continue;", Text(program));
        LaneTests.Check(program);
    }

    /// <summary>A read beside the branch may fail in any trip.</summary>
    [Fact]
    public void Not_where_something_else_may_fail()
    {
        string program = Window("u = w[p, l] z = u > 0.0f c0 = q >= 0 c1 = p >= 1 d = c0 & c1 c = d & z");
        Assert.DoesNotContain("continue;", Text(program));
    }
}
