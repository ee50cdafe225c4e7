using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Core;

/// <summary>The lesser or greater of two numbers, chosen by comparison: with the zeros and NaNs of the choice, not of a minimum.</summary>
public class BetterTests
{
    [Theory]
    [InlineData("c = a < e r2 = select c a e", "Lesser")]
    [InlineData("c = a > e r2 = select c a e", "Greater")]
    [InlineData("c = a < e r2 = select c e a", "Greater")]
    [InlineData("c = a > e r2 = select c e a", "Lesser")]
    [InlineData("c = a <= e r2 = select c a e", null)]
    [InlineData("c = a < e r2 = select c a a2", null)]
    public void A_choice_by_comparison(string choice, string? expected)
    {
        foreach (string type in new[] { "f32", "f64" })
        {
            var f = Loose.Parse($"fun F(x: {type}[B], y: {type}[B]) {{ r = build b<B {{ a = x[b] e = y[b] a2 = a * a {choice} s = r2 + a2 t = s - a2 yield r2, t }} yield r }}".Replace("r = build", "r, q = build").Replace("yield r }", "yield r, q }"));
            var harness = new CoreHarness();
            int[] cores = [.. new[] { 512, 256, 128 }.Select(bits => harness.Add(TrivialPlan.Of(f), bits))];
            Assert.Equal(expected, new[] { "Lesser", "Greater" }.FirstOrDefault(n => harness.TextOf(cores[0]).Contains($"Lanes.{n}(")));
            double[] special = [0.0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
            double[] x = [.. special.SelectMany(s => special.Select(_ => s))], y = [.. special.SelectMany(_ => special)];
            var scalar = type == "f32" ? Scalar.F32 : Scalar.F64;
            Value[] args = [Value.Of(scalar, [x.Length], x), Value.Of(scalar, [x.Length], y)];
            var expectedValues = Interpreter.Run(f, args);
            foreach (int core in cores) CoreTests.Same(expectedValues, harness.Run(core, null, args));
        }
    }
}
