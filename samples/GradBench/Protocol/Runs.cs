using System.Text.Json;

namespace AutoVec.Samples.GradBench.Protocol;

/// <summary>How often a function is run: at least <paramref name="Least"/> times, and until the runs took <paramref name="Seconds"/> together.</summary>
public readonly record struct Runs(int Least, double Seconds)
{
    /// <summary>Reads <c>min_runs</c> and <c>min_seconds</c>; an input without them (of <c>hello</c>, a bare number) is run once.</summary>
    /// <exception cref="ToolException">One of them is no number in range.</exception>
    public static Runs Of(JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object) return new Runs(1, 0);
        int least = 1;
        double seconds = 0;
        if (input.TryGetProperty("min_runs", out var runs))
            ToolException.Unless(runs.ValueKind == JsonValueKind.Number && runs.TryGetInt32(out least) && least >= 0, $"min_runs {runs}: expected a count");
        if (input.TryGetProperty("min_seconds", out var time))
            ToolException.Unless(time.ValueKind == JsonValueKind.Number && time.TryGetDouble(out seconds) && seconds >= 0, $"min_seconds {time}: expected seconds");
        return new Runs(least, seconds);
    }
}
