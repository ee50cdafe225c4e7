using BenchmarkDotNet.Attributes;

namespace AutoVec.Benchmarks.Suite;

/// <summary>The workloads at their first size under BenchmarkDotNet: how times spread, and what is allocated.</summary>
[MemoryDiagnoser]
public class SuiteBenchmark
{
    private Inputs? data;
    private Problem? problem;
    private Action value = () => { }, gradient = () => { };

    /// <summary>A workload's name.</summary>
    [ParamsSource(nameof(Names))]
    public string Workload { get; set; } = "";

    /// <summary>Which code.</summary>
    [Params(Contestant.Generated, Contestant.Simd)]
    public string By { get; set; } = "";

    /// <summary>All workloads.</summary>
    public static IEnumerable<string> Names => Workloads.All.Select(w => w.Name);

    /// <summary>Makes the inputs and checks both sides.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var workload = Workloads.All.Single(w => w.Name == Workload);
        data = new Inputs(Environment.TickCount);
        problem = workload.Make(data, workload.Sizes[0]);
        Check.Run(Workload, problem.Primal);
        Check.Run(Workload, problem.Gradient);
        value = problem.Primal.Contestants.Single(c => c.Name == By).Run;
        gradient = problem.Gradient.Contestants.Single(c => c.Name == By).Run;
    }

    /// <summary>Lets go of the inputs.</summary>
    [GlobalCleanup]
    public void Cleanup() => data?.Dispose();

    /// <summary>The function.</summary>
    [Benchmark]
    public void Value() => value();

    /// <summary>Its gradient.</summary>
    [Benchmark]
    public void Gradient() => gradient();
}
