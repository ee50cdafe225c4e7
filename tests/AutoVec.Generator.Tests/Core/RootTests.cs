using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Roots that only divide are their reciprocals, in lanes of floats.</summary>
public class RootTests
{
    private static FunctionIr Parse(string body, string type = "f32") =>
        Loose.Parse($"fun F(x: {type}[B], y: {type}[B]) {{ r = build b<B {{ a = x[b] c = y[b] {body} }} yield r }}");

    private static string Of(string body, string type = "f32")
    {
        var harness = new CoreHarness();
        return harness.TextOf(harness.Add(TrivialPlan.Of(Parse(body, type)), 512));
    }

    [Theory]
    [InlineData("t = sqrt a q = c / t yield q", " * VMath.ReciprocalSqrt(")]
    [InlineData("t = sqrt a q = 1.0f / t yield q", "VMath.ReciprocalSqrt(")]
    [InlineData("t = sqrt a q = c / t h = 2.0f * t p = q / h yield p", "VX.Create(0.5f) * t")]
    [InlineData("t = sqrt a q = -1.0f / t p = q * c n = neg p h = n / t yield h", "VMath.ReciprocalSqrt(")]
    public void It_only_divides(string body, string expected)
    {
        string text = Of(body);
        Assert.Contains(expected, text);
        Assert.DoesNotContain("VX.Sqrt", text);
        Assert.DoesNotContain(" / ", text.Substring(text.IndexOf("Step(", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("t = sqrt a q = c / t s = q + t yield s")]
    [InlineData("t = sqrt a q = t / c yield q")]
    [InlineData("t = sqrt a h = 3.0f * t q = c / h yield q")]
    [InlineData("t = sqrt a q = c / t k = q > 1.0f r2 = select k a c yield r2")]
    [InlineData("t = sqrt a q = c / t r2 = acos q yield r2")]
    public void What_is_no_reciprocal(string body) => Assert.DoesNotContain("ReciprocalSqrt", Of(body));

    [Fact]
    public void Doubles_are_divided() => Assert.DoesNotContain("ReciprocalSqrt", Of("t = sqrt a q = c / t yield q", "f64"));

    /// <summary>All pairs of special values: what is not finite, and zeros with their signs, are those of plain C#.</summary>
    [Theory]
    [InlineData("t = sqrt a q = c / t yield q")]
    [InlineData("t = sqrt a q = -1.0f / t p = q * c n = neg p yield n")]
    [InlineData("t = sqrt a h = 0.5f * t n = neg h q = c / n yield q")]
    public void Special_values(string body)
    {
        float[] special = [0f, -0f, 1, -1, 4, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, 1e-40f, float.MaxValue, -float.MaxValue, 3e38f, 1e-38f];
        float[] x = [.. special.SelectMany(s => special.Select(_ => s))], y = [.. special.SelectMany(_ => special)];
        var f = Parse(body);
        double[] expected = Interpreter.Run(f, Value.From(x), Value.From(y))[0].ToDoubles(), actual = CoreHarness.Run(TrivialPlan.Of(f), Value.From(x), Value.From(y))[0].ToDoubles();
        for (int i = 0; i < x.Length; i++)
        {
            bool ordinary = double.IsFinite(expected[i]) && Math.Abs(expected[i]) >= 1e-37;
            if (ordinary) Assert.True(Math.Abs(actual[i] - expected[i]) <= 3e-7 * Math.Abs(expected[i]), $"{x[i]}, {y[i]}: {actual[i]}, not {expected[i]}");
            else if (expected[i] == 0 || !double.IsFinite(expected[i])) Assert.Equal(BitConverter.DoubleToInt64Bits(double.IsNaN(expected[i]) ? double.NaN : expected[i]), BitConverter.DoubleToInt64Bits(double.IsNaN(actual[i]) ? double.NaN : actual[i]));
            else Assert.Equal(expected[i], actual[i], 1e-44);
        }
    }
}
