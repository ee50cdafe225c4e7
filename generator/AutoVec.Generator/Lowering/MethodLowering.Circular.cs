using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Functions of half turns (IEEE 754-2019, sections 9.2 and 9.2.1), and roots of a constant degree.</summary>
internal sealed partial class MethodLowering
{
    private Val? HalfTurnCall(IInvocationOperation op, Atom[] args, string? hint)
    {
        var x = args[0];
        switch (op.TargetMethod.Name, args.Length)
        {
            case ("SinPi", 1): return new ScalarVal(HalfTurns(x, hint).Sin);
            case ("CosPi", 1): return new ScalarVal(HalfTurns(x, hint).Cos);
            case ("TanPi", 1): return new ScalarVal(TanOfHalfTurns(x, hint));
            case ("SinCosPi", 1) when ShapeOf(op.Type, op) is AggregateShape pair:
                var (sin, cos) = HalfTurns(x, hint);
                return new AggregateVal(pair, [new ScalarVal(sin), new ScalarVal(cos)]);
            case ("RootN", 2): return new ScalarVal(Root(op, x, args[1], hint));
            default: return null;
        }
    }

    /// <summary>
    /// sin πx and cos πx: x = 2k + q/2 + f with |f| ≤ ¼, all of it exact; the quarter turn q says which of ±sin πf and ±cos πf they are.
    /// A sine that is 0 has the sign of x, a cosine's is positive.
    /// </summary>
    private (Atom Sin, Atom Cos) HalfTurns(Atom x, string? hint)
    {
        Atom Mul(Atom a, double b) => Emit(OpTable.Mul, hint, a, Of(x, b));
        var turn = Emit(OpTable.Sub, hint, x, Mul(Emit(OpTable.Round, hint, Mul(x, 0.5)), 2));
        var quarter = Emit(OpTable.Round, hint, Mul(turn, 2));
        var angle = Mul(Emit(OpTable.Sub, hint, turn, Mul(quarter, 0.5)), Math.PI);
        var (sin, cos) = (Emit(OpTable.Sin, hint, angle), Emit(OpTable.Cos, hint, angle));
        var size = Emit(OpTable.Abs, hint, quarter);
        var isOdd = Emit(OpTable.Eq, "c", size, Of(x, 1.0));
        var isHalf = Emit(OpTable.Eq, "c", size, Of(x, 2.0));
        Atom Signed(Atom minus, Atom value) => Emit(OpTable.Select, hint, minus, Emit(OpTable.Neg, hint, value), value);
        var s = Emit(OpTable.Select, hint, isOdd, Signed(Emit(OpTable.Lt, "c", quarter, Of(x, 0.0)), cos), Signed(isHalf, sin));
        var c = Emit(OpTable.Select, hint, isOdd, Signed(Emit(OpTable.Gt, "c", quarter, Of(x, 0.0)), sin), Signed(isHalf, cos));
        return (s, c);
    }

    private Atom TanOfHalfTurns(Atom x, string? hint)
    {
        var (sin, cos) = HalfTurns(x, hint);
        return Emit(OpTable.Div, hint, sin, cos);
    }

    /// <summary>The n-th root as .NET defines it: |x|^(1/n) with the sign of x, NaN for an even root of a negative number.</summary>
    private Atom Root(IInvocationOperation op, Atom x, Atom degree, string? hint)
    {
        if (degree is not Const { AsLong: var n }) throw Unsupported(op, "name the degree of the root by a constant");
        switch (n)
        {
            case 0: return Of(x, double.NaN);
            case 2: return Emit(OpTable.Select, hint, Emit(OpTable.Eq, "c", x, Of(x, 0.0)), Of(x, 0.0), Emit(OpTable.Sqrt, hint, x));
            case 3: return Emit(OpTable.Cbrt, hint, x);
        }
        var power = Emit(OpTable.Pow, hint, Emit(OpTable.Abs, hint, x), Of(x, x.Type == IrType.F32 ? 1f / n : 1.0 / n));
        if (n % 2 != 0) return Emit(OpTable.CopySign, hint, power, x);
        return Emit(OpTable.Select, hint, Emit(OpTable.Lt, "c", x, Of(x, 0.0)), Of(x, double.NaN), power);
    }
}
