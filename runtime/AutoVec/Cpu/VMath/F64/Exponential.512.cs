using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector512;
using V = System.Runtime.Intrinsics.Vector512<double>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Cpu;

// Exponentials and powers. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        V y = V.One + ExpReduced(x, out V n);
        return Scale(y, n);
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

    /// <summary>xʸ. Lane by lane: y·log x needs more digits than a double has.</summary>
    public static V Pow(V x, V y) => Each(x, y, &Math.Pow);

    /// <summary>xʸ to the digits of a float, for |y·log x| up to where a float ends.</summary>
    private static V PowOfFloats(V x, V y)
    {
        V a = Abs(x);
        V power = Exp(y * Log(a));
        // (±1)^±∞ is 1, and 1^NaN too.
        power = ConditionalSelect(VX.Equals(x, V.One) | VX.Equals(a, V.One) & VX.Equals(y, y), V.One, power);
        V whole = VX.Equals(Truncate(y), y), half = y * Create(0.5);
        V odd = AndNot(whole, VX.Equals(Truncate(half), half));
        V undefined = AndNot(LessThan(x, V.Zero) & LessThan(a, Create(double.PositiveInfinity)), whole);
        power = ConditionalSelect(undefined, Create(double.NaN), power ^ (odd & x & Create(-0.0)));
        return ConditionalSelect(VX.Equals(y, V.Zero), V.One, power);
    }

    /// <summary>The cube root.</summary>
    public static V Cbrt(V x)
    {
        // One Newton step, its residual exact but for one rounding; scaled by 2^54 where it would underflow.
        V size = Abs(x), small = LessThan(size, Create(1e-280));
        V a = ConditionalSelect(small, size * Create(18014398509481984.0), size);
        V y = Exp(Log(a) * Create(1.0 / 3));
        V square = y * y;
        V better = y - FusedMultiplyAdd(square, y, -a) / (square * Create(3.0));
        better = ConditionalSelect(small, better * Create(3.814697265625e-06), better);
        return CopySign(ConditionalSelect(VX.Equals(a, V.Zero) | VX.Equals(a, Create(double.PositiveInfinity)), a, better), x);
    }

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static V Rem(V x, V y) => Each(x, y, &Rem);

    /// <summary>eˣ = (1 + result)·2ⁿ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpReduced(V x, out V n)
    {
        // Native max and min return their second operand if one is NaN.
        x = MinNative(Create(711.0), MaxNative(Create(-746.0), x));
        n = Round(x * Create(1.4426950408889634));
        V r = FusedMultiplyAdd(n, Create(-0.6931471805599453), x);
        return ExpM1Reduced(FusedMultiplyAdd(n, Create(-2.3190468138462996e-17), r));
    }

    /// <summary>eˣ/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExp(V x)
    {
        V y = V.One + ExpReduced(x, out V n);
        return Scale(y, n - V.One);
    }

    /// <summary>(eˣ − 1)/2, infinite above 709.8; not for |x| &lt; 1e-290.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExpM1(V x)
    {
        V p = ExpReduced(MinNative(Create(710.0), x), out V n);
        V scale = Scale(V.One, n - V.One);
        return FusedMultiplyAdd(scale, p, scale - Create(0.5));
    }

    /// <summary>eʳ − 1 for |r| ≤ log(2)/2: r + r²·q(r), q minimax of degree 9 (relative error 2^−58).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpM1Reduced(V r)
    {
        V q = FusedMultiplyAdd(Create(2.499923133169568e-08), r, Create(2.763029687084213e-07));
        q = FusedMultiplyAdd(q, r, Create(2.7557589529509212e-06));
        q = FusedMultiplyAdd(q, r, Create(2.4801492984878626e-05));
        q = FusedMultiplyAdd(q, r, Create(0.00019841269502433447));
        q = FusedMultiplyAdd(q, r, Create(0.001388888894371433));
        q = FusedMultiplyAdd(q, r, Create(0.008333333333496649));
        q = FusedMultiplyAdd(q, r, Create(0.04166666666652996));
        q = FusedMultiplyAdd(q, r, Create(0.16666666666666408));
        q = FusedMultiplyAdd(q, r, Create(0.5000000000000011));
        return FusedMultiplyAdd(q, r * r, r);
    }
}
