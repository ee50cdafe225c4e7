using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Simplify;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Variables that are assigned an array of another length on each trip. The loop carries room for the longest, and in each trip, and after the
/// last, the array is a window of it. Its length is that of what the trip before has assigned: a number that the trip decides.
/// <code>
/// var h = x;                                  most = reduce max l&lt;L { n[l] }       h0 = room [max most x_0] with [0:x_0!] = x
/// for (int l = 0; l &lt; n.Length; l++)      ⇒   h' = loop (h1 = h0) for l&lt;L { k = l &gt; 0 ? n[l - 1] : x_0;   h = h1[0:k!]
/// {   var y = new float[n[l]]; ...                  ...   h2 = h1 with [0:n[l]!] = y  yield h2 }
///     h = y; }                                 h = h'[0: L &gt; 0 ? n[L - 1] : x_0 !]
/// </code>
/// That a length differs is known only after the body was lowered: it is lowered again, with a name for what the trip before has assigned. Where
/// that name, or another number that the loop changes, decides the next length, see <see cref="Recurrence"/>.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>What a loop carries for an array whose length differs from trip to trip.</summary>
    /// <param name="Lengths">Its lengths at the start of a trip: names in the body, bound when the loop is closed.</param>
    /// <param name="Extent">Of the room, likewise.</param>
    /// <param name="Init">The room before the loop, likewise.</param>
    /// <param name="First">The array before the loop.</param>
    private sealed record Roomy(Var Param, Seq<Var> Lengths, Var Extent, Var Init, Var First);

    /// <summary>Thrown at the end of a body: the variable has another length after a trip than before it.</summary>
    private sealed class VaryingLength(Cell outside) : Exception
    {
        public Cell Outside { get; } = outside;
    }

    /// <summary>Lowers the loop, once more for each variable whose length turns out to differ.</summary>
    private void WithVaryingLengths(Action<HashSet<Cell>> loop)
    {
        var known = new HashSet<Cell>();
        var rooms = new RowRooms();
        var (saved, statements, stores) = (_flow.Copy(), _b, _stores.Count);
        void again()
        {
            (_flow, _b) = (saved.Copy(), statements);
            _stores.RemoveRange(stores, _stores.Count - stores);
        }
        _rooms.Push(rooms);
        try
        {
            while (true)
                try
                {
                    loop(known);
                    return;
                }
                catch (VaryingLength found) when (known.Add(found.Outside)) { again(); }
                catch (RaggedRows found) when (rooms.Ragged.Add(found.Outside)) { again(); }
                catch (OtherArray found) when (rooms.Moving.Add(found.Outside)) { again(); }
                catch (RoomOfRows found) when (!rooms.Cells.ContainsKey(found.Rows))
                {
                    again();
                    Furnish(found);
                    rooms.Cells[found.Rows] = found;
                    saved = _flow.Copy();
                }
        }
        finally
        {
            _rooms.Pop();
        }
    }

    private Roomy RoomFor(Var array)
    {
        var lengths = array.Type.Extents.Map(_ => _names.Fresh("n", IrType.I32));
        _notNegative.UnionWith(lengths);
        var extent = _names.Fresh("room", IrType.I32);
        var type = new IrType(array.Type.Scalar, [extent]);
        return new(_names.Fresh(array.Base, type), lengths, extent, _names.Fresh(array.Base, type), array);
    }

    /// <summary>At the start of a trip, or of its condition: arrays are what the trip before has left of them.</summary>
    private void EnterRooms(LoopState state)
    {
        foreach (var room in state.Rooms)
            _flow.Arrays[room.Key] = _flow.Arrays[room.Key] with { Version = Front(room.Value.Param, room.Value.Lengths.Map(n => (Atom)n), room.Key.Name) };
    }

    private Var Front(Var room, Seq<Atom> lengths, string name) => _b.Read(room, [Whole(lengths)], name);

    private static Window Whole(Seq<Atom> lengths) => new(Const.I32(0), lengths, whole: true);

    /// <summary>Before the loop: the room, with the array as it is in front.</summary>
    /// <param name="most">The most elements that a trip assigns.</param>
    private void Furnish(Roomy room, Atom most)
    {
        var elements = room.First.Type.Extents.Aggregate((a, b) => Emit(OpTable.Mul, "n", a, b));
        _b.Append(new Compute(room.Extent, OpTable.Max, [most, elements]));
        _b.Append(new Write(room.Init, _b.Room(room.Init.Type, room.First.Base), [Whole(room.First.Type.Extents)], room.First));
    }

    // ---- what gives a length

    /// <summary>What the lengths of a loop's arrays need: statements at the start of a trip, and what names of the body mean besides.</summary>
    private sealed class Lengths
    {
        public List<Stmt> Start { get; } = [];
        public Substitution Names { get; } = new();

        /// <summary>The lengths after the last trip, by the cell inside.</summary>
        public Dictionary<Cell, Func<Seq<Atom>>> After { get; } = [];

        /// <summary>Integers of the loop that were noted before it, a value for each trip and for after the last, which is the <see cref="Count"/>th.</summary>
        public Dictionary<Var, Var> Noted { get; set; } = [];
        public Atom Count { get; set; } = Const.I32(0);

        /// <summary>The trips of a loop that counted none before.</summary>
        public Dim? Counted { get; set; }
    }

    private Lengths Decide(LoopState state, Builder body, Flow end, Dictionary<Cell, Cell> moves, IOperation where)
    {
        var nexts = state.Rooms.Keys.OrderBy(c => c.Id).ToDictionary(c => c, c => end.Arrays[moves.TryGetValue(c, out var to) ? to : c].Version?.Type.Extents
            ?? throw new Rejection(ArrayRules.ArrayLoop, where, c.Name, "has no single array at the end of a trip"));
        var byTrip = new Dictionary<Cell, Varying>();
        var recurrence = RecurrenceOf(state, end, body.Block(), nexts, byTrip, where);
        var lengths = new Lengths();
        foreach (var (inside, length) in byTrip.OrderBy(p => p.Key.Id).Select(p => (p.Key, p.Value)))
        {
            var room = state.Rooms[inside];
            (var start, var now, lengths.After[inside]) = ByTrip(room, length, state.Trip!.Value.Trips);
            lengths.Start.AddRange(start);
            foreach (var (name, atom) in room.Lengths.Zip(now, (name, atom) => (name, atom))) lengths.Names[name] = atom;
        }
        if (recurrence is null) return lengths;

        (var trips, lengths.Count, lengths.Noted) = Run(recurrence, state.Trip);
        var trip = state.Trip?.Index ?? _names.Fresh("trip", IrType.I32);
        if (state.Trip is null) lengths.Counted = new Dim(trip, trips);
        lengths.Start.AddRange(recurrence.State.Select(s => new Read(s.Param, lengths.Noted[s.Param], [trip])));
        foreach (var (inside, room) in state.Rooms.Where(r => !byTrip.ContainsKey(r.Key)).OrderBy(r => r.Key.Id).Select(p => (p.Key, p.Value)))
        {
            Furnish(room, Most(room, lengths.Noted));
            lengths.After[inside] = () => room.Lengths.Map(n =>
            {
                var last = _b.Read(lengths.Noted[n], [lengths.Count], "n");
                _notNegative.Add(last);
                return (Atom)last;
            });
        }
        return lengths;
    }

    private static Rejection Differ(IOperation where, string name, IrType one, IrType other) =>
        new(ArrayRules.ShapesDiffer, where, name, $"has different lengths on the paths that meet here ({one} and {other}): create it once, before they part");

    /// <summary>Results of the body's code as they follow from what its free names mean, without what the loop leaves as it is.</summary>
    private static Block Needed(LoopState state, Flow end, Block block)
    {
        var unchanged = new Substitution(state.Scalars.Where(s => (end.Scalars[s.Slot] ?? s.Param).Equals(s.Param)).Select(s => (s.Param, s.Init))
            .Concat(state.Arrays.Where(a => a.Moved.IsEmpty && a.Param.Equals(end.Arrays[a.Inside].Version)).Select(a => (a.Param, (Atom)a.Init))));
        return unchanged.Apply(DeadCode.Remove(block, out _));
    }

    // ---- lengths that the trip alone decides

    /// <param name="Code">Yields the lengths that a trip assigns; free in the trip's <paramref name="Index"/>.</param>
    private sealed record Varying(Block Code, Var Index);

    private Seq<Atom> LengthsAt(Varying length, Atom trip)
    {
        var code = new Substitution { [length.Index] = trip }.Copy(length.Code, _names);
        _b.Append(code.Stmts);
        return code.Results;
    }

    /// <summary>The lengths that the trip before the given one has assigned, or before the first trip those of the array as it was.</summary>
    private Seq<Atom> LengthsBefore(Varying length, Atom trip, Seq<Atom> first)
    {
        var isLater = Emit(OpTable.Gt, "c", trip, Const.I32(0));
        var before = Emit(OpTable.Sub, "k", trip, Const.I32(1));
        if (isLater is Const known) return known.AsBool ? LengthsAt(length, before) : first;
        var result = first;
        var (then, _) = Nested(_flow.Copy(), () => result = LengthsAt(length, before));
        var n = result.Map(_ => _names.Fresh("n", IrType.I32));
        _b.Append(new If(n, isLater, then.Block(result), _b.Nested().Block(first)));
        _notNegative.UnionWith(n);
        return n.Map(v => (Atom)v);
    }

    /// <summary>Furnishes the room before the loop; gives what computes the lengths at the start of a trip, and after the last.</summary>
    private (Seq<Stmt> Start, Seq<Atom> Lengths, Func<Seq<Atom>> After) ByTrip(Roomy room, Varying length, Atom trips)
    {
        var trip = _names.Fresh(length.Index.Base, IrType.I32);
        var code = new Substitution { [length.Index] = trip }.Copy(length.Code, _names);
        var (elements, _) = Nested(_flow.Copy(), () =>
        {
            _b.Append(code.Stmts);
            code = code with { Results = [code.Results.Aggregate((a, b) => Emit(OpTable.Mul, "n", a, b))] };
        });
        Furnish(room, _b.Reduce(ReduceKind.Max, [new Dim(trip, trips)], elements.Block(code.Results), "most"));
        var first = room.First.Type.Extents;
        Seq<Atom> lengths = [];
        var (start, _) = Nested(_flow.Copy(), () => lengths = LengthsBefore(length, length.Index, first));
        return (start.Stmts.ToSeq(), lengths, () => LengthsBefore(length, trips, first));
    }
}
