using System.Reflection;
using System.Text;
using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Cpu;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Emits plans, compiles the text, and runs it on interpreter values. Many functions share one compilation.</summary>
public sealed partial class CoreHarness
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p).StartsWith("System", StringComparison.Ordinal) || Path.GetFileName(p) is "netstandard.dll" or "mscorlib.dll")
            .Select(p => MetadataReference.CreateFromFile(p)),
        MetadataReference.CreateFromFile(typeof(CpuEngine).Assembly.Location),
    ];

    private readonly List<(FunctionIr F, string Text)> _cores = [];
    private Assembly? _assembly;

    /// <param name="bits">The width of the vectors, whatever the machine has; null: all three are compiled, the widest it has runs.</param>
    /// <param name="lanes">False: plain C# throughout, as guarded versions are.</param>
    public int Add(Plan plan, int? bits = null, bool lanes = true)
    {
        string text = CoreEmitter.Emit(plan, $"Core{_cores.Count}", CompiledCore.Namespace, Notes, lanes);
        _cores.Add((plan.Function, bits is int b ? OneWidth(text, b) : text));
        return _cores.Count - 1;
    }

    private static string OneWidth(string text, int bits)
    {
        var kept = new StringBuilder();
        bool isKept = true;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("namespace ", StringComparison.Ordinal))
                isKept = !new[] { 512, 256, 128 }.Any(b => b != bits && line.EndsWith($"_{b}", StringComparison.Ordinal));
            if (isKept) kept.Append(line).Append('\n');
        }
        return Dispatch().Replace(kept.ToString(), m => $"{m.Groups[bits == 512 ? 1 : bits == 256 ? 2 : 3]};");
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"Vector512\.IsHardwareAccelerated \? (\S+) : Vector256\.IsHardwareAccelerated \? (\S+) : ([^;]+);")]
    private static partial System.Text.RegularExpressions.Regex Dispatch();

    /// <summary>All cores and the entries to them, to be compiled as one file of a larger compilation.</summary>
    public string Text => string.Concat(_cores.Select((c, k) => c.Text + Entry(k, c.F)));

    /// <summary>Where <see cref="Text"/> was compiled.</summary>
    public void Use(Assembly assembly) => _assembly = assembly;

    /// <summary>What runs without lanes, and why.</summary>
    public List<string> Notes { get; } = [];

    public string TextOf(int core) => _cores[core].Text;

    public static Value[] Run(Plan plan, params Value[] args) => Run(plan, null, args);

    public static Value[] Run(Plan plan, CpuEngine? engine, params Value[] args)
    {
        var harness = new CoreHarness();
        int core = harness.Add(plan);
        return harness.Run(core, engine, args);
    }

    public Value[] Run(int core, CpuEngine? engine, params Value[] args) => Run(core, engine, null, args);

    /// <param name="place">Where each array is to lie, by its size in bytes; null: anywhere.</param>
    public unsafe Value[] Run(int core, CpuEngine? engine, Func<nint, nint>? place, Value[] args)
    {
        _assembly ??= Compile();
        var f = _cores[core].F;
        var sizes = new Dictionary<Var, int>();
        for (int k = 0; k < args.Length; k++)
            for (int d = 0; d < args[k].Shape.Count; d++)
                if (f.Params[k].Type.Extents[d] is Var n) sizes[n] = args[k].Shape[d];
        var inputs = args.Select(Flat).Concat(f.Sizes.Select(s => (object)sizes[s])).ToArray();
        var entry = _assembly.GetType($"Entry{core}")!;
        var shapes = f.Body.Results.Select((r, k) => r.Type.Extents.Select((e, d) => e switch
        {
            Const c => c.AsInt,
            Var v when sizes.TryGetValue(v, out int n) => n,
            _ => (int)Invoke(entry.GetMethod($"Extent_{k}_{d}")!, [inputs])!,
        }).ToSeq()).ToArray();
        var outs = f.Body.Results.Select((r, k) => Garbage(r.Type.Scalar, shapes[k].Aggregate(1, (x, y) => x * y))).ToArray();
        if (place is null) Invoke(entry.GetMethod("Run")!, [engine ?? CpuEngine.Shared, inputs, outs]);
        else
        {
            var places = outs.Select(o => place(Buffer.ByteLength(o))).ToArray();
            Invoke(entry.GetMethod("RunAt")!, [engine ?? CpuEngine.Shared, inputs.Select(i => i is Array a ? Placed(a, place) : i).ToArray(), places]);
            for (int k = 0; k < outs.Length; k++)
                new ReadOnlySpan<byte>((void*)places[k], Buffer.ByteLength(outs[k])).CopyTo(Bytes(outs[k]));
        }
        return f.Body.Results.Select((r, k) => Back(r.Type.Scalar, shapes[k], outs[k])).ToArray();
    }

    private static unsafe object Placed(Array array, Func<nint, nint> place)
    {
        nint at = place(Buffer.ByteLength(array));
        Bytes(array).CopyTo(new Span<byte>((void*)at, Buffer.ByteLength(array)));
        return at;
    }

    private static Span<byte> Bytes(Array array) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));

    private static object? Invoke(MethodInfo method, object?[] args)
    {
        try
        {
            return method.Invoke(null, args);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    private Assembly Compile()
    {
        string text = Text;
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, concurrentBuild: false);
        var tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp13));
        var compilation = CSharpCompilation.Create("Cores" + Guid.NewGuid().ToString("N"), [tree], References, options);
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        if (!result.Success)
        {
            var first = result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error);
            int line = first.Location.GetLineSpan().StartLinePosition.Line;
            var lines = text.Split('\n');
            throw new InvalidOperationException(
                $"{string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5))}\n{string.Join("\n", lines.Skip(Math.Max(0, line - 40)).Take(60))}");
        }
        return Assembly.Load(stream.ToArray());
    }

    /// <summary>Calls the core with arrays pinned.</summary>
    private static string Entry(int k, FunctionIr f)
    {
        static string T(IrType t) => t.Scalar switch { Scalar.F32 => "float", Scalar.F64 => "double", Scalar.I32 => "int", Scalar.I64 => "long", Scalar.F16 => "System.Half", _ => "bool" };
        var text = new StringBuilder($"public static unsafe class Entry{k}\n{{\n");
        void Method(string head, string call, bool outs, bool placed = false)
        {
            text.Append($"    public static {head}\n    {{\n");
            var args = new List<string>();
            for (int p = 0; p < f.Params.Count; p++)
            {
                string t = T(f.Params[p].Type);
                if (f.Params[p].Type.IsArray && !placed) text.Append($"        fixed ({t}* p{p} = ({t}[])a[{p}])\n");
                args.Add(!f.Params[p].Type.IsArray ? $"({t})a[{p}]" : placed ? $"({t}*)(nint)a[{p}]" : $"p{p}");
            }
            for (int s = 0; s < f.Sizes.Count; s++) args.Add($"(int)a[{f.Params.Count + s}]");
            for (int r = 0; outs && r < f.Body.Results.Count; r++)
            {
                string t = T(f.Body.Results[r].Type);
                if (!placed) text.Append($"        fixed ({t}* o{r} = ({t}[])o[{r}])\n");
                args.Add(placed ? $"({t}*)o[{r}]" : $"o{r}");
            }
            text.Append($"            {call.Replace("$", string.Join(", ", args))}\n    }}\n");
        }
        string core = $"AutoVec.Generated.Core{k}";
        Method("void Run(AutoVec.Cpu.CpuEngine engine, object[] a, object[] o)", $"{core}.Run(engine, $);", outs: true);
        Method("void RunAt(AutoVec.Cpu.CpuEngine engine, object[] a, nint[] o)", $"{core}.Run(engine, $);", outs: true, placed: true);
        for (int r = 0; r < f.Body.Results.Count; r++)
            for (int d = 0; d < f.Body.Results[r].Type.Rank; d++)
                if (f.Body.Results[r].Type.Extents[d] is Var v && !f.Sizes.Contains(v) && !f.Params.Contains(v))
                    Method($"int Extent_{r}_{d}(object[] a)", $"return {core}.Extent_{r}_{d}($);", outs: false);
        return text.Append("}\n").ToString();
    }

    private static object Flat(Value v) => v.ElementType switch
    {
        Scalar.F32 => v.IsArray ? v.Data.Select(c => (float)c.AsDouble).ToArray() : (float)v.AsDouble,
        Scalar.F64 => v.IsArray ? v.Data.Select(c => c.AsDouble).ToArray() : v.AsDouble,
        Scalar.I32 => v.IsArray ? v.Data.Select(c => c.AsInt).ToArray() : v.AsConst.AsInt,
        Scalar.F16 => v.IsArray ? v.Data.Select(c => (Half)c.AsDouble).ToArray() : (Half)v.AsDouble,
        Scalar.I64 => v.IsArray ? v.Data.Select(c => c.AsLong).ToArray() : v.AsConst.AsLong,
        _ => v.IsArray ? v.Data.Select(c => c.AsBool).ToArray() : v.AsConst.AsBool,
    };

    /// <summary>Outs hold anything before the call.</summary>
    private static Array Garbage(Scalar scalar, int length)
    {
        switch (scalar)
        {
            case Scalar.F32: return Enumerable.Repeat(-77f, length).ToArray();
            case Scalar.F64: return Enumerable.Repeat(-77.0, length).ToArray();
            case Scalar.F16: return Enumerable.Repeat((Half)(-77f), length).ToArray();
            case Scalar.I32: return Enumerable.Repeat(-77, length).ToArray();
            case Scalar.I64: return Enumerable.Repeat(-77L, length).ToArray();
            default: return new bool[length];
        }
    }

    private static Value Back(Scalar scalar, Seq<int> shape, Array data) => data is Half[] halves
        ? Value.Of(Scalar.F16, shape, halves.Select(h => (double)h)) : shape.Count == 0 ? Value.From(data.GetValue(0)!) : Value.Of(scalar, shape, [.. data.Cast<object>().Select(x => Value.From(x).AsConst)]);
}
