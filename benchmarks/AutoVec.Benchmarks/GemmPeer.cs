using System.Runtime.InteropServices;

namespace AutoVec.Benchmarks;

/// <summary>A library of matrix products that the machine may have, called on the arrays of a <see cref="GemmShape"/>.</summary>
/// <remarks>Loaded by name when the report runs: nothing is linked or shipped, and a machine without it says so.</remarks>
internal sealed unsafe class GemmPeer
{
    private const int RowMajor = 101, NoTrans = 111, Trans = 112;

    private readonly nint single, two;
    private readonly bool isCblas;

    private GemmPeer(string name, bool isCblas, nint single, nint two) => (Name, this.isCblas, this.single, this.two) = (name, isCblas, single, two);

    /// <summary>What it calls itself in the table.</summary>
    public string Name { get; }

    /// <summary>What this machine has, set to so many threads; of what it lacks, <paramref name="missing"/> is told.</summary>
    public static IReadOnlyList<GemmPeer> Find(int threads, Action<string> missing)
    {
        var found = new List<GemmPeer>();
        if (Load("libopenblas.so.0", "libopenblas.so", "libopenblas.dll", "libopenblas.dylib") is var blas and not 0)
        {
            ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(blas, "openblas_set_num_threads"))(threads);
            found.Add(new("OpenBLAS", true, NativeLibrary.GetExport(blas, "cblas_sgemm"), NativeLibrary.GetExport(blas, "cblas_dgemm")));
        }
        else missing("OpenBLAS");

        if (Load("libdnnl.so.3", "libdnnl.so.2", "libdnnl.so", "dnnl.dll", "libdnnl.dylib") is var dnnl and not 0)
        {
            // Its threads are OpenMP's.
            if (Load("libgomp.so.1", "libomp.so") is var omp and not 0)
                ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(omp, "omp_set_num_threads"))(threads);
            found.Add(new("oneDNN", false, NativeLibrary.GetExport(dnnl, "dnnl_sgemm"), 0));
        }
        else missing("oneDNN");

        return found;
    }

    private static nint Load(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint library)) return library;
        return 0;
    }

    /// <summary>The call for this product, or null where the library has none for the type (oneDNN has no double).</summary>
    public Action? Product<T>(GemmShape s, T* a, T* b, T* c) where T : unmanaged
    {
        (int m, int n, int k) = (s.M, s.N, s.K);
        int aStep = s.TransposedA ? m : k, bStep = s.TransposedB ? k : n;
        if (isCblas)
        {
            (int ta, int tb) = (s.TransposedA ? Trans : NoTrans, s.TransposedB ? Trans : NoTrans);
            var s1 = (delegate* unmanaged<int, int, int, int, int, int, float, void*, int, void*, int, float, void*, int, void>)single;
            var s2 = (delegate* unmanaged<int, int, int, int, int, int, double, void*, int, void*, int, double, void*, int, void>)two;
            return typeof(T) == typeof(float)
                ? () => s1(RowMajor, ta, tb, m, n, k, 1, a, aStep, b, bStep, 0, c, n)
                : () => s2(RowMajor, ta, tb, m, n, k, 1, a, aStep, b, bStep, 0, c, n);
        }

        if (typeof(T) != typeof(float)) return null;
        (byte transA, byte transB) = ((byte)(s.TransposedA ? 'T' : 'N'), (byte)(s.TransposedB ? 'T' : 'N'));
        var sgemm = (delegate* unmanaged<byte, byte, long, long, long, float, void*, long, void*, long, float, void*, long, int>)single;
        return () => sgemm(transA, transB, m, n, k, 1, a, aStep, b, bStep, 0, c, n);
    }
}
