using ILGPU;

namespace AutoVec.Gpu;

/// <summary>Of double.</summary>
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

    /// <summary>eˣ.</summary>
    public static double Exp(double x) => Math.Exp(x);

    /// <summary>The natural logarithm.</summary>
    public static double Log(double x) => Math.Log(x);

    /// <summary>The logarithm to base 10.</summary>
    public static double Log10(double x) => Math.Log10(x);

    /// <summary>The sine.</summary>
    public static double Sin(double x) => Math.Sin(x);

    /// <summary>The cosine.</summary>
    public static double Cos(double x) => Math.Cos(x);

    /// <summary>The tangent.</summary>
    public static double Tan(double x) => Math.Tan(x);

    /// <summary>The arc sine.</summary>
    public static double Asin(double x) => Math.Asin(x);

    /// <summary>The arc cosine.</summary>
    public static double Acos(double x) => Math.Acos(x);

    /// <summary>The arc tangent.</summary>
    public static double Atan(double x) => Math.Atan(x);

    /// <summary>The hyperbolic sine.</summary>
    public static double Sinh(double x) => Math.Sinh(x);

    /// <summary>The hyperbolic cosine.</summary>
    public static double Cosh(double x) => Math.Cosh(x);

    /// <summary>The hyperbolic tangent.</summary>
    public static double Tanh(double x) => Math.Tanh(x);

    /// <summary>The logarithm to base 2.</summary>
    public static double Log2(double x) => Math.Log(x) * 1.44269504088896341;

    /// <summary>2ˣ.</summary>
    public static double Exp2(double x) => Math.Pow(2, x);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static double ExpM1(double x)
    {
        if (Abs(x) < 0.5)
        {
            // eˣ − 1 = 2·s/(1 − s) with s = tanh(x/2), by its continued fraction.
            double z = x * x * 0.25;
            double s = x * 0.5 / (1 + z / (3 + z / (5 + z / (7 + z / (9 + z / (11 + z / 13))))));
            return x == 0 ? x : 2 * s / (1 - s);
        }
        return Math.Exp(x) - 1;
    }

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static double Log1P(double x)
    {
        if (Abs(x) < 0.25)
        {
            // 2·artanh(s), s = x/(2 + x), by its series: |s| < 1/7.
            double s = x / (2 + x);
            double z = s * s;
            double sum = 0;
            for (int k = 19; k > 1; k -= 2) sum = (sum + 1.0 / k) * z;
            return x == 0 ? x : 2 * (s + s * sum);
        }
        // What 1 + x loses is put back to first order.
        double u = 1 + x;
        return u > 0 && x < 1e17 ? Math.Log(u) + (x - (u - 1)) / u : Math.Log(u);
    }

    /// <summary>The cube root.</summary>
    public static double Cbrt(double x)
    {
        if (x == 0 || !IsFinite(x)) return x;
        // One Newton step, scaled so that y³ neither over- nor underflows.
        double a = Abs(x);
        double scale = a < 1e-290 ? 18014398509481984.0 : 1;
        double back = a < 1e-290 ? 3.814697265625e-06 : 1;
        a *= scale;
        double y = Math.Exp(Math.Log(a) / 3);
        y -= (y - a / (y * y)) / 3;
        return CopySign(y * back, x);
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    public static double Asinh(double x)
    {
        double a = Abs(x);
        double y = a > 1e9 ? Math.Log(a) + 0.693147180559945309 : Log1P(a + a * a / (1 + Math.Sqrt(a * a + 1)));
        return CopySign(y, x);
    }

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static double Acosh(double x)
    {
        double t = x - 1;
        return x < 1 ? double.NaN : x > 1e9 ? Math.Log(x) + 0.693147180559945309 : Log1P(t + Math.Sqrt(2 * t + t * t));
    }

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static double Atanh(double x)
    {
        double a = Abs(x);
        return CopySign(0.5 * Log1P(2 * a / (1 - a)), x);
    }

    /// <summary>xʸ, with Math.Pow's special values.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1) return 1;
        if (IsNaN(x) || IsNaN(y)) return x + y;
        double a = Abs(x);
        if (IsInfinity(y)) return a == 1 ? 1 : a > 1 == y > 0 ? double.PositiveInfinity : 0;
        bool whole = Truncate(y) == y;
        bool odd = whole && Abs(y) < 9007199254740992.0 && ((long)y & 1) != 0;
        if (x == 0 || IsInfinity(x))
        {
            double limit = x == 0 == y > 0 ? 0 : double.PositiveInfinity;
            return odd && IsNegative(x) ? -limit : limit;
        }
        if (x < 0 && !whole) return double.NaN;
        double power = Math.Pow(a, y);
        return odd && x < 0 ? -power : power;
    }

    /// <summary>The angle of the point (x, y), with Math.Atan2's special values.</summary>
    public static double Atan2(double y, double x)
    {
        if (IsNaN(x) || IsNaN(y)) return x + y;
        double a = Abs(y), b = Abs(x);
        double angle = a == b ? (a == 0 ? 0 : 0.785398163397448310) : b > a ? Math.Atan(a / b) : 1.570796326794896619 - Math.Atan(b / a);
        if (IsNegative(x)) angle = 3.141592653589793238 - angle;
        return CopySign(angle, y);
    }

    /// <summary>(int)x: saturates, and NaN becomes 0.</summary>
    public static int ToI32(double x) => IsNaN(x) ? 0 : x >= 2147483648.0 ? int.MaxValue : x <= -2147483648.0 ? int.MinValue : (int)x;

    /// <summary>(long)x: saturates, and NaN becomes 0.</summary>
    public static long ToI64(double x) => IsNaN(x) ? 0 : x >= 9223372036854775808.0 ? long.MaxValue : x <= -9223372036854775808.0 ? long.MinValue : (long)x;

    private static double Abs(double x) => Math.Abs(x);
    private static bool IsNegative(double x) => (long)Interop.FloatAsInt(x) < 0;
}
