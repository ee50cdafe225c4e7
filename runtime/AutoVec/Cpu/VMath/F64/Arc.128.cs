using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector128;
using V = System.Runtime.Intrinsics.Vector128<double>;
using VX = System.Runtime.Intrinsics.Vector128;

namespace AutoVec.Cpu;

// Inverse circular functions. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>The arc sine.</summary>
    public static V Asin(V x)
    {
        // Up to ½ a polynomial; above π/2 − 2·asin √((1 − a)/2), the leading parts of which meet π/4 without a rounding.
        V a = Abs(x), small = LessThan(a, Create(0.5));
        V s = ArcPart(a, small, out V rest);
        V far = Create(0.7853981633974483) + ((Create(0.7853981633974483) - (s + s)) - (rest + rest - Create(6.123233995736766e-17)));
        return CopySign(ConditionalSelect(small, s + rest, far), x);
    }

    /// <summary>The arc cosine.</summary>
    public static V Acos(V x)
    {
        V a = Abs(x), small = LessThan(a, Create(0.5));
        V s = ArcPart(a, small, out V rest);
        V p = s + rest;
        V middle = Create(1.5707963267948966) - (CopySign(p, x) - Create(6.123233995736766e-17));
        V far = ConditionalSelect(LessThan(x, V.Zero), Create(3.141592653589793) - (p + p - Create(1.2246467991473532e-16)), p + p);
        return ConditionalSelect(small, middle, far);
    }

    /// <summary>The arc tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atan(V x) => CopySign(Angle(Abs(x), V.One), x);

    /// <summary>The angle of the point (x, y).</summary>
    public static V Atan2(V y, V x)
    {
        // Two zeros have no angle of their own, two infinities one of 45°; what is huge is scaled, for the sum of the two.
        V a = Abs(y), b = Abs(x), same = VX.Equals(a, b);
        a = ConditionalSelect(AndNot(same, VX.Equals(a, V.Zero)), V.One, a);
        b = ConditionalSelect(same, V.One, b);
        V scale = ConditionalSelect(GreaterThan(MaxNative(a, b), Create(1e307)), Create(0.25), V.One);
        V angle = Angle(a * scale, b * scale);
        angle = ConditionalSelect(LessThan(CopySign(V.One, x), V.Zero), Create(3.141592653589793) - (angle - Create(1.2246467991473532e-16)), angle);
        return ConditionalSelect(VX.Equals(x, x) & VX.Equals(y, y), CopySign(angle, y), Create(double.NaN));
    }

    /// <summary>
    /// The angle of (b, a), both not negative and not both 0 or ∞. By the nearest of 0, π/4, π/2: atan(a/b) = c + atan((a − b·tan c)/(b + a·tan c)),
    /// so that the last argument is at most tan(π/8).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Angle(V a, V b)
    {
        V middle = GreaterThan(a, b * Create(0.41421356237309503)), far = GreaterThan(a, b * Create(2.414213562373095));
        V above = ConditionalSelect(far, -b, ConditionalSelect(middle, a - b, a));
        V below = ConditionalSelect(far, a, ConditionalSelect(middle, a + b, b));
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
        V high = ConditionalSelect(far, Create(1.5707963267948966), middle & Create(0.7853981633974483));
        V low = ConditionalSelect(far, Create(6.123233995736766e-17), middle & Create(3.061616997868383e-17));
        return high + (t + FusedMultiplyAdd(p, t * z, low));
    }

    /// <summary>asin a = s + rest for small a (below ½), else asin √((1 − a)/2), which is (π/2 − asin a)/2; minimax (relative error 2^−56).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ArcPart(V a, V small, out V rest)
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
        rest = p * (s * z);
        return s;
    }
}
