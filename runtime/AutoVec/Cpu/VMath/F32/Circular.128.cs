using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector128;
using V = System.Runtime.Intrinsics.Vector128<float>;
using VI = System.Runtime.Intrinsics.Vector128<int>;
using VX = System.Runtime.Intrinsics.Vector128;

namespace AutoVec.Cpu;

// Circular functions. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>The sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out VI k);
        V y = ConditionalSelect(VX.Equals(k & VI.One, VI.Zero).AsSingle(), SinReduced(r), CosReduced(r));
        y ^= ((k & Create(2)) << 30).AsSingle() ^ (x & Create(-0f));
        return GreaterThanAny(size, Create(1e5f)) ? ConditionalSelect(GreaterThan(size, Create(1e5f)), Each(x, &MathF.Sin), y) : y;
    }

    /// <summary>The cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out VI k);
        V y = ConditionalSelect(VX.Equals(k & VI.One, VI.Zero).AsSingle(), CosReduced(r), SinReduced(r));
        y ^= (((k + VI.One) & Create(2)) << 30).AsSingle();
        return GreaterThanAny(size, Create(1e5f)) ? ConditionalSelect(GreaterThan(size, Create(1e5f)), Each(x, &MathF.Cos), y) : y;
    }

    /// <summary>The arc tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atan(V x)
    {
        // By the nearest of 0, π/4, π/2: atan a = b + atan((a − tan b)/(1 + a·tan b)), so that |t| ≤ tan(π/8).
        V a = Abs(x);
        V middle = GreaterThan(a, Create(0.41421357f)), far = GreaterThan(a, Create(2.4142137f));
        V above = ConditionalSelect(far, -V.One, ConditionalSelect(middle, a - V.One, a));
        V below = ConditionalSelect(far, a, ConditionalSelect(middle, a + V.One, V.One));
        V t = above / below, z = t * t;
        V p = FusedMultiplyAdd(Create(-0.060818456f), z, Create(0.10595433f));
        p = FusedMultiplyAdd(p, z, Create(-0.14243783f));
        p = FusedMultiplyAdd(p, z, Create(0.19998486f));
        p = FusedMultiplyAdd(p, z, Create(-0.33333316f));
        V base_ = ConditionalSelect(far, Create(1.57079637f), middle & Create(0.785398185f));
        V low = ConditionalSelect(far, Create(-4.37113883e-08f), middle & Create(-2.18556941e-08f));
        return CopySign(base_ + (t + FusedMultiplyAdd(p, t * z, low)), x);
    }

    /// <summary>x = k·π/2 + r with |r| ≤ π/4, for 0 ≤ x ≤ 1e5: π/2 in three parts, whose products with k are exact until they are added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quadrant(V x, out VI k)
    {
        V n = Round(x * Create(0.636619772f));
        k = ConvertToInt32Native(n);
        V r = FusedMultiplyAdd(n, Create(-1.57079637f), x);
        r = FusedMultiplyAdd(n, Create(4.37113883e-08f), r);
        return FusedMultiplyAdd(n, Create(1.71512451e-15f), r);
    }

    /// <summary>sin r for |r| ≤ π/4, minimax (relative error 2^−28).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinReduced(V r)
    {
        V z = r * r;
        V p = FusedMultiplyAdd(Create(-0.00019515361f), z, Create(0.008332164f));
        p = FusedMultiplyAdd(p, z, Create(-0.16666655f));
        return FusedMultiplyAdd(p, r * z, r);
    }

    /// <summary>cos r for |r| ≤ π/4, minimax (relative error 2^−33).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosReduced(V r)
    {
        V z = r * r;
        V p = FusedMultiplyAdd(Create(2.443099e-05f), z, Create(-0.0013887298f));
        p = FusedMultiplyAdd(p, z, Create(0.041666646f));
        return FusedMultiplyAdd(p, z * z, FusedMultiplyAdd(z, Create(-0.5f), V.One));
    }
}
