using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>Sums of the elements of four vectors at once: halves are added until 128 bits are left, and then neighbours, for all four together.</summary>
internal static unsafe class Horizontal
{
    /// <summary>to[0] = Σ a, to[1] = Σ b, to[2] = Σ c, to[3] = Σ d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, T* to) where T : unmanaged =>
        Sum(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper(), to);

    /// <inheritdoc cref="Sum{T}(Vector512{T}, Vector512{T}, Vector512{T}, Vector512{T}, T*)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, T* to) where T : unmanaged =>
        Sum(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper(), to);

    /// <inheritdoc cref="Sum{T}(Vector512{T}, Vector512{T}, Vector512{T}, Vector512{T}, T*)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum<T>(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d, T* to) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            Pairs(a.AsDouble(), b.AsDouble()).Store((double*)to);
            Pairs(c.AsDouble(), d.AsDouble()).Store((double*)to + 2);
            return;
        }

        Vector128<double> x = Pairs(a.AsSingle(), b.AsSingle()).AsDouble(), y = Pairs(c.AsSingle(), d.AsSingle()).AsDouble();
        (Low(x, y).AsSingle() + High(x, y).AsSingle()).Store((float*)to);
    }

    private static Vector128<double> Pairs(Vector128<double> x, Vector128<double> y) => Low(x, y) + High(x, y);

    // (x0 + x2, y0 + y2, x1 + x3, y1 + y3)
    private static Vector128<float> Pairs(Vector128<float> x, Vector128<float> y) => Low(x, y) + High(x, y);

    private static Vector128<double> Low(Vector128<double> x, Vector128<double> y) => Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y) : Vector128.Create(x[0], y[0]);

    private static Vector128<double> High(Vector128<double> x, Vector128<double> y) => Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y) : Vector128.Create(x[1], y[1]);

    private static Vector128<float> Low(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y) : Vector128.Create(x[0], y[0], x[1], y[1]);

    private static Vector128<float> High(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y) : Vector128.Create(x[2], y[2], x[3], y[3]);
}
