using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// Which names carry a derivative. A name is active if it is a float that depends, differentiably, on an input; only active names
/// have adjoints. <see cref="Reach"/> is the other direction: what of it can influence given results.
/// </summary>
internal sealed class Activity(IEnumerable<Var> inputs)
{
    private readonly HashSet<Var> _active = new(inputs);

    public bool IsActive(Atom atom) => atom is Var v && _active.Contains(v);

    public void Mark(Var name)
    {
        if (name.Type.IsFloat) _active.Add(name);
    }

    /// <summary>A copy with fresh binders, which are active where the originals are.</summary>
    public Block Copy(Block block, Substitution map, Names names)
    {
        var copy = map.Copy(block, names);
        foreach (var v in block.AllBinders())
            if (_active.Contains(v) && map.TryGet(v, out var to)) Mark((Var)to);
        return copy;
    }

    /// <summary>Marks every active name of the block. Around loops it runs to a fixpoint.</summary>
    public void Extend(Block block)
    {
        foreach (var stmt in block.Stmts) Extend(stmt);
    }

    private void Extend(Stmt stmt)
    {
        switch (stmt)
        {
            case Compute c: Flow(c.Out, c.Op.Adjoint is null ? [] : c.Args); break;
            case Read r: Flow(r.Out, [r.Array]); break;
            case Write w: Flow(w.Out, [w.Array, w.Value]); break;
            case Accumulate a: Flow(a.Out, [a.Array, a.Value]); break;
            case Build b:
                Extend(b.Body);
                for (int k = 0; k < b.Results.Count; k++) Flow(b.Results[k], [b.Body.Results[k]]);
                break;
            case Reduce r:
                Extend(r.Body);
                Flow(r.Out, r.Body.Results);
                break;
            case Scatter s:
                Extend(s.Body);
                Flow(s.Out, [s.Body.Results[^1]]);
                break;
            case If i:
                Extend(i.Then);
                Extend(i.Else);
                for (int k = 0; k < i.Results.Count; k++) Flow(i.Results[k], [i.Then.Results[k], i.Else.Results[k]]);
                break;
            case For f: Loop(f.State, f.Body, f.Results); break;
            case While w: Loop(w.State, w.Body, w.Results); break;
            case Call { Derivation: null } c:
                foreach (var o in c.Results) Flow(o, c.Args);
                break;
            default:
                throw new UnsupportedDerivativeException($"{stmt.GetType().Name} has no derivative");
        }
    }

    private bool Flow(Var to, IEnumerable<Atom> from) => to.Type.IsFloat && from.Any(IsActive) && _active.Add(to);

    private void Loop(Seq<Carry> state, Block body, Seq<Var> results)
    {
        foreach (var c in state) Flow(c.Param, [c.Init]);
        bool more;
        do
        {
            Extend(body);
            more = false;
            for (int k = 0; k < state.Count; k++) more |= Flow(state[k].Param, [body.Results[k]]);
        }
        while (more);
        for (int k = 0; k < state.Count; k++) Flow(results[k], [state[k].Param]);
    }

    /// <summary>
    /// Which pieces of a loop's state have an adjoint, given which of its results do: those that can influence one of these, in
    /// this trip or a later one. The others must not get one, not even zero: 0 · ∞ would spoil what they are computed from.
    /// </summary>
    public bool[] Useful(For loop, IReadOnlyList<bool> seeded)
    {
        var live = new HashSet<Var>();
        Reach(loop, loop.Results.Where((_, k) => seeded[k]), live);
        return loop.State.Select((c, k) => IsActive(c.Param) && (seeded[k] || live.Contains(c.Param))).ToArray();
    }

    private void Reach(For loop, IEnumerable<Var> results, HashSet<Var> live)
    {
        live.UnionWith(results);
        Reach(loop.State, loop.Body, loop.Results, live);
    }

    private void Reach(Seq<Carry> state, Block body, Seq<Var> results, HashSet<Var> live)
    {
        int before;
        do
        {
            before = live.Count;
            for (int k = 0; k < state.Count; k++)
                if (live.Contains(results[k]) || live.Contains(state[k].Param)) Add(live, body.Results[k]);
            Reach(body, live);
        }
        while (live.Count > before);
        for (int k = 0; k < state.Count; k++)
            if (live.Contains(results[k]) || live.Contains(state[k].Param)) Add(live, state[k].Init);
    }

    /// <summary>Adds to the live names what they are computed from, backwards through the block.</summary>
    private void Reach(Block block, HashSet<Var> live)
    {
        foreach (var stmt in block.Stmts.Reverse())
        {
            if (!stmt.Outs.Any(live.Contains)) continue;
            switch (stmt)
            {
                case Compute c: Add(live, c.Args.ToArray()); break;
                case Read r: Add(live, r.Array); break;
                case Write w: Add(live, w.Array, w.Value); break;
                case Accumulate a: Add(live, a.Array, a.Value); break;
                case For f: Reach(f.State, f.Body, f.Results, live); break;
                case While w: Reach(w.State, w.Body, w.Results, live); break;
                case Call c: Add(live, c.Args.ToArray()); break;
                default:
                    foreach (var b in stmt.Blocks)
                    {
                        for (int k = 0; k < b.Results.Count; k++)
                            if (stmt.Outs.Count != b.Results.Count || live.Contains(stmt.Outs[k])) Add(live, b.Results[k]);
                        Reach(b, live);
                    }
                    break;
            }
        }
    }

    private void Add(HashSet<Var> live, params Atom[] atoms)
    {
        foreach (var a in atoms)
            if (IsActive(a)) live.Add((Var)a);
    }
}
