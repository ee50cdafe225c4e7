using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Core;

/// <summary>The best of a row and where it is, looked for in each lane at once.</summary>
public class ContestTests
{
    private static FunctionIr Parse(string type, string kind, string unit, string then) => Loose.Parse($$"""
        fun F(x: {{type}}[B, n], y: {{type}}[B]) {
          p, q = build b<B {
            a = y[b]
            s = loop (s0: {{type}} = a) for i<50 { t = s0 * s0 u = t + a h = u * s0 g = h + a yield g }
            m = reduce {{kind}} k<n { v = x[b, k] c = v == v e = select c v {{unit}} yield e }
            w = reduce arg{{kind}} k2<n { v2 = x[b, k2] c2 = v2 == v2 e2 = select c2 v2 {{unit}} yield e2 }
            {{then}}
            yield w, r
          }
          yield p, q
        }
        """);

    [Theory]
    [InlineData("f32", "min", "inff", "won = m < inff f = select won a 0.0f r = f + s", true)]
    [InlineData("f32", "max", "-inff", "won = m > -inff f = select won a 0.0f r = f + s", true)]
    [InlineData("f64", "min", "inf", "won = m < 3.0 f = select won a 0.0 r = f + s", true)]
    // Of −0.0 and 0.0 the minimum is −0.0, and the search finds the first.
    [InlineData("f32", "min", "inff", "i = 1.0f / m r = i + s", false)]
    [InlineData("f32", "min", "0.0f", "won = m < inff f = select won a 0.0f r = f + s", false)]
    public void One_search(string type, string kind, string unit, string then, bool isOne)
    {
        var f = Parse(type, kind, unit, then);
        var harness = new CoreHarness();
        int[] cores = [.. new[] { 512, 256, 128 }.Select(bits => harness.Add(TrivialPlan.Of(f), bits))];
        string text = harness.TextOf(cores[0]);
        Assert.Contains("int lanes", text);
        Assert.Equal(isOne, !text.Contains($"VX.{(kind == "min" ? "Min" : "Max")}("));
        var scalar = type == "f32" ? Scalar.F32 : Scalar.F64;
        foreach (int n in new[] { 0, 1, 3, 17 })
            for (int seed = 0; seed < 20; seed++)
            {
                var random = new Random(seed);
                double[] some = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, 1, 2, seed];
                const int rows = 21;
                double[] x = [.. Enumerable.Range(0, rows * n).Select(_ => some[random.Next(seed % 4 == 0 ? 2 : some.Length)])], y = new double[rows];
                Value[] args = [Value.Of(scalar, [rows, n], x), Value.Of(scalar, [rows], y)];
                var expected = Interpreter.Run(f, args);
                foreach (int core in cores) CoreTests.Same(expected, harness.Run(core, null, args));
            }
    }
}
