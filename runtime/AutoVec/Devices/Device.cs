using AutoVec.Gpu;

namespace AutoVec;

/// <summary>
/// What runs batch functions: the CPU, or a GPU through ILGPU. Arrays live on one device; work on one device runs in the order it was started.
/// </summary>
public abstract partial class Device : IDisposable
{
    private static readonly Lazy<CpuDevice> s_cpu = new(() => CpuDevice.Shared());
    private static readonly Lazy<IReadOnlyList<Device>> s_all = new(() => [.. IlgpuDevices.Gpus(), s_cpu.Value]);

    /// <summary>The best device there is: CUDA, else an OpenCL GPU, else the CPU. One per process; disposing it does nothing.</summary>
    public static Device Default => s_all.Value[0];

    /// <summary>
    /// Every device of this machine, the best first: CUDA, OpenCL GPUs, the CPU. One of each per process; disposing them does nothing.
    /// </summary>
    public static IReadOnlyList<Device> All => s_all.Value;

    /// <summary>The CPU.</summary>
    /// <param name="threads">How many threads work on one call; 0 for all cores.</param>
    public static Device Cpu(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return new CpuDevice(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <summary>A CUDA device.</summary>
    /// <exception cref="NotSupportedException">There is none of this number.</exception>
    public static Device Cuda(int index = 0) => IlgpuDevices.Cuda(index);

    /// <summary>An OpenCL device.</summary>
    /// <exception cref="NotSupportedException">There is none of this number.</exception>
    public static Device OpenCL(int index = 0) => IlgpuDevices.OpenCL(index);

    /// <summary>ILGPU's debug accelerator: runs kernels, slowly, without a GPU.</summary>
    public static Device Emulator() => IlgpuDevices.Emulator();

    /// <summary>What it is, for people: <c>cpu (2 threads)</c>, <c>NVIDIA H100</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Waits for all that was started on this device. Errors of kernels appear here at the latest.</summary>
    public abstract void Synchronize();

    /// <summary>Ends the device; its arrays can no longer be used.</summary>
    public void Dispose()
    {
        if (IsProcessWide) return;
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the device holds.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>One of <see cref="All"/>: lives as long as the process.</summary>
    internal bool IsProcessWide { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
