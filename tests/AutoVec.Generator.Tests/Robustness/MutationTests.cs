using AutoVec.Compiler.Tests.Support;
using AutoVec.Generator.Tests.EndToEnd;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.Robustness;

/// <summary>
/// Whatever is typed, the generator ends, throws nothing, reports no defect of its own, and generates for the rest of the file; where the
/// source compiles, so does what was generated for it.
/// </summary>
public class MutationTests(ITestOutputHelper output)
{
    private const string Witness = """

        public static partial class RobustWitness
        {
            [Vectorize] public static float Twice(float x) => 2 * x;
        }
        """;

    [Fact]
    public void Mutated_sources_are_compiled_or_diagnosed()
    {
        int first = int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_MUTANT"), out int n) ? n : 0;
        int count = Fuzz.Count(120), compiled = 0, generated = 0;
        var failures = new List<string>();
        for (int seed = first; seed < first + count && failures.Count < 8; seed++)
        {
            var random = new Random(seed);
            string source = new Mutation(random).Of(Corpus.All[random.Next(Corpus.All.Count)]);
            var (failure, isCompiled, isGenerated) = Try(source);
            if (failure is not null) failures.Add($"mutant {seed}: {failure}\n{source}");
            compiled += isCompiled ? 1 : 0;
            generated += isGenerated ? 1 : 0;
        }
        output.WriteLine($"{count} mutants of {Corpus.All.Count} sources; {compiled} compile, {generated} of them with generated code");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    /// <summary>On a thread with the stack of a compiler's worker; one that does not end in minutes hangs.</summary>
    internal static (string? Failure, bool IsCompiled, bool IsGenerated) Try(string source) => Run(source + Witness);

    private static (string? Failure, bool IsCompiled, bool IsGenerated) Run(string source)
    {
        (string?, bool, bool) result = ("it does not end", false, false);
        var thread = new Thread(() =>
        {
            try
            {
                result = Check(source);
            }
            catch (Exception e)
            {
                result = (e.ToString(), false, false);
            }
        }, 1 << 20) { IsBackground = true };
        thread.Start();
        thread.Join(TimeSpan.FromMinutes(4));
        return result;
    }

    private static (string?, bool, bool) Check(string source)
    {
        var run = Generated.Run(source, "Mutant.cs", oneWidth: true);
        if (run.Diagnostics.FirstOrDefault(d => d.Id is "CS8785" or "AV0900") is { } defect) return (defect.ToString(), false, false);
        bool isWhole = !CSharpSyntaxTree.ParseText(source, new(LanguageVersion.Preview)).GetDiagnostics().Any();
        if (isWhole && !run.HasFile("RobustWitness.Twice.g.cs")) return ("the rest of the file has no generated code", false, false);
        if (Generated.Plain(source, "Mutant.cs").Any()) return (null, false, false);
        var error = run.CompileErrors().FirstOrDefault();
        string? line = error?.Location.SourceTree?.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line].ToString();
        return (error is null ? null : $"{error}\n{line}", true, run.FileCount > 2);
    }
}
