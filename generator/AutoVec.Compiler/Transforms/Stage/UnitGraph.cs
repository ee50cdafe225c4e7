using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>
/// The statements of one block of the host as units with their order: after what they read; and what overwrites an array after
/// all that read the old one (else the write would need a copy).
/// </summary>
internal sealed class UnitGraph
{
    public List<Unit> Units { get; } = [];

    public UnitGraph(Block block, Contractions contractions)
    {
        var maker = new Dictionary<Var, Unit>();
        var views = block.Stmts.OfType<Read>().Where(r => r.Out.Type.IsArray).ToDictionary(r => r.Out, r => r.Array);
        // Who reads a view reads the array.
        IEnumerable<Var> Viewed(Var v)
        {
            while (views.TryGetValue(v, out var array)) yield return v = array;
        }
        var readers = new Dictionary<Var, List<Unit>>();
        foreach (var s in block.Stmts)
        {
            var unit = new Unit(s, Units.Count) { Contraction = contractions.Of(s) };
            // Once each: a loop may begin with an array and with a view of it, and does not wait for itself.
            foreach (var v in unit.Reads.Concat(unit.Reads.SelectMany(Viewed)).Distinct().ToList())
            {
                if (maker.TryGetValue(v, out var m)) unit.After.Add(m);
                if (!readers.TryGetValue(v, out var list)) readers[v] = list = [];
                if (Overwrites(s).Any(v.Equals)) unit.After.UnionWith(list);
                list.Add(unit);
            }
            foreach (var o in s.Outs) maker[o] = unit;
            Units.Add(unit);
        }
        foreach (var unit in Units.Where(u => u.Contraction is not null).ToList()) AbsorbEpilogue(unit, block.Results);
    }

    private static IEnumerable<Atom> Overwrites(Stmt s) => s switch
    {
        Write w => [w.Array],
        Accumulate a => [a.Array],
        For f => f.State.Map(c => c.Init),
        While w => w.State.Map(c => c.Init),
        _ => [],
    };

    /// <summary>Elementwise builds that read the sums at their own index run in the tile store.</summary>
    private void AbsorbEpilogue(Unit unit, Seq<Atom> results)
    {
        var sums = unit.First.Outs[0];
        if (results.Contains(sums)) return;
        foreach (var reader in Units.Where(u => u.Reads.Contains(sums)).ToList())
            if (reader.Stmts.Count == 1 && IsEpilogue(reader.First, unit) && !IsBetween(unit, reader))
                Merge(unit, reader);
    }

    /// <summary>It sees one element of the tile: what the unit makes, sums and earlier epilogues alike, is read at its own index only.</summary>
    private static bool IsEpilogue(Stmt stmt, Unit unit)
    {
        var contraction = (Build)unit.First;
        if (stmt is not Build b || b.Body.Results.Any(r => r.Type.IsArray)) return false;
        if (b.Dims.Map(d => d.Extent) != contraction.Dims.Map(d => d.Extent)) return false;
        var own = b.Dims.Map(d => (Atom)d.Index);
        return b.Body.Walk().All(s => s switch
        {
            Read r => !r.Out.Type.IsArray && (!unit.Outs.Contains(r.Array) || r.Index == own),
            Compute => true,
            If i => !i.Results.Any(o => o.Type.IsArray),
            _ => false,
        });
    }

    /// <summary>Must some third unit run after the first and before the second?</summary>
    private static bool IsBetween(Unit first, Unit second)
    {
        var seen = new HashSet<Unit>();
        bool LeadsTo(Unit u) => u == first || seen.Add(u) && u.After.Any(LeadsTo);
        return second.After.Any(u => u != first && LeadsTo(u));
    }

    private void Merge(Unit into, Unit unit)
    {
        into.Absorb(unit);
        Units.Remove(unit);
        foreach (var u in Units)
            if (u.After.Remove(unit)) u.After.Add(into);
        into.After.Remove(into);
    }
}
