using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>
/// Fewer slots than segments: a stack of states, each at entry of a later segment than the one below. Which ones are kept is binomial
/// (Griewank and Walther's revolve): with s slots, and each segment run again at most t times, C(s + t, s) segments can be gone through backwards. The state at
/// entry of segment q being on top, with s slots from there on, the next to be kept is that of q + <see cref="Next"/>; when the segments
/// behind it have been reversed its slot is free again.
/// <code>
/// kept0 .. keptn, at, top, next       the slots; the segments whose states they hold; how many do; the next segment to keep
/// </code>
/// </summary>
internal sealed class StateStack(Names names, Seq<Var> state, LoopPlace place, Scalar real) : KeptStates(names, state, place)
{
    public override bool Changes => true;

    public override Seq<Carry> Start(Builder b, Segments cut)
    {
        var at = IrType.I32.Under([cut.Slots]);
        return [.. Empty(b, cut.Slots), new Carry(Names.Fresh("at", at), b.Room(at, "at")),
            new Carry(Names.Fresh("top", IrType.I32), Const.I32(0)), new Carry(Names.Fresh("next", IrType.I32), Const.I32(0))];
    }

    public override Seq<Var> Save(Builder b, Segments cut, Seq<Var> held, Atom segment, Atom last, Seq<Var> entry)
    {
        var isNext = b.Compute(OpTable.And, b.Compute(OpTable.Eq, segment, held[Arrays + 2], "c"), b.Compute(OpTable.Lt, segment, last, "c"), "c");
        return Write(b, b.Compute(OpTable.Select, isNext, Const.I32(1), Const.I32(0), "times"), held, now => now[Arrays + 1], entry, (inner, now) =>
        {
            var (at, top) = (now[Arrays], now[Arrays + 1]);
            var more = inner.Compute(OpTable.Add, top, Const.I32(1), "top");
            return [inner.Write(at, [top], segment, "at"), more, Next(inner, cut, segment, last, more)];
        });
    }

    public override (Atom, Seq<Atom>, Seq<Var>) Resume(Builder b, Segments cut, Seq<Var> held, Var last)
    {
        var (at, top) = (held[Arrays], held[Arrays + 1]);
        // The one on top is of a segment that has been reversed, or it is before that; the lowest is of segment 0.
        var above = b.Compute(OpTable.Gt, b.Read(at, [b.Compute(OpTable.Sub, top, Const.I32(1))], "at"), last, "c");
        var now = b.Compute(OpTable.Sub, top, b.Compute(OpTable.Select, above, Const.I32(1), Const.I32(0)), "top");
        var slot = b.Compute(OpTable.Sub, now, Const.I32(1), "slot");
        var segment = b.Read(at, [slot], "at");
        return (segment, Read(b, held, slot), [.. held.Take(Arrays + 1), now, Next(b, cut, segment, last, now)]);
    }

    /// <summary>The next segment to keep on the way from one, whose state is on top, to the last; -1: there is no slot.</summary>
    private Var Next(Builder b, Segments cut, Atom segment, Atom last, Atom top)
    {
        var free = b.Compute(OpTable.Sub, cut.Slots, top, "free");
        var count = b.Compute(OpTable.Add, b.Compute(OpTable.Sub, last, segment), Const.I32(1), "count");
        var step = Step(b, count, b.Compute(OpTable.Add, b.Compute(OpTable.Max, free, Const.I32(1)), Const.I32(1), "s"), real);
        return b.Compute(OpTable.Select, b.Compute(OpTable.Gt, free, Const.I32(0), "c"), b.Compute(OpTable.Add, segment, step), Const.I32(-1), "next");
    }

    /// <summary>
    /// Of <paramref name="count"/> segments, with s slots, at least two, one of which holds the state of the first: how many lie before the next to be kept. With the least t for which
    /// C(s + t, s) ≥ count, those behind it may be C(s - 1 + t, t), and at least C(s + t - 2, s) before it are run again less than t times.
    /// In floats: what is not exact there is no less right, and still between 1 and count - 1.
    /// </summary>
    internal static Atom Step(Builder b, Atom count, Atom slots, Scalar real)
    {
        var (n, s) = (b.Compute(ByteCount.To(real), count, "n"), b.Compute(ByteCount.To(real), slots, "s"));
        var state = new[] { "before", "less", "ways", "t" }.Select((name, k) => new Carry(b.Fresh(name, new IrType(real, [])), Const.Of(real, k == 2 ? 1 : 0))).ToSeq();
        var (less, ways, t) = (state[1].Param, state[2].Param, state[3].Param);
        var (condition, body) = (b.Nested(), b.Nested());
        var more = condition.Block(condition.Compute(OpTable.Lt, ways, n, "c"));
        var next = body.Compute(OpTable.Add, t, Const.Of(real, 1), "t");
        var after = body.Compute(OpTable.Div, body.Compute(OpTable.Mul, ways, body.Compute(OpTable.Add, s, next)), next, "ways");
        var end = b.While(state, more, body.Block(less, ways, after, next));
        var behind = b.Compute(OpTable.Sub, end[2], end[1], "behind");
        var step = b.Compute(OpTable.ToI32, b.Compute(OpTable.Max, end[0], b.Compute(OpTable.Sub, n, behind)), "step");
        return b.Compute(OpTable.Max, b.Compute(OpTable.Min, step, b.Compute(OpTable.Sub, count, Const.I32(1))), Const.I32(1), "step");
    }
}
