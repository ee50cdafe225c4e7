using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>What .NET defines by the bits of a float: BitConverter's casts, the neighbours of a number, its exponent and its product with a power of two.</summary>
internal sealed partial class MethodLowering
{
    private static readonly Dictionary<string, Op> OfFormats = new()
    {
        ["SingleToInt32Bits"] = OpTable.Bits32, ["SingleToUInt32Bits"] = OpTable.Bits32, ["DoubleToInt64Bits"] = OpTable.Bits64, ["DoubleToUInt64Bits"] = OpTable.Bits64,
        ["Int32BitsToSingle"] = OpTable.OfBits32, ["UInt32BitsToSingle"] = OpTable.OfBits32, ["Int64BitsToDouble"] = OpTable.OfBits64, ["UInt64BitsToDouble"] = OpTable.OfBits64,
    };

    /// <summary>A cast of BitConverter between a float and its bits, or null.</summary>
    private static Op? BitCast(IMethodSymbol method) =>
        method.ContainingType is { Name: "BitConverter", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }
        && OfFormats.TryGetValue(method.Name, out var op) ? op : null;

    /// <summary>The numbers of a float's format: of its significand's bits, its exponents, and the ops that cast.</summary>
    private sealed record Format(int Digits, int Greatest, Op Bits, Op OfBits, Func<long, Const> Word)
    {
        public static readonly Format Single = new(23, 127, OpTable.Bits32, OpTable.OfBits32, x => Const.I32((int)x));
        public static readonly Format Double = new(52, 1023, OpTable.Bits64, OpTable.OfBits64, x => Const.I64(x));

        public int Least => 1 - Greatest;
        public double Normal => Math.Pow(2, Least);

        /// <summary>The least number above 0.</summary>
        public double Tiny => Greatest == 127 ? 1.40129846e-45f : 4.94065645841246544e-324;
        public double Huge => Greatest == 127 ? float.MaxValue : double.MaxValue;
    }

    private ScalarVal? FormatCall(IInvocationOperation op, Atom[] args, Number type, string? hint)
    {
        var format = type == Number.F32 ? Format.Single : type == Number.F64 ? Format.Double : null;
        if (format is null) return null;
        switch (op.TargetMethod.Name, args.Length)
        {
            case ("BitIncrement", 1): return new ScalarVal(Above(format, args[0], hint));
            case ("BitDecrement", 1): return new ScalarVal(Emit(OpTable.Neg, hint, Above(format, Emit(OpTable.Neg, hint, args[0]), hint)));
            case ("ScaleB", 2): return new ScalarVal(Scaled(format, args[0], args[1], hint));
            case ("ILogB", 1):
                Steps("'ILogB'", op, args);
                return new ScalarVal(Exponent(format, args[0], hint));
            case ("IsPow2", 1):
                var bits = Emit(format.Bits, hint, Raised(format, args[0], out _, hint));
                var significand = Emit(OpTable.And, hint, bits, format.Word((1L << format.Digits) - 1));
                var isNumber = Both(OpTable.And, Emit(OpTable.Gt, "c", args[0], Of(args[0], 0.0)), Emit(OpTable.IsFinite, "c", args[0]));
                return new ScalarVal(Both(OpTable.And, isNumber, Emit(OpTable.Eq, "c", significand, format.Word(0))));
            default: return null;
        }
    }

    private static Const Of(Atom like, double value) => Const.Of(like.Type.Scalar, value);

    /// <summary>|x|, and 2^(digits + 1)·|x| for a subnormal x, so that its bits are those of a normal number.</summary>
    private Atom Raised(Format format, Atom x, out Atom isSubnormal, string? hint)
    {
        var size = Emit(OpTable.Abs, hint, x);
        isSubnormal = Emit(OpTable.Lt, "c", size, Of(x, format.Normal));
        return Emit(OpTable.Select, hint, isSubnormal, Emit(OpTable.Mul, hint, size, Of(x, Math.Pow(2, format.Digits + 1))), size);
    }

    /// <summary>
    /// The next number above x: one more in the bits, or one less for a negative x. As a step that is added to x, which is exact and keeps the derivative 1.
    /// Above −∞ is the least number; ∞ and NaN stay.
    /// </summary>
    private Atom Above(Format format, Atom x, string? hint)
    {
        var sign = Emit(OpTable.Select, hint, Emit(OpTable.Lt, "c", x, Of(x, 0.0)), format.Word(-1), format.Word(1));
        var next = Emit(format.OfBits, hint, Emit(OpTable.Add, hint, Emit(format.Bits, hint, x), sign));
        var step = Emit(OpTable.Select, hint, Emit(OpTable.Eq, "c", x, Of(x, 0.0)), Of(x, format.Tiny), Emit(OpTable.Sub, hint, next, Emit(OpTable.StopGradient, hint, x)));
        var finite = Emit(OpTable.Select, hint, Emit(OpTable.IsFinite, "c", x), Emit(OpTable.Add, hint, x, step), x);
        return Emit(OpTable.Select, hint, Emit(OpTable.Eq, "c", x, Of(x, double.NegativeInfinity)), Of(x, -format.Huge), finite);
    }

    /// <summary>x·2ⁿ, rounded once: by three powers of two at most, of which only the last one can leave the normal numbers.</summary>
    private Atom Scaled(Format format, Atom x, Atom n, string? hint)
    {
        // Downwards a step leaves room for the digits, so that nothing is rounded before the end.
        var (down, up) = (format.Least + format.Digits + 1, format.Greatest);
        for (int step = 0; step < 2; step++)
        {
            var (isHigh, isLow) = (Emit(OpTable.Gt, "c", n, Const.I32(format.Greatest)), Emit(OpTable.Lt, "c", n, Const.I32(format.Least)));
            Atom Factor(int exponent) => Of(x, Math.Pow(2, exponent));
            x = Emit(OpTable.Mul, hint, x, Emit(OpTable.Select, hint, isHigh, Factor(up), Emit(OpTable.Select, hint, isLow, Factor(down), Factor(0))));
            n = Emit(OpTable.Sub, hint, n, Emit(OpTable.Select, hint, isHigh, Const.I32(up), Emit(OpTable.Select, hint, isLow, Const.I32(down), Const.I32(0))));
        }
        n = Emit(OpTable.Min, hint, Emit(OpTable.Max, hint, n, Const.I32(format.Least)), Const.I32(format.Greatest));
        var biased = Emit(OpTable.Add, hint, n, Const.I32(format.Greatest));
        var word = format == Format.Double ? Emit(OpTable.ToI64, hint, biased) : biased;
        return Emit(OpTable.Mul, hint, x, Emit(format.OfBits, hint, Emit(OpTable.Shl, hint, word, Const.I32(format.Digits))));
    }

    /// <summary>⌊log₂ |x|⌋; the least integer for 0, the greatest for what is not finite.</summary>
    private Atom Exponent(Format format, Atom x, string? hint)
    {
        var bits = Emit(format.Bits, hint, Raised(format, x, out var isSubnormal, hint));
        var biased = Emit(OpTable.UShr, hint, bits, Const.I32(format.Digits));
        if (format == Format.Double) biased = Emit(OpTable.ToI32, hint, biased);
        var bias = Emit(OpTable.Select, hint, isSubnormal, Const.I32(format.Greatest + format.Digits + 1), Const.I32(format.Greatest));
        var exponent = Emit(OpTable.Select, hint, Emit(OpTable.IsFinite, "c", x), Emit(OpTable.Sub, hint, biased, bias), Const.I32(int.MaxValue));
        return Emit(OpTable.Select, hint, Emit(OpTable.Eq, "c", x, Of(x, 0.0)), Const.I32(int.MinValue), exponent);
    }
}
