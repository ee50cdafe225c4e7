using AutoVec.Compiler.Emit.Api;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit;

/// <summary>Whole files of output: the plan as a comment, the public members, the hosts around the cores, the cores.</summary>
public static partial class GeneratedFile
{
    /// <summary>The file with everything that is generated for one annotated method.</summary>
    /// <param name="compile">Compiles one core; asked for those that the method's attributes call for.</param>
    public static GeneratedSource Method(MethodModel method, Func<CoreKind, CompiledCore> compile)
    {
        var calls = Kinds(method).Select(kind => CallModel.Of(method, kind, compile(kind))).ToList();
        var code = new CodeWriter();
        Head(code, calls);
        OpenTypes(code, method.Namespace, method.Types, "", [.. method.Forward ? ["System.Diagnostics.CodeAnalysis"] : Array.Empty<string>(), "AutoVec", "AutoVec.Calls", "AutoVec.Cpu", CompiledCore.NamespaceOf(method)]);
        if (method.Differentiable) GradientTypes.Emit(method, code);
        foreach (var call in calls) Members(call, code);
        if (!method.IsCalledByAd) RegistrationEmitter.Emit(method, code);
        CloseTypes(code, method.Types);
        if (method.Namespace.Length > 0) code.Close();

        code.Separate();
        code.Open("namespace " + CompiledCore.NamespaceOf(method));
        Usings(code, "System", "AutoVec.Calls", "AutoVec.Cpu", "AutoVec.Gpu");
        foreach (var call in calls)
        {
            code.Separate();
            code.Open($"internal static unsafe class {call.HostName}");
            CpuHostEmitter.Emit(call, code);
            if (call.IsBatched) DeviceHostEmitter.Emit(call, code);
            code.Close();
        }
        code.Close();
        foreach (string text in calls.SelectMany(c => new[] { c.Core.Text, c.Core.Kernels, c.Core.Guarded?.Text, c.Core.Guarded?.Kernels }).OfType<string>())
        {
            code.Separate();
            code.Raw(text.TrimEnd() + "\n");
        }
        return new(HintName(method.Namespace, method.Types, method.Name), code.ToString(), calls.SelectMany(c => c.Core.Explain).Distinct().ToSeq());
    }

    /// <summary>The file that makes the functions in a method's calls of Ad known in plain C#.</summary>
    public static GeneratedSource Registrations(string name, Seq<(MethodModel Method, CallPlace Place)> sites) => RegistrationEmitter.File(name, sites);

    /// <summary>The file with everything that is generated for a [Tree] record.</summary>
    public static GeneratedSource Tree(TreeModel tree)
    {
        var code = new CodeWriter();
        Head(code, []);
        OpenTypes(code, tree.Namespace, tree.Types, " : IHostTree", "AutoVec");
        TreeEmitter.Emit(tree, code);
        CloseTypes(code, tree.Types);
        if (tree.Namespace.Length > 0) code.Close();
        return new(HintName(tree.Namespace, tree.Types, null), code.ToString(), []);
    }

    private static IEnumerable<CoreKind> Kinds(MethodModel method)
    {
        if (method.Vectorize) yield return CoreKind.Batch;
        if (!method.Differentiable) yield break;
        if (IsScalar(method)) yield return CoreKind.Gradient;
        if (!method.IsCalledByAd) yield return CoreKind.Vjp;
        if (method.Forward) yield return CoreKind.Jvp;
    }

    /// <summary>Only a function with one float result has a gradient; any other has a vector-Jacobian product.</summary>
    internal static bool IsScalar(MethodModel method) => method.Result is ArrayValue { Rank: 0, Scalar: Scalar.F32 or Scalar.F64 or Scalar.F16 };

    private static void Members(CallModel call, CodeWriter code)
    {
        bool isGradient = call.Kind == CoreKind.Gradient;
        var gradient = call.HasGradient ? GradientMode.Returned : GradientMode.None;
        if (call.IsSingle)
        {
            if (isGradient) FormEmitter.Emit(call, Site.Single, ValueMode.Discarded, gradient, code);
            FormEmitter.Emit(call, Site.Single, ValueMode.Returned, gradient, code);
        }
        if (!call.IsBatched) return;
        foreach (var site in new[] { Site.Host, Site.Device })
        {
            if (isGradient)
            {
                FormEmitter.Emit(call, site, ValueMode.Discarded, GradientMode.Returned, code);
                FormEmitter.Emit(call, site, ValueMode.Discarded, GradientMode.Reused, code);
            }
            FormEmitter.Emit(call, site, ValueMode.Returned, gradient, code);
            bool destinations = FormEmitter.HasDestinations(call, site);
            if (call.HasGradient)
                FormEmitter.Emit(call, site, destinations ? ValueMode.Destination : ValueMode.Returned, GradientMode.Reused, code);
            else if (destinations)
                FormEmitter.Emit(call, site, ValueMode.Destination, GradientMode.None, code);
        }
    }

    /// <summary>
    /// What a careful engineer may write, a warning for hand-written code may forbid: x != x is how a NaN is found. Where warnings of nullability are off the C# compiler
    /// does not look for them either, and flow analysis is a good part of its time.
    /// </summary>
    internal const string Directives = "#nullable enable annotations\n#nullable disable warnings\n#pragma warning disable";

    private static void Head(CodeWriter code, List<CallModel> calls)
    {
        code.Lines("// <auto-generated/>");
        for (int k = 0; k < calls.Count; k++)
        {
            string name = calls[k].Method.Name;
            var same = calls.Take(k).FirstOrDefault(c => c.Core.Explain == calls[k].Core.Explain);
            code.Lines("//");
            code.Lines($"// {name}{calls[k].Kind}{(same is null ? "" : $": as {name}{same.Kind}")}");
            if (same is null)
                foreach (string line in calls[k].Core.Explain) code.Lines("//   " + line.Replace("\n", "\n//   "));
        }
        code.Lines(Directives);
        code.Separate();
    }

    /// <summary>Inside a namespace, where they come before types of the global namespace that have the same names.</summary>
    private static void Usings(CodeWriter code, params string[] namespaces)
    {
        code.Lines(string.Join("\n", namespaces.Select(n => $"using {n};")));
        code.Separate();
    }

    private static void OpenTypes(CodeWriter code, string ns, Seq<TypeModel> types, string innermost, params string[] usings)
    {
        if (ns.Length > 0) code.Open("namespace " + ns);
        Usings(code, usings);
        for (int k = 0; k < types.Count; k++)
            code.Open($"{types[k].Keyword} {types[k].Name}{(k == types.Count - 1 ? innermost : "")}");
    }

    private static void CloseTypes(CodeWriter code, Seq<TypeModel> types)
    {
        foreach (var _ in types) code.Close();
    }

    private static string HintName(string ns, Seq<TypeModel> types, string? member) =>
        string.Join(".", new[] { ns }.Concat(types.Map(t => t.Name)).Append(member).Where(s => s is { Length: > 0 })) + ".g.cs";
}
