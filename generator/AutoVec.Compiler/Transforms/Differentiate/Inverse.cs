using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// How a trip of a loop is taken back for one number of its state, bit for bit: a sign that turns, an integer that grows by what is known, a choice between such.
/// The reverse loop then carries the number backwards from where the loop left it, and no tape holds it.
/// <code>
/// s1 = if c { t = neg s0; yield t } else { yield s0 }     ⇒     s0 = if c { t = neg s1; yield t } else { yield s1 }
/// </code>
/// </summary>
internal abstract record Inverse
{
    /// <param name="block">Where the next value is computed.</param>
    /// <param name="isKnown">May the reverse loop compute it without this state?</param>
    /// <returns>Null if the step cannot be taken back exactly.</returns>
    public static Inverse? Of(Block block, Atom next, Var state, Func<Atom, bool> isKnown)
    {
        if (next.Equals(state)) return new Unchanged();
        switch (block.Stmts.FirstOrDefault(s => s.Outs.Any(next.Equals)))
        {
            case Compute { Args: [var x] } c when c.Op == OpTable.Neg || c.Op == OpTable.Not || c.Op == OpTable.BitNot:
                return Before(x) is { } turned ? new Undone(turned, c.Op, null, null) : null;
            case Compute { Args: [var x, Const { AsDouble: -1 }] } c when c.Op == OpTable.Mul:
                return Before(x) is { } positive ? new Undone(positive, OpTable.Neg, null, null) : null;
            case Compute { Args: [var x, var y] } c when c.Op == OpTable.Xor:
                return Without(c.Op, x, y) ?? Without(c.Op, y, x);
            case Compute { Args: [var x, var y], Out.Type.IsInteger: true } c when c.Op == OpTable.Add:
                return Without(OpTable.Sub, x, y) ?? Without(OpTable.Sub, y, x);
            case Compute { Args: [var x, var y], Out.Type.IsInteger: true } c when c.Op == OpTable.Sub:
                return Without(OpTable.Add, x, y) ?? (isKnown(x) && Before(y) is { } subtracted ? new Undone(subtracted, OpTable.Sub, x, null) : null);
            case Compute { Args: [var condition, var x, var y] } c when c.Op == OpTable.Select && isKnown(condition):
                return Either(condition, Before(x), Before(y));
            case If i when isKnown(i.Condition):
                int k = i.Results.ToList().FindIndex(next.Equals);
                return Either(i.Condition, Of(i.Then, i.Then.Results[k], state, isKnown), Of(i.Else, i.Else.Results[k], state, isKnown));
            default:
                return null;
        }

        Inverse? Before(Atom value) => Of(block, value, state, isKnown);
        Inverse? Without(Op op, Atom value, Atom by) => isKnown(by) && Before(value) is { } before ? new Undone(before, op, null, by) : null;
        static Inverse? Either(Atom condition, Inverse? then, Inverse? otherwise) => then is null || otherwise is null ? null : new Chosen(condition, then, otherwise);
    }

    /// <summary>The state at entry of a trip.</summary>
    /// <param name="next">What it was at the end.</param>
    /// <param name="here">What is known, by what it is here.</param>
    public abstract Atom Emit(Builder b, Atom next, Func<Atom, Atom> here);

    private sealed record Unchanged : Inverse
    {
        public override Atom Emit(Builder b, Atom next, Func<Atom, Atom> here) => next;
    }

    /// <param name="Left">Null: the number itself.</param>
    /// <param name="Right">Null: the number itself, if the op has two operands.</param>
    private sealed record Undone(Inverse Before, Op Op, Atom? Left, Atom? Right) : Inverse
    {
        public override Atom Emit(Builder b, Atom next, Func<Atom, Atom> here)
        {
            string name = (next as Var)?.Base ?? "state";
            var back = Left is null && Right is null ? b.Compute(Op, next, name)
                : b.Compute(Op, Left is null ? next : here(Left), Right is null ? next : here(Right), name);
            return Before.Emit(b, back, here);
        }
    }

    private sealed record Chosen(Atom Condition, Inverse Then, Inverse Else) : Inverse
    {
        public override Atom Emit(Builder b, Atom next, Func<Atom, Atom> here)
        {
            var condition = here(Condition);
            var (then, otherwise) = (b.Nested(), b.Nested());
            var (one, other) = (Then.Emit(then, next, here), Else.Emit(otherwise, next, here));
            return b.If(condition, then.Block(one), otherwise.Block(other), (next as Var)?.Base ?? "state")[0];
        }
    }
}
