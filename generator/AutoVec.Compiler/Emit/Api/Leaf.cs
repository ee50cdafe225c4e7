using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>A scalar or array inside a value: <c>.Inner.W1</c>, the empty path for the value itself.</summary>
/// <param name="Fields">The properties that lead to it.</param>
internal sealed record Leaf(Seq<string> Fields, ArrayValue Value)
{
    /// <summary>The path as C#: <c>.Inner.W1</c>.</summary>
    public string Path => string.Concat(Fields.Map(f => "." + Identifiers.Of(f)));

    /// <summary>The path as one name: <c>Inner_W1</c>.</summary>
    public string FlatName => string.Join("_", Fields);

    /// <summary>An extent or start of what is packed in an array of trees, not a part of the value.</summary>
    public bool IsLayout { get; init; }

    /// <summary>One number for each tree of an array: as many as there are trees, by the way they are packed.</summary>
    public bool IsOnePerTree { get; init; }

    /// <summary>Does the value hold an array of trees?</summary>
    public static bool IsPacked(ValueModel value) => value is PackedValue || value is TreeValue t && t.Fields.Any(f => IsPacked(f.Value));

    public string Element => CSharpTypes.Element(Value);
    public int Rank => Value.Rank;
    public bool IsFloat => Value.Scalar is Scalar.F32 or Scalar.F64 or Scalar.F16;

    public static Seq<Leaf> Of(ValueModel value) => Walk(value, []).ToSeq();

    private static IEnumerable<Leaf> Walk(ValueModel value, Seq<string> fields) => value switch
    {
        ArrayValue array => [new Leaf(fields, array)],
        TreeValue tree => tree.Fields.SelectMany(f => Walk(f.Value, fields.Add(f.Value is PackedValue ? f.Property + "Pack" : f.Property))),
        PackedValue packed => packed.Leaves.Map(l => new Leaf(fields.Add(l.Property), (ArrayValue)l.Value) 
        {
            IsLayout = packed.Fields.All(f => f.Property != l.Property),
            IsOnePerTree = packed.Fields.All(f => f.Property != l.Property || f.Value is ArrayValue { Rank: 0 }),
        }),
        TupleValue tuple => tuple.Elements.SelectMany(f => Walk(f.Value, fields.Add(f.Property))),
        _ => throw new InvalidOperationException(value.GetType().Name),
    };
}
