using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// A loop that does nothing in trips where a bit of a number is 0 goes from one bit that is 1 to the next: half of the trips, and no branch that nobody can predict.
/// <code>
/// loop (s0 = ..) for j&lt;n {                    for (int j = Lanes.BitAbove(word, 0, 0); j &lt; n; j = Lanes.BitAbove(word, 0, j + 1))
///   a = word &gt;&gt; j; b = a &amp; 1; c = b == 0      ⇒      s = ..;
///   s1 = if c { yield s0 } else { .. }
/// }
/// </code>
/// </summary>
/// <param name="Condition">What the branches ask.</param>
/// <param name="Taken">The side of each branch that runs where the bit is 1.</param>
internal sealed record SetBits(BitOf Bit, Atom Condition, Seq<(If Branch, Block Side)> Taken)
{
    public static SetBits? Of(For loop)
    {
        var (index, body) = (loop.Dim.Index, loop.Body);
        var branches = body.Stmts.OfType<If>().ToSeq();
        if (branches.IsEmpty || !body.Stmts.All(s => s is If || IsIdle(s)) || branches.Any(b => !b.Condition.Equals(branches[0].Condition))) return null;
        if (BitOf.Decides(branches[0].Condition, index, body, loop.State.Map(c => c.Param)) is not var (bit, ifSet)) return null;
        if (!branches.All(b => Side(b, !ifSet).Stmts.All(IsIdle))) return null;
        return Enumerable.Range(0, loop.State.Count).All(k => Idle(loop.Body.Results[k]).Equals(loop.State[k].Param))
            ? new(bit, branches[0].Condition, branches.Map(b => (b, Side(b, ifSet)))) : null;

        // What a value is in a trip whose bit is 0.
        Atom Idle(Atom value) =>
            branches.FirstOrDefault(b => b.Results.Any(value.Equals)) is { } branch ? Idle(Side(branch, !ifSet).Results[branch.Results.ToList().FindIndex(value.Equals)]) : value;
    }

    private static bool IsIdle(Stmt s) => s is Compute { Op.IsTotal: true };

    private static Block Side(If branch, bool holds) => holds ? branch.Then : branch.Else;
}
