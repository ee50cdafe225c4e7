using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Transforms;
using AutoVec.Generator.Tests.Kit;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoVec.Generator.Tests.Robustness;

/// <summary>A failure in one method leaves all others as they are.</summary>
public class IsolationTests
{
    private const string Source = """
        using AutoVec;
        public static partial class Methods
        {
            [Vectorize, Differentiable] public static float First(float x) => x * x;
            [Vectorize, Differentiable] public static float Bad(float x) => x + 1;
            [Vectorize] public static float Last(float x) => First(x) - Bad(x);
            [Differentiable] public static float Alone(float x) => 3 * x;
        }
        [Tree] public partial record Weights(float[] W, float Bias);
        """;

    private static readonly string[] s_others = ["Methods.First.g.cs", "Methods.Last.g.cs", "Methods.Alone.g.cs", "Weights.g.cs"];

    public static TheoryData<string> Failures => ["defect", "unsupported", "memory"];

    [Theory, MemberData(nameof(Failures))]
    public void The_others_are_generated(string kind)
    {
        Exception failure = kind switch { "defect" => new NullReferenceException(), "unsupported" => new UnsupportedException("no"), _ => new InsufficientExecutionStackException() };
        var result = CSharpGeneratorDriver.Create(new AutoVecGenerator((m, f) => m.Name == "Bad" ? throw failure : GeneratedFile.Method(m, f)))
            .RunGenerators(Lowered.Compile(Source)).GetRunResult().Results[0];
        Assert.Null(result.Exception);
        var whole = CSharpGeneratorDriver.Create(new AutoVecGenerator()).RunGenerators(Lowered.Compile(Source)).GetRunResult().Results[0];
        foreach (string file in s_others)
            Assert.Equal(whole.GeneratedSources.Single(s => s.HintName == file).SourceText.ToString(), result.GeneratedSources.Single(s => s.HintName == file).SourceText.ToString());
        Assert.DoesNotContain(result.GeneratedSources, s => s.HintName == "Methods.Bad.g.cs");
        Assert.Single(result.Diagnostics, d => d.Id == (kind == "defect" ? "AV0900" : "AV0902"));
    }

    /// <summary>C#'s own errors are enough: what a body with errors means is undefined.</summary>
    [Theory, InlineData("float x, int int n", "x"), InlineData("float x, float x", "x"), InlineData("float x", "x > 3 == 0 ? x : 1"), InlineData("float x", "Other(x)")]
    public void Source_with_errors_is_no_defect(string parameters, string value)
    {
        var result = CSharpGeneratorDriver.Create(new AutoVecGenerator()).RunGenerators(Lowered.Compile(
            Source.Replace("Bad(float x) => x + 1;", $"Bad({parameters}) => {value}; static float Other(float x) => x > 3 == 0 ? x : 1;", StringComparison.Ordinal))).GetRunResult().Results[0];
        Assert.Null(result.Exception);
        Assert.DoesNotContain(result.Diagnostics, d => d.Id == "AV0900");
        Assert.Contains(result.GeneratedSources, s => s.HintName == "Methods.First.g.cs");
    }
}
