using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoVec.Generator.Contract;

/// <summary>The types around a generated member: can it be added to them, and how do they begin?</summary>
internal static class Containers
{
    public static IEnumerable<DiagnosticInfo> Check(INamedTypeSymbol? innermost)
    {
        for (var type = innermost; type is not null; type = type.ContainingType)
        {
            var declarations = type.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<BaseTypeDeclarationSyntax>().ToList();
            var where = declarations.FirstOrDefault()?.Identifier.GetLocation() ?? type.Locations[0];
            if (type.IsFileLocal) yield return DiagnosticInfo.Of(MethodRules.BadContainer, where, type.Name, "a 'file' type is not seen by other files");
            else if (type.IsGenericType) yield return DiagnosticInfo.Of(MethodRules.BadContainer, where, type.Name, "it is generic");
            else if (type.IsExtension) yield return DiagnosticInfo.Of(MethodRules.BadContainer, where, type.Name, "it is an extension block");
            else if (!declarations.All(d => d.Modifiers.Any(SyntaxKind.PartialKeyword)))
                yield return DiagnosticInfo.Of(MethodRules.NotPartial, where, type.Name, Kind(type));
        }
    }

    public static Seq<TypeModel> Describe(INamedTypeSymbol? innermost)
    {
        var types = new List<TypeModel>();
        for (var type = innermost; type is not null; type = type.ContainingType)
            types.Insert(0, new TypeModel($"{(type.IsStatic ? "static " : "")}partial {Kind(type)}", type.Name));
        return types.ToSeq();
    }

    private static string Kind(INamedTypeSymbol type) => type switch
    {
        { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
        { IsRecord: true } => "record",
        { TypeKind: TypeKind.Struct } => "struct",
        { TypeKind: TypeKind.Interface } => "interface",
        _ => "class",
    };

    public static string Namespace(ISymbol symbol) =>
        symbol.ContainingNamespace is { IsGlobalNamespace: false } ns ? ns.ToDisplayString() : "";

    public static string Accessibility(ISymbol symbol) => SyntaxFacts.GetText(symbol.DeclaredAccessibility);
}
