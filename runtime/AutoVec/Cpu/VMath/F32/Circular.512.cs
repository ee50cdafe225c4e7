using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector512;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VI = System.Runtime.Intrinsics.Vector512<int>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Cpu;

// Circular functions. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>The sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out V low, out VI k);
        V y = ConditionalSelect(VX.Equals(k & VI.One, VI.Zero).AsSingle(), r + SinRest(r, low), V.One - CosRest(r, low));
        y ^= ((k & Create(2)) << 30).AsSingle() ^ (x & Create(-0f));
        return GreaterThanAny(size, Create(1e5f)) ? ConditionalSelect(GreaterThan(size, Create(1e5f)), Each(x, &MathF.Sin), y) : y;
    }

    /// <summary>The cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out V low, out VI k);
        V y = ConditionalSelect(VX.Equals(k & VI.One, VI.Zero).AsSingle(), V.One - CosRest(r, low), r + SinRest(r, low));
        y ^= (((k + VI.One) & Create(2)) << 30).AsSingle();
        return GreaterThanAny(size, Create(1e5f)) ? ConditionalSelect(GreaterThan(size, Create(1e5f)), Each(x, &MathF.Cos), y) : y;
    }

    /// <summary>The tangent.</summary>
    public static V Tan(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out V low, out VI k);
        V even = VX.Equals(k & VI.One, VI.Zero).AsSingle();
        // Sine and cosine with what their rounding lost, and their quotient with what its own lost.
        V sinRest = SinRest(r, low), sin = r + sinRest, sinLow = (r - sin) + sinRest;
        V cosRest = CosRest(r, low), cos = V.One - cosRest, cosLow = (V.One - cos) - cosRest;
        V above = ConditionalSelect(even, sin, -cos), aboveLow = ConditionalSelect(even, sinLow, -cosLow);
        V below = ConditionalSelect(even, cos, sin), belowLow = ConditionalSelect(even, cosLow, sinLow);
        V inverse = V.One / below, y = above * inverse;
        y = FusedMultiplyAdd(FusedMultiplyAdd(-y, below, above) + FusedMultiplyAdd(-y, belowLow, aboveLow), inverse, y);
        y ^= x & Create(-0f);
        return GreaterThanAny(size, Create(1e5f)) ? ConditionalSelect(GreaterThan(size, Create(1e5f)), Each(x, &MathF.Tan), y) : y;
    }

    /// <summary>
    /// x = k·π/2 + r + low with |r| ≤ π/4, for 0 ≤ x ≤ 1e5f. π/2 in three parts: less k times the first, x is exact; the second has an exact
    /// product, so that r keeps its digits next to a multiple of π/2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quadrant(V x, out V low, out VI k)
    {
        V n = Round(x * Create(0.636619772f));
        k = ConvertToInt32Native(n);
        V left = FusedMultiplyAdd(n, Create(-1.57079637f), x);
        V second = n * Create(-4.37113883e-08f), secondLow = FusedMultiplyAdd(n, Create(-4.37113883e-08f), -second);
        V r = left - second;
        low = (left - r) - second - FusedMultiplyAdd(n, Create(-1.71512451e-15f), secondLow);
        return r;
    }

    /// <summary>sin (r + low) − r for |r| ≤ π/4, minimax (relative error 2^−28).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinRest(V r, V low)
    {
        V z = r * r;
        V p = FusedMultiplyAdd(Create(-0.00019515361f), z, Create(0.008332164f));
        p = FusedMultiplyAdd(p, z, Create(-0.16666655f));
        return FusedMultiplyAdd(p, r * z, low);
    }

    /// <summary>1 − cos (r + low) for |r| ≤ π/4, minimax (relative error 2^−33).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosRest(V r, V low)
    {
        V z = r * r;
        V p = FusedMultiplyAdd(Create(2.443099e-05f), z, Create(-0.0013887298f));
        p = FusedMultiplyAdd(p, z, Create(0.041666646f));
        return FusedMultiplyAdd(-p, z * z, FusedMultiplyAdd(r, low, z * Create(0.5f)));
    }
}
