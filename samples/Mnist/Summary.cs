using System.Text.Json;

namespace AutoVec.Samples.Mnist;

/// <summary>What a run writes with <c>--summary</c>.</summary>
public sealed record Summary(
    string Device, int Threads, int[] Layers, int Batch, int Seed, IReadOnlyList<EpochResult> Epochs, string ParametersSha256)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Format) + "\n");
}
