using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Loops that end on a condition. <c>break</c> and <c>return</c> are flags in the state which the condition tests, so that no trip
/// runs in vain. A condition that changes variables cannot stand in the IR's condition block (only a bool leaves it): it is
/// evaluated before the loop and at the end of each trip, and its result is carried.
/// </summary>
internal sealed partial class MethodLowering
{
    private void WhileStatement(IWhileLoopOperation op)
    {
        Declare(op.Locals);
        if (op.ConditionIsUntil || op.Condition is null) throw Refused(op, Quote(op), "use 'while'");
        Atom Holds() => Condition(op.Condition);
        if (op.ConditionIsTop) Loop(op, Scan.Of(op.Condition, op.Body), Holds, IsPure(op.Condition), null, () => Statement(op.Body), []);
        else Loop(op, Scan.Of(op.Body, op.Condition), null, false, Holds, () => Statement(op.Body), []);
    }

    /// <summary>A for that is no counted loop.</summary>
    private void ForStatement(IForLoopOperation op)
    {
        var scan = Scan.Of([op.Condition, op.Body, .. op.AtLoopBottom]);
        Func<Atom> holds = op.Condition is null ? () => Const.Bool(true) : () => Condition(op.Condition);
        Loop(op, scan, holds, IsPure(op.Condition), null, () =>
        {
            Statement(op.Body);
            if (!Sources.Completes(op.Body) && !scan.Labels.Contains(op.ContinueLabel)) return;
            foreach (var step in op.AtLoopBottom) Statement(step);
        }, []);
    }

    /// <param name="top">The condition before each trip; null for do.</param>
    /// <param name="pure">Does evaluating it leave every variable as it was?</param>
    /// <param name="bottom">The condition after each trip, of do.</param>
    /// <param name="also">Hidden variables that the loop carries.</param>
    private void Loop(ILoopOperation op, Scan scan, Func<Atom>? top, bool pure, Func<Atom>? bottom, Action trip, Seq<Slot> also)
    {
        var (breaks, continues) = (NewFlag("done"), NewFlag("skip"));
        _labels[op.ExitLabel] = breaks;
        _labels[op.ContinueLabel] = continues;
        var exits = new List<Slot>();
        if (scan.Labels.Contains(op.ExitLabel)) exits.Add(breaks);
        if (scan.Returns)
        {
            exits.Add(Here.Returned);
            if (Here.Result is { } result) also = [.. also, .. Leaves(result).OfType<ScalarPlace>().Select(p => p.Slot)];
        }
        var added = exits.Where(_needed.Add).ToList();

        void Trip()
        {
            foreach (var flag in exits) _flow.Scalars[flag] = Const.Bool(false);
            _flow.Scalars[continues] = Const.Bool(false);
            trip();
        }
        // No jump was taken, and the condition holds.
        Atom Goes(Func<Atom> condition) => AndAlso(Emit(OpTable.Not, "c", AnyOf(exits)), condition, "c");

        if (top is not null && pure) WithVaryingLengths(varying => PureLoop(op, Open(scan, [.. exits, .. also], varying), () => Goes(top), Trip));
        else
        {
            var goes = NewSlot("go", Scalar.Bool);
            _flow.Scalars[goes] = top?.Invoke() ?? Const.Bool(true);
            WithVaryingLengths(varying => FlaggedLoop(op, Open(scan, [.. exits, .. also, goes], varying), goes, () => Goes(bottom ?? top!), Trip));
            _flow.Scalars.Remove(goes);
        }
        _needed.ExceptWith(added);
        _flow.Scalars.Remove(breaks);
        _flow.Scalars.Remove(continues);
    }

    private static bool IsPure(IOperation? condition)
    {
        var scan = Scan.Of(condition);
        return scan.Assigned.Count == 0 && !scan.MayWriteArrays;
    }

    private void PureLoop(ILoopOperation op, LoopState state, Func<Atom> goes, Action trip)
    {
        Atom holds = Const.Bool(true);
        var (condition, _) = Inside(state, state.Head.Copy(), () => holds = goes());
        var (body, end) = Inside(state, state.Head.Copy(), trip);
        state.Condition = condition.Block(holds);
        Close(state, body, end, op, (results, carries, block, pruned) => new While(results, carries, pruned(condition.Block(holds)), block));
    }

    private void FlaggedLoop(ILoopOperation op, LoopState state, Slot goesOn, Func<Atom> goes, Action trip)
    {
        var holds = state.Head.Scalars[goesOn]!;
        var (body, end) = Inside(state, state.Head.Copy(), () =>
        {
            trip();
            _flow.Scalars[goesOn] = goes();
        });
        state.Condition = _b.Nested().Block(holds);
        Close(state, body, end, op, (results, carries, block, pruned) => new While(results, carries, pruned(_b.Nested().Block(holds)), block));
    }

    private void ForEach(IForEachLoopOperation op)
    {
        Declare(op.Locals);
        // An array is converted to IEnumerable on paper only.
        var collection = op.Collection is IConversionOperation { IsImplicit: true } c && Shapes.Of(c.Type!, out _) is null ? c.Operand : op.Collection;
        var collected = ShapeOf(collection.Type, collection);
        var element = (op.LoopControlVariable as IVariableDeclaratorOperation)?.Symbol;
        if (element is not null) Source(element, op.Syntax);
        else if (collected is not StructsShape) throw Refused(op, "This 'foreach'", "declare one variable for the element");
        else ByFields(op.Syntax, op.LoopControlVariable);

        if (collected is TreeArrayShape)
        {
            ForEachTree(op, (TreeArrayVal)Value(collection), element!);
            return;
        }
        if (collected is not (ArrayShape or JaggedShape or StructsShape)) throw Unsupported(collection, "loop over its indices");
        var elements = collected as ArrayShape;
        var value = Value(collection);
        var rows = value as JaggedVal;
        var structs = value as StructsVal;
        var array = rows is null ? Elements(value, collection) : null;
        var cell = array?.Cell ?? rows!.Rows;
        var extents = rows is null ? ExtentsOf(array!, collection) : [CountOf(rows, collection)];
        var scan = Scan.Of(op.Body);
        if (_flow.References.Any(r => r.Value == cell && scan.Assigned.Any(v => _places.TryGetValue(v, out var p) && Leaves(p).Any(l => l is ArrayPlace a && a.Reference == r.Key))))
            throw new Rejection(ArrayRules.ArrayLoop, collection, cell.Name, "is assigned another array while it is looped over; loop over the indices");

        void Enter(Seq<Atom> index)
        {
            if (rows is not null)
            {
                if (element!.IsRef) throw Refused(op, "This 'foreach'", "loop over the indices");
                Store(Declare(element, ShapeOf(element.Type, op.LoopControlVariable)), RowOf(rows, index[0], collection), op);
                return;
            }
            if (element is null)
            {
                // foreach (var (a, b) in all)
                var target = TargetOf(op.LoopControlVariable);
                StoreTarget(target, ConvertParts(target, ElementOf(structs!, index, op.Collection, null), structs!.Shape.Element, op), op);
                return;
            }
            if (element.IsRef)
            {
                _places[element] = structs is not null ? PlaceOfElement(structs, index) : new ElementPlace(array!, index);
                return;
            }
            if (structs is not null)
            {
                Store(Declare(element, ShapeOf(element.Type, op.LoopControlVariable)), ElementOf(structs, index, op.Collection, BaseOf(element)), op);
                return;
            }
            var shape = (ScalarShape)ShapeOf(element.Type, op.LoopControlVariable);
            var value = ReadElement(array!, index, op.Collection, BaseOf(element));
            Store(Declare(element, shape), new ScalarVal(Cast(value, elements!.Number, shape.Number, false, op, BaseOf(element))), op);
        }

        // All dimensions, the last one innermost.
        void Over(Seq<Atom> index) => CountedLoop(op, scan, extents[index.Count], "i", i =>
        {
            if (index.Count + 1 == extents.Count) Enter(index.Add(i));
        }, index.Count + 1 == extents.Count ? null : i => Over(index.Add(i)));

        if (!scan.Labels.Contains(op.ExitLabel) && !scan.Returns)
        {
            Over([]);
            return;
        }
        var extent = rows is null ? LengthOf(array!, collection) : extents[0];
        var at = NewSlot("i", Scalar.I32);
        _flow.Scalars[at] = Const.I32(0);
        Loop(op, scan, () => Emit(OpTable.Lt, "c", _flow.Scalars[at]!, extent), pure: true, null, () =>
        {
            var rest = _flow.Scalars[at]!;
            Seq<Atom> index = [];
            for (int d = extents.Count - 1; d > 0; d--)
            {
                index = [Emit(OpTable.IntRem, "i", rest, extents[d]), .. index];
                rest = Emit(OpTable.IntDiv, "i", rest, extents[d]);
            }
            Enter([rest, .. index]);
            Statement(op.Body);
            _flow.Scalars[at] = Emit(OpTable.Add, "i", _flow.Scalars[at]!, Const.I32(1));
        }, [at]);
        _flow.Scalars.Remove(at);
    }
}
