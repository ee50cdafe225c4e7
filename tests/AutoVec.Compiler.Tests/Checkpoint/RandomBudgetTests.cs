using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Tests.Random;

namespace AutoVec.Compiler.Tests.Checkpoint;

/// <summary>Random programs, every loop of which is cut.</summary>
public class RandomBudgetTests
{
    [Fact]
    public void Gradients_of_random_programs_do_not_depend_on_the_budget() =>
        RandomDerivativeTests.Each(Fuzz.Programs(60), RandomDerivativeTests.Sequential, (seed, f, args) =>
        {
            var program = RandomProgram.Make(seed, 1 + seed % 5);
            Budgets.Agree(f, [Budgets.Small[seed % 2], Budgets.Small[2 + seed % 2]], args, RandomInputs.Make(program, 3 + seed % 7, seed));
        });

    [Fact]
    public void Gradients_of_random_parallel_code_do_not_depend_on_the_budget() =>
        RandomDerivativeTests.Each(Fuzz.Count(60), RandomDerivativeTests.Parallel, (seed, f, args) =>
            Budgets.Agree(f, [Budgets.Small[seed % 4]], RandomParallel.Arguments(seed, 17, 5)));
}
