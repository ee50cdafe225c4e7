using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>
/// What the vector classes lack, for generated code. Every method exists for each width of a kernel under one name, so that the
/// three widths of a kernel are the same text; where no argument decides the width, the result is an <c>out</c>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe partial class Lanes
{
    // A missing lane repeats element 0: 0 would make NaN (0/0) or never leave a masked loop.

    /// <summary>The first <paramref name="rest"/> elements, 1 to the number of lanes; the lanes after them repeat element 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadTail<T>(T* p, int rest, out Vector512<T> v) where T : unmanaged
    {
        if (Avx512F.IsSupported && sizeof(T) == 4)
            v = Avx512F.MaskLoad((float*)p, First512<int>(rest).AsSingle(), Vector512.Create(*p).AsSingle()).As<float, T>();
        else if (Avx512F.IsSupported && sizeof(T) == 8)
            v = Avx512F.MaskLoad((double*)p, First512<long>(rest).AsDouble(), Vector512.Create(*p).AsDouble()).As<double, T>();
        else
        {
            var all = Vector512.Create(*p);
            Copy(p, (T*)&all, rest);
            v = all;
        }
    }

    /// <inheritdoc cref="LoadTail{T}(T*, int, out Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadTail<T>(T* p, int rest, out Vector256<T> v) where T : unmanaged
    {
        var all = Vector256.Create(*p);
        if (Avx.IsSupported && sizeof(T) == 4)
        {
            var first = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(rest)).AsSingle();
            v = Vector256.ConditionalSelect(first, Avx.MaskLoad((float*)p, first), all.AsSingle()).As<float, T>();
        }
        else if (Avx.IsSupported && sizeof(T) == 8)
        {
            var first = Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)rest)).AsDouble();
            v = Vector256.ConditionalSelect(first, Avx.MaskLoad((double*)p, first), all.AsDouble()).As<double, T>();
        }
        else
        {
            Copy(p, (T*)&all, rest);
            v = all;
        }
    }

    /// <inheritdoc cref="LoadTail{T}(T*, int, out Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadTail<T>(T* p, int rest, out Vector128<T> v) where T : unmanaged
    {
        var all = Vector128.Create(*p);
        if (Avx.IsSupported && sizeof(T) == 4)
        {
            var first = Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(rest)).AsSingle();
            v = Vector128.ConditionalSelect(first, Avx.MaskLoad((float*)p, first), all.AsSingle()).As<float, T>();
        }
        else if (Avx.IsSupported && sizeof(T) == 8)
        {
            var first = Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)rest)).AsDouble();
            v = Vector128.ConditionalSelect(first, Avx.MaskLoad((double*)p, first), all.AsDouble()).As<double, T>();
        }
        else
        {
            Copy(p, (T*)&all, rest);
            v = all;
        }
    }

    /// <inheritdoc cref="LoadTail{T}(T*, int, out Vector512{T})"/>
    public static void LoadTail<T>(T* p, int rest, out Vector64<T> v) where T : unmanaged
    {
        var all = Vector64.Create(*p);
        Copy(p, (T*)&all, rest);
        v = all;
    }

    /// <summary>Stores the first <paramref name="rest"/> lanes and touches nothing behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTail<T>(Vector512<T> v, T* p, int rest) where T : unmanaged
    {
        if (Avx512F.IsSupported && sizeof(T) == 4) Avx512F.MaskStore((float*)p, First512<int>(rest).AsSingle(), v.AsSingle());
        else if (Avx512F.IsSupported && sizeof(T) == 8) Avx512F.MaskStore((double*)p, First512<long>(rest).AsDouble(), v.AsDouble());
        else Copy((T*)&v, p, rest);
    }

    /// <inheritdoc cref="StoreTail{T}(Vector512{T}, T*, int)"/>
    public static void StoreTail<T>(Vector256<T> v, T* p, int rest) where T : unmanaged => Copy((T*)&v, p, rest);

    /// <inheritdoc cref="StoreTail{T}(Vector512{T}, T*, int)"/>
    public static void StoreTail<T>(Vector128<T> v, T* p, int rest) where T : unmanaged => Copy((T*)&v, p, rest);

    /// <inheritdoc cref="StoreTail{T}(Vector512{T}, T*, int)"/>
    public static void StoreTail<T>(Vector64<T> v, T* p, int rest) where T : unmanaged => Copy((T*)&v, p, rest);

    /// <summary>The mask of the first <paramref name="rest"/> lanes.</summary>
    public static void First(int rest, out Vector512<float> mask) => mask = First512<int>(rest).AsSingle();

    /// <inheritdoc cref="First(int, out Vector512{float})"/>
    public static void First(int rest, out Vector512<double> mask) => mask = First512<long>(rest).AsDouble();

    /// <inheritdoc cref="First(int, out Vector512{float})"/>
    public static void First(int rest, out Vector256<float> mask) => mask = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(rest)).AsSingle();

    /// <inheritdoc cref="First(int, out Vector512{float})"/>
    public static void First(int rest, out Vector256<double> mask) => mask = Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)rest)).AsDouble();

    /// <inheritdoc cref="First(int, out Vector512{float})"/>
    public static void First(int rest, out Vector128<float> mask) => mask = Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(rest)).AsSingle();

    /// <inheritdoc cref="First(int, out Vector512{float})"/>
    public static void First(int rest, out Vector128<double> mask) => mask = Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)rest)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<I> First512<I>(int rest) where I : unmanaged => sizeof(I) == 4
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(rest)).As<int, I>()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)rest)).As<long, I>();

    private static void Copy<T>(T* from, T* to, int count) where T : unmanaged
    {
        for (int i = 0; i < count; i++) to[i] = from[i];
    }
}
