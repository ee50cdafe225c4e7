using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>Arithmetic. On integers it wraps, as C#'s unchecked.</summary>
public static partial class OpTable
{
    public static readonly Op Add = new("add", 2)
    {
        Infix = "+",
        TypeOf = TypeRules.Number,
        Evaluate = Evaluation.Number((x, y) => x + y, (x, y) => unchecked(x + y), (x, y) => unchecked(x + y)),
        CSharp = "{0} + {1}", Simd = "{0} + {1}", SimdInt = "{0} + {1}",
        Adjoint = (s, _) => s.Bar,
        Domain = [(-10, 10), (-10, 10)], Ulp = 0,
    };

    public static readonly Op Sub = new("sub", 2)
    {
        Infix = "-",
        TypeOf = TypeRules.Number,
        Evaluate = Evaluation.Number((x, y) => x - y, (x, y) => unchecked(x - y), (x, y) => unchecked(x - y)),
        CSharp = "{0} - {1}", Simd = "{0} - {1}", SimdInt = "{0} - {1}",
        Adjoint = (s, k) => k == 0 ? s.Bar : s.Neg(s.Bar),
        Domain = [(-10, 10), (-10, 10)], Ulp = 0,
    };

    public static readonly Op Mul = new("mul", 2)
    {
        Infix = "*",
        TypeOf = TypeRules.Number,
        Evaluate = Evaluation.Number((x, y) => x * y, (x, y) => unchecked(x * y), (x, y) => unchecked(x * y)),
        CSharp = "{0} * {1}", Simd = "{0} * {1}", SimdInt = "{0} * {1}",
        Adjoint = (s, k) => s.Mul(s.Bar, s.Args[1 - k]),
        Domain = [(-10, 10), (-10, 10)], Ulp = 0,
    };

    /// <summary>
    /// x·y, and 0 where x is 0, whatever y is: an adjoint times a slope that was computed without knowing whether anybody asks for it. Only derivative code has it.
    /// It is linear in x also at 0, so derivatives of derivatives are right.
    /// </summary>
    public static readonly Op Scale = new("scale", 2)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float((x, y) => x == 0 ? x : x * y),
        CSharp = "Lanes.Scale({0}, {1})", Simd = "Lanes.Scale({0}, {1})", Ilgpu = "GpuMath.Scale({0}, {1})",
        Adjoint = (s, k) => s.Of(Scale!, s.Bar, s.Args[1 - k]),
        Domain = [(-10, 10), (-10, 10)], Ulp = 0,
    };

    public static readonly Op Div = new("div", 2)
    {
        Infix = "/",
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float((x, y) => x / y),
        CSharp = "{0} / {1}", Simd = "{0} / {1}",
        // The quotient is the same for both operands: one division. That of 1/y is its square: none.
        Adjoint = (s, k) => k == 0 ? s.Div(s.Bar, s.Y)
            : s.Neg(s.Mul(s.X is Const { AsDouble: 1 } ? s.Mul(s.Bar, s.Out) : s.Div(s.Bar, s.Y), s.Out)),
        Domain = [(-10, 10), (0.1, 10)], Ulp = 0,
    };

    /// <summary>C#'s <c>/</c> on integers: throws on zero, and where the least integer is divided by −1.</summary>
    public static readonly Op IntDiv = new("idiv", 2)
    {
        TypeOf = TypeRules.Integer,
        Evaluate = Evaluation.Number((_, _) => throw new InvalidOperationException("idiv of floats"), (x, y) => x / y, (x, y) => x / y),
        CSharp = "{0} / {1}", SimdInt = "Lanes.Quotient({0}, {1}, {A})", IsTotal = false,
    };

    /// <summary>C#'s <c>%</c> on integers: throws as <see cref="IntDiv"/>.</summary>
    public static readonly Op IntRem = new("irem", 2)
    {
        TypeOf = TypeRules.Integer,
        Evaluate = Evaluation.Number((_, _) => throw new InvalidOperationException("irem of floats"), (x, y) => x % y, (x, y) => x % y),
        CSharp = "{0} % {1}", SimdInt = "Lanes.Remainder({0}, {1}, {A})", IsTotal = false,
    };

    /// <summary>C#'s <c>%</c> on floats: exact, with the sign of x.</summary>
    public static readonly Op Rem = new("rem", 2)
    {
        Infix = "%",
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float((x, y) => x % y),
        CSharp = "{0} % {1}", Simd = "VMath.Rem({0}, {1})", Ilgpu = "GpuMath.Rem({0}, {1})",
        // x - out is an exact multiple of y, so this is trunc(x / y) also where x / y rounds up to the next integer.
        Adjoint = (s, k) => k == 0 ? s.Bar : s.Neg(s.Mul(s.Bar, s.Round(s.Div(s.Sub(s.X, s.Out), s.Y)))),
        Domain = [(-10, 10), (0.5, 5)], Ulp = 0,
    };

    public static readonly Op Neg = new("neg", 1)
    {
        TypeOf = TypeRules.Number,
        Evaluate = a => a[0].Type.IsFloat ? Const.Of(a[0].Scalar, -a[0].AsDouble) : Evaluation.Integer(a[0].Scalar, unchecked(-a[0].AsLong)),
        CSharp = "-{0}", Simd = "-{0}", SimdInt = "-{0}",
        Adjoint = (s, _) => s.Neg(s.Bar),
        Domain = [(-10, 10)], Ulp = 0,
    };

    public static readonly Op Abs = new("abs", 1)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(Math.Abs),
        CSharp = "{M}.Abs({0})", Simd = "{VX}.Abs({0})",
        // 0 at the kink; NaN lets the adjoint pass, as max does.
        Adjoint = (s, _) => s.Select(s.Less(s.X, s.Zero), s.Neg(s.Bar), s.Select(s.Equal(s.X, s.Zero), s.Zero, s.Bar)),
        Domain = [(-10, 10)], Ulp = 0,
    };

    /// <summary>Ad.StopGradient: the operand itself, whose derivative is 0. Gone where no derivative will be taken any more.</summary>
    public static readonly Op StopGradient = new("stopgradient", 1)
    {
        TypeOf = TypeRules.Float,
        Evaluate = a => a[0],
        CSharp = "{0}", Simd = "{0}",
        Domain = [(-10, 10)], Ulp = 0,
    };

    /// <summary>Math.Abs on integers: throws on the least one, as C# does. A separate op, so that the float one stays total.</summary>
    public static readonly Op IntAbs = new("iabs", 1)
    {
        TypeOf = TypeRules.Integer,
        Evaluate = a => a[0].Scalar == Scalar.I32 ? Const.I32(Math.Abs(a[0].AsInt)) : Const.I64(Math.Abs(a[0].AsLong)),
        CSharp = "Math.Abs({0})", Ilgpu = "GpuMath.Abs({0})", IsTotal = false,
    };

    /// <summary>
    /// Where a slice of y elements from x on starts, in an array of z elements: x itself. Throws <see cref="ArgumentOutOfRangeException"/> where
    /// C#'s slices do, unless 0 ≤ x, 0 ≤ y and x + y ≤ z. Whoever reads through the slice depends on it.
    /// </summary>
    public static readonly Op Slice = new("slice", 3)
    {
        TypeOf = TypeRules.Extents,
        Evaluate = a => (uint)a[0].AsInt <= (uint)a[2].AsInt && (uint)a[1].AsInt <= (uint)(a[2].AsInt - a[0].AsInt) ? a[0] : throw new ArgumentOutOfRangeException(nameof(Slice)),
        CSharp = "Violation.Slice({0}, {1}, {2})", IsTotal = false,
    };

    public static readonly Op Max = new("max", 2)
    {
        TypeOf = TypeRules.Number,
        Evaluate = Evaluation.Number(ScalarMath.Max, Math.Max, Math.Max),
        CSharp = "{M}.Max({0}, {1})", Simd = "{VX}.Max({0}, {1})", SimdInt = "{VIX}.Max({0}, {1})", Ilgpu = "GpuMath.Max({0}, {1})",
        Adjoint = MaxAdjoint,
        Domain = [(-10, 10), (-10, 10)], Ulp = 0,
    };

    public static readonly Op Min = new("min", 2)
    {
        TypeOf = TypeRules.Number,
        Evaluate = Evaluation.Number(ScalarMath.Min, Math.Min, Math.Min),
        CSharp = "{M}.Min({0}, {1})", Simd = "{VX}.Min({0}, {1})", SimdInt = "{VIX}.Min({0}, {1})", Ilgpu = "GpuMath.Min({0}, {1})",
        Adjoint = MinAdjoint,
        Domain = [(-10, 10), (-10, 10)], Ulp = 0,
    };

    /// <summary>
    /// Math.Clamp for bounds in order: as min(max(x, lo), hi), but a zero keeps its sign and a bound that is NaN bounds nothing.
    /// </summary>
    public static readonly Op Clamp = new("clamp", 3)
    {
        TypeOf = TypeRules.Float,
        Evaluate = a => a[0].AsDouble < a[1].AsDouble ? a[1] : a[0].AsDouble > a[2].AsDouble ? a[2] : a[0],
        CSharp = "Lanes.Clamp({0}, {1}, {2})", Simd = "Lanes.Clamp({0}, {1}, {2})", Ilgpu = "GpuMath.Clamp({0}, {1}, {2})",
        Adjoint = ClampAdjoint,
        Domain = [(-10, 10), (-6, 0), (0, 6)], Ulp = 0,
    };

    /// <summary>x·y + z, rounded once (on GPUs: possibly twice).</summary>
    public static readonly Op Fma = new("fma", 3)
    {
        TypeOf = TypeRules.Float,
        Evaluate = a => Const.Of(a[0].Scalar, ScalarMath.Fma(a[0].AsDouble, a[1].AsDouble, a[2].AsDouble, a[0].Scalar == Scalar.F32 ? 24 : 53)),
        CSharp = "{M}.FusedMultiplyAdd({0}, {1}, {2})", Simd = "{VX}.FusedMultiplyAdd({0}, {1}, {2})", Ilgpu = "{0} * {1} + {2}",
        Adjoint = (s, k) => k == 2 ? s.Bar : s.Mul(s.Bar, s.Args[1 - k]),
        Domain = [(-10, 10), (-10, 10), (-10, 10)], Ulp = 0,
    };

    /// <summary>
    /// Where operand k lost, 0; at a tie, ½ if both are active, else 0 (so relu'(0) = 0); where it won, or anything is NaN, the
    /// adjoint. Against an inactive operand the result is asked instead of operand k, which then need not be kept.
    /// </summary>
    private static Atom MaxAdjoint(AdjointScope s, int k) => Extreme(s, k, Lt, Le);

    /// <summary>As <see cref="MaxAdjoint"/>.</summary>
    private static Atom MinAdjoint(AdjointScope s, int k) => Extreme(s, k, Gt, Ge);

    /// <summary>
    /// That of min(max(x, lo), hi): 0 for x at and beyond a bound, ½ at one that is active too; a bound that is NaN has no part in it.
    /// Where the bounds are inactive the result alone decides.
    /// </summary>
    private static Atom ClampAdjoint(AdjointScope s, int k)
    {
        var (x, low, high) = (s.Args[0], s.Args[1], s.Args[2]);
        if (!s.Active[1] && !s.Active[2]) return s.Select(s.Of(Or, s.Of(Le, s.Out, low), s.Of(Ge, s.Out, high)), s.Zero, s.Bar);
        Atom Tie(Atom bar, bool otherIsActive) => otherIsActive ? s.Mul(bar, s.Number(0.5)) : s.Zero;
        var raised = s.Select(s.Less(x, low), low, x);
        var (isAbove, isHigh) = (s.Of(Gt, raised, high), s.Equal(raised, high));
        if (k == 2) return s.Select(isAbove, s.Bar, s.Select(isHigh, Tie(s.Bar, s.Active[0] || s.Active[1]), s.Zero));
        var raisedBar = s.Select(isAbove, s.Zero, s.Select(isHigh, Tie(s.Bar, s.Active[2]), s.Bar));
        var (isBelow, isLow) = (s.Less(x, low), s.Equal(x, low));
        return k == 1 ? s.Select(isBelow, raisedBar, s.Select(isLow, Tie(raisedBar, s.Active[0]), s.Zero))
            : s.Select(isBelow, s.Zero, s.Select(isLow, Tie(raisedBar, s.Active[1]), raisedBar));
    }

    private static Atom Extreme(AdjointScope s, int k, Op loses, Op losesOrTies)
    {
        var other = s.Args[1 - k];
        if (!s.Active[1 - k]) return s.Select(s.Of(losesOrTies, s.Out, other), s.Zero, s.Bar);
        var notLost = s.Select(s.Equal(s.Args[k], other), s.Mul(s.Bar, s.Number(0.5)), s.Bar);
        return s.Select(s.Of(loses, s.Args[k], other), s.Zero, notLost);
    }
}
