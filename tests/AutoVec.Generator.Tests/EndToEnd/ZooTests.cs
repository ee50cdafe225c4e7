using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AutoVec.Generator.Tests.Zoo;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>
/// Cases that other systems get silently wrong: each is right, or its method is rejected by a diagnostic; none is wrong.
/// </summary>
public class ZooTests(ITestOutputHelper output)
{
    public static TheoryData<string> Families => ZooFolder.Path is null ? ["none"] : [.. ZooCases.All.Select(c => c.Class).Distinct()];

    [ZooTheory]
    [MemberData(nameof(Families))]
    public void No_case_is_wrong(string family)
    {
        string source = ZooFolder.Read($"Cases.{family}.cs");
        var methods = Methods(source);
        var cases = ZooCases.All.Where(c => c.Class == family).ToLookup(c => BatchesShared(c, methods[c.Method]));
        var wrong = Run(family, source, [.. cases[false]]);
        // A case that batches a [Shared] parameter means the method without that mark.
        if (cases[true].Any()) wrong.AddRange(Run(family, source.Replace("[Shared] ", ""), [.. cases[true]]));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static Dictionary<string, MethodDeclarationSyntax> Methods(string source) =>
        CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().ToDictionary(m => m.Identifier.Text);

    private static bool BatchesShared(ZooCase c, MethodDeclarationSyntax method) =>
        method.ParameterList.Parameters.Any(p => c.Batched.Contains(p.Identifier.Text) && p.AttributeLists.ToString().Contains("Shared", StringComparison.Ordinal));

    private List<string> Run(string family, string source, List<ZooCase> cases)
    {
        var methods = Methods(source);
        var generated = Generated.Run(source, $"Cases.{family}.cs");
        Diagnostic? errorIn(MethodDeclarationSyntax m) => generated.Errors.FirstOrDefault(e => m.Span.Contains(e.Location.SourceSpan.Start));
        var rejected = cases.Select(c => c.Method).Distinct().Where(m => errorIn(methods[m]) is not null).ToDictionary(m => m, m => errorIn(methods[m])!);
        var accepted = cases.Where(c => !rejected.ContainsKey(c.Method)).ToList();

        var calls = new StringBuilder("public static class Calls\n{\n");
        for (int k = 0; k < accepted.Count; k++)
        {
            calls.Append(ZooCall.Write(accepted[k], methods[accepted[k].Method], $"Case{k}"));
            if (ZooCall.IsOnDevice(accepted[k])) calls.Append(ZooCall.WriteOnDevice(accepted[k], methods[accepted[k].Method], $"Emulated{k}"));
        }
        var type = generated.Load(calls.Append('}').ToString()).GetType("Calls")!;

        var wrong = new List<string>();
        using var emulator = Device.Emulator();
        for (int k = 0; k < accepted.Count; k++)
        {
            if (Problem(accepted[k], type.GetMethod($"Case{k}")!) is { } problem) wrong.Add($"{accepted[k].Id}: {problem}");
            if (type.GetMethod($"Emulated{k}") is { } emulated && Problem(accepted[k], emulated, emulator) is { } there) wrong.Add($"{accepted[k].Id} on the emulator: {there}");
        }
        foreach (var (method, error) in rejected) output.WriteLine($"rejected {method}: {error.Id} {error.GetMessage()}");
        output.WriteLine($"{family}: {accepted.Count - wrong.Count} right, {cases.Count - accepted.Count} rejected, {wrong.Count} wrong");
        wrong.AddRange(generated.Errors.Where(e => !methods.Values.Any(m => m.Span.Contains(e.Location.SourceSpan.Start))).Select(e => e.ToString()));
        return wrong;
    }

    private static string? Problem(ZooCase c, MethodInfo call, params object[] arguments)
    {
        object?[] got;
        try
        {
            got = (object?[])call.Invoke(null, arguments)!;
            got = [.. got.Select(Fetched)];
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException!.ToString();
        }
        var expected = new List<(string Name, JsonNode? Node, bool PerSample)> { ("value", c.Value, c.BatchSize >= 0) };
        if (c.HasGradient) expected.AddRange(c.Gradient.Select(g => (g.Key, g.Value, c.BatchSize >= 0)));
        for (int k = 0; k < got.Length; k++)
        {
            var (name, node, perSample) = expected[k % expected.Count];
            if (Difference(Numbers(node!), Flat(got[k]), c, perSample ? c.BatchSize : 1) is { } difference) return $"{name}: {difference}";
        }
        return null;
    }

    private static string? Difference(double[] expected, double[] got, ZooCase c, int samples)
    {
        if (expected.Length != got.Length) return $"expected {expected.Length} numbers, got {got.Length}";
        int size = samples > 0 && expected.Length % samples == 0 ? Math.Max(1, expected.Length / samples) : Math.Max(1, expected.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            double scale = expected.Skip(k / size * size).Take(size).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
            bool ok = double.IsFinite(expected[k])
                ? Math.Abs(got[k] - expected[k]) <= c.AbsoluteTolerance + c.RelativeTolerance * scale
                : got[k].Equals(expected[k]);
            if (!ok) return $"element {k}: expected {expected[k]:R}, got {got[k]:R}";
        }
        return null;
    }

    private static double[] Numbers(JsonNode node) => node switch
    {
        JsonArray array => [.. array.SelectMany(n => Numbers(n!))],
        _ when node.GetValueKind() == JsonValueKind.String => [node.GetValue<string>() switch
        {
            "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity,
        }],
        _ when node.GetValueKind() is JsonValueKind.True or JsonValueKind.False => [node.GetValue<bool>() ? 1 : 0],
        _ => [node.GetValue<double>()],
    };

    /// <summary>What lies on a device, fetched.</summary>
    private static object? Fetched(object? value) => value switch
    {
        System.Runtime.CompilerServices.ITuple tuple => Enumerable.Range(0, tuple.Length).Select(k => Fetched(tuple[k])).ToArray(),
        not null when value.GetType() is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(DeviceArray<>) =>
            t.GetMethod(nameof(DeviceArray<int>.ToArray), [])!.Invoke(value, null),
        _ => value,
    };

    private static double[] Flat(object? value) => value switch
    {
        null => [],
        Array array => [.. array.Cast<object>().SelectMany(Flat)],
        System.Runtime.CompilerServices.ITuple tuple => [.. Enumerable.Range(0, tuple.Length).SelectMany(k => Flat(tuple[k]))],
        bool b => [b ? 1 : 0],
        Enum e => [Convert.ToDouble(e, System.Globalization.CultureInfo.InvariantCulture)],
        IConvertible number => [number.ToDouble(System.Globalization.CultureInfo.InvariantCulture)],
        _ => throw new InvalidOperationException($"a result of type {value.GetType()}"),
    };
}
