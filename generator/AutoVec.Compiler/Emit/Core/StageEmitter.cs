using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>
/// The host's side of a plan: stages in order, where a body has statements. Loops, branches and updates on the host are those of
/// <see cref="BodyEmitter"/>; what a stage becomes is the device's affair.
/// </summary>
internal abstract class StageEmitter : BodyEmitter
{
    private readonly Dictionary<Seq<Stmt>, Seq<Stage>> _stages;

    /// <summary>What locals are called: one that begins with a capital would hide a member of its name.</summary>
    private readonly HashSet<string> _locals;

    protected StageEmitter(Plan plan, Dialect dialect, Identifiers names, CodeWriter to)
        : base(plan.Function.Name, dialect, names, plan.Function.Body, plan.Function.Sizes, to)
    {
        Plan = plan;
        _locals = [.. plan.Function.Params.Concat(plan.Function.Sizes).Concat(plan.Function.Body.AllBinders()).Select(v => Stem(v.Base))];
        _stages = new Dictionary<Seq<Stmt>, Seq<Stage>>(SameList.Comparer);
        Collect(plan.Function.Body, plan.Stages);
    }

    protected Plan Plan { get; }

    /// <summary>The names of the class's members.</summary>
    protected abstract Identifiers MemberNames { get; }

    protected abstract void Stage(Stage stage);

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

    protected override IReadOnlyList<(IReadOnlyList<Stmt> Stmts, Action Emit)> Items(Block block)
    {
        if (!_stages.TryGetValue(block.Stmts, out var stages)) return base.Items(block);
        return stages.Select(s => ((IReadOnlyList<Stmt>)StatementsOf(s), (Action)(() => Stage(s)))).ToList();
    }

    /// <summary>A sum of the host is a stage too, and takes memory.</summary>
    private protected override bool WritesMemory(Stmt stmt) => base.WritesMemory(stmt) || stmt.Walk().Any(s => s is Reduce);

    protected static List<Stmt> StatementsOf(Stage stage) => stage switch
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

    protected void Heading(Stage stage)
    {
        if (stage.Title.Length > 0 || stage is KernelStage or ContractionStage) Out.Space();
        if (stage.Title.Length > 0) Out.Comment(stage.Title);
        foreach (string line in SourcesOf(StatementsOf(stage))) Out.Comment(line);
    }

    /// <summary>The lines of the method that the stage's names come from.</summary>
    private IEnumerable<string> SourcesOf(IEnumerable<Stmt> stmts)
    {
        var bases = new HashSet<string>(stmts.SelectMany(s => s.Outs).Select(v => v.Base));
        return Plan.Function.Sources.Where(s => bases.Contains(s.Base) && s.Text.Length > 0)
            .Select(s => $"line {s.Line}: {s.Text}").Distinct();
    }

    /// <summary>Is the value read by anything but these statements?</summary>
    protected bool IsReadElsewhere(Var v, IEnumerable<Stmt> stmts) =>
        Uses.Count(v) > Liveness.Count(v, stmts);

    protected string MemberName(Var like)
    {
        string text = Identifiers.Of(like.Base).TrimStart('@', '_');
        if (text.Length == 0) text = "Stage";
        string name = char.ToUpperInvariant(text[0]) + text.Substring(1);
        return MemberNames.Fresh(_locals.Contains(Stem(name)) ? Stem(name) + "Stage" : name);
    }

    /// <summary>Without the counter of a local: <c>W</c> of <c>W2</c>.</summary>
    private static string Stem(string name) => name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '_');

    /// <summary>Is the leading dimension the batch, so that its index is what a violation calls the sample?</summary>
    protected static bool IsBatch(Atom extent) => extent is Var { Base: "B" };
}
