using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>How many vector registers the trips of an innermost loop take, and how many operations.</summary>
internal readonly record struct Pressure(int Live, int Ops)
{
    /// <summary>What a function needs beside its argument.</summary>
    private const int OfFunction = 5;

    /// <param name="copies">What the loop carries and reads from outside is there for each of so many vectors; what a trip computes, for one after the other.</param>
    public static Pressure Of(Stmt loop, LaneAnalysis lanes, int copies)
    {
        bool IsValue(Var v) => lanes.Varies(v) && !v.Type.IsArray && !lanes.IsCounter(v);
        int held = loop switch
        {
            For f => f.State.Count(s => IsValue(s.Param)),
            While w => w.State.Count(s => IsValue(s.Param)),
            Reduce r => LaneEmitter.IsShort(r, lanes.Varies) ? LaneEmitter.Totals : 1,
            _ => 0,
        };
        var outside = loop.Blocks.SelectMany(b => b.Free(loop.Inner)).Where(IsValue).Distinct().Count();
        int most = loop.Blocks.Select(b => Most(b, IsValue)).DefaultIfEmpty(0).Max();
        return new(copies * (held + outside) + most, LaneAnalysis.CostOf(loop));
    }

    /// <summary>The most values of one vector that are alive at a time.</summary>
    private static int Most(Block block, Func<Var, bool> isValue)
    {
        var last = new Dictionary<Var, int>();
        var stmts = block.Stmts;
        for (int k = 0; k < stmts.Count; k++)
            foreach (var v in Liveness.Mentioned(stmts[k])) last[v] = k;
        foreach (var v in block.Results.OfType<Var>()) last[v] = stmts.Count;
        var live = new HashSet<Var>();
        int most = 0;
        for (int k = 0; k < stmts.Count; k++)
        {
            int inside = stmts[k].Blocks.Select(b => Most(b, isValue)).DefaultIfEmpty(0).Max();
            bool function = stmts[k] is Compute c && LaneAnalysis.CostOf(c) > 1;
            foreach (var o in stmts[k].Outs)
                if (isValue(o) && last.ContainsKey(o)) live.Add(o);
            most = Math.Max(most, live.Count + inside + (function ? OfFunction : 0));
            live.RemoveWhere(v => last[v] <= k);
        }
        return most;
    }
}
