using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Simplify;

/// <summary>
/// Removes what no result needs: statements, single results of builds, branches and calls, and loop state. Marks first, along
/// definitions, so that state which only feeds itself is never reached; then sweeps once.
/// </summary>
public sealed class DeadCode
{
    private readonly Dictionary<Var, (Stmt Stmt, int At)> _outs;
    private readonly Dictionary<Var, (Stmt Stmt, int At)> _params = [];
    private readonly HashSet<Var> _live = [];
    private readonly Stack<Var> _todo = new();
    private static readonly Func<Var, Var> s_binder = v => v;
    private static readonly Func<Atom, Atom> s_atom = a => a;
    private readonly Func<Block, Block> _sweep;
    private bool _removed;

    private DeadCode(Block body) => (_outs, _sweep) = (new(body.AllBinders().Count), b => Sweep(b, b.Results));

    public static Block Remove(Block body, out bool removed)
    {
        var pass = new DeadCode(body);
        pass.Index(body);
        foreach (var r in body.Results) pass.Mark(r);
        while (pass._todo.Count > 0) pass.Needs(pass._todo.Pop());
        var swept = pass.Sweep(body, body.Results);
        removed = pass._removed;
        return swept;
    }

    private void Index(Block body)
    {
        foreach (var stmt in body.Stmts)
        {
            var outs = stmt.Outs;
            for (int k = 0; k < outs.Count; k++) _outs[outs[k]] = (stmt, k);
            var state = State(stmt);
            for (int k = 0; k < state.Count; k++) _params[state[k].Param] = (stmt, k);
            foreach (var block in stmt.Blocks) Index(block);
        }
    }

    private static Seq<Carry> State(Stmt stmt) => stmt is For f ? f.State : stmt is While w ? w.State : [];

    private void Mark(Atom atom)
    {
        if (atom is not Var v || !_live.Add(v)) return;
        foreach (var e in v.Type.Extents) Mark(e);
        _todo.Push(v);
    }

    private void Mark(Seq<Atom> atoms)
    {
        foreach (var a in atoms) Mark(a);
    }

    /// <summary>What one live name needs: of its statement only the part that makes it.</summary>
    private void Needs(Var name)
    {
        if (_params.TryGetValue(name, out var state)) Mark(state.Stmt.Outs[state.At]);
        if (!_outs.TryGetValue(name, out var def)) return;
        switch (def.Stmt)
        {
            case Build b:
                Mark(b.Reads);
                Mark(b.Body.Results[def.At]);
                break;
            case If i:
                Mark(i.Condition);
                Mark(i.Then.Results[def.At]);
                Mark(i.Else.Results[def.At]);
                break;
            case For f:
                Mark(f.Dim.Extent);
                Carried(f.State[def.At], f.Body.Results[def.At]);
                break;
            case While w:
                Mark(w.Condition.Results);
                Carried(w.State[def.At], w.Body.Results[def.At]);
                break;
            case Call c:
                Mark(c.Args);
                foreach (var r in c.Results) Mark(r.Type.Extents);
                break;
            default:
                Mark(def.Stmt.Reads);
                foreach (var block in def.Stmt.Blocks) Mark(block.Results);
                break;
        }
    }

    private void Carried(Carry carry, Atom next)
    {
        Mark(carry.Init);
        Mark(next);
        foreach (var e in carry.Param.Type.Extents) Mark(e);
    }

    private Block Sweep(Block block, Seq<Atom> results)
    {
        var kept = new List<Stmt>(block.Stmts.Count);
        foreach (var stmt in block.Stmts)
        {
            if (stmt.Outs.Any(_live.Contains)) kept.Add(Sweep(stmt));
            else _removed = true;
        }
        return block.Of(block.Stmts.Or(kept), results);
    }

    private Stmt Sweep(Stmt stmt)
    {
        // A call keeps all its results: they answer to the callee's.
        if (stmt is not Nested) return stmt;
        bool whole = stmt.Outs.All(_live.Contains);
        Seq<T> Kept<T>(Seq<T> items) => items.Where((_, k) => _live.Contains(stmt.Outs[k])).ToSeq();
        Block Inside(Block b) => Sweep(b, Kept(b.Results));
        _removed |= !whole;
        if (whole) return stmt.Map(s_binder, s_atom, _sweep);
        return stmt switch
        {
            Build b => new Build(Kept(b.Results), b.Dims, Inside(b.Body)),
            If i => new If(Kept(i.Results), i.Condition, Inside(i.Then), Inside(i.Else)),
            For f => f with { Results = Kept(f.Results), State = Kept(f.State), Body = Inside(f.Body) },
            While w => new While(Kept(w.Results), Kept(w.State), Sweep(w.Condition, w.Condition.Results), Inside(w.Body)),
            _ => throw new InvalidOperationException($"{stmt.GetType().Name} binds more than one name"),
        };
    }
}
