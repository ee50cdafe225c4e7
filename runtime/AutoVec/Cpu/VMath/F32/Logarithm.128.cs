using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector128;
using V = System.Runtime.Intrinsics.Vector128<float>;
using VX = System.Runtime.Intrinsics.Vector128;

namespace AutoVec.Cpu;

// Logarithms. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    // log x = e·log 2 + f + rest. Where a constant is cut in two both parts are positive: e = ±∞ (zero, +∞) then passes through.

    /// <summary>The natural logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log(V x)
    {
        Split(x, out V e, out V m);
        V f = m - V.One;
        V rest = FusedMultiplyAdd(e, Create(5.7699989e-08f), LogRest(f));
        return FusedMultiplyAdd(e, Create(0.693147123f), f + rest);
    }

    /// <summary>The logarithm to base 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log2(V x)
    {
        Split(x, out V e, out V m);
        V f = m - V.One;
        V rest = LogRest(f);
        V low = FusedMultiplyAdd(rest, Create(1.44269502f), (f + rest) * Create(1.92596303e-08f));
        return FusedMultiplyAdd(f, Create(1.44269502f), low) + e;
    }

    /// <summary>The logarithm to base 10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log10(V x)
    {
        Split(x, out V e, out V m);
        V f = m - V.One;
        V rest = LogRest(f);
        V low = FusedMultiplyAdd(e, Create(1.54813336e-08f), FusedMultiplyAdd(rest, Create(0.434294492f), (f + rest) * Create(-1.010305e-08f)));
        return FusedMultiplyAdd(e, Create(0.30102998f), FusedMultiplyAdd(f, Create(0.434294492f), low));
    }

    /// <summary>log(1 + x), accurate near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1P(V x)
    {
        V sum = x + V.One, low = x - (sum - V.One);
        return CopySign(LogOfSum(sum, ConditionalSelect(VX.Equals(low, low), low, V.Zero), V.Zero), x);
    }

    /// <summary>log (x + low) + shift·log 2 for low far below x, which is not negative: as accurate near x = 1 as x + low is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfSum(V x, V low, V shift)
    {
        Split(x, out V e, out V m);
        V f = m - V.One;
        // low/x to a few digits: 1/(1 + f) is 1 − f + f².
        V part = Scale(low, MinNative(Create(126f), MaxNative(Create(-126f), -e))) * FusedMultiplyAdd(f, f - V.One, V.One);
        e += shift;
        V rest = FusedMultiplyAdd(e, Create(5.7699989e-08f), LogRest(f)) + part;
        return FusedMultiplyAdd(e, Create(0.693147123f), f + rest);
    }

    /// <summary>log(1 + f) − f for −0.25 ≤ f ≤ 0.5: −f²/2 + f³·p(f), p minimax of degree 7 (relative error 2^−27.6).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogRest(V f)
    {
        V z = f * f;
        V p = FusedMultiplyAdd(Create(-0.04508057f), f, Create(0.104644485f));
        p = FusedMultiplyAdd(p, f, Create(-0.1316213f));
        p = FusedMultiplyAdd(p, f, Create(0.144785f));
        p = FusedMultiplyAdd(p, f, Create(-0.16647239f));
        p = FusedMultiplyAdd(p, f, Create(0.19990845f));
        p = FusedMultiplyAdd(p, f, Create(-0.25000098f));
        p = FusedMultiplyAdd(p, f, Create(0.3333345f));
        return FusedMultiplyAdd(z, Create(-0.5f), p * f * z);
    }
}
