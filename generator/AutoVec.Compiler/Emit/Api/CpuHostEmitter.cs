using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>The host method of the CPU: pins arguments and results, and hands out pointers.</summary>
internal sealed class CpuHostEmitter : HostEmitter
{
    private readonly Dictionary<string, string> _pinned = [], _outs = [];

    private CpuHostEmitter(CallModel call, CodeWriter code) : base(call, code)
    {
    }

    protected override string Engine => "engine";
    protected override bool InPlace => Call.Core.InPlace;
    protected override bool MayBeSingle => Call.IsSingle && Call.IsBatched;
    protected override string ClassOf(CompiledCore core) => core.ClassName;
    protected override IEnumerable<string> ExtentInputs(FunctionIr f) => CoreInputs(f);

    public static void Emit(CallModel call, CodeWriter code) => new CpuHostEmitter(call, code).Emit();

    private void Emit()
    {
        var parameters = new List<string> { "CpuEngine engine" };
        if (MayBeSingle) parameters.Add("bool single");
        parameters.AddRange(Call.AllArguments.Select(a => a.IsScalar ? $"{a.Leaf.Element} {a.Name}" : $"scoped in Argument<{a.Leaf.Element}> {a.Name}"));
        parameters.AddRange(Call.Results.Select(r => $"ref CallResult<{r.Element}> {r.Name}"));
        Code.List("public static void Run(", parameters, ")");
        Code.Open();
        Extents();
        foreach (var a in Arrays) _pinned[a.Variable] = Names.Fresh(a.Name + "At");
        int pins = Pin(Arrays.Select(a => (a.Leaf.Element, $"{_pinned[a.Variable]} = {a.Name}")));
        Sizes();
        Spread();
        Fit();
        Outs();
        if (pins > 0) Code.Close();
        Code.Close();
    }

    /// <summary>One fixed statement a type; they stand at one depth, and the block belongs to the last.</summary>
    private int Pin(IEnumerable<(string Element, string Text)> pins)
    {
        var groups = pins.GroupBy(p => p.Element, p => p.Text).ToList();
        foreach (var group in groups) Code.List($"fixed ({group.Key}* ", group, ")");
        if (groups.Count > 0) Code.Open();
        return groups.Count;
    }

    protected override string SpreadText(CallArgument a) => $"Call.Spread({Scope}, {a.Name}, {_pinned[a.Variable]}, {Batch})";

    protected override string CopyText(CallArgument a) => $"Call.Copy({Scope}, {a.Name}, {_pinned[a.Variable]})";

    protected override string TangentText(CallArgument a, CallArgument of) => $"Call.Tangent({Scope}, {a.Name}, {_pinned[a.Variable]}, {of.Name}.Own, {RowsOf(a)})";

    protected override void Outs()
    {
        var results = Call.Results.Where(r => r.Index >= 0).ToList();
        foreach (var r in results) _outs[r.Name] = Names.Fresh(r.Name + "Out");
        int pins = Pin(results.Select(r => (r.Element, $"{_outs[r.Name]} = {r.Name}")));
        Zeros();
        Apart();
        Empty();
        Dispatch();
        if (pins > 0) Code.Close();
    }

    protected override string Pointer(CallArgument a) => Cast(a.Leaf, Rows.TryGetValue(a.Variable, out string? rows) ? rows : _pinned[a.Variable]);

    protected override string Out(CallResult r) => Cast(r.Leaf, _outs[r.Name]);

    private static string Cast(Leaf leaf, string pointer) => IsEnum(leaf) ? $"({Keyword(leaf.Value.Scalar)}*){pointer}" : pointer;
}
