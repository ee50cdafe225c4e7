using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector256;
using V = System.Runtime.Intrinsics.Vector256<double>;
using VI = System.Runtime.Intrinsics.Vector256<long>;
using VX = System.Runtime.Intrinsics.Vector256;
using X = System.Runtime.Intrinsics.X86.Avx512F.VL;

namespace AutoVec.Cpu;

// Doubles by exponent and significand. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>p·2ⁿ, rounded once; n is an integer and the result's exponent within twice the format's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Scale(V p, V n)
    {
        if (X.IsSupported) return X.Scale(p, n);
        // Two factors, because one would leave the format before the product does.
        VI k = LowBits(n);
        VI half = k >> 1;
        return p * ((half + Create(1023L)) << 52).AsDouble() * ((k - half + Create(1023L)) << 52).AsDouble();
    }

    /// <summary>The integer n, |n| &lt; 2^51: added to 1.5·2^52 its bits stand in the low ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static VI LowBits(V n) => (n + Create(6755399441055744.0)).AsInt64() - Create(6755399441055744.0).AsInt64();

    /// <summary>
    /// x = m·2ᵉ with 0.75 ≤ m &lt; 1.5. Zero has e = −∞ and +∞ has e = +∞, both m = 1; for what is negative or NaN m is NaN:
    /// so a logarithm needs no further cases.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(V x, out V e, out V m)
    {
        if (X.IsSupported)
        {
            // Interval [0.75, 1.5); the sign of zero is ignored, other negatives give NaN.
            m = X.GetMantissa(x, 0b1111);
            e = X.GetExponent(x);
            e = ConditionalSelect(LessThan(m, V.One), e + V.One, e);
            return;
        }
        V small = LessThan(x, Create(2.2250738585072014e-308));
        V normal = ConditionalSelect(small, x * Create(4503599627370496.0), x);
        VI bits = normal.AsInt64();
        VI k = (bits - Create(0x3FE8000000000000L)) >> 52;
        m = (bits - (k << 52)).AsDouble();
        e = ConvertToDouble(k) - ConditionalSelect(small, Create(52.0), V.Zero);
        V zero = VX.Equals(x, V.Zero), infinite = VX.Equals(x, Create(double.PositiveInfinity));
        e = ConditionalSelect(zero, Create(double.NegativeInfinity), ConditionalSelect(infinite, x, e));
        m = ConditionalSelect(zero | infinite, V.One, ConditionalSelect(GreaterThan(x, V.Zero), m, Create(double.NaN)));
    }
}
