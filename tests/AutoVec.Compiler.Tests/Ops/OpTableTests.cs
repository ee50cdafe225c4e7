using System.Globalization;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Tests.Ops;

public class OpTableTests
{
    public static TheoryData<string> Names => [.. OpTable.All.Select(op => op.Name)];

    [Fact]
    public void OpsAreFoundByNameAndByInfix()
    {
        Assert.Equal(83, OpTable.All.Count);
        Assert.All(OpTable.All, op => Assert.Same(op, OpTable.ByName(op.Name)));
        Assert.All(OpTable.All.Where(op => op.Infix is not null), op => Assert.Same(op, OpTable.ByInfix(op.Infix!)));
        Assert.Null(OpTable.ByName("relu"));
        Assert.Null(OpTable.ByInfix("&&"));
    }

    [Theory, MemberData(nameof(Names))]
    public void AValueHasTheTypeThatTheRuleSays(string name)
    {
        var op = OpTable.ByName(name)!;
        Assert.NotEmpty(OpCases.Signatures(op));
        Assert.All(OpCases.Signatures(op), types =>
            Assert.Equal(op.TypeOf(types), op.Evaluate(types.Select((t, k) => Const.Of(t.Scalar, op == OpTable.Slice && k == 2 ? 2 : 1)).ToSeq()).Type));
    }

    [Theory, MemberData(nameof(Names))]
    public void OperandsThatDoNotFitAreRefused(string name)
    {
        var op = OpTable.ByName(name)!;
        var array = IrType.F64.Under([Const.I32(2)]);
        Assert.Throws<ArgumentException>(() => op.TypeOf(Enumerable.Repeat(array, op.Arity).ToSeq()));
        if (op.Arity > 1 && op != OpTable.Shl && op != OpTable.Shr && op != OpTable.UShr)
            Assert.False(OpCases.Fits(op, [.. Enumerable.Repeat(IrType.F32, op.Arity - 1), IrType.F64]));
    }

    [Theory, MemberData(nameof(Names))]
    public void TheTextFormIsReadBack(string name)
    {
        var op = OpTable.ByName(name)!;
        Assert.All(OpCases.Signatures(op), types =>
        {
            string operands = string.Join(", ", types.Select((t, k) => $"x{k}: {t}"));
            string body = op.Infix is { } infix ? $"x0 {infix} x1" : $"{op.Name} {string.Join(" ", types.Select((_, k) => "x" + k))}";
            var f = Parser.Parse($"fun F({operands}) {{\n  y = {body}\n  yield y\n}}");
            Assert.Equal(op, ((Compute)f.Body.Stmts[0]).Op);
        });
    }

    [Fact]
    public void OnlyIntegerDivisionRemainderAbsSlicesAndChecksMayThrow()
    {
        Assert.Equal(["finite", "iabs", "idiv", "irem", "length", "narrow", "number", "slice", "uniform", "upper"], OpTable.All.Where(op => !op.IsTotal).Select(op => op.Name));
        Assert.Throws<DivideByZeroException>(() => OpTable.IntDiv.Evaluate([Const.I32(1), Const.I32(0)]));
        Assert.Throws<DivideByZeroException>(() => OpTable.IntRem.Evaluate([Const.I64(1), Const.I64(0)]));
        Assert.Throws<OverflowException>(() => OpTable.IntDiv.Evaluate([Const.I32(int.MinValue), Const.I32(-1)]));
        Assert.Throws<OverflowException>(() => OpTable.IntAbs.Evaluate([Const.I32(int.MinValue)]));
        foreach (var (start, length, extent) in new[] { (-1, 0, 3), (4, 0, 3), (1, 3, 3), (0, -1, 3), (int.MaxValue, int.MaxValue, 3) })
            Assert.Throws<ArgumentOutOfRangeException>(() => OpTable.Slice.Evaluate([Const.I32(start), Const.I32(length), Const.I32(extent)]));
        Assert.Equal(Const.I32(3), OpTable.Slice.Evaluate([Const.I32(3), Const.I32(0), Const.I32(3)]));
    }

    [Fact]
    public void ChecksThrowWhatCSharpThrows()
    {
        Assert.Throws<OverflowException>(() => OpTable.Length.Evaluate([Const.I32(-1)]));
        Assert.Throws<OverflowException>(() => OpTable.Length.Evaluate([Const.I64(1L << 31)]));
        Assert.Equal(Const.I32(7), OpTable.Length.Evaluate([Const.I64(7)]));
        Assert.Throws<ArgumentException>(() => OpTable.Upper.Evaluate([Const.F64(1), Const.F64(0.5)]));
        Assert.True(double.IsNaN(OpTable.Upper.Evaluate([Const.F64(1), Const.F64(double.NaN)]).AsDouble));
        Assert.Throws<ArithmeticException>(() => OpTable.Number.Evaluate([Const.F32(float.NaN)]));
        Assert.Throws<ArithmeticException>(() => OpTable.Finite.Evaluate([Const.F32(0), Const.F32(0), Const.F32(float.PositiveInfinity)]));
        Assert.Throws<ArithmeticException>(() => OpTable.Finite.Evaluate([Const.F64(0), Const.F64(double.NaN), Const.F64(double.NaN)]));
        Assert.Equal(Const.F64(double.PositiveInfinity), OpTable.Finite.Evaluate([Const.F64(0), Const.F64(double.NaN), Const.F64(double.PositiveInfinity)]));
        Assert.Throws<OverflowException>(() => OpTable.Narrow.Evaluate([Const.I64(long.MaxValue)]));
        Assert.Throws<ArgumentException>(() => OpTable.Uniform.Evaluate([Const.I32(1), Const.I32(2)]));
    }

    [Fact]
    public void IntegerArithmeticWraps()
    {
        Assert.Equal(Const.I32(int.MinValue), OpTable.Add.Evaluate([Const.I32(int.MaxValue), Const.I32(1)]));
        Assert.Equal(Const.I32(-2), OpTable.Mul.Evaluate([Const.I32(int.MaxValue), Const.I32(2)]));
        Assert.Equal(Const.I32(int.MinValue), OpTable.Neg.Evaluate([Const.I32(int.MinValue)]));
        Assert.Equal(Const.I64(long.MaxValue), OpTable.Sub.Evaluate([Const.I64(long.MinValue), Const.I64(1)]));
        Assert.Equal(Const.I32(1 << 3), OpTable.Shl.Evaluate([Const.I32(1), Const.I32(35)]));
        Assert.Equal(Const.I32(-1), OpTable.Shr.Evaluate([Const.I32(-8), Const.I32(31)]));
        Assert.Equal(Const.I64(1), OpTable.UShr.Evaluate([Const.I64(-1), Const.I32(63)]));
    }

    [Theory]
    [InlineData(double.NaN, 0, 0)]
    [InlineData(double.PositiveInfinity, int.MaxValue, long.MaxValue)]
    [InlineData(-1e300, int.MinValue, long.MinValue)]
    [InlineData(2147483647.9, int.MaxValue, 2147483647)]
    [InlineData(-2.9, -2, -2)]
    public void CastsToIntegersSaturate(double x, int i, long l)
    {
        Assert.Equal(Const.I32(i), OpTable.ToI32.Evaluate([Const.F64(x)]));
        Assert.Equal(Const.I64(l), OpTable.ToI64.Evaluate([Const.F64(x)]));
    }

    [Fact]
    public void OtherCastsAreAsInCSharp()
    {
        Assert.Equal(Const.I32(-1), OpTable.ToI32.Evaluate([Const.I64(0xFFFFFFFF)]));
        Assert.Equal(Const.F32(0x7FFFFFBFFFFFFFFFL), OpTable.ToF32.Evaluate([Const.I64(0x7FFFFFBFFFFFFFFFL)]));
        Assert.Equal(Const.F32((float)0.1), OpTable.ToF32.Evaluate([Const.F64(0.1)]));
    }

    /// <summary>Against .NET 10's Half, which the compiler cannot call: every half, the numbers between two of them, and what lies around these.</summary>
    [Fact]
    public void HalvesAreRoundedAsInCSharp()
    {
        static void Check(double x)
        {
            double expected = (double)(Half)x, actual = HalfMath.Round(x);
            Assert.True(expected.Equals(actual) && double.IsNegative(expected) == double.IsNegative(actual), $"{x:R} is {actual:R}, expected {expected:R}");
            float f = (float)x;
            Assert.Equal((float)(Half)f, (float)OpTable.RoundHalf.Evaluate([Const.F32(f)]).AsDouble);
            Assert.Equal(Const.F16((double)(Half)x), OpTable.ToF16.Evaluate([Const.F64(x)]));
        }
        for (int bits = 0; bits < 0x7C00; bits++)
        {
            double h = (double)BitConverter.UInt16BitsToHalf((ushort)bits), next = bits == 0x7BFF ? 65536 : (double)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            double between = (h + next) / 2;
            foreach (double x in new[] { h, between, Math.BitIncrement(between), Math.BitDecrement(between), MathF.BitIncrement((float)between), MathF.BitDecrement((float)between) })
            {
                Check(x);
                Check(-x);
            }
        }
        foreach (double x in new[] { double.NaN, double.PositiveInfinity, double.Epsilon, 1e300, 65519.999999999, 2.9802322387695312e-8, 2.980232238769532e-8 }) Check(x);
        Assert.Equal("2.5h", Const.F16(2.5).ToString());
        var f = Parser.Parse("fun F(x: f16[n]) {\n  y = x[0]\n  yield y, -0.0h\n}");
        Assert.Equal((IrType.F16, Const.F16(-0.0)), (f.Body.Results[0].Type, f.Body.Results[1]));
    }

    /// <summary>Against .NET 10's own Math, which the compiler cannot call.</summary>
    [Theory, MemberData(nameof(Names))]
    public void ValuesAreThoseOfMath(string name)
    {
        var op = OpTable.ByName(name)!;
        var method = typeof(Math).GetMethods().FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            && m.ReturnType == typeof(double) && m.GetParameters().Length == op.Arity && m.GetParameters().All(p => p.ParameterType == typeof(double)));
        if (method is null || op.TypeOf(OpCases.Doubles(op)) != IrType.F64) return;
        double[] special = [0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3.5, 1e-300, 1e300, -1e300, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var points = special.SelectMany(x => special.SelectMany(y => special.Select(z => new[] { x, y, z }[..op.Arity]))).ToList();
        if (op == OpTable.Clamp) points.RemoveAll(p => p[1] > p[2]);
        var random = new Random(1);
        for (int n = 0; n < 500; n++) points.Add(OpCases.Sample(op, random));
        foreach (var p in points)
        {
            double expected = (double)method.Invoke(null, [.. p.Select(v => (object)v)])!;
            double actual = OpCases.Evaluate(op, p);
            bool close = expected.Equals(actual) && double.IsNegative(expected) == double.IsNegative(actual) || double.IsNaN(expected) && double.IsNaN(actual)
                || Math.Abs(expected - actual) <= 8 * Math.Abs(Math.BitIncrement(expected) - expected);
            Assert.True(close, string.Create(CultureInfo.InvariantCulture, $"{name}({string.Join(", ", p)}) is {actual:R}, expected {expected:R}"));
        }
    }

    [Fact]
    public void FmaIsRoundedOnce()
    {
        var random = new Random(7);
        double Draw() => BitConverter.Int64BitsToDouble(random.NextInt64());
        for (int n = 0; n < 20_000; n++)
        {
            double x = Draw(), y = n % 3 == 0 ? Draw() : 1 / x * (1 + random.NextDouble()), z = n % 2 == 0 ? -x * y * (1 + 1e-16 * random.Next(8)) : random.NextDouble();
            Assert.Equal(Math.FusedMultiplyAdd(x, y, z), OpTable.Fma.Evaluate([Const.F64(x), Const.F64(y), Const.F64(z)]).AsDouble);
            float a = (float)random.NextDouble(), b = n % 3 == 0 ? BitConverter.Int32BitsToSingle(random.Next()) : random.NextSingle(), c = n % 2 == 0 ? -a * b : random.NextSingle() * 1e-8f;
            Assert.Equal(MathF.FusedMultiplyAdd(a, b, c), (float)OpTable.Fma.Evaluate([Const.F32(a), Const.F32(b), Const.F32(c)]).AsDouble);
        }
    }

    [Fact]
    public void MinAndMaxAreThoseOfMath()
    {
        Assert.Equal(Const.F64(0.0), OpTable.Max.Evaluate([Const.F64(-0.0), Const.F64(0.0)]));
        Assert.Equal(Const.F64(-0.0), OpTable.Min.Evaluate([Const.F64(0.0), Const.F64(-0.0)]));
        Assert.True(double.IsNaN(OpTable.Max.Evaluate([Const.F64(1), Const.F64(double.NaN)]).AsDouble));
    }
}
