using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>
/// Halves in memory, floats in lanes: loads widen, stores round to the nearest half (ties to even), as .NET's casts do, by integer arithmetic that every
/// machine has.
/// </summary>
public static unsafe partial class Lanes
{
    // ---- 512 bits

    /// <summary>The floats that the bits of halves mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> OfHalves(Vector512<uint> bits)
    {
        // Exponents move from 15 to 127; infinities and NaN a second time; below 2^-14 a leading 1 is set, and taken away again.
        var magnitude = Vector512.ShiftLeft(bits & Vector512.Create(0x7FFFu), 13);
        var exponent = magnitude & Vector512.Create(0x0F800000u);
        var moved = magnitude + Vector512.Create(112u << 23);
        var ends = moved + Vector512.Create(112u << 23);
        var small = ((moved + Vector512.Create(1u << 23)).AsSingle() - Vector512.Create(6.103515625e-5f)).AsUInt32();
        var value = Vector512.ConditionalSelect(Vector512.Equals(exponent, Vector512.Create(0x0F800000u)), ends, moved);
        value = Vector512.ConditionalSelect(Vector512.Equals(exponent, Vector512<uint>.Zero), small, value);
        return (value | Vector512.ShiftLeft(bits & Vector512.Create(0x8000u), 16)).AsSingle();
    }

    /// <summary>The bits of the nearest halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> ToHalves(Vector512<float> x)
    {
        var bits = x.AsUInt32();
        var magnitude = bits & Vector512.Create(0x7FFFFFFFu);
        // Adding just under half of what is dropped, and the last bit that stays, rounds ties to even; a carry runs into the exponent, and so to infinity.
        var kept = Vector512.ShiftRightLogical(magnitude, 13);
        var normal = Vector512.ShiftRightLogical(magnitude + Vector512.Create(0xFFFu) + (kept & Vector512<uint>.One), 13) - Vector512.Create(112u << 10);
        normal = Vector512.Min(normal, Vector512.Create(0x7C00u));
        // In the sum with 0.5 the last bit is 2^-24, as in the smallest halves.
        var small = (magnitude.AsSingle() + Vector512.Create(0.5f)).AsUInt32() - Vector512.Create(0x3F000000u);
        var value = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0x38800000u)), small, normal);
        value = Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(0x7F800000u)), Vector512.Create(0x7E00u) | (kept & Vector512.Create(0x3FFu)), value);
        return value | Vector512.ShiftRightLogical(bits & Vector512.Create(0x80000000u), 16);
    }

    /// <summary>The nearest half of each lane, as a float.</summary>
    public static Vector512<float> RoundHalf(Vector512<float> x) => OfHalves(ToHalves(x));

    /// <summary>As many neighbours as there are <paramref name="lanes"/>, widened; the lanes after them repeat element 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(Half* p, int lanes, out Vector512<float> v)
    {
        if (lanes == Vector512<float>.Count) v = OfHalves(Vector512.WidenLower(Vector256.Load((ushort*)p).ToVector512Unsafe()));
        else LoadStrided(p, 1, lanes, out v);
    }

    /// <summary>As <c>Load</c>, the last one first: of lane l, p[-l].</summary>
    public static void LoadReversed(Half* p, int lanes, out Vector512<float> v) => LoadStrided(p, -1, lanes, out v);

    /// <summary>p[0], p[stride], p[2·stride], …, as many as there are <paramref name="lanes"/>; the lanes after them repeat element 0.</summary>
    public static void LoadStrided(Half* p, nint stride, int lanes, out Vector512<float> v)
    {
        var all = Vector512.Create((uint)*(ushort*)p);
        for (int l = 1; l < lanes; l++) ((uint*)&all)[l] = ((ushort*)p)[l * stride];
        v = OfHalves(all);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    public static Vector512<float> Gather(Half* p, Vector512<int> index)
    {
        Vector512<uint> all = default;
        for (int l = 0; l < Vector512<uint>.Count; l++) ((uint*)&all)[l] = ((ushort*)p)[index[l]];
        return OfHalves(all);
    }

    /// <summary>In lane l, p[l·step + index·stride]; the lanes after <paramref name="lanes"/> have no step.</summary>
    public static void Gather(Half* p, nint step, Vector512<int> index, nint stride, int lanes, out Vector512<float> v)
    {
        Vector512<uint> all = default;
        for (int l = 0; l < Vector512<uint>.Count; l++) ((uint*)&all)[l] = ((ushort*)p)[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = OfHalves(all);
    }

    /// <summary>The next elements, in active lanes; 0 in the others, whose addresses are not touched. A lane after <paramref name="lanes"/> repeats lane 0.</summary>
    public static void LoadActive(Half* p, Vector512<float> active, int lanes, out Vector512<float> v)
    {
        Vector512<uint> all = default;
        for (uint rest = (uint)Vector512.ExtractMostSignificantBits(active) & (uint)((1UL << lanes) - 1); rest != 0; rest &= rest - 1)
        {
            int l = BitOperations.TrailingZeroCount(rest);
            ((uint*)&all)[l] = ((ushort*)p)[l];
        }
        for (int l = lanes; l < Vector512<uint>.Count; l++) ((uint*)&all)[l] = ((uint*)&all)[0];
        v = OfHalves(all);
    }

    /// <summary>Stores the lanes that hold elements, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> v, Half* p, int lanes)
    {
        var bits = ToHalves(v);
        if (lanes == Vector512<float>.Count) Vector256.Narrow(bits.GetLower(), bits.GetUpper()).Store((ushort*)p);
        else StoreEach((uint*)&bits, p, 1, lanes);
    }

    /// <summary>As <c>Store</c>, the last one first: lane l to p[-l].</summary>
    public static void StoreReversed(Vector512<float> v, Half* p, int lanes) => StoreStrided(v, p, -1, lanes);

    /// <summary>Stores the first <paramref name="count"/> lanes, rounded, to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector512<float> v, Half* p, nint stride, int count)
    {
        var bits = ToHalves(v);
        StoreEach((uint*)&bits, p, stride, count);
    }

    // ---- 256 bits

    /// <summary>The floats that the bits of halves mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> OfHalves(Vector256<uint> bits)
    {
        // Exponents move from 15 to 127; infinities and NaN a second time; below 2^-14 a leading 1 is set, and taken away again.
        var magnitude = Vector256.ShiftLeft(bits & Vector256.Create(0x7FFFu), 13);
        var exponent = magnitude & Vector256.Create(0x0F800000u);
        var moved = magnitude + Vector256.Create(112u << 23);
        var ends = moved + Vector256.Create(112u << 23);
        var small = ((moved + Vector256.Create(1u << 23)).AsSingle() - Vector256.Create(6.103515625e-5f)).AsUInt32();
        var value = Vector256.ConditionalSelect(Vector256.Equals(exponent, Vector256.Create(0x0F800000u)), ends, moved);
        value = Vector256.ConditionalSelect(Vector256.Equals(exponent, Vector256<uint>.Zero), small, value);
        return (value | Vector256.ShiftLeft(bits & Vector256.Create(0x8000u), 16)).AsSingle();
    }

    /// <summary>The bits of the nearest halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> ToHalves(Vector256<float> x)
    {
        var bits = x.AsUInt32();
        var magnitude = bits & Vector256.Create(0x7FFFFFFFu);
        // Adding just under half of what is dropped, and the last bit that stays, rounds ties to even; a carry runs into the exponent, and so to infinity.
        var kept = Vector256.ShiftRightLogical(magnitude, 13);
        var normal = Vector256.ShiftRightLogical(magnitude + Vector256.Create(0xFFFu) + (kept & Vector256<uint>.One), 13) - Vector256.Create(112u << 10);
        normal = Vector256.Min(normal, Vector256.Create(0x7C00u));
        // In the sum with 0.5 the last bit is 2^-24, as in the smallest halves.
        var small = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3F000000u);
        var value = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x38800000u)), small, normal);
        value = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(0x7F800000u)), Vector256.Create(0x7E00u) | (kept & Vector256.Create(0x3FFu)), value);
        return value | Vector256.ShiftRightLogical(bits & Vector256.Create(0x80000000u), 16);
    }

    /// <summary>The nearest half of each lane, as a float.</summary>
    public static Vector256<float> RoundHalf(Vector256<float> x) => OfHalves(ToHalves(x));

    /// <summary>As many neighbours as there are <paramref name="lanes"/>, widened; the lanes after them repeat element 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(Half* p, int lanes, out Vector256<float> v)
    {
        if (lanes == Vector256<float>.Count) v = OfHalves(Vector256.WidenLower(Vector128.Load((ushort*)p).ToVector256Unsafe()));
        else LoadStrided(p, 1, lanes, out v);
    }

    /// <summary>As <c>Load</c>, the last one first: of lane l, p[-l].</summary>
    public static void LoadReversed(Half* p, int lanes, out Vector256<float> v) => LoadStrided(p, -1, lanes, out v);

    /// <summary>p[0], p[stride], p[2·stride], …, as many as there are <paramref name="lanes"/>; the lanes after them repeat element 0.</summary>
    public static void LoadStrided(Half* p, nint stride, int lanes, out Vector256<float> v)
    {
        var all = Vector256.Create((uint)*(ushort*)p);
        for (int l = 1; l < lanes; l++) ((uint*)&all)[l] = ((ushort*)p)[l * stride];
        v = OfHalves(all);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    public static Vector256<float> Gather(Half* p, Vector256<int> index)
    {
        Vector256<uint> all = default;
        for (int l = 0; l < Vector256<uint>.Count; l++) ((uint*)&all)[l] = ((ushort*)p)[index[l]];
        return OfHalves(all);
    }

    /// <summary>In lane l, p[l·step + index·stride]; the lanes after <paramref name="lanes"/> have no step.</summary>
    public static void Gather(Half* p, nint step, Vector256<int> index, nint stride, int lanes, out Vector256<float> v)
    {
        Vector256<uint> all = default;
        for (int l = 0; l < Vector256<uint>.Count; l++) ((uint*)&all)[l] = ((ushort*)p)[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = OfHalves(all);
    }

    /// <summary>The next elements, in active lanes; 0 in the others, whose addresses are not touched. A lane after <paramref name="lanes"/> repeats lane 0.</summary>
    public static void LoadActive(Half* p, Vector256<float> active, int lanes, out Vector256<float> v)
    {
        Vector256<uint> all = default;
        for (uint rest = (uint)Vector256.ExtractMostSignificantBits(active) & (uint)((1UL << lanes) - 1); rest != 0; rest &= rest - 1)
        {
            int l = BitOperations.TrailingZeroCount(rest);
            ((uint*)&all)[l] = ((ushort*)p)[l];
        }
        for (int l = lanes; l < Vector256<uint>.Count; l++) ((uint*)&all)[l] = ((uint*)&all)[0];
        v = OfHalves(all);
    }

    /// <summary>Stores the lanes that hold elements, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> v, Half* p, int lanes)
    {
        var bits = ToHalves(v);
        if (lanes == Vector256<float>.Count) Vector128.Narrow(bits.GetLower(), bits.GetUpper()).Store((ushort*)p);
        else StoreEach((uint*)&bits, p, 1, lanes);
    }

    /// <summary>As <c>Store</c>, the last one first: lane l to p[-l].</summary>
    public static void StoreReversed(Vector256<float> v, Half* p, int lanes) => StoreStrided(v, p, -1, lanes);

    /// <summary>Stores the first <paramref name="count"/> lanes, rounded, to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector256<float> v, Half* p, nint stride, int count)
    {
        var bits = ToHalves(v);
        StoreEach((uint*)&bits, p, stride, count);
    }

    // ---- 128 bits

    /// <summary>The floats that the bits of halves mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> OfHalves(Vector128<uint> bits)
    {
        // Exponents move from 15 to 127; infinities and NaN a second time; below 2^-14 a leading 1 is set, and taken away again.
        var magnitude = Vector128.ShiftLeft(bits & Vector128.Create(0x7FFFu), 13);
        var exponent = magnitude & Vector128.Create(0x0F800000u);
        var moved = magnitude + Vector128.Create(112u << 23);
        var ends = moved + Vector128.Create(112u << 23);
        var small = ((moved + Vector128.Create(1u << 23)).AsSingle() - Vector128.Create(6.103515625e-5f)).AsUInt32();
        var value = Vector128.ConditionalSelect(Vector128.Equals(exponent, Vector128.Create(0x0F800000u)), ends, moved);
        value = Vector128.ConditionalSelect(Vector128.Equals(exponent, Vector128<uint>.Zero), small, value);
        return (value | Vector128.ShiftLeft(bits & Vector128.Create(0x8000u), 16)).AsSingle();
    }

    /// <summary>The bits of the nearest halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ToHalves(Vector128<float> x)
    {
        var bits = x.AsUInt32();
        var magnitude = bits & Vector128.Create(0x7FFFFFFFu);
        // Adding just under half of what is dropped, and the last bit that stays, rounds ties to even; a carry runs into the exponent, and so to infinity.
        var kept = Vector128.ShiftRightLogical(magnitude, 13);
        var normal = Vector128.ShiftRightLogical(magnitude + Vector128.Create(0xFFFu) + (kept & Vector128<uint>.One), 13) - Vector128.Create(112u << 10);
        normal = Vector128.Min(normal, Vector128.Create(0x7C00u));
        // In the sum with 0.5 the last bit is 2^-24, as in the smallest halves.
        var small = (magnitude.AsSingle() + Vector128.Create(0.5f)).AsUInt32() - Vector128.Create(0x3F000000u);
        var value = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(0x38800000u)), small, normal);
        value = Vector128.ConditionalSelect(Vector128.GreaterThan(magnitude, Vector128.Create(0x7F800000u)), Vector128.Create(0x7E00u) | (kept & Vector128.Create(0x3FFu)), value);
        return value | Vector128.ShiftRightLogical(bits & Vector128.Create(0x80000000u), 16);
    }

    /// <summary>The nearest half of each lane, as a float.</summary>
    public static Vector128<float> RoundHalf(Vector128<float> x) => OfHalves(ToHalves(x));

    /// <summary>As many neighbours as there are <paramref name="lanes"/>, widened; the lanes after them repeat element 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(Half* p, int lanes, out Vector128<float> v)
    {
        if (lanes == Vector128<float>.Count) v = OfHalves(Vector128.WidenLower(Vector64.Load((ushort*)p).ToVector128Unsafe()));
        else LoadStrided(p, 1, lanes, out v);
    }

    /// <summary>As <c>Load</c>, the last one first: of lane l, p[-l].</summary>
    public static void LoadReversed(Half* p, int lanes, out Vector128<float> v) => LoadStrided(p, -1, lanes, out v);

    /// <summary>p[0], p[stride], p[2·stride], …, as many as there are <paramref name="lanes"/>; the lanes after them repeat element 0.</summary>
    public static void LoadStrided(Half* p, nint stride, int lanes, out Vector128<float> v)
    {
        var all = Vector128.Create((uint)*(ushort*)p);
        for (int l = 1; l < lanes; l++) ((uint*)&all)[l] = ((ushort*)p)[l * stride];
        v = OfHalves(all);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    public static Vector128<float> Gather(Half* p, Vector128<int> index)
    {
        Vector128<uint> all = default;
        for (int l = 0; l < Vector128<uint>.Count; l++) ((uint*)&all)[l] = ((ushort*)p)[index[l]];
        return OfHalves(all);
    }

    /// <summary>In lane l, p[l·step + index·stride]; the lanes after <paramref name="lanes"/> have no step.</summary>
    public static void Gather(Half* p, nint step, Vector128<int> index, nint stride, int lanes, out Vector128<float> v)
    {
        Vector128<uint> all = default;
        for (int l = 0; l < Vector128<uint>.Count; l++) ((uint*)&all)[l] = ((ushort*)p)[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = OfHalves(all);
    }

    /// <summary>The next elements, in active lanes; 0 in the others, whose addresses are not touched. A lane after <paramref name="lanes"/> repeats lane 0.</summary>
    public static void LoadActive(Half* p, Vector128<float> active, int lanes, out Vector128<float> v)
    {
        Vector128<uint> all = default;
        for (uint rest = (uint)Vector128.ExtractMostSignificantBits(active) & (uint)((1UL << lanes) - 1); rest != 0; rest &= rest - 1)
        {
            int l = BitOperations.TrailingZeroCount(rest);
            ((uint*)&all)[l] = ((ushort*)p)[l];
        }
        for (int l = lanes; l < Vector128<uint>.Count; l++) ((uint*)&all)[l] = ((uint*)&all)[0];
        v = OfHalves(all);
    }

    /// <summary>Stores the lanes that hold elements, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> v, Half* p, int lanes)
    {
        var bits = ToHalves(v);
        if (lanes == Vector128<float>.Count) Vector128.Narrow(bits, bits).GetLower().Store((ushort*)p);
        else StoreEach((uint*)&bits, p, 1, lanes);
    }

    /// <summary>As <c>Store</c>, the last one first: lane l to p[-l].</summary>
    public static void StoreReversed(Vector128<float> v, Half* p, int lanes) => StoreStrided(v, p, -1, lanes);

    /// <summary>Stores the first <paramref name="count"/> lanes, rounded, to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector128<float> v, Half* p, nint stride, int count)
    {
        var bits = ToHalves(v);
        StoreEach((uint*)&bits, p, stride, count);
    }

    private static void StoreEach(uint* bits, Half* p, nint stride, int count)
    {
        for (int l = 0; l < count; l++) ((ushort*)p)[l * stride] = (ushort)bits[l];
    }
}
