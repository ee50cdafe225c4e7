using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector512;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Cpu;

// Inverse circular functions. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>The arc sine.</summary>
    public static V Asin(V x)
    {
        // Up to ½ a polynomial; above π/2 − 2·asin √((1 − a)/2), the leading parts of which meet π/4 without a rounding.
        V a = Abs(x), small = LessThan(a, Create(0.5f));
        V s = ArcPart(a, small, out V rest);
        V far = Create(0.785398185f) + ((Create(0.785398185f) - (s + s)) - (rest + rest - Create(-4.37113883e-08f)));
        return CopySign(ConditionalSelect(small, s + rest, far), x);
    }

    /// <summary>The arc cosine.</summary>
    public static V Acos(V x)
    {
        V a = Abs(x), small = LessThan(a, Create(0.5f));
        V s = ArcPart(a, small, out V rest);
        V p = s + rest;
        V middle = Create(1.57079637f) - (CopySign(p, x) - Create(-4.37113883e-08f));
        V far = ConditionalSelect(LessThan(x, V.Zero), Create(3.14159274f) - (p + p - Create(-8.74227766e-08f)), p + p);
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
        V scale = ConditionalSelect(GreaterThan(MaxNative(a, b), Create(1e38f)), Create(0.25f), V.One);
        V angle = Angle(a * scale, b * scale);
        angle = ConditionalSelect(LessThan(CopySign(V.One, x), V.Zero), Create(3.14159274f) - (angle - Create(-8.74227766e-08f)), angle);
        return ConditionalSelect(VX.Equals(x, x) & VX.Equals(y, y), CopySign(angle, y), Create(float.NaN));
    }

    /// <summary>
    /// The angle of (b, a), both not negative and not both 0 or ∞. By the nearest of 0, π/4, π/2: atan(a/b) = c + atan((a − b·tan c)/(b + a·tan c)),
    /// so that the last argument is at most tan(π/8).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Angle(V a, V b)
    {
        V middle = GreaterThan(a, b * Create(0.41421357f)), far = GreaterThan(a, b * Create(2.4142137f));
        V above = ConditionalSelect(far, -b, ConditionalSelect(middle, a - b, a));
        V below = ConditionalSelect(far, a, ConditionalSelect(middle, a + b, b));
        V t = above / below, z = t * t;
        V p = FusedMultiplyAdd(Create(-0.060818456f), z, Create(0.10595433f));
        p = FusedMultiplyAdd(p, z, Create(-0.14243783f));
        p = FusedMultiplyAdd(p, z, Create(0.19998486f));
        p = FusedMultiplyAdd(p, z, Create(-0.33333316f));
        V high = ConditionalSelect(far, Create(1.57079637f), middle & Create(0.785398185f));
        V low = ConditionalSelect(far, Create(-4.37113883e-08f), middle & Create(-2.18556941e-08f));
        return high + (t + FusedMultiplyAdd(p, t * z, low));
    }

    /// <summary>asin a = s + rest for small a (below ½), else asin √((1 − a)/2), which is (π/2 − asin a)/2; minimax (relative error 2^−27).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ArcPart(V a, V small, out V rest)
    {
        V z = ConditionalSelect(small, a * a, FusedMultiplyAdd(a, Create(-0.5f), Create(0.5f)));
        V s = ConditionalSelect(small, a, Sqrt(z));
        V p = FusedMultiplyAdd(Create(0.04216609f), z, Create(0.02417965f));
        p = FusedMultiplyAdd(p, z, Create(0.045470346f));
        p = FusedMultiplyAdd(p, z, Create(0.07495298f));
        p = FusedMultiplyAdd(p, z, Create(0.16666752f));
        rest = p * (s * z);
        return s;
    }
}
