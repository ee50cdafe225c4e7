using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>What stays whole inside the thread: neighbours go together, so that arrays between them never leave it.</summary>
internal sealed partial class Nest
{
    /// <summary>Emits the group that starts at <paramref name="first"/> as one build; returns its last statement.</summary>
    private int PullGroup(int first, Seq<Stmt> stmts)
    {
        int last = first;
        int must = first;                       // arrays whose extents differ by element have all their readers in the group
        var inside = new HashSet<Var>();
        for (int k = first; k < stmts.Count; k++)
        {
            var s = stmts[k];
            var fate = FateOf(s);
            if (fate == Fate.Hoist) continue;
            bool joins = k <= must || fate == Fate.Thread || fate == Fate.Update && s.Reads.First() is Var array && inside.Contains(array);
            if (!joins && fate != Fate.Element) break;
            _varying.UnionWith(s.Outs);
            if (!joins) continue;
            last = k;
            inside.UnionWith(s.Outs);
            foreach (var o in s.Outs)
                if (o.Type.Extents.Any(Varies) && _lastUse.TryGetValue(o, out int use)) must = Math.Max(must, Math.Min(use, stmts.Count - 1));
        }
        for (int k = first; k <= last; k++) inside.UnionWith(stmts[k].Outs);

        var group = new List<Stmt>();
        for (int k = first; k <= last; k++)
            if (FateOf(stmts[k]) == Fate.Hoist) _pass.Host(stmts[k], _host);
            else group.Add(stmts[k]);
        var outs = group.SelectMany(s => s.Outs).Where(o => _lastUse.TryGetValue(o, out int use) && use > last).ToSeq();
        if (outs.IsEmpty) return last;
        var arrays = Emit(last, group, outs.Map(o => (Atom)o));
        for (int k = 0; k < outs.Count; k++) Bind(outs[k], arrays[k]);
        return last;
    }
}
