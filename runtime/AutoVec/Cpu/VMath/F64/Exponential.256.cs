using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector256;
using V = System.Runtime.Intrinsics.Vector256<double>;

namespace AutoVec.Cpu;

// Exponentials. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        V r = Reduce(x, out V n, out _);
        return Scale(V.One + ExpM1Reduced(r), n);
    }

    /// <summary>2ˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2(V x)
    {
        x = MinNative(Create(1025.0), MaxNative(Create(-1076.0), x));
        V n = Round(x);
        return Scale(ExpM1Reduced((x - n) * Create(0.6931471805599453)) + V.One, n);
    }

    /// <summary>eˣ − 1, accurate near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpM1(V x)
    {
        V half = HalfExpM1(x);
        return ConditionalSelect(LessThan(Abs(x), Create(1e-290)), x, half + half);
    }

    /// <summary>x = n·log 2 + r + low with |r| ≤ log(2)/2, for x within what eˣ/2 has room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce(V x, out V n, out V low)
    {
        // Native max and min return their second operand if one is NaN.
        x = MinNative(Create(711.0), MaxNative(Create(-746.0), x));
        n = Round(x * Create(1.4426950408889634));
        V left = FusedMultiplyAdd(n, Create(-0.6931471805599453), x), r = FusedMultiplyAdd(n, Create(-2.3190468138462996e-17), left);
        low = FusedMultiplyAdd(n, Create(-2.3190468138462996e-17), left - r);
        return r;
    }

    /// <summary>(eˣ − 1)/2, infinite above 709.8; not for |x| &lt; 1e-290.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExpM1(V x)
    {
        V r = Reduce(MinNative(Create(710.0), x), out V n, out V low);
        V scale = Scale(V.One, n - V.One);
        return FusedMultiplyAdd(scale, FusedMultiplyAdd(ExpM1Factor(r), r * r, low), FusedMultiplyAdd(scale, r, scale - Create(0.5)));
    }

    /// <summary>eʳ − 1 for |r| ≤ log(2)/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpM1Reduced(V r) => FusedMultiplyAdd(ExpM1Factor(r), r * r, r);

    /// <summary>(eʳ − 1 − r)/r² for |r| ≤ log(2)/2: minimax of degree 9 (relative error 2^−58).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpM1Factor(V r)
    {
        V q = FusedMultiplyAdd(Create(2.499923133169568e-08), r, Create(2.763029687084213e-07));
        q = FusedMultiplyAdd(q, r, Create(2.7557589529509212e-06));
        q = FusedMultiplyAdd(q, r, Create(2.4801492984878626e-05));
        q = FusedMultiplyAdd(q, r, Create(0.00019841269502433447));
        q = FusedMultiplyAdd(q, r, Create(0.001388888894371433));
        q = FusedMultiplyAdd(q, r, Create(0.008333333333496649));
        q = FusedMultiplyAdd(q, r, Create(0.04166666666652996));
        q = FusedMultiplyAdd(q, r, Create(0.16666666666666408));
        return FusedMultiplyAdd(q, r, Create(0.5000000000000011));
    }
}
