using AutoVec.Gpu;
using ILGPU;

namespace AutoVec.Tests.Gpu;

public class PtxTests
{
    [Fact]
    public void Halves_compile_for_sm_90() =>
        Ptx.Compile(((Action<Index1D, ArrayView<GpuHalf>, ArrayView<double>>)((i, h, d) =>
        {
            d[i] += (float)h[i];
            h[i] = (GpuHalf)d[i];
            h[i] = (GpuHalf)((float)h[i] + 1);
        })).Method);

    [Fact]
    public void Contractions_compile_for_sm_90()
    {
        Ptx.Compile(((Action<Index1D, GpuContraction<float>>)GpuContractions.Naive).Method);
        Ptx.Compile(((Action<Index1D, GpuContraction<double>>)GpuContractions.Naive).Method);
        Assert.Contains(".shared", Ptx.Compile(((Action<GpuContraction<float>>)GpuContractions.Tiled).Method, explicitGroups: true));
        Ptx.Compile(((Action<GpuContraction<double>>)GpuContractions.Tiled).Method, explicitGroups: true);
    }
}
