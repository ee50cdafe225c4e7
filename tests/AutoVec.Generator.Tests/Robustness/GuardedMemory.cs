using System.Runtime.InteropServices;

namespace AutoVec.Generator.Tests.Robustness;

/// <summary>Memory with a page before and a page after it that nobody may touch: who does ends the process.</summary>
internal sealed unsafe partial class GuardedMemory(bool atEnd) : IDisposable
{
    // Of each process's 65,530 mappings a region takes three. A kernel may rent for every element; the arrays after these are ordinary.
    private const int MostRegions = 10_000;

    private const int None = 0, ReadWrite = 3, PrivateAnonymous = 0x22;
    private readonly List<(nint Address, nint Bytes)> _regions = [];
    private readonly List<nint> _ordinary = [];

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(nint address, nint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nint length);

    /// <summary>Room for so many bytes, up to the page after it or from the page before it; filled with NaNs.</summary>
    public nint Place(nint bytes)
    {
        lock (_regions)
            if (_regions.Count >= MostRegions)
            {
                _ordinary.Add((nint)NativeMemory.Alloc((nuint)bytes));
                return _ordinary[^1];
            }
        nint page = Environment.SystemPageSize, room = (bytes + page - 1) / page * page, length = room + 2 * page;
        nint region = mmap(0, length, None, PrivateAnonymous, -1, 0);
        if (region == -1 || room > 0 && mprotect(region + page, room, ReadWrite) != 0) throw new OutOfMemoryException();
        lock (_regions) _regions.Add((region, length));
        new Span<byte>((void*)(region + page), (int)room).Fill(0xFF);
        return atEnd ? region + page + room - bytes : region + page;
    }

    public void Dispose()
    {
        foreach (var (address, bytes) in _regions) _ = munmap(address, bytes);
        foreach (nint address in _ordinary) NativeMemory.Free((void*)address);
        _regions.Clear();
        _ordinary.Clear();
    }
}
