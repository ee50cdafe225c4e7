using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

public static unsafe partial class VMath
{
    /// <summary>eˣ.</summary>
    public static Vector512<float> Exp(Vector512<float> x) => Each(x, &MathF.Exp);

    /// <summary>2ˣ.</summary>
    public static Vector512<float> Exp2(Vector512<float> x) => Each(x, &float.Exp2);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static Vector512<float> ExpM1(Vector512<float> x) => Each(x, &ExpM1);

    /// <summary>The natural logarithm.</summary>
    public static Vector512<float> Log(Vector512<float> x) => Each(x, &MathF.Log);

    /// <summary>The logarithm to base 2.</summary>
    public static Vector512<float> Log2(Vector512<float> x) => Each(x, &MathF.Log2);

    /// <summary>The logarithm to base 10.</summary>
    public static Vector512<float> Log10(Vector512<float> x) => Each(x, &MathF.Log10);

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static Vector512<float> Log1P(Vector512<float> x) => Each(x, &Log1P);

    /// <summary>The sine.</summary>
    public static Vector512<float> Sin(Vector512<float> x) => Each(x, &MathF.Sin);

    /// <summary>The cosine.</summary>
    public static Vector512<float> Cos(Vector512<float> x) => Each(x, &MathF.Cos);

    /// <summary>The tangent.</summary>
    public static Vector512<float> Tan(Vector512<float> x) => Each(x, &MathF.Tan);

    /// <summary>The arc sine.</summary>
    public static Vector512<float> Asin(Vector512<float> x) => Each(x, &MathF.Asin);

    /// <summary>The arc cosine.</summary>
    public static Vector512<float> Acos(Vector512<float> x) => Each(x, &MathF.Acos);

    /// <summary>The arc tangent.</summary>
    public static Vector512<float> Atan(Vector512<float> x) => Each(x, &MathF.Atan);

    /// <summary>The hyperbolic sine.</summary>
    public static Vector512<float> Sinh(Vector512<float> x) => Each(x, &MathF.Sinh);

    /// <summary>The hyperbolic cosine.</summary>
    public static Vector512<float> Cosh(Vector512<float> x) => Each(x, &MathF.Cosh);

    /// <summary>The hyperbolic tangent.</summary>
    public static Vector512<float> Tanh(Vector512<float> x) => Each(x, &MathF.Tanh);

    /// <summary>The inverse hyperbolic sine.</summary>
    public static Vector512<float> Asinh(Vector512<float> x) => Each(x, &MathF.Asinh);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static Vector512<float> Acosh(Vector512<float> x) => Each(x, &MathF.Acosh);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static Vector512<float> Atanh(Vector512<float> x) => Each(x, &MathF.Atanh);

    /// <summary>The cube root.</summary>
    public static Vector512<float> Cbrt(Vector512<float> x) => Each(x, &MathF.Cbrt);

    /// <summary>The angle of the point (x, y).</summary>
    public static Vector512<float> Atan2(Vector512<float> y, Vector512<float> x) => Each(y, x, &MathF.Atan2);

    /// <summary>xʸ.</summary>
    public static Vector512<float> Pow(Vector512<float> x, Vector512<float> y) => Each(x, y, &MathF.Pow);

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static Vector512<float> Rem(Vector512<float> x, Vector512<float> y) => Each(x, y, &Rem);

    /// <summary>eˣ.</summary>
    public static Vector256<float> Exp(Vector256<float> x) => Each(x, &MathF.Exp);

    /// <summary>2ˣ.</summary>
    public static Vector256<float> Exp2(Vector256<float> x) => Each(x, &float.Exp2);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static Vector256<float> ExpM1(Vector256<float> x) => Each(x, &ExpM1);

    /// <summary>The natural logarithm.</summary>
    public static Vector256<float> Log(Vector256<float> x) => Each(x, &MathF.Log);

    /// <summary>The logarithm to base 2.</summary>
    public static Vector256<float> Log2(Vector256<float> x) => Each(x, &MathF.Log2);

    /// <summary>The logarithm to base 10.</summary>
    public static Vector256<float> Log10(Vector256<float> x) => Each(x, &MathF.Log10);

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static Vector256<float> Log1P(Vector256<float> x) => Each(x, &Log1P);

    /// <summary>The sine.</summary>
    public static Vector256<float> Sin(Vector256<float> x) => Each(x, &MathF.Sin);

    /// <summary>The cosine.</summary>
    public static Vector256<float> Cos(Vector256<float> x) => Each(x, &MathF.Cos);

    /// <summary>The tangent.</summary>
    public static Vector256<float> Tan(Vector256<float> x) => Each(x, &MathF.Tan);

    /// <summary>The arc sine.</summary>
    public static Vector256<float> Asin(Vector256<float> x) => Each(x, &MathF.Asin);

    /// <summary>The arc cosine.</summary>
    public static Vector256<float> Acos(Vector256<float> x) => Each(x, &MathF.Acos);

    /// <summary>The arc tangent.</summary>
    public static Vector256<float> Atan(Vector256<float> x) => Each(x, &MathF.Atan);

    /// <summary>The hyperbolic sine.</summary>
    public static Vector256<float> Sinh(Vector256<float> x) => Each(x, &MathF.Sinh);

    /// <summary>The hyperbolic cosine.</summary>
    public static Vector256<float> Cosh(Vector256<float> x) => Each(x, &MathF.Cosh);

    /// <summary>The hyperbolic tangent.</summary>
    public static Vector256<float> Tanh(Vector256<float> x) => Each(x, &MathF.Tanh);

    /// <summary>The inverse hyperbolic sine.</summary>
    public static Vector256<float> Asinh(Vector256<float> x) => Each(x, &MathF.Asinh);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static Vector256<float> Acosh(Vector256<float> x) => Each(x, &MathF.Acosh);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static Vector256<float> Atanh(Vector256<float> x) => Each(x, &MathF.Atanh);

    /// <summary>The cube root.</summary>
    public static Vector256<float> Cbrt(Vector256<float> x) => Each(x, &MathF.Cbrt);

    /// <summary>The angle of the point (x, y).</summary>
    public static Vector256<float> Atan2(Vector256<float> y, Vector256<float> x) => Each(y, x, &MathF.Atan2);

    /// <summary>xʸ.</summary>
    public static Vector256<float> Pow(Vector256<float> x, Vector256<float> y) => Each(x, y, &MathF.Pow);

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static Vector256<float> Rem(Vector256<float> x, Vector256<float> y) => Each(x, y, &Rem);

    /// <summary>eˣ.</summary>
    public static Vector128<float> Exp(Vector128<float> x) => Each(x, &MathF.Exp);

    /// <summary>2ˣ.</summary>
    public static Vector128<float> Exp2(Vector128<float> x) => Each(x, &float.Exp2);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static Vector128<float> ExpM1(Vector128<float> x) => Each(x, &ExpM1);

    /// <summary>The natural logarithm.</summary>
    public static Vector128<float> Log(Vector128<float> x) => Each(x, &MathF.Log);

    /// <summary>The logarithm to base 2.</summary>
    public static Vector128<float> Log2(Vector128<float> x) => Each(x, &MathF.Log2);

    /// <summary>The logarithm to base 10.</summary>
    public static Vector128<float> Log10(Vector128<float> x) => Each(x, &MathF.Log10);

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static Vector128<float> Log1P(Vector128<float> x) => Each(x, &Log1P);

    /// <summary>The sine.</summary>
    public static Vector128<float> Sin(Vector128<float> x) => Each(x, &MathF.Sin);

    /// <summary>The cosine.</summary>
    public static Vector128<float> Cos(Vector128<float> x) => Each(x, &MathF.Cos);

    /// <summary>The tangent.</summary>
    public static Vector128<float> Tan(Vector128<float> x) => Each(x, &MathF.Tan);

    /// <summary>The arc sine.</summary>
    public static Vector128<float> Asin(Vector128<float> x) => Each(x, &MathF.Asin);

    /// <summary>The arc cosine.</summary>
    public static Vector128<float> Acos(Vector128<float> x) => Each(x, &MathF.Acos);

    /// <summary>The arc tangent.</summary>
    public static Vector128<float> Atan(Vector128<float> x) => Each(x, &MathF.Atan);

    /// <summary>The hyperbolic sine.</summary>
    public static Vector128<float> Sinh(Vector128<float> x) => Each(x, &MathF.Sinh);

    /// <summary>The hyperbolic cosine.</summary>
    public static Vector128<float> Cosh(Vector128<float> x) => Each(x, &MathF.Cosh);

    /// <summary>The hyperbolic tangent.</summary>
    public static Vector128<float> Tanh(Vector128<float> x) => Each(x, &MathF.Tanh);

    /// <summary>The inverse hyperbolic sine.</summary>
    public static Vector128<float> Asinh(Vector128<float> x) => Each(x, &MathF.Asinh);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static Vector128<float> Acosh(Vector128<float> x) => Each(x, &MathF.Acosh);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static Vector128<float> Atanh(Vector128<float> x) => Each(x, &MathF.Atanh);

    /// <summary>The cube root.</summary>
    public static Vector128<float> Cbrt(Vector128<float> x) => Each(x, &MathF.Cbrt);

    /// <summary>The angle of the point (x, y).</summary>
    public static Vector128<float> Atan2(Vector128<float> y, Vector128<float> x) => Each(y, x, &MathF.Atan2);

    /// <summary>xʸ.</summary>
    public static Vector128<float> Pow(Vector128<float> x, Vector128<float> y) => Each(x, y, &MathF.Pow);

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static Vector128<float> Rem(Vector128<float> x, Vector128<float> y) => Each(x, y, &Rem);

    /// <summary>eˣ.</summary>
    public static Vector512<double> Exp(Vector512<double> x) => Each(x, &Math.Exp);

    /// <summary>2ˣ.</summary>
    public static Vector512<double> Exp2(Vector512<double> x) => Each(x, &double.Exp2);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static Vector512<double> ExpM1(Vector512<double> x) => Each(x, &ExpM1);

    /// <summary>The natural logarithm.</summary>
    public static Vector512<double> Log(Vector512<double> x) => Each(x, &Math.Log);

    /// <summary>The logarithm to base 2.</summary>
    public static Vector512<double> Log2(Vector512<double> x) => Each(x, &Math.Log2);

    /// <summary>The logarithm to base 10.</summary>
    public static Vector512<double> Log10(Vector512<double> x) => Each(x, &Math.Log10);

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static Vector512<double> Log1P(Vector512<double> x) => Each(x, &Log1P);

    /// <summary>The sine.</summary>
    public static Vector512<double> Sin(Vector512<double> x) => Each(x, &Math.Sin);

    /// <summary>The cosine.</summary>
    public static Vector512<double> Cos(Vector512<double> x) => Each(x, &Math.Cos);

    /// <summary>The tangent.</summary>
    public static Vector512<double> Tan(Vector512<double> x) => Each(x, &Math.Tan);

    /// <summary>The arc sine.</summary>
    public static Vector512<double> Asin(Vector512<double> x) => Each(x, &Math.Asin);

    /// <summary>The arc cosine.</summary>
    public static Vector512<double> Acos(Vector512<double> x) => Each(x, &Math.Acos);

    /// <summary>The arc tangent.</summary>
    public static Vector512<double> Atan(Vector512<double> x) => Each(x, &Math.Atan);

    /// <summary>The hyperbolic sine.</summary>
    public static Vector512<double> Sinh(Vector512<double> x) => Each(x, &Math.Sinh);

    /// <summary>The hyperbolic cosine.</summary>
    public static Vector512<double> Cosh(Vector512<double> x) => Each(x, &Math.Cosh);

    /// <summary>The hyperbolic tangent.</summary>
    public static Vector512<double> Tanh(Vector512<double> x) => Each(x, &Math.Tanh);

    /// <summary>The inverse hyperbolic sine.</summary>
    public static Vector512<double> Asinh(Vector512<double> x) => Each(x, &Math.Asinh);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static Vector512<double> Acosh(Vector512<double> x) => Each(x, &Math.Acosh);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static Vector512<double> Atanh(Vector512<double> x) => Each(x, &Math.Atanh);

    /// <summary>The cube root.</summary>
    public static Vector512<double> Cbrt(Vector512<double> x) => Each(x, &Math.Cbrt);

    /// <summary>The angle of the point (x, y).</summary>
    public static Vector512<double> Atan2(Vector512<double> y, Vector512<double> x) => Each(y, x, &Math.Atan2);

    /// <summary>xʸ.</summary>
    public static Vector512<double> Pow(Vector512<double> x, Vector512<double> y) => Each(x, y, &Math.Pow);

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static Vector512<double> Rem(Vector512<double> x, Vector512<double> y) => Each(x, y, &Rem);

    /// <summary>eˣ.</summary>
    public static Vector256<double> Exp(Vector256<double> x) => Each(x, &Math.Exp);

    /// <summary>2ˣ.</summary>
    public static Vector256<double> Exp2(Vector256<double> x) => Each(x, &double.Exp2);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static Vector256<double> ExpM1(Vector256<double> x) => Each(x, &ExpM1);

    /// <summary>The natural logarithm.</summary>
    public static Vector256<double> Log(Vector256<double> x) => Each(x, &Math.Log);

    /// <summary>The logarithm to base 2.</summary>
    public static Vector256<double> Log2(Vector256<double> x) => Each(x, &Math.Log2);

    /// <summary>The logarithm to base 10.</summary>
    public static Vector256<double> Log10(Vector256<double> x) => Each(x, &Math.Log10);

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static Vector256<double> Log1P(Vector256<double> x) => Each(x, &Log1P);

    /// <summary>The sine.</summary>
    public static Vector256<double> Sin(Vector256<double> x) => Each(x, &Math.Sin);

    /// <summary>The cosine.</summary>
    public static Vector256<double> Cos(Vector256<double> x) => Each(x, &Math.Cos);

    /// <summary>The tangent.</summary>
    public static Vector256<double> Tan(Vector256<double> x) => Each(x, &Math.Tan);

    /// <summary>The arc sine.</summary>
    public static Vector256<double> Asin(Vector256<double> x) => Each(x, &Math.Asin);

    /// <summary>The arc cosine.</summary>
    public static Vector256<double> Acos(Vector256<double> x) => Each(x, &Math.Acos);

    /// <summary>The arc tangent.</summary>
    public static Vector256<double> Atan(Vector256<double> x) => Each(x, &Math.Atan);

    /// <summary>The hyperbolic sine.</summary>
    public static Vector256<double> Sinh(Vector256<double> x) => Each(x, &Math.Sinh);

    /// <summary>The hyperbolic cosine.</summary>
    public static Vector256<double> Cosh(Vector256<double> x) => Each(x, &Math.Cosh);

    /// <summary>The hyperbolic tangent.</summary>
    public static Vector256<double> Tanh(Vector256<double> x) => Each(x, &Math.Tanh);

    /// <summary>The inverse hyperbolic sine.</summary>
    public static Vector256<double> Asinh(Vector256<double> x) => Each(x, &Math.Asinh);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static Vector256<double> Acosh(Vector256<double> x) => Each(x, &Math.Acosh);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static Vector256<double> Atanh(Vector256<double> x) => Each(x, &Math.Atanh);

    /// <summary>The cube root.</summary>
    public static Vector256<double> Cbrt(Vector256<double> x) => Each(x, &Math.Cbrt);

    /// <summary>The angle of the point (x, y).</summary>
    public static Vector256<double> Atan2(Vector256<double> y, Vector256<double> x) => Each(y, x, &Math.Atan2);

    /// <summary>xʸ.</summary>
    public static Vector256<double> Pow(Vector256<double> x, Vector256<double> y) => Each(x, y, &Math.Pow);

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static Vector256<double> Rem(Vector256<double> x, Vector256<double> y) => Each(x, y, &Rem);

    /// <summary>eˣ.</summary>
    public static Vector128<double> Exp(Vector128<double> x) => Each(x, &Math.Exp);

    /// <summary>2ˣ.</summary>
    public static Vector128<double> Exp2(Vector128<double> x) => Each(x, &double.Exp2);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public static Vector128<double> ExpM1(Vector128<double> x) => Each(x, &ExpM1);

    /// <summary>The natural logarithm.</summary>
    public static Vector128<double> Log(Vector128<double> x) => Each(x, &Math.Log);

    /// <summary>The logarithm to base 2.</summary>
    public static Vector128<double> Log2(Vector128<double> x) => Each(x, &Math.Log2);

    /// <summary>The logarithm to base 10.</summary>
    public static Vector128<double> Log10(Vector128<double> x) => Each(x, &Math.Log10);

    /// <summary>log(1 + x), accurate near 0.</summary>
    public static Vector128<double> Log1P(Vector128<double> x) => Each(x, &Log1P);

    /// <summary>The sine.</summary>
    public static Vector128<double> Sin(Vector128<double> x) => Each(x, &Math.Sin);

    /// <summary>The cosine.</summary>
    public static Vector128<double> Cos(Vector128<double> x) => Each(x, &Math.Cos);

    /// <summary>The tangent.</summary>
    public static Vector128<double> Tan(Vector128<double> x) => Each(x, &Math.Tan);

    /// <summary>The arc sine.</summary>
    public static Vector128<double> Asin(Vector128<double> x) => Each(x, &Math.Asin);

    /// <summary>The arc cosine.</summary>
    public static Vector128<double> Acos(Vector128<double> x) => Each(x, &Math.Acos);

    /// <summary>The arc tangent.</summary>
    public static Vector128<double> Atan(Vector128<double> x) => Each(x, &Math.Atan);

    /// <summary>The hyperbolic sine.</summary>
    public static Vector128<double> Sinh(Vector128<double> x) => Each(x, &Math.Sinh);

    /// <summary>The hyperbolic cosine.</summary>
    public static Vector128<double> Cosh(Vector128<double> x) => Each(x, &Math.Cosh);

    /// <summary>The hyperbolic tangent.</summary>
    public static Vector128<double> Tanh(Vector128<double> x) => Each(x, &Math.Tanh);

    /// <summary>The inverse hyperbolic sine.</summary>
    public static Vector128<double> Asinh(Vector128<double> x) => Each(x, &Math.Asinh);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static Vector128<double> Acosh(Vector128<double> x) => Each(x, &Math.Acosh);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static Vector128<double> Atanh(Vector128<double> x) => Each(x, &Math.Atanh);

    /// <summary>The cube root.</summary>
    public static Vector128<double> Cbrt(Vector128<double> x) => Each(x, &Math.Cbrt);

    /// <summary>The angle of the point (x, y).</summary>
    public static Vector128<double> Atan2(Vector128<double> y, Vector128<double> x) => Each(y, x, &Math.Atan2);

    /// <summary>xʸ.</summary>
    public static Vector128<double> Pow(Vector128<double> x, Vector128<double> y) => Each(x, y, &Math.Pow);

    /// <summary>x % y as C# defines it: exact, with the sign of x.</summary>
    public static Vector128<double> Rem(Vector128<double> x, Vector128<double> y) => Each(x, y, &Rem);
}
