using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Tests.Random;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>Random programs: gradients against differences. Those whose differences do not settle are skipped by <see cref="RandomInputs.Differences"/>.</summary>
public class RandomDerivativeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Gradients_of_random_programs_match_differences(int half)
    {
        int first = half * 1_000_000, count = Fuzz.Count(150);
        int start = int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_SEED"), out int s) ? s : 0;
        var failures = new List<string>();
        for (int seed = first + start; seed < first + start + count; seed++)
        {
            var program = RandomProgram.Make(seed, 1 + seed % 5);
            var f = ToIr.Lower(program);
            var args = RandomInputs.Make(program, 1 + seed % 3, seed);
            try
            {
                Derivatives.Agree(f, args);
            }
            catch (Exception e)
            {
                failures.Add($"seed {seed}: {e.Message}\n{program.Text}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}: " + string.Join("\n", failures.OrderBy(m => m.Length).Take(2)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Gradients_of_random_parallel_code_match_differences(int half)
    {
        int first = half * 1_000_000, count = Fuzz.Count(50);
        int start = int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_SEED"), out int s) ? s : 0;
        var failures = new List<string>();
        for (int seed = first + start; seed < first + start + count; seed++)
        {
            var f = RandomParallel.Make(seed);
            try
            {
                Derivatives.Agree(f, RandomParallel.Arguments(seed, seed % 4, 1 + seed % 3));
            }
            catch (Exception e)
            {
                failures.Add($"seed {seed}: {e.Message}\n{f}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}: " + string.Join("\n", failures.OrderBy(m => m.Length).Take(2)));
    }
}
