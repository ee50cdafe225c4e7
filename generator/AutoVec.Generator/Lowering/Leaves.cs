using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Names of a method's leaves and of their extents: parameter p is <c>p</c>, a tree's field <c>p_W1</c>, the extents
/// <c>p_W1_0</c>, <c>p_W1_1</c>; an underscore more where the name is taken.
/// </summary>
internal sealed class Leaves
{
    private readonly HashSet<string> _taken = [];
    private readonly List<Var> _leaves = [];

    /// <summary>The leaves of all parameters, in order.</summary>
    public Leaves(IEnumerable<(string Name, Shape Shape)> parameters)
    {
        foreach (var l in parameters.SelectMany(p => Walk(p.Name, p.Shape)).Select(l => l with { Name = Unique(l.Name) }).ToList())
        {
            var extents = Enumerable.Range(0, l.Rank).Select(d => (Atom)(l.Count is { } count ? Shared(count) : new Var(Unique($"{l.Name}_{d}"), IrType.I32)));
            _leaves.Add(new Var(l.Name, new IrType(l.Scalar, extents.ToSeq())));
        }
    }

    private readonly Dictionary<string, Var> _counts = [];

    /// <summary>The number of trees in an array of them, which several leaves have as their extent.</summary>
    private Var Shared(string count) => _counts.TryGetValue(count, out var known) ? known : _counts[count] = new Var(Unique(count), IrType.I32);

    public Seq<Var> All => _leaves.ToSeq();

    private string Unique(string name)
    {
        while (!_taken.Add(name)) name += "_";
        return name;
    }

    /// <param name="Count">The name of its only extent, where it has one with others.</param>
    private sealed record LeafName(string Name, Scalar Scalar, int Rank, string? Count = null);

    private static IEnumerable<LeafName> Walk(string name, Shape shape) => shape switch
    {
        AggregateShape a => a.Fields.SelectMany(f => Walk($"{name}_{f.Name}", f.Shape)),
        TreeArrayShape t => Packing.Leaves(t).Select(l => new LeafName($"{name}_{l.Name}", l.Number.Held(), 1, l.IsFlat ? null : $"{name}_0")),
        ArrayShape a => [new(name, a.Scalar, a.Rank)],
        ScalarShape s => [new(name, s.Scalar, 0)],
        _ => throw new InvalidOperationException("a leaf is a scalar or an array"),
    };

    /// <summary>The symbol-free description of a type, its leaves named in order by <paramref name="next"/>.</summary>
    public static ValueModel Describe(ITypeSymbol type, Shape shape, Func<string> next) => shape switch
    {
        AggregateShape { Type.IsTupleType: true } t => new TupleValue(t.Fields.Map(f => new TreeField(f.Name, Describe(TypeOf(f), f.Shape, next)))),
        AggregateShape a => new TreeValue(NameOf(a.Type), a.Fields.Map(f => new TreeField(f.Name,
            f.Shape is TreeArrayShape t ? Describe($"{NameOf(a.Type)}.{f.Name}Packed", t, next) : Describe(TypeOf(f), f.Shape, next)))) { IsStruct = a.Type.IsValueType },
        ArrayShape a => new ArrayValue(a.Number.Stored(), a.Rank, next(), NameOf(type), a.Storage),
        ScalarShape s => new ArrayValue(s.Number.Stored(), 0, next(), NameOf(type)),
        _ => throw new InvalidOperationException($"no description of {shape.GetType().Name}"),
    };

    private static PackedValue Describe(string pack, TreeArrayShape array, Func<string> next) => new(
        pack, NameOf(array.Element.Type),
        array.Element.Fields.Map(f => new TreeField(f.Name, Describe(TypeOf(f), f.Shape, () => ""))),
        Packing.Leaves(array).Select(l => new TreeField(l.Name, new ArrayValue(l.Number.Stored(), 1, next(), Keyword(l.Number.Stored()) + "[]"))).ToSeq());

    private static string Keyword(Scalar scalar) => scalar switch
    {
        Scalar.F32 => "float",
        Scalar.F64 => "double",
        Scalar.I32 => "int",
        Scalar.I64 => "long",
        Scalar.F16 => "global::System.Half",
        _ => "bool",
    };

    private static ITypeSymbol TypeOf(Field field) => field.Symbol switch
    {
        IFieldSymbol f => f.Type,
        IPropertySymbol p => p.Type,
        _ => throw new InvalidOperationException($"'{field.Name}' is neither a field nor a property"),
    };

    public static string NameOf(ITypeSymbol type) =>
        type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}

/// <summary>How an array of trees is passed.</summary>
internal static class Packing
{
    /// <summary>The leaves of an array of trees, in order: of each field all elements (for an array: flat), then extents and starts.</summary>
    public static IEnumerable<(string Name, Number Number, bool IsFlat)> Leaves(TreeArrayShape array)
    {
        foreach (var f in array.Element.Fields)
        {
            if (f.Shape is ScalarShape s) yield return (f.Name, s.Number, false);
            if (f.Shape is not ArrayShape a) continue;
            yield return (f.Name, a.Number, true);
            for (int d = 0; d < a.Rank; d++) yield return ($"{f.Name}Extent{d}", Number.I32, false);
            yield return ($"{f.Name}Start", Number.I32, false);
        }
    }
}
