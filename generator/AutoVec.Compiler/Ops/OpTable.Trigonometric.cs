using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>Circular and hyperbolic functions and their inverses.</summary>
public static partial class OpTable
{
    public static readonly Op Sin = Function("sin", "Sin", Math.Sin, (-6, 6), s => s.Mul(s.Bar, s.Cos(s.X)));
    public static readonly Op Cos = Function("cos", "Cos", Math.Cos, (-6, 6), s => s.Neg(s.Mul(s.Bar, s.Sin(s.X))));
    public static readonly Op Tan = Function("tan", "Tan", Math.Tan, (-1.4, 1.4), s => s.Mul(s.Bar, s.Add(s.Mul(s.Out, s.Out), s.One)));

    public static readonly Op Asin = Function("asin", "Asin", Math.Asin, (-0.95, 0.95), s => s.Div(s.Bar, s.Sqrt(OneMinusSquare(s, s.X))));
    public static readonly Op Acos = Function("acos", "Acos", Math.Acos, (-0.95, 0.95), s => s.Neg(s.Div(s.Bar, s.Sqrt(OneMinusSquare(s, s.X)))));
    public static readonly Op Atan = Function("atan", "Atan", Math.Atan, (-10, 10), s => s.Div(s.Bar, s.Add(s.Mul(s.X, s.X), s.One)));

    /// <summary>atan2(y, x): the angle of the point (x, y).</summary>
    public static readonly Op Atan2 = new("atan2", 2)
    {
        TypeOf = TypeRules.Float,
        Evaluate = Evaluation.Float(ScalarMath.Atan2),
        CSharp = "{M}.Atan2({0}, {1})", Simd = "VMath.Atan2({0}, {1})", Ilgpu = "GpuMath.Atan2({0}, {1})",
        Adjoint = (s, k) =>
        {
            var square = s.Add(s.Mul(s.X, s.X), s.Mul(s.Y, s.Y));
            var term = s.Div(s.Mul(s.Bar, s.Args[1 - k]), square);
            return k == 0 ? term : s.Neg(term);
        },
        Domain = [(-10, 10), (0.1, 10)],
    };

    public static readonly Op Sinh = Function("sinh", "Sinh", Math.Sinh, (-4, 4), s => s.Mul(s.Bar, s.Cosh(s.X)));
    public static readonly Op Cosh = Function("cosh", "Cosh", Math.Cosh, (-4, 4), s => s.Mul(s.Bar, s.Sinh(s.X)));
    public static readonly Op Tanh = Function("tanh", "Tanh", Math.Tanh, (-4, 4), s => s.Mul(s.Bar, OneMinusSquare(s, s.Out)));

    public static readonly Op Asinh = Function("asinh", "Asinh", ScalarMath.Asinh, (-10, 10),
        s => s.Div(s.Bar, s.Sqrt(s.Add(s.Mul(s.X, s.X), s.One))));

    // Two roots, so that it is NaN where acosh is.
    public static readonly Op Acosh = Function("acosh", "Acosh", ScalarMath.Acosh, (1.1, 10),
        s => s.Div(s.Bar, s.Mul(s.Sqrt(s.Sub(s.X, s.One)), s.Sqrt(s.Add(s.X, s.One)))));

    public static readonly Op Atanh = Function("atanh", "Atanh", ScalarMath.Atanh, (-0.9, 0.9),
        s => s.Div(s.Bar, OneMinusSquare(s, s.X)));

    /// <summary>1 − a², as (1 − a)(1 + a): no cancellation near ±1.</summary>
    private static Atom OneMinusSquare(AdjointScope s, Atom a) => s.Mul(s.Sub(s.One, a), s.Add(s.One, a));
}
