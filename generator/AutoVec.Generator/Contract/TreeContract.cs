using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using AutoVec.Generator.Lowering;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoVec.Generator.Contract;

/// <summary>What a [Tree] record must look like, and its description.</summary>
internal static class TreeContract
{
    private static readonly string[] Reserved = ["Batch", "OnDevice", "In", "Upload"];

    /// <summary>Members of the generated <c>OnDevice</c>, which has the leaves' names too.</summary>
    private static readonly string[] OnDevice = ["ToHost", "ToBatch", "CopyTo", "CopyFrom", "Dispose"];

    public static List<DiagnosticInfo> Check(INamedTypeSymbol type)
    {
        var found = Containers.Check(type).ToList();
        var where = type.Locations[0];
        if (!type.IsRecord) found.Add(DiagnosticInfo.Of(TreeRules.NotPositional, where, type.Name, "it is no record"));
        else if (Parameters(type) is not { Count: > 0 } parameters) found.Add(DiagnosticInfo.Of(TreeRules.NotPositional, where, type.Name, "it has no positional parameters"));
        else if (type.BaseType is { SpecialType: not SpecialType.System_Object and not SpecialType.System_ValueType })
            found.Add(DiagnosticInfo.Of(TreeRules.NotPositional, where, type.Name, "it has a base record"));
        else
        {
            foreach (var (name, symbol) in parameters) found.AddRange(Leaf(type, name, symbol));
            if (type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => !f.IsStatic && !f.IsConst && !parameters.Any(p => p.Name == (f.AssociatedSymbol ?? f).Name)) is { } more)
                found.Add(DiagnosticInfo.Of(TreeRules.NotPositional, more.Locations.FirstOrDefault() ?? where, type.Name, $"'{(more.AssociatedSymbol ?? more).Name}' is not among its parameters"));
        }
        foreach (string name in Reserved)
            if (type.GetMembers(name).FirstOrDefault(m => m is not IPropertySymbol) is { IsImplicitlyDeclared: false } member)
                found.Add(DiagnosticInfo.Of(CollisionRules.MemberExists, member.Locations[0], type.Name, name, type.Name));
        return found;
    }

    private static IEnumerable<DiagnosticInfo> Leaf(INamedTypeSymbol tree, string name, ISymbol symbol)
    {
        var where = symbol.Locations.FirstOrDefault() ?? tree.Locations[0];
        var type = symbol is IPropertySymbol p ? p.Type : ((IFieldSymbol)symbol).Type;
        if (Reserved.Contains(name) || OnDevice.Contains(name)) yield return DiagnosticInfo.Of(CollisionRules.ReservedLeaf, where, tree.Name, name);
        if (type.NullableAnnotation == NullableAnnotation.Annotated) yield return DiagnosticInfo.Of(MethodRules.Nullable, where, $"'{tree.Name}.{name}'");
        else if (Shapes.Of(type, out string reason) is not { } shape)
            yield return DiagnosticInfo.Of(TreeRules.BadLeaf, where, tree.Name, name, type.ToDisplayString(), reason);
        else if (Shapes.Inner(shape) is { } inner)
            yield return DiagnosticInfo.Of(TreeRules.BadLeaf, where, tree.Name, name, type.ToDisplayString(), inner);
        else if (MethodContract.Held(shape).Any(n => !n.IsBasic()))
            yield return DiagnosticInfo.Of(TreeRules.BadLeaf, where, tree.Name, name, type.ToDisplayString(), "small and unsigned integers live inside methods; use int or long");
        else if (shape is AggregateShape a && !Shapes.IsTree(a.Type) || shape is ArrayShape { Storage: not Storage.Value })
            yield return DiagnosticInfo.Of(TreeRules.BadLeaf, where, tree.Name, name, type.ToDisplayString(), "use numbers, arrays or a nested [Tree]");
    }

    private static List<(string Name, ISymbol Symbol)>? Parameters(INamedTypeSymbol type)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
            if (reference.GetSyntax() is RecordDeclarationSyntax { ParameterList: { } list })
                return list.Parameters.Select(p => p.Identifier.ValueText)
                    .Select(n => (n, (ISymbol?)type.GetMembers(n).OfType<IPropertySymbol>().FirstOrDefault()))
                    .Where(p => p.Item2 is not null).Select(p => (p.n, p.Item2!)).ToList();
        return null;
    }

    public static TreeModel? Describe(INamedTypeSymbol type)
    {
        if (Shapes.Of(type, out _) is not AggregateShape shape || Leaves.Describe(type, shape, () => "") is not TreeValue tree) return null;
        return new TreeModel(Containers.Namespace(type), Containers.Describe(type), Containers.Accessibility(type), type.Name, Named(tree, "").Fields);
    }

    /// <summary>Leaves named after their path: W1, Head_W1.</summary>
    private static TreeValue Named(TreeValue tree, string path) => tree with
    {
        Fields = tree.Fields.Map(f => f with
        {
            Value = f.Value switch
            {
                ArrayValue a => a with { Leaf = path + f.Property },
                TreeValue t => Named(t, $"{path}{f.Property}_"),
                PackedValue packed => packed with { Leaves = packed.Leaves.Map(l => l with { Value = (ArrayValue)l.Value with { Leaf = $"{path}{f.Property}_{l.Property}" } }) },
                var other => other,
            },
        }),
    };
}
