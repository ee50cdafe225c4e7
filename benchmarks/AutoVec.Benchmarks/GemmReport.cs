using System.Globalization;
using System.Runtime.InteropServices;
using AutoVec.Cpu;

namespace AutoVec.Benchmarks;

/// <summary>A table of all shapes within seconds, as a share of the limit that the same run measured, beside the libraries that the machine has.</summary>
internal static unsafe class GemmReport
{
    public static int Run(string[] args)
    {
        int threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        string only = args.Length > 1 ? args[1] : "";
        using var engine = new CpuEngine(threads);
        IReadOnlyList<GemmPeer> peers = GemmPeer.Find(threads, name => Console.WriteLine($"{name} is not installed: not compared"));
        double limit = Limits.Fma(engine);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, FMA limit {limit:F0} GFLOP/s (float)"));
        foreach (bool two in new[] { false, true })
        {
            Console.WriteLine();
            Console.Write($"{(two ? "double" : "float"),-28}{"us",10}{"GFLOP/s",10}{"of limit",10}");
            foreach (GemmPeer peer in peers) Console.Write($"{peer.Name + ", us",16}{"ratio",8}");
            Console.WriteLine();
            foreach (GemmShape shape in GemmShape.All)
            {
                if (!shape.ToString().Contains(only, StringComparison.Ordinal)) continue;
                if (two) Row(engine, shape, 1.0, limit / 2, peers);
                else Row(engine, shape, 1f, limit, peers);
            }
        }

        return 0;
    }

    /// <summary>The ratio is a library's time over AutoVec's: above 1 AutoVec is faster.</summary>
    private static void Row<T>(CpuEngine engine, GemmShape shape, T value, double limit, IReadOnlyList<GemmPeer> peers) where T : unmanaged
    {
        using var arrays = new Arrays<T>(shape, value);
        double own = Clock.Best(Product(engine, shape, arrays), 0.1);
        double rate = shape.Operations / own / 1e9;
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{shape,-28}{own * 1e6,10:F1}{rate,10:F1}{rate / limit,10:P0}"));
        foreach (GemmPeer peer in peers)
        {
            if (peer.Product(shape, arrays.A, arrays.B, arrays.C) is not { } product) continue;
            double time = Clock.Best(product, 0.1);
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{time * 1e6,16:F1}{time / own,8:F2}"));
        }

        Console.WriteLine();
    }

    /// <summary>A call that multiplies arrays filled with <paramref name="value"/>; they live as long as the process.</summary>
    public static Action Product<T>(CpuEngine engine, GemmShape shape, T value) where T : unmanaged => Product(engine, shape, new Arrays<T>(shape, value));

    private static Action Product<T>(CpuEngine engine, GemmShape shape, Arrays<T> arrays) where T : unmanaged
    {
        (int m, int n, int k) = (shape.M, shape.N, shape.K);
        var contraction = new Contraction<T>
        {
            Batch = 1, M = m, N = n, K = k, A = arrays.A, B = arrays.B, C = arrays.C, CM = n,
            AM = shape.TransposedA ? 1 : k, AK = shape.TransposedA ? m : 1, BK = shape.TransposedB ? 1 : n, BN = shape.TransposedB ? k : 1,
        };
        return contraction switch
        {
            Contraction<float> single => () => engine.Contract(single),
            Contraction<double> two => () => engine.Contract(two),
            _ => throw new NotSupportedException($"There are no contractions of {typeof(T).Name}."),
        };
    }

    /// <summary>Dense operands and result, each on cache lines of its own.</summary>
    private sealed class Arrays<T> : IDisposable where T : unmanaged
    {
        public Arrays(GemmShape shape, T value)
        {
            A = Fill((nint)shape.M * shape.K, value);
            B = Fill((nint)shape.K * shape.N, value);
            C = Fill((nint)shape.M * shape.N, value);
        }

        public T* A { get; }

        public T* B { get; }

        public T* C { get; }

        public void Dispose()
        {
            NativeMemory.AlignedFree(A);
            NativeMemory.AlignedFree(B);
            NativeMemory.AlignedFree(C);
        }

        private static T* Fill(nint count, T value)
        {
            var array = (T*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(T)), 64);
            for (nint i = 0; i < count; i++) array[i] = value;
            return array;
        }
    }
}
