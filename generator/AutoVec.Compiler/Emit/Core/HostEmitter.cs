using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>
/// The body of <c>Run</c>: the plan's stages in order. Loops, branches and updates on the host are those of
/// <see cref="BodyEmitter"/>, with memory from the engine's scope; builds become parallel stages.
/// </summary>
internal sealed partial class HostEmitter : BodyEmitter
{
    private readonly CoreClass _core;
    private readonly Dictionary<Seq<Stmt>, Seq<Stage>> _stages;
    private readonly Plan _plan;

    public HostEmitter(CoreClass core, Plan plan, Identifiers names, CodeWriter to)
        : base(plan.Function.Name, new CpuDialect(), names, plan.Function.Body, plan.Function.Sizes, to)
    {
        _core = core;
        _plan = plan;
        _stages = new Dictionary<Seq<Stmt>, Seq<Stage>>(SameList.Comparer);
        Collect(plan.Function.Body, plan.Stages);
    }

    /// <summary>Blocks are told apart by what they hold, since two empty ones may be equal: those need no stages.</summary>
    private sealed class SameList : IEqualityComparer<Seq<Stmt>>
    {
        public static readonly SameList Comparer = new();
        public bool Equals(Seq<Stmt> x, Seq<Stmt> y) => x.Count == y.Count && x.Zip(y, ReferenceEquals).All(same => same);
        public int GetHashCode(Seq<Stmt> s) => s.Count;
    }

    private void Collect(Block block, Seq<Stage> stages)
    {
        if (block.Stmts.IsEmpty) return;
        _stages[block.Stmts] = stages;
        foreach (var stage in stages)
        {
            if (stage is IfStage i)
            {
                Collect(i.If.Then, i.Then);
                Collect(i.If.Else, i.Else);
            }
            if (stage is LoopStage { Loop: For f } counted) Collect(f.Body, counted.Body);
            if (stage is LoopStage { Loop: While w } open)
            {
                Collect(w.Condition, open.Condition);
                Collect(w.Body, open.Body);
            }
        }
    }

    /// <summary>All of it; each result is computed in its out where nothing is in the way.</summary>
    public void Function(string[] outs)
    {
        var body = _plan.Function.Body;
        var places = body.Results.Select((r, k) => ArrayPlace.Dense(outs[k], r.Type, new Memory(true))).ToList();
        for (int k = 0; k < places.Count; k++)
            if (body.Results[k].Type.IsArray) Want(body.Stmts, body.Results[k], places[k]);
        Block(body, () =>
        {
            CopyAll(places.Zip(body.Results, (place, r) => (place, r)).Where(p => p.r.Type.IsArray).Select(p => (p.place, ArrayOf(p.r))));
            for (int k = 0; k < outs.Length; k++)
                if (!body.Results[k].Type.IsArray) Out.Line($"*{outs[k]} = {Use(body.Results[k])};");
        });
    }

    protected override IReadOnlyList<(IReadOnlyList<Stmt> Stmts, Action Emit)> Items(Block block)
    {
        if (!_stages.TryGetValue(block.Stmts, out var stages)) return base.Items(block);
        return stages.Select(s => ((IReadOnlyList<Stmt>)Statements(s), (Action)(() => Stage(s)))).ToList();
    }

    private static List<Stmt> Statements(Stage stage) => stage switch
    {
        ScalarStage s => [.. s.Stmts],
        KernelStage k => [.. k.Stmts],
        ContractionStage c => [c.Statement, .. c.Epilogue],
        ReduceStage r => [r.Statement],
        ScatterStage s => [s.Statement],
        UpdateStage u => [u.Statement],
        LoopStage l => [l.Loop],
        IfStage i => [i.If],
        _ => throw new NotSupportedException($"no emitter for the stage {stage.GetType().Name}"),
    };

    private void Stage(Stage stage)
    {
        if (stage is not ScalarStage) Heading(stage);
        switch (stage)
        {
            case KernelStage k: Kernel(k); break;
            case ContractionStage { Statement.Results: var r } c when r[0].Type.IsFloat: Contract(c); break;
            // No contraction on integers: each sum is an element of a kernel.
            case ContractionStage c: Kernel(new KernelStage([c.Statement, .. c.Epilogue]) { Title = c.Title }); break;
            case ReduceStage { Statement.Kind: not (ReduceKind.ArgMax or ReduceKind.ArgMin) } r: Total(r); break;
            default:
                foreach (var stmt in Statements(stage)) Statement(stmt);
                break;
        }
    }

    private void Heading(Stage stage)
    {
        if (stage.Title.Length > 0 || stage is KernelStage or ContractionStage) Out.Space();
        if (stage.Title.Length > 0) Out.Comment(stage.Title);
        foreach (string line in SourcesOf(Statements(stage))) Out.Comment(line);
    }

    /// <summary>The lines of the method that the stage's names come from.</summary>
    private IEnumerable<string> SourcesOf(IEnumerable<Stmt> stmts)
    {
        var bases = new HashSet<string>(stmts.SelectMany(s => s.Outs).Select(v => v.Base));
        return _plan.Function.Sources.Where(s => bases.Contains(s.Base) && s.Text.Length > 0)
            .Select(s => $"line {s.Line}: {s.Text}").Distinct();
    }

    /// <summary>Is the value read by anything but these statements?</summary>
    private bool IsReadElsewhere(Var v, IEnumerable<Stmt> stmts) =>
        Uses.Count(v) > stmts.SelectMany(Liveness.Mentioned).Count(v.Equals);

    // ---- memory of the host

    private protected override string RentText(IrType type, string element) => $"scope.Rent<{element}>({Length(type)})";

    // The scope of one trip: what it rents is returned at its end, whatever happens.
    private protected override string? MarkText => "engine.Begin()";
    private protected override string MarkKeyword => "using var";
    private protected override string? ReleaseText(string mark) => null;

    private protected override void CopyDense(ArrayPlace to, ArrayPlace from) =>
        Out.Line($"Lanes.Move({from.Name}, {to.Name}, {Length(to.Type)});");

    private protected override void Fill(ArrayPlace place, Const value) =>
        Out.Line($"Lanes.Fill({place.Name}, {Length(place.Type)}, {Literals.Of(value)});");
}
