using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>
/// List scheduling of a block: everything else first, kernels as late as possible, so that each collects all the builds it may
/// (a softmax cross-entropy waits for its logits and is then one kernel).
/// </summary>
internal sealed class Scheduler(Contractions contractions, Titles titles)
{
    /// <summary>The block in the order of its stages.</summary>
    public (Block, Seq<Stage>) Schedule(Block block)
    {
        var graph = new UnitGraph(block, contractions);
        var todo = new List<Unit>(graph.Units);
        var done = new HashSet<Unit>();
        var order = new List<Stmt>();
        var stages = new List<Stage>();
        bool Ready(Unit u) => u.After.All(done.Contains);
        void Take(Unit u)
        {
            todo.Remove(u);
            done.Add(u);
        }

        while (todo.Count > 0)
        {
            var ready = todo.Where(Ready).OrderBy(u => u.At).ToList();
            var unit = ready.FirstOrDefault(u => IsScalar(u.First)) ?? ready.FirstOrDefault(u => !IsRow(u)) ?? ready[0];
            Take(unit);
            Stage stage;
            if (IsScalar(unit.First))
            {
                while (todo.FirstOrDefault(u => IsScalar(u.First) && Ready(u)) is { } next)
                {
                    Take(next);
                    unit.Absorb(next);
                }
                stage = new ScalarStage(unit.Stmts.ToSeq());
            }
            else if (unit.Contraction is null && unit.First is Build build)
            {
                bool alone = !IsRow(unit);
                while (todo.FirstOrDefault(u => IsRow(u) && Ready(u) && (!alone || u.Reads.Overlaps(unit.Outs)) && Rows.Joins((Build)u.First, unit)) is { } next)
                {
                    Take(next);
                    unit.Absorb(next);
                }
                stage = new KernelStage(unit.Stmts.ToSeq());
            }
            else stage = Single(unit);
            order.AddRange(Statements(stage));
            stages.Add(titles.Titled(stage));
        }
        return (new(order.ToSeq(), block.Results), stages.ToSeq());
    }

    private static bool IsScalar(Stmt s) => s is Compute or Read { Out.Type.IsArray: false };
    private static bool IsRow(Unit u) => u.Contraction is null && u.First is Build b && !Rows.SumsColumns(b);

    /// <summary>The stage of a unit that is no kernel; nested blocks are scheduled too, and the statement holds them in that order.</summary>
    private Stage Single(Unit unit)
    {
        switch (unit.First)
        {
            case Build b: return new ContractionStage(b, unit.Contraction!, unit.Stmts.Skip(1).Cast<Build>().ToSeq());
            case Reduce r: return new ReduceStage(r);
            case Scatter s: return new ScatterStage(s);
            case Read or Write or Accumulate: return new UpdateStage(unit.First, false);
            case For f:
                var (body, stages) = Schedule(f.Body);
                return new LoopStage(f with { Body = body }, [], stages);
            case While w:
                var (condition, conditionStages) = Schedule(w.Condition);
                var (trip, tripStages) = Schedule(w.Body);
                return new LoopStage(w with { Condition = condition, Body = trip }, conditionStages, tripStages);
            case If i:
                var (then, thenStages) = Schedule(i.Then);
                var (otherwise, otherwiseStages) = Schedule(i.Else);
                return new IfStage(i with { Then = then, Else = otherwise }, thenStages, otherwiseStages);
            default: throw new NotSupportedException($"no stage for {unit.First.GetType().Name}; Inline comes first");
        }
    }

    /// <summary>The statements of the block that the stage runs, in order.</summary>
    public static IEnumerable<Stmt> Statements(Stage stage) => stage switch
    {
        ScalarStage s => s.Stmts,
        KernelStage k => k.Stmts,
        ContractionStage c => [c.Statement, .. c.Epilogue],
        ReduceStage r => [r.Statement],
        ScatterStage s => [s.Statement],
        UpdateStage u => [u.Statement],
        LoopStage l => [l.Loop],
        IfStage i => [i.If],
        _ => throw new NotSupportedException($"no statements for {stage.GetType().Name}"),
    };
}
