namespace AutoVec.Generator.Tests.Core;

/// <summary>Across samples, rows of what all samples share are narrowed once, before the loop along them.</summary>
public class RowViewTests
{
    private static string Nearest(string row) => $$"""
        fun F(x: f32[B, d], c: f32[n, d]) {
          r = build b<B {
            m = reduce max k<n {
              s = reduce + j<d {
                a = x[b, j]
                e = c[{{row}}, j]
                t = a - e
                p = t * t
                yield p
              }
              yield s
            }
            yield m
          }
          yield r
        }
        """;

    private static string Text(string text)
    {
        var harness = new CoreHarness();
        return harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512));
    }

    [Fact]
    public void A_row_of_the_loop_around()
    {
        string text = Text(Nearest("k"));
        Assert.Contains("float* cRow = c + (nint)k * d;", text);
        Assert.Contains("nint j = 0;", text);
        Assert.Contains("VX.Create(cRow[j + 1])", text);
        LaneTests.Check(Nearest("k"));
    }

    /// <summary>It may be out of range, where the loop makes no trips.</summary>
    [Fact]
    public void Not_a_row_that_may_not_be_there()
    {
        Assert.DoesNotContain("cRow", Text(Nearest("0")));
    }
}
