using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using AutoVec.Compiler.Ir;
using AutoVec.Generator;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
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

    private sealed class Properties(IReadOnlyDictionary<string, string> all) : AnalyzerConfigOptionsProvider
    {
        private sealed class Of(IReadOnlyDictionary<string, string> all) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => all.TryGetValue(key, out value);
        }

        public override AnalyzerConfigOptions GlobalOptions => new Of(all);
        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;
        public override AnalyzerConfigOptions GetOptions(AdditionalText text) => GlobalOptions;
    }

    private const string Usings = "global using System; global using System.Linq; global using System.Collections.Generic; global using AutoVec;";

    private readonly Compilation _compilation;

    private Generated(Compilation compilation, IReadOnlyList<Diagnostic> diagnostics)
    {
        _compilation = compilation;
        Diagnostics = diagnostics;
    }

    /// <summary>The generator's own diagnostics.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>What the C# compiler says of the user's source beside what was generated.</summary>
    public IEnumerable<Diagnostic> Warnings => _compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Warning);

    public IEnumerable<Diagnostic> Errors => Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error);

    private IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The annotated methods as the generator lowered them, by name; the first of those that share one.</summary>
    public IReadOnlyDictionary<string, FunctionIr> Functions { get; private init; } = new Dictionary<string, FunctionIr>();

    /// <summary>Is there a file whose name ends so?</summary>
    public bool HasFile(string end) => Files.Keys.Any(f => f.EndsWith(end, StringComparison.Ordinal));
    public int FileCount => Files.Count;

    /// <summary>What C#'s compiler has against source and generated files.</summary>
    public IEnumerable<Diagnostic> CompileErrors() => _compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>The text of a file that the generator wrote.</summary>
    public string File(string hint) => Files.TryGetValue(hint, out string? text) ? text
        : throw new ArgumentException($"no file {hint}; there are {string.Join(", ", Files.Keys)}");

    /// <summary>Runs the generator on the source; call sites may be added afterwards.</summary>
    /// <param name="source">What a user writes.</param>
    /// <param name="path">Its name in diagnostics.</param>
    /// <param name="oneWidth">Only the widest kernels: the copies cost most of the compile time, and have tests of their own.</param>
    /// <param name="vjp">Also the vector-Jacobian forms; without them a third less is to be compiled.</param>
    /// <param name="generates">False: methods are lowered to <see cref="Functions"/>, and no code is generated from them.</param>
    /// <param name="properties">Of the project, as the compiler sees them: <c>build_property.AutoVecDebug</c>.</param>
    public static Generated Run(string source, string path = "Source.cs", bool oneWidth = false, bool vjp = true, bool generates = true,
        IReadOnlyDictionary<string, string>? properties = null)
    {
        var compilation = Source(source, path);
        var driver = CSharpGeneratorDriver.Create([(generates ? new AutoVecGenerator() : new AutoVecGenerator((_, _) => null)).AsSourceGenerator()], parseOptions: Parse, optionsProvider: new Properties(properties ?? new Dictionary<string, string>()),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        var result = driver.RunGeneratorsAndUpdateCompilation(compilation, out var updated, out _).GetRunResult();
        if (oneWidth || !vjp)
            foreach (var tree in result.GeneratedTrees)
            {
                var kept = CSharpSyntaxTree.ParseText(oneWidth ? WidestOnly(tree.ToString()) : tree.ToString(), Parse, tree.FilePath);
                updated = updated.ReplaceSyntaxTree(tree, vjp ? kept : WithoutVjp(kept));
            }
        return new Generated(updated, result.Diagnostics) {
            Functions = Lowered(result.Results[0]).DistinctBy(f => f.Name).ToDictionary(f => f.Name),
            Files = result.Results.SelectMany(r => r.GeneratedSources).ToDictionary(f => f.HintName, f => f.SourceText.ToString()),
        };
    }

    /// <summary>What C#'s compiler has against the source alone.</summary>
    public static IEnumerable<Diagnostic> Plain(string source, string path) => Source(source, path).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>Compiled by one thread: tests run side by side.</summary>
    private static CSharpCompilation Source(string source, string path) => CSharpCompilation.Create($"Generated{Guid.NewGuid():N}",
        [CSharpSyntaxTree.ParseText(source, Parse, path), CSharpSyntaxTree.ParseText(Usings, Parse, "Usings.cs")], References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable, concurrentBuild: false));

    private static IEnumerable<FunctionIr> Lowered(GeneratorRunResult result) =>
        !result.TrackedSteps.TryGetValue(AutoVecGenerator.LowerStep, out var steps) ? []
            : steps.SelectMany(s => s.Outputs).Select(o => ((LoweredMethod)o.Value).Source?.Function).OfType<FunctionIr>();

    private static SyntaxTree WithoutVjp(SyntaxTree tree)
    {
        var root = tree.GetRoot();
        bool vjp(SyntaxNode n) => (n switch {
            BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            MethodDeclarationSyntax method => method.Identifier.Text,
            _ => "",
        }).Contains("Vjp", StringComparison.Ordinal);
        var dropped = root.DescendantNodes(n => !vjp(n)).Where(vjp);
        return tree.WithRootAndOptions(root.RemoveNodes(dropped, SyntaxRemoveOptions.KeepNoTrivia)!, Parse);
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

    /// <summary>Lines before an error, to see whose it is.</summary>
    private const int Shown = 40;

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
            int line = first.Location.GetLineSpan().StartLinePosition.Line;
            var before = first.Location.SourceTree?.GetText().Lines.Skip(Math.Max(0, line - Shown)).Take(Math.Min(line, Shown) + 1) ?? [];
            throw new InvalidOperationException($"{errors.Count} errors, the first: {first}\n{string.Join('\n', before)}");
        }
        image.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }
}
