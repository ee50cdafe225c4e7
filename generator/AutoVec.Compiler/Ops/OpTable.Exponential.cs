using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>Roots, exponentials, logarithms and powers.</summary>
public static partial class OpTable
{
    private const double Ln2 = 0.69314718055994530942;
    private const double Ln10 = 2.30258509299404568402;

    public static readonly Op Sqrt = new("sqrt", 1)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(Math.Sqrt),
        CSharp = "{M}.Sqrt({0})", Simd = "{VX}.Sqrt({0})",
        Adjoint = (s, _) => s.Div(s.Bar, s.Mul(s.Number(2), s.Out)),
        Domain = [(0.01, 100)], Ulp = 0,
    };

    public static readonly Op Cbrt = Function("cbrt", "Cbrt", ScalarMath.Cbrt, (0.1, 10),
        s => s.Div(s.Bar, s.Mul(s.Number(3), s.Mul(s.Out, s.Out))));

    /// <summary>√(x² + y²) without overflow on the way; a kink at the origin, where its derivative is 0 as that of |x|.</summary>
    public static readonly Op Hypot = new("hypot", 2)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(ScalarMath.Hypot),
        CSharp = "{T}.Hypot({0}, {1})", Simd = "VMath.Hypot({0}, {1})", Ilgpu = "GpuMath.Hypot({0}, {1})",
        Adjoint = (s, k) => s.Select(s.Equal(s.Out, s.Zero), s.Zero, s.Div(s.Mul(s.Bar, s.Args[k]), s.Out)),
        Domain = [(-10, 10), (0.1, 10)],
    };

    public static readonly Op Exp = Function("exp", "Exp", Math.Exp, (-5, 5), s => s.Mul(s.Bar, s.Out));

    public static readonly Op Exp2 = new("exp2", 1)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(ScalarMath.Exp2),
        CSharp = "{T}.Exp2({0})", Simd = "VMath.Exp2({0})", Ilgpu = "GpuMath.Exp2({0})",
        Adjoint = (s, _) => s.Mul(s.Bar, s.Mul(s.Out, s.Number(Ln2))),
        Domain = [(-5, 5)],
    };

    public static readonly Op ExpM1 = new("expm1", 1)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(ScalarMath.ExpM1),
        // float.ExpM1 is exp(x) - 1, which has no digits left near 0.
        CSharp = "VMath.ExpM1({0})", Simd = "VMath.ExpM1({0})", Ilgpu = "GpuMath.ExpM1({0})",
        Adjoint = (s, _) => s.Mul(s.Bar, s.Exp(s.X)),
        Domain = [(-5, 5)],
    };

    public static readonly Op Log = Function("log", "Log", Math.Log, (0.01, 100), s => s.Div(s.Bar, s.X));
    public static readonly Op Log2 = Function("log2", "Log2", ScalarMath.Log2, (0.01, 100), s => s.Div(s.Bar, s.Mul(s.X, s.Number(Ln2))));
    public static readonly Op Log10 = Function("log10", "Log10", Math.Log10, (0.01, 100), s => s.Div(s.Bar, s.Mul(s.X, s.Number(Ln10))));

    public static readonly Op Log1P = new("log1p", 1)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(ScalarMath.Log1P),
        // float.LogP1 is log(1 + x), which has no digits left near 0.
        CSharp = "VMath.Log1P({0})", Simd = "VMath.Log1P({0})", Ilgpu = "GpuMath.Log1P({0})",
        Adjoint = (s, _) => s.Div(s.Bar, s.Add(s.X, s.One)),
        Domain = [(-0.9, 10)],
    };

    public static readonly Op Pow = new("pow", 2)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(Power),
        CSharp = "{M}.Pow({0}, {1})", Simd = "VMath.Pow({0}, {1})", Ilgpu = "GpuMath.Pow({0}, {1})",
        Adjoint = (s, k) => k == 0 ? PowerOfBase(s) : PowerOfExponent(s),
        Domain = [(0.1, 5), (-3, 3)],
    };

    // Math.Pow of .NET Framework, on which the compiler may run, makes NaN of these two.
    private static double Power(double x, double y) =>
        x == 1 || y == 0 ? 1 : x == -1 && double.IsInfinity(y) ? 1 : Math.Pow(x, y);

    /// <summary>y·x^(y−1), and 0 for y = 0, whatever x is.</summary>
    private static Atom PowerOfBase(AdjointScope s)
    {
        if (s.Y is not Const y)
        {
            var power = s.Pow(s.X, s.Sub(s.Y, s.One));
            return s.Select(s.Equal(s.Y, s.Zero), s.Zero, s.Mul(s.Bar, s.Mul(s.Y, power)));
        }
        return y.AsDouble switch
        {
            0 => s.Zero,
            1 => s.Bar,
            2 => s.Mul(s.Bar, s.Mul(y, s.X)),
            _ => s.Mul(s.Bar, s.Mul(y, s.Pow(s.X, Sub.Evaluate([y, s.One])))),
        };
    }

    /// <summary>x^y·log x: 0 at x = 0, NaN for x &lt; 0.</summary>
    private static Atom PowerOfExponent(AdjointScope s) =>
        s.Select(s.Equal(s.X, s.Zero), s.Zero, s.Mul(s.Bar, s.Mul(s.Out, s.Log(s.X))));

    /// <summary>A function of one float that Math, MathF, VMath and GpuMath all have under one name.</summary>
    private static Op Function(string name, string method, Func<double, double> f, (double, double) domain, Func<AdjointScope, Atom> adjoint) =>
        new(name, 1)
        {
            TypeOf = TypeRules.Float,
            Evaluate = Evaluation.Float(f),
            CSharp = $"{{M}}.{method}({{0}})", Simd = $"VMath.{method}({{0}})", Ilgpu = $"GpuMath.{method}({{0}})",
            Adjoint = (s, _) => adjoint(s),
            Domain = [domain],
        };
}
