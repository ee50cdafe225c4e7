using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>
/// Fewer slots than segments: a stack of states, each at entry of a later segment than the one below, binomial as <see cref="Revolve"/> says. What is on it follows from the segment that
/// is to be reversed, so nothing is carried but the slots: where all samples of a batch make the same trips, they have one schedule, which the host follows.
/// <code>
/// slot = slot segments slots last p          on the way to the last, the segment p passes
/// kept1 = kept0 with [slot] = s0             if slot >= 0
/// first = restart segments slots last        the one on top, when the last is to be reversed
/// </code>
/// </summary>
internal sealed class StateStack(Names names, Seq<Var> state, LoopPlace place) : KeptStates(names, state, place)
{
    public override bool Changes => true;

    public override Seq<Var> Save(Builder b, Segments cut, Seq<Var> held, Atom before, Atom segment, Atom last, Seq<Var> entry)
    {
        var slot = Slot(b, cut, last, segment);
        var isKept = b.Compute(OpTable.Add, slot, Const.I32(1), "kept");
        var isBetween = b.Compute(OpTable.Min, b.Compute(OpTable.Sub, segment, before), b.Compute(OpTable.Sub, last, segment));
        return Write(b, b.Compute(OpTable.Min, b.Compute(OpTable.Min, isKept, isBetween), Const.I32(1), "times"), held, slot, entry);
    }

    public override (Atom, Seq<Atom>) Resume(Builder b, Segments cut, Seq<Var> held, Var last)
    {
        var first = b.Compute(OpTable.Restart, [cut.Count, cut.Slots, last], "first");
        return (first, Read(b, held, Slot(b, cut, last, first)));
    }

    private static Var Slot(Builder b, Segments cut, Atom last, Atom segment) => b.Compute(OpTable.Slot, [cut.Count, cut.Slots, last, segment], "slot");
}
