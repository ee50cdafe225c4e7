using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// The reverse loop. For each trip, last first: restore the state at entry, re-run the body, reverse it.
/// <code>
/// s = loop (s0 = a) for i&lt;n { s1 = sin s0; yield s1 }
/// ⇒  s, tape = loop (.. tape0 = ..) for i&lt;n { tape1 = tape0 with [i] = s0; .. }
///    s_bar   = loop (b = s_bar) for t&lt;n { i = n - 1 - t; s0 = tape[i]; c = cos s0; b1 = b * c; yield b1 }
/// </code>
/// Its state is the adjoints of the loop's state and of what the body reads from outside, and arrays that travel backwards.
/// </summary>
internal sealed partial class Reverse
{
    private void BackLoop(LoopStep step, Region outer, Seq<Atom?> bars)
    {
        var s = step.Loop;
        var useful = activity.Useful(s, bars.Map(b => b is not null));
        var inner = outer.Builder.Nested();
        var region = new Region(RegionKind.Loop, outer, inner);
        var t = names.Fresh("t", IrType.I32);
        var trip = inner.Compute(OpTable.Sub, inner.Compute(OpTable.Sub, s.Dim.Extent, Const.I32(1), "last"), t, s.Dim.Index.Name);

        var map = new Substitution { [s.Dim.Index] = trip };
        var state = new List<(Carry Carry, Func<Atom> Next, Action<Var> After)>();
        for (int k = 0; k < s.State.Count; k++) Restored(step, k, trip, region, map, state);
        var body = activity.Copy(s.Body, map, names);
        foreach (var kept in step.Kept)
            for (int o = 0; o < body.Stmts[kept.Key].Outs.Count; o++)
                if (kept.Value[o] is null) Following(step, body, body.Stmts[kept.Key].Outs[o], map, state);
        region.Bind([trip, t, .. body.AllBinders(), .. s.State.Map(c => Restoration(map, c.Param))]);
        var steps = Rerun(step, body, trip, region);

        for (int k = 0; k < s.State.Count; k++)
        {
            if (!useful[k]) continue;
            var (carry, param) = (s.State[k], names.Fresh(BarName(s.State[k].Param), s.State[k].Param.Type));
            var restored = Restoration(map, carry.Param);
            state.Add((new Carry(param, bars[k] ?? outer.Builder.Zeros(param.Type, BarName(carry.Param))),
                () => region.Bars.TryGetValue(restored, out var bar) ? bar : inner.Zeros(param.Type, BarName(carry.Param)),
                bar => Add(outer, carry.Init, bar)));
            Add(region, body.Results[k], param);
        }
        Backward(steps, region);
        // Ahead of the state's own: these hold the adjoint as it was before the loop, with what the trips added.
        state.InsertRange(0, region.Carried.Select(c => Leaving(c.Target, c.Param, region, outer)).ToList());

        var nexts = state.Select(c => c.Next()).ToList();
        var results = outer.Builder.For(state.Select(c => c.Carry), new Dim(t, s.Dim.Extent), inner.Block(nexts), place: s.Place);
        for (int k = 0; k < state.Count; k++) state[k].After(results[k]);
    }

    /// <summary>A result that is the next state: as it was restored for the trip after this one, which the reverse has just been through.</summary>
    private static void Following(LoopStep step, Block body, Var result, Substitution map, List<(Carry, Func<Atom>, Action<Var>)> state)
    {
        int k = Enumerable.Range(0, body.Results.Count).First(n => body.Results[n].Equals(result) && step.Restores[n] is Taped);
        state.Add((new Carry(result, step.Loop.Results[k]), () => Restoration(map, step.Loop.State[k].Param), _ => { }));
    }

    private static Var Restoration(Substitution map, Var param) => map.TryGet(param, out var to) ? (Var)to : param;

    /// <summary>Maps one piece of state to its value at entry of the trip.</summary>
    private void Restored(LoopStep step, int k, Var trip, Region region, Substitution map, List<(Carry, Func<Atom>, Action<Var>)> state)
    {
        var (carry, inner) = (step.Loop.State[k], region.Builder);
        Var value;
        if (step.Restores[k] is Induced induced)
        {
            Atom count = carry.Param.Type == IrType.I64 ? inner.Compute(OpTable.ToI64, trip, "trip") : trip;
            value = inner.Compute(induced.Op, carry.Init, inner.Compute(OpTable.Mul, count, induced.By, carry.Param.Name), carry.Param.Name);
        }
        else if (step.Restores[k] is Inverted { Inverse: var inverse })
        {
            var left = Fresh(carry.Param);
            value = (Var)inverse.Emit(inner, left, i => Recomputed(i, step.Loop, trip, inner));
            state.Add((new Carry(left, step.Left[k]), () => value, _ => { }));
        }
        else if (step.Restores[k] is Journaled journaled)
        {
            var end = Fresh(carry.Param);
            var start = value = Undone(journaled, carry.Param, end, trip, step.Loop.Place, inner, state);
            state.Add(Travelling(carry, end, step.Loop.Results[k], start, region));
        }
        else if (step.Restores[k] is Taped taped) value = inner.Read(taped.Tape, Leading(taped.Tape.Type, trip), carry.Param.Name);
        else
        {
            var end = value = Fresh(carry.Param);
            foreach (var undo in ((UndoLog)step.Restores[k]).Updates.Reverse())
            {
                Atom here(Atom i) => Recomputed(i, step.Loop, trip, inner);
                if (undo is UndoBranch branch)
                {
                    value = branch.Log.Undone(inner, value, branch.Tapes.Map(t => (Atom)inner.Read(t, [trip], "old")), here);
                    continue;
                }
                var update = (UndoUpdate)undo;
                var index = Target(step.Loop.Body.Stmts[undo.Statement]).Index.Select((i, d) =>
                    update.Index[d] is { } saved ? inner.Read(saved, [trip], "at") : here(i)).ToSeq();
                value = inner.Write(value, index, inner.Read(update.Old, Leading(update.Old.Type, trip), "old"));
            }
            state.Add(Travelling(carry, end, step.Loop.Results[k], value, region));
        }
        map[carry.Param] = value;
        if (activity.IsActive(carry.Param)) activity.Mark(value);
    }

    /// <summary>An array that the reverse loop takes over as the loop left it, and leaves as it was before the loop.</summary>
    private static (Carry, Func<Atom>, Action<Var>) Travelling(Carry carry, Var end, Var left, Var start, Region region) =>
        (new Carry(end, left), () => region.Now.Apply(start), result =>
        {
            if (carry.Init is Var before) region.Parent!.Pending.Add((before, result));
        });

    private Atom Recomputed(Atom index, For s, Var trip, Builder b)
    {
        if (index is not Var) return index;
        var code = new Substitution { [s.Dim.Index] = trip }.Copy(Needed(s.Body.Stmts, [index]), names);
        b.Append(code.Stmts);
        return code.Results[0];
    }

    /// <summary>Runs the body again: results that were kept are read, updates remember what they overwrite.</summary>
    private List<Step> Rerun(LoopStep step, Block body, Var trip, Region region)
    {
        var inner = region.Builder;
        var steps = new List<Step>();
        var updates = step.Restores.OfType<UndoLog>().SelectMany(u => u.Updates).ToDictionary(u => u.Statement);
        var journals = step.Restores.OfType<Journaled>().Select(j => j.Journal).ToList();
        var polynomials = Polynomials.Of(body, activity);
        FindExponents(body);
        var unread = new HashSet<int>(step.Restores.OfType<UndoLog>().SelectMany(u => Unread(body, u.Updates.Map(x => x.Statement))));
        int Updated(Stmt of) => of.Outs.ToList().FindIndex(o => journals.Any(j => j.Versions.Contains(o)));
        for (int at = 0; at < body.Stmts.Count; at++)
        {
            var stmt = body.Stmts[at];
            if (step.Kept.TryGetValue(at, out var tapes))
            {
                for (int k = 0; k < stmt.Outs.Count; k++)
                    if (tapes[k] is { } tape) inner.Append(new Read(stmt.Outs[k], tape, OfTrip(tape.Type, stmt.Outs[k].Type, trip)));
                steps.Add(WithResiduals(stmt, tapes.Skip(stmt.Outs.Count).Select(r => inner.Read(r!, [trip], r!.Name)).ToSeq()));
            }
            else if (unread.Contains(at))
            {
                // Nothing to run again, and nothing to undo: the array stays as it came in. A branch may have other results.
                if (stmt is If) inner.Append(region.Now.Apply(stmt));
                else region.Now[stmt.Outs[0]] = Target(stmt).Array;
                steps.Add(new Step(stmt));
            }
            else if (stmt is While w && step.Trips.TryGetValue(at, out var trips))
            {
                var count = inner.Read(trips, [trip], "trips");
                steps.Add(Tape(new For(w.Results, w.State, new Dim(names.Fresh("i", IrType.I32), count), w.Body), inner));
            }
            else if (stmt is If choice && (updates.TryGetValue(at, out var undo) ? ((UndoBranch)undo).Log.Result : Updated(step.Loop.Body.Stmts[at])) is >= 0 and var result
                && BranchLog.Of(choice, stmt.Outs[result], i => i is Const) is { } log)
            {
                // What it remembers here is what the tapes hold.
                var (logged, values) = log.Remembering((If)stmt, names);
                inner.Append(logged);
                steps.Add(new UndoneStep((If)stmt, log, values));
            }
            else if (updates.ContainsKey(at) || stmt is Write or Accumulate && Updated(step.Loop.Body.Stmts[at]) >= 0)
            {
                var (array, index) = Target(stmt);
                var old = Slice(inner, array, index);
                inner.Append(stmt);
                steps.Add(new LoggedStep(stmt, array, index, old));
            }
            else
            {
                var forward = Forward(stmt, inner);
                if (forward is LoopStep loop && step.Ends.TryGetValue(at, out var ends))
                    forward = loop with { Left = loop.Left.Select((v, k) => ends[k] is { } tape ? inner.Read(tape, [trip], v.Name) : v).ToSeq() };
                steps.Add(polynomials.TryGetValue(stmt.Outs[0], out var p) ? Forwards(p, inner) : forward);
            }
        }
        return steps;
    }

    /// <summary>Of the statements that update an array one after the other, those after which the body does not read it.</summary>
    private static IEnumerable<int> Unread(Block body, Seq<int> chain)
    {
        var versions = new HashSet<Var>();
        for (int k = chain.Count - 1; k >= 0; k--)
        {
            versions.UnionWith(body.Stmts[chain[k]].Outs.Where(o => o.Type.IsArray));
            for (int at = 0; at < body.Stmts.Count; at++)
            {
                bool isUpdate = chain.Contains(at);
                foreach (var s in body.Stmts[at].Walk())
                {
                    var reads = isUpdate && s is Write or Accumulate ? s.Reads.Skip(1) : s.Reads;
                    if (!isUpdate) reads = reads.Concat(s.Blocks.SelectMany(b => b.Results));
                    if (reads.Any(r => r is Var v && versions.Contains(v))) yield break;
                }
            }
            yield return chain[k];
            // What a branch reads of its own versions is in part what the updates before it have written.
            versions.UnionWith(body.Stmts[chain[k]].Blocks.SelectMany(b => b.AllBinders()).Where(v => v.Type.IsArray));
        }
    }

    /// <summary>State for the adjoint of something bound outside the loop.</summary>
    private (Carry, Func<Atom>, Action<Var>) Leaving(object target, Var param, Region region, Region outer)
    {
        if (target is Element e)
            return (new Carry(param, Zero(param.Type)), () => region.Elements[e], bar => AddAt(outer, e.Array, e.Index, bar));
        var x = (Var)target;
        if (!x.Type.IsArray) return (new Carry(param, Zero(x.Type)), () => region.Bars[x], bar => Add(outer, x, bar));
        if (outer.LeavesAsSite(x))
            return (new Carry(param, outer.Builder.Zeros(x.Type, BarName(x))), () => region.Bars[x], bar => Add(outer, x, bar));
        return (new Carry(param, Current(outer, x, create: true)!), () => region.Bars[x], bar => outer.Bars[x] = bar);
    }
}
