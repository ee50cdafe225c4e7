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
/// for code as people write it, since Simplify shares what is computed twice. The values are shared again after the adjoint is written, by
/// Simplify; the adjoints are not. So what both sides pass on, which has an adjoint whichever side is taken, stays outside.
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
        OpTable.ToF32, OpTable.ToF64, OpTable.RoundHalf, OpTable.Sin, OpTable.Cos, OpTable.Tanh, OpTable.Atan, OpTable.Asinh, OpTable.CopySign,
    ];

    private Block Inside(Block block) => block with { Stmts = block.Stmts.Map(One) };

    private Stmt One(Stmt stmt)
    {
        stmt = stmt.Map(v => v, a => a, Inside);
        switch (stmt)
        {
            case If i:
                return Sunk(i);
            case Compute { Op: var op } c when op == OpTable.Select && c.Args.Skip(1).Any(IsRisky):
                return Sunk(new If([c.Out], c.Args[0], new Block([], [c.Args[1]]), new Block([], [c.Args[2]])));
            case Compute c when activity.IsActive(c.Out) && (!Finite.Contains(c.Op) || c.Args.Any(IsRisky)):
                _risky[c.Out] = (c, _risky.Count);
                return c;
            default:
                return stmt;
        }
    }

    private bool IsRisky(Atom atom) => atom is Var v && _risky.ContainsKey(v);

    private If Sunk(If i)
    {
        var both = PassedOn(i.Then);
        both.IntersectWith(PassedOn(i.Else));
        return i with { Then = Sunk(i.Then, both), Else = Sunk(i.Else, both) };
    }

    /// <summary>The risky names of which a result of the branch is a smooth function, by its own computations.</summary>
    private HashSet<Var> PassedOn(Block branch)
    {
        var passed = new HashSet<Var>(branch.Results.OfType<Var>());
        foreach (var stmt in branch.Stmts.Reverse())
            if (stmt is Compute { Op.Adjoint: not null } c && passed.Contains(c.Out))
                passed.UnionWith(c.Args.OfType<Var>().Where(a => a.Type.IsFloat));
        passed.IntersectWith(_risky.Keys);
        return passed;
    }

    private Block Sunk(Block branch, HashSet<Var> outside)
    {
        var history = new HashSet<Var>();
        foreach (var v in branch.Free().Where(v => IsRisky(v) && !outside.Contains(v))) History(v, history, outside);
        if (history.Count == 0) return branch;
        var map = new Substitution();
        var stmts = history.Select(v => _risky[v]).OrderBy(d => d.Order).Select(d => (Stmt)d.Stmt).ToSeq();
        var copies = map.Copy(new Block(stmts, []), names).Stmts;
        var moved = map.Apply(branch);
        return moved with { Stmts = [.. copies, .. moved.Stmts] };
    }

    /// <summary>The risky computations behind a name, the nearest first.</summary>
    private void History(Var name, HashSet<Var> history, HashSet<Var> outside)
    {
        var near = new Queue<Var>([name]);
        for (int count = 0; near.Count > 0 && count < LongestHistory;)
        {
            var v = near.Dequeue();
            if (!history.Add(v)) continue;
            count++;
            foreach (var a in _risky[v].Stmt.Args.OfType<Var>().Where(a => IsRisky(a) && !outside.Contains(a))) near.Enqueue(a);
        }
    }
}
