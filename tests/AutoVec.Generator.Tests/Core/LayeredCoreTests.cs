using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Tests.Pipelines;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Tests.Vectorize;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Tests.Random;

namespace AutoVec.Generator.Tests.Core;

/// <summary>
/// Random models (dense layers, recurrences, softmax, gathers) and random nested parallel code, batched and with gradients: the
/// compiled core gives what the interpreter gives of the same plan. Contractions, epilogues, host loops, scatters all occur.
/// </summary>
public class LayeredCoreTests
{
    [Fact]
    public void Layers() => Check(0, Fuzz.Count(24), derivative: false, k => LayeredProgram.Make(k), (k, n) => LayeredProgram.Arguments(k, n));

    [Fact]
    public void Gradients_of_layers() => Check(7080, Fuzz.Count(24), derivative: true, k => LayeredProgram.Make(k), (k, n) => LayeredProgram.Arguments(k, n));

    [Fact]
    public void Nested_parallel_code() => Check(0, Fuzz.Count(24), derivative: false, RandomParallel.Make, (k, n) => RandomParallel.Arguments(k, n, n));

    [Fact]
    public void Gradients_of_nested_parallel_code() => Check(100, Fuzz.Count(24), derivative: true, RandomParallel.Make, (k, n) => RandomParallel.Arguments(k, n, n));

    private static void Check(int first, int count, bool derivative, Func<int, FunctionIr> make, Func<int, int, Value[]> arguments)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_SEED"), out int start)) first = start;
        var harness = new CoreHarness();
        var made = new List<(int Seed, FunctionIr F, Seq<Var> Shared, Plan Plan, int Core)>();
        for (int seed = first; seed < first + count; seed++)
        {
            var f = make(seed);
            if (seed % 2 == 0) f = Pipelines.Unify(f).Function;
            var shared = f.Params.Where((_, k) => k < f.Params.Count - 1 && (seed >> k) % 2 == 1).ToSeq();
            var reduction = (Compiler.Emit.Reduction)(seed / 3 % 3);
            var plan = Planner.Plan(derivative
                ? Pipelines.GradientBatch(f, f.Params.Where(p => p.Type.IsFloat).ToSeq(), shared, reduction, Seed.One, keepValue: true)
                : Pipelines.Batch(f, shared, reduction));
            try
            {
                made.Add((seed, f, shared, plan, harness.Add(plan, seed % 3 == 0 ? 256 : seed % 3 == 1 ? 128 : 512)));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}\n{plan.Function}", e);
            }
        }
        var failures = new List<string>();
        foreach (var (seed, f, shared, plan, core) in made)
            foreach (var (batch, n) in new[] { (1, 3), (3, 1), (5, 9) })
            {
                var samples = Enumerable.Range(0, batch).Select(k => arguments(seed * 7 + k, n)).ToArray();
                var args = Batches.Arguments(f, shared, samples);
                var expected = Interpreter.Run(plan.Function, args);
                if (IsChaotic(plan.Function, args, expected)) continue;
                try
                {
                    PassFuzz.Close(expected, harness.Run(core, null, args));
                }
                catch (Exception e)
                {
                    failures.Add($"seed {seed}, batch {batch}, n {n}: {e.Message}\n{plan.Function}\n{string.Join('\n', plan.Explain)}\n{harness.TextOf(core)}");
                    break;
                }
            }
        if (failures.Count > 0)
            Assert.Fail($"{failures.Count} of {count} fail\n{string.Join('\n', failures.Select(x => x.Split('\n')[0]))}\n{failures.MinBy(x => x.Length)}");
    }

    /// <summary>Does the last bit of the arguments matter (the sine of a huge product)? Then rounding does too.</summary>
    private static bool IsChaotic(FunctionIr f, Value[] args, Value[] expected)
    {
        var moved = args.Select(a => a.ElementType == Scalar.F64 ? Value.Of(Scalar.F64, a.Shape, a.Data.Select(d => d.AsDouble * (1 + 4e-16))) : a).ToArray();
        try
        {
            PassFuzz.Close(expected, Interpreter.Run(f, moved), 1e-11);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
