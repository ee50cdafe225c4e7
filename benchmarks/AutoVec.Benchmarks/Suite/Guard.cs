using System.Diagnostics;
using System.Globalization;

namespace AutoVec.Benchmarks.Suite;

/// <summary>Waits for an idle machine, and says how idle it was: what other processes used meanwhile, from /proc.</summary>
internal static class Guard
{
    private const double Idle = 0.03;

    /// <summary>Runs until a run was quiet, at most <paramref name="tries"/> times.</summary>
    public static int Run(Func<int> work, int tries, double patience)
    {
        if (!File.Exists("/proc/stat"))
        {
            Console.WriteLine("There is no /proc/stat here: nobody knows how busy the machine is.");
            return work();
        }
        for (int k = 1; ; k++)
        {
            if (!Wait(patience)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The machine was not idle within {patience:0} s."));
            double busy = Busy(), own = Own();
            var clock = Stopwatch.StartNew();
            int result = work();
            double foreign = Math.Max(0, (Busy() - busy - (Own() - own)) / clock.Elapsed.TotalSeconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Others used {foreign:P1} of one core in {clock.Elapsed.TotalSeconds:F1} s, try {k}."));
            if (result != 0 || foreign < Idle || k == tries) return result;
        }
    }

    /// <summary>Idle twice in a row, a third of a second each.</summary>
    private static bool Wait(double patience)
    {
        int quiet = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < patience;)
        {
            double before = Busy();
            Thread.Sleep(350);
            quiet = Busy() - before < Idle * 0.35 ? quiet + 1 : 0;
            if (quiet == 2) return true;
        }
        return false;
    }

    /// <summary>Seconds that all processors worked since the start: user, nice, system, irq, softirq, stolen.</summary>
    private static double Busy()
    {
        string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long ticks = new[] { 1, 2, 3, 6, 7, 8 }.Sum(f => long.Parse(fields[f], CultureInfo.InvariantCulture));
        return ticks / 100.0;
    }

    private static double Own() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
}
