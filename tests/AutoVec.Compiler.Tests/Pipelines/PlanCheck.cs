using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Tests.Pipelines;

/// <summary>What the emitters rely on.</summary>
public static class PlanCheck
{
    public static void Legal(Plan plan) => Covers(plan.Stages, plan.Function.Body);

    private static IEnumerable<Stmt> Statements(Stage stage) => stage switch
    {
        ScalarStage s => s.Stmts,
        KernelStage k => k.Stmts,
        ContractionStage c => [c.Statement, .. c.Epilogue],
        ReduceStage r => [r.Statement],
        ScatterStage s => [s.Statement],
        UpdateStage u => [u.Statement],
        LoopStage l => [l.Loop],
        IfStage i => [i.If],
        _ => throw new InvalidOperationException(stage.GetType().Name),
    };

    /// <summary>Each statement of the block once, in the block's order; nested stages likewise.</summary>
    private static void Covers(Seq<Stage> stages, Block block)
    {
        var stmts = stages.SelectMany(Statements).ToList();
        Assert.Equal(block.Stmts.Count, stmts.Count);
        for (int k = 0; k < stmts.Count; k++) Assert.Same(block.Stmts[k], stmts[k]);
        foreach (var stage in stages)
        {
            Assert.NotEmpty(stage.Title);
            switch (stage)
            {
                case LoopStage { Loop: For f } l: Covers(l.Body, f.Body); break;
                case LoopStage { Loop: While w } l:
                    Covers(l.Condition, w.Condition);
                    Covers(l.Body, w.Body);
                    break;
                case IfStage i:
                    Covers(i.Then, i.If.Then);
                    Covers(i.Else, i.If.Else);
                    break;
                case KernelStage k: Kernel(k); break;
                case ContractionStage c: Contraction(c); break;
                case ScalarStage s: Assert.All(s.Stmts, x => Assert.True(x is Compute or Read { Out.Type.IsArray: false })); break;
            }
        }
    }

    /// <summary>All builds over one extent, each reading the others at its own leading index only.</summary>
    private static void Kernel(KernelStage k)
    {
        var made = new HashSet<Var>(k.Stmts.SelectMany(s => s.Outs));
        foreach (var build in k.Stmts.Cast<Build>())
        {
            Assert.Equal(k.Extent, build.Dims[0].Extent);
            foreach (var s in build.Body.Walk())
            {
                if (s is Read r && made.Contains(r.Array)) Assert.Equal(build.Dims[0].Index, r.Index[0]);
                else Assert.DoesNotContain(s.Reads, a => a is Var v && made.Contains(v));
            }
        }
    }

    private static void Contraction(ContractionStage c)
    {
        Assert.NotEmpty(c.Spec.M);
        Assert.NotEmpty(c.Spec.N);
        Assert.NotEmpty(c.Spec.K);
        Assert.All(c.Spec.Batch, x => Assert.True(x.A is not null && x.B is not null && x.C is not null));
        Assert.All(c.Spec.M, x => Assert.True(x.A is not null && x.B is null && x.C is not null));
        Assert.All(c.Spec.N, x => Assert.True(x.A is null && x.B is not null && x.C is not null));
        Assert.All(c.Spec.K, x => Assert.True(x.A is not null && x.B is not null && x.C is null));
        var made = new HashSet<Var>(c.Statement.Results);
        foreach (var build in c.Epilogue)
        {
            Assert.Equal(c.Statement.Dims.Select(d => d.Extent), build.Dims.Select(d => d.Extent));
            foreach (var s in build.Body.Walk())
                if (s is Read r && made.Contains(r.Array)) Assert.Equal(build.Dims.Select(d => (Atom)d.Index), r.Index);
                else Assert.DoesNotContain(s.Reads, a => a is Var v && made.Contains(v));
            made.UnionWith(build.Results);
        }
    }
}
