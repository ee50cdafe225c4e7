namespace AutoVec.Compiler.Ops;

/// <summary>To integers, still as floats; their derivative is 0 everywhere. And the sign, moved from one number to another.</summary>
public static partial class OpTable
{
    public static readonly Op Floor = Rounding("floor", "Floor", Math.Floor);
    public static readonly Op Ceiling = Rounding("ceiling", "Ceiling", Math.Ceiling);
    public static readonly Op Round = Rounding("round", "Round", Math.Round);
    public static readonly Op Truncate = Rounding("truncate", "Truncate", Math.Truncate);

    public static readonly Op CopySign = new("copysign", 2)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(ScalarMath.CopySign),
        CSharp = "{M}.CopySign({0}, {1})", Simd = "{VX}.CopySign({0}, {1})", Ilgpu = "GpuMath.CopySign({0}, {1})",
        // It is |x| times a sign: as abs, 0 at x = 0. Moving y moves nothing until it crosses 0.
        Adjoint = (s, k) => k == 1 ? s.Zero
            : s.Select(s.Equal(s.X, s.Zero), s.Zero, s.Select(s.Equal(s.X, s.Out), s.Bar, s.Neg(s.Bar))),
        Domain = [(-10, 10), (-10, 10)], Ulp = 0,
    };

    private static Op Rounding(string name, string method, Func<double, double> f) => new(name, 1)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(f),
        CSharp = $"{{M}}.{method}({{0}})", Simd = $"{{VX}}.{method}({{0}})", Ilgpu = $"GpuMath.{method}({{0}})",
        Domain = [(-10, 10)], Ulp = 0,
    };
}
