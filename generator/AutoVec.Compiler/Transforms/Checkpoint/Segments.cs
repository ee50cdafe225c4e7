using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>
/// How a loop of n trips is cut, decided where its trips are known: segments of equal <see cref="Length"/> (the last may be shorter),
/// of which one has a tape at a time, and states at entry of segments, kept in <see cref="Slots"/>.
/// <list type="number">
/// <item>The tape of n trips fits the budget: one segment.</item>
/// <item>√n segments, each with its state in a slot of its own. What the reverse runs again is n trips.</item>
/// <item>Where those do not fit either, k³ segments and 3k slots, k = ⁴√n a power of two: a segment's number has three digits to base k, and a slot
/// holds the state of one digit at one place. The state of a segment is found again from the nearest one that is kept: 3n trips.</item>
/// </list>
/// </summary>
/// <remarks>
/// Bytes are estimated in the float type of the loop, so that a thread that counts its own trips is of one float type and has lanes. What a segment
/// and their number must be exact in are trips: in double every int is a number, in float a segment is a power of two, and numbers are shifts.
/// </remarks>
internal sealed class Segments
{
    private readonly Scalar _real;
    private readonly Atom _trips;
    private readonly Atom _shift = Const.I32(31), _shift2 = Const.I32(31);
    private readonly bool _digits;

    /// <summary>Trips of a segment, at least 1.</summary>
    public Atom Length { get; }

    /// <summary>The number of segments; none where the loop makes no trip.</summary>
    public Atom Count { get; }

    /// <summary>How many states are kept: none for one segment.</summary>
    public Atom Slots { get; }

    /// <param name="b">Where the trips are known.</param>
    /// <param name="tape">Bytes of tape a trip.</param>
    /// <param name="state">Bytes of state.</param>
    /// <param name="real">The float type to estimate in.</param>
    public Segments(Builder b, Atom trips, ByteCount tape, ByteCount state, long budget, Scalar real)
    {
        _real = real;
        _trips = trips;
        _digits = !RootsSuffice(tape, state, budget);
        var one = b.Nested();
        var (length, count) = (Positive(one, trips), one.Compute(OpTable.Max, one.Compute(OpTable.Min, trips, Const.I32(1), "segments"), Const.I32(0), "segments"));
        Atom fits;
        if (tape.IsConstant)
            fits = b.Compute(OpTable.Le, trips, Const.I32((int)Math.Min(int.MaxValue, budget / Math.Max(1, tape.Constant))), "fits");
        else fits = b.Compute(OpTable.Le, tape.Times(trips).Emit(b, _real), Const.Of(_real, budget), "fits");

        if (!_digits)
        {
            var many = b.Nested();
            var (l, c) = Roots(many, tape, state);
            var cut = Choose(b, fits, one.Block(length, count, Const.I32(0)), many.Block(l, c, c));
            (Length, Count, Slots) = (cut[0], cut[1], cut[2]);
            return;
        }
        {
            var many = b.Nested();
            var n = many.Compute(ByteCount.To(_real), trips, "n");
            var (t, s) = (tape.Emit(many, _real), state.Emit(many, _real));
            var least = many.Compute(OpTable.Mul, Const.Of(_real, Twice), many.Compute(OpTable.Sqrt, many.Compute(OpTable.Mul, n, many.Compute(OpTable.Mul, t, s)), "bytes"), "bytes");
            var roots = many.Nested();
            var (l, c) = Roots(roots, tape, state);
            var digits = many.Nested();
            var (dl, dc, dslots, shift, shift2) = Digits(digits, n, t, s);
            var cut = Choose(many, many.Compute(OpTable.Le, least, Const.Of(_real, budget), "fits"),
                roots.Block(l, c, c, Const.I32(31), Const.I32(31)), digits.Block(dl, dc, dslots, shift, shift2));
            cut = Choose(b, fits, one.Block(length, count, Const.I32(0), Const.I32(31), Const.I32(31)), many.Block(cut));
            (Length, Count, Slots, _shift, _shift2) = (cut[0], cut[1], cut[2], cut[3], cut[4]);
        }
    }

    private static Seq<Var> Choose(Builder b, Atom condition, Block then, Block otherwise)
    {
        string[] names = ["segment", "segments", "slots", "shift", "shift"];
        var outs = then.Results.Select((_, k) => b.Fresh(names[k], IrType.I32)).ToSeq();
        b.Append(new If(outs, condition, then, otherwise));
        return outs;
    }

    /// <summary>Tape and states are as many bytes at the best length of a segment; a power of two takes up to a quarter more.</summary>
    private double Twice => _real == Scalar.F32 ? 2.5 : 2;

    /// <summary>Do √n segments fit for every n that an int can be?</summary>
    private bool RootsSuffice(ByteCount tape, ByteCount state, long budget) =>
        tape.IsConstant && state.IsConstant && Twice * Math.Sqrt(int.MaxValue * (double)tape.Constant * state.Constant) <= budget;

    /// <summary>length · tape + count · state is least for length = √(n · state / tape).</summary>
    private (Atom Length, Atom Count) Roots(Builder b, ByteCount tape, ByteCount state)
    {
        var n = b.Compute(ByteCount.To(_real), _trips, "n");
        var ratio = tape.IsConstant && state.IsConstant
            ? Const.Of(_real, Math.Max(1, state.Constant) / (double)Math.Max(1, tape.Constant))
            : (Atom)b.Compute(OpTable.Div, state.Emit(b, _real), tape.Emit(b, _real), "ratio");
        return Cut(b, n, b.Compute(OpTable.Sqrt, b.Compute(OpTable.Mul, n, ratio, "root"), "root"));
    }

    private (Atom Length, Atom Count) Cut(Builder b, Atom n, Atom about)
    {
        if (_real == Scalar.F32)
        {
            var log = b.Compute(OpTable.Round, b.Compute(OpTable.Log2, b.Compute(OpTable.Max, about, Const.F32(1), "segment")), "power");
            var power = b.Compute(OpTable.Min, b.Compute(OpTable.Max, b.Compute(OpTable.ToI32, log), Const.I32(0)), Const.I32(30), "power");
            return (b.Compute(OpTable.Shl, Const.I32(1), power, "segment"),
                b.Compute(OpTable.Add, b.Compute(OpTable.Shr, b.Compute(OpTable.Sub, _trips, Const.I32(1)), power), Const.I32(1), "segments"));
        }
        var length = Positive(b, Whole(b, about));
        return (length, Whole(b, b.Compute(OpTable.Div, n, b.Compute(OpTable.ToF64, length, "segment"), "segments")));
    }

    private (Atom Length, Atom Count, Atom Slots, Atom Shift, Atom Shift2) Digits(Builder b, Atom n, Atom tape, Atom state)
    {
        var fourth = b.Compute(OpTable.Sqrt, b.Compute(OpTable.Sqrt, b.Compute(OpTable.Div, b.Compute(OpTable.Mul, n, tape), state)), "base");
        var shift = b.Compute(OpTable.Min, Positive(b, Whole(b, b.Compute(OpTable.Log2, fourth))), Const.I32(10), "shift");
        var shift2 = b.Compute(OpTable.Mul, shift, Const.I32(2), "shift");
        var cube = b.Compute(OpTable.Shl, Const.I32(1), b.Compute(OpTable.Add, shift, shift2), "cube");
        var (length, count) = Cut(b, n, b.Compute(OpTable.Div, n, b.Compute(ByteCount.To(_real), cube)));
        var last = b.Compute(OpTable.Shr, b.Compute(OpTable.Sub, count, Const.I32(1)), shift2);
        var slots = b.Compute(OpTable.Sub, b.Compute(OpTable.Add, last, b.Compute(OpTable.Shl, Const.I32(2), shift)), Const.I32(1), "slots");
        return (length, count, slots, shift, shift2);
    }

    private static Atom Positive(Builder b, Atom x) => b.Compute(OpTable.Max, x, Const.I32(1), "segment");
    private static Atom Whole(Builder b, Atom x) => b.Compute(OpTable.ToI32, b.Compute(OpTable.Ceiling, x), "whole");

    // ---- inside the loops

    /// <summary>The first trip of a segment (never negative, which proves indices in range), and how many it makes.</summary>
    public (Var Start, Var Trips) Of(Builder b, Atom segment)
    {
        var start = b.Compute(OpTable.Max, b.Compute(OpTable.Mul, segment, Length, "start"), Const.I32(0), "start");
        return (start, b.Compute(OpTable.Min, Length, b.Compute(OpTable.Sub, _trips, start, "rest"), "trips"));
    }

    /// <summary>Where the state at entry of a segment is kept: digit d at place 0, 1, 2 in slot d, k-1+d, 2(k-1)+d; all zeros in slot 0.</summary>
    public Atom Slot(Builder b, Atom segment)
    {
        if (!_digits) return segment;
        var mask = Mask(b, _shift);
        var low = b.Compute(OpTable.And, segment, mask, "digit");
        var middle = b.Compute(OpTable.And, b.Compute(OpTable.Shr, segment, _shift), mask, "digit");
        var high = b.Compute(OpTable.Shr, segment, _shift2, "digit");
        var third = Choose(b, high, b.Compute(OpTable.Add, high, b.Compute(OpTable.Mul, mask, Const.I32(2))), Const.I32(0));
        return Choose(b, low, low, Choose(b, middle, b.Compute(OpTable.Add, middle, mask), third));
    }

    /// <summary>How many segments before this one are run again to get at the one just before: 1, k or k², the most that divides its number.</summary>
    public Atom Again(Builder b, Atom segment)
    {
        var power = b.Compute(OpTable.Shl, Const.I32(1), _shift, "block");
        var square = b.Compute(OpTable.Shl, Const.I32(1), _shift2, "block");
        var many = Choose(b, b.Compute(OpTable.And, segment, Mask(b, _shift2)), power, square);
        return Choose(b, b.Compute(OpTable.And, segment, Mask(b, _shift)), Const.I32(1), many);
    }

    /// <summary>Are states that were overwritten found again while the loop runs backwards?</summary>
    public bool Rewrites => _digits;

    private static Atom Mask(Builder b, Atom shift) => b.Compute(OpTable.Sub, b.Compute(OpTable.Shl, Const.I32(1), shift), Const.I32(1), "mask");

    private static Atom Choose(Builder b, Atom unlessZero, Atom yes, Atom no) =>
        b.Compute(OpTable.Select, b.Compute(OpTable.Ne, unlessZero, Const.I32(0), "c"), yes, no, "slot");
}
