using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// Before the adjoint: what a branch uses and whose derivative may be infinite is computed inside it, and a choice between such
/// values is a branch.
/// <code>
/// l = log x                          l = log x
/// c = l &gt; 0.0                   ⇒    c = l &gt; 0.0
/// y = select c l 0.0                 y = if c { l.1 = log x; yield l.1 } else { yield 0.0 }
/// </code>
/// A branch not taken contributes nothing; outside of it, the adjoint of l would be 0 and that of x 0 · 1/x, NaN at 0. It matters
/// for code as people write it, since Simplify shares what is computed twice. It costs nothing: after the adjoint is written,
/// Simplify shares it again.
/// </summary>
internal sealed class Sinking(Activity activity, Names names)
{
    /// <summary>So long a history is copied into a branch; it bounds the growth where branches follow one another.</summary>
    private const int LongestHistory = 16;

    private readonly Dictionary<Var, (Compute Stmt, int Order)> _risky = [];

    public static Block Run(Block body, Seq<Var> wrt, Names names)
    {
        var activity = new Activity(wrt);
        activity.Extend(body);
        return new Sinking(activity, names).Inside(body);
    }

    /// <summary>Is the derivative finite wherever operands and result are?</summary>
    private static readonly HashSet<Op> Finite =
    [
        OpTable.Add, OpTable.Sub, OpTable.Mul, OpTable.Neg, OpTable.Fma, OpTable.Abs, OpTable.Max, OpTable.Min, OpTable.Select,
        OpTable.ToF32, OpTable.ToF64, OpTable.Sin, OpTable.Cos, OpTable.Tanh, OpTable.Atan, OpTable.Asinh, OpTable.CopySign,
    ];

    private Block Inside(Block block) => block with { Stmts = block.Stmts.Map(One) };

    private Stmt One(Stmt stmt)
    {
        stmt = stmt.Map(v => v, a => a, Inside);
        switch (stmt)
        {
            case If i:
                return i with { Then = Sunk(i.Then), Else = Sunk(i.Else) };
            case Compute { Op: var op } c when op == OpTable.Select && c.Args.Skip(1).Any(IsRisky):
                return new If([c.Out], c.Args[0], Sunk(new Block([], [c.Args[1]])), Sunk(new Block([], [c.Args[2]])));
            case Compute c when activity.IsActive(c.Out) && (!Finite.Contains(c.Op) || c.Args.Any(IsRisky)):
                _risky[c.Out] = (c, _risky.Count);
                return c;
            default:
                return stmt;
        }
    }

    private bool IsRisky(Atom atom) => atom is Var v && _risky.ContainsKey(v);

    private Block Sunk(Block branch)
    {
        var history = new HashSet<Var>();
        foreach (var v in branch.Free().Where(IsRisky)) History(v, history);
        if (history.Count == 0) return branch;
        var map = new Substitution();
        var stmts = history.Select(v => _risky[v]).OrderBy(d => d.Order).Select(d => (Stmt)d.Stmt).ToSeq();
        var copies = map.Copy(new Block(stmts, []), names).Stmts;
        var moved = map.Apply(branch);
        return moved with { Stmts = [.. copies, .. moved.Stmts] };
    }

    /// <summary>The risky computations behind a name, the nearest first.</summary>
    private void History(Var name, HashSet<Var> history)
    {
        var near = new Queue<Var>([name]);
        for (int count = 0; near.Count > 0 && count < LongestHistory;)
        {
            var v = near.Dequeue();
            if (!history.Add(v)) continue;
            count++;
            foreach (var a in _risky[v].Stmt.Args.Where(IsRisky)) near.Enqueue((Var)a);
        }
    }
}
