using System.ComponentModel;

namespace AutoVec.Cpu;

/// <summary>
/// The functions of Math over vectors of 128, 256 and 512 bits, for generated code: at most 2 ulp off,
/// special values (±0, ±∞, NaN, subnormals, huge arguments) as Math's. All widths give the same bits.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe partial class VMath
{
    /// <summary>eˣ − 1, accurate near 0 (<c>float.ExpM1</c> is not).</summary>
    public static float ExpM1(float x) => (float)ExpM1((double)x);

    /// <summary>eˣ − 1, accurate near 0 (<c>double.ExpM1</c> is not).</summary>
    public static double ExpM1(double x)
    {
        // Kahan: the error of u cancels between u - 1 and log u.
        double u = Math.Exp(x);
        if (u == 1) return x;
        double minusOne = u - 1;
        return minusOne == -1 || double.IsInfinity(u) ? minusOne : minusOne * (x / Math.Log(u));
    }

    /// <summary>log(1 + x), accurate near 0 (<c>float.LogP1</c> is not).</summary>
    public static float Log1P(float x) => (float)Log1P((double)x);

    /// <summary>log(1 + x), accurate near 0 (<c>double.LogP1</c> is not).</summary>
    public static double Log1P(double x)
    {
        double u = 1 + x;
        return u == 1 || double.IsPositiveInfinity(x) ? x : Math.Log(u) * (x / (u - 1));
    }
}
