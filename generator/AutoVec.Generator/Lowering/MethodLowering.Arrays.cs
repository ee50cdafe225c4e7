using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Arrays: creation, elements, lengths. <c>new T[n]</c> is a build of zeros whose extent is n itself, so <c>Length</c> gives the same
/// name back. An n that may be negative is checked first, see <see cref="Length"/>.
/// </summary>
internal sealed partial class MethodLowering
{
    private Var VersionOf(Cell cell, IOperation where)
    {
        var content = _flow.Arrays[cell];
        return content.Version ?? throw new Rejection(LanguageRules.Unassigned, where, cell.Name, content.Frozen ?? "create it where it is declared");
    }

    // ---- elements

    private Val Element(IArrayElementReferenceOperation op, string? hint)
    {
        var value = Value(op.ArrayReference);
        if (value is JaggedVal jagged) return RowOf(jagged, RowIndex(jagged, op.Indices[0], op), op);
        if (value is TreeArrayVal trees) return ElementOf(trees, Position(op.Indices[0], () => trees.Count), hint ?? "tree");
        // A range of an array is a copy, of a span a view.
        if (op.Indices is [{ } range] && IsRange(range)) return Each(Slice(value, range, ofSpan: false, op), op, a => Copy(a, hint ?? "part", op));
        var index = Indices(Elements(value, op.ArrayReference), op.Indices, op);
        return value is StructsVal structs ? ElementOf(structs, index, op, hint) : new ScalarVal(ReadElement(Memory(value, op.ArrayReference), index, op, hint));
    }

    private Seq<Atom> Indices(ArrayVal array, IEnumerable<IOperation> indices, IOperation where)
    {
        var result = new List<Atom>();
        foreach (var index in indices)
        {
            var atom = Position(index, () => ExtentsOf(array, where)[result.Count]);
            result.Add(Numbers.Of(index.Type) is { } type ? Index(atom, type) : atom);
        }
        return result.ToSeq();
    }

    /// <summary>An index of another integer type than int: outside i32 it is outside every array, as −1 is.</summary>
    private Atom Index(Atom index, Number type)
    {
        if (type is Number.U32) index = Cast(index, type, Number.I64, false, null!, "i");
        if (index.Type == IrType.I32) return index;
        var high = Emit(OpTable.UShr, "i", index, Const.I32(31));
        return Emit(OpTable.Select, "i", Emit(OpTable.Eq, "c", high, Const.I64(0)), Emit(OpTable.ToI32, "i", index), Const.I32(-1));
    }

    private Atom ReadElement(ArrayVal array, Seq<Atom> index, IOperation where, string? hint)
    {
        Touch(array, write: false);
        return _b.Read(VersionOf(array.Cell, where), Within(array, index), hint ?? "v");
    }

    private void WriteElement(ArrayVal array, Seq<Atom> index, Atom value, IOperation where)
    {
        Touch(array, write: true);
        var version = Writable(array.Cell, where);
        _flow.Arrays[array.Cell] = new(_b.Write(version, Within(array, index), value, array.Cell.Name));
    }

    /// <summary>The version to write to, or the reason why that must not be.</summary>
    private Var Writable(Cell cell, IOperation where)
    {
        if (cell.ReadOnly is { } parameter) throw new Rejection(ArrayRules.ReadOnlyArray, where, parameter);
        var version = VersionOf(cell, where);
        return _flow.Arrays[cell].Frozen is { } reason ? throw new Rejection(ArrayRules.Alias, where, cell.Name, reason) : version;
    }

    // ---- lengths

    private Seq<Atom> ExtentsOf(ArrayVal array, IOperation where) => array.Part is { } part ? [part is { Row: not null, Of: null } ? Length(part.Length) : part.Length] : VersionOf(array.Cell, where).Type.Extents;

    private Atom LengthOf(ArrayVal array, IOperation where)
    {
        var extents = ExtentsOf(array, where);
        var length = extents[0];
        foreach (var e in extents.Skip(1)) length = Emit(OpTable.Mul, "n", length, e);
        return length;
    }

    private Atom ExtentOf(ArrayVal array, IOperation dimension, IOperation where)
    {
        var extents = ExtentsOf(array, where);
        return dimension.ConstantValue is { HasValue: true, Value: int d } && d >= 0 && d < extents.Count ? extents[d]
            : throw Unsupported(where, $"name the dimension by a constant from 0 to {extents.Count - 1}");
    }

    // ---- creation

    private Val NewArray(IArrayCreationOperation op, string? hint)
    {
        if (ShapeOf(op.Type, op) is JaggedShape rows) return NewRows(op, rows, hint);
        var shape = ShapeOf(op.Type, op);
        if (shape is not (ArrayShape or StructsShape)) throw Unsupported(op, "arrays of trees come from parameters");
        var extents = op.DimensionSizes.Select(ExtentFrom).ToList().ToSeq();
        var array = Zeros(shape, extents, hint);
        if (op.Initializer is not null) Fill(array, op.Initializer, []);
        return array;
    }

    private Atom ExtentFrom(IOperation size)
    {
        if (size.ConstantValue is { HasValue: true, Value: int and < 0 }) throw Unsupported(size, "a length is not negative");
        var type = NumberOf(size.Type, size);
        var extent = AtomOf(size, "n");
        return Length(type is Number.U32 ? Cast(extent, type, Number.I64, false, size, "n") : extent);
    }

    private Val Zeros(Shape shape, Seq<Atom> extents, string? hint) =>
        shape is StructsShape s ? NewStructs(s, extents, hint) : new ArrayVal(Zeros(((ArrayShape)shape).Scalar, extents, hint));

    private Cell Zeros(Scalar scalar, Seq<Atom> extents, string? hint)
    {
        var zeros = (Var)_b.Zeros(new IrType(scalar, extents), hint ?? "a");
        _zeros.Add(zeros);
        return NewArrayOf(zeros, hint);
    }

    private Cell NewArrayOf(Var version, string? hint)
    {
        var cell = NewCell(hint ?? version.Base);
        _flow.Arrays[cell] = new(version);
        return cell;
    }

    private void Fill(Val array, IArrayInitializerOperation initializer, Seq<Atom> at)
    {
        for (int k = 0; k < initializer.ElementValues.Length; k++)
        {
            var index = at.Add(Const.I32(k));
            if (initializer.ElementValues[k] is IArrayInitializerOperation row) Fill(array, row, index);
            else StoreElement(array, index, Value(initializer.ElementValues[k]), initializer.ElementValues[k]);
        }
    }

    private Val Collection(ICollectionExpressionOperation op, string? hint)
    {
        if (ShapeOf(op.Type, op) is JaggedShape rows) return RowsFrom(rows, op.Elements, hint, op);
        if (ShapeOf(op.Type, op) is StructsShape { Rank: 1 } structs) return FromElements(structs, op.Elements, hint);
        if (ShapeOf(op.Type, op) is not ArrayShape { Rank: 1 } shape) throw Unsupported(op, "write new T[] { ... }");
        if (op.Elements.Any(e => e is ISpreadOperation)) return Spread(op, shape.Number, hint);
        return FromElements(shape.Number, op.Elements, hint);
    }

    private ArrayVal FromElements(Number number, IReadOnlyList<IOperation> elements, string? hint)
    {
        var array = new ArrayVal(Zeros(number.Held(), [Const.I32(elements.Count)], hint));
        for (int k = 0; k < elements.Count; k++)
            WriteElement(array, [Const.I32(k)], Cast(AtomOf(elements[k]), NumberOf(elements[k].Type, elements[k]), number, false, elements[k], null), elements[k]);
        return array;
    }

    private StructsVal FromElements(StructsShape shape, IReadOnlyList<IOperation> elements, string? hint)
    {
        if (elements.FirstOrDefault(e => e is ISpreadOperation) is { } spread) throw Unsupported(spread, "copy the elements in a loop");
        var array = NewStructs(shape, [Const.I32(elements.Count)], hint);
        for (int k = 0; k < elements.Count; k++) StoreElement(array, [Const.I32(k)], Value(elements[k]), elements[k]);
        return array;
    }

    /// <summary>Roslyn has no public operation for stackalloc; the memory is cleared, as C# clears it.</summary>
    private Val StackAlloc(SyntaxNode syntax, IOperation op, string? hint)
    {
        var model = _compilation.ModelOf(syntax.SyntaxTree);
        var initializer = (syntax as StackAllocArrayCreationExpressionSyntax)?.Initializer
            ?? (syntax as ImplicitStackAllocArrayCreationExpressionSyntax)?.Initializer;
        var info = model.GetTypeInfo(syntax, _cancel);
        var shape = ShapeOf(info.ConvertedType ?? info.Type, op);
        if (shape is not (ArrayShape or StructsShape)) throw new Rejection(LanguageRules.Unsafe, op);
        IOperation Operation(SyntaxNode node) => model.GetOperation(node, _cancel) ?? throw Unsupported(op, "write new T[n]");
        if (initializer is not null)
        {
            var elements = initializer.Expressions.Select(Operation).ToList();
            return shape is StructsShape structs ? FromElements(structs, elements, hint) : FromElements(((ArrayShape)shape).Number, elements, hint);
        }
        var sizes = ((syntax as StackAllocArrayCreationExpressionSyntax)?.Type as ArrayTypeSyntax)?.RankSpecifiers[0].Sizes;
        if (sizes is not { Count: 1 } size) throw Unsupported(op, "write new T[n]");
        return Zeros(shape, [ExtentFrom(Operation(size[0]))], hint);
    }

    // ---- copies: values are never shared between versions, so a copy is a new cell with the same content

    private static IOperation? CloneOf(IOperation op) =>
        op is IInvocationOperation { TargetMethod: { Name: "Clone", Parameters.Length: 0 }, Instance: { Type: IArrayTypeSymbol } array } ? array : null;

    private Val Clone(IOperation array, string hint)
    {
        ShapeOf(array.Type, array);
        return Each(Value(array), array, a => Copy(a, hint, array));
    }
}
