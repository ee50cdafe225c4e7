using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Math, MathF and the static methods of the number types: ops of the table, or what .NET defines them by. What is neither is
/// rejected: an approximation of our own would be another function.
/// </summary>
internal sealed partial class MethodLowering
{
    private Val? MathCall(IInvocationOperation op, string? hint)
    {
        var method = op.TargetMethod;
        var cast = BitCast(method);
        if (!Functions.IsMath(method) && !IsBitOperation(method) && cast is null || method.IsGenericMethod || method.Parameters.Any(p => p.RefKind != RefKind.None || Numbers.Of(p.Type) is null)) return null;
        var known = cast ?? Functions.Find(method);
        if (known is null && !Composed.Contains(method.Name) && !OfBits.Contains(method.Name)) return null;

        // Evaluated in the order they are written, which names may change.
        var args = new Atom[method.Parameters.Length];
        foreach (var a in op.Arguments) args[a.Parameter!.Ordinal] = AtomOf(a.Value);
        if (known is { Adjoint: null } && method.ReturnType.SpecialType != SpecialType.System_Boolean || method.Name is "Round" or "Sign") Steps($"'{method.Name}'", op, args);
        if (known is not null) return new ScalarVal(Emit(known, hint, args));

        var type = Numbers.Of(method.Parameters[0].Type)!.Value;
        return type.IsFloat() ? FloatCall(op, args, type, hint) : IntegerCall(op, args, type, hint);
    }

    private static readonly HashSet<string> Composed =
    [
        "Clamp", "Sign", "Log", "Round", "SinCos", "DivRem", "BigMul", "Lerp", "DegreesToRadians", "RadiansToDegrees", "Exp10", "Exp2M1", "Exp10M1",
        "Log2P1", "Log10P1", "MaxMagnitude", "MinMagnitude", "IsNegative", "IsPositive", "IsPositiveInfinity", "IsNegativeInfinity", "IsInteger", "IsRealNumber",
        "Max", "Min", "IsEvenInteger", "IsOddInteger", "MaxNumber", "MinNumber", "MaxMagnitudeNumber", "MinMagnitudeNumber", "IsNormal", "IsSubnormal",
        "AcosPi", "AsinPi", "AtanPi", "Atan2Pi", "IEEERemainder", "Ieee754Remainder", "SinPi", "CosPi", "SinCosPi", "TanPi", "RootN",
        "CopySign", "BitIncrement", "BitDecrement", "ScaleB", "ILogB", "IsPow2",
    ];

    private Val? FloatCall(IInvocationOperation op, Atom[] args, Number type, string? hint)
    {
        var x = args[0];
        Atom Is(double value) => Emit(OpTable.Eq, "c", x, Of(value));
        Const Of(double value) => Const.Of(type.Held(), value);
        Atom Negative(Atom a) => Emit(OpTable.Lt, "c", Emit(OpTable.CopySign, hint, Of(1), a), Of(0));
        Atom Integer() => Both(OpTable.And, Emit(OpTable.IsFinite, "c", x), Emit(OpTable.Eq, "c", Emit(OpTable.Truncate, hint, x), x));
        Atom OverPi(Atom angle) => Emit(OpTable.Div, hint, angle, Of(Math.PI));
        double leastNormal = type == Number.F64 ? 2.2250738585072014E-308 : 1.17549435E-38f;
        switch (op.TargetMethod.Name, args.Length)
        {
            case ("Clamp", 3):
                // double.Clamp lets a bound that is NaN win, Math.Clamp ignores it.
                var high = Ordered(args[1], args[2], hint, op);
                return new ScalarVal(op.TargetMethod.ContainingType.Name == "Math" ? Emit(OpTable.Clamp, hint, x, args[1], high)
                    : Emit(OpTable.Min, hint, Emit(OpTable.Max, hint, x, args[1]), high));
            case ("Sign", 1):
                var number = x is Const ? x : Emit(OpTable.Number, hint, x);
                return new ScalarVal(Emit(OpTable.Select, hint, Emit(OpTable.Gt, "c", number, Of(0)), Const.I32(1),
                    Emit(OpTable.Select, hint, Emit(OpTable.Lt, "c", number, Of(0)), Const.I32(-1), Const.I32(0))));
            case ("Log", 2): return new ScalarVal(LogOf(x, args[1], Of, hint));
            case ("Round", 2) when op.TargetMethod.Parameters[1].Type.Name == "MidpointRounding": return Rounded(op, x, args[1], Of, hint);
            case ("Round", 2): return RoundedTo(op, x, args[1], Const.I32(0), Of, hint);
            case ("Round", 3): return RoundedTo(op, x, args[1], args[2], Of, hint);
            case ("SinCos", 1) when ShapeOf(op.Type, op) is AggregateShape pair:
                return new AggregateVal(pair, [new ScalarVal(Emit(OpTable.Sin, hint, x)), new ScalarVal(Emit(OpTable.Cos, hint, x))]);
            case ("Lerp", 3):
                return new ScalarVal(Emit(OpTable.Fma, hint, x, Emit(OpTable.Sub, hint, Of(1), args[2]), Emit(OpTable.Mul, hint, args[1], args[2])));
            case ("DegreesToRadians", 1): return new ScalarVal(Emit(OpTable.Div, hint, Emit(OpTable.Mul, hint, x, Of(Math.PI)), Of(180)));
            case ("RadiansToDegrees", 1): return new ScalarVal(Emit(OpTable.Div, hint, Emit(OpTable.Mul, hint, x, Of(180)), Of(Math.PI)));
            case ("Exp10", 1): return new ScalarVal(Emit(OpTable.Pow, hint, Of(10), x));
            case ("Exp2M1", 1): return new ScalarVal(Emit(OpTable.Sub, hint, Emit(OpTable.Exp2, hint, x), Of(1)));
            case ("Exp10M1", 1): return new ScalarVal(Emit(OpTable.Sub, hint, Emit(OpTable.Pow, hint, Of(10), x), Of(1)));
            case ("Log2P1", 1): return new ScalarVal(Emit(OpTable.Log2, hint, Emit(OpTable.Add, hint, x, Of(1))));
            case ("Log10P1", 1): return new ScalarVal(Emit(OpTable.Log10, hint, Emit(OpTable.Add, hint, x, Of(1))));
            case ("MaxMagnitude" or "MaxMagnitudeNumber", 2):
                return new ScalarVal(Magnitude(OpTable.Gt, Negative(x), args, op.TargetMethod.Name == "MaxMagnitude" ? x : args[1], hint, swap: true));
            case ("MinMagnitude" or "MinMagnitudeNumber", 2):
                return new ScalarVal(Magnitude(OpTable.Lt, Negative(x), args, op.TargetMethod.Name == "MinMagnitude" ? x : args[1], hint, swap: false));
            case ("MaxNumber", 2): return new ScalarVal(NumberOf(OpTable.Gt, Negative(args[1]), args, hint));
            case ("MinNumber", 2): return new ScalarVal(NumberOf(OpTable.Lt, Negative(x), args, hint));
            case ("IsNegative", 1): return new ScalarVal(Negative(x));
            case ("IsPositive", 1): return new ScalarVal(Emit(OpTable.Not, "c", Negative(x)));
            case ("IsNormal", 1): return new ScalarVal(Both(OpTable.And, Emit(OpTable.IsFinite, "c", x), Emit(OpTable.Ge, "c", Emit(OpTable.Abs, hint, x), Of(leastNormal))));
            case ("IsSubnormal", 1): return new ScalarVal(Both(OpTable.And, Emit(OpTable.Ne, "c", x, Of(0)), Emit(OpTable.Lt, "c", Emit(OpTable.Abs, hint, x), Of(leastNormal))));
            case ("IsEvenInteger" or "IsOddInteger", 1):
                var odd = Of(op.TargetMethod.Name == "IsOddInteger" ? 1 : 0);
                return new ScalarVal(Both(OpTable.And, Integer(), Emit(OpTable.Eq, "c", Emit(OpTable.Abs, hint, Emit(OpTable.Rem, hint, x, Of(2))), odd)));
            case ("AcosPi", 1): return new ScalarVal(OverPi(Emit(OpTable.Acos, hint, x)));
            case ("AsinPi", 1): return new ScalarVal(OverPi(Emit(OpTable.Asin, hint, x)));
            case ("AtanPi", 1): return new ScalarVal(OverPi(Emit(OpTable.Atan, hint, x)));
            case ("Atan2Pi", 2): return new ScalarVal(OverPi(Emit(OpTable.Atan2, hint, x, args[1])));
            case ("IEEERemainder" or "Ieee754Remainder", 2): return new ScalarVal(Remainder(x, args[1], Negative(x), Of, hint));
            case ("IsPositiveInfinity", 1): return new ScalarVal(Is(double.PositiveInfinity));
            case ("IsNegativeInfinity", 1): return new ScalarVal(Is(double.NegativeInfinity));
            case ("IsRealNumber", 1): return new ScalarVal(Emit(OpTable.Not, "c", Emit(OpTable.IsNaN, "c", x)));
            case ("IsInteger", 1): return new ScalarVal(Integer());
            default: return HalfTurnCall(op, args, hint) ?? FormatCall(op, args, type, hint);
        }
    }

    /// <summary>By definition of .NET: x where it wins or y is no number; of equal ones the sign decides, which tells zeros apart.</summary>
    private Atom NumberOf(Op wins, Atom negative, Atom[] args, string? hint)
    {
        var (x, y) = (args[0], args[1]);
        var first = Emit(OpTable.Or, "c", Emit(OpTable.IsNaN, "c", y), Emit(wins, "c", x, y));
        return Emit(OpTable.Select, hint, Emit(OpTable.Select, "c", Emit(OpTable.Eq, "c", x, y), negative, first), x, y);
    }

    /// <summary>IEEE 754, remainder, as .NET finds it: the remainder of the truncated quotient, or the one beyond, whichever is nearer to 0; halfway the even quotient's.</summary>
    private Atom Remainder(Atom x, Atom y, Atom negative, Func<double, Const> of, string? hint)
    {
        var truncated = Emit(OpTable.Rem, hint, x, y);
        var beyond = Emit(OpTable.Sub, hint, truncated, Emit(OpTable.CopySign, hint, y, x));
        var (near, far) = (Emit(OpTable.Abs, hint, truncated), Emit(OpTable.Abs, hint, beyond));
        var quotient = Emit(OpTable.Div, hint, x, y);
        var up = Emit(OpTable.Gt, "c", Emit(OpTable.Abs, hint, Emit(OpTable.Round, hint, quotient)), Emit(OpTable.Abs, hint, quotient));
        var isBeyond = Emit(OpTable.Select, "c", Emit(OpTable.Eq, "c", far, near), up, Emit(OpTable.Lt, "c", far, near));
        var value = Emit(OpTable.Select, hint, isBeyond, beyond, truncated);
        // Of −6 by 3 it is −0.
        return Emit(OpTable.Select, hint, Both(OpTable.And, Emit(OpTable.Eq, "c", truncated, of(0)), negative), of(-0.0), value);
    }

    /// <summary>By definition of .NET: x where it wins or <paramref name="other"/> is NaN; at a tie the sign decides.</summary>
    private Atom Magnitude(Op wins, Atom negative, Atom[] args, Atom other, string? hint, bool swap)
    {
        var (x, y) = (args[0], args[1]);
        var (ax, ay) = (Emit(OpTable.Abs, hint, x), Emit(OpTable.Abs, hint, y));
        var tie = swap ? Emit(OpTable.Select, hint, negative, y, x) : Emit(OpTable.Select, hint, negative, x, y);
        var rest = Emit(OpTable.Select, hint, Emit(OpTable.Eq, "c", ax, ay), tie, y);
        return Emit(OpTable.Select, hint, Emit(OpTable.Or, "c", Emit(wins, "c", ax, ay), Emit(OpTable.IsNaN, "c", other)), x, rest);
    }

    /// <summary>log x / log b; NaN for the bases that have no logarithm: 1, and 0 and ∞ but for x = 1.</summary>
    private Atom LogOf(Atom x, Atom b, Func<double, Const> of, string? hint)
    {
        var quotient = Emit(OpTable.Div, hint, Emit(OpTable.Log, hint, x), Emit(OpTable.Log, hint, b));
        var end = Both(OpTable.Or, Emit(OpTable.Eq, "c", b, of(0)), Emit(OpTable.Eq, "c", b, of(double.PositiveInfinity)));
        var none = Both(OpTable.Or, Emit(OpTable.Eq, "c", b, of(1)), Both(OpTable.And, end, Emit(OpTable.Ne, "c", x, of(1))));
        if (none is Const { AsBool: false }) return quotient;
        return Emit(OpTable.Select, hint, Both(OpTable.And, none, Emit(OpTable.Not, "c", Emit(OpTable.IsNaN, "c", b))), of(double.NaN), quotient);
    }

    private ScalarVal? Rounded(IInvocationOperation op, Atom x, Atom mode, Func<double, Const> of, string? hint)
    {
        if (mode is not Const { AsLong: var m }) throw Unsupported(op, "name the way of rounding by a constant");
        switch (m)
        {
            case 0: return new ScalarVal(Emit(OpTable.Round, hint, x));
            case 2: return new ScalarVal(Emit(OpTable.Truncate, hint, x));
            case 3: return new ScalarVal(Emit(OpTable.Floor, hint, x));
            case 4: return new ScalarVal(Emit(OpTable.Ceiling, hint, x));
            case 1:
                var whole = Emit(OpTable.Truncate, hint, x);
                var half = Emit(OpTable.Ge, "c", Emit(OpTable.Abs, hint, Emit(OpTable.Sub, hint, x, whole)), of(0.5));
                return new ScalarVal(Emit(OpTable.Select, hint, half, Emit(OpTable.Add, hint, whole, Emit(OpTable.CopySign, hint, of(1), x)), whole));
            default: return null;
        }
    }

    /// <summary>Multiplied by a power of ten, rounded, and divided again. Where floats have no fractions any more they stay as they are.</summary>
    private ScalarVal? RoundedTo(IInvocationOperation op, Atom x, Atom digits, Atom mode, Func<double, Const> of, string? hint)
    {
        bool isDouble = x.Type == IrType.F64;
        int most = isDouble ? 15 : 6;
        if (digits is not Const { AsLong: >= 0 and var count } || count > most) throw Unsupported(op, $"name the number of digits by a constant from 0 to {most}");
        var power = of(Math.Pow(10, count));
        if (Rounded(op, Emit(OpTable.Mul, hint, x, power), mode, of, hint) is not { } rounded) return null;
        var isSmall = Emit(OpTable.Lt, "c", Emit(OpTable.Abs, hint, x), of(isDouble ? 1e16 : 1e8));
        return new ScalarVal(Emit(OpTable.Select, hint, isSmall, Emit(OpTable.Div, hint, rounded.Atom, power), Emit(OpTable.Round, hint, x)));
    }

    /// <summary>The upper bound, checked against the lower one where that is not proven.</summary>
    private Atom Ordered(Atom low, Atom high, string? hint, IOperation where)
    {
        if (low is Const l && high is Const h)
            return l.Type.IsFloat && l.AsDouble > h.AsDouble || !l.Type.IsFloat && l.AsLong > h.AsLong ? throw Unsupported(where, "the lower bound is above the upper one") : high;
        if (low.Type.IsInteger && IntervalOf(low).High <= IntervalOf(high).Low) return high;
        return Emit(OpTable.Upper, hint, low, high);
    }

    private Val? IntegerCall(IInvocationOperation op, Atom[] args, Number type, string? hint)
    {
        var x = args[0];
        Const Of(long value) => type.Held() == Scalar.I64 ? Const.I64(value) : Const.I32((int)value);
        switch (op.TargetMethod.Name, args.Length)
        {
            case ("Clamp", 3) when !type.IsUnsigned():
                return new ScalarVal(Emit(OpTable.Min, hint, Emit(OpTable.Max, hint, x, args[1]), Ordered(args[1], args[2], hint, op)));
            case ("Sign", 1) when !type.IsUnsigned():
                return new ScalarVal(Emit(OpTable.Select, hint, Emit(OpTable.Gt, "c", x, Of(0)), Const.I32(1),
                    Emit(OpTable.Select, hint, Emit(OpTable.Lt, "c", x, Of(0)), Const.I32(-1), Const.I32(0))));
            case ("DivRem", 2) when type is Number.I32 or Number.I64 && ShapeOf(op.Type, op) is AggregateShape pair:
                return new AggregateVal(pair, [new ScalarVal(Emit(OpTable.IntDiv, hint, x, args[1])), new ScalarVal(Emit(OpTable.IntRem, hint, x, args[1]))]);
            case ("CopySign", 2) when !type.IsUnsigned():
                // Without a sign it throws of the least integer, as Abs does; with one it is that integer.
                var isPositive = Emit(OpTable.Ge, "c", args[1], Of(0));
                var without = Emit(OpTable.IntAbs, hint, Emit(OpTable.Select, hint, isPositive, x, Of(0)));
                var with = Emit(OpTable.Select, hint, Emit(OpTable.Lt, "c", x, Of(0)), x, Emit(OpTable.Neg, hint, x));
                return new ScalarVal(Emit(OpTable.Select, hint, isPositive, without, with));
            case ("BigMul", 2) when type == Number.U32 && Numbers.Of(op.Type) == Number.U64:
                return new ScalarVal(Emit(OpTable.Mul, hint, Cast(x, type, Number.U64, false, op, hint), Cast(args[1], type, Number.U64, false, op, hint)));
            case ("Sign", 1): return new ScalarVal(Emit(OpTable.Select, hint, Emit(OpTable.Ne, "c", x, Of(0)), Const.I32(1), Const.I32(0)));
            case ("MaxMagnitude" or "MinMagnitude", 2) when !type.IsUnsigned():
                // Sizes are compared as unsigned numbers, which hold that of the least integer.
                Atom Size(Atom a) => Flipped(Emit(OpTable.Select, hint, Emit(OpTable.Lt, "c", a, Of(0)), Emit(OpTable.Neg, hint, a), a));
                var (xSize, ySize, isMax) = (Size(x), Size(args[1]), op.TargetMethod.Name == "MaxMagnitude");
                var wins = Emit(isMax ? OpTable.Gt : OpTable.Lt, "c", xSize, ySize);
                var tie = Both(OpTable.And, Emit(OpTable.Eq, "c", xSize, ySize), Emit(isMax ? OpTable.Ge : OpTable.Lt, "c", x, Of(0)));
                return new ScalarVal(Emit(OpTable.Select, hint, Both(OpTable.Or, wins, tie), x, args[1]));
            case ("BigMul", 2) when type == Number.I32 && Numbers.Of(op.Type) == Number.I64:
                return new ScalarVal(Emit(OpTable.Mul, hint, Emit(OpTable.ToI64, hint, x), Emit(OpTable.ToI64, hint, args[1])));
            case ("Max" or "Min", 2) when type.IsUnsigned():
                var first = Emit(op.TargetMethod.Name == "Max" ? OpTable.Ge : OpTable.Le, "c", Flipped(x), Flipped(args[1]));
                return new ScalarVal(Emit(OpTable.Select, hint, first, x, args[1]));
            case ("Clamp", 3) when type.IsUnsigned() && args[1] is Const && args[2] is Const && Unsigned(args[1]) <= Unsigned(args[2]):
                Atom Limit(Op beyond, Atom value, Atom limit) => Emit(OpTable.Select, hint, Emit(beyond, "c", Flipped(value), Flipped(limit)), limit, value);
                return new ScalarVal(Limit(OpTable.Gt, Limit(OpTable.Lt, x, args[1]), args[2]));
            case ("IsEvenInteger" or "IsOddInteger", 1):
                return new ScalarVal(Emit(OpTable.Eq, "c", Emit(OpTable.And, hint, x, Of(1)), Of(op.TargetMethod.Name == "IsOddInteger" ? 1 : 0)));
            case ("IsNegative", 1) when !type.IsUnsigned(): return new ScalarVal(Emit(OpTable.Lt, "c", x, Of(0)));
            case ("IsPositive", 1) when !type.IsUnsigned(): return new ScalarVal(Emit(OpTable.Ge, "c", x, Of(0)));
            default: return BitsCall(op, args, type, hint);
        }
    }

    private static ulong Unsigned(Atom constant) => constant is Const { Type: var t } c && t == IrType.I64 ? unchecked((ulong)c.AsLong) : unchecked((uint)((Const)constant).AsLong);

    /// <summary>x.Equals(y) and x.CompareTo(y) of numbers: NaN equals NaN, and is below everything.</summary>
    private Val? Compared(IInvocationOperation op, IOperation instance, Number type)
    {
        if (op.Arguments.Length != 1 || Numbers.Of(op.Arguments[0].Value.Type) != type || instance.Type!.TypeKind == TypeKind.Enum) return null;
        if (op.TargetMethod.Name is not ("Equals" or "CompareTo") || op.TargetMethod.Name == "CompareTo" && !type.IsFloat() && type is not (Number.I32 or Number.I64)) return null;
        var (x, y) = (AtomOf(instance), AtomOf(op.Arguments[0].Value));
        if (op.TargetMethod.Name == "Equals") return new ScalarVal(EqualParts(new ScalarVal(x), new ScalarVal(y), asEquals: true, op));
        Atom Else(Atom condition, int value, Atom otherwise) => Emit(OpTable.Select, null, condition, Const.I32(value), otherwise);
        Atom rest = Const.I32(0);
        if (type.IsFloat())
            rest = Else(Emit(OpTable.Eq, "c", x, y), 0, Else(Emit(OpTable.Not, "c", Emit(OpTable.IsNaN, "c", x)), 1, Else(Emit(OpTable.Not, "c", Emit(OpTable.IsNaN, "c", y)), -1, rest)));
        return new ScalarVal(Else(Emit(OpTable.Lt, "c", x, y), -1, Else(Emit(OpTable.Gt, "c", x, y), 1, rest)));
    }
}
