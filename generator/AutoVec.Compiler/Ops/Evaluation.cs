using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>
/// Ways to evaluate an op on constants. f32 is computed in double and rounded once; for + - * / and sqrt that is exactly
/// the f32 operation.
/// </summary>
internal static class Evaluation
{
    public static Func<Seq<Const>, Const> Float(Func<double, double> f) => a => Const.Of(a[0].Scalar, f(a[0].AsDouble));
    public static Func<Seq<Const>, Const> Float(Func<double, double, double> f) => a => Const.Of(a[0].Scalar, f(a[0].AsDouble, a[1].AsDouble));

    public static Func<Seq<Const>, Const> Test(Func<double, bool> f) => a => Const.Bool(f(a[0].AsDouble));

    /// <summary>By the operands' type; the integer forms as C#'s unchecked arithmetic.</summary>
    public static Func<Seq<Const>, Const> Number(Func<double, double, double> f, Func<int, int, int> i, Func<long, long, long> l) => a =>
        a[0].Scalar switch
        {
            Scalar.I32 => Const.I32(i(a[0].AsInt, a[1].AsInt)),
            Scalar.I64 => Const.I64(l(a[0].AsLong, a[1].AsLong)),
            _ => Const.Of(a[0].Scalar, f(a[0].AsDouble, a[1].AsDouble)),
        };

    public static Func<Seq<Const>, Const> Compare(Func<double, double, bool> f, Func<long, long, bool> l) => a =>
        Const.Bool(a[0].Type.IsFloat ? f(a[0].AsDouble, a[1].AsDouble) : l(a[0].AsLong, a[1].AsLong));

    /// <summary>On the bits of integers or truth values of one type.</summary>
    public static Func<Seq<Const>, Const> Bits(Func<long, long, long> f) => a => Integer(a[0].Scalar, f(a[0].AsLong, a[1].AsLong));

    /// <summary>The low bits of <paramref name="value"/>, in the given type.</summary>
    public static Const Integer(Scalar scalar, long value) => scalar switch
    {
        Scalar.I32 => Const.I32(unchecked((int)value)),
        Scalar.I64 => Const.I64(value),
        _ => Const.Bool(value != 0),
    };

    // Since .NET 9 C#'s casts saturate and make 0 of NaN; the compiler itself may run on an older runtime, so it says so here.

    public static Const ToI32(Const c) => c.Type.IsFloat ? Const.I32((int)Saturate(c.AsDouble, int.MinValue, int.MaxValue)) : Integer(Scalar.I32, c.AsLong);
    public static Const ToI64(Const c) => Const.I64(c.Type.IsFloat ? Saturate(c.AsDouble, long.MinValue, long.MaxValue) : c.AsLong);

    private static long Saturate(double value, long least, long most) =>
        double.IsNaN(value) ? 0 : value <= least ? least : value >= most ? most : (long)value;

    // Not through double: an i64 would be rounded twice.

    public static Const ToF32(Const c) => Const.F32(c.Type.IsFloat || c.Scalar == Scalar.F16 ? (float)c.AsDouble : c.AsLong);
    public static Const ToF64(Const c) => Const.F64(c.Type.IsFloat ? c.AsDouble : c.AsLong);
}
