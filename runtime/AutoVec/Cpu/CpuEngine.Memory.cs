namespace AutoVec.Cpu;

/// <summary>Whole arrays, by all threads: one alone has a part of the machine's bandwidth.</summary>
public sealed unsafe partial class CpuEngine
{
    /// <summary>What a thread takes at a time, in bytes; less is not worth waking one.</summary>
    private const nint Piece = 1 << 17;

    /// <summary>Copies elements; the arrays may overlap.</summary>
    public void Move<T>(T* from, T* to, nint count) where T : unmanaged
    {
        if (count <= 0 || from == to) return;
        if (from < to + count && to < from + count)
        {
            // A thread could write what another has yet to read.
            Lanes.Move(from, to, count);
            return;
        }
        var args = new Moved { From = (byte*)from, To = (byte*)to, Bytes = count * sizeof(T) };
        For(&MovePart, &args, (args.Bytes + Piece - 1) / Piece, 1);
    }

    /// <summary>Sets all elements to a value.</summary>
    public void Fill<T>(T* to, nint count, T value) where T : unmanaged
    {
        if (count <= 0) return;
        var args = new Filled<T> { To = to, Count = count, Value = value };
        For(&FillPart<T>, &args, (count + Piece / sizeof(T) - 1) / (Piece / sizeof(T)), 1);
    }

    private struct Moved
    {
        public byte* From, To;
        public nint Bytes;
    }

    private struct Filled<T> where T : unmanaged
    {
        public T* To;
        public nint Count;
        public T Value;
    }

    private static void MovePart(void* args, nint from, nint to)
    {
        var a = (Moved*)args;
        nint first = from * Piece;
        Lanes.Move(a->From + first, a->To + first, Math.Min(to * Piece, a->Bytes) - first);
    }

    private static void FillPart<T>(void* args, nint from, nint to) where T : unmanaged
    {
        var a = (Filled<T>*)args;
        nint piece = Piece / sizeof(T), first = from * piece;
        Lanes.Fill(a->To + first, Math.Min(to * piece, a->Count) - first, a->Value);
    }
}
