using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Something that <see cref="Flow"/> tracks. Numbered in order of creation, so that output is reproducible.</summary>
internal abstract class Tracked(int id, string name)
{
    public int Id { get; } = id;
    public string Name { get; } = name;
    public override string ToString() => $"{Name}#{Id}";
}

/// <summary>A scalar variable, or a scalar field of one.</summary>
internal sealed class Slot(int id, string name, Scalar scalar) : Tracked(id, name)
{
    public Scalar Scalar { get; } = scalar;

    /// <summary>Set by break, continue or return; tested only where statements follow that may not run.</summary>
    public bool IsFlag { get; init; }
}

/// <summary>A variable of array type, or such a field: it refers to a <see cref="Cell"/>.</summary>
internal sealed class Reference(int id, string name) : Tracked(id, name);

/// <summary>
/// The memory of one array. Two names for one array refer to one cell, so writes through either are seen by both. Its
/// content, one version after the other, stands in <see cref="Flow"/>.
/// </summary>
/// <param name="readOnly">Why it may not be written: the name of the parameter it is, or may be.</param>
internal sealed class Cell(int id, string name, string? readOnly) : Tracked(id, name)
{
    public string? ReadOnly { get; } = readOnly;
}

/// <summary>Where a variable's parts live.</summary>
internal abstract class Place;
internal sealed class ScalarPlace(Slot slot) : Place { public Slot Slot { get; } = slot; }
internal sealed class ArrayPlace(Reference reference) : Place { public Reference Reference { get; } = reference; }

/// <summary>A variable of jagged type.</summary>
internal sealed class JaggedPlace(Scalar scalar, ArrayPlace rows, ArrayPlace lengths) : Place
{
    public Scalar Scalar { get; } = scalar;
    public ArrayPlace Rows { get; } = rows;
    public ArrayPlace Lengths { get; } = lengths;
}

/// <summary>A variable whose type is an array or a span of structs.</summary>
internal sealed class StructsPlace(StructsShape shape, Seq<Place> columns) : Place
{
    public StructsShape Shape { get; } = shape;
    public Seq<Place> Columns { get; } = columns;
}

/// <summary>
/// A variable of span type: which array, which row of it, where it starts and how long it is may all change. In a method with jagged arrays, also
/// a variable of array type, which may mean a row.
/// </summary>
/// <param name="isArray">Is it of array type? Then it means a whole array, or a whole row.</param>
internal sealed class SpanPlace(ArrayPlace array, ScalarPlace row, ScalarPlace start, ScalarPlace length, bool isArray) : Place
{
    public bool IsArray { get; } = isArray;
    public ArrayPlace Array { get; } = array;
    public ScalarPlace Row { get; } = row;
    public ScalarPlace Start { get; } = start;
    public ScalarPlace Length { get; } = length;

    /// <summary>The slice it was assigned last, for messages.</summary>
    public Part? Last { get; set; }
}

/// <summary>An element of an array that goes by another name: a <c>ref</c> argument, a <c>ref</c> local.</summary>
internal sealed class ElementPlace(ArrayVal array, Seq<Atom> index) : Place
{
    public ArrayVal Array { get; } = array;
    public Seq<Atom> Index { get; } = index;
}

internal sealed class AggregatePlace(AggregateShape shape, Seq<Place> fields) : Place
{
    public AggregateShape Shape { get; } = shape;
    public Seq<Place> Fields { get; } = fields;
}

/// <summary>An array of trees: a parameter's, always the same one.</summary>
internal sealed class TreeArrayPlace : Place { public TreeArrayVal? Value { get; set; } }

/// <summary>A variable that means a function: always the same one.</summary>
internal sealed class FunctionPlace : Place { public FunctionVal? Value { get; set; } }

/// <summary>What an expression evaluates to.</summary>
internal abstract class Val;
internal sealed class ScalarVal(Atom atom) : Val { public Atom Atom { get; } = atom; }
internal sealed class ArrayVal(Cell cell, Part? part = null) : Val
{
    public Cell Cell { get; } = cell;

    /// <summary>Null: the whole array.</summary>
    public Part? Part { get; } = part;
}

/// <summary>
/// A part of an array under another name: elements from <paramref name="start"/> on, of one row where the array has two dimensions. It is no
/// array of its own: <c>s[i]</c> is <c>x[start + i]</c>, so writes through either name are seen by both.
/// </summary>
/// <param name="of">The part it was cut from; null: the whole array.</param>
/// <param name="ofSpan">Was it cut from a span, and not from an array?</param>
/// <param name="where">Where it was cut.</param>
internal sealed class Part(Atom? row, Atom start, Atom length, Part? of, bool ofSpan, IOperation? where)
{
    public Atom? Row { get; } = row;
    public Atom Start { get; } = start;
    public Atom Length { get; } = length;
    public Part? Of { get; } = of;
    public bool OfSpan { get; } = ofSpan;
    public IOperation? Where { get; } = where;
}

/// <summary>
/// An array of arrays, as a matrix: row k is the array <c>a[k]</c>, so a row has one place. Rows have the length that <paramref name="lengths"/> says,
/// −1 where there is none yet; where all have one length, it is that of the matrix, and nobody reads the lengths.
/// </summary>
/// <param name="rows">The matrix. It has no content before the first row is there.</param>
internal sealed class JaggedVal(Scalar scalar, Cell rows, Cell lengths) : Val
{
    public Scalar Scalar { get; } = scalar;
    public Cell Rows { get; } = rows;
    public Cell Lengths { get; } = lengths;
}

/// <summary>An array of structs, or a part of one: an array (<see cref="ArrayVal"/>) for each number in the struct, all of the same extents.</summary>
internal sealed class StructsVal(StructsShape shape, Seq<Val> columns) : Val
{
    public StructsShape Shape { get; } = shape;
    public Seq<Val> Columns { get; } = columns;
}

internal sealed class AggregateVal(AggregateShape shape, Seq<Val> fields) : Val
{
    public AggregateShape Shape { get; } = shape;
    public Seq<Val> Fields { get; } = fields;
}

/// <summary>A function that is known: a lambda, a local function, or a static method.</summary>
/// <param name="body">Null: it has no source.</param>
internal sealed class FunctionVal(IMethodSymbol method, IBlockOperation? body) : Val
{
    public IMethodSymbol Method { get; } = method;
    public IBlockOperation? Body { get; } = body;
    public bool Is(FunctionVal other) => SymbolEqualityComparer.Default.Equals(Method, other.Method);
}

/// <param name="leaves">As <see cref="Packing.Leaves"/> lists them.</param>
/// <param name="count">How many trees.</param>
internal sealed class TreeArrayVal(TreeArrayShape shape, Seq<Var> leaves, Atom count, string parameter) : Val
{
    public TreeArrayShape Shape { get; } = shape;
    public Seq<Var> Leaves { get; } = leaves;
    public Atom Count { get; } = count;
    public string Parameter { get; } = parameter;
}

/// <summary>No value: a call of a void method, an array that was never created.</summary>
internal sealed class NoVal : Val { public static readonly NoVal Instance = new(); }
