using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Tests.Random;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Passes = AutoVec.Compiler.Transforms.Pipelines;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>Random programs: gradients against differences. Those whose differences do not settle are skipped.</summary>
public class RandomDerivativeTests
{
    /// <summary>The first seed; further ranges are run by setting AUTOVEC_SEED and AUTOVEC_FUZZ.</summary>
    internal static readonly int First = int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_SEED"), out int s) ? s : 0;

    internal static void Each(int count, Func<int, (FunctionIr, Value[])> make, Action<int, FunctionIr, Value[]> check)
    {
        var failures = new List<string>();
        for (int seed = First; seed < First + count; seed++)
        {
            var (f, args) = make(seed);
            try
            {
                check(seed, f, args);
            }
            catch (Exception e)
            {
                failures.Add($"seed {seed}: {e.Message}\n{f}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}: " + string.Join("\n", failures.OrderBy(m => m.Length).Take(2)));
    }

    internal static (FunctionIr, Value[]) Sequential(int seed)
    {
        var program = RandomProgram.Make(seed, 1 + seed % 5);
        return (ToIr.Lower(program), RandomInputs.Make(program, 1 + seed % 3, seed));
    }

    internal static (FunctionIr, Value[]) Parallel(int seed) =>
        (RandomParallel.Make(seed), RandomParallel.Arguments(seed, seed % 4, 1 + seed % 3));

    [Fact]
    public void Gradients_of_random_programs_match_differences() =>
        Each(Fuzz.Programs(200), Sequential, (seed, f, args) => Derivatives.AgreeAlong(f, args, seed));

    [Fact]
    public void Gradients_of_random_parallel_code_match_differences() =>
        Each(Fuzz.Count(200), Parallel, (seed, f, args) => Derivatives.AgreeAlong(f, args, seed));

    /// <summary>The derivative of the loops as written, and of what the passes make of them: two roads to the same numbers.</summary>
    [Fact]
    public void Gradients_with_and_without_parallel_code_agree() => Each(Fuzz.Count(100), Sequential, (seed, f, args) =>
    {
        var expected = Interpreter.Run(Diff.Run(f, Derivatives.Floats(f), Seed.One, keepValue: true), args);
        var derivative = new Passes.Derivative(Derivatives.Floats(f), Seed.One, KeepValue: true);
        foreach (var (pass, g) in Passes.Steps(f, [], Reduction.None, derivative))
        {
            if (pass == "vectorize") break;
            Verifier.Check(g, pass);
            if (g.Body.Results.Count < expected.Length) continue;
            var actual = Interpreter.Run(g, args);
            for (int r = 0; r < actual.Length; r++)
                foreach (var (e, a) in expected[r].ToDoubles().Zip(actual[r].ToDoubles()))
                    if (!(Math.Abs(e - a) <= 1e-8 * Math.Max(1, Math.Abs(e)))) Assert.Fail($"after {pass}, {g.ResultNames[r]}: {e:R} became {a:R}\n{g}");
        }
    });
}
