using AutoVec.Compiler.Emit.Api;
using AutoVec.Compiler.Emit.Ilgpu;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Debug;
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
        if (method.Debug is not null) return Method(method, kind => InOrder(method, kind, function));
        var (equal, equalities) = Pipelines.Unify(function);
        (equal, var lengths) = Lengths.Unify(equal);
        var (trips, assumed) = TripExtents.Unify(equal);
        // One test for the whole call: it must not read what differs from sample to sample.
        var all = new HashSet<string>(method.Parameters.Where(p => !method.Vectorize || CallModel.IsShared(method, p)).SelectMany(p => Leaf.Of(p.Value).Map(l => l.Value.Leaf)));
        if (assumed is not null && assumed.Arguments.All(p => all.Contains(p.Name))) equal = trips;
        else assumed = null;
        assumed = Stored(method, Assumption.Both(equal, lengths, assumed));
        return Method(method, kind =>
        {
            string name = $"{method.Name}{kind}Core";
            var core = Compile(method, kind, equal, name, lanes: true, assumed);
            return equalities.IsEmpty && assumed is null ? core : core with { Guarded = Compile(method, kind, function, name + "Guarded", lanes: false) };
        });
    }

    /// <summary>Debug mode: the core with checks; kernels are those without.</summary>
    private static CompiledCore InOrder(MethodModel method, CoreKind kind, FunctionIr function)
    {
        string name = $"{method.Name}{kind}Core";
        var kernels = Compile(method, kind, function, name, lanes: false);
        var (instrumented, places) = Checks.Run(function, method.Debug!);
        var plan = Planner.Plan(Transform(method, kind, instrumented, inOrder: true));
        var notes = new List<string>();
        string text = CoreEmitter.Emit(plan, name, CompiledCore.NamespaceOf(method), notes, lanes: false, places: places);
        return new CompiledCore(name, plan.Function, text, IsInPlace(plan), ["debug mode: every value is checked, sample after sample"])
        {
            Kernels = kernels.Kernels, KernelsInPlace = kernels.KernelsInPlace, NoKernels = kernels.NoKernels,
        };
    }

    private static CompiledCore Compile(MethodModel method, CoreKind kind, FunctionIr function, string className, bool lanes, Assumption? assumed = null)
    {
        var plan = Planner.Plan(Transform(method, kind, function, inOrder: false));
        var notes = new List<string>();
        string text = CoreEmitter.Emit(plan, className, CompiledCore.NamespaceOf(method), notes, lanes, assumed);
        var core = new CompiledCore(className, plan.Function, text, IsInPlace(plan), [.. plan.Explain, .. notes]) { Assumes = assumed };
        if (!method.Vectorize) return core;
        try
        {
            string kernels = IlgpuEmitter.Emit(plan, core.KernelsClass, CompiledCore.NamespaceOf(method), out bool again, assumed);
            return core with { Kernels = kernels, KernelsInPlace = core.InPlace && !again };
        }
        catch (NotSupportedException e)
        {
            return core with { NoKernels = e.Message };
        }
    }

    private static FunctionIr Transform(MethodModel method, CoreKind kind, FunctionIr function, bool inOrder) =>
        Stored(method, kind, function, Floats(method, kind, function, inOrder));

    /// <summary>The test that the host makes reads what its caller holds.</summary>
    private static Assumption? Stored(MethodModel method, Assumption? assumed)
    {
        var halves = new HashSet<string>(method.Parameters.SelectMany(p => Leaf.Of(p.Value)).Where(IsHalf).Select(l => l.Value.Leaf));
        if (assumed is null || !assumed.Arguments.Any(p => halves.Contains(p.Name))) return assumed;
        var test = Transforms.Halves.Halves.Run(new FunctionIr("Holds", assumed.Arguments, assumed.Block), halves, []);
        return assumed with { Block = test.Body, Arguments = test.Params };
    }

    private static bool IsHalf(Leaf leaf) => leaf.Value.Scalar == Scalar.F16;

    /// <summary>What the caller holds as halves is f16 in memory: leaves of parameters and of results, and their derivatives.</summary>
    private static FunctionIr Stored(MethodModel method, CoreKind kind, FunctionIr function, FunctionIr transformed)
    {
        var leaves = method.Parameters.SelectMany(p => Leaf.Of(p.Value)).ToList();
        var values = Leaf.Of(method.Result).Concat(method.Outputs.Select(p => new Leaf([], (ArrayValue)p.Value))).ToList();
        if (!leaves.Concat(values).Any(IsHalf)) return transformed;
        var parameters = new HashSet<string>(leaves.Where(IsHalf).Select(l => l.Value.Leaf));
        // Cotangents and tangents come after the function's own parameters, in order.
        var appended = kind == CoreKind.Jvp ? CallModel.Differentiable(method).SelectMany(p => Leaf.Of(p.Value)) : kind == CoreKind.Vjp ? values : [];
        parameters.UnionWith(transformed.Params.Skip(function.Params.Count).Zip(appended.Where(l => l.IsFloat), (p, l) => (p.Name, Half: IsHalf(l))).Where(p => p.Half).Select(p => p.Name));
        var names = transformed.ResultNames.ToList();
        var results = new HashSet<int>(leaves.Where(IsHalf).Select(l => names.IndexOf("d:" + l.Value.Leaf)));
        for (int k = 0; k < values.Count; k++)
            if (IsHalf(values[k])) results.UnionWith([k, names.IndexOf(Transforms.Jvp.Jvp.ResultPrefix + (k < names.Count ? names[k] : ""))]);
        results.Remove(-1);
        return Verifier.Check(Transforms.Halves.Halves.Run(transformed, parameters, results), "halves");
    }

    private static FunctionIr Floats(MethodModel method, CoreKind kind, FunctionIr function, bool inOrder)
    {
        Seq<Var> LeavesOf(IEnumerable<ParameterModel> parameters, Func<Leaf, bool> which) => parameters
            .SelectMany(p => Leaf.Of(p.Value).Where(which)).Select(l => function.Params.First(v => v.Name == l.Value.Leaf)).ToSeq();

        var shared = LeavesOf(method.Parameters.Where(p => CallModel.IsShared(method, p)), _ => true);
        var reduction = method.Vectorize ? method.Reduce : Reduction.None;
        var wrt = LeavesOf(CallModel.Differentiable(method), l => l.IsFloat);
        var derivative = kind switch
        {
            CoreKind.Batch => null,
            CoreKind.Jvp => new Pipelines.Derivative(wrt, Seed.Cotangent, KeepValue: true) { Forward = true },
            _ => new Pipelines.Derivative(wrt, kind == CoreKind.Gradient ? Seed.One : Seed.Cotangent, KeepValue: true),
        };
        // A reduced value has one cotangent for the whole batch.
        if (kind is CoreKind.Gradient or CoreKind.Vjp && reduction != Reduction.None) shared = [.. shared, .. Cotangents(function)];
        if (inOrder) return Pipelines.InOrder(function, method.Vectorize ? shared : null, reduction, derivative);
        if (!method.Vectorize) return Pipelines.Single(function, derivative!);
        return kind switch
        {
            CoreKind.Batch => Pipelines.Batch(function, shared, reduction),
            CoreKind.Jvp => Pipelines.JvpBatch(function, wrt, shared, reduction),
            _ => Pipelines.GradientBatch(function, wrt, shared, reduction, derivative!.Seed, keepValue: true),
        };
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
