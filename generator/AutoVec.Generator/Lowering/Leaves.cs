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
        var named = parameters.SelectMany(p => Walk(p.Name, p.Shape)).Select(l => (Name: Unique(l.Name), l.Shape)).ToList();
        foreach (var (name, shape) in named)
            _leaves.Add(shape switch
            {
                ArrayShape a => new Var(name, new IrType(a.Scalar, Enumerable.Range(0, a.Rank).Select(d => (Atom)new Var(Unique($"{name}_{d}"), IrType.I32)).ToSeq())),
                ScalarShape s => new Var(name, new IrType(s.Scalar, [])),
                _ => throw new InvalidOperationException("a leaf is a scalar or an array"),
            });
    }

    public Seq<Var> All => _leaves.ToSeq();

    private string Unique(string name)
    {
        while (!_taken.Add(name)) name += "_";
        return name;
    }

    private static IEnumerable<(string Name, Shape Shape)> Walk(string name, Shape shape) =>
        shape is AggregateShape a ? a.Fields.SelectMany(f => Walk($"{name}_{f.Name}", f.Shape)) : [(name, shape)];

    /// <summary>The symbol-free description of a type, its leaves named in order by <paramref name="next"/>.</summary>
    public static ValueModel Describe(ITypeSymbol type, Shape shape, Func<string> next) => shape switch
    {
        AggregateShape { Type.IsTupleType: true } t => new TupleValue(t.Fields.Map(f => new TreeField(f.Name, Describe(TypeOf(f), f.Shape, next)))),
        AggregateShape a => new TreeValue(NameOf(a.Type), a.Fields.Map(f => new TreeField(f.Name, Describe(TypeOf(f), f.Shape, next)))) { IsStruct = a.Type.IsValueType },
        ArrayShape a => new ArrayValue(a.Scalar, a.Rank, next(), NameOf(type), a.Storage),
        ScalarShape s => new ArrayValue(s.Scalar, 0, next(), NameOf(type)),
        _ => throw new InvalidOperationException($"no description of {shape.GetType().Name}"),
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
