using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoVec.Generator.Tests.Api;

/// <summary>Compiles texts against the runtime, as a user's project would.</summary>
internal static class Compiled
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Preview);

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is var name && (name.StartsWith("System.") || name is "mscorlib.dll" or "netstandard.dll" or "AutoVec.dll"))
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    public static CSharpCompilation Compilation(string[] texts) => CSharpCompilation.Create(
        "Test" + Guid.NewGuid().ToString("N"),
        texts.Select((t, k) => CSharpSyntaxTree.ParseText(t, s_parse, $"file{k}.cs")),
        s_references,
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Errors and warnings, with the line each is on.</summary>
    public static string[] Problems(params string[] texts) =>
    [
        .. Compilation(texts).GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Select(d => $"{d.Id} {d.GetMessage()} | {Line(d)}"),
    ];

    private static string Line(Diagnostic d) =>
        d.Location.SourceTree?.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim() ?? "";

    /// <summary>Runs the static method <c>Test.Run()</c> of the texts and gives its result.</summary>
    public static object? Run(params string[] texts)
    {
        using var image = new MemoryStream();
        var result = Compilation(texts).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)
            .Select(d => $"{d} | {Line(d)}")));
        image.Position = 0;
        var context = new AssemblyLoadContext(null, isCollectible: true);
        var run = context.LoadFromStream(image).GetType("Test")!.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
        try
        {
            return run.Invoke(null, null);
        }
        catch (TargetInvocationException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }
}
