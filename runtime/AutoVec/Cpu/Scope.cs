using System.ComponentModel;

namespace AutoVec.Cpu;

/// <summary>Exclusive use of a <see cref="CpuEngine"/>; memory rented in it is returned when it is disposed.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe ref struct Scope
{
    private readonly Lock? held;
    private readonly Arena arena;
    private readonly ArenaMark mark;

    internal Scope(Lock? held, Arena arena)
    {
        this.held = held;
        this.arena = arena;
        mark = arena.Mark();
    }

    /// <summary>Memory for <paramref name="count"/> elements, aligned to 64 bytes and not cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="OverflowException">The size in bytes does not fit.</exception>
    public T* Rent<T>(nint count) where T : unmanaged => arena.Rent<T>(count);

    /// <summary>Returns the memory and lets the next user in. To be called once.</summary>
    public void Dispose()
    {
        arena.Release(mark);
        held?.Exit();
    }
}
