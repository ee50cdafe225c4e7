using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

// a < b ? a : b and a > b ? a : b: on x86 one instruction, with the second operand where one is no number, and of two zeros.
public static unsafe partial class Lanes
{
    /// <summary>a &lt; b ? a : b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Lesser<T>(Vector512<T> a, Vector512<T> b) where T : unmanaged =>
        !Avx512F.IsSupported ? Vector512.ConditionalSelect(Vector512.LessThan(a, b), a, b)
        : typeof(T) == typeof(float) ? Avx512F.Min(a.AsSingle(), b.AsSingle()).As<float, T>() : Avx512F.Min(a.AsDouble(), b.AsDouble()).As<double, T>();

    /// <inheritdoc cref="Lesser{T}(Vector512{T}, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Lesser<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged =>
        !Avx.IsSupported ? Vector256.ConditionalSelect(Vector256.LessThan(a, b), a, b)
        : typeof(T) == typeof(float) ? Avx.Min(a.AsSingle(), b.AsSingle()).As<float, T>() : Avx.Min(a.AsDouble(), b.AsDouble()).As<double, T>();

    /// <inheritdoc cref="Lesser{T}(Vector512{T}, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Lesser<T>(Vector128<T> a, Vector128<T> b) where T : unmanaged =>
        !Sse2.IsSupported ? Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b)
        : typeof(T) == typeof(float) ? Sse.Min(a.AsSingle(), b.AsSingle()).As<float, T>() : Sse2.Min(a.AsDouble(), b.AsDouble()).As<double, T>();

    /// <summary>a &gt; b ? a : b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Greater<T>(Vector512<T> a, Vector512<T> b) where T : unmanaged =>
        !Avx512F.IsSupported ? Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b)
        : typeof(T) == typeof(float) ? Avx512F.Max(a.AsSingle(), b.AsSingle()).As<float, T>() : Avx512F.Max(a.AsDouble(), b.AsDouble()).As<double, T>();

    /// <inheritdoc cref="Greater{T}(Vector512{T}, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Greater<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged =>
        !Avx.IsSupported ? Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b)
        : typeof(T) == typeof(float) ? Avx.Max(a.AsSingle(), b.AsSingle()).As<float, T>() : Avx.Max(a.AsDouble(), b.AsDouble()).As<double, T>();

    /// <inheritdoc cref="Greater{T}(Vector512{T}, Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Greater<T>(Vector128<T> a, Vector128<T> b) where T : unmanaged =>
        !Sse2.IsSupported ? Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b)
        : typeof(T) == typeof(float) ? Sse.Max(a.AsSingle(), b.AsSingle()).As<float, T>() : Sse2.Max(a.AsDouble(), b.AsDouble()).As<double, T>();
}
