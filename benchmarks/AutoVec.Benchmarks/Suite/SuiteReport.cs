using System.Globalization;
using AutoVec.Cpu;

namespace AutoVec.Benchmarks.Suite;

/// <summary>Checks and times workloads, and prints how the generated code stands.</summary>
internal static class SuiteReport
{
    /// <summary>Runs workloads whose names begin so, all if none is given.</summary>
    public static int Run(IReadOnlyCollection<string> names, double seconds, int seed, string? document)
    {
        var chosen = Workloads.Matching(names);
        var engine = CpuEngine.Shared;
        double flops = Limits.Fma(engine) * 1e9;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine.Threads} threads, {flops / 1e9:F0} GFLOP/s, seed {seed}"));
        foreach (string line in Peers.Say()) Console.WriteLine(line);
        Console.WriteLine(Row.Header);
        var rows = new List<Row>();
        foreach (var workload in chosen)
            foreach (int size in workload.Sizes)
            {
                using var data = new Inputs(seed);
                var problem = workload.Make(data, size);
                // What else runs takes from the limit too: the best counts.
                flops = Math.Max(flops, Limits.Fma(engine) * 1e9);
                Check.Run($"{workload.Name} {problem.Size}, value", problem.Primal);
                Check.Run($"{workload.Name} {problem.Size}, gradient", problem.Gradient);
                var (primal, gradient) = (Measure(problem.Primal, engine, flops, seconds / 2), Measure(problem.Gradient, engine, flops, seconds / 2));
                rows.Add(Row.Of(workload.Name, problem.Size, primal, gradient));
                Console.WriteLine(rows[^1]);
                foreach (var (side, m) in new[] { ("value", primal), ("gradient", gradient) })
                    foreach (var (name, ratio) in m.Others.Where(o => o.Key is not (Contestant.Simd or Contestant.Plain)))
                        Console.WriteLine($"    {side}: {name} takes {Row.Number(ratio)} times as long");
            }
        Console.WriteLine();
        Console.WriteLine(Table.Summary(rows));
        if (document is not null)
        {
            Table.Merge(document, rows, string.Create(CultureInfo.InvariantCulture,
                $"{engine.Threads} threads, .NET {Environment.Version.Major}, FMA limit {flops / 1e9:F0} GFLOP/s; last run {DateTime.UtcNow:yyyy-MM-dd}."));
            Console.WriteLine($"written to {document}");
        }
        return 0;
    }

    private static Measured Measure(Side side, CpuEngine engine, double flops, double seconds)
    {
        // The generated code is the first: the others' times are multiples of its own.
        var order = side.Contestants.OrderBy(c => c.Name != Contestant.Generated).ToList();
        var times = Timing.Run(order, seconds);
        double limit = Math.Max(side.Operations / flops, side.Bytes / Bandwidth.Of(engine, side.Bytes));
        return new Measured(times[0].Seconds, limit, order.Zip(times).Skip(1).ToDictionary(t => t.First.Name, t => t.Second.Ratio));
    }

    /// <summary>Checks every workload at its small size.</summary>
    public static int CheckAll(IReadOnlyCollection<string> names, int seed)
    {
        foreach (var workload in Workloads.Matching(names))
        {
            using var data = new Inputs(seed);
            var problem = workload.Make(data, workload.Small);
            Check.Run($"{workload.Name} {problem.Size}, value", problem.Primal);
            Check.Run($"{workload.Name} {problem.Size}, gradient", problem.Gradient);
            Console.WriteLine($"{workload.Name,-16} {problem.Size,-28} "
                + $"{string.Join(", ", problem.Primal.Contestants.Select(c => c.Name))}; gradient: {string.Join(", ", problem.Gradient.Contestants.Select(c => c.Name))}: agree");
        }
        return 0;
    }
}
