using ILGPU;

namespace AutoVec.Gpu;

/// <summary>Exponentials, logarithms and powers of double, by the polynomials of VMath.</summary>
public static partial class GpuMath
{
    /// <summary>eˣ.</summary>
    public static double Exp(double x)
    {
        double p = ExpReduced(x, out int n);
        return Scale(1 + p, n);
    }

    /// <summary>2ˣ.</summary>
    public static double Exp2(double x)
    {
        x = x > 1025.0 ? 1025.0 : x < -1076.0 ? -1076.0 : x;
        int n = Nearest(x);
        return Scale(1 + ExpM1Reduced((x - n) * 0.6931471805599453), n);
    }

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static double ExpM1(double x) =>
        Abs(x) < 1e-290 ? x : x > 710.0 ? double.PositiveInfinity : 2 * HalfExpM1(x);

    /// <summary>The natural logarithm.</summary>
    public static double Log(double x)
    {
        int e = Split(x, out double f);
        return Ordinary(x) ? e * 0.69314718036912382 + (f + (e * 1.9082149292705877e-10 + LogRest(f))) : LogOfTheRest(x);
    }

    /// <summary>The logarithm to base 2.</summary>
    public static double Log2(double x)
    {
        int e = Split(x, out double f);
        double rest = LogRest(f);
        return Ordinary(x) ? f * 1.4426950408889634 + (rest * 1.4426950408889634 + (f + rest) * 2.0355273740931033e-17) + e : LogOfTheRest(x);
    }

    /// <summary>The logarithm to base 10.</summary>
    public static double Log10(double x)
    {
        int e = Split(x, out double f);
        double rest = LogRest(f);
        return Ordinary(x) ? e * 0.30102999560767785 + (f * 0.4342944819032518 + (e * 5.630334806675098e-11 + (rest * 0.4342944819032518 + (f + rest) * 1.098319650216765e-17))) : LogOfTheRest(x);
    }

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static double Log1P(double x)
    {
        // What 1 + x loses is put back to first order.
        double u = 1 + x;
        double lost = (x - (u - 1)) / u;
        int e = Split(u, out double f);
        return Ordinary(u) ? CopySign(e * 0.69314718036912382 + (f + (e * 1.9082149292705877e-10 + LogRest(f) + lost)), x) : LogOfTheRest(u);
    }

    /// <summary>The cube root.</summary>
    public static double Cbrt(double x)
    {
        if (x == 0 || !IsFinite(x)) return x;
        // One Newton step, scaled where y³ would underflow.
        double a = Abs(x);
        bool small = a < 1e-280;
        if (small) a *= 18014398509481984.0;
        double y = Exp(Log(a) / 3);
        y -= (y - a / (y * y)) / 3;
        return CopySign(small ? y * 3.814697265625e-06 : y, x);
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

    /// <summary>eˣ = (1 + result)·2ⁿ.</summary>
    private static double ExpReduced(double x, out int n)
    {
        x = x > 711.0 ? 711.0 : x < -746.0 ? -746.0 : x;
        n = Nearest(x * 1.4426950408889634);
        return ExpM1Reduced(x - n * 0.69314718036912382 - n * 1.9082149292705877e-10);
    }

    /// <summary>eˣ/2.</summary>
    private static double HalfExp(double x)
    {
        double p = ExpReduced(x, out int n);
        return Scale(1 + p, n - 1);
    }

    /// <summary>(eˣ − 1)/2, not for |x| &lt; 1e-290 or x &gt; 710.0.</summary>
    private static double HalfExpM1(double x)
    {
        double p = ExpReduced(x, out int n);
        double scale = Scale(1.0, n - 1);
        return scale * p + (scale - 0.5);
    }

    /// <summary>eʳ − 1 for |r| ≤ log(2)/2: r + r²·p(r), p minimax of degree 9 (relative error 2^−58).</summary>
    private static double ExpM1Reduced(double r)
    {
        double p = 2.499923133169568e-08;
        p = p * r + 2.763029687084213e-07;
        p = p * r + 2.7557589529509212e-06;
        p = p * r + 2.4801492984878626e-05;
        p = p * r + 0.00019841269502433447;
        p = p * r + 0.001388888894371433;
        p = p * r + 0.008333333333496649;
        p = p * r + 0.04166666666652996;
        p = p * r + 0.16666666666666408;
        p = p * r + 0.5000000000000011;
        return p * r * r + r;
    }

    /// <summary>The nearest integer.</summary>
    private static int Nearest(double x) => (int)(x < 0 ? x - 0.5 : x + 0.5);

    /// <summary>p·2ⁿ in two factors, because one would leave the format before the product does.</summary>
    private static double Scale(double p, int n) => p * PowerOf2F64(n >> 1) * PowerOf2F64(n - (n >> 1));

    private static double PowerOf2F64(int n) => Interop.IntAsFloat((ulong)((long)(n + 1023) << 52));

    /// <summary>Positive and finite?</summary>
    private static bool Ordinary(double x) => x > 0 && x < double.PositiveInfinity;

    /// <summary>The logarithm of what is not <see cref="Ordinary(double)"/>.</summary>
    private static double LogOfTheRest(double x) => x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;

    /// <summary>x = (1 + f)·2ᵉ with −0.25 ≤ f &lt; 0.5.</summary>
    private static int Split(double x, out double f)
    {
        bool small = x < 2.2250738585072014e-308;
        long bits = (long)Interop.FloatAsInt(small ? x * 4503599627370496.0 : x);
        long k = (bits - 0x3FE8000000000000L) >> 52;
        f = Interop.IntAsFloat((ulong)(bits - (k << 52))) - 1;
        return (int)k - (small ? 52 : 0);
    }

    /// <summary>log(1 + f) − f for −0.25 ≤ f ≤ 0.5, as in VMath: s·(f²/2 + R(s²)) − f²/2 with s = f/(2 + f).</summary>
    private static double LogRest(double f)
    {
        double s = f / (2 + f), z = s * s;
        double p = 0.15373433365059852;
        p = p * z + 0.15249523594169292;
        p = p * z + 0.18186388769642334;
        p = p * z + 0.2222213771813369;
        p = p * z + 0.2857142940468282;
        p = p * z + 0.399999999961104;
        p = p * z + 0.666666666666728;
        double half = 0.5 * f * f;
        return s * (half + p * z) - half;
    }
}
