using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoVec.Generator.Tests.Api;

/// <summary>Runs the whole generator on a user's file.</summary>
internal static class Generated
{
    /// <summary>The files that the generator adds; its errors fail the test.</summary>
    public static string[] Files(string source)
    {
        var driver = CSharpGeneratorDriver.Create([new AutoVecGenerator().AsSourceGenerator()], parseOptions: new CSharpParseOptions(LanguageVersion.Preview));
        var result = driver.RunGenerators(Compiled.Compilation([source])).GetRunResult();
        Assert.Empty(result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning));
        Assert.All(result.Results, r => Assert.Null(r.Exception));
        return [.. result.GeneratedTrees.Select(t => t.ToString())];
    }

    /// <summary>Compiles a user's file with what the generator adds, without warnings in the latter, and runs <c>Test.Run()</c>.</summary>
    public static object? Run(string source)
    {
        string[] files = [source, .. Files(source)];
        var problems = Compiled.Problems(files);
        Assert.True(problems.Length == 0, string.Join("\n", problems) + "\n" + string.Join("\n", files.Skip(1)));
        return Compiled.Run(files);
    }
}
