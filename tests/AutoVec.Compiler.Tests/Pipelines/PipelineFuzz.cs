using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Vectorize;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Tests.Random;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Tests.Parallelize;
using Simplifier = AutoVec.Compiler.Transforms.Simplify.Simplify;
using Differentiation = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Push = AutoVec.Compiler.Transforms.Jvp.Jvp;
using Orders = AutoVec.Compiler.Transforms.Pipelines;

namespace AutoVec.Compiler.Tests.Pipelines;

/// <summary>Random programs through the whole pipeline: every pass, values and gradients, one sample and a batch.</summary>
public class PipelineFuzz
{
    [Fact]
    public void Batches_of_random_programs() => Each(0, Support.Fuzz.Programs(80), k => Random(k, derivative: false));

    [Fact]
    public void Gradients_of_batches_of_random_programs() => Each(0, Support.Fuzz.Count(80), k => Random(k, derivative: true));

    [Fact]
    public void Batches_of_layers() => Each(0, Support.Fuzz.Count(60), k => Layers(k, derivative: false));

    [Fact]
    public void Gradients_of_batches_of_layers() => Each(0, Support.Fuzz.Count(60), k => Layers(k, derivative: true));

    [Fact]
    public void Products_with_a_cotangent_of_layers() => Each(0, Support.Fuzz.Count(40), Cotangents);

    [Fact]
    public void Batches_of_nested_parallel_code() => Each(0, Support.Fuzz.Count(80), k => Nested(k, derivative: false));

    [Fact]
    public void Gradients_of_batches_of_nested_parallel_code() => Each(0, Support.Fuzz.Count(80), k => Nested(k, derivative: true));

    [Fact]
    public void Tangents_of_batches_of_random_programs() => Each(0, Support.Fuzz.Count(20), k => Random(k, derivative: true, forward: true));

    [Fact]
    public void Tangents_of_batches_of_layers() => Each(0, Support.Fuzz.Count(40), k => Layers(k, derivative: true, forward: true));

    [Fact]
    public void Tangents_of_batches_of_nested_parallel_code() => Each(0, Support.Fuzz.Count(40), k => Nested(k, derivative: true, forward: true));

    [Fact]
    public void Gradients_of_single_samples() => Each(0, Support.Fuzz.Count(120), Single);

    /// <summary>NaN, infinities, exceptions: a batch throws iff a sample does, and else gives what the samples give.</summary>
    [Fact]
    public void Batches_of_loops_that_may_throw()
    {
        int thrown = 0, lost = 0;
        Each(0, Support.Fuzz.Count(300), k => Throwing(k, ref thrown, ref lost));
        // A dead read no longer throws, see Simplify; nothing else may be lost.
        Assert.True(thrown > 100 && lost * 20 <= thrown, $"{lost} of {thrown} exceptions were lost");
    }

    /// <summary>The programs of layers reach what they are made for.</summary>
    [Fact]
    public void Layers_meet_every_kind_of_stage()
    {
        var met = new Dictionary<string, int>();
        void Count(string kind) => met[kind] = met.TryGetValue(kind, out int n) ? n + 1 : 1;
        void Stages(Seq<Stage> stages, string where)
        {
            foreach (var s in stages)
            {
                Count(s.GetType().Name + where);
                if (s is ContractionStage { Epilogue.IsEmpty: false }) Count("epilogue");
                if (s is ContractionStage { Spec.Batch.IsEmpty: false }) Count("batched");
                if (s is UpdateStage { InPlace: true }) Count("in place");
                if (s is LoopStage l) Stages(l.Body, " in a loop");
            }
        }
        for (int seed = 0; seed < 100; seed++)
        {
            var f = LayeredProgram.Make(seed);
            var shared = f.Params.Where((_, k) => k < f.Params.Count - 1 && (seed >> k) % 2 == 1).ToSeq();
            var plan = Planner.Plan(Orders.GradientBatch(f, f.Params.Where(p => p.Type.IsFloat).ToSeq(), shared, Reduction.Sum, Seed.One, true));
            Stages(plan.Stages, "");
            if (plan.Explain.Any(e => e.StartsWith("the sum over"))) Count("sum through a loop");
        }
        string[] kinds = ["ContractionStage", "ContractionStage in a loop", "KernelStage", "KernelStage in a loop", "LoopStage", "ReduceStage", "ScatterStage",
            "UpdateStage", "epilogue", "batched", "in place", "sum through a loop"];
        Assert.True(kinds.All(met.ContainsKey), string.Join(", ", met.OrderBy(m => m.Key).Select(m => $"{m.Key} {m.Value}")));
    }

    /// <summary>AUTOVEC_SEED: where to begin, to look for more.</summary>
    private static void Each(int first, int count, Action<int> one)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_SEED"), out int seed)) first = seed;
        var failures = new List<string>();
        for (int k = first; k < first + count; k++)
        {
            try
            {
                one(k);
            }
            catch (Exception e)
            {
                failures.Add(e.Message);
            }
        }
        if (failures.Count > 0)
            Assert.Fail($"{failures.Count} of {count} fail\n{string.Join('\n', failures.Select(f => f.Split('\n')[0]))}\n{failures.MinBy(f => f.Length)}");
    }

    private static void Random(int seed, bool derivative, bool forward = false)
    {
        var program = RandomProgram.Make(seed, 1 + seed % 5);
        int n = 1 + seed % 4;
        One(seed, ToIr.Lower(program), k => RandomInputs.Make(program, n, seed * 3 + k), derivative, program.Text, forward);
    }

    private static void Layers(int seed, bool derivative, bool forward = false) =>
        One(seed, LayeredProgram.Make(seed), k => LayeredProgram.Arguments(seed * 3 + k, seed % 11 == 0 ? 1 : 3 + seed % 2), derivative, "", forward);

    private static void Cotangents(int seed)
    {
        var f = Verifier.Check(LayeredProgram.Make(seed, loss: false), "made");
        var wrt = f.Params.Where(p => p.Type.IsFloat).ToSeq();
        var shared = f.Params.Where((_, k) => k < f.Params.Count - 1 && (seed >> k) % 2 == 1).ToSeq();
        var reference = Differentiation.Run(f, wrt, Seed.Cotangent, true);
        int n = 3 + seed % 2;
        var samples = Enumerable.Range(0, 2).Select(k => LayeredProgram.Arguments(seed * 3 + k, n)).Select(a => (Value[])[.. a, a[3]]).ToArray();
        var reduction = (Reduction)(seed / 7 % 3);
        var expected = Batches.Expected(reference, shared, reduction, samples);
        var plan = Planner.Plan(Orders.GradientBatch(f, wrt, shared, reduction, Seed.Cotangent, true));
        PlanCheck.Legal(plan);
        try
        {
            PassFuzz.Close(expected, Interpreter.Run(Verifier.Check(plan.Function, "plan"), Batches.Arguments(reference, shared, samples)), 1e-8);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}\n{f}\n{plan.Function}", e);
        }
    }

    private static void Nested(int seed, bool derivative, bool forward = false) =>
        One(seed, RandomParallel.Make(seed), k => RandomParallel.Arguments(seed * 3 + k, 1 + seed % 4, 1 + seed / 4 % 3), derivative, "", forward);

    /// <summary>Without a batch dimension: the method's own loops are on the host, in a thread alone, or both.</summary>
    private static void Single(int seed)
    {
        var program = RandomProgram.Make(seed, 1 + seed % 5);
        int n = 1 + seed % 4;
        var (f, args) = (seed % 3) switch
        {
            0 => (ToIr.Lower(program), RandomInputs.Make(program, n, seed)),
            1 => (LayeredProgram.Make(seed), LayeredProgram.Arguments(seed, 3 + seed % 2)),
            _ => (RandomParallel.Make(seed), RandomParallel.Arguments(seed, n, 1 + seed / 4 % 3)),
        };
        var wrt = f.Params.Where(p => p.Type.IsFloat).ToSeq();
        var expected = Interpreter.Run(Verifier.Check(Differentiation.Run(f, wrt, Seed.One, true), "differentiate (sequential)"), args);
        string at = "";
        var g = f;
        try
        {
            foreach (var (pass, next) in Orders.Steps(f, new(wrt, Seed.One, true)))
            {
                (g, at) = (Verifier.Check(next, pass), pass);
                PassFuzz.Close(g.ResultNames.IsEmpty ? [expected[0]] : expected, Interpreter.Run(g, args), 1e-8);
            }
            at = "plan";
            var plan = Planner.Plan(g);
            PassFuzz.Close(expected, Interpreter.Run(g = Verifier.Check(plan.Function, at), args), 1e-8);
            PlanCheck.Legal(plan);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {at}: {e.Message}\n{g}", e);
        }
    }

    private static void Throwing(int seed, ref int thrown, ref int lost)
    {
        var f = Verifier.Check(RandomLoops.Make(seed), "made");
        var shared = f.Params.Where((_, k) => k < f.Params.Count - 1 && (seed >> k) % 2 == 1).ToSeq();
        var simple = Simplifier.Run(f);
        var g = Verifier.Check(Orders.Batch(f, shared, Reduction.None), "pipeline");
        g = Verifier.Check(Planner.Plan(g).Function, "plan");
        for (int k = 0; k < 3; k++)
        {
            var args = RandomLoops.Arguments(f, seed * 4 + k);
            Value[][] samples = [args, [.. args.Select(a => Value.Of(a.ElementType, a.Shape, a.Data.Reverse().ToArray()))]];
            var expected = Outcome(() => Batches.Expected(simple, shared, Reduction.None, samples));
            var actual = Outcome(() => Interpreter.Run(g, Batches.Arguments(f, shared, samples)));
            if (expected is null)
            {
                thrown++;
                if (actual is not null) lost++;
                continue;
            }
            if (actual is null) throw new InvalidOperationException($"seed {seed}: now an exception is thrown\n{simple}\n{g}");
            try
            {
                PassFuzz.Close(expected, actual);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}\n{simple}\n{g}");
            }
        }
    }

    private static Value[]? Outcome(Func<Value[]> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArithmeticException)
        {
            return null;
        }
    }

    private static void One(int seed, FunctionIr f, Func<int, Value[]> sample, bool derivative, string text, bool forward = false)
    {
        Verifier.Check(f, "lower");
        var shared = f.Params.Where((_, k) => k < f.Params.Count - 1 && (seed >> k) % 2 == 1).ToSeq();
        var reduction = (Reduction)(seed / 7 % 3);
        var samples = Enumerable.Range(0, 2).Select(sample).ToArray();
        if (seed % 3 == 0) f = Orders.Unify(f).Function;
        var wrt = f.Params.Where(p => p.Type.IsFloat).ToSeq();

        // The derivative of the sequential program, no loop of which was made parallel.
        var reference = forward ? Verifier.Check(Push.Run(f, wrt, true), "jvp (sequential)")
            : derivative ? Verifier.Check(Differentiation.Run(f, wrt, Seed.One, true), "differentiate (sequential)") : f;
        if (forward) samples = [.. samples.Select((s, k) => Jvp.Tangents.With(f, s, Derivatives.Direction(f, s, seed + k)))];
        int given = f.Params.Count;
        Seq<Var> all = [.. shared, .. reference.Params.Skip(given).Where((_, k) => shared.Contains(wrt[k]))];
        var expected = Batches.Expected(reference, all, reduction, samples);
        if (derivative && !forward && Settles(f, reference, wrt, samples[0]) is false) throw new InvalidOperationException($"seed {seed}: the sequential derivative differs from differences\n{text}");
        var g = f;
        var before = f;
        string at = "";
        try
        {
            foreach (var (pass, next) in Orders.Steps(f, shared, reduction, derivative ? new(wrt, Seed.One, true) { Forward = forward } : null))
            {
                (before, g, at) = (g, next, pass);
                Verifier.Check(g, pass);
                bool differentiated = !g.ResultNames.IsEmpty;
                if (g.Params[given - 1].Type.Rank > f.Params[^1].Type.Rank) PassFuzz.Close(expected, Interpreter.Run(g, Batches.Arguments(reference, all, samples)), 1e-8);
                else
                    foreach (var s in samples)
                    {
                        var one = Interpreter.Run(reference, s);
                        // The share in a mean, before there is a batch.
                        var args = s[..Math.Min(s.Length, g.Params.Count)].Concat(g.Params.Skip(s.Length).Select(p => Value.Of(Const.Of(p.Type.Scalar, 1))));
                        PassFuzz.Close(differentiated ? one : [one[0]], Interpreter.Run(g, [.. args]), 1e-8);
                    }
            }
            (before, at) = (g, "plan");
            var plan = Planner.Plan(g);
            g = Verifier.Check(plan.Function, "plan");
            PassFuzz.Close(expected, Interpreter.Run(g, Batches.Arguments(reference, all, samples)), 1e-8);
            PlanCheck.Legal(plan);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {at}: {e.Message}\n{text}\n--- before\n{before}\n--- after\n{g}", e);
        }
    }

    /// <summary>Do the gradients agree with differences? Null where those do not settle.</summary>
    private static bool? Settles(FunctionIr f, FunctionIr gradient, Seq<Var> wrt, Value[] args)
    {
        var all = Interpreter.Run(gradient, args);
        for (int w = 0; w < wrt.Count; w++)
        {
            int k = f.Params.ToList().IndexOf(wrt[w]);
            if (RandomInputs.Differences(a => Interpreter.Run(f, a)[0].AsDouble, args, k) is not { } differences) return null;
            double[] g = all[1 + w].ToDoubles();
            double scale = Math.Max(1, differences.Select(Math.Abs).DefaultIfEmpty(0).Max());
            for (int e = 0; e < g.Length; e++)
                if (!(Math.Abs(g[e] - differences[e]) <= 1e-5 * scale)) return false;
        }
        return true;
    }
}
