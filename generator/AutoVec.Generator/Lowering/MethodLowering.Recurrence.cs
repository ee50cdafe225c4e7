using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Lengths that follow from the length before (a pooling, a reduction by halves), or from another integer that the loop changes. The integers of the loop
/// that decide, and nothing else of it, run before the loop; what they are in each trip is noted, and the loop reads it. So a length is again a number that
/// the trip decides, and a <c>while</c> whose condition hangs on these integers only becomes a loop whose trips are counted.
/// <code>
/// while (h.Length &gt; 1)                     T, k' = loop (t = 0, k = x_0) while { k &gt; 1 } { yield t + 1, k / 2 }
/// {   var y = new float[h.Length / 2]; ⇒   ns = loop (ns0: i32[T + 1] = [x_0, 0 ..], k = x_0) for t&lt;T { yield ns0 with [t + 1] = k / 2, k / 2 }
///     ...   h = y; }                       h' = loop (h1 = room [max ns]) for t&lt;T { k = ns[t];  h = h1[0:k!] ... }        h = h'[0: ns[T] !]
/// </code>
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>Integers that decide on lengths, with their values before the first trip and after one.</summary>
    private sealed class Recurrence
    {
        public List<(Var Param, Atom Init, Slot? Slot)> State { get; } = [];

        /// <summary>What the state is after a trip; free in the state and the trip's index.</summary>
        public Block Next { get; set; } = null!;

        /// <summary>Is there another trip? Of a loop that counts none.</summary>
        public Block? Condition { get; set; }
    }

    /// <summary>Of the arrays whose lengths the loop decides itself; null if each hangs on the trip alone.</summary>
    private Recurrence? RecurrenceOf(LoopState state, Flow end, Block body, Dictionary<Cell, Seq<Atom>> nexts, Dictionary<Cell, Varying> byTrip, IOperation where)
    {
        var own = state.Params.Concat(state.Rooms.Values.SelectMany(r => r.Lengths)).ToList();
        foreach (var room in state.Rooms.Where(_ => state.Trip is not null))
        {
            var code = Needed(state, end, body with { Results = nexts[room.Key] });
            if (IsOfIntegers(code) && !code.Free().Any(own.Contains)) byTrip[room.Key] = new(code, state.Trip!.Value.Index);
        }
        if (byTrip.Count == state.Rooms.Count) return null;

        var recurrence = new Recurrence();
        var after = new List<Atom>();
        void Include(Cell cell)
        {
            byTrip.Remove(cell);
            var room = state.Rooms[cell];
            for (int d = 0; d < room.Lengths.Count; d++) recurrence.State.Add((room.Lengths[d], room.First.Type.Extents[d], null));
            after.AddRange(nexts[cell]);
        }
        foreach (var room in state.Rooms.Keys.Where(r => !byTrip.ContainsKey(r)).OrderBy(c => c.Id).ToList()) Include(room);
        string name = state.Rooms.First(r => recurrence.State[0].Param.Equals(r.Value.Lengths[0])).Key.Name;
        Rejection Refused(string reason) => new(ArrayRules.ShapesDiffer, where, name, reason);

        while (true)
        {
            recurrence.Next = Needed(state, end, body with { Results = after.ToSeq() });
            if (state.Condition is { } condition) recurrence.Condition = Needed(state, end, condition);
            Seq<Block> codes = recurrence.Condition is { } c ? [recurrence.Next, c] : [recurrence.Next];
            bool ofTrips = recurrence.Condition is { } test && (!IsOfIntegers(test) || test.Free().Any(v => v.Type.IsFloat && own.Contains(v)));
            string what = ofTrips ? "how many trips there are hangs on" : "its length hangs on";
            if (!codes.All(IsOfIntegers)) throw Refused($"has another length after each trip, and {what} what an array holds that the loop makes: create it once, as long as the longest");
            var more = codes.SelectMany(b => b.Free()).Where(own.Contains).Where(v => !recurrence.State.Any(s => s.Param.Equals(v))).Distinct().ToList();
            if (more.Count == 0) return recurrence;
            foreach (var v in more)
            {
                if (v.Type.IsArray) throw Refused($"has another length after each trip, and {what} what '{v.Base}' holds, which the loop changes: create it once, as long as the longest");
                if (v.Type.IsFloat) throw Refused($"has another length after each trip, and {what} the floating-point number '{v.Base}': create it once, as long as the longest");
                if (state.Rooms.FirstOrDefault(r => r.Value.Lengths.Contains(v)) is { Key: { } other })
                {
                    if (!recurrence.State.Any(s => s.Param.Equals(v))) Include(other);
                    continue;
                }
                var (slot, param, init) = state.Scalars.First(s => s.Param.Equals(v));
                recurrence.State.Add((param, init, slot));
                after.Add(end.Scalars[slot] ?? param);
            }
        }
    }

    /// <summary>Code that may well run twice: what it makes are numbers, and arrays of integers.</summary>
    private static bool IsOfIntegers(Block code) => code.AllBinders().All(v => !v.Type.IsArray || !v.Type.IsFloat);

    /// <summary>Runs the recurrence before the loop: how many trips there are, and an array for each number of its state.</summary>
    private (Atom Trips, Atom Count, Dictionary<Var, Var> Noted) Run(Recurrence r, (Var Index, Atom Trips)? counted)
    {
        var trips = counted is { } known ? known.Trips : CountTrips(r);
        var count = IsNotNegative(trips) ? trips : Emit(OpTable.Max, "n", trips, Const.I32(0));
        var size = Emit(OpTable.Add, "n", count, Const.I32(1));

        var trip = _names.Fresh("trip", IrType.I32);
        var now = r.State.Select(s => new Carry(_names.Fresh(s.Param), s.Init)).ToList();
        var noted = now.Select((c, k) =>
        {
            var type = new IrType(c.Param.Type.Scalar, [size]);
            var start = _b.Write((Var)_b.Zeros(type, r.State[k].Param.Base), [Const.I32(0)], c.Init, r.State[k].Param.Base);
            return new Carry(_names.Fresh(r.State[k].Param.Base, type), start);
        }).ToList();
        var body = _b.Nested();
        var next = Step(r, now, trip, counted?.Index, r.Next, body);
        var at = body.Compute(OpTable.Add, trip, Const.I32(1), "at");
        var written = noted.Select((c, k) => (Atom)body.Write(c.Param, [at], next[k], c.Param.Base)).ToList();
        var results = _b.For([.. noted, .. now], new Dim(trip, trips), body.Block([.. written, .. next]));
        return (trips, count, r.State.Select((s, k) => (s.Param, results[k])).ToDictionary(p => p.Param, p => p.Item2));
    }

    private Var CountTrips(Recurrence r)
    {
        var made = new Carry(_names.Fresh("trips", IrType.I32), Const.I32(0));
        var now = r.State.Select(s => new Carry(_names.Fresh(s.Param), s.Init)).ToList();
        var (condition, body) = (_b.Nested(), _b.Nested());
        var goes = Step(r, now, null, null, r.Condition!, condition);
        var next = Step(r, now, null, null, r.Next, body);
        var trips = _b.While([made, .. now], condition.Block(goes), body.Block([body.Compute(OpTable.Add, made.Param, Const.I32(1), "trips"), .. next]))[0];
        _notNegative.Add(trips);
        return trips;
    }

    private Seq<Atom> Step(Recurrence r, List<Carry> now, Var? trip, Var? index, Block code, Builder into)
    {
        var names = new Substitution(r.State.Zip(now, (s, c) => (s.Param, (Atom)c.Param)));
        if (index is not null) names[index] = trip!;
        var copy = names.Copy(code, _names);
        into.Append(copy.Stmts);
        return copy.Results;
    }

    /// <summary>The most elements that the array has after any trip, and before the first.</summary>
    private Var Most(Roomy room, Dictionary<Var, Var> noted)
    {
        var i = _names.Fresh("i", IrType.I32);
        Atom elements = Const.I32(0);
        var (code, _) = Nested(_flow.Copy(), () =>
            elements = room.Lengths.Select(n => (Atom)_b.Read(noted[n], [i], "n")).Aggregate((a, b) => Emit(OpTable.Mul, "n", a, b)));
        return _b.Reduce(ReduceKind.Max, [new Dim(i, noted[room.Lengths[0]].Type.Extents[0])], code.Block(elements), "most");
    }
}
