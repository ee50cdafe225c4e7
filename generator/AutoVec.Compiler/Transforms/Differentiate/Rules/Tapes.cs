using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// The forward sweep of a loop saves what its reverse needs: state at entry of each trip; of an array that is updated element by
/// element only what the updates overwrite (<see cref="UndoLog"/>); the results of reductions, which are not run twice.
/// Tapes that no adjoint reads are dead loop state, and Simplify drops them.
/// </summary>
internal sealed partial class Reverse
{
    private LoopStep Tape(For s, Builder b)
    {
        var journals = Journals(s);
        return Tape(s, b, journals, Totals(s, journals, b));
    }

    private LoopStep Tape(For s, Builder b, Seq<Journal> journals, Seq<Atom> totals)
    {
        var map = new Substitution();
        var trip = Fresh(s.Dim.Index);
        map[s.Dim.Index] = trip;
        var state = s.State.Map(c => new Carry(Fresh(c.Param), c.Init));
        for (int k = 0; k < state.Count; k++)
        {
            map[s.State[k].Param] = state[k].Param;
            if (activity.IsActive(s.State[k].Param)) activity.Mark(state[k].Param);
        }
        var body = activity.Copy(s.Body, map, names);
        var inner = b.Nested();
        var tapes = new List<(Carry Carry, Var Next, Var Result)>();
        var room = new Capacities(s, body, b, names);

        Var Save(Atom value)
        {
            var type = room.Of(value.Type).Under([s.Dim.Extent]);
            var param = names.Fresh("tape", type);
            var next = inner.Write(param, OfTrip(type, value.Type, trip), value);
            tapes.Add((new Carry(param, b.Room(type, "tape")), next, Fresh(param)));
            return tapes[^1].Result;
        }

        var restores = new Restore[state.Count];
        var updates = new Dictionary<int, (int State, int Place)>();
        var branchLogs = new Dictionary<int, BranchLog>();
        var undos = new Undo[state.Count][];
        var journaled = journals.Select((j, n) => Opened(j.Renamed(map), totals[n], s.Dim.Extent, FloatOf(s), b)).ToList();
        for (int k = 0; k < state.Count; k++)
        {
            if (InductionOf(s, k) is { } induced) restores[k] = induced;
            else if (InverseOf(s, k) is { } inverse) restores[k] = new Inverted(inverse);
            else if (journaled.FirstOrDefault(j => j.Journal.State == k) is { } open)
            {
                var start = Save(open.Pen.Next);
                var whole = Save(inner.Read(state[k].Param, Front(open.Journal.Type, open.Length), state[k].Param.Base));
                restores[k] = new Journaled(journals.First(j => j.State == k), start, Fresh((Var)open.Pen.Next), open.Pen.Logs.Map(Fresh), whole, open.Length);
            }
            else if (UpdatesOf(s, k, out var branches) is { } chain && !chain.Any(updates.ContainsKey))
            {
                undos[k] = new Undo[chain.Count];
                for (int place = 0; place < chain.Count; place++) updates[chain[place]] = (k, place);
                foreach (var log in branches) branchLogs[log.Key] = log.Value;
            }
            else restores[k] = new Taped(Save(state[k].Param));
        }

        bool IsNextOfTaped(Var result) => Enumerable.Range(0, state.Count).Any(k => body.Results[k].Equals(result) && restores[k] is Taped && result.Type == state[k].Param.Type);

        var pens = journaled.Select(j => j.Pen).ToArray();
        var kept = new Dictionary<int, Seq<Var?>>();
        var trips = new Dictionary<int, Var>();
        var ends = new Dictionary<int, Seq<Var?>>();
        for (int at = 0; at < body.Stmts.Count; at++)
        {
            var stmt = body.Stmts[at];
            if (updates.TryGetValue(at, out var branch) && stmt is If choice)
            {
                var (logged, values) = branchLogs[at].Remembering(choice, names);
                // The same branch may update an array that has a journal.
                Journal.Append(inner, logged, pens);
                undos[branch.State][branch.Place] = new UndoBranch(at, branchLogs[at], values.Map(v => Save(v)));
            }
            else if (updates.TryGetValue(at, out var update))
            {
                var (array, index) = Target(stmt);
                var old = Save(Slice(inner, array, index));
                var saved = index.Select((i, d) => Recomputes(Target(s.Body.Stmts[at]).Index[d], s) ? null : Save(i)).ToSeq();
                undos[update.State][update.Place] = new UndoUpdate(at, old, saved);
                inner.Append(stmt);
            }
            else if (IsKept(s, s.Body.Stmts[at]) && stmt.Outs.All(o => room.Holds(o.Type)))
            {
                var step = Forward(stmt, inner);
                kept[at] = [.. stmt.Outs.Map(o => IsNextOfTaped(o) ? null : Save(o)), .. Residuals(step).Map(r => Save(r))];
            }
            else if (stmt is While w && w.Results.Any(activity.IsActive) && Directions(w) is null)
            {
                var (counting, count) = Counting(w);
                Journal.Append(inner, counting, pens);
                trips[at] = Save(count);
            }
            else
            {
                Journal.Append(inner, stmt, pens);
                if (s.Body.Stmts[at] is For nested && nested.Results.Any(activity.IsActive))
                    ends[at] = stmt.Outs.Select((o, n) => InductionOf(nested, n) is null && InverseOf(nested, n) is not null ? Save(o) : null).ToSeq();
            }
        }
        for (int k = 0; k < state.Count; k++) restores[k] ??= new UndoLog(undos[k].ToSeq());

        var logs = journaled.SelectMany((j, n) => Written(j, pens[n], (Journaled)restores[j.Journal.State]!)).ToList();
        b.Append(new For([.. s.Results, .. logs.Select(l => l.Result), .. tapes.Select(t => t.Result)], [.. state, .. logs.Select(l => l.Carry), .. tapes.Select(t => t.Carry)],
            new Dim(trip, s.Dim.Extent), inner.Block([.. body.Results, .. logs.Select(l => l.Next), .. tapes.Select(t => t.Next)])) { Place = s.Place });
        return new LoopStep(s, restores.ToSeq(), kept, trips, ends);
    }

    /// <summary>k' = k + by, where by is known before the loop.</summary>
    private static Induced? InductionOf(For s, int k)
    {
        var (param, next) = (s.State[k].Param, s.Body.Results[k]);
        if (!param.Type.IsInteger || param.Type.IsArray) return null;
        if (s.Body.Stmts.FirstOrDefault(t => t.Outs.Any(next.Equals)) is not Compute c || c.Op != OpTable.Add && c.Op != OpTable.Sub) return null;
        var by = c.Args[0].Equals(param) ? c.Args[1] : c.Op == OpTable.Add && c.Args[1].Equals(param) ? c.Args[0] : null;
        return by is null || by is Var v && (s.Inner.Contains(v) || s.Body.AllBinders().Contains(v)) ? null : new Induced(c.Op, by);
    }

    /// <summary>How a trip is taken back, by what the reverse loop computes from the trip's number, or finds where the trip found it.</summary>
    private static Inverse? InverseOf(For s, int k)
    {
        if (s.State[k].Param.Type.IsArray || s.Body.Results[k].Equals(s.State[k].Param)) return null;
        var (top, all) = (new HashSet<Var>(s.Body.Stmts.SelectMany(t => t.Outs)), new HashSet<Var>(s.Body.AllBinders()));
        return Inverse.Of(s.Body, s.Body.Results[k], s.State[k].Param, a => a is not Var v || !all.Contains(v) ? !s.State.Any(c => c.Param.Equals(a)) : top.Contains(v) && IsFound(v));

        bool IsFound(Var v)
        {
            var code = Needed(s.Body.Stmts, [v]);
            return code.Stmts.All(t => t is Compute { Op.IsTotal: true } || t is Read { Out.Type.IsArray: false } r && !all.Contains(r.Array))
                && !code.Free().Any(f => s.State.Any(c => c.Param.Equals(f)));
        }
    }

    /// <summary>
    /// The statements that lead from a piece of state, an array, to its next value, in order; null if there is anything but updates
    /// at the top of the body, and in branches there, between them (then the whole array is taped).
    /// </summary>
    private static List<int>? UpdatesOf(For s, int k, out Dictionary<int, BranchLog> branches)
    {
        branches = [];
        if (!s.State[k].Param.Type.IsArray) return null;
        var top = new HashSet<Var>(s.Body.Stmts.SelectMany(t => t.Outs));
        var nested = new HashSet<Var>(s.Body.AllBinders().Where(v => !top.Contains(v)));
        bool known(Atom i) => !(i is Var v && nested.Contains(v)) && Recomputes(i, s);
        var chain = new List<int>();
        var version = (Var)s.Body.Results[k];
        while (!version.Equals(s.State[k].Param))
        {
            int at = s.Body.Stmts.ToList().FindIndex(t => t is Write or Accumulate or If && t.Outs.Contains(version));
            // What a window overwrites has a length of its own in each trip.
            if (at < 0 || s.Body.Stmts[at] is not If && Target(s.Body.Stmts[at]).Index.HasWindow()) return null;
            chain.Insert(0, at);
            if (s.Body.Stmts[at] is not If branch) version = Target(s.Body.Stmts[at]).Array;
            else if (BranchLog.Of(branch, version, known) is { } log)
            {
                branches[at] = log;
                version = log.Array;
            }
            else return null;
        }
        return chain;
    }

    internal static (Var Array, Seq<Atom> Index) Target(Stmt update) => update switch
    {
        Write w => (w.Array, w.Index),
        Accumulate a => (a.Array, a.Index),
        _ => throw new ArgumentException($"{update.GetType().Name} is no update"),
    };

    /// <summary>Can the reverse loop compute this part of an index from the trip and from what is bound outside?</summary>
    private static bool Recomputes(Atom index, For s)
    {
        if (index is not Var) return true;
        var code = Needed(s.Body.Stmts, [index]);
        return code.Stmts.All(t => t is Compute { Op.IsTotal: true }) && !code.Free().Any(v => s.State.Any(c => c.Param.Equals(v)));
    }

    /// <summary>
    /// Reductions and what contains them are kept, not re-run: a contraction runs once. On the host so is an elementwise build of
    /// several of them: its result takes less room than they do (tanh's adjoint asks the result). Not where nobody knows how long the longest of all trips is.
    /// </summary>
    private static bool IsKept(For s, Stmt stmt)
    {
        if (!IsHeavy(stmt) && !(s.Place == LoopPlace.Host && stmt is Build b && b.Results.Count < s.Body.Stmts.Count(t => IsHeavy(t) && t.Outs.Any(b.Mentions))))
            return false;
        return true;
    }

    /// <summary>The place of a value in its tape: where lengths differ from trip to trip, the front of a room for the longest.</summary>
    private static Seq<Atom> OfTrip(IrType tape, IrType value, Var trip) =>
        [trip, .. value.Extents.Select((e, d) => e.Equals(tape.Extents[d + 1]) ? (Atom)All.Dimension : new Window(Const.I32(0), [e]))];

    private static bool IsHeavy(Stmt stmt) =>
        stmt is Build or Reduce or Scatter && stmt.Walk().Any(t => t is Reduce or Scatter or For or While);

    private static Seq<Var> Residuals(Step step) => step switch
    {
        WinnerStep w => [w.Winner],
        ProductStep p => [p.NonZero, p.Zero],
        _ => [],
    };

    private static Step WithResiduals(Stmt stmt, Seq<Var> residuals) => residuals.Count switch
    {
        1 => new WinnerStep((Reduce)stmt, residuals[0]),
        2 => new ProductStep((Reduce)stmt, residuals[0], residuals[1]),
        _ => new Step(stmt),
    };
}
