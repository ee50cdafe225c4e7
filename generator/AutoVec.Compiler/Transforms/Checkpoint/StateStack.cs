using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>
/// Fewer slots than segments: a stack of states, each at entry of a later segment than the one below, binomial as <see cref="Revolve"/> says. What is on it follows from the segment that
/// is to be reversed, so nothing is carried but the slots: where all samples of a batch make the same trips, they have one schedule, which the host follows.
/// <code>
/// first = restart segments slots last         when the last is to be reversed, this one is on top
/// top   = top segments slots last             in this slot
/// slot  = slot (last - first + 1) (slots - top) (p - first)
/// kept1 = kept0 with [top + slot] = s0        at entry of p, if slot > 0
/// </code>
/// </summary>
internal sealed class StateStack(Names names, Seq<Var> state, LoopPlace place) : KeptStates(names, state, place)
{
    public override bool Changes => true;

    public override Seq<Var> Save(Builder b, Segments cut, Seq<Var> held, Kept? on, Atom segment, Atom last, Seq<Var> entry)
    {
        Var rest(Atom all, Atom? part, string name) => b.Compute(OpTable.Sub, all, part ?? Const.I32(0), name);
        var count = b.Compute(OpTable.Add, rest(last, on?.Segment, "count"), Const.I32(1), "count");
        var slot = b.Compute(OpTable.Slot, count, rest(cut.Slots, on?.Slot, "free"), rest(segment, on?.Segment, "at"), "slot");
        // Of the first the state is there, unless nothing is.
        var isNew = on is null ? b.Compute(OpTable.Add, slot, Const.I32(1), "times") : slot;
        var times = b.Compute(OpTable.Min, b.Compute(OpTable.Min, isNew, b.Compute(OpTable.Sub, last, segment, "later"), "times"), Const.I32(1), "times");
        return Write(b, times, held, on is null ? slot : b.Compute(OpTable.Add, on.Slot, slot, "slot"), entry);
    }

    public override Kept Top(Builder b, Segments cut, Var last) =>
        new(b.Compute(OpTable.Restart, cut.Count, cut.Slots, last, "first"), b.Compute(OpTable.Top, cut.Count, cut.Slots, last, "top"));
}
