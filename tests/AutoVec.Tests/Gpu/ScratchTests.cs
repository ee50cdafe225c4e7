using AutoVec.Gpu;
using ILGPU;
using ILGPU.Runtime;

namespace AutoVec.Tests.Gpu;

public struct SquaresArgs
{
    public ArrayView<double> Sums;
    public ArrayView<GpuBool> Even;
    public int N;
    public GpuScratchMemory Scratch;
}

public class ScratchTests
{
    /// <summary>Sums squares that each thread first writes to memory of its own, thread i has i + 1 of them.</summary>
    private static void Squares(Index1D i, SquaresArgs a)
    {
        var scratch = new GpuScratch(a.Scratch, i);
        int mark = scratch.At;
        ArrayView<double> squares = scratch.Rent<double>(i + 1);
        if (scratch.IsExceeded(a.Scratch)) return;
        for (int k = 0; k <= i; k++) squares[k] = k * k;
        double sum = 0;
        for (int k = 0; k <= i; k++) sum += squares[k];
        a.Sums[i] = sum;
        a.Even[i] = i % 2 == 0;
        if (!a.Even[i] && a.N > 0) a.Sums[i] += 0.5;
        scratch.At = mark;
    }

    [Fact]
    public void A_launch_grows_the_memory_of_threads_until_it_suffices()
    {
        const int n = 200;
        using var device = (IlgpuDevice)Device.Emulator();
        using var sums = device.Allocate<double>(n);
        using var even = device.Allocate<bool>(n);
        var args = new SquaresArgs { Sums = device.View<double>(sums.Memory, n), Even = device.View<GpuBool>(even.Memory, n), N = 1 };
        device.Launch(Squares, n, args, static (SquaresArgs a, GpuScratchMemory memory) => a with { Scratch = memory });
        double[] got = sums.ToArray();
        bool[] isEven = even.ToArray();
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(i * (i + 1) * (2 * i + 1) / 6 + (i % 2) * 0.5, got[i]);
            Assert.Equal(i % 2 == 0, isEven[i]);
        }
    }

    /// <summary>The last array of a thread has no elements, and no memory is left.</summary>
    private static void EmptyAtTheEnd(Index1D i, SquaresArgs a)
    {
        var scratch = new GpuScratch(a.Scratch, i);
        ArrayView<double> all = scratch.Rent<double>(a.N);
        if (scratch.IsExceeded(a.Scratch)) return;
        ArrayView<double> rest = scratch.Rent<double>(a.Scratch.Words - scratch.At);
        ArrayView<double> none = scratch.Rent<double>(0);
        if (scratch.IsExceeded(a.Scratch)) return;
        all[0] = rest.Length;
        a.Sums[i] = none.Length + a.N;
    }

    [Fact]
    public void An_empty_array_may_lie_at_the_end_of_the_memory()
    {
        using var device = (IlgpuDevice)Device.Emulator();
        using var sums = device.Allocate<double>(5);
        var args = new SquaresArgs { Sums = device.View<double>(sums.Memory, 5), N = 16 };
        device.Launch(EmptyAtTheEnd, 5, args, static (SquaresArgs a, GpuScratchMemory memory) => a with { Scratch = memory });
        Assert.Equal([16, 16, 16, 16, 16], sums.ToArray());
    }

    [Fact]
    public void Scratch_compiles_for_sm_90() => Ptx.Compile(((Action<Index1D, SquaresArgs>)Squares).Method);
}
