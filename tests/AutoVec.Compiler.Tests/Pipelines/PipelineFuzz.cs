using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Vectorize;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Tests.Random;
using Differentiation = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Orders = AutoVec.Compiler.Transforms.Pipelines;

namespace AutoVec.Compiler.Tests.Pipelines;

/// <summary>Random programs through the whole pipeline: every pass, values and gradients, one sample and a batch.</summary>
public class PipelineFuzz
{
    [Fact]
    public void Batches_of_random_programs() => Each(0, Support.Fuzz.Count(150), derivative: false);

    [Fact]
    public void Gradients_of_batches_of_random_programs() => Each(0, Support.Fuzz.Count(150), derivative: true);

    /// <summary>AUTOVEC_SEED: where to begin, to look for more.</summary>
    private static void Each(int first, int count, bool derivative)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_SEED"), out int seed)) first = seed;
        var failures = new List<string>();
        for (int k = first; k < first + count; k++)
        {
            try
            {
                One(k, derivative);
            }
            catch (Exception e)
            {
                failures.Add(e.Message);
            }
        }
        if (failures.Count > 0)
            Assert.Fail($"{failures.Count} of {count} fail\n{string.Join('\n', failures.Select(f => f.Split('\n')[0]))}\n{failures.MinBy(f => f.Length)}");
    }

    private static void One(int seed, bool derivative)
    {
        var program = RandomProgram.Make(seed, 1 + seed % 5);
        var f = Verifier.Check(ToIr.Lower(program), "lower");
        var shared = f.Params.Where((_, k) => k < 4 && (seed >> k) % 2 == 1).ToSeq();
        var reduction = (Reduction)(seed / 7 % 3);
        int n = 1 + seed % 4;
        var samples = Enumerable.Range(0, 2).Select(k => RandomInputs.Make(program, n, seed * 3 + k)).ToArray();
        if (seed % 3 == 0) f = Orders.Unify(f).Function;

        // The derivative of the sequential program, no loop of which was made parallel.
        var reference = derivative ? Verifier.Check(Differentiation.Run(f, f.Params, Seed.One, true), "differentiate (sequential)") : f;
        var expected = Batches.Expected(reference, shared, reduction, samples);
        if (derivative && Settles(f, reference, samples[0]) is false) throw new InvalidOperationException($"seed {seed}: the sequential derivative differs from differences\n{program.Text}");
        var g = f;
        var before = f;
        string at = "";
        try
        {
            foreach (var (pass, next) in Orders.Steps(f, shared, reduction, derivative ? new(f.Params, Seed.One, true) : null))
            {
                (before, g, at) = (g, next, pass);
                Verifier.Check(g, pass);
                bool differentiated = !g.ResultNames.IsEmpty;
                if (g.Params[^1].Type.IsArray) PassFuzz.Close(expected, Interpreter.Run(g, Batches.Arguments(f, shared, samples)), 1e-8);
                else
                    foreach (var s in samples)
                    {
                        var one = Interpreter.Run(reference, s);
                        PassFuzz.Close(differentiated ? one : [one[0]], Interpreter.Run(g, s), 1e-8);
                    }
            }
            (before, at) = (g, "plan");
            var plan = Planner.Plan(g);
            g = Verifier.Check(plan.Function, "plan");
            PassFuzz.Close(expected, Interpreter.Run(g, Batches.Arguments(f, shared, samples)), 1e-8);
            PlanCheck.Legal(plan);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {at}: {e.Message}\n{program.Text}\n--- before\n{before}\n--- after\n{g}", e);
        }
    }

    /// <summary>Do the gradients agree with differences? Null where those do not settle.</summary>
    private static bool? Settles(FunctionIr f, FunctionIr gradient, Value[] args)
    {
        var all = Interpreter.Run(gradient, args);
        for (int k = 0; k < args.Length; k++)
        {
            if (RandomInputs.Differences(a => Interpreter.Run(f, a)[0].AsDouble, args, k) is not { } differences) return null;
            double[] g = all[1 + k].ToDoubles();
            double scale = Math.Max(1, differences.Select(Math.Abs).DefaultIfEmpty(0).Max());
            for (int e = 0; e < g.Length; e++)
                if (!(Math.Abs(g[e] - differences[e]) <= 1e-5 * scale)) return false;
        }
        return true;
    }
}
