using System.ComponentModel;
using System.Runtime.InteropServices;
using AutoVec.Cpu;

namespace AutoVec;

/// <summary>The CPU: arrays are host memory, and a call has ended when it returns.</summary>
public sealed class CpuDevice : Device
{
    private bool _isDisposed;

    private CpuDevice(CpuEngine engine) => Engine = engine;

    internal CpuDevice(int threads) : this(new CpuEngine(threads)) { }

    internal static CpuDevice Shared() => new(CpuEngine.Shared) { IsProcessWide = true };

    /// <summary>For generated code: what runs the stages.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public CpuEngine Engine { get; }

    /// <summary>How many threads work on one call.</summary>
    public int Threads => Engine.Threads;

    /// <inheritdoc/>
    public override string Name => Threads == 1 ? "cpu (1 thread)" : $"cpu ({Threads} threads)";

    /// <inheritdoc/>
    public override void Synchronize() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override DeviceMemory Rent(long bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return HostMemory.Rent(bytes);
    }

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override void CopyIn(ReadOnlySpan<byte> source, DeviceMemory destination) =>
        source.CopyTo(((HostMemory)destination).Span<byte>(source.Length));

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override void CopyOut(DeviceMemory source, Span<byte> destination) =>
        ((HostMemory)source).Span<byte>(destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override unsafe void Copy(DeviceMemory source, DeviceMemory destination, long bytes)
    {
        fixed (byte* from = &((HostMemory)source).First<byte>(), to = &((HostMemory)destination).First<byte>())
            Buffer.MemoryCopy(from, to, bytes, bytes);
    }

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override unsafe void Clear(DeviceMemory memory)
    {
        fixed (byte* first = &((HostMemory)memory).First<byte>())
            NativeMemory.Clear(first, (nuint)memory.Bytes);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        Engine.Dispose();
    }
}
