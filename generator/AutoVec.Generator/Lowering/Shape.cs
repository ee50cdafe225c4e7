using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>What a C# type is to the IR: a scalar, an array of scalars, or a bundle of named fields that is flattened.</summary>
internal abstract class Shape;

/// <summary>A number, a bool, or an enum (as its underlying integer).</summary>
internal sealed class ScalarShape(Number number) : Shape
{
    public Number Number { get; } = number;
    public Scalar Scalar => Number.Held();
}

/// <summary>An array or a span: memory with an identity, see <see cref="Cell"/>.</summary>
internal sealed class ArrayShape(Number number, int rank, Storage storage) : Shape
{
    public Number Number { get; } = number;
    public Scalar Scalar => Number.Held();
    public int Rank { get; } = rank;
    public Storage Storage { get; } = storage;
}

/// <summary>An array of arrays, inside a method: see <see cref="JaggedVal"/>.</summary>
internal sealed class JaggedShape(Number number) : Shape
{
    public Number Number { get; } = number;
    public Scalar Scalar => Number.Held();
}

/// <summary>An array or a span of structs of numbers, inside a method: one array for each number, see <see cref="StructsVal"/>.</summary>
/// <param name="columns">In the order of the numbers in the struct.</param>
internal sealed class StructsShape(AggregateShape element, int rank, Storage storage, Seq<Column> columns) : Shape
{
    public AggregateShape Element { get; } = element;
    public int Rank { get; } = rank;
    public Storage Storage { get; } = storage;
    public Seq<Column> Columns { get; } = columns;
}

/// <param name="Name">The path to the number: <c>Position_X</c>.</param>
internal sealed record Column(string Name, Number Number)
{
    public Scalar Scalar => Number.Held();
}

/// <summary>A delegate, inside a method: see <see cref="FunctionVal"/>.</summary>
internal sealed class FunctionShape : Shape;

/// <summary>A tuple, a struct, or a [Tree] record.</summary>
internal sealed class AggregateShape(INamedTypeSymbol type, Seq<Field> fields) : Shape
{
    public INamedTypeSymbol Type { get; } = type;
    public Seq<Field> Fields { get; } = fields;

    /// <summary>A [Tree] record class: its fields never change, so copies and references cannot be told apart.</summary>
    public bool IsImmutable => Type.IsReferenceType;

    /// <summary>The position of a field or property of the type, or -1.</summary>
    public int IndexOf(ISymbol member)
    {
        if (member is IFieldSymbol { CorrespondingTupleField: { } item }) member = item;
        // What an accessor calls 'field' is the property itself.
        if (member is IFieldSymbol { AssociatedSymbol: IPropertySymbol property }) member = property;
        for (int k = 0; k < Fields.Count; k++)
            if (SymbolEqualityComparer.Default.Equals(Fields[k].Symbol.OriginalDefinition, member.OriginalDefinition)
                || Type.IsTupleType && Fields[k].Symbol.Name == member.Name) return k;
        return -1;
    }
}

/// <summary>
/// An array of [Tree] records, in a tree that is a parameter: <c>Layer[] Layers</c>. Each leaf of the elements is one flat array with all of them, one
/// after the other; beside it stand the extents of each, and where it starts.
/// </summary>
internal sealed class TreeArrayShape(AggregateShape element) : Shape
{
    public AggregateShape Element { get; } = element;
}

/// <param name="Name">As the user reads it: the property, the tuple element's own name.</param>
/// <param name="Symbol">The field or property that reads it.</param>
internal sealed record Field(string Name, ISymbol Symbol, Shape Shape);
