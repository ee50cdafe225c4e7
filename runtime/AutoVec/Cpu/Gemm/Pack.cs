using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>
/// Copies a panel of an operand into the order in which the kernel reads it: <c>d[p · stride + i] = s[i · across + p · along]</c> for
/// i &lt; width and p &lt; depth, and 0 for width ≤ i &lt; stride. Reads no element outside the panel; may write up to
/// <see cref="Slack"/> elements after its end.
/// </summary>
internal static unsafe class Pack
{
    /// <summary>Elements after a packed panel that may be overwritten: the rest of one transposed square of 16 × 16.</summary>
    public const int Slack = 16 * 32;

    /// <summary>The same for panels of any stride.</summary>
    public static nint SlackOf(nint stride) => 16 * (stride + 1);

    public static void Panel<T>(T* s, nint across, nint along, int width, int stride, nint depth, T* d) where T : unmanaged
    {
        if (across == 1) Copy(s, along, width, stride, depth, d);
        else if (along == 1 && Transpose.Side<T>() > 1) Turn(s, across, width, stride, depth, d);
        else Gather(s, across, along, width, stride, depth, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<T>(T* s, nint along, int width, int stride, nint depth, T* d) where T : unmanaged
    {
        if (width < stride) NativeMemory.Clear(d, (nuint)(depth * stride * sizeof(T)));
        int bytes = width * sizeof(T);
        byte* from = (byte*)s, to = (byte*)d;
        nint fromStep = along * sizeof(T), toStep = stride * sizeof(T);
        switch (bytes)
        {
            case 128: Rows128(from, fromStep, to, toStep, depth); break;
            case 64: Rows64(from, fromStep, to, toStep, depth); break;
            case >= 32: RowsFrom32(from, fromStep, to, toStep, depth, bytes); break;
            case >= 16: RowsFrom16(from, fromStep, to, toStep, depth, bytes); break;
            default:
                for (nint p = 0; p < depth; p++, from += fromStep, to += toStep) Unsafe.CopyBlockUnaligned(to, from, (uint)bytes);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows128(byte* from, nint fromStep, byte* to, nint toStep, nint depth)
    {
        for (; depth != 0; depth--, from += fromStep, to += toStep)
        {
            Vector512<byte> low = Vector512.Load(from), high = Vector512.Load(from + 64);
            low.Store(to);
            high.Store(to + 64);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows64(byte* from, nint fromStep, byte* to, nint toStep, nint depth)
    {
        for (; depth != 0; depth--, from += fromStep, to += toStep) Vector512.Load(from).Store(to);
    }

    // The last vector of a row overlaps the one before it instead of reaching beyond the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowsFrom32(byte* from, nint fromStep, byte* to, nint toStep, nint depth, int bytes)
    {
        nint last = bytes - 32;
        for (; depth != 0; depth--, from += fromStep, to += toStep)
        {
            for (nint i = 0; i < last; i += 32) Vector256.Load(from + i).Store(to + i);
            Vector256.Load(from + last).Store(to + last);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowsFrom16(byte* from, nint fromStep, byte* to, nint toStep, nint depth, int bytes)
    {
        nint last = bytes - 16;
        for (; depth != 0; depth--, from += fromStep, to += toStep)
        {
            Vector128<byte> low = Vector128.Load(from), high = Vector128.Load(from + last);
            low.Store(to);
            high.Store(to + last);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn<T>(T* s, nint across, int width, int stride, nint depth, T* d) where T : unmanaged
    {
        int side = Transpose.Side<T>();
        if (!Transpose.IsWhole && width < stride) NativeMemory.Clear(d, (nuint)(depth * stride * sizeof(T)));

        // From the right to the left, and in each column downwards: a square that is cut by the stride spills into places written later.
        for (int i = (width - 1) / side * side; i >= 0; i -= side)
        {
            int rows = Math.Min(side, width - i);
            for (nint p = 0; p < depth; p += side)
                Transpose.Square(s + (i * across) + p, across, rows, (int)Math.Min(side, depth - p), d + (p * stride) + i, stride);
        }

        // Whole squares zero what the width leaves of them; a panel of two squares may lack the second.
        int covered = (width + side - 1) / side * side;
        if (Transpose.IsWhole && covered < stride)
            for (nint p = 0; p < depth; p++) new Span<T>(d + (p * stride) + covered, stride - covered).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T>(T* s, nint across, nint along, int width, int stride, nint depth, T* d) where T : unmanaged
    {
        for (nint p = 0; p < depth; p++, s += along, d += stride)
        {
            for (nint i = 0; i < width; i++) d[i] = s[i * across];
            for (nint i = width; i < stride; i++) d[i] = default;
        }
    }
}
