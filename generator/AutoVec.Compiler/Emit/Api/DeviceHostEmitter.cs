using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>The host method of devices: on the CPU the one of the host, on a GPU the same steps over views of device memory.</summary>
internal sealed class DeviceHostEmitter : HostEmitter
{
    private readonly string _gpu;

    private DeviceHostEmitter(CallModel call, CodeWriter code) : base(call, code) => _gpu = Names.Fresh("gpu");

    protected override string Engine => _gpu;
    protected override bool InPlace => Call.Core.KernelsInPlace;
    protected override IEnumerable<string> ExtentInputs(FunctionIr f) => CoreInputs(f).Prepend(_gpu);
    protected override IEnumerable<string> HostInputs => [_gpu];
    protected override bool MayBeSingle => false;
    protected override string ClassOf(CompiledCore core) => core.KernelsClass;

    public static void Emit(CallModel call, CodeWriter code) => new DeviceHostEmitter(call, code).Emit();

    private void Emit()
    {
        Code.Separate();
        Code.List("public static void OnDevice(", [
            "DeviceCall on",
            .. Call.AllArguments.Select(a => a.IsScalar ? $"{a.Leaf.Element} {a.Name}" : $"DeviceArgument<{a.Leaf.Element}> {a.Name}"),
            .. Call.Results.Select(r => $"ref CallResult<{r.Element}> {r.Name}")], ")");
        Code.Open();
        var cores = new[] { Call.Core, Call.Core.Guarded }.OfType<CompiledCore>().ToList();
        string? missing = cores.FirstOrDefault(c => c.Kernels is null)?.NoKernels;
        Code.Open($"if (on.Device is CpuDevice)");
        Code.List("Run(", [
            "on.Engine", .. Call.IsSingle && Call.IsBatched ? new[] { "single: false" } : [],
            .. Call.AllArguments.Select(a => a.Name), .. Call.Results.Select(r => "ref " + r.Name)], ");");
        Code.Lines("return;");
        Code.Close();
        if (missing is not null) Code.Lines($"throw on.NoKernels({Literals.Quote(missing)});");
        else Kernels();
        Code.Close();
    }

    private void Kernels()
    {
        Code.Lines($"var {_gpu} = on.Gpu;");
        Extents();
        Sizes();
        Spread();
        Fit();
        Zeros();
        Apart();
        Empty();
        Outs();
    }

    protected override string SpreadText(CallArgument a) => $"{a.Name}.Spread<{View(a.Leaf)}>({_gpu}, {Scope}, {Batch})";

    protected override string CopyText(CallArgument a) => $"{a.Name}.Copy<{View(a.Leaf)}>({_gpu}, {Scope})";

    protected override string TangentText(CallArgument a, CallArgument of) => $"{a.Name}.Tangent<{View(a.Leaf)}>({_gpu}, {Scope}, {of.Name}.Own, {RowsOf(a)})";

    protected override void Outs() => Dispatch();

    protected override string Pointer(CallArgument a) => Rows.TryGetValue(a.Variable, out string? rows) ? rows : $"{a.Name}.View<{View(a.Leaf)}>({_gpu})";

    protected override string Out(CallResult r) => $"{r.Name}.View<{View(r.Leaf)}>({_gpu})";

    /// <summary>What a view holds: ILGPU has none of bool or of enums, and no kernels of System.Half.</summary>
    private static string View(Leaf leaf) => leaf.Value.Scalar switch { Scalar.Bool => "GpuBool", Scalar.F16 => "GpuHalf", var s => Keyword(s) };
}
