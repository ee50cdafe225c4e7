using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Lanes;
using AutoVec.Compiler.Emit.Core;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Extents;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit;

/// <summary>
/// A plan as C# for the CPU: a <c>static unsafe class</c> with <c>Run(CpuEngine engine, parameters, sizes, outs)</c>, one
/// method for each stage, and <c>Extent_k_d</c> for dimension d of result k where it is computed. The text is one namespace
/// block, to be appended to a file.
/// </summary>
/// <remarks>
/// Parameters are dense, row-major and must not overlap the outs, which are overwritten whole.
/// </remarks>
public static class CoreEmitter
{
    internal static readonly string[] Usings = ["System", "System.Runtime.CompilerServices", "System.Runtime.Intrinsics", "AutoVec.Cpu"];

    public static string Emit(Plan plan, string className) => Emit(plan, className, CompiledCore.Namespace, []);

    /// <param name="ns">The namespace of the class; there is no other class of its name in it.</param>
    /// <param name="notes">Receives a line for each stage that runs without lanes, and why.</param>
    /// <param name="lanes">False: plain C# throughout, a fraction of the text; for what seldom runs.</param>
    /// <param name="places">Debug mode: what <see cref="Ops.OpTable.Finite"/> counts; samples run one after the other. Null: off.</param>
    public static string Emit(Plan plan, string className, string ns, ICollection<string> notes, bool lanes = true, Assumption? assumption = null, Seq<string>? places = null)
    {
        var file = new CodeWriter();
        var core = new CoreClass(plan, className, notes, lanes) { InOrder = places is not null };
        var run = core.Run();
        var extents = core.Extents();
        if (assumption is not null) extents.Append(core.Holds(assumption));

        file.Open($"namespace {ns}");
        foreach (string u in Usings) file.Line($"using {u};");
        file.Line();
        file.Open($"internal static unsafe class {className}");
        file.Append(run);
        file.Append(extents);
        file.Append(core.Members);
        if (places is { } all)
        {
            file.Line();
            file.Line($"private static readonly string[] Places = [{string.Join(", ", all.Map(Literals.Quote))}];");
        }
        file.Close();
        file.Close();
        file.Append(core.Widths(ns));
        return file.ToString();
    }
}

/// <summary>The parts of one core class as they are written.</summary>
internal sealed class CoreClass
{
    /// <summary>What generated code means something else by.</summary>
    private static readonly string[] Words = ["V", "VX", "VI", "VIX", "T", "Math", "MathF", "VMath", "Lanes", "Scratch", "Violation", "Vector512", "Vector256", "Places"];

    private readonly Plan _plan;
    private readonly Dictionary<Var, string> _parameters = [];
    private readonly string[] _outs;
    private readonly Identifiers _names;

    public CoreClass(Plan plan, string className, ICollection<string> notes, bool lanes)
    {
        UsesLanes = lanes;
        _plan = plan;
        ClassName = className;
        Notes = notes;
        _names = new Identifiers(["engine", "scope", "args", "from", "to", "lanes", "part", "parts", "tile", "stride", "batch", "row", "col", "rows", "cols", "Run", className, .. Words]);
        MemberNames = new Identifiers(["Run", "Kernels", className, .. Words]);
        IrNames = new Names(plan.Function);
        Roots = new(Contractible);
        Know(Function.Body, []);
        foreach (var p in Function.Params.Concat(Function.Sizes)) _parameters[p] = _names.Fresh(p.Name);
        _outs = Enumerable.Range(0, Function.Body.Results.Count).Select(k => _names.Fresh($"out{k}")).ToArray();
    }

    public FunctionIr Function => _plan.Function;

    /// <summary>May stages be written over lanes?</summary>
    public bool UsesLanes { get; }

    /// <summary>Is the leading dimension one part, from the first to the last?</summary>
    public bool InOrder { get; init; }

    public string ClassName { get; }
    public ICollection<string> Notes { get; }
    public Names IrNames { get; }
    public Identifiers MemberNames { get; }

    public Contractible Contractible { get; } = new();
    public Roots Roots { get; }

    /// <summary>A block of code that will be written; its results are <paramref name="stores"/>, where they have names.</summary>
    public void Know(Block block, Seq<Var> stores)
    {
        Contractible.Add(block, stores);
        Roots.Add(block, stores);
    }

    /// <summary>Args structs and the methods of stages.</summary>
    public CodeWriter Members { get; } = new();

    private readonly SortedDictionary<Scalar, CodeWriter> _kernels = [];

    /// <summary>Methods over lanes of a float type; they are written once for each vector width.</summary>
    public CodeWriter Kernels(Scalar lanes) => _kernels.TryGetValue(lanes, out var text) ? text : _kernels[lanes] = new CodeWriter();

    private static string Namespace(string className, Scalar lanes, int bits) => $"{className}_{lanes}_{bits}";

    /// <summary>The method for the widest vectors that this machine has.</summary>
    public void Dispatch(string name, string parameters, Scalar lanes)
    {
        string types = string.Join(", ", parameters.Split(',').Select(p => p.Trim().Split(' ')[0]));
        string Method(int bits) => $"&{Namespace(ClassName, lanes, bits)}.Kernels.{name}";
        Members.Line();
        Members.Line($"private static readonly delegate*<void*, {types}, void> {name} =");
        Members.Line($"    Vector512.IsHardwareAccelerated ? {Method(512)} : Vector256.IsHardwareAccelerated ? {Method(256)} : {Method(128)};");
    }

    /// <summary>The same text under three sets of aliases.</summary>
    public CodeWriter Widths(string ns)
    {
        var file = new CodeWriter();
        foreach (var kernels in _kernels)
        {
            foreach (int bits in new[] { 512, 256, 128 })
            {
                int ints = kernels.Key == Scalar.F32 ? bits : bits / 2;
                file.Line();
                file.Open($"namespace {ns}.{Namespace(ClassName, kernels.Key, bits)}");
                foreach (string u in CoreEmitter.Usings) file.Line($"using {u};");
                file.Line($"using V = System.Runtime.Intrinsics.Vector{bits}<{CSharp.Of(kernels.Key)}>;");
                file.Line($"using VX = System.Runtime.Intrinsics.Vector{bits};");
                file.Line($"using VI = System.Runtime.Intrinsics.Vector{ints}<int>;");
                file.Line($"using VIX = System.Runtime.Intrinsics.Vector{ints};");
                file.Line();
                file.Open("internal static unsafe class Kernels");
                file.Append(kernels.Value);
                file.Close();
                file.Close();
            }
        }
        return file;
    }

    private string ParameterList(bool outs)
    {
        var list = Function.Params.Select(p => $"{CSharp.Of(p.Type.Scalar)}{(p.Type.IsArray ? "*" : "")} {_parameters[p]}")
            .Concat(Function.Sizes.Select(s => $"int {_parameters[s]}"));
        if (outs) list = list.Concat(Function.Body.Results.Select((r, k) => $"{CSharp.Of(r.Type.Scalar)}* {_outs[k]}"));
        return string.Join(", ", list);
    }

    private void BindParameters(BodyEmitter body)
    {
        foreach (var p in Function.Params.Concat(Function.Sizes))
        {
            if (p.Type.IsArray) body.Bind(p, ArrayPlace.Dense(_parameters[p], p.Type, new Memory(false)));
            else body.Bind(p, Expr.Name(_parameters[p]));
        }
    }

    public CodeWriter Run()
    {
        var run = new CodeWriter();
        run.Open($"public static void Run(CpuEngine engine, {ParameterList(outs: true)})".Replace("(CpuEngine engine, )", "(CpuEngine engine)"));
        var body = new CodeWriter();
        var host = new HostEmitter(this, _plan, _names, body);
        BindParameters(host);
        host.Function(_outs);
        if (body.Mentions("scope.")) run.Line("using Scope scope = engine.Begin();");
        run.Append(body);
        run.Close();
        return run;
    }

    /// <summary>Is what the core takes for granted true of these arguments?</summary>
    public CodeWriter Holds(Assumption assumption)
    {
        var text = new CodeWriter();
        text.Line();
        text.Open($"public static bool Holds({string.Join(", ", assumption.Arguments.Select(p => $"{CSharp.Of(p.Type.Scalar)}{(p.Type.IsArray ? "*" : "")} {_parameters[p]}").Concat(assumption.Sizes.Select(s => $"int {_parameters[s]}")))})");
        var body = new CodeWriter();
        var emitter = new BodyEmitter(Function.Name, new CpuDialect(), _names.Child(), assumption.Block, Function.Sizes, body);
        BindParameters(emitter);
        emitter.Result(assumption.Block, e => body.Line($"return {e};"));
        text.Append(body);
        text.Close();
        return text;
    }

    /// <summary>The extents of results that are neither sizes nor constants, each computed by what it depends on.</summary>
    public CodeWriter Extents()
    {
        var text = new CodeWriter();
        foreach (var (result, dimension, extent) in ComputedExtents.Of(Function))
        {
            var block = ComputedExtents.Slice(Function.Body, extent);
            text.Line();
            text.Open($"public static int Extent_{result}_{dimension}({ParameterList(outs: false)})");
            var body = new CodeWriter();
            var emitter = new BodyEmitter(Function.Name, new CpuDialect(), _names.Child(), block, Function.Sizes, body);
            BindParameters(emitter);
            emitter.Result(block, e => body.Line($"return Math.Max({e}, 0);"));
            text.Append(body);
            text.Close();
        }
        return text;
    }
}
