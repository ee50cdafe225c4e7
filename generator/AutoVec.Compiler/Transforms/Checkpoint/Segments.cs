using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>
/// How a loop of n trips is cut, decided where its trips are known: segments of equal <see cref="Length"/> (the last may be shorter),
/// of which one has a tape at a time, and states at entry of segments, kept in <see cref="Slots"/>.
/// <list type="number">
/// <item>The tape of n trips fits the budget: one segment.</item>
/// <item>√n segments, each with its state in a slot of its own. What the reverse runs again is n trips.</item>
/// <item>Where those do not fit either, half of the budget is for the tape of a segment and half for slots, at least <see cref="LeastSlots"/>: a <see cref="StateStack"/>.</item>
/// </list>
/// </summary>
/// <remarks>
/// Bytes are estimated in the float type of the loop, so that a thread that counts its own trips is of one float type and has lanes. What a segment
/// and their number must be exact in are trips: in double every int is a number, in float a segment is a power of two, and numbers are shifts.
/// </remarks>
internal sealed class Segments
{
    /// <summary>With 8 slots no trip of a million is run again more than 17 times, with 4 it would be 67 times.</summary>
    private const int LeastSlots = 8;

    private readonly Scalar _real;
    private readonly Atom _trips;

    /// <summary>Trips of a segment, at least 1.</summary>
    public Atom Length { get; }

    /// <summary>The number of segments; none where the loop makes no trip.</summary>
    public Atom Count { get; }

    /// <summary>How many states are kept: none for one segment.</summary>
    public Atom Slots { get; }

    /// <summary>May there be fewer slots than segments?</summary>
    public bool IsBinomial { get; }

    /// <param name="b">Where the trips are known.</param>
    /// <param name="tape">Bytes of tape a trip.</param>
    /// <param name="state">Bytes of state.</param>
    /// <param name="real">The float type to estimate in.</param>
    public Segments(Builder b, Atom trips, ByteCount tape, ByteCount state, long budget, Scalar real)
    {
        _real = real;
        _trips = trips;
        IsBinomial = !state.Terms.IsEmpty && !RootsFit(int.MaxValue, tape, state, budget, real);
        var one = b.Nested();
        var (length, count) = (Positive(one, trips), one.Compute(OpTable.Max, one.Compute(OpTable.Min, trips, Const.I32(1), "segments"), Const.I32(0), "segments"));
        Atom fits;
        if (tape.IsConstant)
            fits = b.Compute(OpTable.Le, trips, Const.I32((int)Math.Min(int.MaxValue, budget / Math.Max(1, tape.Constant))), "fits");
        else fits = b.Compute(OpTable.Le, tape.Times(trips).Emit(b, _real), Const.Of(_real, budget), "fits");

        var many = b.Nested();
        var cut = Choose(b, fits, one.Block(length, count, Const.I32(0)), many.Block(IsBinomial ? RootsOrFewer(many, tape, state, budget) : Roots(many, tape, state)));
        (Length, Count, Slots) = (cut[0], cut[1], cut[2]);
    }

    private static Seq<Atom> Choose(Builder b, Atom condition, Block then, Block otherwise)
    {
        string[] names = ["segment", "segments", "slots"];
        var outs = then.Results.Select((_, k) => b.Fresh(names[k], IrType.I32)).ToSeq();
        b.Append(new If(outs, condition, then, otherwise));
        return outs.Map(o => (Atom)o);
    }

    /// <summary>Tape and states are as many bytes at the best length of a segment, but for one trip and one state more; a power of two takes up to a quarter more.</summary>
    private static double Twice(Scalar real) => real == Scalar.F32 ? 2.5 : 2;

    /// <summary>Do √n segments fit?</summary>
    private static bool RootsFit(int n, ByteCount tape, ByteCount state, long budget, Scalar real) =>
        tape.IsConstant && state.IsConstant && Twice(real) * Math.Sqrt(n * (double)tape.Constant * state.Constant) + tape.Constant + state.Constant <= budget;

    /// <summary>What Explain says: how much is kept, and how often a trip is run.</summary>
    public static string Promise(ByteCount tape, ByteCount state, long budget, Scalar real)
    {
        const int Million = 1_000_000;
        string text = $"{state} bytes a state, √n kept and each trip run at most twice where that fits, else fewer";
        if (!tape.IsConstant || !state.IsConstant || RootsFit(Million, tape, state, budget, real)) return text;
        double length = Math.Max(1, Math.Floor(budget / 2.0 / Math.Max(1, tape.Constant)));
        if (real == Scalar.F32) length = Math.Pow(2, Math.Floor(Math.Log(length, 2)));
        int segments = (int)Math.Ceiling(Million / length), slots = (int)Math.Min(Math.Min(segments, Revolve.MostSlots), Math.Max(budget / 2 / Math.Max(1, state.Constant), LeastSlots));
        return $"{text}: of a million trips {slots} states, each run at most {Revolve.Times(segments, slots) + 1} times";
    }

    private Seq<Atom> RootsOrFewer(Builder b, ByteCount tape, ByteCount state, long budget)
    {
        var n = b.Compute(ByteCount.To(_real), _trips, "n");
        var (t, s) = (tape.Emit(b, _real), state.Emit(b, _real));
        var least = b.Compute(OpTable.Mul, Const.Of(_real, Twice(_real)), b.Compute(OpTable.Sqrt, b.Compute(OpTable.Mul, n, b.Compute(OpTable.Mul, t, s)), "bytes"), "bytes");
        least = b.Compute(OpTable.Add, least, b.Compute(OpTable.Add, t, s, "bytes"), "bytes");
        var (roots, fewer) = (b.Nested(), b.Nested());
        return Choose(b, b.Compute(OpTable.Le, least, Const.Of(_real, budget), "fits"),
            roots.Block(Roots(roots, tape, state)), fewer.Block(Fewer(fewer, n, t, s, budget)));
    }

    /// <summary>length · tape + count · state is least for length = √(n · state / tape).</summary>
    private Seq<Atom> Roots(Builder b, ByteCount tape, ByteCount state)
    {
        var n = b.Compute(ByteCount.To(_real), _trips, "n");
        var ratio = tape.IsConstant && state.IsConstant
            ? Const.Of(_real, Math.Max(1, state.Constant) / (double)Math.Max(1, tape.Constant))
            : (Atom)b.Compute(OpTable.Div, state.Emit(b, _real), tape.Emit(b, _real), "ratio");
        var (length, count) = Cut(b, n, b.Compute(OpTable.Sqrt, b.Compute(OpTable.Mul, n, ratio, "root"), "root"), OpTable.Round, OpTable.Ceiling);
        return [length, count, count];
    }

    /// <summary>At most max(half of the budget, a trip) for the tape, and max(half of the budget, <see cref="LeastSlots"/> states) for the slots.</summary>
    private Seq<Atom> Fewer(Builder b, Atom n, Atom tape, Atom state, long budget)
    {
        var half = Const.Of(_real, budget / 2.0);
        Atom upTo(Atom bytes, string name) => b.Compute(OpTable.Min, b.Compute(OpTable.Div, half, bytes, name), n, name);
        var (length, count) = Cut(b, n, upTo(tape, "segment"), OpTable.Floor, OpTable.Floor);
        var slots = b.Compute(OpTable.Max, b.Compute(OpTable.ToI32, upTo(state, "slots")), Const.I32(LeastSlots), "slots");
        return [length, count, b.Compute(OpTable.Min, slots, b.Compute(OpTable.Min, count, Const.I32(Revolve.MostSlots), "slots"), "slots")];
    }

    /// <param name="about">The length of a segment.</param>
    /// <param name="power">Rounds the logarithm of the length, where it is a power of two.</param>
    /// <param name="whole">Rounds the length, where it need not be one.</param>
    private (Atom Length, Atom Count) Cut(Builder b, Atom n, Atom about, Op power, Op whole)
    {
        if (_real == Scalar.F32)
        {
            var log = b.Compute(power, b.Compute(OpTable.Log2, b.Compute(OpTable.Max, about, Const.F32(1), "segment")), "power");
            var shift = b.Compute(OpTable.Min, b.Compute(OpTable.Max, b.Compute(OpTable.ToI32, log), Const.I32(0)), Const.I32(30), "power");
            return (b.Compute(OpTable.Shl, Const.I32(1), shift, "segment"),
                b.Compute(OpTable.Add, b.Compute(OpTable.Shr, b.Compute(OpTable.Sub, _trips, Const.I32(1)), shift), Const.I32(1), "segments"));
        }
        var length = Positive(b, b.Compute(OpTable.ToI32, b.Compute(whole, about), "whole"));
        var count = b.Compute(OpTable.Ceiling, b.Compute(OpTable.Div, n, b.Compute(OpTable.ToF64, length, "segment"), "segments"));
        return (length, b.Compute(OpTable.ToI32, count, "whole"));
    }

    private static Atom Positive(Builder b, Atom x) => b.Compute(OpTable.Max, x, Const.I32(1), "segment");

    /// <summary>Inside the loops: the first trip of a segment (never negative, which proves indices in range), and how many it makes.</summary>
    public (Var Start, Var Trips) Of(Builder b, Atom segment)
    {
        var start = b.Compute(OpTable.Max, b.Compute(OpTable.Mul, segment, Length, "start"), Const.I32(0), "start");
        return (start, b.Compute(OpTable.Min, Length, b.Compute(OpTable.Sub, _trips, start, "rest"), "trips"));
    }
}
