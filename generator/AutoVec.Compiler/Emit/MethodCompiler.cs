using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit;

/// <summary>From an annotated method's IR to its generated file: the pipeline of each core, its plan, its text.</summary>
public static class MethodCompiler
{
    public static GeneratedSource Compile(MethodModel method, FunctionIr function) =>
        GeneratedFile.Method(method, kind => Core(method, function, kind));

    /// <summary>The core for equal extents, with the guarded one beside it where any were assumed.</summary>
    private static CompiledCore Core(MethodModel method, FunctionIr function, CoreKind kind)
    {
        string name = $"{method.Name}{kind}Core";
        var (unified, equalities) = Pipelines.Unify(function);
        var core = Core(method, unified, kind, name);
        return equalities.IsEmpty ? core : core with { Guarded = Core(method, function, kind, name + "Guarded") };
    }

    private static CompiledCore Core(MethodModel method, FunctionIr function, CoreKind kind, string name)
    {
        var shared = Leaves(function, method.Parameters.Where(p => p.Shared && method.Vectorize));
        var compiled = kind == CoreKind.Batch
            ? Pipelines.Batch(function, shared, method.Reduce)
            : Pipelines.GradientBatch(function, Differentiable(method, function), shared, method.Reduce,
                kind == CoreKind.Gradient ? Seed.One : Seed.Cotangent, keepValue: true);
        var plan = Planner.Plan(compiled);
        var notes = new List<string>();
        string text = CoreEmitter.Emit(plan, name, notes);
        return new CompiledCore(CoreEmitter.QualifiedName(name), compiled, text, IsInPlace(plan), [.. plan.Explain, .. notes]);
    }

    private static Seq<Var> Leaves(FunctionIr function, IEnumerable<ParameterModel> parameters)
    {
        var names = new HashSet<string>(parameters.SelectMany(p => Api.Leaf.Of(p.Value)).Select(l => l.Value.Leaf));
        return function.Params.Where(p => names.Contains(p.Name)).ToSeq();
    }

    private static Seq<Var> Differentiable(MethodModel method, FunctionIr function) =>
        Leaves(function, method.Parameters.Where(p => !p.NoGrad)).Where(v => v.Type.IsFloat).ToSeq();

    /// <summary>One kernel that reads each batched element where it writes: a destination may then be an argument.</summary>
    private static bool IsInPlace(Plan plan)
    {
        if (plan.Stages.Count != 1 || plan.Stages[0] is not KernelStage kernel) return false;
        var parameters = new HashSet<Var>(plan.Function.Params);
        return kernel.Stmts.Cast<Build>().All(b => b.Body.Walk().OfType<Read>().Where(r => parameters.Contains(r.Array))
            .All(r => r.Index.SequenceEqual(b.Dims.Map(d => (Atom)d.Index))));
    }
}
