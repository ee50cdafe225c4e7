using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Ilgpu;

/// <summary>Writes one kernel and the struct of what it takes from <c>Run</c>. The kernel keeps the names of <c>Run</c>.</summary>
internal sealed class GpuKernelWriter(GpuCore core, GpuHostEmitter host, string name, string title)
{
    private readonly List<(string Type, string Name)> _extra = [];

    public string Name { get; } = name;
    public string ArgsType { get; } = core.MemberNames.Fresh(name + "Args");
    public bool HasScratch { get; private set; }

    /// <summary>The fields of the struct, and what <c>Run</c> gives them.</summary>
    public List<(string Type, string Name, string Value)> Captured { get; } = [];

    public void Threads(Seq<Dim> dims, Block body, Seq<ArrayPlace> places, Var? sample)
    {
        Offer(places);
        Write(body, emitter =>
        {
            emitter.Point(dims);
            if (sample is not null) emitter.Sample = emitter.TextOf(sample);
            emitter.Store(dims, body, places);
        });
    }

    public void OneThread(Block body, Seq<ArrayPlace> places, (Var, ArrayPlace)[] writable)
    {
        Offer(places);
        Write(body, emitter =>
        {
            foreach (var (v, place) in writable) emitter.Bind(v, place);
            emitter.Compute(body, places);
        });
    }

    /// <summary>An update at each point of the dims, in the array's own memory.</summary>
    public void Update(Seq<Dim> dims, Block body, Var array, ArrayPlace target)
    {
        Offer([target]);
        Write(body, emitter =>
        {
            emitter.Point(dims);
            emitter.Bind(array, target with { Memories = [new Memory(true)] });
            emitter.Compute(body, []);
        });
    }

    /// <summary>Part <c>index</c> of a reduction.</summary>
    public void Part(Reduce r, string n, int size, string partial)
    {
        _extra.Add(($"ArrayView<{CSharp.Of(r.Out.Type.Scalar)}>", partial));
        var block = new Block([r], [r.Out]);
        Write(block, emitter => emitter.Part(block, n, size, partial));
    }

    /// <summary>A scalar, stored in the view's first element.</summary>
    public void Scalar(Block block, string view, string type)
    {
        _extra.Add(($"ArrayView<{type}>", view));
        Write(block, emitter => emitter.Scalar(block, view));
    }

    private void Offer(Seq<ArrayPlace> places)
    {
        foreach (var place in places) _extra.Add(($"ArrayView<{GpuText.Element(place.Type.Scalar)}>", place.Name));
    }

    private void Write(Block body, Action<GpuKernelEmitter> write)
    {
        var text = new CodeWriter();
        var emitter = new GpuKernelEmitter(core, host.Names.Child(), body, text);
        host.ShareWith(emitter);
        write(emitter);
        string written = text.ToString();
        foreach (var (type, local) in host.Locals().Concat(_extra))
            if (!Captured.Any(c => c.Name == local) && CSharp.Mentions(written, local)) Captured.Add((type, local, local));
        if (CSharp.Mentions(written, "errors")) Captured.Add(("ArrayView<int>", "errors", "device.Errors"));
        if (CSharp.Mentions(written, "site")) Captured.Add(("int", "site", "firstSite"));
        HasScratch = CSharp.Mentions(written, "scratch");
        core.HasScratch |= HasScratch;

        var to = core.Members;
        to.Line();
        to.Open($"internal struct {ArgsType}");
        // ILGPU takes no arguments with a bool inside.
        foreach (string group in ByType(GpuText.Element)) to.Line($"public {group};");
        if (HasScratch) to.Line("public GpuScratchMemory memory;");
        to.Close();
        to.Line();
        if (title.Length > 0) to.Line($"/// <summary>{title.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")}</summary>");
        to.Open($"private static void {Name}(Index1D index, {ArgsType} a)");
        foreach (string group in ByType(t => t, c => $"{c} = a.{c}")) to.Line($"{group};");
        if (HasScratch) to.Line("var scratch = new GpuScratch(a.memory, index);");
        to.Append(text);
        to.Close();
    }

    /// <summary>Declarations, one line for each type: <c>ArrayView&lt;float&gt; x, y</c>.</summary>
    private IEnumerable<string> ByType(Func<string, string> type, Func<string, string>? declare = null) => Captured.GroupBy(c => c.Type)
        .Select(g => $"{type(g.Key)} {string.Join(", ", g.Select(c => declare is null ? c.Name : declare(c.Name)))}");
}
