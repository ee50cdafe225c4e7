using ILGPU;

namespace AutoVec.Gpu;

/// <summary>Signs, rounding and casts of double.</summary>
public static partial class GpuMath
{
    /// <summary>Math.Max: NaN propagates, and +0 is greater than −0 (PTX's max does neither).</summary>
    public static double Max(double x, double y) => x > y ? x : x < y ? y : x == y ? (IsNegative(x) ? y : x) : x + y;

    /// <summary>Math.Min, as <see cref="Max(double, double)"/>.</summary>
    public static double Min(double x, double y) => x < y ? x : x > y ? y : x == y ? (IsNegative(x) ? x : y) : x + y;

    /// <summary>Is it NaN?</summary>
    public static bool IsNaN(double x) => double.IsNaN(x);

    /// <summary>Is it infinite?</summary>
    public static bool IsInfinity(double x) => x == double.PositiveInfinity || x == double.NegativeInfinity;

    /// <summary>Is it neither infinite nor NaN?</summary>
    public static bool IsFinite(double x) => x - x == 0;

    /// <summary>x with the sign of y.</summary>
    public static double CopySign(double x, double y) => IsNegative(x) == IsNegative(y) ? x : -x;

    /// <summary>√(x² + y²) without overflow or underflow on the way: both by the power of two at or below the greater one.</summary>
    public static double Hypot(double x, double y)
    {
        double a = Abs(x), b = Abs(y), greater = a > b ? a : b;
        if (a == double.PositiveInfinity || b == double.PositiveInfinity) return double.PositiveInfinity;
        double unit = greater < 2.2250738585072014E-308 ? 2.2250738585072014E-308 : OfBits(Bits(greater) & 0x7FF0000000000000), inverse = 1 / unit;
        a *= inverse;
        b *= inverse;
        return Math.Sqrt(a * a + b * b) * unit;
    }

    /// <summary>The bits of the number's format.</summary>
    public static long Bits(double x) => (long)Interop.FloatAsInt(x);

    /// <summary>The number of the bits.</summary>
    public static double OfBits(long bits) => Interop.IntAsFloat((ulong)bits);

    /// <summary>C#'s <c>%</c>: exact, with the sign of x, by long division of the significands (ILGPU's own rounds x / y).</summary>
    public static double Rem(double x, double y)
    {
        ulong a = Interop.FloatAsInt(x), b = Interop.FloatAsInt(y), sign = a & 0x8000000000000000;
        a &= 0x7fffffffffffffff;
        b &= 0x7fffffffffffffff;
        if (b == 0 || a >= 0x7ff0000000000000 || b > 0x7ff0000000000000) return double.NaN;
        if (a < b) return x;
        int exponent = (int)(a >> 52), other = (int)(b >> 52);
        a = Significand(a);
        b = Significand(b);
        // Subnormals too begin with a one: their exponents go below 1.
        for (exponent = Math.Max(exponent, 1); a < 0x0010000000000000; exponent--) a <<= 1;
        for (other = Math.Max(other, 1); b < 0x0010000000000000; other--) b <<= 1;
        for (; exponent > other; exponent--)
        {
            if (a >= b) a -= b;
            a <<= 1;
        }
        if (a >= b) a -= b;
        if (a == 0) return Interop.IntAsFloat(sign);
        for (; a < 0x0010000000000000; other--) a <<= 1;
        ulong bits = other > 0 ? a & 0x000fffffffffffff | (ulong)other << 52 : a >> (1 - other);
        return Interop.IntAsFloat(sign | bits);
    }

    private static ulong Significand(ulong bits) => bits >> 52 == 0 ? bits : bits & 0x000fffffffffffff | 0x0010000000000000;

    /// <summary>To an integer, towards zero.</summary>
    public static double Truncate(double x) => Abs(x) < 4503599627370496.0 ? CopySign((double)(long)x, x) : x;

    /// <summary>To an integer, downwards.</summary>
    public static double Floor(double x)
    {
        double t = Truncate(x);
        return t > x ? t - 1 : t;
    }

    /// <summary>To an integer, upwards.</summary>
    public static double Ceiling(double x) => -Floor(-x);

    /// <summary>To the nearest integer, halves to even.</summary>
    public static double Round(double x)
    {
        double t = Truncate(x);
        double rest = Abs(x - t);
        bool away = rest > 0.5 || rest == 0.5 && ((long)t & 1) != 0;
        return Abs(x) < 4503599627370496.0 && away ? t + CopySign(1, x) : t;
    }

    /// <summary>(int)x: saturates, and NaN becomes 0.</summary>
    public static int ToI32(double x) => IsNaN(x) ? 0 : x >= 2147483648.0 ? int.MaxValue : x <= -2147483648.0 ? int.MinValue : (int)x;

    /// <summary>(long)x: saturates, and NaN becomes 0.</summary>
    public static long ToI64(double x) => IsNaN(x) ? 0 : x >= 9223372036854775808.0 ? long.MaxValue : x <= -9223372036854775808.0 ? long.MinValue : (long)x;

    private static double Abs(double x) => Math.Abs(x);
    private static bool IsNegative(double x) => (long)Interop.FloatAsInt(x) < 0;
}
