using System.ComponentModel;
using ILGPU;

namespace AutoVec.Gpu;

/// <summary>
/// Memory for arrays inside the threads of a kernel: one part of a global view for each thread, used as a stack. How much a
/// thread needs may depend on data, so a thread that runs out says how much it wanted and ends, and the kernel is run again.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct GpuScratch
{
    private readonly ArrayView<long> _memory;
    private readonly int _size;

    /// <summary>Words in use.</summary>
    public int At;

    /// <param name="all">The memory of all threads.</param>
    /// <param name="thread">The thread's number.</param>
    public GpuScratch(GpuScratchMemory all, int thread)
    {
        _size = all.Words;
        _memory = all.View.SubView((long)thread * _size, _size);
        At = 0;
    }

    /// <summary>Memory for <paramref name="count"/> elements; nothing, and <see cref="At"/> beyond the end, where there is not enough.</summary>
    public ArrayView<T> Rent<T>(int count) where T : unmanaged
    {
        long end = At + ((long)count * Interop.SizeOf<T>() + 7) / 8;
        int at = At, words = (int)(end - at);
        At = end < int.MaxValue ? (int)end : int.MaxValue;
        // An empty array at the very end of the memory would begin outside of it, which the emulator refuses.
        return words > 0 && At <= _size ? _memory.SubView(at, words).Cast<T>() : _memory.SubView(0, 0).Cast<T>();
    }

    /// <summary>Did the thread ask for more than there is? Then it must end.</summary>
    public readonly bool IsExceeded(GpuScratchMemory all)
    {
        if (At <= _size) return false;
        Atomic.Max(ref all.Wanted[0], At);
        return true;
    }
}

/// <summary>The scratch memory of one launch.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct GpuScratchMemory
{
    /// <summary>The memory of all threads.</summary>
    public ArrayView<long> View;

    /// <summary>The most that a thread asked for, in words, where it did not get it.</summary>
    public ArrayView<int> Wanted;

    /// <summary>What each thread has, in words of 8 bytes.</summary>
    public int Words;
}
