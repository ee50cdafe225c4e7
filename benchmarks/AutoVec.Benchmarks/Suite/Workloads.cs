namespace AutoVec.Benchmarks.Suite;

/// <summary>All workloads, in the order of the table.</summary>
internal static class Workloads
{
    public static readonly Workload[] All =
    [
        Benchmarks.Workloads.BlackScholes.Workload,
        Benchmarks.Workloads.NBody.Workload,
        Benchmarks.Workloads.Softmax.Workload,
        Benchmarks.Workloads.Convolution1D.Workload,
        Benchmarks.Workloads.Convolution2D.Workload,
        Benchmarks.Workloads.Logistic.Workload,
        Benchmarks.Workloads.KMeans.Workload,
        Benchmarks.Workloads.Mandelbrot.Workload,
        Benchmarks.Workloads.RungeKutta.Workload,
        Benchmarks.Workloads.Lstm.Workload,
        Benchmarks.Workloads.Mixture.Workload,
        Benchmarks.Workloads.Mlp.Workload,
        Benchmarks.Workloads.Product.Workload,
        Benchmarks.Workloads.Reductions.DotWorkload,
        Benchmarks.Workloads.Reductions.SumWorkload,
        Benchmarks.Workloads.PrefixSum.Workload,
    ];

    /// <summary>Those whose names begin with one of these; all, if none is given.</summary>
    /// <exception cref="ArgumentException">None begins so.</exception>
    public static Workload[] Matching(IReadOnlyCollection<string> names)
    {
        foreach (string name in names)
            if (!All.Any(w => w.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
                throw new ArgumentException($"no workload begins with '{name}'; there are {string.Join(", ", All.Select(w => w.Name))}");
        return [.. All.Where(w => names.Count == 0 || names.Any(n => w.Name.StartsWith(n, StringComparison.OrdinalIgnoreCase)))];
    }
}
