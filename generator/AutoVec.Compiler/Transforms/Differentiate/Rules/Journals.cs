using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Checkpoint;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// Arrays that loops inside a loop update. They travel backwards as those do that the loop updates itself (<see cref="UndoLog"/>); what undoes a trip is a
/// part of one log (<see cref="Journal"/>). Before the loop it is decided whether a log takes less than the array at entry of each trip; where it
/// does not, or exceeds its share of the memory budget, the log has no entries and a tape holds the arrays, which Checkpoint may cut.
/// </summary>
internal sealed partial class Reverse
{
    /// <summary>An entry costs more than as many bytes of an array that is moved whole.</summary>
    private const int EntryCost = 4;

    /// <summary>The arrays of which a trip writes a part: in fewer loops of unknown length than they have dimensions.</summary>
    private static Seq<Journal> Journals(For s) => s.Place == LoopPlace.Host || !s.Body.Stmts.Any(t => t is For or While or If) ? [] :
        Enumerable.Range(0, s.State.Count).Where(k => UpdatesOf(s, k, out _) is null).Select(k => Journal.Of(s.State, s.Body, k)).OfType<Journal>()
            .Where(j => j.Depth < j.Type.Rank).ToSeq();

    /// <summary>How many updates each makes in all trips, or a little more.</summary>
    private Seq<Atom> Totals(For s, Seq<Journal> journals, Builder b)
    {
        if (journals.IsEmpty) return [];
        var map = new Substitution();
        var trip = Fresh(s.Dim.Index);
        map[s.Dim.Index] = trip;
        var state = s.State.Map(c => new Carry(Fresh(c.Param), c.Init));
        for (int k = 0; k < state.Count; k++) map[s.State[k].Param] = state[k].Param;
        var body = map.Copy(s.Body, names);
        var inner = b.Nested();
        var more = Counted(inner, ref body, journals, map);
        var closed = more.Map(m => Journal.Closed(b, m, s.Dim.Extent));
        if (closed.All(c => c is not null)) return closed.Map(c => c!);
        var counts = more.Map(_ => names.Fresh("count", IrType.I32));
        var nexts = counts.Select((c, k) => Journal.Sum(inner, c, more[k])).ToList();
        var results = b.For([.. state, .. counts.Map(c => new Carry(c, Const.I32(0)))], new Dim(trip, s.Dim.Extent), inner.Block([.. body.Results, .. nexts]), place: s.Place);
        return results.Skip(state.Count).ToSeq<Atom>();
    }

    /// <summary>Appends the copy of a body, and gives how many updates each journal's array has in it.</summary>
    private static Seq<Atom> Counted(Builder b, ref Block body, Seq<Journal> journals, Substitution map)
    {
        var counts = new List<Atom>();
        foreach (var journal in journals)
        {
            var with = b.Nested();
            counts.Add(journal.Renamed(map).Counted(with, body));
            body = with.Block(body.Results);
        }
        b.Append(body.Stmts);
        return counts.ToSeq();
    }

    private static Scalar FloatOf(For s)
    {
        var types = s.State.Map(c => c.Param.Type.Scalar).Concat(s.Body.AllBinders().Select(v => v.Type.Scalar)).ToList();
        return types.Contains(Scalar.F32) && !types.Contains(Scalar.F64) ? Scalar.F32 : Scalar.F64;
    }

    /// <param name="Pen">At entry of a trip.</param>
    /// <param name="Capacity">Of the log; 0 where none is kept.</param>
    /// <param name="Length">Of the array's first dimension on the tape of whole arrays; 0 where a log is kept.</param>
    private sealed record OpenJournal(Journal Journal, Pen Pen, Atom Capacity, Atom Length, Seq<Atom> Rooms);

    private OpenJournal Opened(Journal journal, Atom total, Atom trips, Scalar real, Builder b)
    {
        var entry = ByteCount.Sum(journal.Entry).Times(total).Emit(b, real);
        var whole = ByteCount.Of(journal.Type).Times(trips).Emit(b, real);
        var less = b.Compute(OpTable.Le, b.Compute(OpTable.Mul, entry, Const.Of(real, EntryCost), "bytes"), whole, "less");
        var fits = b.Compute(OpTable.Le, entry, Const.Of(real, logBytes), "fits");
        var counted = b.Compute(OpTable.Lt, total, Const.I32(Journal.MostEntries), "counted");
        var logged = And(b, [less, fits, counted]);
        var capacity = b.Compute(OpTable.Select, logged, total, Const.I32(0), "entries");
        var length = b.Compute(OpTable.Select, logged, Const.I32(0), journal.Type.Extents[0], "length");
        var rooms = journal.Entry.Map(e => (Atom)b.Room(e.Under([capacity]), "log"));
        var pen = new Pen(journal, logged, names.Fresh("entries", IrType.I32), rooms.Map(r => names.Fresh("log", r.Type)));
        return new(journal, pen, capacity, length, rooms);
    }

    /// <summary>The state of the forward loop that holds a log.</summary>
    private static IEnumerable<(Carry Carry, Atom Next, Var Result)> Written(OpenJournal open, Pen last, Journaled restore)
    {
        yield return (new Carry((Var)open.Pen.Next, Const.I32(0)), last.Next, restore.End);
        for (int k = 0; k < open.Rooms.Count; k++) yield return (new Carry(open.Pen.Logs[k], open.Rooms[k]), last.Logs[k], restore.Logs[k]);
    }

    /// <summary>As much of an array as a tape of whole arrays has.</summary>
    private static Seq<Atom> Front(IrType array, Atom length) =>
        [new Window(Const.I32(0), [length]), .. array.Extents.Skip(1).Select(_ => (Atom)All.Dimension)];

    /// <summary>The array at entry of a trip from what it was at its end.</summary>
    private Var Undone(Journaled log, Var like, Var end, Var trip, LoopPlace place, Builder b, List<(Carry, Func<Atom>, Action<Var>)> state)
    {
        var entries = names.Fresh("entries", IrType.I32);
        var start = b.Read(log.Start, [trip], "entries");
        state.Add((new Carry(entries, log.End), () => start, _ => { }));
        var (k, x) = (names.Fresh("k", IrType.I32), Fresh(like));
        var last = b.Compute(OpTable.Sub, entries, Const.I32(1), "last");
        var inner = b.Nested();
        var at = inner.Compute(OpTable.Sub, last, k, "at");
        var entry = log.Logs.Map(l => inner.Read(l, [at], "old"));
        var undone = inner.Write(x, entry.Skip(1), entry[0], like.Base);
        var array = b.For([new Carry(x, end)], new Dim(k, b.Compute(OpTable.Sub, entries, start, "count")), inner.Block(undone), place: place)[0];
        return b.Write(array, Front(like.Type, log.Length), b.Read(log.Whole, Leading(log.Whole.Type, trip), like.Base), like.Base);
    }
}
