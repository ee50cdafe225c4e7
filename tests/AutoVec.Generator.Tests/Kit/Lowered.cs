using System.Collections.Immutable;
using System.Reflection;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoVec.Generator.Tests.Kit;

/// <summary>C# text, compiled twice: by Roslyn into an assembly to call, by the generator's lowering into IR.</summary>
internal sealed class Lowered
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(p) is "netstandard.dll" or "mscorlib.dll")
            .Select(p => MetadataReference.CreateFromFile(p)),
        MetadataReference.CreateFromFile(typeof(VectorizeAttribute).Assembly.Location),
    ];

    private readonly Dictionary<string, FunctionIr> _functions = [];
    private readonly Lazy<Assembly> _assembly;

    private Lowered(CSharpCompilation compilation, GeneratorRunResult result)
    {
        Compilation = compilation;
        Diagnostics = result.Diagnostics;
        Methods = result.TrackedSteps.TryGetValue(AutoVecGenerator.LowerStep, out var steps)
            ? [.. steps.SelectMany(s => s.Outputs).Select(o => (LoweredMethod)o.Value)] : [];
        foreach (var m in Methods)
            if (m.Source is { } s) _functions[s.Function.Name] = s.Function;
        _assembly = new(() =>
        {
            using var image = new MemoryStream();
            var emitted = compilation.Emit(image);
            return emitted.Success ? Assembly.Load(image.ToArray())
                : throw new InvalidOperationException(string.Join("\n", emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        });
    }

    public CSharpCompilation Compilation { get; }
    public ImmutableArray<Diagnostic> Diagnostics { get; }
    public ImmutableArray<LoweredMethod> Methods { get; }

    public FunctionIr this[string name] => _functions.TryGetValue(name, out var f) ? f
        : throw new InvalidOperationException($"'{name}' was not lowered: {string.Join("\n", Diagnostics)}");

    public bool Knows(string name) => _functions.ContainsKey(name);
    public MethodInfo Plain(string name) => _assembly.Value.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .First(m => m.Name == name);

    public static CSharpCompilation Compile(string source, string path = "Test.cs", IEnumerable<MetadataReference>? more = null) =>
        CSharpCompilation.Create("Test" + Guid.NewGuid().ToString("N"), [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Preview), path)],
            References.AddRange(more ?? []),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Disable));

    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create([new AutoVecGenerator((_, _) => null).AsSourceGenerator()],
        parseOptions: new CSharpParseOptions(LanguageVersion.Preview),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static Lowered From(string source, string path = "Test.cs", IEnumerable<MetadataReference>? more = null)
    {
        var compilation = Compile(source, path, more);
        return new(compilation, Driver().RunGenerators(compilation).GetRunResult().Results[0]);
    }

    /// <summary>Methods of one class: <c>F</c> is annotated by the caller.</summary>
    public static Lowered FromMethods(string methods) => From($$"""
        using System;
        using AutoVec;
        public static partial class Subject
        {
        {{methods}}
        }
        """);
}
