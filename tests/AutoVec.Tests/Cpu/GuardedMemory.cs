using System.Runtime.InteropServices;

namespace AutoVec.Tests.Cpu;

/// <summary>An array that ends (or begins) exactly at a page that may not be touched: a step outside ends the process.</summary>
/// <remarks>Elsewhere than on 64-bit Linux it is plain memory, and only the values are checked.</remarks>
internal sealed unsafe partial class GuardedMemory<T> : IDisposable where T : unmanaged
{
    private const int ReadWrite = 3, None = 0, PrivateAnonymous = 0x22;

    private readonly nint mapping, length;
    private readonly bool guarded = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public GuardedMemory(nint count, bool guardBefore = false)
    {
        Count = count;
        nint bytes = count * sizeof(T);
        if (!guarded)
        {
            mapping = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), 64);
            Pointer = (T*)mapping;
            return;
        }

        nint page = Environment.SystemPageSize;
        nint room = (bytes + page - 1) / page * page;
        length = room + (2 * page);
        mapping = Native.Map(0, length, None, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, mapping);
        if (room > 0) Assert.Equal(0, Native.Protect(mapping + page, room, ReadWrite));
        Pointer = (T*)(guardBefore ? mapping + page : mapping + page + room - bytes);
    }

    public T* Pointer { get; }

    public nint Count { get; }

    public Span<T> Span => new(Pointer, (int)Count);

    public void Dispose()
    {
        if (guarded) Assert.Equal(0, Native.Unmap(mapping, length));
        else NativeMemory.AlignedFree((void*)mapping);
    }
}

internal static partial class Native
{
    [LibraryImport("libc", EntryPoint = "mmap")]
    internal static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    internal static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    internal static partial int Unmap(nint address, nint length);
}
