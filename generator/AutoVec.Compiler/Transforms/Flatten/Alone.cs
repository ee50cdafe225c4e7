using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>
/// On the host, a loop that stays whole in its thread is a stage of one thread, together with its neighbours of the kind and the
/// arrays that it goes on with:
/// <code>
/// h = build i&lt;n { yield 0.0 }               g = build u&lt;1 { h.1 = build i&lt;n { yield 0.0 }
/// k = loop (a = h) for thread i&lt;n {..}                    k.1 = loop (a = h.1) for thread i&lt;n {..}
///                                                        yield k.1 }
///                                         k = g[0, :]
/// </code>
/// Each of its trips would otherwise be a row of steps of the host, with memory rented and returned.
/// </summary>
internal sealed class Alone
{
    private readonly Seq<Stmt> _stmts;
    private readonly Fission _pass;
    private readonly Dictionary<Var, List<int>> _uses = [];

    /// <summary>A statement's place ↦ its group; the group is emitted at the place of its last statement.</summary>
    private readonly Dictionary<int, SortedSet<int>> _groups = [];

    public Alone(Block block, Fission pass)
    {
        (_stmts, _pass) = (block.Stmts, pass);
        void Use(Var v, int at)
        {
            if (!_uses.TryGetValue(v, out var list)) _uses[v] = list = [];
            list.Add(at);
        }
        for (int k = 0; k < _stmts.Count; k++)
            foreach (var v in _stmts[k].Free()) Use(v, k);
        foreach (var r in block.Results)
            if (r is Var v) Use(v, _stmts.Count);
        for (int k = 0; k < _stmts.Count; k++)
            if (StaysInThread(_stmts[k])) k = Collect(k);
    }

    private int Collect(int first)
    {
        int last = first;
        for (int k = first + 1; k < _stmts.Count; k++)
        {
            if (StaysInThread(_stmts[k])) last = k;
            else if (!IsBetween(_stmts[k])) break;
        }
        var group = new SortedSet<int>(Enumerable.Range(first, last - first + 1));
        // What the host can know it computes: extents of what leaves the group among it.
        var varying = new HashSet<Var>();
        for (int k = first; k <= last; k++)
        {
            if (_stmts[k] is Compute { Out.Type.IsFloat: false } c && _pass.Total.Holds(c) && !c.Free().Any(varying.Contains)) group.Remove(k);
            else varying.UnionWith(_stmts[k].Outs);
        }
        // An array that only the group goes on with is made there, where it can be overwritten.
        for (int k = first - 1; k >= 0; k--)
            if (_stmts[k] is Write or Accumulate or Build { Body.Stmts.IsEmpty: true } && _stmts[k].Outs.SelectMany(Uses).All(group.Contains)) group.Add(k);
        if (!Outs(group).Any(o => o.Type.Extents.Any(e => e is Var v && varying.Contains(v))))
            foreach (int k in group) _groups[k] = group;
        return last;
    }

    private IEnumerable<int> Uses(Var v) => _uses.TryGetValue(v, out var at) ? at : [];

    private IEnumerable<Var> Outs(SortedSet<int> group) => group.SelectMany(k => _stmts[k].Outs).Where(o => Uses(o).Any(k => !group.Contains(k)));

    private bool StaysInThread(Stmt s) => s switch
    {
        For f => LoopPlaces.Decided(f, _pass).Place == LoopPlace.Thread,
        While w => !w.Walk().Any(LoopPlaces.IsWork),
        _ => false,
    };

    /// <summary>Code of little weight, which goes along where the thread goes on after it.</summary>
    private static bool IsBetween(Stmt s) => s switch
    {
        Compute or Read or Write or Accumulate => true,
        Build or If => !s.Walk().Any(t => t is For or While or Reduce || LoopPlaces.IsWork(t)),
        _ => false,
    };

    /// <summary>Does the statement belong to a group? It is emitted with the group's last.</summary>
    public bool Takes(int at, Builder host)
    {
        if (!_groups.TryGetValue(at, out var group)) return false;
        if (at == group.Max) Emit(group, host);
        return true;
    }

    private void Emit(SortedSet<int> group, Builder host)
    {
        var outs = Outs(group).ToSeq();
        if (outs.IsEmpty) return;
        var stmts = group.Select(k => _stmts[k] is For f ? LoopPlaces.Decided(f, _pass) : _stmts[k]).ToSeq();
        var body = new Substitution().Copy(new Block(stmts, outs.Map(o => (Atom)o)), _pass.Names);
        var made = host.BuildNamed([new Dim(host.Fresh("u", IrType.I32), Const.I32(1))], body, outs);
        for (int k = 0; k < outs.Count; k++)
            host.Append(new Read(outs[k], made[k], [Const.I32(0), .. outs[k].Type.Extents.Map(_ => (Atom)All.Dimension)]));
    }
}
