using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Core;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Ilgpu;

/// <summary>
/// The body of <c>Run</c>: stages in order, each a kernel or a few. Loops and branches of the host stay on the host, which
/// fetches the scalars that decide them; all else happens on the device.
/// </summary>
internal sealed partial class GpuHostEmitter : StageEmitter
{
    private readonly GpuCore _core;

    public GpuHostEmitter(GpuCore core, Plan plan, Identifiers names, CodeWriter to)
        : base(plan, new GpuHostDialect(), names, to) => _core = core;

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
                if (!body.Results[k].Type.IsArray) Out.Line($"device.Write<{GpuText.Element(body.Results[k].Type.Scalar)}>({outs[k]}, {Use(body.Results[k])});");
        });
    }

    protected override void Stage(Stage stage)
    {
        if (stage is not ScalarStage) Heading(stage);
        switch (stage)
        {
            case KernelStage k: Kernel(k); break;
            case ContractionStage c: Contract(c); break;
            case ReduceStage { Statement.Kind: not (ReduceKind.ArgMax or ReduceKind.ArgMin) } r: Total(r.Statement); break;
            case ReduceStage r: Winner(r.Statement); break;
            case ScatterStage s: Scatter(s.Statement, s.Title); break;
            case UpdateStage { Statement: Write w }: Update(w, w.Out, w.Array, w.Index, w.Value); break;
            case UpdateStage { Statement: Accumulate a }: Update(a, a.Out, a.Array, a.Index, a.Value); break;
            default:
                foreach (var stmt in StatementsOf(stage)) Statement(stmt);
                break;
        }
    }

    // ---- memory of the device

    private protected override string MarkKeyword => "using var";
    private protected override string? ReleaseText(string mark) => null;

    private protected override void Fill(ArrayPlace place, Const value) =>
        Out.Line($"device.Fill({place.Name}, {Length(place.Type)}, ({GpuText.Element(value.Scalar)}){Expr.Number(Literals.Of(value)).At(Precedence.Primary)});");

    private protected override void Copy(ArrayPlace to, ArrayPlace source)
    {
        if (to.IsDense && source.IsDense)
        {
            Out.Line($"device.Copy({source.Name}, {to.Name}, {Length(to.Type)});");
            return;
        }
        // One thread an element, over strided views.
        var dims = to.Type.Extents.Map(e => new Dim(_core.IrNames.Fresh("i", IrType.I32), e));
        var strided = _core.IrNames.Fresh("from", source.Type with { Extents = to.Type.Extents });
        var element = _core.IrNames.Fresh("v", to.Type.Element);
        Bind(strided, source with { Type = strided.Type });
        var body = new Block([new Read(element, strided, dims.Map(d => (Atom)d.Index))], [element]);
        Threads(_core.IrNames.Fresh("copy", to.Type), dims, body, to, "");
        Arrays.Remove(strided);
    }
}
