using ILGPU;
using ILGPU.Runtime;

namespace AutoVec.Gpu;

/// <summary>A block of an accelerator's memory. Work on a device runs in order, so a block may be reused as soon as it is returned.</summary>
internal sealed class IlgpuMemory(IlgpuPool pool, MemoryBuffer1D<byte, Stride1D.Dense> buffer) : DeviceMemory(buffer.Length)
{
    public MemoryBuffer1D<byte, Stride1D.Dense> Buffer { get; } = buffer;

    public ArrayView<T> View<T>(long count) where T : unmanaged =>
        Buffer.View.BaseView.Cast<T>().SubView(0, count);

    public override void Return() => pool.Add(this);
}

/// <summary>Free blocks of one accelerator, by size.</summary>
internal sealed class IlgpuPool(Accelerator accelerator) : IDisposable
{
    private const long Least = 256;
    private readonly Dictionary<long, Stack<IlgpuMemory>> _free = [];
    private readonly List<IlgpuMemory> _all = [];
    private readonly Lock _lock = new();
    private bool _isDisposed;

    public IlgpuMemory Rent(long bytes)
    {
        long size = SizeClass(bytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(Device));
            if (_free.TryGetValue(size, out var stack) && stack.TryPop(out var block)) return block;
            block = new IlgpuMemory(this, accelerator.Allocate1D<byte>(size));
            _all.Add(block);
            return block;
        }
    }

    public void Add(IlgpuMemory block)
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            if (!_free.TryGetValue(block.Bytes, out var stack)) _free[block.Bytes] = stack = [];
            stack.Push(block);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var block in _all) block.Buffer.Dispose();
            _all.Clear();
            _free.Clear();
        }
    }

    /// <summary>Four classes per power of two: at most a quarter of a block is unused.</summary>
    private static long SizeClass(long bytes)
    {
        if (bytes <= Least) return Least;
        long step = Math.Max(Least, 1L << (61 - System.Numerics.BitOperations.LeadingZeroCount((ulong)bytes - 1)));
        return (bytes + step - 1) / step * step;
    }
}
