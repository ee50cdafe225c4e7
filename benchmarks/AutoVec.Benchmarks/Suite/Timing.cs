using System.Diagnostics;

namespace AutoVec.Benchmarks.Suite;

/// <summary>A contestant's times.</summary>
/// <param name="Seconds">The median of a call.</param>
/// <param name="Ratio">To the first contestant: the median over rounds, in each of which all of them ran.</param>
internal readonly record struct Timed(double Seconds, double Ratio);

/// <summary>Contestants take turns, so that whatever else the machine does falls on all of them; medians are what is left.</summary>
internal static class Timing
{
    /// <summary>Times contestants for so many seconds, and at least five rounds.</summary>
    public static Timed[] Run(IReadOnlyList<Contestant> contestants, double budget)
    {
        int n = contestants.Count;
        int[] calls = new int[n];
        for (int k = 0; k < n; k++) calls[k] = Calls(contestants[k].Run);
        var times = Enumerable.Range(0, n).Select(_ => new List<double>()).ToArray();
        var ratios = Enumerable.Range(0, n).Select(_ => new List<double>()).ToArray();
        double[] spent = new double[n];
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < budget || times[0].Count < 5;)
        {
            double first = 0;
            for (int k = 0; k < n; k++)
            {
                // A contestant far slower than the rest sits out until it has used no more than a third of the time.
                if (k > 0 && times[k].Count > 0 && spent[k] > clock.Elapsed.TotalSeconds / 3) continue;
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < calls[k]; i++) contestants[k].Run();
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                spent[k] += seconds;
                times[k].Add(seconds / calls[k]);
                if (k == 0) first = seconds / calls[k];
                ratios[k].Add(seconds / calls[k] / first);
            }
        }
        return [.. times.Zip(ratios, (t, r) => new Timed(Median(t), Median(r)))];
    }

    /// <summary>How many calls a sample takes to last half a millisecond. Before that the method is compiled for good.</summary>
    private static int Calls(Action run)
    {
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 40 && clock.Elapsed.TotalSeconds < 0.15; i++) run();
        if (clock.Elapsed.TotalSeconds < 0.15) Thread.Sleep(120);
        long start = Stopwatch.GetTimestamp();
        run();
        return (int)Math.Clamp(500e-6 / Math.Max(Stopwatch.GetElapsedTime(start).TotalSeconds, 1e-9), 1, 10_000);
    }

    public static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
