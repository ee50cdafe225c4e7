using System.Reflection;
using System.Runtime.Loader;
using AutoVec.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>A source with what the generator made of it.</summary>
public sealed class Generated
{
    private static readonly CSharpParseOptions Parse = new(LanguageVersion.Preview);
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is var n && (n.StartsWith("System", StringComparison.Ordinal) || n.StartsWith("AutoVec", StringComparison.Ordinal)
                || n.StartsWith("ILGPU", StringComparison.Ordinal) || n is "netstandard.dll" or "mscorlib.dll"))
            .Select(p => MetadataReference.CreateFromFile(p))];

    private const string Usings = "global using System; global using System.Linq; global using System.Collections.Generic; global using AutoVec;";

    private readonly Compilation _compilation;

    private Generated(Compilation compilation, IReadOnlyList<Diagnostic> diagnostics)
    {
        _compilation = compilation;
        Diagnostics = diagnostics;
    }

    /// <summary>The generator's own diagnostics.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    public IEnumerable<Diagnostic> Errors => Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error);

    private IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The text of a file that the generator wrote.</summary>
    public string File(string hint) => Files.TryGetValue(hint, out string? text) ? text
        : throw new ArgumentException($"no file {hint}; there are {string.Join(", ", Files.Keys)}");

    /// <summary>Runs the generator on the source; call sites may be added afterwards.</summary>
    /// <param name="source">What a user writes.</param>
    /// <param name="path">Its name in diagnostics.</param>
    /// <param name="oneWidth">Only the widest kernels: the copies cost most of the compile time, and have tests of their own.</param>
    public static Generated Run(string source, string path = "Source.cs", bool oneWidth = false)
    {
        var compilation = CSharpCompilation.Create($"Generated{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(source, Parse, path), CSharpSyntaxTree.ParseText(Usings, Parse, "Usings.cs")], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create([new AutoVecGenerator().AsSourceGenerator()], parseOptions: Parse);
        var result = driver.RunGeneratorsAndUpdateCompilation(compilation, out var updated, out _).GetRunResult();
        if (oneWidth)
            foreach (var tree in result.GeneratedTrees)
                updated = updated.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(WidestOnly(tree.ToString()), Parse, tree.FilePath));
        return new Generated(updated, result.Diagnostics) {
            Files = result.Results.SelectMany(r => r.GeneratedSources).ToDictionary(f => f.HintName, f => f.SourceText.ToString()),
        };
    }

    private static string WidestOnly(string text)
    {
        var kept = new System.Text.StringBuilder();
        bool skipped = false;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("namespace ", StringComparison.Ordinal))
                skipped = line.EndsWith("_256", StringComparison.Ordinal) || line.EndsWith("_128", StringComparison.Ordinal);
            if (skipped) continue;
            int choice = line.IndexOf("Vector512.IsHardwareAccelerated ? ", StringComparison.Ordinal);
            int end = line.IndexOf(" : Vector256", StringComparison.Ordinal);
            kept.Append(choice >= 0 && end > choice ? line[..choice] + line[(choice + "Vector512.IsHardwareAccelerated ? ".Length)..end] + ";" : line).Append('\n');
        }
        return kept.ToString();
    }

    /// <summary>Compiles, with call sites, and loads.</summary>
    public Assembly Load(string calls = "")
    {
        var compilation = calls.Length == 0 ? _compilation : _compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(calls, Parse, "Calls.cs"));
        using var image = new MemoryStream();
        var result = compilation.Emit(image, options: new EmitOptions());
        if (!result.Success)
        {
            var errors = result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
            var first = errors[0];
            string line = first.Location.SourceTree?.GetText().Lines[first.Location.GetLineSpan().StartLinePosition.Line].ToString() ?? "";
            throw new InvalidOperationException($"{errors.Count} errors, the first: {first}\n{line}");
        }
        image.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }
}
