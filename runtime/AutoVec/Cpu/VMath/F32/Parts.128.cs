using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector128;
using V = System.Runtime.Intrinsics.Vector128<float>;
using VI = System.Runtime.Intrinsics.Vector128<int>;
using VX = System.Runtime.Intrinsics.Vector128;
using X = System.Runtime.Intrinsics.X86.Avx512F.VL;

namespace AutoVec.Cpu;

// Floats by exponent and significand. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>p·2ⁿ, rounded once; n is an integer and the result's exponent within twice the format's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Scale(V p, V n)
    {
        if (X.IsSupported) return X.Scale(p, n);
        // Two factors, because one would leave the format before the product does.
        VI k = ConvertToInt32Native(n);
        VI half = k >> 1;
        return p * ((half + Create(127)) << 23).AsSingle() * ((k - half + Create(127)) << 23).AsSingle();
    }

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
        V small = LessThan(x, Create(1.17549435e-38f));
        V normal = ConditionalSelect(small, x * Create(8388608f), x);
        VI bits = normal.AsInt32();
        VI k = (bits - Create(0x3F400000)) >> 23;
        m = (bits - (k << 23)).AsSingle();
        e = ConvertToSingle(k) - ConditionalSelect(small, Create(23f), V.Zero);
        V zero = VX.Equals(x, V.Zero), infinite = VX.Equals(x, Create(float.PositiveInfinity));
        e = ConditionalSelect(zero, Create(float.NegativeInfinity), ConditionalSelect(infinite, x, e));
        m = ConditionalSelect(zero | infinite, V.One, ConditionalSelect(GreaterThan(x, V.Zero), m, Create(float.NaN)));
    }
}
