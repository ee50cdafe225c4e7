using System.Text.Json;
using System.Text.Json.Nodes;

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

/// <summary>The zoo beside the repository, if it is there.</summary>
public static class Zoo
{
    private static readonly string? Folder = Find();

    public static bool IsPresent => Folder is not null;

    public static IReadOnlyList<ZooCase> Cases { get; } = Folder is null ? []
        : [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "cases.json")))!["cases"]!.AsArray().Select(c => new ZooCase(c!.AsObject()))];

    public static string Source(string family) => File.ReadAllText(Path.Combine(Folder!, $"Cases.{family}.cs"));

    public static IReadOnlyList<string> Rejected => Folder is null ? [] : [.. Directory.GetFiles(Path.Combine(Folder, "Rejected"), "*.cs").Order(StringComparer.Ordinal)];

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string zoo = Path.Combine(at.FullName, "shared", "zoo");
            if (Directory.Exists(zoo)) return zoo;
        }
        return null;
    }
}
