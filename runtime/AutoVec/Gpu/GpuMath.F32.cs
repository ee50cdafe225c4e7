using ILGPU;

namespace AutoVec.Gpu;

/// <summary>Of float.</summary>
public static partial class GpuMath
{
    /// <summary>Math.Max: NaN propagates, and +0 is greater than −0 (PTX's max does neither).</summary>
    public static float Max(float x, float y) => x > y ? x : x < y ? y : x == y ? (IsNegative(x) ? y : x) : x + y;

    /// <summary>Math.Min, as <see cref="Max(float, float)"/>.</summary>
    public static float Min(float x, float y) => x < y ? x : x > y ? y : x == y ? (IsNegative(x) ? x : y) : x + y;

    /// <summary>Is it NaN?</summary>
    public static bool IsNaN(float x) => float.IsNaN(x);

    /// <summary>Is it infinite?</summary>
    public static bool IsInfinity(float x) => x == float.PositiveInfinity || x == float.NegativeInfinity;

    /// <summary>Is it neither infinite nor NaN?</summary>
    public static bool IsFinite(float x) => x - x == 0;

    /// <summary>x with the sign of y.</summary>
    public static float CopySign(float x, float y) => IsNegative(x) == IsNegative(y) ? x : -x;

    /// <summary>To an integer, towards zero.</summary>
    public static float Truncate(float x) => Abs(x) < 8388608f ? CopySign((float)(int)x, x) : x;

    /// <summary>To an integer, downwards.</summary>
    public static float Floor(float x)
    {
        float t = Truncate(x);
        return t > x ? t - 1 : t;
    }

    /// <summary>To an integer, upwards.</summary>
    public static float Ceiling(float x) => -Floor(-x);

    /// <summary>To the nearest integer, halves to even.</summary>
    public static float Round(float x)
    {
        float t = Truncate(x);
        float rest = Abs(x - t);
        bool away = rest > 0.5f || rest == 0.5f && ((int)t & 1) != 0;
        return Abs(x) < 8388608f && away ? t + CopySign(1, x) : t;
    }

    /// <summary>eˣ.</summary>
    public static float Exp(float x) => MathF.Exp(x);

    /// <summary>The natural logarithm.</summary>
    public static float Log(float x) => MathF.Log(x);

    /// <summary>The logarithm to base 10.</summary>
    public static float Log10(float x) => MathF.Log10(x);

    /// <summary>The sine.</summary>
    public static float Sin(float x) => MathF.Sin(x);

    /// <summary>The cosine.</summary>
    public static float Cos(float x) => MathF.Cos(x);

    /// <summary>The tangent.</summary>
    public static float Tan(float x) => MathF.Tan(x);

    /// <summary>The arc sine.</summary>
    public static float Asin(float x) => MathF.Asin(x);

    /// <summary>The arc cosine.</summary>
    public static float Acos(float x) => MathF.Acos(x);

    /// <summary>The arc tangent.</summary>
    public static float Atan(float x) => MathF.Atan(x);

    /// <summary>The hyperbolic sine.</summary>
    public static float Sinh(float x) => MathF.Sinh(x);

    /// <summary>The hyperbolic cosine.</summary>
    public static float Cosh(float x) => MathF.Cosh(x);

    /// <summary>The hyperbolic tangent.</summary>
    public static float Tanh(float x) => MathF.Tanh(x);

    /// <summary>The logarithm to base 2.</summary>
    public static float Log2(float x) => MathF.Log(x) * 1.44269504088896341f;

    /// <summary>2ˣ.</summary>
    public static float Exp2(float x) => MathF.Pow(2, x);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static float ExpM1(float x)
    {
        if (Abs(x) < 0.5f)
        {
            // eˣ − 1 = 2·s/(1 − s) with s = tanh(x/2), by its continued fraction.
            float z = x * x * 0.25f;
            float s = x * 0.5f / (1 + z / (3 + z / (5 + z / (7 + z / (9 + z / (11 + z / 13))))));
            return x == 0 ? x : 2 * s / (1 - s);
        }
        return MathF.Exp(x) - 1;
    }

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static float Log1P(float x)
    {
        if (Abs(x) < 0.25f)
        {
            // 2·artanh(s), s = x/(2 + x), by its series: |s| < 1/7.
            float s = x / (2 + x);
            float z = s * s;
            float sum = 0;
            for (int k = 9; k > 1; k -= 2) sum = (sum + 1.0f / k) * z;
            return x == 0 ? x : 2 * (s + s * sum);
        }
        // What 1 + x loses is put back to first order.
        float u = 1 + x;
        return u > 0 && x < 1e9f ? MathF.Log(u) + (x - (u - 1)) / u : MathF.Log(u);
    }

    /// <summary>The cube root.</summary>
    public static float Cbrt(float x)
    {
        if (x == 0 || !IsFinite(x)) return x;
        // One Newton step, scaled so that y³ neither over- nor underflows.
        float a = Abs(x);
        float scale = a < 1e-30f ? 16777216.0f : 1;
        float back = a < 1e-30f ? 0.00390625f : 1;
        a *= scale;
        float y = MathF.Exp(MathF.Log(a) / 3);
        y -= (y - a / (y * y)) / 3;
        return CopySign(y * back, x);
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    public static float Asinh(float x)
    {
        float a = Abs(x);
        float y = a > 1e9f ? MathF.Log(a) + 0.693147180559945309f : Log1P(a + a * a / (1 + MathF.Sqrt(a * a + 1)));
        return CopySign(y, x);
    }

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static float Acosh(float x)
    {
        float t = x - 1;
        return x < 1 ? float.NaN : x > 1e9f ? MathF.Log(x) + 0.693147180559945309f : Log1P(t + MathF.Sqrt(2 * t + t * t));
    }

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static float Atanh(float x)
    {
        float a = Abs(x);
        return CopySign(0.5f * Log1P(2 * a / (1 - a)), x);
    }

    /// <summary>xʸ, with Math.Pow's special values.</summary>
    public static float Pow(float x, float y)
    {
        if (y == 0 || x == 1) return 1;
        if (IsNaN(x) || IsNaN(y)) return x + y;
        float a = Abs(x);
        if (IsInfinity(y)) return a == 1 ? 1 : a > 1 == y > 0 ? float.PositiveInfinity : 0;
        bool whole = Truncate(y) == y;
        bool odd = whole && Abs(y) < 16777216.0f && ((long)y & 1) != 0;
        if (x == 0 || IsInfinity(x))
        {
            float limit = x == 0 == y > 0 ? 0 : float.PositiveInfinity;
            return odd && IsNegative(x) ? -limit : limit;
        }
        if (x < 0 && !whole) return float.NaN;
        float power = (float)Math.Exp(y * Math.Log(a));
        return odd && x < 0 ? -power : power;
    }

    /// <summary>The angle of the point (x, y), with Math.Atan2's special values.</summary>
    public static float Atan2(float y, float x)
    {
        if (IsNaN(x) || IsNaN(y)) return x + y;
        float a = Abs(y), b = Abs(x);
        float angle = a == b ? (a == 0 ? 0 : 0.785398163397448310f) : b > a ? MathF.Atan(a / b) : 1.570796326794896619f - MathF.Atan(b / a);
        if (IsNegative(x)) angle = 3.141592653589793238f - angle;
        return CopySign(angle, y);
    }

    /// <summary>(int)x: saturates, and NaN becomes 0.</summary>
    public static int ToI32(float x) => IsNaN(x) ? 0 : x >= 2147483648.0f ? int.MaxValue : x <= -2147483648.0f ? int.MinValue : (int)x;

    /// <summary>(long)x: saturates, and NaN becomes 0.</summary>
    public static long ToI64(float x) => IsNaN(x) ? 0 : x >= 9223372036854775808.0f ? long.MaxValue : x <= -9223372036854775808.0f ? long.MinValue : (long)x;

    private static float Abs(float x) => MathF.Abs(x);
    private static bool IsNegative(float x) => (int)Interop.FloatAsInt(x) < 0;
}
