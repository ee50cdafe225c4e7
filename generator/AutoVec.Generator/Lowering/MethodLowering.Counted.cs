using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// <c>for (int i = a; i &lt; b; i += s)</c> whose counter only the loop changes, whose bound stays, and that nothing leaves early: a
/// counted loop over its trips. Where it starts at 0 and steps by 1 the extent is the bound itself, so that <c>i &lt; x.Length</c>
/// proves <c>x[i]</c>. Trips are computed so that no bound wraps them; a loop of 2^31 trips or more is not supported.
/// </summary>
internal sealed partial class MethodLowering
{
    private sealed record Count(ILocalSymbol Counter, BinaryOperatorKind Comparison, int Added, IOperation Bound, int Step);

    private void For(IForLoopOperation op)
    {
        foreach (var counter in op.Locals) Source(counter, op.Syntax);
        Declare(op.Locals);
        foreach (var before in op.Before) Statement(before);
        var scan = Scan.Of(op.Body);
        if (scan.Labels.Contains(op.ExitLabel) || scan.Returns || CountOf(op, scan) is not { } count)
        {
            ForStatement(op);
            return;
        }
        var place = (ScalarPlace)_places[count.Counter];
        var start = _flow.Scalars[place.Slot]!;
        var bound = AtomOf(count.Bound, "n");
        var trips = Trips(start, count, bound);
        CountedLoop(op, scan, trips, place.Slot.Name, k => _flow.Scalars[place.Slot] = Counter(start, count.Step, k, place.Slot.Name));
        _flow.Scalars[place.Slot] = null;
    }

    /// <param name="enter">What the counter means, at the start of each trip.</param>
    /// <param name="trip">The trip, if it is not the loop's body.</param>
    private void CountedLoop(ILoopOperation op, Scan scan, Atom trips, string counter, Action<Atom> enter, Action<Atom>? trip = null) =>
        WithVaryingLengths(varying => CountedLoop(op, scan, trips, counter, enter, trip, varying));

    private void CountedLoop(ILoopOperation op, Scan scan, Atom trips, string counter, Action<Atom> enter, Action<Atom>? trip, HashSet<Cell> varying)
    {
        var continues = NewFlag("skip");
        _labels[op.ContinueLabel] = continues;
        var state = Open(scan, [], varying);
        var index = _names.Fresh(counter, IrType.I32);
        _rooms.Peek().Index = index;
        _notNegative.Add(index);
        _trips[index] = trips;
        var (body, end) = Inside(state, state.Head.Copy(), () =>
        {
            bool first = trips is Var n && _positive.Add(n);
            enter(index);
            if (trip is null) Statement(op.Body);
            else trip(index);
            if (first) _positive.Remove((Var)trips);
        }, index);
        state.Trip = (index, trips);
        Close(state, body, end, op, (results, carries, block, _) => new For(results, carries, new Dim(index, trips), block));
        _flow.Scalars.Remove(continues);
    }

    /// <summary>The counter's value in trip k.</summary>
    private Atom Counter(Atom start, int step, Atom k, string name)
    {
        var moved = step is 1 or -1 ? k : Emit(OpTable.Mul, name, k, Const.I32(Math.Abs(step)));
        if (step > 0 && start is Const { AsInt: 0 }) return moved;
        var value = Emit(step > 0 ? OpTable.Add : OpTable.Sub, name, start, moved);
        if (step > 0 && IsNotNegative(start) && value is Var v) _notNegative.Add(v);
        return value;
    }

    // ---- recognising

    private Count? CountOf(IForLoopOperation op, Scan body)
    {
        if (op.Condition is not IBinaryOperation { IsLifted: false, OperatorMethod: null } c || op.AtLoopBottom.Length != 1) return null;
        if (StepOf(op.AtLoopBottom[0]) is not { } step || step.Counter.Type.SpecialType != SpecialType.System_Int32) return null;
        if (body.Changes(step.Counter) || !op.Locals.Contains(step.Counter, SymbolEqualityComparer.Default)) return null;
        if (_flow.Scalars[((ScalarPlace)_places[step.Counter]).Slot] is null) return null;

        var (kind, counter, bound) = (c.OperatorKind, c.LeftOperand, c.RightOperand);
        if (OffsetOf(counter, step.Counter) is not { } added)
        {
            (kind, counter, bound) = (Mirrored(kind), bound, counter);
            if (OffsetOf(counter, step.Counter) is not { } other) return null;
            added = other;
        }
        bool up = kind is BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual;
        bool down = kind is BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual;
        if (!(up && step.By > 0 || down && step.By < 0) || Math.Abs((long)step.By) > 1 << 20 || Math.Abs((long)added) > 1 << 20) return null;
        if (bound.Type?.SpecialType != SpecialType.System_Int32 || Scan.Of(bound).Changes(step.Counter) || !IsInvariant(bound, body, step.Counter)) return null;
        return new Count(step.Counter, kind, added, bound, step.By);
    }

    private static BinaryOperatorKind Mirrored(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
        _ => kind,
    };

    /// <summary>i++, i--, i += c, i -= c, i = i + c, i = i - c.</summary>
    private static (ILocalSymbol Counter, int By)? StepOf(IOperation op)
    {
        if (op is IExpressionStatementOperation e) op = e.Operation;
        switch (op)
        {
            case IIncrementOrDecrementOperation { Target: ILocalReferenceOperation l }:   // a step of 1 towards a bound never overflows
                return (l.Local, op.Kind == OperationKind.Increment ? 1 : -1);
            case ICompoundAssignmentOperation { IsChecked: false, Target: ILocalReferenceOperation l, Value.ConstantValue: { HasValue: true, Value: int by } } a:
                if (a.OperatorKind == BinaryOperatorKind.Add) return (l.Local, by);
                return a.OperatorKind == BinaryOperatorKind.Subtract && by != int.MinValue ? (l.Local, -by) : null;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation l } a when OffsetOf(a.Value, l.Local) is { } by and not 0:
                return (l.Local, by);
            default: return null;
        }
    }

    /// <summary>c where the operation is i + c, c + i, i - c, or i itself.</summary>
    private static int? OffsetOf(IOperation op, ILocalSymbol counter)
    {
        bool Is(IOperation o) => o is ILocalReferenceOperation l && SymbolEqualityComparer.Default.Equals(l.Local, counter);
        if (Is(op)) return 0;
        if (op is not IBinaryOperation { IsChecked: false } b) return null;
        return (b.OperatorKind, b.LeftOperand, b.RightOperand) switch
        {
            (BinaryOperatorKind.Add, var x, { ConstantValue: { HasValue: true, Value: int c } }) when Is(x) => c,
            (BinaryOperatorKind.Add, { ConstantValue: { HasValue: true, Value: int c } }, var x) when Is(x) => c,
            (BinaryOperatorKind.Subtract, var x, { ConstantValue: { HasValue: true, Value: int c and > int.MinValue } }) when Is(x) => -c,
            _ => null,
        };
    }

    /// <summary>Does the expression keep its value while the loop runs? Arrays it reads must be read-only.</summary>
    private bool IsInvariant(IOperation op, Scan body, ILocalSymbol counter)
    {
        bool All(IEnumerable<IOperation> parts) => parts.All(p => IsInvariant(p, body, counter));
        if (op.ConstantValue.HasValue) return true;
        switch (op)
        {
            case ILocalReferenceOperation l: return !body.Changes(l.Local) && !SymbolEqualityComparer.Default.Equals(l.Local, counter);
            case IParameterReferenceOperation p: return !body.Changes(p.Parameter);
            case IFieldReferenceOperation { Instance: { } instance }: return IsInvariant(instance, body, counter);
            case IFieldReferenceOperation f: return f.Field.IsReadOnly;
            case IPropertyReferenceOperation { Instance: { } instance } p:
                // The length of a row stays as long as no row is assigned.
                if (p.Property.Name == "Length" && instance is IArrayElementReferenceOperation { Type: IArrayTypeSymbol } row)
                    return !body.MayAssignRows && All([row.ArrayReference, .. row.Indices]);
                return p.Arguments.Length == 0 ? IsInvariant(instance, body, counter)
                    : IsReadOnly(instance) && All([instance, .. p.Arguments.Select(a => a.Value)]);
            case IArrayElementReferenceOperation e: return IsReadOnly(e.ArrayReference) && All([e.ArrayReference, .. e.Indices]);
            case IConversionOperation { OperatorMethod: null } c: return IsInvariant(c.Operand, body, counter);
            case IUnaryOperation { OperatorMethod: null } u: return IsInvariant(u.Operand, body, counter);
            case IBinaryOperation { OperatorMethod: null } b: return All([b.LeftOperand, b.RightOperand]);
            case IInvocationOperation { Instance: { Type: IArrayTypeSymbol } a } i: return i.TargetMethod.Name is "GetLength" or "GetUpperBound" && All([a, .. i.Arguments.Select(x => x.Value)]);
            case IInvocationOperation i: return Functions.IsMath(i.TargetMethod) && All(i.Arguments.Select(x => x.Value));
            default: return false;
        }
    }

    private bool IsReadOnly(IOperation array)
    {
        if (array is not (ILocalReferenceOperation or IParameterReferenceOperation)) return false;
        var symbol = array is ILocalReferenceOperation l ? (ISymbol)l.Local : ((IParameterReferenceOperation)array).Parameter;
        return _places.TryGetValue(symbol, out var place) && (place as ArrayPlace ?? (place as SpanPlace)?.Array) is { } p
            && _flow.References.TryGetValue(p.Reference, out var cell) && cell?.ReadOnly is not null;
    }

    // ---- trips

    /// <summary>How many trips: at most 0 where there are none.</summary>
    private Atom Trips(Atom start, Count count, Atom bound)
    {
        bool up = count.Step > 0;
        // As a strict bound on the counter itself: i + c <= b is i < b - c + 1.
        int shift = -count.Added + (count.Comparison switch
        {
            BinaryOperatorKind.LessThanOrEqual => 1,
            BinaryOperatorKind.GreaterThanOrEqual => -1,
            _ => 0,
        });
        var distance = up ? Distance(start, bound, shift) : DistanceDown(start, bound, shift);
        int step = Math.Abs(count.Step);
        if (step == 1) return distance;
        var rounded = Emit(OpTable.Add, "n", distance, Const.I32(step - 1));
        return (step & (step - 1)) == 0 ? Emit(OpTable.Shr, "n", rounded, Const.I32(Log2(step))) : Emit(OpTable.IntDiv, "n", rounded, Const.I32(step));
    }

    private static int Log2(int step)
    {
        int log = 0;
        while (step >> log != 1) log++;
        return log;
    }

    /// <summary>bound + shift - start, not above 0 where start is not below bound + shift.</summary>
    private Atom Distance(Atom start, Atom bound, int shift)
    {
        // Numbers from 0 up are 2^31 apart at most: nothing wraps.
        if (IsBounded(bound) && IsBounded(start)) return Emit(OpTable.Sub, "n", Shifted(bound, shift), start);
        if (start is Const c && c.AsInt - (long)shift is >= int.MinValue and <= int.MaxValue and var from)
        {
            if (from == 0) return bound;   // a negative extent counts as 0
            return Emit(OpTable.Sub, "n", Emit(OpTable.Max, "n", bound, Const.I32((int)from)), Const.I32((int)from));
        }
        var first = Shifted(start, -shift);
        return Emit(OpTable.Sub, "n", Emit(OpTable.Max, "n", bound, first), first);
    }

    private Atom DistanceDown(Atom start, Atom bound, int shift)
    {
        if (IsBounded(bound) && IsBounded(start)) return Emit(OpTable.Sub, "n", start, Shifted(bound, shift));
        var last = Shifted(bound, shift);
        return Emit(OpTable.Sub, "n", Emit(OpTable.Max, "n", start, last), last);
    }

    private Atom Shifted(Atom a, int by) => by == 0 ? a : Emit(OpTable.Add, "n", a, Const.I32(by));

    /// <summary>At least -2^20, so that it may be subtracted: a length or an index, plus a small constant.</summary>
    private bool IsBounded(Atom a) => a switch
    {
        Const c => c.AsInt >= -(1 << 20),
        Var v when _notNegative.Contains(v) => true,
        Var v when _linear.TryGetValue(v, out var sum) => _notNegative.Contains(sum.Base) && Math.Abs((long)sum.Offset) <= 1 << 20,
        Var v => IsNotNegative(v),
        _ => false,
    };
}
