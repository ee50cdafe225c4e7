using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>A segment whose state at entry is kept, and in which slot.</summary>
internal sealed record Kept(Var Segment, Var Slot);

/// <summary>States of a loop at entry of segments, kept in slots: an array for each piece of state that is an array, one for all scalars of a type.</summary>
/// <param name="state">The pieces of state.</param>
internal abstract class KeptStates(Names names, Seq<Var> state, LoopPlace place)
{
    private readonly Seq<Seq<int>> _groups = Enumerable.Range(0, state.Count)
        .GroupBy(n => state[n].Type.IsArray ? $"{n}" : $"{state[n].Type}").Select(g => g.ToSeq()).ToSeq();

    /// <summary>Does the reverse loop keep other states, and run more than one segment again at a time?</summary>
    public abstract bool Changes { get; }

    /// <summary>The slots, as the forward loop finds them.</summary>
    public Seq<Carry> Empty(Builder b, Segments cut) => _groups.Map(g =>
    {
        var one = state[g[0]].Type;
        var whole = (g.Count == 1 ? one : one.Under([Const.I32(g.Count)])).Under([cut.Slots]);
        return new Carry(names.Fresh("kept", whole), b.Room(whole, "kept"));
    });

    /// <summary>Keeps the state at entry of a segment, if it is one that is kept on the way to the last. That of the last is not: its tape is there when it is reversed.</summary>
    /// <param name="held">The slots.</param>
    /// <param name="on">Where the way to the last began; null: with the first of all, when no state was kept.</param>
    public abstract Seq<Var> Save(Builder b, Segments cut, Seq<Var> held, Kept? on, Atom segment, Atom last, Seq<Var> entry);

    /// <summary>The nearest segment before the last, or that itself, whose state is kept.</summary>
    public abstract Kept Top(Builder b, Segments cut, Var last);

    /// <summary>The state in a slot.</summary>
    public Seq<Atom> Read(Builder b, Seq<Var> held, Atom slot)
    {
        var entry = new Atom[state.Count];
        for (int n = 0; n < _groups.Count; n++)
            for (int k = 0; k < _groups[n].Count; k++) entry[_groups[n][k]] = b.Read(held[n], At(slot, n, k), state[_groups[n][k]].Name);
        return entry.ToSeq();
    }

    /// <summary>A loop of one trip or none rather than a branch: it leaves arrays where they are.</summary>
    protected Seq<Var> Write(Builder b, Atom times, Seq<Var> held, Atom slot, Seq<Var> entry)
    {
        if (held.IsEmpty) return held;
        var inner = b.Nested();
        var carries = held.Map(h => new Carry(names.Fresh(h), h));
        var next = carries.Select((c, n) => (Atom)Enumerable.Range(0, _groups[n].Count).Aggregate(c.Param, (whole, k) => inner.Write(whole, At(slot, n, k), entry[_groups[n][k]]))).ToSeq();
        return b.For(carries, new Dim(names.Fresh("k", IrType.I32), times), inner.Block(next), place: place);
    }

    /// <summary>Where the k-th state of a group is.</summary>
    private Seq<Atom> At(Atom slot, int group, int k) =>
        _groups[group].Count > 1 ? [slot, Const.I32(k)] : [slot, .. state[_groups[group][k]].Type.Extents.Map(_ => (Atom)All.Dimension)];
}

/// <summary>Each segment has a slot of its own.</summary>
internal sealed class AllStates(Names names, Seq<Var> state, LoopPlace place) : KeptStates(names, state, place)
{
    public override bool Changes => false;

    public override Seq<Var> Save(Builder b, Segments cut, Seq<Var> held, Kept? on, Atom segment, Atom last, Seq<Var> entry) =>
        Write(b, b.Compute(OpTable.Min, b.Compute(OpTable.Sub, last, segment), Const.I32(1), "later"), held, segment, entry);

    public override Kept Top(Builder b, Segments cut, Var last) => new(last, last);
}
