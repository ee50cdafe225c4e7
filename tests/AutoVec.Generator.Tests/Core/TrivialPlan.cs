using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Generator.Tests.Core;

/// <summary>The plan that groups nothing: one stage for each statement. Emission must be right for any plan that covers the function.</summary>
public static class TrivialPlan
{
    public static Plan Of(FunctionIr f) => new(f, Stages(f.Body), []);

    private static Seq<Stage> Stages(Block block) => block.Stmts.Map(Stage);

    private static Stage Stage(Stmt stmt) => stmt switch
    {
        Build b => new KernelStage([b]) { Title = $"build {b.Results}" },
        Reduce r => new ReduceStage(r) { Title = $"reduce {r.Out}" },
        Scatter s => new ScatterStage(s),
        For f => new LoopStage(f, [], Stages(f.Body)),
        While w => new LoopStage(w, Stages(w.Condition), Stages(w.Body)),
        If i => new IfStage(i, Stages(i.Then), Stages(i.Else)),
        Write or Accumulate or Read { Out.Type.IsArray: true } => new UpdateStage(stmt, InPlace: false),
        _ => new ScalarStage([stmt]),
    };

    /// <summary>The function computed by every thread of one kernel: what is sequential on the host runs inside a thread.</summary>
    public static FunctionIr InThreads(FunctionIr f)
    {
        var names = new Names(f);
        var b = names.Fresh("B", IrType.I32);
        var lead = names.Fresh("lead", new IrType(Scalar.F64, [b]));
        var index = names.Fresh("b", IrType.I32);
        var build = new Builder(names).Build([new Dim(index, b)], f.Body, "all");
        return f with { Params = f.Params.Add(lead), Body = new Block([new Build(build, [new Dim(index, b)], f.Body)], build.Map(v => (Atom)v)) };
    }
}
