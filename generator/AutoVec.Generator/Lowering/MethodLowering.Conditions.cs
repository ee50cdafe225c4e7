using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// <c>&amp;&amp;</c>, <c>||</c>, <c>?:</c>: what is not reached does not run. Where the right side cannot fail and changes nothing, it is
/// simply computed: <c>i == 0 || i == n</c> is one <c>|</c>.
/// </summary>
internal sealed partial class MethodLowering
{
    private Atom Condition(IOperation op) => AtomOf(op, "c");

    private Atom AndAlso(Atom left, Func<Atom> right, string? hint) => ShortCircuit(left, right, OpTable.And, hint);
    private Atom OrElse(Atom left, Func<Atom> right, string? hint) => ShortCircuit(left, right, OpTable.Or, hint);

    private Atom ShortCircuit(Atom left, Func<Atom> right, Op op, string? hint)
    {
        bool decides = op == OpTable.Or;   // the left value that decides alone
        if (left is Const known) return known.AsBool == decides ? left : right();

        var slot = NewSlot(hint ?? "c", Scalar.Bool);
        _flow.Scalars[slot] = null;
        Atom value = left;
        var (block, end) = Nested(_flow.Copy(), () => value = right());
        if (block.Stmts.All(s => s is Compute { Op.IsTotal: true }) && _flow.Agrees(end, IsSame))
        {
            _b.Append(block.Stmts);
            _flow.Adopt(end);
            _flow.Scalars.Remove(slot);
            if (value is Const c) return c.AsBool == decides ? value : left;
            return Emit(op, hint, left, value);
        }
        end.Scalars[slot] = value;
        var skipped = _flow.Copy();
        skipped.Scalars[slot] = Const.Bool(decides);
        var empty = _b.Nested();
        if (decides) Join(left, empty, skipped, block, end);
        else Join(left, block, end, empty, skipped);
        var result = _flow.Scalars[slot]!;
        _flow.Scalars.Remove(slot);
        return result;
    }

    private Val Conditional(IConditionalOperation op, string? hint)
    {
        if (op.IsRef) throw Unsupported(op, "choose the value, not the reference");
        var condition = Condition(op.Condition);
        if (condition is Const known) return Value(known.AsBool ? op.WhenTrue : op.WhenFalse!, hint);
        return Choose(ShapeOf(op.Type, op), hint, op, store =>
            Branch(condition, () => store(Value(op.WhenTrue, hint)), () => store(Value(op.WhenFalse!, hint))));
    }

    private Val SwitchExpression(ISwitchExpressionOperation op, string? hint)
    {
        if (!op.IsExhaustive) throw new Rejection(LanguageRules.NotExhaustive, op);
        var value = Value(op.Value);
        return Choose(ShapeOf(op.Type, op), hint, op, store => Arm(0, store));

        void Arm(int k, Action<Val> store)
        {
            var arm = op.Arms[k];
            Declare(arm.Locals);
            var matches = Matches(arm.Pattern, value);
            if (arm.Guard is not null) matches = AndAlso(matches, () => Condition(arm.Guard), "c");
            // Every value is covered, so what reaches the last arm belongs to it.
            if (k == op.Arms.Length - 1) store(Value(arm.Value, hint));
            else Branch(matches, () => store(Value(arm.Value, hint)), () => Arm(k + 1, store));
        }
    }
}
