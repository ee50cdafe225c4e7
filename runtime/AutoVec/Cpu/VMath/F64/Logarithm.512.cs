using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector512;
using V = System.Runtime.Intrinsics.Vector512<double>;
using VX = System.Runtime.Intrinsics.Vector512;

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
        V rest = FusedMultiplyAdd(e, Create(2.3190468138462996e-17), LogRest(f));
        return FusedMultiplyAdd(e, Create(0.6931471805599453), f + rest);
    }

    /// <summary>The logarithm to base 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log2(V x)
    {
        Split(x, out V e, out V m);
        V f = m - V.One;
        V rest = LogRest(f);
        V low = FusedMultiplyAdd(rest, Create(1.4426950408889634), (f + rest) * Create(2.0355273740931033e-17));
        return FusedMultiplyAdd(f, Create(1.4426950408889634), low) + e;
    }

    /// <summary>The logarithm to base 10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log10(V x)
    {
        Split(x, out V e, out V m);
        V f = m - V.One;
        V rest = LogRest(f);
        V low = FusedMultiplyAdd(e, Create(5.270742310347266e-17), FusedMultiplyAdd(rest, Create(0.4342944819032518), (f + rest) * Create(1.098319650216765e-17)));
        return FusedMultiplyAdd(e, Create(0.30102999566398114), FusedMultiplyAdd(f, Create(0.4342944819032518), low));
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
        V part = Scale(low, MinNative(Create(1022.0), MaxNative(Create(-1022.0), -e))) * FusedMultiplyAdd(f, f - V.One, V.One);
        e += shift;
        V rest = FusedMultiplyAdd(e, Create(2.3190468138462996e-17), LogRest(f)) + part;
        return FusedMultiplyAdd(e, Create(0.6931471805599453), f + rest);
    }

    /// <summary>
    /// log(1 + f) − f for −0.25 ≤ f ≤ 0.5. With s = f/(2 + f) it is s·(f²/2 + R(s²)) − f²/2, R minimax of degree 7
    /// (relative error 2^−56): fdlibm's form, which loses nothing to cancellation.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogRest(V f)
    {
        V s = f / (f + Create(2.0)), z = s * s;
        V p = FusedMultiplyAdd(Create(0.15373433365059852), z, Create(0.15249523594169292));
        p = FusedMultiplyAdd(p, z, Create(0.18186388769642334));
        p = FusedMultiplyAdd(p, z, Create(0.2222213771813369));
        p = FusedMultiplyAdd(p, z, Create(0.2857142940468282));
        p = FusedMultiplyAdd(p, z, Create(0.399999999961104));
        p = FusedMultiplyAdd(p, z, Create(0.666666666666728));
        V half = f * f * Create(0.5);
        return FusedMultiplyAdd(s, FusedMultiplyAdd(p, z, half), -half);
    }
}
