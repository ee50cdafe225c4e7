using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AutoVec.Cpu;

namespace AutoVec.Benchmarks;

/// <summary>What the machine could do at most, measured beside what is compared with it.</summary>
internal static unsafe class Limits
{
    private const int Rounds = 20_000;
    private const int Chains = 16;

    /// <summary>Float multiply-adds per second, counted as two operations, in 10⁹/s, on all threads of the engine.</summary>
    public static double Fma(CpuEngine engine)
    {
        double width = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        int threads = engine.Threads;
        double seconds = Clock.Best(() => engine.For(&Part, null, threads, 1), 0.3);
        return threads * 2.0 * width * Chains * Rounds / seconds / 1e9;
    }

    private static void Part(void* args, nint from, nint to)
    {
        for (nint i = from; i < to; i++)
        {
            if (Vector512.IsHardwareAccelerated) Work512();
            else if (Vector256.IsHardwareAccelerated) Work256();
            else Work128();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector512<float> Work512()
    {
        Vector512<float> m = Vector512.Create(0.5f), n = Vector512.Create(1f), a = n, b = n, c = n, d = n, e = n, f = n, g = n, h = n, i = n, j = n, k = n,
            l = n, o = n, p = n, q = n, r = n;
        for (int round = Rounds; round != 0; round--)
        {
            a = Vector512.MultiplyAddEstimate(a, m, n); b = Vector512.MultiplyAddEstimate(b, m, n); c = Vector512.MultiplyAddEstimate(c, m, n);
            d = Vector512.MultiplyAddEstimate(d, m, n); e = Vector512.MultiplyAddEstimate(e, m, n); f = Vector512.MultiplyAddEstimate(f, m, n);
            g = Vector512.MultiplyAddEstimate(g, m, n); h = Vector512.MultiplyAddEstimate(h, m, n); i = Vector512.MultiplyAddEstimate(i, m, n);
            j = Vector512.MultiplyAddEstimate(j, m, n); k = Vector512.MultiplyAddEstimate(k, m, n); l = Vector512.MultiplyAddEstimate(l, m, n);
            o = Vector512.MultiplyAddEstimate(o, m, n); p = Vector512.MultiplyAddEstimate(p, m, n); q = Vector512.MultiplyAddEstimate(q, m, n);
            r = Vector512.MultiplyAddEstimate(r, m, n);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l + o + p + q + r;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector256<float> Work256()
    {
        Vector256<float> m = Vector256.Create(0.5f), n = Vector256.Create(1f), a = n, b = n, c = n, d = n, e = n, f = n, g = n, h = n;
        for (int round = 2 * Rounds; round != 0; round--)
        {
            a = Vector256.MultiplyAddEstimate(a, m, n); b = Vector256.MultiplyAddEstimate(b, m, n); c = Vector256.MultiplyAddEstimate(c, m, n);
            d = Vector256.MultiplyAddEstimate(d, m, n); e = Vector256.MultiplyAddEstimate(e, m, n); f = Vector256.MultiplyAddEstimate(f, m, n);
            g = Vector256.MultiplyAddEstimate(g, m, n); h = Vector256.MultiplyAddEstimate(h, m, n);
        }

        return a + b + c + d + e + f + g + h;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector128<float> Work128()
    {
        Vector128<float> m = Vector128.Create(0.5f), n = Vector128.Create(1f), a = n, b = n, c = n, d = n, e = n, f = n, g = n, h = n;
        for (int round = 2 * Rounds; round != 0; round--)
        {
            a = Vector128.MultiplyAddEstimate(a, m, n); b = Vector128.MultiplyAddEstimate(b, m, n); c = Vector128.MultiplyAddEstimate(c, m, n);
            d = Vector128.MultiplyAddEstimate(d, m, n); e = Vector128.MultiplyAddEstimate(e, m, n); f = Vector128.MultiplyAddEstimate(f, m, n);
            g = Vector128.MultiplyAddEstimate(g, m, n); h = Vector128.MultiplyAddEstimate(h, m, n);
        }

        return a + b + c + d + e + f + g + h;
    }
}
