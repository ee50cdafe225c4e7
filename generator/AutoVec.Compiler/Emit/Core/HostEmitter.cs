using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>
/// The body of <c>Run</c>: the plan's stages in order. Loops, branches and updates on the host are those of
/// <see cref="BodyEmitter"/>, with memory from the engine's scope; builds become parallel stages.
/// </summary>
internal sealed partial class HostEmitter : StageEmitter
{
    private readonly CoreClass _core;

    public HostEmitter(CoreClass core, Plan plan, Identifiers names, CodeWriter to)
        : base(plan, new CpuHostDialect(), names, to) => _core = core;

    protected override Identifiers MemberNames => _core.MemberNames;

    /// <summary>All of it; each result is computed in its out where nothing is in the way.</summary>
    public void Function(string[] outs)
    {
        var body = Plan.Function.Body;
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

    protected override void Stage(Stage stage)
    {
        if (stage is not ScalarStage) Heading(stage);
        switch (stage)
        {
            case KernelStage k: Kernel(k); break;
            case ContractionStage { Statement.Results: var r } c when r[0].Type.IsFloat: Contract(c); break;
            // No contraction on integers: each sum is an element of a kernel.
            case ContractionStage c: Kernel(new KernelStage([c.Statement, .. c.Epilogue]) { Title = c.Title }); break;
            case ReduceStage { Statement.Kind: not (ReduceKind.ArgMax or ReduceKind.ArgMin) } r: Total(r); break;
            case UpdateStage { Statement: Accumulate a } when _done.Contains(a.Out): Bind(a.Out, Arrays[a.Array]); break;
            case UpdateStage { Statement: Write w } when _done.Contains(w.Out): Bind(w.Out, Arrays[w.Array]); break;
            case UpdateStage { Statement: Accumulate a } when _untouched.TryGetValue(a.Array, out string? untouched):
                Out.Line($"{untouched}.Open({WindowText(a)});");
                Statement(a);
                break;
            default:
                foreach (var stmt in StatementsOf(stage)) Statement(stmt);
                break;
        }
    }

    // ---- memory of the host

    private protected override string RentText(IrType type, string element) => $"scope.Rent<{element}>({Length(type)})";

    // The scope of one trip: what it rents is returned at its end, whatever happens.
    private protected override string? MarkText => "engine.Begin()";
    private protected override string MarkKeyword => "using var";
    private protected override string? ReleaseText(string mark) => null;
}
