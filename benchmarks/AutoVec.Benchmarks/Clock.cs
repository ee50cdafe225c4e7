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

    /// <summary>The median and the least time of one call, in seconds.</summary>
    public static (double Median, double Least) Median(Action action, double budget)
    {
        for (int i = 0; i < 3; i++) action();
        var times = new List<double>();
        long start = Stopwatch.GetTimestamp();
        do
        {
            long call = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(call).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < budget);
        times.Sort();
        return (times[times.Count / 2], times[0]);
    }
}
