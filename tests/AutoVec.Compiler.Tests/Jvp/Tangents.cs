using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Transforms.Differentiate;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Passes = AutoVec.Compiler.Transforms.Pipelines;
using Push = AutoVec.Compiler.Transforms.Jvp.Jvp;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Jvp;

/// <summary>Tangents against differences, and against the reverse mode, through the interpreter.</summary>
public static class Tangents
{
    /// <summary>The Jvp with the value, as the pass gives it, simplified on both sides, and of parallel code: all verified.</summary>
    public static IEnumerable<(string How, FunctionIr Jvp)> Roads(FunctionIr f)
    {
        var wrt = Derivatives.Floats(f);
        yield return ("raw", Verifier.Check(Push.Run(f, wrt, keepValue: true), "jvp"));
        var simple = Verifier.Check(Push.Run(Tidy.Run(f), wrt, keepValue: true), "jvp after simplify");
        yield return ("simplified", Verifier.Check(Tidy.Run(simple), "simplify after jvp"));
        var derivative = new Passes.Derivative(wrt, Seed.Cotangent, KeepValue: true) { Forward = true };
        foreach (var (pass, g) in Passes.Steps(f, [], Reduction.None, derivative))
        {
            if (pass is "jvp" or "simplify after jvp" or "simplify after gather") yield return (pass, Verifier.Check(g, pass));
            if (pass == "vectorize") yield break;
        }
    }

    /// <summary>The direction as the arguments that Jvp appends.</summary>
    public static Value[] With(FunctionIr f, Value[] args, double[][] direction)
    {
        int k = 0;
        return [.. args, .. f.Params.Zip(args).Where(p => p.First.Type.IsFloat)
            .Select(p => Value.Of(p.Second.ElementType, p.Second.Shape, direction[k++]))];
    }

    /// <summary>Along two directions, on every road: the value is the function's, the tangent the slope and ⟨∇f, v⟩.</summary>
    public static void AgreeAlong(FunctionIr f, Value[] args, int seed)
    {
        Verifier.Check(f, "test");
        var value = Interpreter.Run(f, args);
        var wrt = Derivatives.Floats(f);
        var gradient = Interpreter.Run(Diff.Run(f, wrt, Seed.One, keepValue: false), args);
        var directions = new[] { Derivatives.Direction(f, args, seed), Derivatives.Direction(f, args, seed + 1) };
        foreach (var (how, jvp) in Roads(f))
            foreach (var v in directions)
            {
                var results = Interpreter.Run(jvp, With(f, args, v));
                if (!Near(value[0].AsDouble, results[0].AsDouble, 1e-9)) Assert.Fail($"{how}: the value is {results[0]}, not {value[0]}\n{jvp}");
                double dual = gradient.Zip(v, Dot).Sum(), actual = results[1].AsDouble;
                if (!Near(dual, actual, 1e-8)) Assert.Fail($"{how}: the tangent is {actual:R}, ⟨∇f, v⟩ is {dual:R}\n--- function\n{f}\n--- jvp\n{jvp}");
                if (Derivatives.Slope(f, args, v) is { } slope && !Near(slope, actual, 1e-5))
                    Assert.Fail($"{how}: the tangent is {actual:R}, the slope {slope:R}\n--- function\n{f}\n--- jvp\n{jvp}");
            }
    }

    public static void AgreeAlong(string text, params object[] args) => AgreeAlong(Parser.Parse(text), [.. args.Select(Value.From)], 1);

    public static double Dot(Value a, double[] b) => a.ToDoubles().Zip(b, (x, y) => x * y).Sum();

    public static bool Near(double expected, double actual, double tolerance) =>
        Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)) || expected.Equals(actual);

    /// <summary>The tangents of all results at the arguments, the same on every road.</summary>
    public static double[] Along(string text, object[] args, object[] direction)
    {
        var f = Parser.Parse(text);
        Value[] all = [.. args.Concat(direction).Select(Value.From)];
        var tangents = Roads(f).Select(r => Interpreter.Run(r.Jvp, all)[f.Body.Results.Count..].SelectMany(v => v.ToDoubles()).ToArray()).ToList();
        foreach (var other in tangents.Skip(1)) Assert.Equal(tangents[0], other);
        return tangents[0];
    }
}
