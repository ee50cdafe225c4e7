using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>States of a loop at entry of segments, kept in slots: an array for each piece of state that is an array, one for all scalars of a type.</summary>
/// <param name="state">The pieces of state.</param>
internal abstract class KeptStates(Names names, Seq<Var> state, LoopPlace place)
{
    private readonly Seq<Seq<int>> _groups = Enumerable.Range(0, state.Count)
        .GroupBy(n => state[n].Type.IsArray ? $"{n}" : $"{state[n].Type}").Select(g => g.ToSeq()).ToSeq();

    protected Names Names => names;

    /// <summary>How many arrays the slots are; they come first in what is held.</summary>
    protected int Arrays => _groups.Count;

    /// <summary>Does the reverse loop keep other states?</summary>
    public abstract bool Changes { get; }

    /// <summary>What the forward loop holds from the start.</summary>
    public abstract Seq<Carry> Start(Builder b, Segments cut);

    /// <summary>Keeps the state at entry of a segment, if it is one that is kept on the way to the last.</summary>
    public abstract Seq<Var> Save(Builder b, Segments cut, Seq<Var> held, Atom segment, Atom last, Seq<Var> entry);

    /// <summary>The nearest segment before the last, or that itself, whose state is kept; that state; what is held from there on.</summary>
    public abstract (Atom Segment, Seq<Atom> Entry, Seq<Var> Held) Resume(Builder b, Segments cut, Seq<Var> held, Var last);

    protected Seq<Carry> Empty(Builder b, Atom slots) => _groups.Map(g =>
    {
        var one = state[g[0]].Type;
        var whole = (g.Count == 1 ? one : one.Under([Const.I32(g.Count)])).Under([slots]);
        return new Carry(names.Fresh("kept", whole), b.Room(whole, "kept"));
    });

    protected Seq<Atom> Read(Builder b, Seq<Var> held, Atom slot)
    {
        var entry = new Atom[state.Count];
        for (int n = 0; n < _groups.Count; n++)
            for (int k = 0; k < _groups[n].Count; k++) entry[_groups[n][k]] = b.Read(held[n], At(slot, n, k), state[_groups[n][k]].Name);
        return entry.ToSeq();
    }

    /// <summary>A loop of one trip or none rather than a branch: it leaves arrays where they are.</summary>
    /// <param name="slot">Of what is held.</param>
    /// <param name="rest">What is held next, apart from the slots.</param>
    protected Seq<Var> Write(Builder b, Atom times, Seq<Var> held, Func<Seq<Var>, Atom> slot, Seq<Var> entry, Func<Builder, Seq<Var>, Seq<Atom>> rest)
    {
        if (held.IsEmpty) return held;
        var inner = b.Nested();
        var carries = held.Map(h => new Carry(names.Fresh(h), h));
        var now = carries.Map(c => c.Param);
        var slots = _groups.Select((g, n) => (Atom)Enumerable.Range(0, g.Count).Aggregate(now[n], (whole, k) => inner.Write(whole, At(slot(now), n, k), entry[g[k]]))).ToSeq();
        return b.For(carries, new Dim(names.Fresh("k", IrType.I32), times), inner.Block([.. slots, .. rest(inner, now)]), place: place);
    }

    /// <summary>Where the k-th state of a group is.</summary>
    private Seq<Atom> At(Atom slot, int group, int k) =>
        _groups[group].Count > 1 ? [slot, Const.I32(k)] : [slot, .. state[_groups[group][k]].Type.Extents.Map(_ => (Atom)All.Dimension)];
}

/// <summary>Each segment has a slot of its own.</summary>
internal sealed class AllStates(Names names, Seq<Var> state, LoopPlace place) : KeptStates(names, state, place)
{
    public override bool Changes => false;

    public override Seq<Carry> Start(Builder b, Segments cut) => Empty(b, cut.Slots);

    /// <summary>All but the last: that one's tape is there when the reverse begins.</summary>
    public override Seq<Var> Save(Builder b, Segments cut, Seq<Var> held, Atom segment, Atom last, Seq<Var> entry) =>
        Write(b, b.Compute(OpTable.Min, b.Compute(OpTable.Sub, last, segment), Const.I32(1), "later"), held, _ => segment, entry, (_, _) => []);

    public override (Atom, Seq<Atom>, Seq<Var>) Resume(Builder b, Segments cut, Seq<Var> held, Var last) => (last, Read(b, held, last), held);
}
