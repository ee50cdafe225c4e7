using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Where lanes round a product and a sum once, and where they must not.</summary>
public class MultiplyAddTests
{
    private static string Text(string text)
    {
        var harness = new CoreHarness();
        int core = harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512);
        return harness.TextOf(core);
    }

    private static string Of(string body) =>
        Text($"fun F(x: f32[B], y: f32[B], z: f32[B]) {{ r = build b<B {{ a = x[b] b2 = y[b] c = z[b] {body} }} yield r }}");

    [Theory]
    [InlineData("p = a * b2 s = p + c yield s", "VX.MultiplyAddEstimate(a, b2, c)")]
    [InlineData("p = a * b2 s = c + p yield s", "VX.MultiplyAddEstimate(a, b2, c)")]
    [InlineData("p = a * b2 s = p - c yield s", "VX.MultiplyAddEstimate(a, b2, -c)")]
    [InlineData("p = a * b2 s = c - p yield s", "VX.MultiplyAddEstimate(-a, b2, c)")]
    [InlineData("p = a * b2 n = neg p s = c + n yield s", "VX.MultiplyAddEstimate(-a, b2, c)")]
    [InlineData("p = a * a q = b2 * b2 s = p + q yield s", "VX.MultiplyAddEstimate(b2, b2, a * a)")]
    [InlineData("p = a * a s = p + c r2 = sqrt s yield r2", "VX.Sqrt(VX.MultiplyAddEstimate(a, a, c))")]
    public void A_product_and_what_is_none(string body, string expected)
    {
        string text = Of(body);
        // The first operand is read into a local of its own name.
        Assert.Contains(expected, text.Replace("a2", "a").Replace("b3", "b2").Replace("b2_2", "b2").Replace("c2", "c"));
    }

    [Theory]
    [InlineData("p = a * a q = b2 * b2 s = p - q yield s")]
    [InlineData("p = a * b2 q = b2 * c s = p + q yield s")]
    [InlineData("p = a * b2 s = p + c k = s > 0.0f r2 = select k a b2 yield r2")]
    [InlineData("p = a * b2 s = p + c r2 = floor s yield r2")]
    [InlineData("p = a * b2 s = c - p r2 = sqrt s yield r2")]
    public void What_would_surprise(string body) => Assert.DoesNotContain("MultiplyAdd", Of(body));

    /// <summary>Equal numbers have equal squares, in lanes too.</summary>
    [Fact]
    public void The_difference_of_equal_squares_is_zero()
    {
        var f = Loose.Parse("fun F(x: f32[B], y: f32[B]) { r = build b<B { a = x[b] c = y[b] p = a * a q = c * c d = p - q s = sqrt d yield s } yield r }");
        float[] x = [.. Enumerable.Range(1, 40).Select(i => 1 / (float)i)];
        Assert.All(CoreHarness.Run(TrivialPlan.Of(f), Value.From(x), Value.From(x))[0].ToDoubles(), v => Assert.Equal(0, v));
    }

    /// <summary>Another stage asks: the array that this one makes decides, so its elements have the bits of plain C#.</summary>
    [Fact]
    public void What_decides_in_another_stage()
    {
        const string f = """
            fun F(x: f32[B], y: f32[B]) {
              s = build b<B { a = x[b] c = y[b] p = a * c t = p + 1.0f yield t }
              n = reduce argmax b<B { t = s[b] yield t }
              yield s, n
            }
            """;
        Assert.DoesNotContain("MultiplyAdd", Text(f));
    }

    [Fact]
    public void Sums_over_one_extent_are_one_loop()
    {
        string text = Text("""
            fun F(x: f32[B], w: f32[n]) {
              r, q = build b<B {
                a = x[b]
                s = reduce + i<n { v = w[i] d = v - a e = exp d yield e }
                t = reduce max j<n { v2 = w[j] d2 = v2 - a e2 = exp d2 g = e2 * d2 yield g }
                yield s, t
              }
              yield r, q
            }
            """);
        // Of one vector, and of each of two side by side.
        Assert.Equal(3, System.Text.RegularExpressions.Regex.Count(text, @"VMath\.Exp"));
    }
}
