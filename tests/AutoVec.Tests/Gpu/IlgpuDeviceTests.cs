using AutoVec.Gpu;
using ILGPU;
using ILGPU.Runtime;

namespace AutoVec.Tests.Gpu;

public struct DoubleArgs
{
    public ArrayView<float> X;
    public ArrayView<int> Errors;
    public int Site;
}

public class IlgpuDeviceTests
{
    private static void Twice(Index1D i, DoubleArgs a)
    {
        if (a.X[i] > 100)
        {
            GpuErrors.Report(a.Errors, a.Site, (int)a.X[i], 100, i);
            return;
        }
        a.X[i] *= 2;
    }

    [Fact]
    public void A_kernel_runs_on_the_emulator_and_reports_violations()
    {
        using var device = (IlgpuDevice)Device.Emulator();
        Assert.Equal("emulator", device.Name);
        using var x = device.Upload(new float[,] { { 1, 2 }, { 3, 4 } });
        int site = GpuErrors.Register("Twice", "x", "y");
        var args = new DoubleArgs { X = device.View<float>(x.Memory, x.Length), Errors = device.Errors, Site = site + 1 };
        device.Launch(Twice, x.Length, args);
        Assert.Equal(new float[,] { { 2, 4 }, { 6, 8 } }, x.ToArray2());

        x.CopyFrom([1f, 500, 3, 4]);
        device.Launch(Twice, x.Length, args);
        var e = Assert.Throws<IndexOutOfRangeException>(() => x.ToArray());
        Assert.Equal("Twice: index 500 is outside 'y', whose length there is 100 (sample 1 of the batch).", e.Message);
        device.Synchronize();
    }

    [Fact]
    public void Memory_of_a_scope_is_reused()
    {
        using var device = (IlgpuDevice)Device.Emulator();
        static float first(IlgpuDevice d, float value)
        {
            using var scope = d.Begin();
            var view = scope.Rent<float>(3);
            float old = d.Read(view, 0);
            view.CopyFromCPU([value, 0, 0]);
            return old;
        }
        first(device, 7);
        Assert.Equal(7, first(device, 8));
    }

    [Fact]
    public void A_missing_device_says_so()
    {
        if (Device.All.Count > 1) return;
        Assert.Equal("there is no CUDA device on this machine", Assert.Throws<NotSupportedException>(() => Device.Cuda()).Message);
        Assert.StartsWith("there is no OpenCL device", Assert.Throws<NotSupportedException>(() => Device.OpenCL(7)).Message);
    }
}
