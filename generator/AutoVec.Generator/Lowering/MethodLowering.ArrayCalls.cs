using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>What .NET's own methods do to whole arrays (spans: see Slices), and collection expressions.</summary>
internal sealed partial class MethodLowering
{
    /// <summary>A static method of Array; null: it is none that is known.</summary>
    private Val? ArrayCall(IInvocationOperation op, string? hint)
    {
        if (op.TargetMethod.ContainingNamespace is not { Name: "System", ContainingNamespace.IsGlobalNamespace: true }) return null;
        Val Of(int k) => Value(OfAnyArray(op.Arguments[k].Value));
        switch (op.TargetMethod.ContainingType.Name, op.TargetMethod.Name, op.Arguments.Length)
        {
            case ("Array", "Copy", 3) when op.Arguments[2].Value.Type?.SpecialType == SpecialType.System_Int32:
                var from = Of(0);
                var to = Of(1);
                // The first elements of both: where there are too few, slicing throws, as C# does.
                return CopyTo(Slice(from, Const.I32(0), AtomOf(op.Arguments[2].Value, "n"), ofSpan: false, op), to, op);
            case ("Array" or "MemoryExtensions", "Reverse", 1):
                Each(Of(0), op, a => Reversed(a, op));
                return NoVal.Instance;
            case ("Array", "Empty", 0) when ShapeOf(op.Type, op) is ArrayShape { Rank: 1 } or StructsShape { Rank: 1 }: return Zeros(ShapeOf(op.Type, op), [Const.I32(0)], hint);
            default: return null;
        }
    }

    /// <summary>A method of an array or a span.</summary>
    private Val ArrayMethod(IInvocationOperation op, IOperation instance)
    {
        switch (op.TargetMethod.Name)
        {
            case "GetLength": return new ScalarVal(ExtentOf(Elements(Value(instance), instance), op.Arguments[0].Value, op));
            case "GetUpperBound":
                return new ScalarVal(Emit(OpTable.Sub, "n", ExtentOf(Elements(Value(instance), instance), op.Arguments[0].Value, op), Const.I32(1)));
            case "ToArray" when op.Arguments.Length == 0: return Clone(instance, "copy");
            case "Slice" or "Fill" or "Clear" or "CopyTo": return SpanMethod(op, Value(instance));
            default: throw Unsupported(op, "arrays and spans have Length, GetLength, Clone, Fill, Clear, CopyTo, slices and their elements; write a loop");
        }
    }

    private NoVal Reversed(ArrayVal array, IOperation where)
    {
        Touch(array, write: false);
        var (old, part) = (VersionOf(array.Cell, where), array.Part);
        var last = Emit(OpTable.Sub, "n", Line(array, where), Const.I32(1));
        return Overwrite(array, (b, i) => b.Read(old, At(b, part, b.Compute(OpTable.Sub, last, i[0], "i"))), where);
    }

    // ---- collection expressions

    /// <summary><c>[a, .. x, b]</c>: one part after the other.</summary>
    private ArrayVal Spread(ICollectionExpressionOperation op, Number number, string? hint)
    {
        // All parts are evaluated first: only then is the length known.
        var parts = new List<(Atom? Element, Var? Array)>();
        Atom length = Const.I32(0);
        foreach (var e in op.Elements)
        {
            if (e is not ISpreadOperation spread)
            {
                parts.Add((Cast(AtomOf(e), NumberOf(e.Type, e), number, false, e, null), null));
                length = Emit(OpTable.Add, "n", length, Const.I32(1));
                continue;
            }
            var source = spread.Operand is IConversionOperation { IsImplicit: true, OperatorMethod: null } c ? c.Operand : spread.Operand;
            if (ShapeOf(source.Type, source) is not ArrayShape { Rank: 1 } shape || shape.Number != number) throw Unsupported(e, "copy the elements in a loop");
            var array = Contents(Memory(Value(source), source), source);
            parts.Add((null, array));
            length = Emit(OpTable.Add, "n", length, array.Type.Extents[0]);
        }
        var cell = Zeros(number.Held(), [Length(length)], hint);
        Atom at = Const.I32(0);
        foreach (var (element, array) in parts)
        {
            if (element is not null)
            {
                WriteElement(new ArrayVal(cell), [at], element, op);
                at = Emit(OpTable.Add, "at", at, Const.I32(1));
                continue;
            }
            var i = _names.Fresh("i", IrType.I32);
            var carry = new Carry(_names.Fresh(cell.Name, VersionOf(cell, op).Type), VersionOf(cell, op));
            var body = _b.Nested();
            var place = at is Const { AsInt: 0 } ? i : body.Compute(OpTable.Add, at, i, "at");
            var written = body.Write(carry.Param, [place], body.Read(array!, [i]), cell.Name);
            _flow.Arrays[cell] = new(_b.For([carry], new Dim(i, array!.Type.Extents[0]), body.Block(written), cell.Name)[0]);
            at = Emit(OpTable.Add, "at", at, array.Type.Extents[0]);
        }
        return new ArrayVal(cell);
    }
}
