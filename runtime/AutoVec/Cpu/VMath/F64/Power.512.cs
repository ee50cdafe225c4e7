using static System.Runtime.Intrinsics.Vector512;
using V = System.Runtime.Intrinsics.Vector512<double>;
using VI = System.Runtime.Intrinsics.Vector512<long>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Cpu;

// Powers, roots and remainders. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>xʸ.</summary>
    public static V Pow(V x, V y)
    {
        // y·log₂|x| to nearly twice the digits, so that the power keeps its own.
        V a = Abs(x);
        V log = Log2(a, out V logLow);
        V product = y * log, low = FusedMultiplyAdd(y, log, -product) + y * logLow;
        // Beyond the format's range nothing is left of the low part but what ∞ made of it.
        low = AndNot(low, GreaterThan(Abs(product), Create(1600.0)));
        product = MinNative(Create(1600.0), MaxNative(Create(-1600.0), product));
        V n = Round(product), r = (product - n + low) * Create(0.6931471805599453);
        V power = Scale(V.One + ExpM1Reduced(r), n);

        // (±1)^±∞ is 1, and 1^NaN too.
        power = ConditionalSelect(VX.Equals(x, V.One) | VX.Equals(a, V.One) & VX.Equals(y, y), V.One, power);
        V whole = VX.Equals(Truncate(y), y), half = y * Create(0.5);
        V odd = AndNot(whole, VX.Equals(Truncate(half), half));
        V undefined = AndNot(LessThan(x, V.Zero) & LessThan(a, Create(double.PositiveInfinity)), whole);
        power = ConditionalSelect(undefined, Create(double.NaN), power ^ (odd & x & Create(-0.0)));
        return ConditionalSelect(VX.Equals(y, V.Zero), V.One, power);
    }

    /// <summary>
    /// log₂ x = result + low, to nearly twice the digits. With f = m − 1 and s = f/(2 + f) it is e + (2s + s³·(⅔ + s²·p(s²)))/log 2,
    /// p minimax (relative error 2^−69); all but p in pairs.
    /// </summary>
    private static V Log2(V x, out V low)
    {
        Split(x, out V e, out V m);
        V f = m - V.One, d = m + V.One, dLow = m - (d - V.One);
        V inverse = V.One / d, s = f * inverse;
        V sLow = FusedMultiplyAdd(-s, dLow, FusedMultiplyAdd(-s, d, f)) * inverse;
        V z = s * s, zLow = FusedMultiplyAdd(s + s, sLow, FusedMultiplyAdd(s, s, -z));
        V p = FusedMultiplyAdd(Create(0.12576847347347134), z, Create(0.11591478450546776));
        p = FusedMultiplyAdd(p, z, Create(0.13341203157616946));
        p = FusedMultiplyAdd(p, z, Create(0.15384404583223185));
        p = FusedMultiplyAdd(p, z, Create(0.181818215671451));
        p = FusedMultiplyAdd(p, z, Create(0.22222222190791846));
        p = FusedMultiplyAdd(p, z, Create(0.28571428571579877));
        p = FusedMultiplyAdd(p, z, Create(0.3999999999999972));
        V tail = p * z, q = Create(0.6666666666666666) + tail, qLow = (Create(0.6666666666666666) - q) + tail + Create(3.700743415417188e-17);
        V c = z * q, cLow = FusedMultiplyAdd(z, q, -c) + FusedMultiplyAdd(z, qLow, zLow * q);
        V u = s * c, uLow = FusedMultiplyAdd(s, c, -u) + FusedMultiplyAdd(s, cLow, sLow * c);
        V twice = s + s, h = twice + u, hLow = (twice - h) + u + (sLow + sLow + uLow);
        V g = h * Create(1.4426950408889634), gLow = FusedMultiplyAdd(h, Create(1.4426950408889634), -g) + FusedMultiplyAdd(h, Create(2.0355273740931033e-17), hLow * Create(1.4426950408889634));
        V log = e + g;
        low = (e - log) + g + gLow;
        return log;
    }

    /// <summary>The cube root.</summary>
    public static V Cbrt(V x)
    {
        // x = m·2^(3k + j), |j| ≤ 1. A polynomial for m^(−⅓), minimax (relative error 2^−30), then a Newton step whose residual is exact but for a rounding.
        Split(Abs(x), out V e, out V m);
        V k = Round(e * Create(0.3333333333333333)), j = FusedMultiplyAdd(k, Create(-3.0), e);
        V p = FusedMultiplyAdd(Create(0.03232836782472852), m, Create(-0.40125358641048753));
        p = FusedMultiplyAdd(p, m, Create(2.2544493043928555));
        p = FusedMultiplyAdd(p, m, Create(-7.572484751655137));
        p = FusedMultiplyAdd(p, m, Create(16.909973879418693));
        p = FusedMultiplyAdd(p, m, Create(-26.400317160135625));
        p = FusedMultiplyAdd(p, m, Create(29.490517116614523));
        p = FusedMultiplyAdd(p, m, Create(-23.717514395121544));
        p = FusedMultiplyAdd(p, m, Create(13.673178030704419));
        p = FusedMultiplyAdd(p, m, Create(-5.6876747090530335));
        p = FusedMultiplyAdd(p, m, Create(2.4187979032016593));
        p *= ConditionalSelect(LessThan(j, V.Zero), Create(1.2599210498948732), ConditionalSelect(GreaterThan(j, V.Zero), Create(0.7937005259840998), V.One));
        m = Scale(m, j);
        V square = p * p, y = m * square;
        y -= FusedMultiplyAdd(y * y, y, -m) * (square * Create(0.3333333333333333));
        return ConditionalSelect(LessThan(Abs(e), Create(double.PositiveInfinity)), CopySign(Scale(y, k), x), x);
    }

    /// <summary>√(x² + y²) without overflow or underflow on the way.</summary>
    public static V Hypot(V x, V y)
    {
        // Both by the power of two at or below the greater one, which is its exponent's bits alone; subnormal ones by the least normal one.
        V a = Abs(x), b = Abs(y), infinity = Create(double.PositiveInfinity);
        V unit = MaxNative(MaxNative(a, b) & infinity, Create(2.2250738585072014E-308)), inverse = V.One / unit;
        a *= inverse;
        b *= inverse;
        V infinite = VX.Equals(Abs(x), infinity) | VX.Equals(Abs(y), infinity);
        return ConditionalSelect(infinite, infinity, Sqrt(a * a + b * b) * unit);
    }

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static V Rem(V x, V y)
    {
        // The quotient is rounded, so it may be one too large, never too small; the remainder by either is exact.
        V a = Abs(x), b = Abs(y), quotient = a / b;
        V r = FusedMultiplyAdd(-Floor(quotient), b, a);
        r = CopySign(ConditionalSelect(LessThan(r, V.Zero), r + b, r), x);
        // A quotient without all its digits, 0 and ∞ among the operands, NaN.
        V rare = ~(LessThan(quotient, Create(9007199254740992.0)) & LessThan(b, Create(double.PositiveInfinity)));
        return EqualsAny(rare.AsInt64(), VI.AllBitsSet) ? ConditionalSelect(rare, Each(x, y, &Rem), r) : r;
    }
}
