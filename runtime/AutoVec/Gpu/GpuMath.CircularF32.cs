using ILGPU;

namespace AutoVec.Gpu;

/// <summary>Circular and hyperbolic functions of float, by the polynomials of VMath.</summary>
public static partial class GpuMath
{
    /// <summary>The sine.</summary>
    public static float Sin(float x)
    {
        float r = Quadrant(x, out int k);
        float y = (k & 1) == 0 ? SinReduced(r) : CosReduced(r);
        return x == 0 ? x : (k & 2) == 0 ? y : -y;
    }

    /// <summary>The cosine.</summary>
    public static float Cos(float x)
    {
        float r = Quadrant(x, out int k);
        float y = (k & 1) == 0 ? CosReduced(r) : SinReduced(r);
        return ((k + 1) & 2) == 0 ? y : -y;
    }

    /// <summary>The tangent.</summary>
    public static float Tan(float x)
    {
        float r = Quadrant(x, out int k);
        float sin = SinReduced(r), cos = CosReduced(r);
        return x == 0 ? x : (k & 1) == 0 ? sin / cos : -cos / sin;
    }

    /// <summary>The arc sine.</summary>
    public static float Asin(float x)
    {
        float a = Abs(x);
        float p = AsinReduced(a);
        return CopySign(a < 0.5f ? p : 1.57079637f - (p + p - -4.37113883e-08f), x);
    }

    /// <summary>The arc cosine.</summary>
    public static float Acos(float x)
    {
        float a = Abs(x);
        float p = AsinReduced(a);
        return a < 0.5f ? 1.57079637f - (CopySign(p, x) - -4.37113883e-08f) : x < 0 ? 3.14159274f - (p + p - -8.74227766e-08f) : p + p;
    }

    /// <summary>The arc tangent.</summary>
    public static float Atan(float x)
    {
        // By the nearest of 0, π/4, π/2: atan a = b + atan((a − tan b)/(1 + a·tan b)), so that |t| ≤ tan(π/8).
        float a = Abs(x);
        bool middle = a > 0.41421357f, far = a > 2.4142137f;
        float t = (far ? -1 : middle ? a - 1 : a) / (far ? a : middle ? a + 1 : 1);
        float z = t * t;
        float p = -0.060818456f;
        p = p * z + 0.10595433f;
        p = p * z - 0.14243783f;
        p = p * z + 0.19998486f;
        p = p * z - 0.33333316f;
        float whole = far ? 1.57079637f : middle ? 0.785398185f : 0;
        float low = far ? -4.37113883e-08f : middle ? -2.18556941e-08f : 0;
        return CopySign(whole + (t + (p * t * z + low)), x);
    }

    /// <summary>The angle of the point (x, y), with Math.Atan2's special values.</summary>
    public static float Atan2(float y, float x)
    {
        if (IsNaN(x) || IsNaN(y)) return x + y;
        float a = Abs(y), b = Abs(x);
        float angle = a == b ? (a == 0 ? 0 : 0.785398185f) : b > a ? Atan(a / b) : 1.57079637f - (Atan(b / a) - -4.37113883e-08f);
        if (IsNegative(x)) angle = 3.14159274f - (angle - -8.74227766e-08f);
        return CopySign(angle, y);
    }

    /// <summary>The hyperbolic tangent.</summary>
    public static float Tanh(float x)
    {
        float a = Abs(x);
        float h = HalfExpM1(-2 * (a > 10f ? 10f : a));
        return a < 1e-30f ? x : CopySign(h / (h + 1), x);
    }

    /// <summary>The hyperbolic sine.</summary>
    public static float Sinh(float x)
    {
        float a = Abs(x);
        float h = HalfExpM1(a > 30f ? 30f : a);
        float y = a > 30f ? HalfExp(a) : h + h / (h + h + 1);
        return a < 1e-30f ? x : CopySign(y, x);
    }

    /// <summary>The hyperbolic cosine.</summary>
    public static float Cosh(float x)
    {
        float h = HalfExp(Abs(x));
        return h + 0.25f / h;
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    public static float Asinh(float x)
    {
        float a = Abs(x);
        float y = a > 1e9f ? Log1P(a - 1) + 0.693147181f : Log1P(a + a * a / (1 + MathF.Sqrt(a * a + 1)));
        return CopySign(y, x);
    }

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static float Acosh(float x)
    {
        float t = x - 1;
        return x < 1 ? float.NaN : x > 1e9f ? Log1P(t) + 0.693147181f : Log1P(t + MathF.Sqrt(t * (t + 2)));
    }

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static float Atanh(float x)
    {
        float a = Abs(x);
        return CopySign(0.5f * Log1P(2 * a / (1 - a)), x);
    }

    /// <summary>sin r for |r| ≤ π/4, minimax.</summary>
    private static float SinReduced(float r)
    {
        float z = r * r;
        float p = -0.00019515361f;
        p = p * z + 0.008332164f;
        p = p * z - 0.16666655f;
        return p * r * z + r;
    }

    /// <summary>cos r for |r| ≤ π/4, minimax.</summary>
    private static float CosReduced(float r)
    {
        float z = r * r;
        float p = 2.443099e-05f;
        p = p * z - 0.0013887298f;
        p = p * z + 0.041666646f;
        return p * z * z + (1 - 0.5f * z);
    }

    /// <summary>asin a below ½, else asin √((1 − a)/2), which is (π/2 − asin a)/2; minimax.</summary>
    private static float AsinReduced(float a)
    {
        float z = a < 0.5f ? a * a : 0.5f - 0.5f * a;
        float s = a < 0.5f ? a : MathF.Sqrt(z);
        float p = 0.042229384f;
        p = p * z + 0.02414194f;
        p = p * z + 0.045478087f;
        p = p * z + 0.07495235f;
        p = p * z + 0.16666754f;
        return p * s * z + s;
    }

    /// <summary>x = k·π/2 + r with |r| ≤ π/4 (k modulo 4).</summary>
    private static float Quadrant(float x, out int k)
    {
        if (Abs(x) > 1e6f) return QuadrantOfHuge(x, out k);
        // k has at most 20 bits and this half of π/2 33: their product is exact.
        double n = Nearest((double)x * 0.6366197723675814);
        k = (int)n;
        return k == 0 ? x : (float)(x - n * 1.5707963267341256 - n * 6.077100506506192e-11);
    }

    /// <summary>Payne and Hanek: x·2/π modulo 4 in 62 binary places, from the bits of 2/π that matter.</summary>
    private static float QuadrantOfHuge(float x, out int k)
    {
        k = 0;
        if (!IsFinite(x)) return float.NaN;
        uint bits = (uint)Interop.FloatAsInt(x);
        uint significand = (bits & 0x7FFFFF | 0x800000) << 8;
        int e = (int)(bits >> 23 & 0xFF) - 126;
        int word = e >> 5, shift = e & 31;
        ulong high = Window(word, shift), middle = Window(word + 1, shift), low = Window(word + 2, shift);
        ulong product = significand * low >> 32;
        product += significand * middle;
        product += significand * high << 32;
        int quotient = (int)(product >> 62);
        long rest = (long)(product & 0x3FFFFFFFFFFFFFFF);
        if ((rest & 0x2000000000000000) != 0)
        {
            rest -= 0x4000000000000000;
            quotient++;
        }
        float r = (float)(rest * 3.4061215800304562e-19);
        k = IsNegative(x) ? -quotient : quotient;
        return IsNegative(x) ? -r : r;
    }

    /// <summary>32 bits of 2/π, from bit 32·word + shift on.</summary>
    private static uint Window(int word, int shift) =>
        shift == 0 ? TwoOverPi(word) : TwoOverPi(word) << shift | TwoOverPi(word + 1) >> 32 - shift;

    private static uint TwoOverPi(int word) => word switch
    {
        1 => 0x28BE60DB,
        2 => 0x9391054A,
        3 => 0x7F09D5F4,
        4 => 0x7D4D3770,
        5 => 0x36D8A566,
        6 => 0x4F10E410,
        _ => 0,
    };
}
