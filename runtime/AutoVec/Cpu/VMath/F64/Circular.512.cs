using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector512;
using V = System.Runtime.Intrinsics.Vector512<double>;
using VI = System.Runtime.Intrinsics.Vector512<long>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Cpu;

// Circular functions. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>The sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out VI k);
        V y = ConditionalSelect(VX.Equals(k & VI.One, VI.Zero).AsDouble(), SinReduced(r), CosReduced(r));
        y ^= ((k & Create(2L)) << 62).AsDouble() ^ (x & Create(-0.0));
        return GreaterThanAny(size, Create(1e9)) ? ConditionalSelect(GreaterThan(size, Create(1e9)), Each(x, &Math.Sin), y) : y;
    }

    /// <summary>The cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out VI k);
        V y = ConditionalSelect(VX.Equals(k & VI.One, VI.Zero).AsDouble(), CosReduced(r), SinReduced(r));
        y ^= (((k + VI.One) & Create(2L)) << 62).AsDouble();
        return GreaterThanAny(size, Create(1e9)) ? ConditionalSelect(GreaterThan(size, Create(1e9)), Each(x, &Math.Cos), y) : y;
    }

    /// <summary>The tangent.</summary>
    public static V Tan(V x)
    {
        V size = Abs(x);
        V r = Quadrant(size, out VI k);
        V even = VX.Equals(k & VI.One, VI.Zero).AsDouble();
        V sin = SinReduced(r), cos = CosReduced(r);
        V y = ConditionalSelect(even, sin, -cos) / ConditionalSelect(even, cos, sin);
        y ^= x & Create(-0.0);
        return GreaterThanAny(size, Create(1e9)) ? ConditionalSelect(GreaterThan(size, Create(1e9)), Each(x, &Math.Tan), y) : y;
    }

    /// <summary>The arc sine.</summary>
    public static V Asin(V x)
    {
        V a = Abs(x), small = LessThan(a, Create(0.5));
        V p = AsinReduced(a, small);
        return CopySign(ConditionalSelect(small, p, Create(1.5707963267948966) - (p + p - Create(6.123233995736766e-17))), x);
    }

    /// <summary>The arc cosine.</summary>
    public static V Acos(V x)
    {
        V a = Abs(x), small = LessThan(a, Create(0.5));
        V p = AsinReduced(a, small);
        V middle = Create(1.5707963267948966) - (CopySign(p, x) - Create(6.123233995736766e-17));
        V far = ConditionalSelect(LessThan(x, V.Zero), Create(3.141592653589793) - (p + p - Create(1.2246467991473532e-16)), p + p);
        return ConditionalSelect(small, middle, far);
    }

    /// <summary>The arc tangent.</summary>
    public static V Atan(V x)
    {
        // By the nearest of 0, π/4, π/2: atan a = b + atan((a − tan b)/(1 + a·tan b)), so that |t| ≤ tan(π/8).
        V a = Abs(x);
        V middle = GreaterThan(a, Create(0.41421356237309503)), far = GreaterThan(a, Create(2.414213562373095));
        V above = ConditionalSelect(far, -V.One, ConditionalSelect(middle, a - V.One, a));
        V below = ConditionalSelect(far, a, ConditionalSelect(middle, a + V.One, V.One));
        V t = above / below, z = t * t;
        V p = FusedMultiplyAdd(Create(-0.017911216017678522), z, Create(0.03806842123339504));
        p = FusedMultiplyAdd(p, z, Create(-0.05039464343735489));
        p = FusedMultiplyAdd(p, z, Create(0.05847926331798196));
        p = FusedMultiplyAdd(p, z, Create(-0.06663109330877304));
        p = FusedMultiplyAdd(p, z, Create(0.07692060693016457));
        p = FusedMultiplyAdd(p, z, Create(-0.09090897785109955));
        p = FusedMultiplyAdd(p, z, Create(0.11111110784419133));
        p = FusedMultiplyAdd(p, z, Create(-0.14285714280215625));
        p = FusedMultiplyAdd(p, z, Create(0.19999999999953771));
        p = FusedMultiplyAdd(p, z, Create(-0.333333333333332));
        V base_ = ConditionalSelect(far, Create(1.5707963267948966), middle & Create(0.7853981633974483));
        V low = ConditionalSelect(far, Create(6.123233995736766e-17), middle & Create(3.061616997868383e-17));
        return CopySign(base_ + (t + FusedMultiplyAdd(p, t * z, low)), x);
    }

    /// <summary>The angle of the point (x, y).</summary>
    public static V Atan2(V y, V x)
    {
        V a = Abs(y), b = Abs(x);
        V steep = GreaterThan(a, b);
        V t = ConditionalSelect(steep, b, a) / ConditionalSelect(steep, a, b);
        // 0/0 and ∞/∞.
        t = ConditionalSelect(VX.Equals(a, b), ConditionalSelect(VX.Equals(a, V.Zero), V.Zero, V.One), t);
        V angle = Atan(t);
        angle = ConditionalSelect(steep, Create(1.5707963267948966) - (angle - Create(6.123233995736766e-17)), angle);
        V left = LessThan(CopySign(V.One, x), V.Zero);
        angle = ConditionalSelect(left, Create(3.141592653589793) - (angle - Create(1.2246467991473532e-16)), angle);
        return ConditionalSelect(VX.Equals(x, x) & VX.Equals(y, y), CopySign(angle, y), Create(double.NaN));
    }

    /// <summary>x = k·π/2 + r with |r| ≤ π/4, for 0 ≤ x ≤ 1e9: π/2 in three parts, whose products with k are exact until they are added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quadrant(V x, out VI k)
    {
        V n = Round(x * Create(0.6366197723675814));
        k = LowBits(n);
        V r = FusedMultiplyAdd(n, Create(-1.5707963267948966), x);
        r = FusedMultiplyAdd(n, Create(-6.123233995736766e-17), r);
        return FusedMultiplyAdd(n, Create(1.4973849048591698e-33), r);
    }

    /// <summary>sin r for |r| ≤ π/4, minimax (relative error 2^−58).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinReduced(V r)
    {
        V z = r * r;
        V p = FusedMultiplyAdd(Create(1.5895874374775756e-10), z, Create(-2.5050742801985834e-08));
        p = FusedMultiplyAdd(p, z, Create(2.75573135981603e-06));
        p = FusedMultiplyAdd(p, z, Create(-0.00019841269829550285));
        p = FusedMultiplyAdd(p, z, Create(0.00833333333332211));
        p = FusedMultiplyAdd(p, z, Create(-0.1666666666666663));
        return FusedMultiplyAdd(p, r * z, r);
    }

    /// <summary>cos r for |r| ≤ π/4, minimax (relative error 2^−64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosReduced(V r)
    {
        V z = r * r;
        V p = FusedMultiplyAdd(Create(-1.1357859464687424e-11), z, Create(2.087568804632069e-09));
        p = FusedMultiplyAdd(p, z, Create(-2.7557314087370324e-07));
        p = FusedMultiplyAdd(p, z, Create(2.480158728854175e-05));
        p = FusedMultiplyAdd(p, z, Create(-0.0013888888888872574));
        p = FusedMultiplyAdd(p, z, Create(0.04166666666666659));
        return FusedMultiplyAdd(p, z * z, FusedMultiplyAdd(z, Create(-0.5), V.One));
    }

    /// <summary>asin a for small a (below ½), else asin √((1 − a)/2), which is (π/2 − asin a)/2; minimax (relative error 2^−56).</summary>
    private static V AsinReduced(V a, V small)
    {
        V z = ConditionalSelect(small, a * a, FusedMultiplyAdd(a, Create(-0.5), Create(0.5)));
        V s = ConditionalSelect(small, a, Sqrt(z));
        V p = FusedMultiplyAdd(Create(0.03198186026679507), z, Create(-0.01632694639061637));
        p = FusedMultiplyAdd(p, z, Create(0.019594505732584613));
        p = FusedMultiplyAdd(p, z, Create(0.006503458870816422));
        p = FusedMultiplyAdd(p, z, Create(0.012174956935772795));
        p = FusedMultiplyAdd(p, z, Create(0.013884348102485518));
        p = FusedMultiplyAdd(p, z, Create(0.017359795902832688));
        p = FusedMultiplyAdd(p, z, Create(0.0223717519183151));
        p = FusedMultiplyAdd(p, z, Create(0.03038195939639809));
        p = FusedMultiplyAdd(p, z, Create(0.04464285682195133));
        p = FusedMultiplyAdd(p, z, Create(0.07500000000344832));
        p = FusedMultiplyAdd(p, z, Create(0.16666666666665375));
        return FusedMultiplyAdd(p, s * z, s);
    }
}
