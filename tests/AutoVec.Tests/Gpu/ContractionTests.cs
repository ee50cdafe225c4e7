using AutoVec.Gpu;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace AutoVec.Tests.Gpu;

public class ContractionTests
{
    private static readonly (int Batch, int M, int N, int K)[] Sizes = [(1, 1, 1, 1), (1, 70, 66, 19), (2, 5, 3, 0), (3, 17, 65, 33), (1, 64, 64, 16)];

    private static double[] Random(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
    }

    /// <summary>A row-major, B column-major; C dense, with what was there added.</summary>
    private static void Check(Accelerator accelerator, Action<GpuContraction<double>> run, bool accumulate)
    {
        foreach (var (batch, m, n, k) in Sizes)
        {
            double[] a = Random(batch * m * k, 1), b = Random(batch * k * n, 2), c = Random(batch * m * n, 3);
            using var da = accelerator.Allocate1D(a.Length == 0 ? [0.0] : a);
            using var db = accelerator.Allocate1D(b.Length == 0 ? [0.0] : b);
            using var dc = accelerator.Allocate1D(c);
            run(new GpuContraction<double>
            {
                Batch = batch, M = m, N = n, K = k, Accumulate = accumulate ? 1 : 0,
                A = da.View.BaseView, ABatch = m * k, AM = k, AK = 1,
                B = db.View.BaseView, BBatch = k * n, BK = 1, BN = k,
                C = dc.View.BaseView, CBatch = m * n, CM = n, CN = 1,
            });
            accelerator.Synchronize();
            double[] got = dc.GetAsArray1D();
            for (int q = 0; q < batch; q++)
                for (int i = 0; i < m; i++)
                    for (int j = 0; j < n; j++)
                    {
                        double sum = accumulate ? c[(q * m + i) * n + j] : 0;
                        for (int p = 0; p < k; p++) sum += a[(q * m + i) * k + p] * b[(q * n + j) * k + p];
                        Assert.Equal(sum, got[(q * m + i) * n + j], 12);
                    }
        }
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Naive(bool accumulate)
    {
        using var context = Context.Create(b => b.EnableAlgorithms().CPU(new CPUDevice(2, 1, 1)));
        using var accelerator = context.GetCPUDevices()[0].CreateCPUAccelerator(context);
        var kernel = accelerator.LoadAutoGroupedStreamKernel<Index1D, GpuContraction<double>>(GpuContractions.Naive);
        Check(accelerator, g => kernel(g.Batch * g.M * g.N, g), accumulate);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Tiled(bool accumulate)
    {
        // Groups of 16 × 16 need an emulated device with as many threads.
        using var context = Context.Create(b => b.EnableAlgorithms().CPU(new CPUDevice(4, 64, 1)));
        using var accelerator = context.GetCPUDevices()[0].CreateCPUAccelerator(context);
        var kernel = accelerator.LoadStreamKernel<GpuContraction<double>>(GpuContractions.Tiled);
        Check(accelerator, g => kernel(((GpuContractions.Tiles(g.N), GpuContractions.Tiles(g.M), g.Batch), (16, 16, 1)), g), accumulate);
    }
}
