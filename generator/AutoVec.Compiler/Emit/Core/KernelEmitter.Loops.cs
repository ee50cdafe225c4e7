using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Lanes;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>
/// Loops over one row that follow each other and need each other only at their own index are one loop over vectors: what several read is loaded once,
/// and what one makes for another is in a register.
/// </summary>
/// <remarks>
/// <code>
/// e = build i&lt;n { ... exp }            for (; i &lt;= n - V.Count; i += V.Count)
/// s = reduce + j&lt;n { e[j] }        ⇒       sLanes += Step(x, e, i, V.Count);      stores e[i] and gives it to the sum
/// </code>
/// </remarks>
internal sealed partial class KernelEmitter
{
    /// <summary>More operations than this in one loop would not stay in registers.</summary>
    private const int MostInLoop = 60;

    protected override IReadOnlyList<(IReadOnlyList<Stmt> Stmts, Action Emit)> Items(Block block)
    {
        if (!kernel.UsesLanes || kernel.IsAlone) return base.Items(block);
        var items = new List<(IReadOnlyList<Stmt> Stmts, Action Emit)>();
        for (int k = 0; k < block.Stmts.Count; k++)
        {
            var loop = new List<Stmt>();
            for (int next = k; next < block.Stmts.Count && Joins(block.Stmts[next], loop); next++) loop.Add(block.Stmts[next]);
            if (loop.Count < 2 || Joined(loop) is not { } joined)
            {
                var stmt = block.Stmts[k];
                items.Add(([stmt], () => Statement(stmt)));
                continue;
            }
            k += loop.Count - 1;
            items.Add((loop, () => OneLoop(loop, joined.Body, joined.Lanes)));
        }
        return items;
    }

    /// <summary>May the statement share the loop of those before it?</summary>
    private bool Joins(Stmt stmt, List<Stmt> loop)
    {
        if (stmt is not (Ir.Build { Body.Stmts.IsEmpty: false } or Ir.Reduce { Kind: not (ReduceKind.ArgMax or ReduceKind.ArgMin) }) || UseMap.Dims(stmt) is not [var dim] || !stmt.Outs.Any(Uses.IsUsed)) return false;
        var body = stmt.Blocks.Single();
        if (body.Results.Any(r => r.Type.IsArray) || !body.Walk().All(s => s is Ir.Read or Compute { Op.IsTotal: true })) return false;
        if (loop.Count > 0 && !UseMap.Dims(loop[0])[0].Extent.Equals(dim.Extent)) return false;
        if (RowLanes.Of(stmt, kernel.Float) is not { Lanes: { } lanes } || loop.Concat([stmt]).Sum(LaneAnalysis.CostOf) > MostInLoop) return false;
        if (loop.Count > 0 && Interior.Of(body, dim.Index, lanes) is not null) return false;
        var made = loop.SelectMany(s => s.Outs).ToList();
        return !stmt.Reads.Any(made.Contains<Atom>) && body.Stmts.All(s => s is not Ir.Read r
            ? !s.Reads.Any(made.Contains<Atom>)
            : !r.Index.Any(made.Contains<Atom>) && (!made.Contains(r.Array) || r.Index is [var at] && at.Equals(dim.Index)));
    }

    /// <summary>One element of all: what the builds store, then what the reductions take. Null where together they have no lanes.</summary>
    private (Block Body, LaneAnalysis Lanes)? Joined(List<Stmt> loop)
    {
        var index = UseMap.Dims(loop[0])[0].Index;
        var (stmts, stored, taken) = (new List<Stmt>(), new List<Atom>(), new List<Atom>());
        var made = new Dictionary<Var, Atom>();
        var replaced = new Substitution();
        foreach (var stmt in loop)
        {
            replaced[UseMap.Dims(stmt)[0].Index] = index;
            var body = stmt.Blocks.Single();
            foreach (var s in body.Stmts)
            {
                if (s is Ir.Read r && made.TryGetValue(r.Array, out var value)) replaced[r.Out] = value;
                else stmts.Add(s.Map(replaced.Retype, replaced.Apply, replaced.Apply));
            }
            var results = body.Results.Map(replaced.Apply);
            for (int k = 0; k < stmt.Outs.Count && stmt is Ir.Build; k++) made[stmt.Outs[k]] = results[k];
            (stmt is Ir.Build ? stored : taken).AddRange(results);
        }
        var all = Twins.Remove(new Block(stmts.ToSeq(), [.. stored, .. taken]));
        var lanes = LaneAnalysis.Of(all, index, kernel.Float ?? RowLanes.Of(loop[0], null)!.Lanes!.Float);
        return lanes.Reason is null && taken.All(e => e.Type.Scalar == lanes.Float) ? (all, lanes) : null;
    }

    private void OneLoop(List<Stmt> stmts, Block body, LaneAnalysis lanes)
    {
        // Sums alone write nothing; a load put off outside of the loop around them would happen in it, and be unknown after it.
        if (stmts.Any(s => s is Ir.Build)) Barrier();
        var dim = UseMap.Dims(stmts[0])[0];
        string end = Range(dim, out string first, out bool noTail), i = Names.Fresh(dim.Index.Base);
        var places = stmts.OfType<Ir.Build>().SelectMany(b => b.Results).Select(r => Uses.IsUsed(r) ? Place(r) : null).ToList();
        var reductions = stmts.OfType<Ir.Reduce>().ToList();
        var totals = reductions.ConvertAll(r => Names.Fresh(r.Out.Base + "Lanes"));
        var outs = reductions.Skip(1).Select(r => Names.Fresh(r.Out.Base)).ToList();
        string Neutral(Reduce r) => Interpreter.Unit(r.Kind, r.Out.Type.Scalar) is var unit && unit.Is(0) ? "V.Zero" : $"VX.Create({Literals.Of(unit)})";
        for (int k = 0; k < totals.Count; k++) Out.Declare($"V {totals[k]} = {Neutral(reductions[k])};");
        var (stored, taken) = (body.Results.Take(places.Count).ToSeq(), body.Results.Skip(places.Count).ToSeq());
        string step = kernel.Step(this, Pascal(stmts[stmts.Count - 1].Outs[0]), body, dim, lanes, false, places, totals.Count > 0 ? "V" : "void", emitter => emitter.Block(body, () =>
        {
            // All before the stores: an element may come from where a result goes.
            var elements = Enumerable.Range(0, totals.Count).Select(k => emitter.Kept(reductions[k], taken[k], Neutral(reductions[k]))).ToList();
            emitter.StoreAll(places, [dim.Index], stored);
            for (int k = 0; k < outs.Count; k++) emitter.Out.Line($"{outs[k]} = {elements[k + 1]};");
            if (totals.Count > 0) emitter.Out.Line($"return {elements[0]};");
        }), outs: outs);
        List<string> lines = [totals.Count > 0 ? Combined(reductions[0].Kind, totals[0], step) : step + ";"];
        for (int k = 0; k < outs.Count; k++) lines.Add(Combined(reductions[k + 1].Kind, totals[k + 1], outs[k]));
        Vectors(i, first, end, text => text, lines, wide: false, noTail);
        for (int k = 0, place = 0; k < stmts.Count; k++)
            if (stmts[k] is Ir.Build)
                foreach (var r in stmts[k].Outs)
                    if (places[place++] is { } p) Bind(r, p);
        for (int k = 0; k < totals.Count; k++) Total(reductions[k], totals[k]);
    }

    private static string Combined(ReduceKind kind, string total, string call) => kind switch
    {
        ReduceKind.Sum => $"{total} += {call};",
        ReduceKind.Product => $"{total} *= {call};",
        _ => $"{total} = VX.{kind}({total}, {call});",
    };

    /// <summary>The lanes of a total put together.</summary>
    private void Total(Reduce r, string total)
    {
        string name = Names.Fresh(r.Out.Base);
        Out.Declare($"{CSharp.Of(r.Out.Type.Scalar)} {name} = Lanes.{r.Kind}({total});");
        Bind(r.Out, Expr.Name(name));
    }
}
