using System.Numerics;

namespace AutoVec.Compiler.Ops;

/// <summary>What netstandard2.0's Math lacks, or defines differently from .NET 10's.</summary>
internal static class ScalarMath
{
    private const double Ln2 = 0.69314718055994530942;

    /// <summary>NaN propagates, and +0 is greater than −0.</summary>
    public static double Max(double x, double y) =>
        double.IsNaN(x) || x > y ? x : x < y || double.IsNaN(y) ? y : IsNegative(x) ? y : x;

    public static double Min(double x, double y) => -Max(-x, -y);

    public static double CopySign(double x, double y) => IsNegative(x) == IsNegative(y) ? x : -x;
    public static bool IsFinite(double x) => !double.IsNaN(x) && !double.IsInfinity(x);

    public static double Hypot(double x, double y)
    {
        double a = Math.Abs(x), b = Math.Abs(y), greater = Math.Max(a, b);
        if (double.IsInfinity(a) || double.IsInfinity(b)) return double.PositiveInfinity;
        if (!(greater > 0)) return a + b;
        // A power of two near the greater one, so that nothing is lost.
        double unit = BitConverter.Int64BitsToDouble(Math.Max(BitConverter.DoubleToInt64Bits(greater) & 0x7FF0000000000000, 1L << 52));
        return Math.Sqrt(a / unit * (a / unit) + b / unit * (b / unit)) * unit;
    }

    public static double Exp2(double x) => Math.Pow(2, x);

    public static double ExpM1(double x)
    {
        // Kahan: the error of u cancels between u - 1 and log u.
        double u = Math.Exp(x);
        if (u == 1) return x;
        double minusOne = u - 1;
        return minusOne == -1 || double.IsInfinity(u) ? minusOne : minusOne * (x / Math.Log(u));
    }

    public static double Log1P(double x)
    {
        double u = 1 + x;
        return u == 1 || double.IsPositiveInfinity(x) ? x : Math.Log(u) * (x / (u - 1));
    }

    public static double Log2(double x)
    {
        if (!(x > 0) || double.IsInfinity(x)) return Math.Log(x);
        // The exponent apart, so that powers of two are exact.
        int e = Math.Max(-1000, Math.Min(1000, (int)Math.Round(Math.Log(x) / Ln2)));
        return e + Math.Log(x * Math.Pow(2, -e)) / Ln2;
    }

    public static double Cbrt(double x)
    {
        if (x == 0 || !IsFinite(x)) return x;
        double y = CopySign(Math.Pow(Math.Abs(x), 1.0 / 3), x);
        return y - (y - x / (y * y)) / 3;
    }

    public static double Asinh(double x)
    {
        if (x == 0 || !IsFinite(x)) return x;
        double a = Math.Abs(x);
        return CopySign(a > 1e150 ? Math.Log(a) + Ln2 : Log1P(a + a * a / (1 + Math.Sqrt(a * a + 1))), x);
    }

    public static double Acosh(double x)
    {
        double t = x - 1;
        return x < 1 ? double.NaN : x > 1e150 ? Math.Log(x) + Ln2 : Log1P(t + Math.Sqrt(2 * t + t * t));
    }

    public static double Atanh(double x) => x == 0 ? x : 0.5 * Log1P(2 * x / (1 - x));

    /// <summary>Math.Atan2, also of two infinities, which .NET Framework makes NaN of.</summary>
    public static double Atan2(double y, double x) => double.IsInfinity(y) && double.IsInfinity(x)
        ? Math.Atan2(CopySign(1, y), CopySign(1, x)) : Math.Atan2(y, x);

    /// <summary>x·y + z, rounded once, to a significand of <paramref name="bits"/> bits (24 or 53).</summary>
    public static double Fma(double x, double y, double z, int bits)
    {
        // The plain result is right where anything is zero, infinite or NaN (but a finite product may overflow before it meets
        // an infinite z); else the exact sum is an integer times a power of two.
        double plain = x * y + z;
        if (IsFinite(x) && IsFinite(y) && double.IsInfinity(z)) return z;
        if (x == 0 || y == 0 || !IsFinite(x) || !IsFinite(y) || !IsFinite(z)) return plain;
        var (xm, xe) = Split(x);
        var (ym, ye) = Split(y);
        var (zm, ze) = z == 0 ? (0, xe + ye) : Split(z);
        BigInteger product = (BigInteger)xm * ym;
        int e = Math.Min(xe + ye, ze);
        var sum = (product << (xe + ye - e)) + ((BigInteger)zm << (ze - e));
        return sum.IsZero ? (z == 0 ? plain : 0.0) : Round(sum, e, bits);
    }

    private static (long Significand, int Exponent) Split(double x)
    {
        long b = BitConverter.DoubleToInt64Bits(x);
        int e = (int)((b >> 52) & 0x7FF);
        long m = b & 0xFFFFFFFFFFFFF;
        if (e == 0) e = 1;
        else m |= 1L << 52;
        return (b < 0 ? -m : m, e - 1075);
    }

    /// <summary>value·2^e to nearest, ties to even, in f32's or f64's format, subnormals and overflow included.</summary>
    private static double Round(BigInteger value, int e, int bits)
    {
        bool negative = value.Sign < 0;
        var m = BigInteger.Abs(value);
        int length = 0;
        for (var rest = m; !rest.IsZero; rest >>= 1) length++;
        int least = bits == 24 ? -149 : -1074;
        int drop = Math.Max(length - bits, least - e);
        if (drop > 0)
        {
            var rest = m & ((BigInteger.One << drop) - 1);
            var half = BigInteger.One << (drop - 1);
            m >>= drop;
            if (rest > half || rest == half && !m.IsEven) m += 1;
            e += drop;
        }
        // m has at most 53 bits: exact. Two steps keep the power of two in range.
        double result = (double)m * Math.Pow(2, e / 2) * Math.Pow(2, e - e / 2);
        return negative ? -result : result;
    }

    private static bool IsNegative(double x) => BitConverter.DoubleToInt64Bits(x) < 0;
}
