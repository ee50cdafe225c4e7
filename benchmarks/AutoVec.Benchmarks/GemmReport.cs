using System.Globalization;
using AutoVec.Cpu;

namespace AutoVec.Benchmarks;

/// <summary>A table of all shapes within seconds, as a share of the limit that the same run measured.</summary>
internal static unsafe class GemmReport
{
    public static int Run(string[] args)
    {
        int threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        using var engine = new CpuEngine(threads);
        double limit = Limits.Fma(engine);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, FMA limit {limit:F0} GFLOP/s (float)"));
        Console.WriteLine($"{"",-28}{"us",10}{"GFLOP/s",10}{"of limit",10}   {"double",10}{"of limit",10}");
        foreach (GemmShape shape in GemmShape.All)
        {
            double single = Clock.Best(Product(engine, shape, 1f), 0.15);
            double two = Clock.Best(Product(engine, shape, 1.0), 0.1);
            double rate = shape.Operations / single / 1e9, rateTwo = shape.Operations / two / 1e9;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{shape,-28}{single * 1e6,10:F1}{rate,10:F1}{rate / limit,10:P0}   {rateTwo,10:F1}{rateTwo / limit * 2,10:P0}"));
        }

        return 0;
    }

    /// <summary>A call that multiplies arrays filled with <paramref name="value"/>; they live as long as the process.</summary>
    public static Action Product<T>(CpuEngine engine, GemmShape shape, T value) where T : unmanaged
    {
        T* Fill(nint count)
        {
            var array = (T*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)(count * sizeof(T)), 64);
            for (nint i = 0; i < count; i++) array[i] = value;
            return array;
        }

        (int m, int n, int k) = (shape.M, shape.N, shape.K);
        T* a = Fill((nint)m * k), b = Fill((nint)k * n), c = Fill((nint)m * n);
        var contraction = new Contraction<T>
        {
            Batch = 1, M = m, N = n, K = k, A = a, B = b, C = c, CM = n,
            AM = shape.TransposedA ? 1 : k, AK = shape.TransposedA ? m : 1, BK = shape.TransposedB ? 1 : n, BN = shape.TransposedB ? k : 1,
        };
        return contraction switch
        {
            Contraction<float> single => () => engine.Contract(single),
            Contraction<double> two => () => engine.Contract(two),
            _ => throw new NotSupportedException($"There are no contractions of {typeof(T).Name}."),
        };
    }
}
