using System.Text.Json.Nodes;
using AutoVec.Generator.Tests.Zoo;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>One entry of the zoo's cases.json.</summary>
public sealed class ZooCase(JsonObject json)
{
    public string Id { get; } = json["id"]!.GetValue<string>();
    public string Class { get; } = json["class"]!.GetValue<string>();
    public string Method { get; } = json["method"]!.GetValue<string>();
    public string Mode { get; } = json["mode"]!.GetValue<string>();
    public JsonObject Inputs { get; } = json["inputs"]!.AsObject();
    public JsonNode? Cotangent { get; } = json["cotangent"];
    public HashSet<string> Batched { get; } = [.. json["batched"]?.AsArray().Select(n => n!.GetValue<string>()) ?? []];
    public int BatchSize { get; } = json["batchSize"]?.GetValue<int>() ?? -1;
    public JsonNode? Value { get; } = json["expected"]!["value"];
    public JsonObject Gradient { get; } = json["expected"]!["gradient"]?.AsObject() ?? [];
    public double RelativeTolerance { get; } = json["rtol"]!.GetValue<double>();
    public double AbsoluteTolerance { get; } = json["atol"]!.GetValue<double>();

    public bool HasGradient => Mode != "batch";
    public override string ToString() => Id;
}

/// <summary>The cases of the zoo.</summary>
public static class ZooCases
{
    public static IReadOnlyList<ZooCase> All { get; } =
        [.. JsonNode.Parse(ZooFolder.Read("cases.json"))!["cases"]!.AsArray().Select(c => new ZooCase(c!.AsObject()))];
}
