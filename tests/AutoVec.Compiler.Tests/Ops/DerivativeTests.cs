using System.Globalization;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Tests.Ops;

public class DerivativeTests
{
    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    /// <summary>All but the rounding to a half, whose derivative is 1 though by differences it is a stair.</summary>
    public static TheoryData<string> Differentiable => [.. OpTable.All.Where(op => op.Adjoint is not null && op != OpTable.RoundHalf).Select(op => op.Name)];

    /// <summary>The named list of gaps: what has no derivative because it is 0 everywhere, or is no float function.</summary>
    [Fact]
    public void TheRestIsConstantAlmostEverywhere() => Assert.Equal(
        [
            "and", "bitnot", "bits32", "bits64", "ceiling", "eq", "f16", "floor", "ge", "gt", "i32", "i64", "iabs", "idiv", "irem", "isfinite", "isinfinity", "isnan",
            "le", "length", "lt", "narrow", "ne", "not", "ofbits32", "ofbits64", "or", "restart", "round", "shl", "shr", "slice", "slot", "stopgradient", "top", "truncate", "uniform", "ushr", "xor",
        ],
        OpTable.All.Where(op => op.Adjoint is null).Select(op => op.Name));

    [Theory, MemberData(nameof(Differentiable))]
    public void ReverseMatchesFiniteDifferences(string name)
    {
        var op = OpTable.ByName(name)!;
        var random = new Random(11);
        var types = OpCases.Doubles(op);
        var active = types.Map(t => t.IsFloat);
        var rule = OpCases.Reverse(op, types, active);
        Assert.Equal(op.Arity, op.Domain.Count);
        for (int n = 0; n < 200; n++)
        {
            double[] x = OpCases.Sample(op, random);
            if (op == OpTable.Rem && Math.Abs(x[0] / x[1] - Math.Round(x[0] / x[1])) < 1e-2) continue;
            double[] bars = OpCases.Run(rule, [.. x, 1.0]);
            for (int k = 0; k < op.Arity; k++)
            {
                if (!active[k]) continue;
                double h = 1e-6 * Math.Max(1, Math.Abs(x[k]));
                double[] up = [.. x], down = [.. x];
                up[k] += h;
                down[k] -= h;
                double expected = (OpCases.Evaluate(op, up) - OpCases.Evaluate(op, down)) / (up[k] - down[k]);
                // An f32 in between (the cast) makes steps.
                double tolerance = op == OpTable.ToF32 ? 1 : 1e-6 * (1 + Math.Abs(expected));
                Assert.True(Math.Abs(expected - bars[k]) <= tolerance, At(op, x, k, expected, bars[k]));
            }
        }
    }

    /// <summary>The rules are themselves made of ops: the derivative of each row's rule, by reverse over reverse, against differences of the rule.</summary>
    [Theory, MemberData(nameof(Differentiable))]
    public void SecondDerivativesMatchDifferencesOfFirst(string name)
    {
        var op = OpTable.ByName(name)!;
        var random = new Random(13);
        var types = OpCases.Doubles(op);
        var rule = OpCases.Reverse(op, types, types.Map(t => t.IsFloat));
        var wrt = rule.Params.Where(p => p.Type.IsFloat).ToSeq();
        for (int k = 0; k < op.Arity; k++)
        {
            if (!types[k].IsFloat) continue;
            var first = rule with { Body = rule.Body with { Results = [rule.Body.Results[k]] } };
            var second = Verifier.Check(Transforms.Differentiate.Differentiate.Run(first, wrt, Transforms.Differentiate.Seed.One, keepValue: false), name);
            for (int n = 0; n < 40; n++)
            {
                double[] x = [.. OpCases.Sample(op, random), 0.5 + random.NextDouble()];
                if (op == OpTable.Rem && Math.Abs(x[0] / x[1] - Math.Round(x[0] / x[1])) < 1e-2) continue;
                double[] actual = OpCases.Run(second, x);
                for (int j = 0, w = 0; j < x.Length; j++)
                {
                    if (j < op.Arity && !types[j].IsFloat) continue;
                    double at(double step)
                    {
                        double[] moved = [.. x];
                        moved[j] += step;
                        return OpCases.Run(first, moved)[0];
                    }
                    double h = 1e-4 * Math.Max(0.01, Math.Abs(x[j]));
                    double expected = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
                    double tolerance = op == OpTable.ToF32 ? 1e-2 : 1e-6 * (1 + Math.Abs(expected)) + 1e-11 * Math.Abs(at(0)) / h;
                    Assert.True(Math.Abs(expected - actual[w]) <= tolerance, At(op, x, j, expected, actual[w]));
                    w++;
                }
            }
        }
    }

    [Theory, MemberData(nameof(Differentiable))]
    public void ForwardIsDualToReverse(string name)
    {
        var op = OpTable.ByName(name)!;
        var random = new Random(12);
        foreach (var types in OpCases.Signatures(op).Where(t => t.Any(u => u.IsFloat)))
        {
            var active = types.Map(t => t.IsFloat);
            var forward = OpCases.Forward(op, types, active);
            var reverse = OpCases.Reverse(op, types, active);
            bool single = types.Contains(IrType.F32) || op == OpTable.ToF32;
            for (int n = 0; n < 50; n++)
            {
                double[] x = OpCases.Sample(op, random);
                double[] v = x.Select(_ => random.NextDouble() - 0.5).ToArray();
                double bar = random.NextDouble() + 0.5;
                double dot = OpCases.Run(forward, [.. x, .. v.Where((_, k) => active[k])])[0];
                double[] bars = OpCases.Run(reverse, [.. x, bar]);
                double expected = bars.Zip(v).Sum(p => p.First * p.Second);
                double scale = bars.Zip(v).Sum(p => Math.Abs(p.First * p.Second));
                Assert.True(Math.Abs(bar * dot - expected) <= (single ? 1e-5 : 1e-12) * (scale + 1), $"{op}: {bar * dot:R} and {expected:R}");
            }
        }
    }

    /// <summary>docs/derivatives.md, line by line: the derivative for one active operand, the other a constant.</summary>
    [Theory]
    [InlineData("max", 0.0, 0.0, 0, 0.0)]                  // relu'(0) = 0
    [InlineData("max", 1.0, 0.0, 0, 1.0)]
    [InlineData("max", -1.0, 0.0, 0, 0.0)]
    [InlineData("max", 2.0, 2.0, 1, 0.0)]
    [InlineData("max", NaN, 0.0, 0, 1.0)]                  // the value is NaN; its cotangent is not swallowed
    [InlineData("max", Inf, Inf, 0, 0.0)]
    [InlineData("min", 0.0, 0.0, 0, 0.0)]
    [InlineData("min", -1.0, 0.0, 0, 1.0)]
    [InlineData("min", 1.0, 0.0, 0, 0.0)]
    [InlineData("min", NaN, 0.0, 0, 1.0)]
    [InlineData("abs", 0.0, 0, 0, 0.0)]
    [InlineData("abs", -3.0, 0, 0, -1.0)]
    [InlineData("abs", Inf, 0, 0, 1.0)]
    [InlineData("abs", NaN, 0, 0, 1.0)]
    [InlineData("sqrt", 0.0, 0, 0, Inf)]
    [InlineData("sqrt", -1.0, 0, 0, NaN)]
    [InlineData("cbrt", 0.0, 0, 0, Inf)]
    [InlineData("pow", 0.0, 0.0, 0, 0.0)]
    [InlineData("pow", 0.0, 1.0, 0, 1.0)]
    [InlineData("pow", 0.0, 2.0, 0, 0.0)]
    [InlineData("pow", 0.0, 0.5, 0, Inf)]
    [InlineData("pow", -2.0, 3.0, 0, 12.0)]
    [InlineData("pow", -2.0, 0.0, 0, 0.0)]
    [InlineData("pow", 0.0, 0.0, 1, 0.0)]
    [InlineData("pow", 0.0, 2.0, 1, 0.0)]
    [InlineData("pow", 0.0, -2.0, 1, 0.0)]
    [InlineData("pow", -2.0, 3.0, 1, NaN)]
    [InlineData("pow", 1.0, 5.0, 1, 0.0)]
    [InlineData("copysign", 0.0, -1.0, 0, 0.0)]
    [InlineData("copysign", 3.0, -1.0, 0, -1.0)]
    [InlineData("copysign", -3.0, -1.0, 0, 1.0)]
    [InlineData("copysign", 3.0, 0.0, 1, 0.0)]
    [InlineData("rem", 7.0, 2.0, 0, 1.0)]
    [InlineData("rem", 7.0, 2.0, 1, -3.0)]
    [InlineData("rem", -7.0, 2.0, 1, 3.0)]
    [InlineData("rem", 7.0, Inf, 1, 0.0)]
    [InlineData("log", 0.0, 0, 0, Inf)]
    [InlineData("asin", 1.0, 0, 0, Inf)]
    [InlineData("acos", 1.0, 0, 0, -Inf)]
    [InlineData("acosh", 1.0, 0, 0, Inf)]
    [InlineData("acosh", -2.0, 0, 0, NaN)]
    public void AtAKink(string name, double x, double y, int wrt, double expected)
    {
        var op = OpTable.ByName(name)!;
        double[] point = new[] { x, y }[..op.Arity];
        var active = Enumerable.Range(0, op.Arity).Select(k => k == wrt).ToArray();
        Assert.Equal(expected, OpCases.Derivative(op, point, active)[wrt]);
        if (op == OpTable.Pow && wrt == 0)
            Assert.Equal(expected, ConstantExponent(x, y));
    }

    [Fact]
    public void ZeroTiesWhateverItsSign()
    {
        Assert.Equal([0, 0], OpCases.Derivative(OpTable.Max, [0.0, -0.0], true, false));
        Assert.Equal([0, 0], OpCases.Derivative(OpTable.Max, [-0.0, 0.0], true, false));
        Assert.Equal([0], OpCases.Derivative(OpTable.Abs, [-0.0], true));
    }

    [Theory]
    [InlineData("max", 2.0, 2.0, 0.5, 0.5)]
    [InlineData("max", 2.0, 1.0, 1.0, 0.0)]
    [InlineData("min", 0.0, -0.0, 0.5, 0.5)]
    [InlineData("min", 2.0, 1.0, 0.0, 1.0)]
    [InlineData("max", NaN, 1.0, 1.0, 1.0)]
    [InlineData("div", 1.0, 0.0, Inf, -Inf)]
    public void BothActive(string name, double x, double y, double xBar, double yBar) =>
        Assert.Equal([xBar, yBar], OpCases.Derivative(OpTable.ByName(name)!, [x, y], true, true));

    [Theory]
    [InlineData(true, 1.0, 0.0)]
    [InlineData(false, 0.0, 1.0)]
    public void SelectRoutes(bool condition, double aBar, double bBar) =>
        Assert.Equal([0, aBar, bBar], OpCases.Derivative(OpTable.Select, [condition ? 1 : 0, 2, NaN], false, true, true));

    [Fact]
    public void MaxAgainstAConstantDoesNotKeepItsOperand()
    {
        var rule = OpCases.Reverse(OpTable.Max, [IrType.F32, IrType.F32], [true, false]);
        Assert.DoesNotContain(rule.Body.Stmts.Skip(1), s => s.Reads.Contains(rule.Params[0]));
    }

    [Fact]
    public void ACastsAdjointIsCastBack()
    {
        var rule = OpCases.Reverse(OpTable.ToF64, [IrType.F32], [true]);
        Assert.Equal(IrType.F32, rule.Body.Results[0].Type);
        Assert.Equal(IrType.F64, OpCases.Forward(OpTable.ToF64, [IrType.F32], [true]).Body.Results[0].Type);
    }

    private static double ConstantExponent(double x, double y)
    {
        var builder = new Builder(new Names());
        var v = new Var("x", IrType.F64);
        Seq<Atom> args = [v, Const.F64(y)];
        var result = builder.Compute(OpTable.Pow, args, "out");
        var bar = OpTable.Pow.Adjoint!(new AdjointScope(builder, Const.F64(1), result, args, [true, false]), 0);
        return OpCases.Run(new FunctionIr("F", [v], builder.Block(bar)), x)[0];
    }

    private static string At(Op op, double[] x, int k, double expected, double actual) => string.Create(CultureInfo.InvariantCulture,
        $"{op}({string.Join(", ", x)}): the derivative by operand {k} is {actual:R}, expected {expected:R}");
}
