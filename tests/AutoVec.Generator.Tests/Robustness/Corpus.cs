using AutoVec.Generator.Tests.EndToEnd;
using AutoVec.Generator.Tests.Language;
using AutoVec.Generator.Tests.Lowering;
using AutoVec.Generator.Tests.Zoo;
using AutoVec.Tests.Random;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoVec.Generator.Tests.Robustness;

/// <summary>Sources to mutate: each a file in which one method is annotated, with all that it calls.</summary>
internal static class Corpus
{
    public static IReadOnlyList<CompilationUnitSyntax> All { get; } = [.. Sources().SelectMany(Units)];

    private static IEnumerable<string> Sources()
    {
        foreach (string file in ZooFolder.Files("Cases.*.cs").Concat(ZooFolder.Files("Rejected/*.cs"))) yield return File.ReadAllText(file);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            if (!file.Contains("/obj/", StringComparison.Ordinal)) yield return File.ReadAllText(file);
        yield return $"public static partial class Battery\n{{\n{BatteryTests.Methods.Replace("[V]", "[Vectorize]", StringComparison.Ordinal)}\n}}";
        yield return NpTests.Methods;
        for (int theme = 0; theme < Programs.Count; theme++) yield return Programs.Source(theme);
        for (int seed = 0; seed < 40; seed++) yield return $"public static partial class Made\n{{\n[Vectorize, Differentiable]\n{CSharp.Write(RandomProgram.Make(seed, 1 + seed % 3), "F")}}}";
    }

    private static IEnumerable<CompilationUnitSyntax> Units(string source)
    {
        var root = CSharpSyntaxTree.ParseText(source, new(LanguageVersion.Preview)).GetCompilationUnitRoot();
        var annotated = root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(m => m.AttributeLists.Count > 0).ToList();
        for (int k = 0; k < annotated.Count; k++)
        {
            int kept = k;
            yield return root.ReplaceNodes(annotated, (method, _) => method == annotated[kept] ? method : method.WithAttributeLists([]));
        }
    }

    /// <summary>The method that mutations change.</summary>
    public static MethodDeclarationSyntax Annotated(CompilationUnitSyntax unit) =>
        unit.DescendantNodes().OfType<MethodDeclarationSyntax>().First(m => m.AttributeLists.Count > 0);
}
