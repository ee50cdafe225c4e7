using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Core;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Extents;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Ilgpu;

/// <summary>
/// A plan as C# for devices behind ILGPU: a <c>static class</c> with <c>Run(IlgpuDevice device, parameters, sizes, outs)</c>,
/// which starts the kernels, and one static method a kernel. Parameters, order and meaning are those of <see cref="CoreEmitter"/>,
/// with <c>ArrayView&lt;T&gt;</c> for <c>T*</c>.
/// </summary>
public static class IlgpuEmitter
{
    public static string Emit(Plan plan, string className) => Emit(plan, className, CompiledCore.Namespace, out _);

    /// <param name="again">
    /// A kernel may be run again with more memory for its threads, so that results must not lie in arguments.
    /// </param>
    /// <exception cref="NotSupportedException">A result's extent is computed through arrays.</exception>
    public static string Emit(Plan plan, string className, string ns, out bool again, Assumption? assumption = null)
    {
        var core = new GpuCore(plan, className);
        var run = core.Run();
        var extents = core.Extents();
        if (assumption is not null) extents.Append(core.Holds(assumption));
        again = core.HasScratch;
        var file = new CodeWriter();
        file.Open($"namespace {ns}");
        foreach (string u in new[] { "System", "AutoVec.Cpu", "AutoVec.Gpu", "ILGPU" }) file.Line($"using {u};");
        if (new[] { run, extents, core.Members }.Any(t => t.Mentions("Half"))) file.Line("using Half = AutoVec.Gpu.GpuHalf;");
        file.Line();
        file.Open($"internal static class {className}");
        if (core.Sites.Arrays.Count > 0)
        {
            string arrays = string.Join(", ", core.Sites.Arrays.Select(Literals.Quote));
            file.Line($"private static readonly int firstSite = GpuErrors.Register({Literals.Quote(plan.Function.Name)}, {arrays});");
            file.Line();
        }
        file.Append(run);
        file.Append(extents);
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

    /// <summary>Does a kernel have memory for its threads?</summary>
    public bool HasScratch { get; set; }

    /// <summary>Args structs and kernels.</summary>
    public CodeWriter Members { get; } = new();

    private IEnumerable<string> Inputs => new[] { "IlgpuDevice device" }
        .Concat(Function.Params.Select(p => $"{(p.Type.IsArray ? $"ArrayView<{GpuText.Element(p.Type.Scalar)}>" : CSharp.Of(p.Type.Scalar))} {_parameters[p]}"))
        .Concat(Function.Sizes.Select(s => $"int {_parameters[s]}"));

    private void BindInputs(BodyEmitter body)
    {
        foreach (var p in Function.Params.Concat(Function.Sizes))
        {
            if (p.Type.IsArray) body.Bind(p, ArrayPlace.Dense(_parameters[p], p.Type, new Memory(false)));
            else body.Bind(p, Expr.Name(_parameters[p]));
        }
    }

    /// <summary>The extents of results that are neither sizes nor constants: on the host, which fetches the elements they depend on.</summary>
    public CodeWriter Extents()
    {
        var text = new CodeWriter();
        foreach (var (result, dimension, extent) in ComputedExtents.Of(Function))
        {
            var block = ComputedExtents.Slice(Function.Body, extent);
            if (block.Walk().Any(s => s.Outs.Concat(s.Inner).Any(v => v.Type.IsArray)))
                throw new NotSupportedException($"the extent of result {result} in dimension {dimension} is computed through arrays");
            text.Line();
            text.Open($"public static int Extent_{result}_{dimension}({string.Join(", ", Inputs)})");
            var body = new CodeWriter();
            var emitter = new BodyEmitter(Function.Name, new GpuHostDialect(), _names.Child(), block, Function.Sizes, body);
            BindInputs(emitter);
            emitter.Result(block, e => body.Line($"return Math.Max({e}, 0);"));
            text.Append(body);
            text.Close();
        }
        return text;
    }

    /// <summary>Is what the core takes for granted true of these arguments? The host fetches the numbers.</summary>
    public CodeWriter Holds(Assumption assumption)
    {
        var text = new CodeWriter();
        text.Line();
        text.Open($"public static bool Holds({string.Join(", ", new[] { "IlgpuDevice device" }
            .Concat(assumption.Arguments.Select(p => $"{(p.Type.IsArray ? $"ArrayView<{GpuText.Element(p.Type.Scalar)}>" : CSharp.Of(p.Type.Scalar))} {_parameters[p]}"))
            .Concat(assumption.Sizes.Select(s => $"int {_parameters[s]}")))})");
        var body = new CodeWriter();
        var emitter = new BodyEmitter(Function.Name, new GpuHostDialect(), _names.Child(), assumption.Block, Function.Sizes, body);
        BindInputs(emitter);
        emitter.Result(assumption.Block, e => body.Line($"return {e};"));
        text.Append(body);
        text.Close();
        return text;
    }

    public CodeWriter Run()
    {
        var outs = Function.Body.Results.Select((r, k) => $"ArrayView<{GpuText.Element(r.Type.Scalar)}> {_outs[k]}");
        var run = new CodeWriter();
        run.Open($"public static void Run({string.Join(", ", Inputs.Concat(outs))})");
        run.Line("using GpuScope scope = device.Begin();");
        var body = new CodeWriter();
        var host = new GpuHostEmitter(this, _plan, _names, body);
        BindInputs(host);
        host.Function(_outs);
        run.Append(body);
        run.Close();
        return run;
    }
}
