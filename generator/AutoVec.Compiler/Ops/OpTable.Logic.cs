using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>Comparisons, truth values, bits, and the choice between two values. Lanes hold a truth value as a mask.</summary>
public static partial class OpTable
{
    public static readonly Op Lt = Comparison("lt", "<", "LessThan", (x, y) => x < y, (x, y) => x < y);
    public static readonly Op Le = Comparison("le", "<=", "LessThanOrEqual", (x, y) => x <= y, (x, y) => x <= y);
    public static readonly Op Gt = Comparison("gt", ">", "GreaterThan", (x, y) => x > y, (x, y) => x > y);
    public static readonly Op Ge = Comparison("ge", ">=", "GreaterThanOrEqual", (x, y) => x >= y, (x, y) => x >= y);

    public static readonly Op Eq = new("eq", 2)
    {
        Infix = "==",
        TypeOf = TypeRules.CompareAny,
        Evaluate = Evaluation.Compare((x, y) => x == y, (x, y) => x == y),
        CSharp = "{0} == {1}",
        Simd = "{VX}.Equals({0}, {1})", SimdInt = "Lanes.Mask{F}({VIX}.Equals({0}, {1}))", SimdBool = "~({0} ^ {1})",
        Domain = [(-2, 2), (-2, 2)], Ulp = 0,
    };

    public static readonly Op Ne = new("ne", 2)
    {
        Infix = "!=",
        TypeOf = TypeRules.CompareAny,
        Evaluate = Evaluation.Compare((x, y) => x != y, (x, y) => x != y),
        CSharp = "{0} != {1}",
        Simd = "~{VX}.Equals({0}, {1})", SimdInt = "~Lanes.Mask{F}({VIX}.Equals({0}, {1}))", SimdBool = "{0} ^ {1}",
        Domain = [(-2, 2), (-2, 2)], Ulp = 0,
    };

    public static readonly Op And = Bitwise("and", "&", (x, y) => x & y);
    public static readonly Op Or = Bitwise("or", "|", (x, y) => x | y);
    public static readonly Op Xor = Bitwise("xor", "^", (x, y) => x ^ y);

    public static readonly Op Not = new("not", 1)
    {
        TypeOf = TypeRules.Truth,
        Evaluate = a => Const.Bool(!a[0].AsBool),
        CSharp = "!{0}", SimdBool = "~{0}",
    };

    public static readonly Op BitNot = new("bitnot", 1)
    {
        TypeOf = TypeRules.Integer,
        Evaluate = a => Evaluation.Integer(a[0].Scalar, ~a[0].AsLong),
        CSharp = "~{0}", SimdInt = "~{0}",
    };

    public static readonly Op Shl = Shift("shl", "<<", "ShiftLeft", (x, n) => x << n, (x, n) => x << n);
    public static readonly Op Shr = Shift("shr", ">>", "ShiftRight", (x, n) => x >> n, (x, n) => x >> n);
    public static readonly Op UShr = Shift("ushr", ">>>", "ShiftRightLogical", (x, n) => x >>> n, (x, n) => x >>> n);

    public static readonly Op Select = new("select", 3)
    {
        TypeOf = TypeRules.Select,
        Evaluate = a => a[0].AsBool ? a[1] : a[2],
        CSharp = "{0} ? {1} : {2}",
        Simd = "{VX}.ConditionalSelect({0}, {1}, {2})", SimdBool = "{VX}.ConditionalSelect({0}, {1}, {2})",
        SimdInt = "{VIX}.ConditionalSelect(Lanes.MaskI32({0}), {1}, {2})",
        Adjoint = (s, k) => k == 1 ? s.Select(s.X, s.Bar, s.Zero) : s.Select(s.X, s.Zero, s.Bar),
        Domain = [(0, 1), (-10, 10), (-10, 10)], Ulp = 0,
    };

    public static readonly Op IsNaN = Test("isnan", "IsNaN", "~{VX}.Equals({0}, {0})", "GpuMath.IsNaN({0})", double.IsNaN);
    public static readonly Op IsInfinity = Test("isinfinity", "IsInfinity", "{VX}.IsInfinity({0})", "GpuMath.IsInfinity({0})", double.IsInfinity);
    public static readonly Op IsFinite = Test("isfinite", "IsFinite", "{VX}.IsFinite({0})", "GpuMath.IsFinite({0})", ScalarMath.IsFinite);

    private static Op Comparison(string name, string symbol, string lanes, Func<double, double, bool> f, Func<long, long, bool> l) => new(name, 2)
    {
        Infix = symbol,
        TypeOf = TypeRules.Compare,
        Evaluate = Evaluation.Compare(f, l),
        CSharp = $"{{0}} {symbol} {{1}}",
        Simd = $"{{VX}}.{lanes}({{0}}, {{1}})", SimdInt = $"Lanes.Mask{{F}}({{VIX}}.{lanes}({{0}}, {{1}}))",
        Domain = [(-10, 10), (-10, 10)], Ulp = 0,
    };

    private static Op Bitwise(string name, string symbol, Func<long, long, long> f) => new(name, 2)
    {
        Infix = symbol,
        TypeOf = TypeRules.Bits,
        Evaluate = Evaluation.Bits(f),
        CSharp = $"{{0}} {symbol} {{1}}", SimdInt = $"{{0}} {symbol} {{1}}", SimdBool = $"{{0}} {symbol} {{1}}",
    };

    private static Op Shift(string name, string symbol, string lanes, Func<int, int, int> i, Func<long, int, long> l) => new(name, 2)
    {
        Infix = symbol,
        TypeOf = TypeRules.Shift,
        Evaluate = a => a[0].Scalar == Scalar.I32 ? Const.I32(i(a[0].AsInt, a[1].AsInt)) : Const.I64(l(a[0].AsLong, a[1].AsInt)),
        // Shifting an i64 has an i32 as last operand too, but no lanes: the emitter finds none for the i64 itself.
        CSharp = $"{{0}} {symbol} {{1}}", SimdInt = $"Lanes.{lanes}({{0}}, {{1}})",
    };

    private static Op Test(string name, string method, string simd, string ilgpu, Func<double, bool> f) => new(name, 1)
    {
        TypeOf = TypeRules.Test,
        Evaluate = Evaluation.Test(f),
        CSharp = $"{{T}}.{method}({{0}})", Simd = simd, Ilgpu = ilgpu,
        Domain = [(-10, 10)], Ulp = 0,
    };
}
