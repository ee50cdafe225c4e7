using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Tests.Random;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Random programs (loops, branches, in-place writes) mean on the host and in a thread what the interpreter says.</summary>
public class RandomCoreTests
{
    [Fact]
    public void On_the_host() => Check(0, Fuzz.Count(60), f => f, v => v);

    [Fact]
    public void In_threads() => Check(1000, Fuzz.Count(60), TrivialPlan.InThreads, v => [.. v, Value.From(new double[2])]);

    /// <summary>The whole pipeline, batched: lanes along the batch, rows, host loops.</summary>
    [Fact]
    public void Batched() => Batches(2000, Fuzz.Count(40), f => Pipelines.Batch(f, [f.Params.First(p => p.Name == "w")], Compiler.Emit.Reduction.None));

    [Fact]
    public void Batched_gradients() => Batches(3000, Fuzz.Count(30), f => Pipelines.GradientBatch(
        f, f.Params, [f.Params.First(p => p.Name == "w")], Compiler.Emit.Reduction.None, Seed.One, keepValue: true));

    [Fact]
    public void Batched_tangents() => Batches(4000, Fuzz.Count(25), f => Pipelines.JvpBatch(
        f, f.Params, [f.Params.First(p => p.Name == "w")], Compiler.Emit.Reduction.None));

    private static void Batches(int first, int count, Func<FunctionIr, FunctionIr> pipeline)
    {
        var harness = new CoreHarness();
        var made = new List<(int Seed, RandomProgram Program, FunctionIr F, int Core)>();
        for (int seed = first; seed < first + count; seed++)
        {
            var program = RandomProgram.Make(seed, 1 + seed % 5, most: 12);
            var plan = Planner.Plan(pipeline(Pipelines.Unify(ToIr.Lower(program)).Function));
            try
            {
                made.Add((seed, program, plan.Function, harness.Add(plan, seed % 3 == 0 ? 256 : seed % 3 == 1 ? 128 : 512)));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}\n{plan.Function}", e);
            }
        }
        foreach (var (seed, program, f, core) in made)
        {
            foreach (int batch in new[] { 1, 3, 19 })
            {
                var args = f.Params.Select((p, k) => Arguments(p, batch, 1 + seed % 4, seed + k)).ToArray();
                var expected = Interpreter.Run(f, args);
                try
                {
                    PassFuzz.Close(expected, harness.Run(core, null, args));
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"seed {seed}, batch {batch}: {e.Message}\n{program.Text}\n{f}\n{harness.TextOf(core)}", e);
                }
            }
        }
    }

    private static Value Arguments(Var p, int batch, int n, int seed)
    {
        var random = new Random(seed);
        var shape = p.Type.Extents.Map(e => e is Const c ? c.AsInt : ((Var)e).Base == "B" ? batch : n);
        return Value.Of(p.Type.Scalar, shape, Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => random.NextDouble() * 3 - 1.5));
    }

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
