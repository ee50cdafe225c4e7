using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoVec.Cpu;

/// <summary>A position in an <see cref="Arena"/>; releasing to it returns everything rented since.</summary>
public readonly record struct ArenaMark
{
    internal int Block { get; init; }
    internal nint Offset { get; init; }
}

/// <summary>Native memory handed out in stack order. It keeps what it once held, so that a repeated step allocates nothing.</summary>
internal sealed unsafe class Arena
{
    private const nint Alignment = 64;
    private const nint PageSize = 4096;
    private const nint SmallestBlock = 1 << 20;

    // Large arrays of equal page offset alias in the store buffer and in the cache's sets: each one starts a few lines later.
    private const nint Stagger = 3 * Alignment;

    /// <summary>Where tests put so many bytes: between pages that nobody may touch. Null: in blocks.</summary>
    internal static Func<nint, nint>? Guard;

    private readonly List<(nint Address, nint Bytes)> blocks = [];

    // The block that the next array starts in, and where; without a block there is not even room for nothing.
    private int block;
    private nint offset, address, room = -1;

    ~Arena() => Free();

    public ArenaMark Mark() => new() { Block = block, Offset = offset };

    // Called in loops, from the first call of a method on: it is not to run in .NET's first, slow version.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public T* Rent<T>(nint count) where T : unmanaged
    {
        if (count < 0 || Guard is not null) return (T*)Guarded(count, sizeof(T));
        nint bytes = checked((count * sizeof(T)) + Alignment - 1) & -Alignment;
        if (bytes >= PageSize) bytes = checked(bytes + Stagger);
        if (room - offset < bytes) NextBlock(bytes);

        T* rented = (T*)(address + offset);
        offset += bytes;
        return rented;
    }

    private static nint Guarded(nint count, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Guard!(checked(count * size));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Release(ArenaMark mark)
    {
        if (mark.Block == block && (mark.Offset != 0 || blocks.Count <= 1)) offset = mark.Offset;
        else ReleaseBlocks(mark);
    }

    private void ReleaseBlocks(ArenaMark mark)
    {
        Enter(mark);
        // One block as large as the peak serves the next step without a seam.
        if (blocks.Count > 1 && mark == default)
        {
            nint total = Total();
            Free();
            Add(total);
            Enter(default);
        }
    }

    private void Enter(ArenaMark mark)
    {
        (block, offset) = (mark.Block, mark.Offset);
        (address, room) = block < blocks.Count ? blocks[block] : (0, -1);
    }

    private void NextBlock(nint bytes)
    {
        // Blocks above the current one hold nothing: skip or replace those that are too small.
        int next = blocks.Count == 0 ? 0 : block + 1;
        if (next < blocks.Count && blocks[next].Bytes < bytes)
        {
            for (int i = next; i < blocks.Count; i++) NativeMemory.AlignedFree((void*)blocks[i].Address);
            blocks.RemoveRange(next, blocks.Count - next);
        }

        if (next == blocks.Count) Add(Math.Max(Math.Max(bytes, SmallestBlock), Total() / 2));
        Enter(new ArenaMark { Block = next });
    }

    private void Add(nint bytes)
    {
        bytes = checked(bytes + PageSize - 1) & -PageSize;
        nint added = (nint)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)PageSize);
        blocks.Add((added, bytes));
    }

    private nint Total()
    {
        nint total = 0;
        foreach ((_, nint bytes) in blocks) total = checked(total + bytes);
        return total;
    }

    private void Free()
    {
        foreach ((nint start, _) in blocks) NativeMemory.AlignedFree((void*)start);
        blocks.Clear();
    }
}
