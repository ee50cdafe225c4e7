using System.Runtime.CompilerServices;
using AutoVec.Cpu;

namespace AutoVec.Benchmarks.Suite;

/// <summary>A part of a loop: elements <paramref name="from"/> to <paramref name="to"/> − 1.</summary>
internal delegate void RangeBody(nint from, nint to);

/// <summary>Hand-written kernels share out their work on the same pool as generated ones: what is compared is the code.</summary>
internal static unsafe class Threads
{
    public static CpuEngine Engine => CpuEngine.Shared;

    /// <summary>Runs disjoint ranges that together are 0 to <paramref name="count"/> and start at multiples of <paramref name="grain"/>.</summary>
    public static void For(nint count, nint grain, RangeBody part) => Engine.For(&Part, Unsafe.AsPointer(ref part), count, grain);

    private static void Part(void* args, nint from, nint to) => Unsafe.AsRef<RangeBody>(args)(from, to);

    /// <summary>
    /// Sums that ranges take apart: each of them adds to <paramref name="width"/> numbers of its own, which start as 0; these are added to
    /// <paramref name="total"/> in the order of the ranges.
    /// </summary>
    public static void Sum(nint count, int width, float* total, SumRange part)
    {
        int parts = (int)Math.Min(count, Engine.Threads);
        using var scope = Engine.Begin();
        float* sums = scope.Rent<float>((nint)parts * Padded(width));
        new Span<float>(sums, parts * Padded(width)).Clear();
        For(parts, 1, (from, to) =>
        {
            for (nint p = from; p < to; p++) part(count * p / parts, count * (p + 1) / parts, sums + p * Padded(width));
        });
        for (int i = 0; i < width; i++)
        {
            float sum = 0;
            for (int p = 0; p < parts; p++) sum += sums[p * Padded(width) + i];
            total[i] = sum;
        }
    }

    private static int Padded(int width) => (width + 31) / 32 * 32;
}

/// <summary>A part of a loop that adds to its own sums.</summary>
internal unsafe delegate void SumRange(nint from, nint to, float* sums);
