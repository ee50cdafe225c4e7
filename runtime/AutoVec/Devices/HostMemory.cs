using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoVec;

/// <summary>
/// Pinned memory of the garbage collector, aligned to 64 bytes: a reference into it keeps it alive, so a kernel never outlives
/// its arguments, and what is never disposed is collected.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class HostMemory : DeviceMemory
{
    [StructLayout(LayoutKind.Sequential, Size = Line.Bytes)]
    private struct Line
    {
        public const int Bytes = 64;
    }

    private readonly Line[] _lines;
    private readonly nint _offset;

    private unsafe HostMemory(long lines) : base(lines * Line.Bytes)
    {
        _lines = GC.AllocateUninitializedArray<Line>(checked((int)(lines + 1)), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_lines));
        _offset = -address & (Line.Bytes - 1);
    }

    /// <summary>A block of at least so many bytes; no allocation once warm.</summary>
    public static HostMemory Rent(long bytes)
    {
        long lines = SizeClass((bytes + Line.Bytes - 1) / Line.Bytes);
        return Pool.TryTake(lines) ?? new HostMemory(lines);
    }

    /// <summary>The first element; never moves.</summary>
    public ref T First<T>() where T : unmanaged =>
        ref Unsafe.As<Line, T>(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(_lines), _offset));

    /// <summary>The first <paramref name="count"/> elements.</summary>
    public Span<T> Span<T>(long count) where T : unmanaged => MemoryMarshal.CreateSpan(ref First<T>(), checked((int)count));

    /// <inheritdoc/>
    public override void Return() => Pool.Add(this);

    /// <summary>Four classes per power of two: at most a quarter of a block is unused.</summary>
    private static long SizeClass(long lines)
    {
        if (lines <= 4) return Math.Max(lines, 1);
        long step = 1L << (61 - System.Numerics.BitOperations.LeadingZeroCount((ulong)lines - 1));
        return (lines + step - 1) / step * step;
    }

    /// <summary>Free blocks by size; what exceeds the budget is left to the garbage collector.</summary>
    private static class Pool
    {
        private const long Budget = 1L << 30;
        private static readonly Dictionary<long, Stack<HostMemory>> s_free = [];
        private static readonly Lock s_lock = new();
        private static long s_bytes;

        public static HostMemory? TryTake(long lines)
        {
            lock (s_lock)
            {
                if (!s_free.TryGetValue(lines * Line.Bytes, out var stack) || !stack.TryPop(out var block)) return null;
                s_bytes -= block.Bytes;
                return block;
            }
        }

        public static void Add(HostMemory block)
        {
            lock (s_lock)
            {
                if (s_bytes + block.Bytes > Budget) return;
                if (!s_free.TryGetValue(block.Bytes, out var stack)) s_free[block.Bytes] = stack = [];
                stack.Push(block);
                s_bytes += block.Bytes;
            }
        }
    }
}
