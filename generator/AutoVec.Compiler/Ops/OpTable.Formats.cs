using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>Floats as the bits of their format (IEEE 754, binary32 and binary64), and back. No derivative flows through bits.</summary>
public static partial class OpTable
{
    public static readonly Op Bits32 = new("bits32", 1)
    {
        TypeOf = t => TypeRules.Exactly(t, IrType.F32, IrType.I32),
        Evaluate = a => Const.I32(BitConverter.ToInt32(BitConverter.GetBytes((float)a[0].AsDouble), 0)),
        CSharp = "BitConverter.SingleToInt32Bits({0})", Simd = "{0}.AsInt32()", Ilgpu = "GpuMath.Bits({0})",
    };

    /// <summary>Lanes have no i64.</summary>
    public static readonly Op Bits64 = new("bits64", 1)
    {
        TypeOf = t => TypeRules.Exactly(t, IrType.F64, IrType.I64),
        Evaluate = a => Const.I64(BitConverter.DoubleToInt64Bits(a[0].AsDouble)),
        CSharp = "BitConverter.DoubleToInt64Bits({0})", Ilgpu = "GpuMath.Bits({0})",
    };

    public static readonly Op OfBits32 = new("ofbits32", 1)
    {
        TypeOf = t => TypeRules.Exactly(t, IrType.I32, IrType.F32),
        Evaluate = a => Const.F32(BitConverter.ToSingle(BitConverter.GetBytes(a[0].AsInt), 0)),
        CSharp = "BitConverter.Int32BitsToSingle({0})", SimdInt = "{0}.AsSingle()", Ilgpu = "GpuMath.OfBits({0})",
    };

    public static readonly Op OfBits64 = new("ofbits64", 1)
    {
        TypeOf = t => TypeRules.Exactly(t, IrType.I64, IrType.F64),
        Evaluate = a => Const.F64(BitConverter.Int64BitsToDouble(a[0].AsLong)),
        CSharp = "BitConverter.Int64BitsToDouble({0})", Ilgpu = "GpuMath.OfBits({0})",
    };
}
