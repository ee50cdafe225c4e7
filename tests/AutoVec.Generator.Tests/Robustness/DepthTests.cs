namespace AutoVec.Generator.Tests.Robustness;

/// <summary>Sources that nest deeply: generated or diagnosed, never the end of the compiler's process.</summary>
public class DepthTests
{
    private static string Method(string body) => $"public static partial class Deep\n{{\n[Vectorize, Differentiable] public static double F(double x, double y)\n{{\n{body}\n}}\n}}\n";

    private static string Nested(int depth, string open, string inner, string close) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));

    public static TheoryData<string, string> Sources => new()
    {
        { "a long sum", $"return {string.Join(" + ", Enumerable.Repeat("x * y", 1000))};" },
        { "parentheses", $"return {Nested(150, "(x + ", "y", ")")};" },
        { "calls", $"return {Nested(150, "Math.Sin(", "y", ")")};" },
        { "choices", $"return {Nested(60, "x > y ? ", "x", " : y")};" },
        { "branches", $"double s = 0; {Nested(40, "if (x > s) { s += y; ", "s += 1;", " }")} return s;" },
        { "loops", $"double s = 0; {string.Concat(Enumerable.Range(0, 12).Select(k => $"for (int i{k} = 0; i{k} < 2; i{k}++) {{ s = s * x + y; "))}{new string('}', 12)} return s;" },
        { "many statements", $"double s = 0; {string.Concat(Enumerable.Repeat("s = s * x + y;", 600))} return s;" },
        { "many arrays", $"double s = 0; {string.Concat(Enumerable.Range(0, 30).Select(k => $"var a{k} = new double[4]; for (int i = 0; i < 4; i++) a{k}[i] = x * i + s; s += a{k}[2];"))} return s;" },
    };

    [Theory, MemberData(nameof(Sources))]
    public void Is_generated_or_diagnosed(string what, string body)
    {
        var (failure, isCompiled, _) = MutationTests.Try(Method(body));
        Assert.True(failure is null && isCompiled, $"{what}: {failure}");
    }
}
