using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>
/// Checks: the value of an operand where C# would go on, and an exception where C# throws one. As any value, one that nothing
/// uses is not computed, and then not checked.
/// </summary>
public static partial class OpTable
{
    /// <summary>The length of a new array, as an i32: throws where it is negative, or no i32.</summary>
    public static readonly Op Length = new("length", 1)
    {
        TypeOf = TypeRules.ToI32,
        Evaluate = a => a[0].AsLong is >= 0 and <= int.MaxValue and var n ? Const.I32((int)n) : throw new OverflowException($"a length is {a[0].AsLong}"),
        CSharp = "(int){0}", IsTotal = false,
        Fault = new(FaultKind.Length, "(ulong){0} > int.MaxValue"),
    };

    /// <summary>The upper bound of a clamp, after the lower one: throws where they are out of order. NaN is in order with everything.</summary>
    public static readonly Op Upper = new("upper", 2)
    {
        TypeOf = TypeRules.Number,
        Evaluate = a => (a[0].Type.IsFloat ? a[0].AsDouble > a[1].AsDouble : a[0].AsLong > a[1].AsLong)
            ? throw new ArgumentException($"the bounds {a[0]} and {a[1]} are out of order") : a[1],
        CSharp = "{1}", Simd = "{1}", SimdInt = "{1}", IsTotal = false,
        Fault = new(FaultKind.Bounds, "{0} > {1}", "{VX}.GreaterThan({0}, {1})", "Lanes.Mask{F}({VIX}.GreaterThan({0}, {1}))"),
        Adjoint = (s, k) => k == 1 ? s.Bar : s.Zero,
        Domain = [(-10, 0), (0, 10)], Ulp = 0,
    };

    /// <summary>The operand; throws where it is NaN.</summary>
    public static readonly Op Number = new("number", 1)
    {
        TypeOf = TypeRules.Float,
        Evaluate = a => double.IsNaN(a[0].AsDouble) ? throw new ArithmeticException("a NaN has no sign") : a[0],
        CSharp = "{0}", Simd = "{0}", IsTotal = false,
        Fault = new(FaultKind.NotANumber, "!({0} >= 0 || {0} < 0)", "~{VX}.Equals({0}, {0})"),
        Adjoint = (s, _) => s.Bar,
        Domain = [(-10, 10)], Ulp = 0,
    };

    /// <summary>
    /// The last operand; throws where it is NaN, or infinite although the second, to which all that it was computed from was added times 0, is finite.
    /// The first, a constant, says where in the source: 2k is the value of place k, 2k + 1 a derivative of it. Debug mode only, see <see cref="Transforms.Debug.Checks"/>.
    /// </summary>
    public static readonly Op Finite = new("finite", 3)
    {
        TypeOf = TypeRules.Float,
        Evaluate = a => double.IsNaN(a[2].AsDouble) || double.IsInfinity(a[2].AsDouble) && a[1].AsDouble == 0
            ? throw new ArithmeticException($"place {a[0]} is {a[2]}") : a[2],
        CSharp = "{2}", IsTotal = false,
        Fault = new(FaultKind.NotFinite, "{2} - {2} != 0 && ({2} != {2} || {1} == 0)"),
        Adjoint = (s, k) => k != 2 ? s.Zero : s.Of(Finite!, s.X is Const c ? s.Number((int)c.AsDouble | 1) : s.X, s.Zero, s.Bar),
        Domain = [(0, 1), (0, 1), (-10, 10)], Ulp = 0,
    };

    /// <summary>An i64 as an i32; throws where it is none. What <c>checked</c> means for ints, which are computed in i64.</summary>
    public static readonly Op Narrow = new("narrow", 1)
    {
        TypeOf = t => t.Count == 1 && t[0] == IrType.I64 ? IrType.I32 : throw new ArgumentException($"the operands are ({t}), expected i64"),
        Evaluate = a => Const.I32(checked((int)a[0].AsLong)),
        CSharp = "(int){0}", Ilgpu = "GpuMath.ToI32({0})", IsTotal = false,
        Fault = new(FaultKind.Overflow, "(int){0} != {0}"),
    };

    /// <summary>The length that all samples of a batch have, from the least and the greatest: throws where they differ.</summary>
    public static readonly Op Uniform = new("uniform", 2)
    {
        TypeOf = t => t.Count == 2 && t[1] == IrType.I32 ? TypeRules.Integer(t) : throw new ArgumentException($"the operands are ({t}), expected two i32"),
        Evaluate = a => a[0].AsInt < a[1].AsInt ? throw new ArgumentException($"the lengths {a[0]} and {a[1]} differ") : a[1],
        CSharp = "{1}", IsTotal = false,
        Fault = new(FaultKind.Lengths, "{0} < {1}"),
    };
}
