using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Slices: <c>x.AsSpan(a, n)</c>, <c>s.Slice(a)</c>, <c>s[1..^1]</c>, <c>Np.Row(w, i)</c> are second names for a part of an array. None of them is an
/// array in the IR: <c>s[i]</c> reads <c>x[from + i]</c>, where <c>from = slice a n x.Length</c> throws as C# does, and an index that is not
/// provably in [0, n) is replaced by −1 outside of it. Where a value is needed (a copy, a library call) it is a build of loads.
/// </summary>
internal sealed partial class MethodLowering
{
    // ---- variables of span type

    private Val LoadSpan(SpanPlace place)
    {
        if (!_flow.References.TryGetValue(place.Array.Reference, out var cell) || cell is null) return NoVal.Instance;
        var (row, start, length) = (_flow.Scalars[place.Row.Slot], _flow.Scalars[place.Start.Slot], _flow.Scalars[place.Length.Slot]);
        var extents = _flow.Arrays[cell].Version?.Type.Extents;
        if (extents is { Count: 1 } whole && (place.IsArray || start is Const { AsInt: 0 } && whole[0].Equals(length))) return new ArrayVal(cell);
        if (place.IsArray && LengthOfAll(cell) is { } all) length = all;
        bool rows = extents is { Count: 2 };
        return new ArrayVal(cell, new Part(rows ? row : null, start ?? Const.I32(0), length ?? Const.I32(0), place.Last?.Of, place.Last?.OfSpan == true, place.Last?.Where));
    }

    private void StoreSpan(SpanPlace place, ArrayVal? value, IOperation where)
    {
        _flow.References[place.Array.Reference] = value?.Cell;
        _flow.Scalars[place.Row.Slot] = value?.Part?.Row ?? Const.I32(0);
        _flow.Scalars[place.Start.Slot] = value?.Part?.Start ?? Const.I32(0);
        _flow.Scalars[place.Length.Slot] = value is null || place.IsArray && value.Part is null ? Const.I32(0) : value.Part?.Length ?? ExtentsOf(value, where)[0];
        place.Last = value?.Part;
    }

    // ---- indices

    private static bool IsRange(IOperation index) => index is IRangeOperation || index.Type is { Name: "Range" };

    /// <summary>An index: an int, or <c>^k</c>, counted from the end.</summary>
    private Atom Position(IOperation index, Func<Atom> extent)
    {
        if (index is IConversionOperation { Type.Name: "Index" } c) index = c.Operand;
        if (index is IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat } fromEnd) return Emit(OpTable.Sub, "i", extent(), AtomOf(fromEnd.Operand));
        if (index.Type?.Name is "Index" or "Range") throw Unsupported(index, "write the index or range itself, as in x[^1] and x[1..n]");
        return AtomOf(index);
    }

    /// <summary>The index into the array itself. Outside of the part it is −1, which throws as C# does.</summary>
    private Seq<Atom> Within(ArrayVal array, Seq<Atom> index)
    {
        if (array.Part is not { } part) return index;
        if (part.Row is { } line && part.Start is Const { AsInt: 0 } && IsWholeRow(array.Cell, part)) return [line, index[0]];
        var at = Emit(OpTable.Add, "at", part.Start, index[0]);
        var length = part.Length is Var n && _lengths.TryGetValue(LinearOf(n), out var known) && InScope(known) ? known : part.Length;
        if (!IsInside(index[0], length))
        {
            var inside = Emit(OpTable.And, "c", Emit(OpTable.Ge, "c", index[0], Const.I32(0)), Emit(OpTable.Lt, "c", index[0], length));
            at = Emit(OpTable.Select, "at", inside, at, Const.I32(-1));
        }
        return part.Row is { } row ? [row, at] : [at];
    }

    private bool IsInside(Atom index, Atom extent) =>
        new Ranges(a => Affine.Of(a, Definition), v => _trips.TryGetValue(v, out var n) ? n : null, _notNegative.Contains, Definition).Inside(index, extent);

    private Stmt? Definition(Var name) => _computed.TryGetValue(name, out var stmt) ? stmt : null;

    private Val ImplicitIndexer(IImplicitIndexerReferenceOperation op, string? hint)
    {
        if (op.Instance is not { } instance || ShapeOf(instance.Type, instance) is not (ArrayShape or StructsShape)) throw Unsupported(op, "only arrays and spans are indexed");
        var span = Value(instance);
        if (IsRange(op.Argument)) return Slice(span, op.Argument, ofSpan: true, op);
        var index = Indices(Elements(span, instance), [op.Argument], op);
        return span is StructsVal structs ? ElementOf(structs, index, op, hint) : new ScalarVal(ReadElement(Memory(span, instance), index, op, hint));
    }

    // ---- cutting

    private Val Slice(Val array, IOperation range, bool ofSpan, IOperation where)
    {
        if (range is IConversionOperation { Operand: IRangeOperation inner }) range = inner;
        if (range is not IRangeOperation r) throw Unsupported(range, "write the range itself, as in x[1..n]");
        var extent = Line(Elements(array, where), where);
        var start = r.LeftOperand is { } left ? Position(left, () => extent) : Const.I32(0);
        var end = r.RightOperand is { } right ? Position(right, () => extent) : extent;
        return Slice(array, start, Emit(OpTable.Sub, "n", end, start), ofSpan, where);
    }

    private Val Slice(Val array, Atom start, Atom? length, bool ofSpan, IOperation where) => Each(array, where, a => Slice(a, start, length, ofSpan, where));

    /// <param name="length">Null: all from the start on.</param>
    private ArrayVal Slice(ArrayVal array, Atom start, Atom? length, bool ofSpan, IOperation where)
    {
        var extent = Line(array, where);
        length ??= Emit(OpTable.Sub, "n", extent, start);
        if (start is Const { AsInt: 0 } && length.Equals(extent)) return array;
        bool known = start is Const { AsInt: >= 0 } a && length is Const { AsInt: >= 0 } n && extent is Const e && (long)a.AsInt + n.AsInt <= e.AsInt;
        var from = known ? start : Emit(OpTable.Slice, "from", start, length, extent);
        if (from is Var v) _notNegative.Add(v);
        var whole = array.Part;
        var at = whole is null ? from : Emit(OpTable.Add, "from", whole.Start, from);
        if (at is Var sum && (whole is null || IsNotNegative(whole.Start))) _notNegative.Add(sum);
        return new ArrayVal(array.Cell, new Part(whole?.Row, at, length, whole, ofSpan, where));
    }

    /// <summary>The length of what can be sliced: something with one dimension.</summary>
    private Atom Line(ArrayVal array, IOperation where) =>
        ExtentsOf(array, where) is [var n] ? n : throw Unsupported(where, "only arrays of one dimension are sliced; Np.Row(w, i) is a row of a matrix");

    // ---- values

    /// <summary>The elements as an array of the IR; a part is copied.</summary>
    private Var Contents(ArrayVal array, IOperation where)
    {
        var version = VersionOf(array.Cell, where);
        if (array.Part is not { } part) return version;
        Touch(array, write: false);
        return (Var)_b.Build(ExtentsOf(array, where), (b, at) => b.Read(version, At(b, part, at[0])), array.Cell.Name);
    }

    private static Seq<Atom> At(Builder b, Part? part, Atom i)
    {
        if (part is null) return [i];
        var at = part.Start is Const { AsInt: 0 } ? i : b.Compute(OpTable.Add, part.Start, i, "at");
        return part.Row is { } row ? [row, at] : [at];
    }

    private ArrayVal Copy(ArrayVal array, string hint, IOperation where) => new(NewArrayOf(Contents(array, where), hint));

    // ---- methods

    /// <summary>Methods that write their span or array.</summary>
    public static bool WritesSpans(IMethodSymbol method) => method.Name is "Fill" or "Clear" or "CopyTo" or "Copy" or "Reverse" && method.ContainingNamespace is { Name: "System" }
        && method.ContainingType.Name is "Span" or "ReadOnlySpan" or "Array" or "MemoryExtensions";

    /// <summary>Static methods over spans and arrays; null: it is none of them.</summary>
    private Val? SpanCall(IInvocationOperation op)
    {
        var method = op.TargetMethod;
        string type = method.ContainingType.ToDisplayString();
        var args = op.Arguments.OrderBy(a => a.Parameter!.Ordinal).Select(a => OfAnyArray(a.Value)).ToList();
        Val Array(int k) => Value(args[k]);
        switch (type, method.Name, args.Count)
        {
            case ("System.MemoryExtensions", "AsSpan", 1): return Value(args[0]);
            case ("System.MemoryExtensions", "AsSpan", 2) when IsRange(args[1]): return Slice(Array(0), args[1], ofSpan: false, op);
            case ("System.MemoryExtensions", "AsSpan", 2):
                var all = Array(0);
                return Slice(all, Position(args[1], () => Line(Elements(all, op), op)), null, ofSpan: false, op);
            case ("System.MemoryExtensions", "AsSpan", 3):
                var array = Array(0);
                var start = AtomOf(args[1]);
                return Slice(array, start, AtomOf(args[2], "n"), ofSpan: false, op);
            case ("System.MemoryExtensions", "CopyTo", 2):
                var source = Array(0);
                return CopyTo(source, Array(1), op);
            case ("System.Array", "Fill", 2): return Filled(Array(0), () => Value(args[1]), op);
            case ("System.Array", "Fill", 4):
                var part = Array(0);
                var element = Value(args[1]);
                var first = AtomOf(args[2]);
                return Filled(Slice(part, first, AtomOf(args[3], "n"), ofSpan: false, op), () => element, op);
            case ("System.Array", "Clear", 1): return Cleared(Array(0), op);
            case ("System.Linq.Enumerable", "ToArray", 1) when args[0] is IConversionOperation { Operand: { Type: IArrayTypeSymbol { Rank: 1 } } copied }: return Clone(copied, "copy");
            case ("AutoVec.Np", "Row", 2):
                var matrix = Memory(Array(0), args[0]);
                var extents = ExtentsOf(matrix, op);
                return new ArrayVal(matrix.Cell, new Part(AtomOf(args[1]), Const.I32(0), extents[1], null, false, op));
            default: return null;
        }
    }

    /// <summary>The array that is passed as System.Array.</summary>
    private static IOperation OfAnyArray(IOperation argument) =>
        argument is IConversionOperation { IsImplicit: true, Type.SpecialType: SpecialType.System_Array } c ? c.Operand : argument;

    /// <summary>Methods of a span or an array.</summary>
    private Val SpanMethod(IInvocationOperation op, Val span)
    {
        var args = op.Arguments.OrderBy(a => a.Parameter!.Ordinal).Select(a => OfAnyArray(a.Value)).ToList();
        switch (op.TargetMethod.Name, args.Count)
        {
            case ("Slice", 1): return Slice(span, AtomOf(args[0]), null, ofSpan: true, op);
            case ("Slice", 2):
                var start = AtomOf(args[0]);
                return Slice(span, start, AtomOf(args[1], "n"), ofSpan: true, op);
            case ("Fill", 1): return Filled(span, () => Value(args[0]), op);
            case ("Clear", 0): return Cleared(span, op);
            case ("CopyTo", 1): return CopyTo(span, Value(args[0]), op);
            case ("CopyTo", 2) when args[1].Type?.SpecialType == SpecialType.System_Int32:
                var destination = Value(args[0]);
                return CopyTo(span, Slice(destination, AtomOf(args[1]), null, ofSpan: false, op), op);
            default: throw Unsupported(op, "copy the elements in a loop");
        }
    }

    private NoVal Filled(Val array, Func<Val> value, IOperation where) =>
        array is StructsVal structs ? FillStructs(structs, value(), where) : Overwrite(Memory(array, where), AtomIn(value(), where), where);

    private NoVal Cleared(Val array, IOperation where)
    {
        Each(array, where, a => Overwrite(a, Zero(VersionOf(a.Cell, where).Type.Scalar), where));
        return NoVal.Instance;
    }

    private NoVal CopyTo(Val source, Val target, IOperation where) => Each(source, target, where, (from, to) => CopyTo(from, to, where));

    private NoVal Overwrite(ArrayVal target, Atom value, IOperation where) => Overwrite(target, (_, _) => value, where);

    /// <summary>As if through a buffer: the source is read as it was before.</summary>
    private NoVal CopyTo(ArrayVal source, ArrayVal target, IOperation where)
    {
        Touch(source, write: false);
        var (old, part) = (VersionOf(source.Cell, where), source.Part);
        return Overwrite(Slice(target, Const.I32(0), Line(source, where), ofSpan: false, where), (b, at) => b.Read(old, At(b, part, at[0])), where);
    }

    /// <summary>Every element, by its index, all at once.</summary>
    private NoVal Overwrite(ArrayVal target, Func<Builder, Seq<Var>, Atom> element, IOperation where)
    {
        Touch(target, write: true);
        var version = Writable(target.Cell, where);
        string name = target.Cell.Name;
        if (target.Part is not { } part)
        {
            _flow.Arrays[target.Cell] = new((Var)_b.Build(version.Type.Extents, element, name));
            return NoVal.Instance;
        }
        var (state, i, body) = (_names.Fresh(name, version.Type), _names.Fresh("i", IrType.I32), _b.Nested());
        var value = element(body, [i]);
        var next = body.Write(state, At(body, part, i), value, name);
        _flow.Arrays[target.Cell] = new(_b.For([new Carry(state, version)], new Dim(i, ExtentsOf(target, where)[0]), body.Block(next), name)[0]);
        return NoVal.Instance;
    }

    // ---- overlaps

    private readonly List<(Cell Cell, Part? Part, bool Write)> _touched = [];

    private void Touch(ArrayVal array, bool write) => _touched.Add((array.Cell, array.Part, write));

    /// <summary>
    /// A loop that writes a slice of a span and uses the span itself is refused: which of its elements are old and which new would hang
    /// on an offset that the reader does not see. (Of two slices, or an array and its slice, each access is what C# says it is.)
    /// </summary>
    private void CheckOverlaps(int first)
    {
        var inside = _touched.Skip(first).ToList();
        _touched.RemoveRange(first, inside.Count);
        foreach (var written in inside)
            if (written is { Write: true, Part: { OfSpan: true, Where: { } where } part }
                && inside.Any(t => t.Cell == written.Cell && t.Part != part && (t.Part is null ? part.Of is null : SamePart(t.Part, part.Of))))
                throw new Rejection(ArrayRules.Slice, where, Sources.TextOf(where.Syntax));
    }

    private static bool SamePart(Part a, Part? b) => b is not null && ReferenceEquals(a.Where, b.Where);
}
