using System.Runtime.InteropServices;

namespace AutoVec.Benchmarks.Suite;

/// <summary>A shared library that may be there: by the path in a variable of the environment, else by its usual names.</summary>
internal static class Native
{
    public static nint Find(string variable, string[] names, string symbol, out string found)
    {
        string? path = Environment.GetEnvironmentVariable(variable);
        foreach (string name in path is { Length: > 0 } ? [path] : names)
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, symbol, out nint export))
            {
                found = name;
                return export;
            }
        found = "";
        return 0;
    }
}

/// <summary>OpenBLAS, by its C interface.</summary>
internal static unsafe class Blas
{
    private const int RowMajor = 101, No = 111, Transposed = 112;
    private static readonly string s_name = "";
    private static readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> s_sgemm =
        (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
        Native.Find("AUTOVEC_OPENBLAS", ["libopenblas.so.0", "libopenblas.so", "openblas"], "cblas_sgemm", out s_name);

    public static bool IsThere => s_sgemm is not null;

    public static string Say => IsThere ? $"OpenBLAS: {s_name}" : "OpenBLAS: skipped, there is no libopenblas (AUTOVEC_OPENBLAS names it elsewhere)";

    /// <summary>C[m×n] = A[m×k]·B[k×n] of dense arrays, either of which may be stored transposed.</summary>
    public static void Multiply(int m, int n, int k, float* a, bool transposedA, float* b, bool transposedB, float* c) =>
        s_sgemm(RowMajor, transposedA ? Transposed : No, transposedB ? Transposed : No, m, n, k, 1, a, transposedA ? m : k, b, transposedB ? k : n, 0, c, n);
}

/// <summary>oneDNN, by its BLAS-like function.</summary>
internal static unsafe class OneDnn
{
    private static readonly string s_name = "";
    private static readonly delegate* unmanaged<byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int> s_sgemm =
        (delegate* unmanaged<byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int>)
        Native.Find("AUTOVEC_ONEDNN", ["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so", "dnnl"], "dnnl_sgemm", out s_name);

    public static bool IsThere => s_sgemm is not null;

    public static string Say => IsThere ? $"oneDNN: {s_name}" : "oneDNN: skipped, there is no libdnnl (AUTOVEC_ONEDNN names it elsewhere)";

    /// <inheritdoc cref="Blas.Multiply"/>
    public static void Multiply(int m, int n, int k, float* a, bool transposedA, float* b, bool transposedB, float* c)
    {
        byte letter(bool transposed) => (byte)(transposed ? 'T' : 'N');
        int status = s_sgemm(letter(transposedA), letter(transposedB), m, n, k, 1, a, transposedA ? m : k, b, transposedB ? k : n, 0, c, n);
        if (status != 0) throw new InvalidOperationException($"dnnl_sgemm ended with status {status}");
    }
}
