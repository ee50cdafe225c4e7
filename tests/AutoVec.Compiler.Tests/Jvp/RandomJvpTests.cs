using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Differentiate;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Push = AutoVec.Compiler.Transforms.Jvp.Jvp;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Jvp;

/// <summary>Random programs: tangents against differences and against reverse mode, at first and second order.</summary>
public class RandomJvpTests
{
    private static (FunctionIr, Value[]) Mixed(int seed) =>
        seed % 2 == 0 ? RandomDerivativeTests.Sequential(seed) : RandomDerivativeTests.Parallel(seed);

    [Fact]
    public void Tangents_of_random_programs_match_slopes_and_gradients() =>
        RandomDerivativeTests.Each(Fuzz.Programs(80), RandomDerivativeTests.Sequential, (seed, f, args) => Tangents.AgreeAlong(f, args, seed));

    [Fact]
    public void Tangents_of_random_parallel_code_match_slopes_and_gradients() =>
        RandomDerivativeTests.Each(Fuzz.Count(80), RandomDerivativeTests.Parallel, (seed, f, args) => Tangents.AgreeAlong(f, args, seed));

    /// <summary>Of the gradient g: ⟨w, J v⟩ by forward over reverse is ⟨Jᵀ w, v⟩ by reverse over reverse, and both are the slope of ⟨w, g⟩.</summary>
    [Fact]
    public void Hessian_vector_products_of_random_programs() => RandomDerivativeTests.Each(Fuzz.Count(40), Mixed, (seed, f, args) =>
    {
        var wrt = Derivatives.Floats(f);
        var gradient = Diff.Run(f, wrt, Seed.One, keepValue: false);
        if (seed % 4 < 2) gradient = Tidy.Run(gradient);
        double[][] v = Derivatives.Direction(f, args, seed), w = Derivatives.Direction(f, args, seed + 1);
        double Weighed(Value[] g) => g.Zip(w, Tangents.Dot).Sum();
        double slope = 0;
        try
        {
            double At(double step) => Weighed(Interpreter.Run(gradient, Moved(f, args, v, step)));
            slope = (At(1e-5) - At(-1e-5)) / 2e-5;
        }
        catch (IndexOutOfRangeException)
        {
            slope = double.NaN;
        }

        var hvp = Verifier.Check(Push.Run(gradient, wrt, keepValue: false), "forward over reverse");
        double forward = Weighed(Interpreter.Run(hvp, Tangents.With(f, args, v)));

        // The gradient of the tangent ⟨∇f, v⟩ by x is H v too: reverse over forward.
        var tangent = Push.Run(f, wrt, keepValue: false);
        var mixed = Verifier.Check(Diff.Run(seed % 3 == 0 ? Tidy.Run(tangent) : tangent, wrt, Seed.One, keepValue: false), "reverse over forward");
        double reverse = Weighed(Interpreter.Run(mixed, Tangents.With(f, args, v)));

        // The tangent of the tangent, along w by x: wᵀ H v.
        var second = Verifier.Check(Push.Run(tangent, wrt, keepValue: false), "forward over forward");
        double twice = Interpreter.Run(second, [.. Tangents.With(f, args, v), .. Tangents.With(f, args, w)[args.Length..]])[0].AsDouble;

        if (!Tangents.Near(forward, reverse, 1e-7)) Assert.Fail($"forward over reverse gives {forward:R}, reverse over forward {reverse:R}\n{hvp}\n{mixed}");
        if (!Tangents.Near(forward, twice, 1e-7)) Assert.Fail($"forward over reverse gives {forward:R}, forward over forward {twice:R}\n{second}");
        // A kink between the two points, or chaos, and the difference says nothing; then the three roads still agree.
        if (Derivatives.Slope(f, args, v) is not null && Math.Abs(slope - forward) > 1e-3 * Math.Max(1, Math.Abs(forward)) && !IsKinked(gradient, f, args, v, w))
            Assert.Fail($"the slope of the gradient is {slope:R}, not {forward:R}\n{hvp}");
    });

    private static Value[] Moved(FunctionIr f, Value[] args, double[][] direction, double step)
    {
        int k = 0;
        return [.. f.Params.Zip(args, (p, a) => !p.Type.IsFloat ? a
            : Value.Of(a.ElementType, a.Shape, a.ToDoubles().Zip(direction[k++], (x, v) => x + step * v)))];
    }

    /// <summary>Do differences of the gradient with two steps disagree?</summary>
    private static bool IsKinked(FunctionIr gradient, FunctionIr f, Value[] args, double[][] v, double[][] w)
    {
        double At(double step) => Interpreter.Run(gradient, Moved(f, args, v, step)).Zip(w, Tangents.Dot).Sum();
        double coarse = (At(1e-4) - At(-1e-4)) / 2e-4, fine = (At(1e-6) - At(-1e-6)) / 2e-6;
        return !(Math.Abs(coarse - fine) <= 1e-4 * Math.Max(1, Math.Abs(fine)));
    }
}
