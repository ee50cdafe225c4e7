using System.Reflection;
using System.Text;
using AutoVec.Generator.Tests.EndToEnd;
using AutoVec.Generator.Tests.Kit;
using static AutoVec.Generator.Tests.Language.Differences;

namespace AutoVec.Generator.Tests.Language;

/// <summary>Call sites for batch forms, written from the signatures of methods, and their comparison with the plain methods.</summary>
internal sealed class BatchCalls
{
    private const int Samples = 5;
    private readonly Type _calls;
    private readonly Dictionary<string, MethodInfo> _plain = [];

    public BatchCalls(Generated generated, IEnumerable<MethodInfo> methods)
    {
        var text = new StringBuilder(Helpers);
        foreach (var m in methods) Write(m, text);
        var assembly = generated.Load(text.Append("}\n").ToString());
        _calls = assembly.GetType("Calls")!;
        foreach (var m in methods) _plain[m.Name] = assembly.GetType("Subject")!.GetMethod(m.Name)!;
    }

    /// <summary>Numbers, bools, enums, and arrays of rank 1 and 2.</summary>
    public static bool IsCallable(Type type) => type.IsArray ? type.GetArrayRank() <= 2 : type.IsPrimitive || type.IsEnum || type == typeof(Half);

    // ---- writing

    private const string Helpers = """
        using System.Collections.Generic;
        using Subj = Subject;
        public static class Calls
        {
            static T[] One<T>(object[][] s, int p) => s.Select(a => (T)a[p]).ToArray();
            static T[,] Rows<T>(object[][] s, int p)
            {
                var first = (T[])s[0][p];
                var all = new T[s.Length, first.Length];
                for (int i = 0; i < s.Length; i++) for (int j = 0; j < first.Length; j++) all[i, j] = ((T[])s[i][p])[j];
                return all;
            }
            static T[,,] Planes<T>(object[][] s, int p)
            {
                var first = (T[,])s[0][p];
                var all = new T[s.Length, first.GetLength(0), first.GetLength(1)];
                for (int i = 0; i < s.Length; i++) for (int j = 0; j < first.GetLength(0); j++) for (int k = 0; k < first.GetLength(1); k++) all[i, j, k] = ((T[,])s[i][p])[j, k];
                return all;
            }

        """;

    private static string Name(Type t) => t.IsEnum ? $"Subj.{t.Name}" : t == typeof(double) ? "double" : t == typeof(float) ? "float" : t == typeof(int) ? "int"
        : t == typeof(long) ? "long" : t == typeof(bool) ? "bool" : t == typeof(Half) ? "Half" : throw new NotSupportedException(t.Name);

    private static void Write(MethodInfo m, StringBuilder text)
    {
        var parameters = m.GetParameters();
        string Batch(ParameterInfo p) => p.ParameterType.IsArray
            ? $"{(p.ParameterType.GetArrayRank() == 1 ? "Rows" : "Planes")}<{Name(p.ParameterType.GetElementType()!)}>(s, {p.Position})"
            : $"One<{Name(p.ParameterType)}>(s, {p.Position})";
        string arguments = string.Join(", ", parameters.Select(Batch));
        text.Append($"    public static object[] {m.Name}Cpu(object[][] s) => [Subj.{m.Name}Batch({arguments})];\n");
        bool onDevice = parameters.All(p => !p.ParameterType.IsEnum) && !m.ReturnType.IsEnum;
        string uploads = string.Join(", ", parameters.Select(p => $"d.Upload({Batch(p)})"));
        if (onDevice) text.Append($"    public static object[] {m.Name}On(Device d, object[][] s) => [Subj.{m.Name}Batch(d, {uploads}).ToArray()];\n");
        if (!HasGradient(m)) return;
        string Properties(string end) => string.Concat(parameters.Where(IsActive).Select(p => $", g.{char.ToUpperInvariant(p.Name![0])}{p.Name[1..]}{end}"));
        text.Append($"    public static object[] {m.Name}Grad(object[][] s) {{ var (v, g) = Subj.{m.Name}ValueAndGradBatch({arguments}); return [v{Properties("")}]; }}\n");
        if (onDevice) text.Append($"    public static object[] {m.Name}GradOn(Device d, object[][] s) {{ var (v, g) = Subj.{m.Name}ValueAndGradBatch(d, {uploads}); return [v.ToArray(){Properties(".ToArray()")}]; }}\n");
    }

    // ---- calling

    private object Plain(string name, object[] args) => Invoke(_plain[name], args);

    private object[]? Call(string name, params object[] args) => _calls.GetMethod(name) is { } method ? (object[])Invoke(method, args) : null;

    /// <summary>Compares everything; says whether gradients could be compared, and how many exceptions.</summary>
    public (bool Gradient, int Exceptions) Check(string name, Random random, Device emulator)
    {
        var method = _plain[name];
        var samples = new List<object[]>();
        (object[] Arguments, Exception Thrown)? bad = null;
        int length = 1 + random.Next(4);
        for (int tries = 0; tries < 200 && (samples.Count < Samples || bad is null); tries++)
        {
            var args = Agreement.Draw(method, random, length);
            try
            {
                Plain(name, args);
                if (samples.Count < Samples) samples.Add(args);
            }
            catch (Exception e) when (IsOfTheLanguage(e))
            {
                bad ??= (args, e);
            }
        }
        int exceptions = bad is { } b ? Throws(name, samples, b.Arguments, b.Thrown, emulator) : 0;
        if (samples.Count == 0) return (false, exceptions);
        object[][] batch = [.. samples];
        double[] expected = [.. samples.SelectMany(s => Flat(Plain(name, s)))];
        if (SameLengths(name, samples))
        {
            Close("the batch", expected, Flat(Call($"{name}Cpu", [batch])![0]));
            if (Call($"{name}On", emulator, batch) is { } there) Close("the batch on the emulator", expected, Flat(there[0]));
        }
        return (HasGradient(method) && Gradients(name, batch, expected, emulator), exceptions);
    }

    private bool SameLengths(string name, List<object[]> samples) => samples.Select(s => Flat(Plain(name, s)).Length).Distinct().Count() == 1;

    /// <summary>One bad sample among good ones: the batch throws what it throws.</summary>
    private int Throws(string name, List<object[]> good, object[] bad, Exception thrown, Device emulator)
    {
        object[][] batch = [.. good.Take(2), bad, .. good.Skip(2)];
        Expect(thrown, () => Call($"{name}Cpu", [batch]), "the batch");
        if (_calls.GetMethod($"{name}On") is not null) Expect(thrown, () => Call($"{name}On", emulator, batch), "the emulator");
        return 1;
    }

    private static void Expect(Exception thrown, Action call, string what)
    {
        var got = Record.Exception(call);
        if (got?.GetType() != thrown.GetType()) throw new InvalidOperationException($"{what} throws {got?.ToString() ?? "nothing"}, expected {thrown.GetType().Name}");
    }

    private bool Gradients(string name, object[][] batch, double[] expected, Device emulator)
    {
        var got = Call($"{name}Grad", [batch])!;
        Close("the values beside gradients", expected, Flat(got[0]));
        if (Call($"{name}GradOn", emulator, batch) is { } there)
            for (int k = 0; k < got.Length; k++) Close($"result {k} of the gradient on the emulator", Flat(got[k]), Flat(there[k]));
        int result = 0;
        bool any = false;
        foreach (var p in _plain[name].GetParameters().Where(IsActive))
        {
            double[] bars = Flat(got[++result]);
            int size = bars.Length / batch.Length;
            for (int s = 0; s < batch.Length; s++)
                for (int e = 0; e < size; e++)
                {
                    if (Differences.Of(_plain[name], batch[s], p.Position, e) is not { } difference) continue;
                    any = true;
                    Close($"sample {s}: the gradient of '{p.Name}' [{e}]", difference, bars[s * size + e]);
                }
        }
        return any;
    }
}
