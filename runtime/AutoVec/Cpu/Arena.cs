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
    private ArenaMark top;

    ~Arena() => Free();

    public ArenaMark Mark() => top;

    public T* Rent<T>(nint count) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (Guard is not null) return (T*)Guard(checked(count * sizeof(T)));
        nint bytes = checked((count * sizeof(T)) + Alignment - 1) & -Alignment;
        if (bytes >= PageSize) bytes = checked(bytes + Stagger);
        if (top.Block >= blocks.Count || blocks[top.Block].Bytes - top.Offset < bytes) NextBlock(bytes);

        T* rented = (T*)(blocks[top.Block].Address + top.Offset);
        top = top with { Offset = top.Offset + bytes };
        return rented;
    }

    public void Release(ArenaMark mark)
    {
        top = mark;
        // One block as large as the peak serves the next step without a seam.
        if (blocks.Count > 1 && mark == default)
        {
            nint total = Total();
            Free();
            Add(total);
        }
    }

    private void NextBlock(nint bytes)
    {
        // Blocks above the current one hold nothing: skip or replace those that are too small.
        int next = blocks.Count == 0 ? 0 : top.Block + 1;
        if (next < blocks.Count && blocks[next].Bytes < bytes)
        {
            for (int i = next; i < blocks.Count; i++) NativeMemory.AlignedFree((void*)blocks[i].Address);
            blocks.RemoveRange(next, blocks.Count - next);
        }

        if (next == blocks.Count) Add(Math.Max(Math.Max(bytes, SmallestBlock), Total() / 2));
        top = new ArenaMark { Block = next };
    }

    private void Add(nint bytes)
    {
        bytes = checked(bytes + PageSize - 1) & -PageSize;
        nint address = (nint)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)PageSize);
        blocks.Add((address, bytes));
    }

    private nint Total()
    {
        nint total = 0;
        foreach ((_, nint bytes) in blocks) total = checked(total + bytes);
        return total;
    }

    private void Free()
    {
        foreach ((nint address, _) in blocks) NativeMemory.AlignedFree((void*)address);
        blocks.Clear();
    }
}
