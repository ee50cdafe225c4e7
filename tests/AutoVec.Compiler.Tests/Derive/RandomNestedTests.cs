using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Differentiate;
using Pass = AutoVec.Compiler.Transforms.Inline.Inline;
using Passes = AutoVec.Compiler.Transforms.Pipelines;
using Push = AutoVec.Compiler.Transforms.Jvp.Jvp;

namespace AutoVec.Compiler.Tests.Derive;

/// <summary>Random programs inside of others, by their derivatives: the modes agree with each other and with differences, after every pass.</summary>
public class RandomNestedTests
{
    /// <summary>The derivative of a function along a fixed direction, as a function of the same parameters.</summary>
    private static FunctionIr Along(FunctionIr f, DerivationKind kind)
    {
        var b = new Builder(new Names(f));
        var args = f.Params.Map(p => (Atom)p);
        var wrt = Derivatives.Floats(f);
        var derivation = new Derivation(kind, f.Params.Count);
        var directions = wrt.Select((p, k) => Direction(b, p.Type, k)).ToSeq();
        if (kind == DerivationKind.Jvp)
        {
            var (value, dot) = (b.Fresh("v", IrType.F64), b.Fresh("dot", IrType.F64));
            b.Append(new Call([value, dot], f.Name, [.. args, .. directions]) { Derivation = derivation });
            return new FunctionIr("Along", f.Params, b.Block(dot)) { Callees = [f] };
        }
        var bars = wrt.Map(p => b.Fresh(p.Name + "_g", p.Type));
        b.Append(new Call(bars, f.Name, args) { Derivation = derivation });
        Atom sum = Const.F64(0);
        for (int k = 0; k < wrt.Count; k++)
        {
            Atom term;
            if (!wrt[k].Type.IsArray) term = b.Compute(OpTable.Mul, bars[k], directions[k]);
            else
            {
                var dims = wrt[k].Type.Extents.Map(e => new Dim(b.Fresh("i", IrType.I32), e));
                var inner = b.Nested();
                var at = dims.Map(d => (Atom)d.Index);
                term = b.Reduce(ReduceKind.Sum, dims, inner.Block(inner.Compute(OpTable.Mul, inner.Read(bars[k], at), inner.Read((Var)directions[k], at))));
            }
            sum = b.Compute(OpTable.Add, sum, term);
        }
        return new FunctionIr("Along", f.Params, b.Block(sum)) { Callees = [f] };
    }

    private static Atom Direction(Builder b, IrType type, int k) => b.Build(type.Extents, (e, at) =>
    {
        Atom position = Const.I32(k + 1);
        foreach (var i in at) position = e.Compute(OpTable.Add, e.Compute(OpTable.Mul, position, Const.I32(2)), i);
        return e.Compute(OpTable.Sin, e.Compute(OpTable.ToF64, position));
    }, "direction");

    /// <summary>Two steps down the gradient of the first parameter, then the function.</summary>
    private static FunctionIr Descent(FunctionIr f)
    {
        var b = new Builder(new Names(f));
        var x = f.Params[0];
        var state = b.Fresh("x", x.Type);
        var inner = b.Nested();
        Seq<Atom> args = [state, .. f.Params.Skip(1)];
        var (value, g) = (b.Fresh("v", IrType.F64), b.Fresh("g", x.Type));
        inner.Append(new Call([value, g], f.Name, args) { Derivation = new Derivation(DerivationKind.ValueAndGrad, 1) });
        var next = inner.Build(x.Type.Extents, (e, at) => e.Compute(OpTable.Sub, e.Read(state, at), e.Compute(OpTable.Mul, Const.F64(0.01), e.Read(g, at))), "x");
        var end = b.For([new Carry(state, x)], new Dim(b.Fresh("t", IrType.I32), Const.I32(2)), inner.Block(next))[0];
        var result = b.Fresh("r", IrType.F64);
        b.Append(new Call([result], f.Name, [end, .. f.Params.Skip(1)]));
        return new FunctionIr("Descent", f.Params, b.Block(result)) { Callees = [f] };
    }

    private static bool Close(double x, double y, double tolerance) => Math.Abs(x - y) <= tolerance * Math.Max(1, Math.Abs(x)) || x.Equals(y);

    private static void Agree(Value[] expected, Value[] actual, string what, FunctionIr f, double tolerance = 1e-8)
    {
        for (int r = 0; r < expected.Length; r++)
        {
            double[] e = expected[r].ToDoubles(), a = actual[actual.Length - expected.Length + r].ToDoubles();
            double scale = Math.Max(1, e.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
            for (int k = 0; k < e.Length; k++)
                if (!Close(e[k] / scale, a[k] / scale, tolerance)) Assert.Fail($"{what}, result {r}: {e[k]:R} became {a[k]:R}\n{f}");
        }
    }

    /// <summary>All four combinations: the derivative along a direction of the derivative along another.</summary>
    [Fact]
    public void The_four_combinations_of_modes_agree() => RandomDerivativeTests.Each(Fuzz.Count(20), Make, (seed, f, args) =>
    {
        var reverse = Verifier.Check(Pass.Run(Verifier.Check(Along(f, DerivationKind.Grad), "along")), "reverse");
        var forward = Verifier.Check(Pass.Run(Verifier.Check(Along(f, DerivationKind.Jvp), "along")), "forward");
        var value = Interpreter.Run(reverse, args);
        Agree(value, Interpreter.Run(forward, args), "the tangent", forward);

        var wrt = Derivatives.Floats(f);
        Value[] second(FunctionIr g) => Interpreter.Run(Verifier.Check(Differentiate(g), "second"), args);
        Value[] pushed(FunctionIr g, double[][] along) => Interpreter.Run(Verifier.Check(Push.Run(g, wrt, keepValue: false), "second"),
            [.. args, .. wrt.Select((p, k) => Value.Of(Scalar.F64, args[f.Params.ToList().IndexOf(p)].Shape, along[k]))]);
        var rr = second(reverse);
        Agree(rr, second(forward), "reverse over forward", forward, 1e-7);
        double[][] direction = Derivatives.Direction(f, args, seed);
        double along = rr.Select((bar, k) => bar.ToDoubles().Zip(direction[k], (x, y) => x * y).Sum()).Sum();
        foreach (var g in new[] { reverse, forward })
        {
            double dot = pushed(g, direction)[0].AsDouble;
            if (!Close(along, dot, 1e-7)) Assert.Fail($"forward over {(g == reverse ? "reverse" : "forward")}: {along:R} and {dot:R}\n{g}");
        }
        if (Derivatives.Slope(reverse, args, direction) is { } slope && !Close(slope, along, 1e-5)) Assert.Fail($"the slope is {slope:R}, not {along:R}\n{reverse}");
    });

    [Fact]
    public void Through_a_descent() => RandomDerivativeTests.Each(Fuzz.Count(10), Make, (seed, f, args) =>
    {
        if (f.Params[0].Type is not { IsArray: true, IsFloat: true }) return;
        Through(seed, Descent(f), args);
    });

    [Fact]
    public void Through_the_pipeline() => RandomDerivativeTests.Each(Fuzz.Count(10), Make,
        (seed, f, args) => Through(seed, Along(f, seed % 2 == 0 ? DerivationKind.Grad : DerivationKind.Jvp), args));

    private static (FunctionIr, Value[]) Make(int seed) => seed % 3 == 0 ? RandomDerivativeTests.Parallel(seed) : RandomDerivativeTests.Sequential(seed);

    private static FunctionIr Differentiate(FunctionIr f) =>
        Transforms.Differentiate.Differentiate.Run(f, Derivatives.Floats(f), Seed.One, keepValue: false);

    /// <summary>The gradient against differences, and the same after every pass.</summary>
    private static void Through(int seed, FunctionIr f, Value[] args)
    {
        Verifier.Check(f, "test");
        var plain = Pass.Run(f);
        var expected = Interpreter.Run(Differentiate(plain), args);
        double[][] direction = Derivatives.Direction(f, args, seed);
        double along = expected.Select((bar, k) => bar.ToDoubles().Zip(direction[k], (x, y) => x * y).Sum()).Sum();
        if (Derivatives.Slope(plain, args, direction) is { } slope && !Close(slope, along, 1e-5)) Assert.Fail($"the slope is {slope:R}, not {along:R}\n{plain}");
        bool differentiated = false;
        foreach (var (pass, g) in Passes.Steps(f, [], Reduction.None, new Passes.Derivative(Derivatives.Floats(f), Seed.One, KeepValue: true)))
        {
            if (pass == "vectorize") break;
            Verifier.Check(g, pass);
            differentiated |= pass == "differentiate";
            if (differentiated) Agree(expected, Interpreter.Run(g, args), "after " + pass, g);
            else Agree(Interpreter.Run(plain, args), Interpreter.Run(g, args), "after " + pass, g);
        }
    }
}
