namespace AutoVec.Gpu;

/// <summary>Circular and hyperbolic functions of double, by the polynomials of VMath.</summary>
public static partial class GpuMath
{
    /// <summary>The sine; above 1e6 it is the device's own.</summary>
    public static double Sin(double x)
    {
        if (Abs(x) > 1e6) return Math.Sin(x);
        double r = Quadrant(x, out int k);
        double y = (k & 1) == 0 ? SinReduced(r) : CosReduced(r);
        return x == 0 ? x : (k & 2) == 0 ? y : -y;
    }

    /// <summary>The cosine; above 1e6 it is the device's own.</summary>
    public static double Cos(double x)
    {
        if (Abs(x) > 1e6) return Math.Cos(x);
        double r = Quadrant(x, out int k);
        double y = (k & 1) == 0 ? CosReduced(r) : SinReduced(r);
        return ((k + 1) & 2) == 0 ? y : -y;
    }

    /// <summary>The tangent; above 1e6 it is the device's own.</summary>
    public static double Tan(double x)
    {
        if (Abs(x) > 1e6) return Math.Tan(x);
        double r = Quadrant(x, out int k);
        double sin = SinReduced(r), cos = CosReduced(r);
        return x == 0 ? x : (k & 1) == 0 ? sin / cos : -cos / sin;
    }

    /// <summary>The arc sine.</summary>
    public static double Asin(double x)
    {
        double a = Abs(x);
        double p = AsinReduced(a);
        return CopySign(a < 0.5 ? p : 1.5707963267948966 - (p + p - 6.123233995736766e-17), x);
    }

    /// <summary>The arc cosine.</summary>
    public static double Acos(double x)
    {
        double a = Abs(x);
        double p = AsinReduced(a);
        return a < 0.5 ? 1.5707963267948966 - (CopySign(p, x) - 6.123233995736766e-17) : x < 0 ? 3.141592653589793 - (p + p - 1.2246467991473532e-16) : p + p;
    }

    /// <summary>The arc tangent.</summary>
    public static double Atan(double x)
    {
        // By the nearest of 0, π/4, π/2: atan a = b + atan((a − tan b)/(1 + a·tan b)), so that |t| ≤ tan(π/8).
        double a = Abs(x);
        bool middle = a > 0.41421356237309503, far = a > 2.414213562373095;
        double t = (far ? -1 : middle ? a - 1 : a) / (far ? a : middle ? a + 1 : 1);
        double z = t * t;
        double p = -0.017911216017678522;
        p = p * z + 0.03806842123339504;
        p = p * z - 0.05039464343735489;
        p = p * z + 0.05847926331798196;
        p = p * z - 0.06663109330877304;
        p = p * z + 0.07692060693016457;
        p = p * z - 0.09090897785109955;
        p = p * z + 0.11111110784419133;
        p = p * z - 0.14285714280215625;
        p = p * z + 0.19999999999953771;
        p = p * z - 0.333333333333332;
        double whole = far ? 1.5707963267948966 : middle ? 0.7853981633974483 : 0;
        double low = far ? 6.123233995736766e-17 : middle ? 3.061616997868383e-17 : 0;
        return CopySign(whole + (t + (p * t * z + low)), x);
    }

    /// <summary>The angle of the point (x, y), with Math.Atan2's special values.</summary>
    public static double Atan2(double y, double x)
    {
        if (IsNaN(x) || IsNaN(y)) return x + y;
        double a = Abs(y), b = Abs(x);
        double angle = a == b ? (a == 0 ? 0 : 0.7853981633974483) : b > a ? Atan(a / b) : 1.5707963267948966 - (Atan(b / a) - 6.123233995736766e-17);
        if (IsNegative(x)) angle = 3.141592653589793 - (angle - 1.2246467991473532e-16);
        return CopySign(angle, y);
    }

    /// <summary>The hyperbolic tangent.</summary>
    public static double Tanh(double x)
    {
        double a = Abs(x);
        double h = HalfExpM1(-2 * (a > 20.0 ? 20.0 : a));
        return a < 1e-290 ? x : CopySign(h / (h + 1), x);
    }

    /// <summary>The hyperbolic sine.</summary>
    public static double Sinh(double x)
    {
        double a = Abs(x);
        double h = HalfExpM1(a > 30.0 ? 30.0 : a);
        double y = a > 30.0 ? HalfExp(a) : h + h / (h + h + 1);
        return a < 1e-290 ? x : CopySign(y, x);
    }

    /// <summary>The hyperbolic cosine.</summary>
    public static double Cosh(double x)
    {
        double h = HalfExp(Abs(x));
        return h + 0.25 / h;
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    public static double Asinh(double x)
    {
        double a = Abs(x);
        double y = a > 1e9 ? Log1P(a - 1) + 0.6931471805599453 : Log1P(a + a * a / (1 + Math.Sqrt(a * a + 1)));
        return CopySign(y, x);
    }

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static double Acosh(double x)
    {
        double t = x - 1;
        return x < 1 ? double.NaN : x > 1e9 ? Log1P(t) + 0.6931471805599453 : Log1P(t + Math.Sqrt(t * (t + 2)));
    }

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static double Atanh(double x)
    {
        double a = Abs(x);
        return CopySign(0.5 * Log1P(2 * a / (1 - a)), x);
    }

    /// <summary>sin r for |r| ≤ π/4, minimax.</summary>
    private static double SinReduced(double r)
    {
        double z = r * r;
        double p = 1.5895874374775756e-10;
        p = p * z - 2.5050742801985834e-08;
        p = p * z + 2.75573135981603e-06;
        p = p * z - 0.00019841269829550285;
        p = p * z + 0.00833333333332211;
        p = p * z - 0.1666666666666663;
        return p * r * z + r;
    }

    /// <summary>cos r for |r| ≤ π/4, minimax.</summary>
    private static double CosReduced(double r)
    {
        double z = r * r;
        double p = -1.1357859464687424e-11;
        p = p * z + 2.087568804632069e-09;
        p = p * z - 2.7557314087370324e-07;
        p = p * z + 2.480158728854175e-05;
        p = p * z - 0.0013888888888872574;
        p = p * z + 0.04166666666666659;
        return p * z * z + (1 - 0.5 * z);
    }

    /// <summary>asin a below ½, else asin √((1 − a)/2), which is (π/2 − asin a)/2; minimax.</summary>
    private static double AsinReduced(double a)
    {
        double z = a < 0.5 ? a * a : 0.5 - 0.5 * a;
        double s = a < 0.5 ? a : Math.Sqrt(z);
        double p = 0.03198186026679507;
        p = p * z - 0.01632694639061637;
        p = p * z + 0.019594505732584613;
        p = p * z + 0.006503458870816422;
        p = p * z + 0.012174956935772795;
        p = p * z + 0.013884348102485518;
        p = p * z + 0.017359795902832688;
        p = p * z + 0.0223717519183151;
        p = p * z + 0.03038195939639809;
        p = p * z + 0.04464285682195133;
        p = p * z + 0.07500000000344832;
        p = p * z + 0.16666666666665375;
        return p * s * z + s;
    }

    /// <summary>x = k·π/2 + r with |r| ≤ π/4, for |x| ≤ 1e6: k has at most 20 bits and the first two parts of π/2 33, so that their products are exact.</summary>
    private static double Quadrant(double x, out int k)
    {
        k = Nearest(x * 0.6366197723675814);
        double n = k;
        return k == 0 ? x : x - n * 1.5707963267341256 - n * 6.077100506303966e-11 - n * 2.0222662487959506e-21;
    }
}
