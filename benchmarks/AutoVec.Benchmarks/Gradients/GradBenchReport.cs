using System.Diagnostics;
using System.Globalization;

namespace AutoVec.Benchmarks.Gradients;

/// <summary>
/// Gradients of the GradBench sample as multiples of the value in C++. The sides take turns within one process and the least time of each
/// counts: other work on the machine only adds. The threads are .NET's: DOTNET_PROCESSOR_COUNT=1 for one.
/// </summary>
internal static class GradBenchReport
{
    private static readonly string[] Flags = ["-O3", "-O3 -march=native"];

    public static int Run(string[] args)
    {
        Primals?[] natives = [.. Flags.Select(Primals.Compile)];
        if (natives.Any(n => n is null)) Console.WriteLine("There is no g++: ratios are to the plain C# method.");
        Console.WriteLine($"{Environment.ProcessorCount} threads");
        Console.WriteLine($"{"",-28}{"-O3 us",11}{"native us",11}{"C# us",11}{"gradient us",13}{"/ -O3",9}{"/ native",9}{"/ C#",9}{"target",9}");
        foreach (var c in GradBenchCases.All().Where(c => args.Length == 0 || args.Any(a => c.Name.StartsWith(a, StringComparison.Ordinal))))
        {
            double[] best = Best([.. natives.Select(n => n is null ? null : c.Native(n)), c.Plain, c.Gradient], 1.5);
            string us(double seconds) => double.IsInfinity(seconds) ? "" : (seconds * 1e6).ToString(seconds < 1e-4 ? "F2" : "F0", CultureInfo.InvariantCulture);
            string ratio(double to) => double.IsInfinity(to) ? "" : (best[^1] / to).ToString("F2", CultureInfo.InvariantCulture);
            Console.WriteLine($"{c.Name,-28}{us(best[0]),11}{us(best[1]),11}{us(best[2]),11}{us(best[3]),13}{ratio(best[0]),9}{ratio(best[1]),9}{ratio(best[2]),9}"
                + $"{(double.IsNaN(c.Target) ? "" : c.Target.ToString(CultureInfo.InvariantCulture)),9}");
        }
        return 0;
    }

    /// <summary>The least time of one call of each, in seconds. They take turns, a few milliseconds each.</summary>
    private static double[] Best(Action?[] actions, double seconds)
    {
        int[] calls = new int[actions.Length];
        double[] best = new double[actions.Length];
        Array.Fill(best, double.PositiveInfinity);
        for (int k = 0; k < actions.Length; k++)
        {
            if (actions[k] is not { } action) continue;
            // .NET compiles a method anew after 30 calls, or while a loop in it runs.
            var warm = Stopwatch.StartNew();
            for (int i = 0; i < 50 && warm.Elapsed.TotalSeconds < 1; i++) action();
            Thread.Sleep(150);
            warm.Restart();
            action();
            calls[k] = (int)Math.Clamp(3e-3 / warm.Elapsed.TotalSeconds, 1, 10_000);
        }
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds;)
        {
            for (int k = 0; k < actions.Length; k++)
            {
                if (actions[k] is not { } action) continue;
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < calls[k]; i++) action();
                best[k] = Math.Min(best[k], Stopwatch.GetElapsedTime(start).TotalSeconds / calls[k]);
            }
        }
        return best;
    }
}
