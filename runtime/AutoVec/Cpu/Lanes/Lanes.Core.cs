namespace AutoVec.Cpu;

/// <summary>Whole arrays.</summary>
public static unsafe partial class Lanes
{
    /// <summary>Copies elements; the arrays may be the same.</summary>
    public static void Move<T>(T* from, T* to, nint count) where T : unmanaged =>
        Buffer.MemoryCopy(from, to, (ulong)(count * sizeof(T)), (ulong)(count * sizeof(T)));

    /// <summary>Sets all elements to a value.</summary>
    public static void Fill<T>(T* p, nint count, T value) where T : unmanaged
    {
        for (; count > int.MaxValue; count -= int.MaxValue, p += int.MaxValue) new Span<T>(p, int.MaxValue).Fill(value);
        new Span<T>(p, (int)count).Fill(value);
    }
}
