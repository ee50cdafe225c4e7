using AutoVec.Compiler.Emit.Api;
using AutoVec.Compiler.Emit.Ilgpu;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Extents;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit;

public static partial class GeneratedFile
{
    /// <summary>The file with everything that is generated for one annotated method.</summary>
    /// <exception cref="UnsupportedDerivativeException">The method has no derivative; the message says what to write instead.</exception>
    /// <exception cref="UnsupportedException">The method has no batch: a result's shape differs from sample to sample, say.</exception>
    public static GeneratedSource Method(MethodModel method, FunctionIr function)
    {
        var (equal, equalities) = Pipelines.Unify(function);
        var (trips, assumed) = TripExtents.Unify(equal);
        // One test for the whole call: it must not read what differs from sample to sample.
        var all = new HashSet<string>(method.Parameters.Where(p => !method.Vectorize || CallModel.IsShared(method, p)).SelectMany(p => Leaf.Of(p.Value).Map(l => l.Value.Leaf)));
        if (assumed is not null && assumed.Arguments.All(p => all.Contains(p.Name))) equal = trips;
        else assumed = null;
        return Method(method, kind =>
        {
            string name = $"{method.Name}{kind}Core";
            var core = Compile(method, kind, equal, name, lanes: true, assumed);
            return equalities.IsEmpty && assumed is null ? core : core with { Guarded = Compile(method, kind, function, name + "Guarded", lanes: false) };
        });
    }

    private static CompiledCore Compile(MethodModel method, CoreKind kind, FunctionIr function, string className, bool lanes, Assumption? assumed = null)
    {
        Seq<Var> LeavesOf(IEnumerable<ParameterModel> parameters, Func<Leaf, bool> which) => parameters
            .SelectMany(p => Leaf.Of(p.Value).Where(which)).Select(l => function.Params.First(v => v.Name == l.Value.Leaf)).ToSeq();

        var shared = LeavesOf(method.Parameters.Where(p => CallModel.IsShared(method, p)), _ => true);
        var reduction = method.Vectorize ? method.Reduce : Reduction.None;
        FunctionIr batch;
        var wrt = LeavesOf(CallModel.Differentiable(method), l => l.IsFloat);
        if (kind == CoreKind.Batch) batch = Pipelines.Batch(function, shared, reduction);
        else if (kind == CoreKind.Jvp)
            batch = method.Vectorize
                ? Pipelines.JvpBatch(function, wrt, shared, reduction)
                : Pipelines.Single(function, new(wrt, Seed.Cotangent, KeepValue: true) { Forward = true });
        else
        {
            var seed = kind == CoreKind.Gradient ? Seed.One : Seed.Cotangent;
            // A reduced value has one cotangent for the whole batch.
            if (reduction != Reduction.None) shared = [.. shared, .. Cotangents(function)];
            batch = method.Vectorize
                ? Pipelines.GradientBatch(function, wrt, shared, reduction, seed, keepValue: true, method.Budget)
                : Pipelines.Single(function, new(wrt, seed, KeepValue: true) { Budget = method.Budget });
        }

        var plan = Planner.Plan(batch);
        var notes = new List<string>();
        string text = CoreEmitter.Emit(plan, className, notes, lanes, assumed);
        var core = new CompiledCore(className, plan.Function, text, IsInPlace(plan), [.. plan.Explain, .. notes]) { Assumes = assumed };
        if (!method.Vectorize) return core;
        try
        {
            string kernels = IlgpuEmitter.Emit(plan, core.KernelsClass, out bool again, assumed);
            return core with { Kernels = kernels, KernelsInPlace = core.InPlace && !again };
        }
        catch (NotSupportedException e)
        {
            return core with { NoKernels = e.Message };
        }
    }

    /// <summary>The parameters that Differentiate appends, by name.</summary>
    private static IEnumerable<Var> Cotangents(FunctionIr function) => function.Body.Results
        .Select((r, k) => (r.Type, Name: k == 0 ? "value_bar" : $"value{k}_bar")).Where(r => r.Type.IsFloat).Select(r => new Var(r.Name, r.Type));

    /// <summary>
    /// One elementwise stage with one result that reads each argument at its own index only: every element is read before the
    /// same element is written, so the result may lie in an argument's memory. (Of two results, the first may be written before
    /// the second has read.)
    /// </summary>
    private static bool IsInPlace(Plan plan) =>
        plan.Stages.Count == 1 && plan.Stages[0] is KernelStage { Stmts: { Count: 1 } stmts } && stmts[0] is Build { Dims.Count: 1 } build
        && build.Results.Count == 1 && build.Results[0].Type.Rank == 1
        && build.Body.Walk().All(s => s is not Read r || r.Index.Count == 1 && r.Index[0].Equals(build.Dims[0].Index));
}
