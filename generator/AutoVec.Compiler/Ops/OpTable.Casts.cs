using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>
/// C#'s unchecked casts as .NET 10 defines them: floats to integers saturate, NaN becomes 0, i64 to i32 keeps the low bits.
/// A bool becomes a number by select. Lanes hold one float type, so f32 to f64 and back have no lane form.
/// </summary>
public static partial class OpTable
{
    public static readonly Op ToF32 = new("f32", 1)
    {
        TypeOf = TypeRules.Cast(IrType.F32),
        Evaluate = a => Evaluation.ToF32(a[0]),
        CSharp = "(float){0}", SimdInt = "Lanes.ToF32({0})",
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

    private static Atom CastBack(AdjointScope s) =>
        s.X.Type == s.Bar.Type ? s.Bar : s.Of(s.X.Type == IrType.F32 ? ToF32 : ToF64, s.Bar);
}
