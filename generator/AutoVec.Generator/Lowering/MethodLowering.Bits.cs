using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>The functions of BitOperations and of the integer types that count bits (Warren, Hacker's Delight, 2nd ed., sections 5-1 to 5-4), for 32 and 64 bits.</summary>
internal sealed partial class MethodLowering
{
    private static readonly HashSet<string> OfBits = ["PopCount", "LeadingZeroCount", "TrailingZeroCount", "Log2", "IsPow2", "RotateLeft", "RotateRight"];

    private static bool IsBitOperation(IMethodSymbol method) =>
        method.ContainingType is { Name: "BitOperations", ContainingNamespace: { Name: "Numerics", ContainingNamespace.Name: "System" } } && OfBits.Contains(method.Name);

    private ScalarVal? BitsCall(IInvocationOperation op, Atom[] args, Number type, string? hint)
    {
        if (type is not (Number.I32 or Number.I64 or Number.U32 or Number.U64) || Numbers.Of(op.Type) is not { } result) return null;
        var x = args[0];
        switch (op.TargetMethod.Name, args.Length)
        {
            case ("RotateLeft" or "RotateRight", 2):
                // Shifts take their count modulo the width, so minus it is the width less it.
                var back = Emit(OpTable.Neg, hint, args[1]);
                bool left = op.TargetMethod.Name == "RotateLeft";
                return new ScalarVal(Emit(OpTable.Or, hint, Emit(OpTable.Shl, hint, x, left ? args[1] : back), Emit(OpTable.UShr, hint, x, left ? back : args[1])));
            case ("PopCount", 1): return Counted(Ones(x, hint));
            case ("LeadingZeroCount", 1): return Counted(LeadingZeros(x, hint));
            case ("TrailingZeroCount", 1): return Counted(Ones(Emit(OpTable.And, hint, Emit(OpTable.BitNot, hint, x), Emit(OpTable.Sub, hint, x, Of(x, 1))), hint));
            // Of signed numbers it throws below 0; of unsigned ones, 0 counts as 1.
            case ("Log2", 1) when type.IsUnsigned():
                return Counted(Emit(OpTable.Sub, hint, Of(x, Width(x) - 1), LeadingZeros(Emit(OpTable.Or, hint, x, Of(x, 1)), hint)));
            case ("IsPow2", 1):
                var one = Emit(OpTable.Eq, "c", Emit(OpTable.And, hint, x, Emit(OpTable.Sub, hint, x, Of(x, 1))), Of(x, 0));
                return new ScalarVal(Both(OpTable.And, Emit(type.IsUnsigned() ? OpTable.Ne : OpTable.Gt, "c", x, Of(x, 0)), one));
            default: return null;
        }

        ScalarVal Counted(Atom count) => new(Cast(count, x.Type == IrType.I64 ? Number.I64 : Number.I32, result, false, op, hint));
    }

    private static Const Of(Atom like, long value) => like.Type == IrType.I64 ? Const.I64(value) : Const.I32(unchecked((int)value));
    private static int Width(Atom x) => x.Type == IrType.I64 ? 64 : 32;

    /// <summary>Sums of neighbours: of bits, of pairs, of fours; then of all bytes by one product.</summary>
    private Atom Ones(Atom x, string? hint)
    {
        Atom Masked(Atom a, ulong mask) => Emit(OpTable.And, hint, a, Of(x, unchecked((long)mask)));
        Atom Right(Atom a, int count) => Emit(OpTable.UShr, hint, a, Const.I32(count));
        var pairs = Emit(OpTable.Sub, hint, x, Masked(Right(x, 1), 0x5555_5555_5555_5555));
        var fours = Emit(OpTable.Add, hint, Masked(pairs, 0x3333_3333_3333_3333), Masked(Right(pairs, 2), 0x3333_3333_3333_3333));
        var bytes = Masked(Emit(OpTable.Add, hint, fours, Right(fours, 4)), 0x0F0F_0F0F_0F0F_0F0F);
        return Right(Emit(OpTable.Mul, hint, bytes, Of(x, 0x0101_0101_0101_0101)), Width(x) - 8);
    }

    /// <summary>The bits that are not 1 once the highest one has been copied to all places below it.</summary>
    private Atom LeadingZeros(Atom x, string? hint)
    {
        var filled = x;
        for (int shift = 1; shift < Width(x); shift *= 2) filled = Emit(OpTable.Or, hint, filled, Emit(OpTable.UShr, hint, filled, Const.I32(shift)));
        return Emit(OpTable.Sub, hint, Of(x, Width(x)), Ones(filled, hint));
    }
}
