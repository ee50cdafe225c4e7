using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Tests.Random;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Random programs (loops, branches, in-place writes) mean on the host and in a thread what the interpreter says.</summary>
public class RandomCoreTests
{
    [Fact]
    public void On_the_host() => Check(0, Fuzz.Count(60), f => f, v => v);

    [Fact]
    public void In_threads() => Check(1000, Fuzz.Count(60), TrivialPlan.InThreads, v => [.. v, Value.From(new double[2])]);

    private static void Check(int first, int count, Func<FunctionIr, FunctionIr> prepare, Func<Value[], Value[]> arguments)
    {
        var harness = new CoreHarness();
        var programs = Enumerable.Range(first, count).Select(seed => RandomProgram.Make(seed, 1 + seed % 5)).ToList();
        var functions = programs.Select(p => Verifier.Check(prepare(ToIr.Lower(p)), "prepare")).ToList();
        var cores = functions.Select((f, k) =>
        {
            try
            {
                return harness.Add(TrivialPlan.Of(f));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {first + k}: {e.Message}\n{f}", e);
            }
        }).ToList();
        for (int k = 0; k < count; k++)
        {
            for (int n = 1; n <= 3; n++)
            {
                var args = arguments(RandomInputs.Make(programs[k], n, first + k + n));
                var expected = Interpreter.Run(functions[k], args);
                var actual = harness.Run(cores[k], null, args);
                try
                {
                    PassFuzz.Close(expected, actual);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"seed {first + k}, n = {n}: {e.Message}\n{programs[k].Text}\n{functions[k]}\n{harness.TextOf(cores[k])}", e);
                }
            }
        }
    }
}
