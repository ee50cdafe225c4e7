using System.Diagnostics;

namespace AutoVec.Benchmarks;

internal static class Clock
{
    /// <summary>The least time of one call, in seconds: of short samples for <paramref name="budget"/> seconds, since whoever shares the machine only adds.</summary>
    public static double Best(Action action, double budget)
    {
        for (int i = 0; i < 3; i++) action();
        long start = Stopwatch.GetTimestamp();
        action();
        int calls = (int)Math.Clamp(200e-6 / Stopwatch.GetElapsedTime(start).TotalSeconds, 1, 10_000);
        double best = double.PositiveInfinity;
        start = Stopwatch.GetTimestamp();
        do
        {
            long sample = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++) action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(sample).TotalSeconds / calls);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < budget);
        return best;
    }
}
