using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// C#'s number types. The IR has five; the others live in i32 and i64: small ones by their value, unsigned ones by their bits
/// (equal sums and products, other quotients, comparisons and conversions). A Half lives in f32, by its value: casts to it round.
/// </summary>
internal enum Number { F32, F64, F16, I32, I64, Bool, I8, U8, I16, U16, U32, U64 }

internal static class Numbers
{
    /// <summary>What the IR holds it in.</summary>
    public static Scalar Held(this Number number) => number switch
    {
        Number.F32 or Number.F16 => Scalar.F32,
        Number.F64 => Scalar.F64,
        Number.I64 or Number.U64 => Scalar.I64,
        Number.Bool => Scalar.Bool,
        _ => Scalar.I32,
    };

    /// <summary>What the caller's memory holds it in.</summary>
    public static Scalar Stored(this Number number) => number == Number.F16 ? Scalar.F16 : number.Held();

    public static bool IsFloat(this Number number) => number is Number.F32 or Number.F64 or Number.F16;
    public static bool IsUnsigned(this Number number) => number is Number.U32 or Number.U64;

    /// <summary>May it cross the border of an annotated method? Others live inside.</summary>
    public static bool IsBasic(this Number number) => number <= Number.Bool;

    /// <summary>The values of a type that i32 holds by value, or of i64.</summary>
    public static (long Low, long High) Range(this Number number) => number switch
    {
        Number.I8 => (sbyte.MinValue, sbyte.MaxValue),
        Number.U8 => (0, byte.MaxValue),
        Number.I16 => (short.MinValue, short.MaxValue),
        Number.U16 => (0, ushort.MaxValue),
        Number.I64 or Number.U64 => (long.MinValue, long.MaxValue),
        _ => (int.MinValue, int.MaxValue),
    };

    /// <summary>The type of numbers, bools, chars and enums.</summary>
    public static Number? Of(ITypeSymbol? type) => type is { TypeKind: TypeKind.Enum } and INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? Of(underlying)
        : type?.SpecialType switch
        {
            SpecialType.System_Single => Number.F32,
            SpecialType.System_Double => Number.F64,
            SpecialType.System_Int32 => Number.I32,
            SpecialType.System_Int64 => Number.I64,
            SpecialType.System_Boolean => Number.Bool,
            SpecialType.System_SByte => Number.I8,
            SpecialType.System_Byte => Number.U8,
            SpecialType.System_Int16 => Number.I16,
            SpecialType.System_UInt16 or SpecialType.System_Char => Number.U16,
            SpecialType.System_UInt32 => Number.U32,
            SpecialType.System_UInt64 => Number.U64,
            _ => IsHalf(type) ? Number.F16 : null,
        };

    /// <summary>Is it <c>System.Half</c>?</summary>
    public static bool IsHalf(ITypeSymbol? type) => type is INamedTypeSymbol { Name: "Half", TypeKind: TypeKind.Struct, Arity: 0, ContainingType: null, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>A boxed constant as the IR holds it.</summary>
    public static Const? Constant(object? value) => value switch
    {
        float f => Const.F32(f),
        double d => Const.F64(d),
        int i => Const.I32(i),
        long l => Const.I64(l),
        bool b => Const.Bool(b),
        sbyte b => Const.I32(b),
        byte b => Const.I32(b),
        short s => Const.I32(s),
        ushort s => Const.I32(s),
        char c => Const.I32(c),
        uint u => Const.I32(unchecked((int)u)),
        ulong u => Const.I64(unchecked((long)u)),
        _ => null,
    };
}
