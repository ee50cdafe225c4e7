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
}
