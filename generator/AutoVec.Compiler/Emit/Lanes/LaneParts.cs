using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// A long straight body cut into methods that the JIT keeps in registers. A value that a later part reads is parked in memory;
/// what is the same for all lanes, or counts them, is computed again in each part that needs it.
/// </summary>
internal sealed record LaneParts(Seq<LanePart> Parts, IReadOnlyDictionary<Var, int> Slots)
{
    /// <summary>Ops a part, functions counted as what they inline: half of where register allocation falls apart.</summary>
    private const int Target = 250;

    /// <summary>Null where an array lives across the cuts, or one statement alone is too long.</summary>
    public static LaneParts? Of(Block body, LaneAnalysis lanes, Func<Var, bool> isCounter)
    {
        var cuts = new List<List<Stmt>> { new() };
        int ops = 0;
        foreach (var stmt in body.Stmts)
        {
            int cost = LaneAnalysis.CostOf(stmt);
            if (cost > LaneAnalysis.MostOps) return null;
            if (ops > 0 && ops + cost > Target)
            {
                cuts.Add([]);
                ops = 0;
            }
            cuts[cuts.Count - 1].Add(stmt);
            ops += cost;
        }

        var definedIn = new Dictionary<Var, int>();
        var definitions = new Dictionary<Var, Stmt>();
        for (int p = 0; p < cuts.Count; p++)
            foreach (var stmt in cuts[p])
                foreach (var o in stmt.Outs) (definedIn[o], definitions[o]) = (p, stmt);

        bool Repeats(Var v) => definitions[v] switch
        {
            Compute { Op.IsTotal: true } => !lanes.Varies(v) || isCounter(v),
            Read => !lanes.Varies(v),
            _ => false,
        };
        var slots = new Dictionary<Var, int>();
        var parts = new List<(List<Stmt> Stmts, List<Atom> Parked)>();
        for (int p = 0; p < cuts.Count; p++)
        {
            var stmts = new List<Stmt>();
            var added = new HashSet<Stmt>();
            bool failed = false;
            void Need(Var v)
            {
                if (!definedIn.TryGetValue(v, out int at) || at == p) return;
                if (Repeats(v))
                {
                    if (!added.Add(definitions[v])) return;
                    foreach (var a in Liveness.Mentioned(definitions[v])) Need(a);
                    stmts.Add(definitions[v]);
                }
                else if (v.Type.IsArray || !lanes.Varies(v)) failed = true;
                else if (!slots.ContainsKey(v)) slots[v] = slots.Count;
            }
            foreach (var stmt in cuts[p])
            {
                foreach (var v in Liveness.Mentioned(stmt)) Need(v);
                foreach (var e in stmt.Walk().SelectMany(s => s.Outs).SelectMany(o => o.Type.Extents).OfType<Var>()) Need(e);
            }
            if (failed) return null;
            parts.Add(([.. stmts, .. cuts[p]], []));
        }
        foreach (var slot in slots) parts[definedIn[slot.Key]].Parked.Add(slot.Key);
        // A result is stored by the part that computes it; what none computes, by the last.
        int PartOf(Atom result) => result is Var v && definedIn.TryGetValue(v, out int p) ? p : cuts.Count - 1;
        return new(parts.Select((part, p) =>
        {
            var stored = Enumerable.Range(0, body.Results.Count).Where(k => PartOf(body.Results[k]) == p).ToSeq();
            return new LanePart(new Block(part.Stmts.ToSeq(), [.. part.Parked, .. stored.Map(k => body.Results[k])]), part.Parked.Count, stored);
        }).ToSeq(), slots);
    }
}

/// <summary>One method: its block yields first the values to park, then the results to store.</summary>
internal sealed record LanePart(Block Body, int Parked, Seq<int> Stored);
