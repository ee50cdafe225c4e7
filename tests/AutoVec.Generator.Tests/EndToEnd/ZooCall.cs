using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Writes the calls that a case asks for, as C#; arguments of batch methods are ref structs, which reflection cannot pass.</summary>
public static class ZooCall
{
    /// <summary>
    /// <c>static object?[] NAME()</c>, which returns for each generated member its value and gradients: first all values, then all
    /// gradients in the order of the case's properties.
    /// </summary>
    public static string Write(ZooCase c, MethodDeclarationSyntax method, string name)
    {
        var parameters = method.ParameterList.Parameters;
        string arguments = string.Join(", ", parameters.Select(p => $"{p.Identifier.Text}: {Argument(c, p)}"));
        string f = $"global::AutoVec.Zoo.{c.Class}.{c.Method}";
        string properties = string.Join(", ", c.Gradient.Select(g => $"gradient.{g.Key}"));
        string cotangent = c.Cotangent is { } bar ? $", {Text(bar, method.ReturnType.ToString())}" : "";
        string body = c.Mode switch
        {
            "grad" => $"""
                var (value, gradient) = {f}ValueAndGrad({arguments});
                all.AddRange([value, {properties}]);
                gradient = {f}Grad({arguments});
                all.AddRange([value, {properties}]);
                """,
            "vjp" => $"""
                var (value, gradient) = {f}Vjp({arguments}{cotangent});
                all.AddRange([value, {properties}]);
                """,
            "batch" => $"all.Add({f}Batch({arguments}));",
            "gradBatch" => $"""
                var (value, gradient) = {f}ValueAndGradBatch({arguments});
                all.AddRange([value, {properties}]);
                gradient = {f}GradBatch({arguments});
                all.AddRange([{f}Batch({arguments}), {properties}]);
                """,
            _ => throw new InvalidOperationException($"mode {c.Mode}"),
        };
        return $"public static object?[] {name}()\n{{\n    var all = new List<object?>();\n{body}\n    return [.. all];\n}}\n";
    }

    /// <summary>Has the case device forms?</summary>
    public static bool IsOnDevice(ZooCase c) => c.Mode is "batch" or "gradBatch";

    /// <summary>As <see cref="Write"/>, <c>static object?[] NAME(Device device)</c> over the device forms.</summary>
    public static string WriteOnDevice(ZooCase c, MethodDeclarationSyntax method, string name)
    {
        string arguments = string.Join(", ", method.ParameterList.Parameters.Select(p => Argument(c, p) is var text && text.StartsWith("new ", StringComparison.Ordinal)
            ? $"{p.Identifier.Text}: device.Upload({text})" : $"{p.Identifier.Text}: {text}"));
        string f = $"global::AutoVec.Zoo.{c.Class}.{c.Method}";
        string properties = string.Join(", ", c.Gradient.Select(g => $"gradient.{g.Key}"));
        string body = c.Mode == "batch" ? $"return [{f}Batch(device, {arguments})];" : $"""
            var (value, gradient) = {f}ValueAndGradBatch(device, {arguments});
            return [value, {properties}, {f}Batch(device, {arguments})];
            """;
        return $"public static object?[] {name}(Device device)\n{{\n{body}\n}}\n";
    }

    /// <summary>The plain method called for each sample.</summary>
    public static string WritePlain(ZooCase c, MethodDeclarationSyntax method, string name)
    {
        string arguments = string.Join(", ", method.ParameterList.Parameters.Select(p => Text(c.Inputs[p.Identifier.Text]!, p.Type!.ToString())));
        return $"public static object?[] {name}() => [global::AutoVec.Zoo.{c.Class}.{c.Method}({arguments})];\n";
    }

    private static string Argument(ZooCase c, ParameterSyntax p)
    {
        string type = p.Type!.ToString();
        bool batched = c.Batched.Contains(p.Identifier.Text);
        return Text(c.Inputs[p.Identifier.Text]!, batched ? Batch(type) : type, batched && c.BatchSize == 0);
    }

    private static string Batch(string type) =>
        type.EndsWith("[]", StringComparison.Ordinal) ? type[..^2] + "[,]"
        : type.EndsWith("[,]", StringComparison.Ordinal) ? type[..^3] + "[,,]"
        : type + "[]";

    /// <summary>A literal of the type: <c>new double[,] { { 1, 2 } }</c>.</summary>
    private static string Text(JsonNode node, string type, bool empty = false)
    {
        int at = type.IndexOf('[', StringComparison.Ordinal);
        if (at < 0) return Number(node, type);
        string element = type[..at];
        int rank = type.Length - at - 1;
        var extents = new int[rank];
        JsonNode? inner = node;
        for (int d = 0; d < rank && inner is JsonArray array; d++)
        {
            extents[d] = array.Count;
            inner = array.Count > 0 ? array[0] : null;
        }
        if (empty || extents.Contains(0))
            return $"new {element}[{string.Join(", ", extents.Select((n, d) => empty && d > 0 ? 3 : n))}]";
        return $"new {type} {Braces(node, element)}";
    }

    private static string Braces(JsonNode node, string element) => node is JsonArray array
        ? $"{{ {string.Join(", ", array.Select(n => Braces(n!, element)))} }}"
        : Number(node, element);

    private static string Number(JsonNode node, string type)
    {
        if (node.GetValueKind() is JsonValueKind.True or JsonValueKind.False) return node.ToString().ToLowerInvariant();
        if (node.GetValueKind() == JsonValueKind.String)
        {
            string t = type == "float" ? "float" : "double";
            return node.GetValue<string>() switch { "NaN" => $"{t}.NaN", "Infinity" => $"{t}.PositiveInfinity", _ => $"{t}.NegativeInfinity" };
        }
        string text = node.GetValue<double>().ToString("R", CultureInfo.InvariantCulture);
        return type switch { "float" => $"{text}f", "double" => $"{text}d", "long" => $"{text}L", _ => text };
    }
}
