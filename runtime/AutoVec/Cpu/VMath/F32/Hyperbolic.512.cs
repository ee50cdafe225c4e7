using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector512;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Cpu;

// Hyperbolic functions and their inverses. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    // With eˣ = 2ⁿ·eʳ and t = 4⁻ⁿ: sinh x = ((1 − t)·cosh r + (1 + t)·sinh r)·2ⁿ⁻¹, cosh x with the signs changed: nothing cancels, nothing is divided.

    /// <summary>The hyperbolic sine.</summary>
    public static V Sinh(V x)
    {
        Halves(Abs(x), out V n, out V t, out V less, out V more, out V r, out V sinhRest, out V coshRest);
        // What 1 − t lost is put back: it is ½ ulp where t has just left the digits of 1.
        V y = FusedMultiplyAdd(more, r, less) + (FusedMultiplyAdd(less, coshRest, more * sinhRest) + ((V.One - less) - t));
        return CopySign(Scale(y, n - V.One), x);
    }

    /// <summary>The hyperbolic cosine.</summary>
    public static V Cosh(V x)
    {
        Halves(Abs(x), out V n, out V t, out V less, out V more, out V r, out V sinhRest, out V coshRest);
        V y = FusedMultiplyAdd(less, r, V.One) + (FusedMultiplyAdd(more, coshRest, less * sinhRest) + t);
        return Scale(y, n - V.One);
    }

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        // Up to 0.55 an odd polynomial, minimax (relative error 2^−30); above 1 − 2/(e^(2|x|) + 1). From 10f on it is 1.
        V size = Abs(x), z = x * x;
        V p = FusedMultiplyAdd(Create(-0.006273672f), z, Create(0.021071346f));
        p = FusedMultiplyAdd(p, z, Create(-0.05385225f));
        p = FusedMultiplyAdd(p, z, Create(0.13332586f));
        p = FusedMultiplyAdd(p, z, Create(-0.33333316f));
        V far = V.One - Create(2f) / (Exp(MinNative(Create(10f), size) * Create(2f)) + V.One);
        V near = FusedMultiplyAdd(p, size * z, size);
        return CopySign(ConditionalSelect(LessThan(size, Create(0.55f)), near, far), x);
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    public static V Asinh(V x)
    {
        // log (a + √(a² + 1)), each part with what its rounding lost; log 2a where a² + 1 is a², and the series near 0.
        V a = Abs(x), big = GreaterThan(a, Create(4096f)), below = LessThan(a, V.One);
        V q = FusedMultiplyAdd(a, a, V.One), root = Sqrt(q);
        V lost = FusedMultiplyAdd(a, a, ConditionalSelect(below, V.One - q, -q)) + AndNot(V.One, below);
        V rootLow = (FusedMultiplyAdd(-root, root, q) + lost) * Create(0.5f) / root;
        V sum = a + root, low = (a - (sum - root)) + rootLow;
        V y = LogOfSum(ConditionalSelect(big, a, sum * Create(0.5f)), AndNot(low * Create(0.5f), big), V.One);
        V near = FusedMultiplyAdd(a * a * a, Create(-0.16666667f), a);
        return CopySign(ConditionalSelect(LessThan(a, Create(0.0078125f)), near, y), x);
    }

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static V Acosh(V x)
    {
        // log (x + √(x² − 1)) = log (1 + t + √(t² + 2t)); log 2x where x² − 1 is x².
        V t = x - V.One, twice = t + t, big = GreaterThan(x, Create(4096f));
        V q = FusedMultiplyAdd(t, t, twice), root = Sqrt(q);
        V rootLow = (FusedMultiplyAdd(-root, root, q) + FusedMultiplyAdd(t, t, twice - q)) * Create(0.5f) / root;
        V part = root + t, partLow = (t - (part - root)) + ConditionalSelect(LessThan(t, V.One), rootLow, V.Zero);
        V sum = part + V.One, low = ConditionalSelect(LessThan(part, V.One), part - (sum - V.One), V.One - (sum - part)) + partLow;
        V y = LogOfSum(ConditionalSelect(big, x, sum * Create(0.5f)), AndNot(low * Create(0.5f), big), V.One);
        return ConditionalSelect(LessThan(x, V.One), Create(float.NaN), ConditionalSelect(VX.Equals(x, V.One), V.Zero, y));
    }

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static V Atanh(V x)
    {
        // log ((1 + a)/(1 − a))/2, the quotient with what its rounding lost; the series near 0.
        V a = Abs(x), above = V.One + a, below = V.One - a;
        V aboveLow = a - (above - V.One), belowLow = (V.One - below) - a;
        V inverse = V.One / below, q = above * inverse;
        V low = (FusedMultiplyAdd(-q, below, above) + FusedMultiplyAdd(-q, belowLow, aboveLow)) * inverse;
        V y = LogOfSum(q, ConditionalSelect(VX.Equals(a, V.One), V.Zero, low), V.Zero) * Create(0.5f);
        V near = FusedMultiplyAdd(a * a * a, Create(0.33333334f), a);
        return CopySign(ConditionalSelect(LessThan(a, Create(0.0078125f)), near, y), x);
    }

    /// <summary>x = n·log 2 + r, x ≥ 0; t = 4⁻ⁿ, 1 ∓ t, sinh r − r and cosh r − 1, minimax (relative error 2^−34).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(V x, out V n, out V t, out V less, out V more, out V r, out V sinhRest, out V coshRest)
    {
        r = Reduce(x, out n, out _);
        V z = r * r;
        t = Scale(V.One, MaxNative(n * Create(-2f), Create(-120f)));
        less = V.One - t;
        more = V.One + t;
        V p = FusedMultiplyAdd(Create(0.00019905204f), z, Create(0.008333289f));
        p = FusedMultiplyAdd(p, z, Create(0.16666667f));
        sinhRest = p * (r * z);
        V c = FusedMultiplyAdd(Create(0.0013946448f), z, Create(0.041666266f));
        c = FusedMultiplyAdd(c, z, Create(0.5f));
        coshRest = c * z;
    }
}
