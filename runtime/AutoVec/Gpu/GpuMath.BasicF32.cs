using ILGPU;

namespace AutoVec.Gpu;

/// <summary>Signs, rounding and casts of float.</summary>
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

    /// <summary>√(x² + y²) without overflow or underflow on the way: both by the power of two at or below the greater one.</summary>
    public static float Hypot(float x, float y)
    {
        float a = Abs(x), b = Abs(y), greater = a > b ? a : b;
        if (a == float.PositiveInfinity || b == float.PositiveInfinity) return float.PositiveInfinity;
        float unit = greater < 1.17549435e-38f ? 1.17549435e-38f : OfBits(Bits(greater) & 0x7F800000), inverse = 1 / unit;
        a *= inverse;
        b *= inverse;
        return MathF.Sqrt(a * a + b * b) * unit;
    }

    /// <summary>The bits of the number's format.</summary>
    public static int Bits(float x) => (int)Interop.FloatAsInt(x);

    /// <summary>The number of the bits.</summary>
    public static float OfBits(int bits) => Interop.IntAsFloat((uint)bits);

    /// <summary>C#'s <c>%</c>: exact, with the sign of x. In double it stays exact, and fits a float.</summary>
    public static float Rem(float x, float y) => (float)Rem((double)x, (double)y);

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

    /// <summary>(int)x: saturates, and NaN becomes 0.</summary>
    public static int ToI32(float x) => IsNaN(x) ? 0 : x >= 2147483648.0f ? int.MaxValue : x <= -2147483648.0f ? int.MinValue : (int)x;

    /// <summary>(long)x: saturates, and NaN becomes 0.</summary>
    public static long ToI64(float x) => IsNaN(x) ? 0 : x >= 9223372036854775808.0f ? long.MaxValue : x <= -9223372036854775808.0f ? long.MinValue : (long)x;

    private static float Abs(float x) => MathF.Abs(x);
    private static bool IsNegative(float x) => (int)Interop.FloatAsInt(x) < 0;
}
