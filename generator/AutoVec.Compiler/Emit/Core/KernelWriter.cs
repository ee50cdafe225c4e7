using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Lanes;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>
/// Writes the method of one stage, its steps over lanes, and the struct of what it takes from <c>Run</c>. The method keeps the
/// names of <c>Run</c>, so both read alike. Where lanes are used the methods exist once for each vector width.
/// </summary>
internal sealed class KernelWriter(CoreClass core, HostEmitter host, string name, string title)
{
    private readonly List<(string Type, string Name)> _extra = [];
    private readonly List<CodeWriter> _steps = [];

    public string ArgsType { get; } = core.MemberNames.Fresh(name + "Args");

    /// <summary>The fields of the struct: what the text mentions.</summary>
    public List<(string Type, string Name)> Captured { get; } = [];

    /// <summary>The float type of the lanes; null as long as nothing uses lanes.</summary>
    public Scalar? Float { get; private set; }

    /// <summary>Do the lanes run along the leading dimension?</summary>
    public bool IsLead { get; private set; }

    /// <summary>
    /// One thread with all its loops in one method: beyond some number of steps .NET's compiler inlines no more of them, so that each loop
    /// has a method of its own.
    /// </summary>
    public bool IsAlone { get; private set; }

    /// <summary>Why something runs element by element.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>The address of the method, as C# text.</summary>
    public string Call => Float is null ? "&" + name : name;

    /// <summary>Another form of code of this stage; its results go where those of the stage's own form do.</summary>
    public void Know(Block body, Seq<Var> stores) => core.Know(body, stores);

    /// <summary>A local of <c>Run</c> that is not a name of the IR.</summary>
    public void Offer(string type, string local) => _extra.Add((type, local));

    public FunctionIr Function => core.Function;
    public bool UsesLanes => core.UsesLanes;

    /// <summary>May the sum be taken in another order? Not where something is decided by it: a sequential sum has one order.</summary>
    public bool MayReorder(Var sum) => core.Contractible.AllowsInSum(sum);
    public string Title => title.Length > 0 ? title : name;

    // ---- the three kinds of stages

    /// <summary>A range of leading indices: lanes along it, or rows with lanes inside.</summary>
    public void Rows(ThreadFunction thread, IReadOnlyList<ArrayPlace> places, bool isBatch)
    {
        foreach (var place in places) Offer(place.Element + "*", place.Name);
        // One thread alone leaves no lanes to fill but those of its own loops.
        IsAlone = thread.Extent is Const { AsLong: 1 };
        if (!core.UsesLanes || IsAlone)
        {
            Elements(thread, places, isBatch);
            return;
        }
        var lead = LaneAnalysis.Of(thread.Whole, thread.Index, cut: true);
        var parts = lead is { Reason: null, IsLong: true } ? LaneParts.Of(thread.Whole, lead, lead.IsCounter) : null;
        Scalar? required = lead.Reason is null && lead.HasFloat ? lead.Float : null;
        string? reason = lead.Reason
            ?? (lead.IsLong && parts is null ? "it is too long for one method, and holds arrays"
            : thread.Stores.Any(r => r.Type.Rank > 1 && (r.Type.Scalar == Scalar.Bool || lead.IsLong)) ? "its results are rows"
            : LaneCost.FavoursSamples(thread, lead, required) ? null : "its rows are better neighbours than its samples");
        if (reason is null)
        {
            IsLead = true;
            Write("nint from, nint to", thread.Whole, thread.Stores, emitter => emitter.LeadLanes(thread, places, isBatch, lead, parts));
            return;
        }
        Elements(thread, places, isBatch);
        if (Float is null) Reasons.Add(lead.Reason is not null || Reasons.Count == 0 ? reason : Reasons[0]);
    }

    private void Elements(ThreadFunction thread, IReadOnlyList<ArrayPlace> places, bool isBatch) =>
        Write("nint from, nint to", thread.Body, thread.Stores, emitter => emitter.Rows(thread, places, isBatch, i => $"for (int {i} = (int)from; {i} < to; {i}++)"));

    /// <summary>The elements of one tile of a contraction.</summary>
    public void Tile(TileFunction tile, IReadOnlyList<ArrayPlace> places, MergedAxis? batch, MergedAxis? m, MergedAxis? n)
    {
        foreach (var place in places) Offer(place.Element + "*", place.Name);
        Write($"{CSharp.Of(tile.Sum.Type.Scalar)}* tile, nint stride, int batch, int row, int col, int rows, int cols", tile.Body, tile.Stores,
            emitter => emitter.Tile(tile, places, batch, m, n));
    }

    /// <summary>A range of parts of a reduction.</summary>
    public void Parts(Reduce r, string n, string size, string partial)
    {
        Offer("int", size);
        Offer(CSharp.Of(r.Out.Type.Scalar) + "*", partial);
        var block = new Block([r], [r.Out]);
        Write("nint from, nint to", block, [], emitter => emitter.Parts(block, n, size, partial));
    }

    // ---- methods

    private void Write(string parameters, Block body, Seq<Var> stores, Action<KernelEmitter> write)
    {
        core.Know(body, stores);
        var names = host.Names.Child();
        string a = names.Fresh("a");
        var text = new CodeWriter();
        var emitter = new KernelEmitter(this, names, body, text);
        host.ShareWith(emitter);
        write(emitter);
        string all = text.ToString();
        foreach (var (type, local) in host.Locals().Concat(_extra))
            if (!Captured.Any(c => c.Name == local) && CSharp.Mentions(all, local)) Captured.Add((type, local));

        bool lanes = Float is not null;
        if (Captured.Count > 0)
        {
            core.Members.Line();
            core.Members.Open($"{(lanes ? "internal" : "private")} struct {ArgsType}");
            foreach (var group in ByType()) core.Members.Line($"public {group};");
            core.Members.Close();
        }
        var to = lanes ? core.Kernels(Float!.Value) : core.Members;
        foreach (var step in _steps) to.Append(step);
        string args = lanes ? $"{core.ClassName}.{ArgsType}" : ArgsType;
        to.Space();
        if (title.Length > 0) to.Line($"/// <summary>{Xml(title)}</summary>");
        to.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        to.Open($"{(lanes ? "internal" : "private")} static void {name}(void* args, {parameters})");
        if (Captured.Count > 0) to.Line($"var {a} = ({args}*)args;");
        foreach (string group in ByType(c => $"{c} = {a}->{c}")) to.Line($"{group};");
        to.Append(text);
        to.Close();
        if (lanes) core.Dispatch(name, parameters, Float!.Value);
    }

    /// <summary>
    /// A method that computes one vector of elements: inlined where it is small, so that in the loop over full vectors its
    /// number of lanes is a constant. Returns the call, with <c>{0}</c> for the first index and <c>{1}</c> for the lanes; of a thread alone the call of
    /// the whole loop, <c>{1}</c> its end, unless it is for <paramref name="each"/> vector.
    /// </summary>
    public string Step(BodyEmitter from, string like, Block body, Dim lane, LaneAnalysis analysis, bool laneIsSample, IEnumerable<ArrayPlace?> stores, string returns, Action<LaneEmitter> write, Interior? inside = null,
        IReadOnlyList<string>? outs = null, IReadOnlyList<string>? carried = null, bool each = false, Jam? jam = null)
    {
        Float ??= analysis.Float;
        string step = core.MemberNames.Fresh(name + like + "Step");
        var names = from.Names.Child();
        string start = names.Fresh(lane.Index.Base);
        var (top, text) = (new CodeWriter(), new CodeWriter());
        var emitter = new LaneEmitter(core.Function.Name, names, body, core.Function.Sizes, analysis, lane.Index, start, top, text) { LaneIsSample = laneIsSample, Contractible = core.Contractible, Roots = core.Roots, Kernel = this, Jam = jam };
        from.ShareWith(emitter);
        emitter.Enter(lane);
        if (inside is not null) emitter.Hold(jam is null ? inside.Known : jam.Each(inside.Known));
        write(emitter);
        emitter.Finish(top);
        top.Append(text);

        string all = top.ToString(), more = string.Concat((outs ?? []).Select(o => $", out V {o}").Concat((carried ?? []).Select(c => $", ref V {c}")));
        var taken = new List<(string Type, string Name)>();
        foreach (var local in from.Locals().Concat(_extra).Concat(stores.OfType<ArrayPlace>().Select(p => (p.Element + "*", p.Name))))
            if (!taken.Any(t => t.Name == local.Name) && CSharp.Mentions(all, local.Name)) taken.Add(local);
        var method = new CodeWriter();
        method.Line();
        // What lanes leave one by one branches too much to be inlined, and would start out unoptimised.
        bool small = analysis.Ops <= 60 && !body.Walk().Any(s => s is While || UseMap.Dims(s).Any(d => analysis.Varies(d.Extent)));
        method.Line(small ? "[MethodImpl(MethodImplOptions.AggressiveInlining)]" : "[MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]");
        method.Open($"private static {returns} {step}({string.Concat(taken.Select(t => $"{t.Type} {t.Name}, "))}int {start}, int lanes{more})");
        method.Append(top);
        method.Close();
        _steps.Add(method);
        string given = string.Concat(taken.Select(t => t.Name + ", "));
        if (!IsAlone || each || returns != "void") return $"{step}({given}{{0}}, {{1}}{more.Replace("ref V ", "ref ")})";

        string loop = core.MemberNames.Fresh(step + "s"), first = names.Fresh("first"), end = names.Fresh("end");
        var whole = new CodeWriter();
        whole.Line();
        whole.Line("[MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]");
        whole.Open($"private static void {loop}({string.Concat(taken.Select(t => $"{t.Type} {t.Name}, "))}int {first}, int {end})");
        whole.Line($"int {start} = {first};");
        whole.Line($"for (; {start} <= {end} - V.Count; {start} += V.Count) {step}({given}{start}, V.Count);");
        whole.Line($"if ({start} < {end}) {step}({given}{start}, {end} - {start});");
        whole.Close();
        _steps.Add(whole);
        return $"{loop}({given}{{0}}, {{1}})";
    }

    internal static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>Declarations, one line for each type: <c>float* x, y</c>.</summary>
    private IEnumerable<string> ByType(Func<string, string>? declare = null) => Captured.GroupBy(c => c.Type)
        .Select(g => $"{g.Key} {string.Join(", ", g.Select(c => declare is null ? c.Name : declare(c.Name)))}");
}
