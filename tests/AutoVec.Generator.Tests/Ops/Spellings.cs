using System.Reflection;
using System.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoVec.Generator.Tests.Ops;

/// <summary>One spelling of an op for given operand types, as a method over arrays.</summary>
internal sealed record Spelling(Op Op, Seq<IrType> Types, string Form, string Body, int Lanes)
{
    public IrType Result => Op.TypeOf(Types);
    public string Method => $"{Form}_{Op.Name}_{string.Join("_", Types)}";
    public override string ToString() => Method;
}

/// <summary>Writes every spelling of every op down as C#, and compiles it.</summary>
internal static class Spellings
{
    private static readonly IrType[] Scalars = [IrType.F32, IrType.F64, IrType.I32, IrType.I64, IrType.Bool];

    public static readonly Seq<Spelling> All = OpTable.All.SelectMany(op => Signatures(op).SelectMany(t => Of(op, t))).ToSeq();

    private static readonly Lazy<Type> s_compiled = new(Compile);

    /// <summary>The compiled spelling over arrays of as many elements as it has lanes.</summary>
    public static unsafe void Run(Spelling spelling, byte*[] operands, byte* result) =>
        s_compiled.Value.GetMethod(spelling.Method)!.Invoke(null,
            [Pointer.Box(operands[0], typeof(byte*)), Pointer.Box(operands[1], typeof(byte*)), Pointer.Box(operands[2], typeof(byte*)), Pointer.Box(result, typeof(byte*))]);

    private static IEnumerable<Seq<IrType>> Signatures(Op op)
    {
        IEnumerable<Seq<IrType>> all = [[]];
        for (int k = 0; k < op.Arity; k++) all = all.SelectMany(t => Scalars.Select(t.Add)).ToList();
        return all.Where(t => Fits(op, t));
    }

    private static bool Fits(Op op, Seq<IrType> types)
    {
        try
        {
            op.TypeOf(types);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<Spelling> Of(Op op, Seq<IrType> types)
    {
        yield return Plain(op, types, "CSharp", op.CSharp);
        if (op.Ilgpu is { } ilgpu) yield return Plain(op, types, "Ilgpu", ilgpu);
        foreach (var real in new[] { IrType.F32, IrType.F64 })
            foreach (int width in new[] { 128, 256, 512 })
                if (Simd(op, types, real, width) is { } simd) yield return simd;
    }

    private static Spelling Plain(Op op, Seq<IrType> types, string form, string template)
    {
        string text = Fill(template, types[^1]);
        string loads = string.Concat(types.Select((t, k) => $"var x{k} = (({CSharp(t)}*)p{k})[i]; "));
        return new Spelling(op, types, form, $"for (int i = 0; i < 16; i++) {{ {loads}(({CSharp(op.TypeOf(types))}*)q)[i] = {text}; }}", 16);
    }

    private static Spelling? Simd(Op op, Seq<IrType> types, IrType real, int width)
    {
        bool Fits(IrType t) => t == real || t == IrType.I32 || t == IrType.Bool;
        if (op.SimdFor(types[^1]) is not { } template || !types.All(Fits) || !Fits(op.TypeOf(types))) return null;
        int lanes = width / (real == IrType.F32 ? 32 : 64);
        string ints = $"Vector{lanes * 32}", floats = $"Vector{width}", v = $"{floats}<{CSharp(real)}>";
        string Load(IrType t, int k) => t == IrType.Bool ? $"Lanes.LoadMask((bool*)p{k}, out {v} x{k}); "
            : t == IrType.I32 ? $"var x{k} = *({ints}<int>*)p{k}; " : $"var x{k} = *({v}*)p{k}; ";
        string text = Fill(template, types[^1]).Replace("{VX}", floats).Replace("{VIX}", ints).Replace("{A}", $"{ints}<int>.AllBitsSet").Replace("{F}", real == IrType.F32 ? "F32" : "F64");
        var result = op.TypeOf(types);
        string store = result == IrType.Bool ? $"Lanes.StoreMask({text}, (bool*)q);" : result == IrType.I32 ? $"*({ints}<int>*)q = {text};" : $"*({v}*)q = {text};";
        return new Spelling(op, types, $"{(real == IrType.F32 ? "F32" : "F64")}x{lanes}", string.Concat(types.Select(Load)) + store, lanes);
    }

    private static string Fill(string template, IrType last) => template
        .Replace("{M}", last == IrType.F32 ? "MathF" : "Math").Replace("{T}", CSharp(last))
        .Replace("{0}", "x0").Replace("{1}", "x1").Replace("{2}", "x2");

    private static string CSharp(IrType t) => t.Scalar switch
    {
        Scalar.F32 => "float",
        Scalar.F64 => "double",
        Scalar.I32 => "int",
        Scalar.I64 => "long",
        Scalar.F16 => "Half",
        _ => "bool",
    };

    private static Type Compile()
    {
        var text = new StringBuilder("using System;\nusing System.Runtime.Intrinsics;\nusing AutoVec.Cpu;\nusing AutoVec.Gpu;\npublic static unsafe class Compiled\n{\n");
        foreach (var s in All) text.Append($"    public static void {s.Method}(byte* p0, byte* p1, byte* p2, byte* q) {{ {s.Body} }}\n");
        text.Append("}\n");
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var references = platform.Split(Path.PathSeparator).Append(typeof(AutoVec.Cpu.VMath).Assembly.Location).Distinct().Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create("Spellings", [CSharpSyntaxTree.ParseText(text.ToString())], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)));
        return Assembly.Load(image.ToArray()).GetType("Compiled")!;
    }
}
