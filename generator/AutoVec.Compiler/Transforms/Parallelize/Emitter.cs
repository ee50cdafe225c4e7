using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Simplify;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>Writes the parallel form of one loop: copies of what its body computes, for other indices and in other places.</summary>
internal sealed class Emitter
{
    private sealed record Written(Var Value, Var Array, Seq<Atom> Index, int Position, Affine At);

    private readonly Surroundings _around;
    private readonly List<(Var Param, Atom Init)> _old = [];
    private readonly List<Written> _written = [];

    public Emitter(LoopView loop, Surroundings around, IEnumerable<Piece> pieces)
    {
        Loop = loop;
        _around = around;
        Code = new Builder(around.Names);
        foreach (var piece in pieces)
            if (piece.ReadsOld is { } k) _old.Add((loop.Param(k), loop.Init(k)));
    }

    public LoopView Loop { get; }

    /// <summary>What stands in the loop's place.</summary>
    public Builder Code { get; }

    public Dim Dimension() => new(Code.Fresh(Loop.Index.Name, IrType.I32), Loop.Trips);

    public static Block Slice(Seq<Stmt> stmts, Seq<Atom> goals) => DeadCode.Remove(new Block(stmts, goals), out _);

    /// <summary>
    /// The computation of some atoms of the body for the trip <paramref name="trip"/>, appended to <paramref name="to"/>. What an earlier
    /// piece has stored is read back, not computed again.
    /// </summary>
    public Seq<Atom> Copy(Builder to, Seq<Stmt> stmts, Seq<Atom> goals, Atom trip, params IEnumerable<(Var From, Atom To)> more)
    {
        var with = new Substitution([.. _old, .. more, (Loop.Index, trip)]);
        var slice = Slice(stmts, goals);
        // Which stored values does it need? Those are outputs of a smaller slice.
        var needed = new HashSet<Var>(slice.Stmts.SelectMany(s => s.Outs));
        foreach (var w in _written.Where(w => needed.Contains(w.Value)))
        {
            var at = Restricted(w.At, trip).Emit(to);
            var stored = to.Read(w.Array, w.Index.With(w.Position, at), w.Value.Name);
            with[w.Value] = stored;
        }
        slice = Slice(Without(stmts, with), goals);
        var copy = _around.Copy(slice, with);
        to.Append(copy.Stmts);
        return copy.Results;
    }

    /// <summary>The statements but for those all of whose results are already known.</summary>
    private static Seq<Stmt> Without(Seq<Stmt> stmts, Substitution known) => stmts.Where(s => !s.Outs.All(known.Contains)).ToSeq();

    private Affine Restricted(Affine form, Atom trip)
    {
        var at = trip is Const c ? Affine.Of(c.AsInt) : Affine.Of((Var)trip);
        return form.Without(Loop.Index).Plus(at, form[Loop.Index]);
    }

    /// <summary>The element that trip i has stored in <paramref name="array"/> is <paramref name="value"/>: from now on it is read back.</summary>
    public void Remember(Atom value, Var array, Seq<Atom> index, int position, Affine at)
    {
        if (value is Var v && Loop.Top(v) is not (null or Read)) _written.Add(new(v, array, index, position, at));
    }

    /// <summary>
    /// Values of the body that cost more than a few scalar ops and would be computed again for every point of an inner dimension
    /// become arrays over the trips first. Gives what to replace them by, given the trip.
    /// </summary>
    public Func<Builder, Atom, Seq<(Var, Atom)>> Hoisted(Seq<Stmt> top, Seq<Stmt> all, Seq<Atom> goals)
    {
        var needed = new HashSet<Var>(Slice(all, goals).Stmts.SelectMany(s => s.Outs));
        var heavy = top.Where(s => s.Blocks.Any()).SelectMany(s => s.Outs).Where(needed.Contains).ToSeq();
        if (heavy.IsEmpty) return (_, _) => [];
        var dim = Dimension();
        var body = Code.Nested();
        var values = Copy(body, top, heavy.Map(v => (Atom)v), dim.Index);
        var arrays = Code.Build([dim], body.Block(values));
        return (to, trip) => heavy.Select((v, k) => (v, (Atom)to.Read(arrays[k], [trip, .. v.Type.Extents.Select(_ => All.Dimension)], v.Name))).ToSeq();
    }

    /// <summary>May the heavy values be stored: are their shapes known outside the loop?</summary>
    public static bool CanHoist(LoopView loop, Seq<Stmt> top, Seq<Stmt> all, Seq<Atom> goals)
    {
        var needed = new HashSet<Var>(Slice(all, goals).Stmts.SelectMany(s => s.Outs));
        return top.Where(s => s.Blocks.Any()).SelectMany(s => s.Outs).Where(needed.Contains).All(v => v.Type.Extents.All(loop.IsOutside));
    }

    /// <summary>The value if the loop makes a trip, else <paramref name="otherwise"/>: for code that must not run for nothing.</summary>
    public Atom IfAnyTrip(Func<Builder, Atom> value, Atom otherwise, string name)
    {
        var any = Code.Compute(OpTable.Gt, Loop.Trips, Const.I32(0), "any");
        var then = Code.Nested();
        var result = value(then);
        return Code.If(any, then.Block(result), new Block([], [otherwise]), name)[0];
    }
}
