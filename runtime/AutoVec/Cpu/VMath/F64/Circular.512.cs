using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector512;
using V = System.Runtime.Intrinsics.Vector512<double>;
using VI = System.Runtime.Intrinsics.Vector512<long>;
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
        V y = ConditionalSelect(VX.Equals(k & VI.One, VI.Zero).AsDouble(), r + SinRest(r, low), V.One - CosRest(r, low));
        y ^= ((k & Create(2L)) << 62).AsDouble() ^ (x & Create(-0.0));
        return GreaterThanAny(size, Create(1e9)) ? ConditionalSelect(GreaterThan(size, Create(1e9)), Each(x, &Math.Sin), y) : y;
    }

    /// <summary>The cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out V low, out VI k);
        V y = ConditionalSelect(VX.Equals(k & VI.One, VI.Zero).AsDouble(), V.One - CosRest(r, low), r + SinRest(r, low));
        y ^= (((k + VI.One) & Create(2L)) << 62).AsDouble();
        return GreaterThanAny(size, Create(1e9)) ? ConditionalSelect(GreaterThan(size, Create(1e9)), Each(x, &Math.Cos), y) : y;
    }

    /// <summary>The tangent.</summary>
    public static V Tan(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out V low, out VI k);
        V even = VX.Equals(k & VI.One, VI.Zero).AsDouble();
        // Sine and cosine with what their rounding lost, and their quotient with what its own lost.
        V sinRest = SinRest(r, low), sin = r + sinRest, sinLow = (r - sin) + sinRest;
        V cosRest = CosRest(r, low), cos = V.One - cosRest, cosLow = (V.One - cos) - cosRest;
        V above = ConditionalSelect(even, sin, -cos), aboveLow = ConditionalSelect(even, sinLow, -cosLow);
        V below = ConditionalSelect(even, cos, sin), belowLow = ConditionalSelect(even, cosLow, sinLow);
        V inverse = V.One / below, y = above * inverse;
        y = FusedMultiplyAdd(FusedMultiplyAdd(-y, below, above) + FusedMultiplyAdd(-y, belowLow, aboveLow), inverse, y);
        y ^= x & Create(-0.0);
        return GreaterThanAny(size, Create(1e9)) ? ConditionalSelect(GreaterThan(size, Create(1e9)), Each(x, &Math.Tan), y) : y;
    }

    /// <summary>
    /// x = k·π/2 + r + low with |r| ≤ π/4, for 0 ≤ x ≤ 1e9. π/2 in three parts: less k times the first, x is exact; the second has an exact
    /// product, so that r keeps its digits next to a multiple of π/2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quadrant(V x, out V low, out VI k)
    {
        V n = Round(x * Create(0.6366197723675814));
        k = LowBits(n);
        V left = FusedMultiplyAdd(n, Create(-1.5707963267948966), x);
        V second = n * Create(6.123233995736766e-17), secondLow = FusedMultiplyAdd(n, Create(6.123233995736766e-17), -second);
        V r = left - second;
        low = (left - r) - second - FusedMultiplyAdd(n, Create(-1.4973849048591698e-33), secondLow);
        return r;
    }

    /// <summary>sin (r + low) − r for |r| ≤ π/4, minimax (relative error 2^−58).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinRest(V r, V low)
    {
        V z = r * r;
        V p = FusedMultiplyAdd(Create(1.5895874374775756e-10), z, Create(-2.5050742801985834e-08));
        p = FusedMultiplyAdd(p, z, Create(2.75573135981603e-06));
        p = FusedMultiplyAdd(p, z, Create(-0.00019841269829550285));
        p = FusedMultiplyAdd(p, z, Create(0.00833333333332211));
        p = FusedMultiplyAdd(p, z, Create(-0.1666666666666663));
        return FusedMultiplyAdd(p, r * z, low);
    }

    /// <summary>1 − cos (r + low) for |r| ≤ π/4, minimax (relative error 2^−64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosRest(V r, V low)
    {
        V z = r * r;
        V p = FusedMultiplyAdd(Create(-1.1357859464687424e-11), z, Create(2.087568804632069e-09));
        p = FusedMultiplyAdd(p, z, Create(-2.7557314087370324e-07));
        p = FusedMultiplyAdd(p, z, Create(2.480158728854175e-05));
        p = FusedMultiplyAdd(p, z, Create(-0.0013888888888872574));
        p = FusedMultiplyAdd(p, z, Create(0.04166666666666659));
        return FusedMultiplyAdd(-p, z * z, FusedMultiplyAdd(r, low, z * Create(0.5)));
    }
}
