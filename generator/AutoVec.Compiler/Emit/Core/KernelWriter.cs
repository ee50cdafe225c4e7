using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>
/// Writes the method of one stage and the struct of what it takes from <c>Run</c>. The method keeps the names of <c>Run</c>, so
/// both read alike.
/// </summary>
internal sealed class KernelWriter(CoreClass core, HostEmitter host, string name, string title)
{
    private readonly List<(string Type, string Name)> _extra = [];

    public string ArgsType { get; } = core.MemberNames.Fresh(name + "Args");

    /// <summary>The fields of the struct: what the text mentions.</summary>
    public List<(string Type, string Name)> Captured { get; } = [];

    /// <summary>A local of <c>Run</c> that is not a name of the IR.</summary>
    public void Offer(string type, string local) => _extra.Add((type, local));

    /// <summary>A range of leading indices.</summary>
    public void Rows(ThreadFunction thread, IReadOnlyList<ArrayPlace> places, bool isBatch)
    {
        foreach (var place in places) Offer(CSharp.Of(place.Type.Scalar) + "*", place.Name);
        Write("nint from, nint to", thread.Body, emitter =>
            emitter.Rows(thread, places, isBatch, i => $"for (int {i} = (int)from; {i} < to; {i}++)"));
    }

    /// <summary>The elements of one tile of a contraction.</summary>
    public void Tile(TileFunction tile, IReadOnlyList<ArrayPlace> places, MergedAxis? batch, MergedAxis? m, MergedAxis? n)
    {
        foreach (var place in places) Offer(CSharp.Of(place.Type.Scalar) + "*", place.Name);
        Write($"{CSharp.Of(tile.Sum.Type.Scalar)}* tile, nint stride, int batch, int row, int col, int rows, int cols", tile.Body,
            emitter => emitter.Tile(tile, places, batch, m, n));
    }

    /// <summary>The address of the method, as C# text.</summary>
    public string Call => "&" + name;

    /// <summary>A range of parts of a reduction.</summary>
    public void Parts(Reduce r, string n, string size, string partial)
    {
        Offer("int", size);
        Offer(CSharp.Of(r.Out.Type.Scalar) + "*", partial);
        var block = new Block([r], [r.Out]);
        Write("nint from, nint to", block, emitter => emitter.Parts(block, n, size, partial));
    }

    private void Write(string parameters, Block body, Action<KernelEmitter> write)
    {
        var names = host.Names.Child();
        string a = names.Fresh("a");
        var text = new CodeWriter();
        var emitter = new KernelEmitter(core.Function.Name, names, body, core.Function.Sizes, text);
        host.ShareWith(emitter);
        write(emitter);
        Capture(text.ToString());

        var to = core.Members;
        if (Captured.Count > 0)
        {
            to.Line();
            to.Open($"private struct {ArgsType}");
            foreach (var group in ByType()) to.Line($"public {group};");
            to.Close();
        }
        to.Line();
        if (title.Length > 0) to.Line($"/// <summary>{Xml(title)}</summary>");
        to.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        to.Open($"private static void {name}(void* args, {parameters})");
        if (Captured.Count > 0) to.Line($"var {a} = ({ArgsType}*)args;");
        foreach (string group in ByType(c => $"{c} = {a}->{c}")) to.Line($"{group};");
        to.Append(text);
        to.Close();
    }

    private static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private void Capture(string text)
    {
        foreach (var (type, local) in host.Locals().Concat(_extra))
            if (!Captured.Any(c => c.Name == local) && CSharp.Mentions(text, local)) Captured.Add((type, local));
    }

    /// <summary>Declarations, one line for each type: <c>float* x, y</c>.</summary>
    private IEnumerable<string> ByType(Func<string, string>? declare = null) => Captured.GroupBy(c => c.Type)
        .Select(g => $"{g.Key} {string.Join(", ", g.Select(c => declare is null ? c.Name : declare(c.Name)))}");
}

/// <summary>A body that runs over a range of its outermost dimension.</summary>
internal class KernelEmitter(string function, Identifiers names, Block body, IEnumerable<Var> sizes, CodeWriter to)
    : BodyEmitter(function, new CpuDialect(), names, body, sizes, to)
{
    public void Rows(ThreadFunction thread, IReadOnlyList<ArrayPlace> places, bool isBatch, Func<string, string> header)
    {
        var dim = new Dim(thread.Index, thread.Extent);
        string i = Names.Fresh(thread.Index.Base);
        if (isBatch) Sample = i;
        Repeat(() => header(i), () =>
        {
            Bind(thread.Index, Expr.Name(i));
            Ranges.Enter(dim);
            Elements(new Build(thread.Stores, [dim], thread.Body), places);
            Ranges.Leave(dim);
        });
    }

    public void Tile(TileFunction tile, IReadOnlyList<ArrayPlace> places, MergedAxis? batch, MergedAxis? m, MergedAxis? n)
    {
        Split(batch, "batch");
        string r = Names.Fresh("r"), sums = Names.Fresh("sums");
        Repeat(() => $"for (int {r} = 0; {r} < rows; {r}++)", () =>
        {
            Split(m, $"row + {r}");
            Out.Declare($"{CSharp.Of(tile.Sum.Type.Scalar)}* {sums} = tile + {r} * stride - col;");
            foreach (var row in tile.Rows) Read(row);
            Columns(tile, places, n, sums);
        });
    }

    /// <summary>The columns of one row of a tile: <c>sums[j]</c> is the sum of column j.</summary>
    protected virtual void Columns(TileFunction tile, IReadOnlyList<ArrayPlace> places, MergedAxis? n, string sums)
    {
        string j = Names.Fresh(n is { Axes.Count: 1 } ? n.Axes[0].Index.Base : "c");
        Repeat(() => $"for (int {j} = col; {j} < col + cols; {j}++)", () =>
        {
            if (n is { Axes.Count: 1 })
            {
                Bind(n.Axes[0].Index, Expr.Name(j));
                Ranges.Enter(new Dim(n.Axes[0].Index, n.Axes[0].Extent));
            }
            else Split(n, j);
            var sum = Expr.Name($"{sums}[{j}]");
            if (Uses.Count(tile.Sum) == 1) Bind(tile.Sum, sum);
            else Declare(tile.Sum, sum);
            Block(tile.Body, () =>
            {
                for (int k = 0; k < places.Count; k++)
                    Out.Line($"{Element(places[k], tile.Index.Map(v => (Atom)v))} = {Use(tile.Body.Results[k])};");
            });
        });
    }

    /// <summary>The indices of merged axes, from the position along them.</summary>
    private protected void Split(MergedAxis? merged, string at)
    {
        if (merged is null) return;
        var axes = merged.Axes;
        foreach (var axis in axes) Ranges.Enter(new Dim(axis.Index, axis.Extent));
        if (axes.Count == 1 && at.IndexOf(' ') < 0)
        {
            Bind(axes[0].Index, Expr.Name(at));
            return;
        }
        string rest = at.IndexOf(' ') < 0 ? at : $"({at})";
        for (int k = axes.Count - 1; k >= 0; k--)
        {
            string i = Names.Fresh(axes[k].Index.Base), n = Stable(axes[k].Extent).At(Precedence.Unary);
            Out.Declare($"int {i} = {(k == 0 ? rest.Trim('(', ')') : $"{rest} % {n}")};");
            rest = $"{rest} / {n}";
            Bind(axes[k].Index, Expr.Name(i));
        }
    }

    public void Parts(Block block, string n, string size, string partial)
    {
        var r = (Reduce)block.Stmts[0];
        string part = Names.Fresh("part"), first = Names.Fresh("first"), last = Names.Fresh("last");
        Repeat(() => $"for (int {part} = (int)from; {part} < to; {part}++)", () =>
        {
            Out.Declare($"int {first} = {part} * {size}, {last} = {first} + Math.Min({size}, {n} - {first});");
            Between(r.Dims[0], first, last);
            Block(block, () => Out.Line($"{partial}[{part}] = {Use(r.Out)};"));
        });
    }
}
