using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AutoVec.Cpu;

namespace AutoVec.Benchmarks.Suite;

/// <summary>How fast memory of a size can be gone through, by whichever is fastest: only reading, or reading and writing, past the caches too.</summary>
internal static unsafe class Bandwidth
{
    private static readonly Dictionary<int, double> s_known = [];

    /// <summary>Bytes a second, with a working set of so many bytes (rounded up to a power of two).</summary>
    public static double Of(CpuEngine engine, double bytes)
    {
        int log = (int)Math.Clamp(Math.Ceiling(Math.Log2(Math.Max(bytes, 1))), 14, 27);
        if (s_known.TryGetValue(log, out double known)) return known;
        nint count = (nint)1 << (log - 2), half = count / 2;
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(float)), 64);
        try
        {
            new Span<float>(memory, (int)count).Clear();
            double best = double.PositiveInfinity;
            foreach (var part in (RangeBody[])[
                (from, to) => Read(memory + 2 * from, 2 * (to - from)),
                (from, to) => Copy(memory + from, memory + half + from, to - from),
                (from, to) => CopyPast(memory + from, memory + half + from, to - from)])
                best = Math.Min(best, Clock.Best(() => engine.For(&Run, Unsafe.AsPointer(ref Unsafe.AsRef(in part)), half, 1024), 0.05));
            return s_known[log] = count * sizeof(float) / best;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static void Run(void* args, nint from, nint to) => Unsafe.AsRef<RangeBody>(args)(from, to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(float* x, nint count)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        for (nint i = 0; i < count; i += 64)
        {
            a += *(Vector512<float>*)(x + i);
            b += *(Vector512<float>*)(x + i + 16);
            c += *(Vector512<float>*)(x + i + 32);
            d += *(Vector512<float>*)(x + i + 48);
        }
        s_sink = Vector512.Sum(a + b + (c + d));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* x, float* y, nint count)
    {
        for (nint i = 0; i < count; i += 32)
        {
            *(Vector512<float>*)(y + i) = *(Vector512<float>*)(x + i);
            *(Vector512<float>*)(y + i + 16) = *(Vector512<float>*)(x + i + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPast(float* x, float* y, nint count)
    {
        for (nint i = 0; i < count; i += 16) Vector512.StoreAlignedNonTemporal(*(Vector512<float>*)(x + i), y + i);
    }

    [ThreadStatic]
    private static float s_sink;
}
