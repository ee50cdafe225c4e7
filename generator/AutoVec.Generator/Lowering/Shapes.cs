using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoVec.Generator.Lowering;

/// <summary>From C# types to <see cref="Shape"/>s, or the reason why there is none.</summary>
internal static class Shapes
{
    public static Shape? Of(ITypeSymbol type, out string reason) => Of(type, 0, out reason);

    /// <summary>A span that can be written: an output, or in-out.</summary>
    public static bool IsOutput(IParameterSymbol parameter) => Of(parameter.Type, out _) is ArrayShape { Storage: Storage.Span };

    private static Shape? Of(ITypeSymbol type, int depth, out string reason)
    {
        reason = "use float, double, Half, int, long, bool, an enum, a rectangular array of these, or a [Tree] record";
        if (depth > 16)
        {
            reason = "the type contains itself";
            return null;
        }
        if (Numbers.Of(type) is { } number) return new ScalarShape(number);
        switch (type)
        {
            case IArrayTypeSymbol { Rank: 1, ElementType: INamedTypeSymbol element } when IsTree(element): return TreeArray(element, depth, ref reason);
            case IArrayTypeSymbol { Rank: 1, ElementType: IArrayTypeSymbol { Rank: 1 } row } when ElementOf(row.ElementType) is { } held: return new JaggedShape(held);
            case IArrayTypeSymbol { Rank: <= 3, ElementType: INamedTypeSymbol { TypeKind: TypeKind.Struct } element } array when ElementOf(element) is null:
                return Structs(element, array.Rank, Storage.Value, depth, ref reason);
            case IArrayTypeSymbol array: return Array(array, ref reason);
            case INamedTypeSymbol { Name: "Span" or "ReadOnlySpan" } span when IsSystem(span) && span.TypeArguments.Length == 1:
                if (ElementOf(span.TypeArguments[0]) is { } e)
                    return new ArrayShape(e, 1, span.Name == "Span" ? Storage.Span : Storage.ReadOnlySpan);
                var storage = span.Name == "Span" ? Storage.Span : Storage.ReadOnlySpan;
                if (span.TypeArguments[0] is INamedTypeSymbol { TypeKind: TypeKind.Struct } record && ElementOf(record) is null) return Structs(record, 1, storage, depth, ref reason);
                reason = "spans hold numbers, bools or structs of these";
                return null;
            case INamedTypeSymbol { TypeKind: TypeKind.Delegate }: return new FunctionShape();
            case INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }:
                reason = "there is no null in batched code";
                return null;
            case INamedTypeSymbol { IsTupleType: true } tuple:
                return Aggregate(tuple, tuple.TupleElements.Select(f => (f.Name, (ISymbol)(f.CorrespondingTupleField ?? f), f.Type)), depth, ref reason);
            case INamedTypeSymbol named when IsTree(named): return TreeShape(named, depth, ref reason);
            case INamedTypeSymbol { TypeKind: TypeKind.Struct, IsRefLikeType: false } s when s.DeclaringSyntaxReferences.Length > 0:
                return Aggregate(s, InstanceFields(s), depth, ref reason);
            case INamedTypeSymbol { IsRecord: true, IsReferenceType: true }:
                reason = "mark the record with [Tree]";
                return null;
            default:
                reason = Substitute(type);
                return null;
        }
    }

    /// <summary>Is there a jagged array in it?</summary>
    public static bool IsJagged(Shape shape) => shape is JaggedShape || shape is AggregateShape a && a.Fields.Any(f => IsJagged(f.Shape));

    /// <summary>Why it lives inside methods only, and what to write instead; null: parameters and results may be such.</summary>
    public static string? Inner(Shape shape) => shape switch
    {
        JaggedShape => Jagged,
        StructsShape => "arrays of structs are not batched; use an array for each field",
        FunctionShape => "a function is passed inside methods only; call one that is known, by its name",
        AggregateShape a => a.Fields.Select(f => Inner(f.Shape)).FirstOrDefault(r => r is not null),
        _ => null,
    };

    public static bool HoldsArrays(Shape shape) => shape is ArrayShape or JaggedShape or StructsShape || shape is AggregateShape a && a.Fields.Any(f => HoldsArrays(f.Shape));

    private const string Jagged = "jagged arrays are not batched; use a rectangular one, T[,]";

    private static string Substitute(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Decimal => "use double",
        SpecialType.System_String => "there is no text in batched code",
        SpecialType.System_IntPtr or SpecialType.System_UIntPtr => "use int or long",
        SpecialType.System_Object => "everything has a type of its own here",
        _ => "use float, double, Half, int, long, bool, an enum, a rectangular array of these, or a [Tree] record",
    };

    /// <summary>What arrays hold: numbers and bools, no enums.</summary>
    private static Number? ElementOf(ITypeSymbol type) => type.TypeKind == TypeKind.Enum ? null : Numbers.Of(type);

    private static ArrayShape? Array(IArrayTypeSymbol array, ref string reason)
    {
        if (array.ElementType is IArrayTypeSymbol) reason = "the rows of a jagged array are arrays of numbers; use a rectangular one, T[,,]";
        else if (ElementOf(array.ElementType) is not { } scalar) reason = "arrays hold numbers, bools or structs of these";
        else if (array.Rank > 3) reason = "arrays have rank 1 to 3";
        else return new ArrayShape(scalar, array.Rank, Storage.Value);
        return null;
    }

    private static StructsShape? Structs(INamedTypeSymbol element, int rank, Storage storage, int depth, ref string reason)
    {
        if (Of(element, depth + 1, out string why) is not AggregateShape shape)
        {
            reason = why;
            return null;
        }
        var columns = new List<Column>();
        bool Add(AggregateShape of, string path) => of.Fields.All(f =>
        {
            if (f.Shape is AggregateShape { IsImmutable: false } inner) return Add(inner, $"{path}{f.Name}_");
            if (f.Shape is not ScalarShape s) return false;
            columns.Add(new($"{path}{f.Name}", s.Number));
            return true;
        });
        if (Add(shape, "") && columns.Count > 0) return new StructsShape(shape, rank, storage, columns.ToSeq());
        reason = "the structs in an array hold numbers, bools, and structs of these";
        return null;
    }

    private static TreeArrayShape? TreeArray(INamedTypeSymbol element, int depth, ref string reason)
    {
        if (TreeShape(element, depth + 1, ref reason) is not { } shape) return null;
        if (Inner(shape) is { } inner)
        {
            reason = inner;
            return null;
        }
        if (shape.Fields.FirstOrDefault(f => f.Shape is not (ScalarShape or ArrayShape)) is { } field)
        {
            reason = $"'{element.Name}.{field.Name}' is itself a tree or an array of trees; the elements of an array of trees hold numbers and arrays";
            return null;
        }
        if (shape.Fields.FirstOrDefault(f => f.Shape is ScalarShape && f.Symbol is IPropertySymbol { Type.TypeKind: TypeKind.Enum }) is { } choice)
        {
            reason = $"'{element.Name}.{choice.Name}' is an enum; use int in the elements of an array of trees";
            return null;
        }
        return new TreeArrayShape(shape);
    }

    private static AggregateShape? TreeShape(INamedTypeSymbol tree, int depth, ref string reason)
    {
        if (PositionalParameters(tree) is not { } parameters)
        {
            reason = "a [Tree] is a positional record";
            return null;
        }
        if (parameters.FirstOrDefault(p => tree.GetMembers(p.Name).OfType<IPropertySymbol>().Any(m => m.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is PropertyDeclarationSyntax))) is { } written)
        {
            reason = $"its property '{written.Name}' is written by hand, and 'new {tree.Name}' might make another tree of it; let the parameter be the property";
            return null;
        }
        var fields = new List<(string, ISymbol, ITypeSymbol)>();
        foreach (var p in parameters)
            if (tree.GetMembers(p.Name).OfType<IPropertySymbol>().FirstOrDefault() is { } property) fields.Add((p.Name, property, p.Type));
        return Aggregate(tree, fields, depth, ref reason);
    }

    /// <summary>A record; of a library's record structs, metadata does not say what they are, but a [Tree] was checked there.</summary>
    public static bool IsRecord(INamedTypeSymbol type) => type.IsRecord || type.IsValueType && type.DeclaringSyntaxReferences.IsEmpty && IsTree(type);

    /// <summary>The parameters of a record's primary constructor, or null.</summary>
    public static IReadOnlyList<IParameterSymbol>? PositionalParameters(INamedTypeSymbol record) =>
        !IsRecord(record) ? null : record.InstanceConstructors
            .Where(c => c.Parameters.Length > 0 && c.Parameters.All(p => record.GetMembers(p.Name).OfType<IPropertySymbol>()
                .Any(m => SymbolEqualityComparer.Default.Equals(m.Type, p.Type))))
            .OrderByDescending(c => c.Parameters.Length).FirstOrDefault()?.Parameters;

    private static IEnumerable<(string, ISymbol, ITypeSymbol)> InstanceFields(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic && !f.IsConst)
            .Select(f => ((f.AssociatedSymbol ?? f).Name, f.AssociatedSymbol ?? f, f.Type));

    private static AggregateShape? Aggregate(INamedTypeSymbol type, IEnumerable<(string Name, ISymbol Symbol, ITypeSymbol Type)> members, int depth, ref string reason)
    {
        var fields = new List<Field>();
        foreach (var (name, symbol, memberType) in members)
        {
            if (Of(memberType, depth + 1, out string why) is not { } shape)
            {
                reason = $"'{name}' is '{memberType.ToDisplayString()}': {why}";
                return null;
            }
            fields.Add(new Field(name, symbol, shape));
        }
        return new AggregateShape(type, fields.ToSeq());
    }

    public static bool IsTree(ITypeSymbol type) => Attributes.Has(type, Attributes.Tree);

    private static bool IsSystem(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true };
}
