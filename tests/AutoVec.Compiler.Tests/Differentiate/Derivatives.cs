using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Tests.Random;
using Collect = AutoVec.Compiler.Transforms.Gather.Gather;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>Derivatives against finite differences of the function, through the interpreter.</summary>
public static class Derivatives
{
    public static Seq<Var> Floats(FunctionIr f) => f.Params.Where(p => p.Type.IsFloat).ToSeq();

    /// <summary>The gradient with the value, as the pass gives it and simplified on both sides, both verified.</summary>
    public static IEnumerable<(string How, FunctionIr Gradient)> Roads(FunctionIr f)
    {
        yield return ("raw", Verifier.Check(Diff.Run(f, Floats(f), Seed.One, keepValue: true), "differentiate"));
        var simple = Verifier.Check(Tidy.Run(f), "simplify");
        var gradient = Verifier.Check(Diff.Run(simple, Floats(f), Seed.One, keepValue: true), "differentiate after simplify");
        var tidy = Verifier.Check(Tidy.Run(gradient), "simplify after differentiate");
        yield return ("simplified", tidy);
        var gathered = Verifier.Check(Collect.Run(tidy), "gather");
        yield return ("gathered", Verifier.Check(Tidy.Run(gathered, motion: true), "simplify after gather"));
    }

    /// <summary>f64 arguments throughout; every gradient must agree with the differences.</summary>
    public static void Agree(string text, params object[] args) => Agree(Parser.Parse(text), [.. args.Select(Value.From)]);

    public static void Agree(FunctionIr f, Value[] args)
    {
        Verifier.Check(f, "test");
        var value = Interpreter.Run(f, args);
        foreach (var (how, gradient) in Roads(f))
            if (Difference(f, gradient, args, value[0]) is { } wrong)
                Assert.Fail($"{how}: {wrong}\n--- function\n{f}\n--- gradient\n{gradient}");
    }

    /// <summary>What is wrong with a gradient that keeps the value; null if nothing is.</summary>
    public static string? Difference(FunctionIr f, FunctionIr gradient, Value[] args, Value value)
    {
        var results = Interpreter.Run(gradient, args);
        if (!results[0].Equals(value)) return $"the value is {results[0]}, not {value}";
        var wrt = Floats(f);
        for (int k = 0; k < wrt.Count; k++)
        {
            int at = f.Params.ToList().IndexOf(wrt[k]);
            if (RandomInputs.Differences(a => Interpreter.Run(f, a)[0].AsDouble, args, at) is not { } expected) continue;
            double[] actual = results[^(wrt.Count - k)].ToDoubles();
            if (expected.Length != actual.Length) return $"d:{wrt[k]} has {actual.Length} elements, not {expected.Length}";
            double scale = Math.Max(1, expected.Select(Math.Abs).DefaultIfEmpty(0).Max());
            for (int e = 0; e < expected.Length; e++)
                if (!(Math.Abs(expected[e] - actual[e]) <= 1e-5 * scale)) return $"d:{wrt[k]}[{e}] is {actual[e]:R}, not {expected[e]:R}";
        }
        return null;
    }

    /// <summary>As <see cref="Agree(FunctionIr, Value[])"/>, along two random directions only: cheap enough for thousands of programs.</summary>
    public static void AgreeAlong(FunctionIr f, Value[] args, int seed)
    {
        Verifier.Check(f, "test");
        var value = Interpreter.Run(f, args);
        var directions = new[] { Direction(f, args, seed), Direction(f, args, seed + 1) };
        var slopes = directions.Select(d => Slope(f, args, d)).ToArray();
        foreach (var (how, gradient) in Roads(f))
        {
            var results = Interpreter.Run(gradient, args);
            if (!results[0].Equals(value[0])) Assert.Fail($"{how}: the value is {results[0]}, not {value[0]}\n{gradient}");
            if (Against(f, results, directions, slopes) is { } wrong) Assert.Fail($"{how}: {wrong}\n--- function\n{f}\n--- gradient\n{gradient}");
        }
    }

    /// <summary>What is wrong with the gradients (the last results), along the directions.</summary>
    public static string? Against(FunctionIr f, Value[] results, double[][][] directions, double?[] slopes)
    {
        int wrt = Floats(f).Count;
        for (int d = 0; d < directions.Length; d++)
        {
            if (slopes[d] is not { } expected) continue;
            double actual = 0;
            for (int k = 0; k < wrt; k++)
                actual += results[results.Length - wrt + k].ToDoubles().Zip(directions[d][k], (g, v) => g * v).Sum();
            if (!(Math.Abs(expected - actual) <= 1e-5 * Math.Max(1, Math.Abs(expected)))) return $"the slope is {actual:R}, not {expected:R}";
        }
        return null;
    }

    /// <summary>A number for each element of each float parameter.</summary>
    public static double[][] Direction(FunctionIr f, Value[] args, int seed)
    {
        var random = new System.Random(seed);
        return [.. f.Params.Zip(args).Where(p => p.First.Type.IsFloat)
            .Select(p => p.Second.Data.Select(_ => random.NextDouble() * 2 - 1).ToArray())];
    }

    /// <summary>Central differences of 4th order along a direction; null where two step sizes disagree.</summary>
    public static double? Slope(FunctionIr f, Value[] args, double[][] direction)
    {
        double At(double step)
        {
            int k = 0;
            var moved = f.Params.Zip(args, (p, a) => !p.Type.IsFloat ? a
                : Value.Of(a.ElementType, a.Shape, a.ToDoubles().Zip(direction[k++], (x, v) => x + step * v))).ToArray();
            return Interpreter.Run(f, moved)[0].AsDouble;
        }
        double Central(double h) => (8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h);
        double coarse = Central(2e-4), fine = Central(0.7e-4);
        return Math.Abs(coarse - fine) <= 1e-6 * Math.Max(1, Math.Abs(fine)) ? fine : null;
    }
}
