namespace AutoVec.Compiler.Ops;

/// <summary>Rounding to <c>System.Half</c>, which netstandard2.0 does not have: 11 bits of significand, exponents −14 to 15.</summary>
public static class HalfMath
{
    /// <summary>The nearest half, ties to even, as .NET's <c>(Half)x</c> of a float or a double: rounded once, to 0 below 2^−25, to ∞ from 65520 on.</summary>
    public static double Round(double x)
    {
        double a = Math.Abs(x);
        if (!(a > 0) || double.IsInfinity(a)) return x;
        if (a >= 65520) return x > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        // The distance between halves around x is 2^(e − 10), e the exponent of x but at least −14; the bits of a double say e.
        int e = Math.Max(-14, (int)(BitConverter.DoubleToInt64Bits(a) >> 52) - 1023);
        double unit = BitConverter.Int64BitsToDouble((long)(e - 10 + 1023) << 52);
        // x / unit is exact, and so is the product; Round takes ties to even.
        double r = Math.Round(a / unit) * unit;
        return x < 0 ? -r : r;
    }
}
