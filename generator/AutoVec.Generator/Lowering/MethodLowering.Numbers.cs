using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Casts between number types, and unsigned arithmetic on the bits of i32 and i64: <c>a &lt; b</c> of uints is a comparison with the
/// sign bits flipped, <c>a / b</c> a division in i64.
/// </summary>
internal sealed partial class MethodLowering
{
    private Number NumberOf(ITypeSymbol? type, IOperation where) =>
        Numbers.Of(type) ?? throw Unsupported(where, "a number or bool is needed");

    // ---- casts

    private Atom Cast(Atom value, ITypeSymbol? from, ITypeSymbol? to, bool isChecked, IOperation where, string? hint) =>
        Cast(value, NumberOf(from, where), NumberOf(to, where), isChecked, where, hint);

    private Atom Cast(Atom value, Number from, Number to, bool isChecked, IOperation where, string? hint)
    {
        if (from == to) return value;
        if (from == Number.Bool || to == Number.Bool) throw Unsupported(where, "write x != 0, or c ? 1 : 0");
        if (isChecked && !to.IsFloat()) return CheckedCast(value, from, to, where, hint);
        if (from == Number.F16) from = Number.F32;
        if (to == Number.F16) return Emit(OpTable.RoundHalf, hint, from.IsFloat() ? value : Cast(value, from, Number.F32, isChecked, where, hint));
        if (from.IsFloat() && !to.IsFloat()) Steps("A cast to an integer", where, value);
        if (from.IsFloat()) return FromFloat(value, from, to, hint);
        if (to.IsFloat()) return ToFloat(value, from, to, hint);
        // From the value in i64, or the low bits, which is all that i32 types need.
        if (to is Number.I64 or Number.U64)
        {
            if (value.Type == IrType.I64) return value;
            var wide = Emit(OpTable.ToI64, hint, value);
            return from == Number.U32 ? Emit(OpTable.And, hint, wide, Const.I64(uint.MaxValue)) : wide;
        }
        return Wrapped(value.Type == IrType.I64 ? Emit(OpTable.ToI32, hint, value) : value, to, hint);
    }

    /// <summary>The low bits of an i32 as a value of the type.</summary>
    private Atom Wrapped(Atom value, Number to, string? hint)
    {
        if (to is Number.I32 or Number.U32) return value;
        var (low, high) = to.Range();
        if (IntervalOf(value) is var (l, h) && l >= low && h <= high) return value;
        if (low == 0) return Emit(OpTable.And, hint, value, Const.I32((int)high));
        var shift = Const.I32(to == Number.I8 ? 24 : 16);
        return Emit(OpTable.Shr, hint, Emit(OpTable.Shl, hint, value, shift), shift);
    }

    private Atom FromFloat(Atom value, Number from, Number to, string? hint)
    {
        switch (to)
        {
            case Number.F32: return Emit(OpTable.ToF32, hint, value);
            case Number.F64: return Emit(OpTable.ToF64, hint, value);
            case Number.I32: return Emit(OpTable.ToI32, hint, value);
            case Number.I64: return Emit(OpTable.ToI64, hint, value);
            case Number.U32:
                // Saturates at both ends, as C# does.
                var wide = Emit(OpTable.Max, hint, Emit(OpTable.Min, hint, Emit(OpTable.ToI64, hint, value), Const.I64(uint.MaxValue)), Const.I64(0));
                return Emit(OpTable.ToI32, hint, wide);
            case Number.U64:
                var x = from == Number.F32 ? Emit(OpTable.ToF64, hint, value) : value;
                var below = Emit(OpTable.Max, hint, Emit(OpTable.ToI64, hint, x), Const.I64(0));
                var above = Emit(OpTable.Xor, hint, Emit(OpTable.ToI64, hint, Emit(OpTable.Sub, hint, x, Const.F64(TwoTo63))), Const.I64(long.MinValue));
                var high = Emit(OpTable.Select, hint, Emit(OpTable.Ge, "c", x, Const.F64(2 * TwoTo63)), Const.I64(-1), above);
                return Emit(OpTable.Select, hint, Emit(OpTable.Ge, "c", x, Const.F64(TwoTo63)), high, below);
            default: return Wrapped(Emit(OpTable.ToI32, hint, value), to, hint);
        }
    }

    private const double TwoTo63 = 9223372036854775808.0;

    private Atom ToFloat(Atom value, Number from, Number to, string? hint)
    {
        var cast = to == Number.F32 ? OpTable.ToF32 : OpTable.ToF64;
        if (from == Number.U32) value = Cast(value, Number.U32, Number.I64, false, null!, hint);
        if (from != Number.U64) return Emit(cast, hint, value);
        // Half of it, the lost bit kept where it decides the rounding, twice.
        var half = Emit(OpTable.Or, hint, Emit(OpTable.UShr, hint, value, Const.I32(1)), Emit(OpTable.And, hint, value, Const.I64(1)));
        var doubled = Emit(OpTable.Mul, hint, Emit(cast, hint, half), Const.Of(to.Held(), 2));
        return Emit(OpTable.Select, hint, Emit(OpTable.Ge, "c", value, Const.I64(0)), Emit(cast, hint, value), doubled);
    }

    private Atom CheckedCast(Atom value, Number from, Number to, IOperation where, string? hint)
    {
        if (!from.IsFloat() && !from.IsUnsigned() && !to.IsUnsigned())
        {
            var (low, high) = to.Range();
            var (l, h) = IntervalOf(value);
            if (l >= low && h <= high) return Cast(value, from, to, false, where, hint);
            if (to == Number.I32) return Emit(OpTable.Narrow, hint, value);
        }
        if (from == Number.U32 && to is Number.I64 or Number.U64) return Cast(value, from, to, false, where, hint);
        throw new Rejection(LanguageRules.Checked, where);
    }

    // ---- arithmetic

    /// <param name="type">Of the operands; both have it, but for the count of a shift.</param>
    private Atom Arithmetic(BinaryOperatorKind kind, Number type, Atom left, Atom right, bool isChecked, IOperation where, string? hint)
    {
        if (isChecked && !type.IsFloat() && kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply)
            return Checked(kind, type, left, right, where, hint);
        if (type.IsUnsigned() && Unsigned(kind, left, right, hint) is { } unsigned) return unsigned;
        bool integer = left.Type.IsInteger;
        if (IsComparison(kind)) Steps("A comparison", where, left, right);
        var op = kind switch
        {
            BinaryOperatorKind.Add => OpTable.Add,
            BinaryOperatorKind.Subtract => OpTable.Sub,
            BinaryOperatorKind.Multiply => OpTable.Mul,
            BinaryOperatorKind.Divide => integer ? OpTable.IntDiv : OpTable.Div,
            BinaryOperatorKind.Remainder => integer ? OpTable.IntRem : OpTable.Rem,
            BinaryOperatorKind.And => OpTable.And,
            BinaryOperatorKind.Or => OpTable.Or,
            BinaryOperatorKind.ExclusiveOr => OpTable.Xor,
            BinaryOperatorKind.LeftShift => OpTable.Shl,
            BinaryOperatorKind.RightShift => OpTable.Shr,
            BinaryOperatorKind.UnsignedRightShift => OpTable.UShr,
            _ => Comparison(kind, where),
        };
        return Emit(op, hint, left, right);
    }

    private static bool IsComparison(BinaryOperatorKind kind) => kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals
        or BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual;

    private static Op Comparison(BinaryOperatorKind kind, IOperation where) => kind switch
    {
        BinaryOperatorKind.Equals => OpTable.Eq,
        BinaryOperatorKind.NotEquals => OpTable.Ne,
        BinaryOperatorKind.LessThan => OpTable.Lt,
        BinaryOperatorKind.LessThanOrEqual => OpTable.Le,
        BinaryOperatorKind.GreaterThan => OpTable.Gt,
        BinaryOperatorKind.GreaterThanOrEqual => OpTable.Ge,
        _ => throw Unsupported(where, "this operator has no meaning for numbers"),
    };

    /// <summary>What differs from the signed operation on the same bits; null: nothing.</summary>
    private Atom? Unsigned(BinaryOperatorKind kind, Atom left, Atom right, string? hint)
    {
        switch (kind)
        {
            case BinaryOperatorKind.RightShift: return Emit(OpTable.UShr, hint, left, right);
            case BinaryOperatorKind.LessThan: return Emit(OpTable.Lt, hint, Flipped(left), Flipped(right));
            case BinaryOperatorKind.LessThanOrEqual: return Emit(OpTable.Le, hint, Flipped(left), Flipped(right));
            case BinaryOperatorKind.GreaterThan: return Emit(OpTable.Gt, hint, Flipped(left), Flipped(right));
            case BinaryOperatorKind.GreaterThanOrEqual: return Emit(OpTable.Ge, hint, Flipped(left), Flipped(right));
            case BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder when left.Type == IrType.I32:
                Atom Wide(Atom a) => Cast(a, Number.U32, Number.I64, false, null!, hint);
                return Emit(OpTable.ToI32, hint, Emit(kind == BinaryOperatorKind.Divide ? OpTable.IntDiv : OpTable.IntRem, hint, Wide(left), Wide(right)));
            case BinaryOperatorKind.Divide: return Quotient(left, right, hint);
            case BinaryOperatorKind.Remainder: return Emit(OpTable.Sub, hint, left, Emit(OpTable.Mul, hint, Quotient(left, right, hint), right));
            default: return null;
        }
    }

    /// <summary>With the sign bit flipped, the order of signed numbers is that of unsigned ones.</summary>
    private Atom Flipped(Atom a) => Emit(OpTable.Xor, "u", a, Const.Of(a.Type.Scalar, a.Type == IrType.I32 ? int.MinValue : long.MinValue));

    /// <summary>Of u64: half of x by y, doubled, is at most one too small. By a y with its top bit set it is 0 or 1.</summary>
    private Atom Quotient(Atom x, Atom y, string? hint)
    {
        var half = Emit(OpTable.UShr, hint, x, Const.I32(1));
        var q = Emit(OpTable.Shl, hint, Emit(OpTable.IntDiv, hint, half, y), Const.I32(1));
        var rest = Emit(OpTable.Sub, hint, x, Emit(OpTable.Mul, hint, q, y));
        Atom One(Atom condition) => Emit(OpTable.Select, hint, condition, Const.I64(1), Const.I64(0));
        var small = Emit(OpTable.Add, hint, q, One(Emit(OpTable.Ge, "c", Flipped(rest), Flipped(y))));
        var large = One(Emit(OpTable.Ge, "c", Flipped(x), Flipped(y)));
        return Emit(OpTable.Select, hint, Emit(OpTable.Lt, "c", y, Const.I64(0)), large, small);
    }

    // ---- checked arithmetic: as unchecked where it cannot overflow, ints else in i64 and back with a check

    private Atom Checked(BinaryOperatorKind kind, Number type, Atom left, Atom right, IOperation where, string? hint)
    {
        if (type.IsUnsigned()) throw new Rejection(LanguageRules.Checked, where);
        var op = kind == BinaryOperatorKind.Add ? OpTable.Add : kind == BinaryOperatorKind.Subtract ? OpTable.Sub : OpTable.Mul;
        if (Result(op, IntervalOf(left), IntervalOf(right)) is var (low, high) && low >= type.Range().Low && high <= type.Range().High
            && low > long.MinValue && high < long.MaxValue) return Emit(op, hint, left, right);
        if (type != Number.I32) throw new Rejection(LanguageRules.Checked, where);
        return Emit(OpTable.Narrow, hint, Emit(op, hint, Emit(OpTable.ToI64, hint, left), Emit(OpTable.ToI64, hint, right)));
    }
}
