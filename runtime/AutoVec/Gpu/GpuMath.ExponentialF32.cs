using ILGPU;

namespace AutoVec.Gpu;

/// <summary>Exponentials, logarithms and powers of float, by the polynomials of VMath.</summary>
public static partial class GpuMath
{
    /// <summary>eˣ.</summary>
    public static float Exp(float x)
    {
        float p = ExpReduced(x, out int n);
        return Scale(1 + p, n);
    }

    /// <summary>2ˣ.</summary>
    public static float Exp2(float x)
    {
        x = x > 129f ? 129f : x < -151f ? -151f : x;
        int n = Nearest(x);
        return Scale(1 + ExpM1Reduced((x - n) * 0.693147181f), n);
    }

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static float ExpM1(float x) =>
        Abs(x) < 1e-30f ? x : x > 89f ? float.PositiveInfinity : 2 * HalfExpM1(x);

    /// <summary>The natural logarithm.</summary>
    public static float Log(float x)
    {
        int e = Split(x, out float f);
        return Ordinary(x) ? e * 0.693359375f + (f + (e * -2.12194440e-4f + LogRest(f))) : LogOfTheRest(x);
    }

    /// <summary>The logarithm to base 2.</summary>
    public static float Log2(float x)
    {
        int e = Split(x, out float f);
        float rest = LogRest(f);
        return Ordinary(x) ? f * 1.44269502f + (rest * 1.44269502f + (f + rest) * 1.92596303e-08f) + e : LogOfTheRest(x);
    }

    /// <summary>The logarithm to base 10.</summary>
    public static float Log10(float x)
    {
        int e = Split(x, out float f);
        float rest = LogRest(f);
        return Ordinary(x) ? e * 0.301025391f + (f * 0.434294492f + (e * 4.60503907e-06f + (rest * 0.434294492f + (f + rest) * -1.010305e-08f))) : LogOfTheRest(x);
    }

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static float Log1P(float x)
    {
        // What 1 + x loses is put back to first order.
        float u = 1 + x;
        float lost = (x - (u - 1)) / u;
        int e = Split(u, out float f);
        return Ordinary(u) ? CopySign(e * 0.693359375f + (f + (e * -2.12194440e-4f + LogRest(f) + lost)), x) : LogOfTheRest(u);
    }

    /// <summary>The cube root.</summary>
    public static float Cbrt(float x)
    {
        if (x == 0 || !IsFinite(x)) return x;
        // One Newton step, scaled where y³ would underflow.
        float a = Abs(x);
        bool small = a < 1e-30f;
        if (small) a *= 16777216f;
        float y = Exp(Log(a) / 3);
        y -= (y - a / (y * y)) / 3;
        return CopySign(small ? y * 0.00390625f : y, x);
    }

    /// <summary>xʸ, with Math.Pow's special values.</summary>
    public static float Pow(float x, float y)
    {
        if (y == 0 || x == 1) return 1;
        if (IsNaN(x) || IsNaN(y)) return x + y;
        float a = Abs(x);
        if (IsInfinity(y)) return a == 1 ? 1 : a > 1 == y > 0 ? float.PositiveInfinity : 0;
        bool whole = Truncate(y) == y;
        bool odd = whole && Abs(y) < 16777216f && ((long)y & 1) != 0;
        if (x == 0 || IsInfinity(x))
        {
            float limit = x == 0 == y > 0 ? 0 : float.PositiveInfinity;
            return odd && IsNegative(x) ? -limit : limit;
        }
        if (x < 0 && !whole) return float.NaN;
        float power = (float)Exp(y * Log((double)a));
        return odd && x < 0 ? -power : power;
    }

    /// <summary>eˣ = (1 + result)·2ⁿ.</summary>
    private static float ExpReduced(float x, out int n)
    {
        x = x > 91f ? 91f : x < -104f ? -104f : x;
        n = Nearest(x * 1.44269502f);
        return ExpM1Reduced(x - n * 0.693359375f - n * -2.12194440e-4f);
    }

    /// <summary>eˣ/2.</summary>
    private static float HalfExp(float x)
    {
        float p = ExpReduced(x, out int n);
        return Scale(1 + p, n - 1);
    }

    /// <summary>(eˣ − 1)/2, not for |x| &lt; 1e-30f or x &gt; 89f.</summary>
    private static float HalfExpM1(float x)
    {
        float p = ExpReduced(x, out int n);
        float scale = Scale(1f, n - 1);
        return scale * p + (scale - 0.5f);
    }

    /// <summary>eʳ − 1 for |r| ≤ log(2)/2: r + r²·p(r), p minimax of degree 4 (relative error 2^−28).</summary>
    private static float ExpM1Reduced(float r)
    {
        float p = 0.001381454f;
        p = p * r + 0.008368745f;
        p = p * r + 0.04166839f;
        p = p * r + 0.16666521f;
        p = p * r + 0.49999994f;
        return p * r * r + r;
    }

    /// <summary>The nearest integer.</summary>
    private static int Nearest(float x) => (int)(x < 0 ? x - 0.5f : x + 0.5f);

    /// <summary>p·2ⁿ in two factors, because one would leave the format before the product does.</summary>
    private static float Scale(float p, int n) => p * PowerOf2F32(n >> 1) * PowerOf2F32(n - (n >> 1));

    private static float PowerOf2F32(int n) => Interop.IntAsFloat((uint)((int)(n + 127) << 23));

    /// <summary>Positive and finite?</summary>
    private static bool Ordinary(float x) => x > 0 && x < float.PositiveInfinity;

    /// <summary>The logarithm of what is not <see cref="Ordinary(float)"/>.</summary>
    private static float LogOfTheRest(float x) => x == 0 ? float.NegativeInfinity : x > 0 ? x : float.NaN;

    /// <summary>x = (1 + f)·2ᵉ with −0.25 ≤ f &lt; 0.5.</summary>
    private static int Split(float x, out float f)
    {
        bool small = x < 1.17549435e-38f;
        int bits = (int)Interop.FloatAsInt(small ? x * 8388608f : x);
        int k = (bits - 0x3F400000) >> 23;
        f = Interop.IntAsFloat((uint)(bits - (k << 23))) - 1;
        return (int)k - (small ? 23 : 0);
    }

    /// <summary>log(1 + f) − f for −0.25 ≤ f ≤ 0.5: −f²/2 + f³·p(f), p minimax of degree 7 (relative error 2^−27.6).</summary>
    private static float LogRest(float f)
    {
        float z = f * f;
        float p = -0.04508057f;
        p = p * f + 0.104644485f;
        p = p * f - 0.1316213f;
        p = p * f + 0.144785f;
        p = p * f - 0.16647239f;
        p = p * f + 0.19990845f;
        p = p * f - 0.25000098f;
        p = p * f + 0.3333345f;
        return p * f * z - 0.5f * z;
    }
}
