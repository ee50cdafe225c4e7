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
        // Native max and min return their second operand if one is NaN.
        x = MinNative(Create(89f), MaxNative(Create(-104f), x));
        V n = Round(x * Create(1.44269502f));
        V r = FusedMultiplyAdd(n, Create(-0.693147182f), x);
        r = FusedMultiplyAdd(n, Create(1.90465421e-09f), r);
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
        V half = HalfExpM1(MinNative(Create(89f), MaxNative(Create(-104f), x)));
        return ConditionalSelect(LessThan(Abs(x), Create(1e-30f)), x, half + half);
    }

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        // Up to ½ an odd polynomial, minimax (relative error 2^−30); above 1 − 2/(e^(2|x|) + 1). From 10 on it is 1.
        V size = Abs(x), z = x * x;
        V p = FusedMultiplyAdd(Create(-0.006273672f), z, Create(0.021071346f));
        p = FusedMultiplyAdd(p, z, Create(-0.05385225f));
        p = FusedMultiplyAdd(p, z, Create(0.13332586f));
        p = FusedMultiplyAdd(p, z, Create(-0.33333316f));
        V far = V.One - Create(2f) / (Exp(MinNative(Create(10f), size) * Create(2f)) + V.One);
        V near = FusedMultiplyAdd(p, size * z, size);
        return CopySign(ConditionalSelect(LessThan(size, Create(0.55f)), near, far), x);
    }

    /// <summary>(eˣ − 1)/2 for −104 ≤ x ≤ 89; not for |x| &lt; 1e-30.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExpM1(V x)
    {
        V n = Round(x * Create(1.44269502f));
        V r = FusedMultiplyAdd(n, Create(-0.693147182f), x);
        r = FusedMultiplyAdd(n, Create(1.90465421e-09f), r);
        V scale = Scale(V.One, n - V.One);
        return FusedMultiplyAdd(scale, ExpM1Reduced(r), scale - Create(0.5f));
    }

    /// <summary>eʳ − 1 for |r| ≤ log(2)/2: r + r²·q(r), q minimax of degree 4 (relative error 2^−28).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpM1Reduced(V r)
    {
        V q = FusedMultiplyAdd(Create(0.001381454f), r, Create(0.008368745f));
        q = FusedMultiplyAdd(q, r, Create(0.04166839f));
        q = FusedMultiplyAdd(q, r, Create(0.16666521f));
        q = FusedMultiplyAdd(q, r, Create(0.49999994f));
        return FusedMultiplyAdd(q, r * r, r);
    }
}
