using AutoVec.Cpu;
using BenchmarkDotNet.Attributes;

namespace AutoVec.Benchmarks;

/// <summary>The contractions of <see cref="GemmShape.All"/>, in float.</summary>
[MemoryDiagnoser]
public class GemmBenchmark
{
    private CpuEngine engine = new(1);
    private Action product = () => { };

    /// <summary>Threads of the engine.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>The product.</summary>
    [ParamsSource(nameof(Shapes))]
    public GemmShape Shape { get; set; }

    /// <summary>All products.</summary>
    public static IEnumerable<GemmShape> Shapes => GemmShape.All;

    /// <summary>Starts the threads and fills the arrays.</summary>
    [GlobalSetup]
    public void Setup()
    {
        engine = new CpuEngine(Threads);
        product = GemmReport.Product(engine, Shape, 1f);
    }

    /// <summary>Ends the threads.</summary>
    [GlobalCleanup]
    public void Cleanup() => engine.Dispose();

    /// <summary>One contraction.</summary>
    [Benchmark]
    public void Contract() => product();
}
