using System.ComponentModel;

namespace AutoVec;

/// <summary>
/// For implementers of devices: a block of memory, rented from its device's pool. Larger than asked for, contents undefined.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class DeviceMemory(long bytes)
{
    private static long s_blocks;

    /// <summary>A number that tells whether two arrays share memory: blocks lie far apart.</summary>
    internal nint Address { get; } = (nint)(Interlocked.Increment(ref s_blocks) << 40);

    /// <summary>The size of the block.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Hands the block back to the pool. The caller has no more use for it; the device may still have kernels in flight on its stream.</summary>
    public abstract void Return();
}
