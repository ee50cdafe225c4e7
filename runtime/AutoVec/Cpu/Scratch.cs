using System.ComponentModel;

namespace AutoVec.Cpu;

/// <summary>Arrays that live inside one thread of a kernel: a stack of native memory per thread.</summary>
/// <remarks>
/// Take a mark on entry and release it on exit. The engine releases what a part left behind, also when it throws, so a part needs
/// no <c>try</c>/<c>finally</c> of its own.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Scratch
{
    [ThreadStatic] private static Arena? arena;

    internal static Arena Arena => arena ??= new Arena();

    /// <summary>The current position of this thread's stack.</summary>
    public static ArenaMark Mark() => Arena.Mark();

    /// <summary>Memory for <paramref name="count"/> elements, aligned to 64 bytes and not cleared; valid until an earlier mark is released.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="OverflowException">The size in bytes does not fit.</exception>
    public static T* Rent<T>(nint count) where T : unmanaged => Arena.Rent<T>(count);

    /// <summary>Returns everything rented on this thread since <paramref name="mark"/> was taken.</summary>
    public static void Release(ArenaMark mark) => Arena.Release(mark);
}
