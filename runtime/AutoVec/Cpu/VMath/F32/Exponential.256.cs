using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector256;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace AutoVec.Cpu;

// Exponentials. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        V r = Reduce(x, out V n, out _);
        return Scale(ExpM1Reduced(r) + V.One, n);
    }

    /// <summary>2ˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2(V x)
    {
        x = MinNative(Create(129f), MaxNative(Create(-151f), x));
        V n = Round(x);
        return Scale(ExpM1Reduced((x - n) * Create(0.693147182f)) + V.One, n);
    }

    /// <summary>eˣ − 1, accurate near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpM1(V x)
    {
        V half = HalfExpM1(MinNative(Create(89f), x));
        return ConditionalSelect(LessThan(Abs(x), Create(1e-30f)), x, half + half);
    }

    /// <summary>x = n·log 2 + r + low with |r| ≤ log(2)/2, for x within what eˣ/2 has room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce(V x, out V n, out V low)
    {
        // Native max and min return their second operand if one is NaN.
        x = MinNative(Create(91f), MaxNative(Create(-104f), x));
        n = Round(x * Create(1.44269502f));
        V left = FusedMultiplyAdd(n, Create(-0.693147182f), x), r = FusedMultiplyAdd(n, Create(1.90465421e-09f), left);
        low = FusedMultiplyAdd(n, Create(1.90465421e-09f), left - r);
        return r;
    }

    /// <summary>(eˣ − 1)/2 for x ≤ 89; not for |x| &lt; 1e-30.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExpM1(V x)
    {
        V r = Reduce(x, out V n, out V low);
        V scale = Scale(V.One, n - V.One);
        return FusedMultiplyAdd(scale, FusedMultiplyAdd(ExpM1Factor(r), r * r, low), FusedMultiplyAdd(scale, r, scale - Create(0.5f)));
    }

    /// <summary>eʳ − 1 for |r| ≤ log(2)/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpM1Reduced(V r) => FusedMultiplyAdd(ExpM1Factor(r), r * r, r);

    /// <summary>(eʳ − 1 − r)/r² for |r| ≤ log(2)/2: minimax of degree 4 (relative error 2^−28).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpM1Factor(V r)
    {
        V q = FusedMultiplyAdd(Create(0.001381454f), r, Create(0.008368745f));
        q = FusedMultiplyAdd(q, r, Create(0.04166839f));
        q = FusedMultiplyAdd(q, r, Create(0.16666521f));
        return FusedMultiplyAdd(q, r, Create(0.49999994f));
    }
}
