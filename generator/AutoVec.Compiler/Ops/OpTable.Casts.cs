using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>
/// C#'s unchecked casts as .NET 10 defines them: floats to integers saturate, NaN becomes 0, i64 to i32 keeps the low bits.
/// A bool becomes a number by select. Lanes hold one float type, so f32 to f64 and back have no lane form. In lanes an f16 is its
/// value as a float: loads widen, stores round.
/// </summary>
public static partial class OpTable
{
    public static readonly Op ToF32 = new("f32", 1)
    {
        TypeOf = TypeRules.ToF32,
        Evaluate = a => Evaluation.ToF32(a[0]),
        CSharp = "(float){0}", SimdInt = "Lanes.ToF32({0})", SimdHalf = "{0}",
        Adjoint = (s, _) => CastBack(s),
        Domain = [(-10, 10)], Ulp = 0,
    };

    public static readonly Op ToF64 = new("f64", 1)
    {
        TypeOf = TypeRules.Cast(IrType.F64),
        Evaluate = a => Evaluation.ToF64(a[0]),
        CSharp = "(double){0}", SimdInt = "Lanes.ToF64({0})",
        Adjoint = (s, _) => CastBack(s),
        Domain = [(-10, 10)], Ulp = 0,
    };

    public static readonly Op ToI32 = new("i32", 1)
    {
        TypeOf = TypeRules.Cast(IrType.I32),
        Evaluate = a => Evaluation.ToI32(a[0]),
        CSharp = "(int){0}", Simd = "Lanes.ToI32({0})", SimdInt = "{0}", Ilgpu = "GpuMath.ToI32({0})",
        Domain = [(-10, 10)], Ulp = 0,
    };

    public static readonly Op ToI64 = new("i64", 1)
    {
        TypeOf = TypeRules.Cast(IrType.I64),
        Evaluate = a => Evaluation.ToI64(a[0]),
        CSharp = "(long){0}", Ilgpu = "GpuMath.ToI64({0})",
        Domain = [(-10, 10)], Ulp = 0,
    };

    /// <summary>The nearest half as a float: what <c>(Half)x</c> holds.</summary>
    public static readonly Op RoundHalf = new("half", 1)
    {
        TypeOf = t => { TypeRules.Float(t); return IrType.F32; },
        Evaluate = a => Const.F32((float)HalfMath.Round(a[0].AsDouble)),
        CSharp = "(float)(Half){0}", Simd = "Lanes.RoundHalf({0})",
        Adjoint = (s, _) => CastBack(s),
        Domain = [(-10, 10)], Ulp = 0,
    };

    /// <summary>The same in f16 memory.</summary>
    public static readonly Op ToF16 = new("f16", 1)
    {
        TypeOf = t => { TypeRules.Float(t); return IrType.F16; },
        Evaluate = a => Const.F16(a[0].AsDouble),
        CSharp = "(Half){0}", Simd = "{0}",
        Domain = [(-10, 10)], Ulp = 0,
    };

    private static Atom CastBack(AdjointScope s) =>
        s.X.Type == s.Bar.Type ? s.Bar : s.Of(s.X.Type == IrType.F32 ? ToF32 : ToF64, s.Bar);
}
