using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Ilgpu;

/// <summary>
/// A plan as C# for devices behind ILGPU: a <c>file static class</c> with <c>Run(IlgpuDevice device, parameters, sizes, outs)</c>,
/// which starts the kernels, and one static method a kernel. Parameters, order and meaning are those of <see cref="CoreEmitter"/>,
/// with <c>ArrayView&lt;T&gt;</c> for <c>T*</c>.
/// </summary>
public static class IlgpuEmitter
{
    public static string Emit(Plan plan, string className)
    {
        var core = new GpuCore(plan, className);
        var run = core.Run();
        var file = new CodeWriter();
        file.Open($"namespace {CoreEmitter.Namespace}");
        foreach (string u in new[] { "System", "AutoVec.Cpu", "AutoVec.Gpu", "ILGPU" }) file.Line($"using {u};");
        file.Line();
        file.Open($"file static class {className}");
        if (core.Sites.Arrays.Count > 0)
        {
            string arrays = string.Join(", ", core.Sites.Arrays.Select(Literals.Quote));
            file.Line($"private static readonly int firstSite = GpuErrors.Register({Literals.Quote(plan.Function.Name)}, {arrays});");
            file.Line();
        }
        file.Append(run);
        file.Append(core.Members);
        file.Close();
        file.Close();
        return file.ToString();
    }
}

/// <summary>The parts of one core class as they are written.</summary>
internal sealed class GpuCore
{
    private static readonly string[] Reserved =
        ["device", "scope", "index", "args", "errors", "site", "firstSite", "scratch", "memory", "Run", "a", "GpuErrors", "GpuMath", "Violation"];

    private readonly Plan _plan;
    private readonly Dictionary<Var, string> _parameters = [];
    private readonly string[] _outs;
    private readonly Identifiers _names;

    public GpuCore(Plan plan, string className)
    {
        _plan = plan;
        _names = new Identifiers([.. Reserved, className]);
        MemberNames = new Identifiers(["Run", className]);
        IrNames = new Names(plan.Function);
        foreach (var p in Function.Params.Concat(Function.Sizes)) _parameters[p] = _names.Fresh(p.Name);
        _outs = Enumerable.Range(0, Function.Body.Results.Count).Select(k => _names.Fresh($"out{k}")).ToArray();
    }

    public FunctionIr Function => _plan.Function;
    public Names IrNames { get; }
    public Identifiers MemberNames { get; }
    public GpuSites Sites { get; } = new();

    /// <summary>Args structs and kernels.</summary>
    public CodeWriter Members { get; } = new();

    public CodeWriter Run()
    {
        var parameters = Function.Params.Select(p => p.Type.IsArray ? $"ArrayView<{GpuText.Element(p.Type.Scalar)}> {_parameters[p]}" : $"{CSharp.Of(p.Type.Scalar)} {_parameters[p]}")
            .Concat(Function.Sizes.Select(s => $"int {_parameters[s]}"))
            .Concat(Function.Body.Results.Select((r, k) => $"ArrayView<{GpuText.Element(r.Type.Scalar)}> {_outs[k]}"));
        var run = new CodeWriter();
        run.Open($"public static void Run({string.Join(", ", new[] { "IlgpuDevice device" }.Concat(parameters))})");
        run.Line("using GpuScope scope = device.Begin();");
        var body = new CodeWriter();
        var host = new GpuHostEmitter(this, _plan, _names, body);
        foreach (var p in Function.Params.Concat(Function.Sizes))
        {
            if (p.Type.IsArray) host.Bind(p, ArrayPlace.Dense(_parameters[p], p.Type, new Memory(false)));
            else host.Bind(p, Expr.Name(_parameters[p]));
        }
        host.Function(_outs);
        run.Append(body);
        run.Close();
        return run;
    }
}
