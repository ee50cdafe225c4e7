using static System.Runtime.Intrinsics.Vector256;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace AutoVec.Cpu;

// By double, half of the lanes at a time. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>The tangent.</summary>
    public static V Tan(V x) => Narrow(Tan(WidenLower(x)), Tan(WidenUpper(x)));

    /// <summary>The arc sine.</summary>
    public static V Asin(V x) => Narrow(Asin(WidenLower(x)), Asin(WidenUpper(x)));

    /// <summary>The arc cosine.</summary>
    public static V Acos(V x) => Narrow(Acos(WidenLower(x)), Acos(WidenUpper(x)));

    /// <summary>The hyperbolic sine.</summary>
    public static V Sinh(V x) => Narrow(Sinh(WidenLower(x)), Sinh(WidenUpper(x)));

    /// <summary>The hyperbolic cosine.</summary>
    public static V Cosh(V x) => Narrow(Cosh(WidenLower(x)), Cosh(WidenUpper(x)));

    /// <summary>The inverse hyperbolic sine.</summary>
    public static V Asinh(V x) => Narrow(Asinh(WidenLower(x)), Asinh(WidenUpper(x)));

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static V Acosh(V x) => Narrow(Acosh(WidenLower(x)), Acosh(WidenUpper(x)));

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static V Atanh(V x) => Narrow(Atanh(WidenLower(x)), Atanh(WidenUpper(x)));

    /// <summary>The cube root.</summary>
    public static V Cbrt(V x) => Narrow(Cbrt(WidenLower(x)), Cbrt(WidenUpper(x)));

    /// <summary>The angle of the point (x, y).</summary>
    public static V Atan2(V y, V x) => Narrow(Atan2(WidenLower(y), WidenLower(x)), Atan2(WidenUpper(y), WidenUpper(x)));

    /// <summary>xʸ.</summary>
    public static V Pow(V x, V y) => Narrow(PowOfFloats(WidenLower(x), WidenLower(y)), PowOfFloats(WidenUpper(x), WidenUpper(y)));

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static V Rem(V x, V y) => Each(x, y, &Rem);
}
