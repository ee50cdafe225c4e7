using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>Neighbours in memory of which only the active lanes have an element: no other address is touched, so it may lie outside of the array.</summary>
public static unsafe partial class Lanes
{
    /// <summary>The next elements, in active lanes; 0 in the others. A lane after <paramref name="lanes"/> repeats lane 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadActive(float* p, Vector512<float> active, int lanes, out Vector512<float> v)
    {
        if (lanes != Vector512<float>.Count) LoadActiveTail(p, active, lanes, out v);
        else if (Avx512F.IsSupported) v = Avx512F.MaskLoad(p, active, Vector512<float>.Zero);
        else
        {
            v = default;
            Active(p, (float*)Unsafe.AsPointer(ref v), Vector512.ExtractMostSignificantBits(active));
        }
    }

    /// <inheritdoc cref="LoadActive(float*, Vector512{float}, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadActive(double* p, Vector512<double> active, int lanes, out Vector512<double> v)
    {
        if (lanes != Vector512<double>.Count) LoadActiveTail(p, active, lanes, out v);
        else if (Avx512F.IsSupported) v = Avx512F.MaskLoad(p, active, Vector512<double>.Zero);
        else
        {
            v = default;
            Active(p, (double*)Unsafe.AsPointer(ref v), Vector512.ExtractMostSignificantBits(active));
        }
    }

    /// <inheritdoc cref="LoadActive(float*, Vector512{float}, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadActive(float* p, Vector256<float> active, int lanes, out Vector256<float> v)
    {
        if (lanes != Vector256<float>.Count) LoadActiveTail(p, active, lanes, out v);
        else if (Avx.IsSupported) v = Avx.MaskLoad(p, active);
        else
        {
            v = default;
            Active(p, (float*)Unsafe.AsPointer(ref v), Vector256.ExtractMostSignificantBits(active));
        }
    }

    /// <inheritdoc cref="LoadActive(float*, Vector512{float}, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadActive(double* p, Vector256<double> active, int lanes, out Vector256<double> v)
    {
        if (lanes != Vector256<double>.Count) LoadActiveTail(p, active, lanes, out v);
        else if (Avx.IsSupported) v = Avx.MaskLoad(p, active);
        else
        {
            v = default;
            Active(p, (double*)Unsafe.AsPointer(ref v), Vector256.ExtractMostSignificantBits(active));
        }
    }

    /// <inheritdoc cref="LoadActive(float*, Vector512{float}, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadActive(float* p, Vector128<float> active, int lanes, out Vector128<float> v)
    {
        if (lanes != Vector128<float>.Count) LoadActiveTail(p, active, lanes, out v);
        else if (Avx.IsSupported) v = Avx.MaskLoad(p, active);
        else
        {
            v = default;
            Active(p, (float*)Unsafe.AsPointer(ref v), Vector128.ExtractMostSignificantBits(active));
        }
    }

    /// <inheritdoc cref="LoadActive(float*, Vector512{float}, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadActive(double* p, Vector128<double> active, int lanes, out Vector128<double> v)
    {
        if (lanes != Vector128<double>.Count) LoadActiveTail(p, active, lanes, out v);
        else if (Avx.IsSupported) v = Avx.MaskLoad(p, active);
        else
        {
            v = default;
            Active(p, (double*)Unsafe.AsPointer(ref v), Vector128.ExtractMostSignificantBits(active));
        }
    }

    private static void LoadActiveTail(float* p, Vector512<float> active, int lanes, out Vector512<float> v)
    {
        First(lanes, out Vector512<float> first);
        LoadActive(p, active & first, Vector512<float>.Count, out v);
        v = Vector512.ConditionalSelect(first, v, Vector512.Create(v[0]));
    }

    private static void LoadActiveTail(double* p, Vector512<double> active, int lanes, out Vector512<double> v)
    {
        First(lanes, out Vector512<double> first);
        LoadActive(p, active & first, Vector512<double>.Count, out v);
        v = Vector512.ConditionalSelect(first, v, Vector512.Create(v[0]));
    }

    private static void LoadActiveTail(float* p, Vector256<float> active, int lanes, out Vector256<float> v)
    {
        First(lanes, out Vector256<float> first);
        LoadActive(p, active & first, Vector256<float>.Count, out v);
        v = Vector256.ConditionalSelect(first, v, Vector256.Create(v[0]));
    }

    private static void LoadActiveTail(double* p, Vector256<double> active, int lanes, out Vector256<double> v)
    {
        First(lanes, out Vector256<double> first);
        LoadActive(p, active & first, Vector256<double>.Count, out v);
        v = Vector256.ConditionalSelect(first, v, Vector256.Create(v[0]));
    }

    private static void LoadActiveTail(float* p, Vector128<float> active, int lanes, out Vector128<float> v)
    {
        First(lanes, out Vector128<float> first);
        LoadActive(p, active & first, Vector128<float>.Count, out v);
        v = Vector128.ConditionalSelect(first, v, Vector128.Create(v[0]));
    }

    private static void LoadActiveTail(double* p, Vector128<double> active, int lanes, out Vector128<double> v)
    {
        First(lanes, out Vector128<double> first);
        LoadActive(p, active & first, Vector128<double>.Count, out v);
        v = Vector128.ConditionalSelect(first, v, Vector128.Create(v[0]));
    }

    private static void Active<T>(T* from, T* to, ulong lanes) where T : unmanaged
    {
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int k = BitOperations.TrailingZeroCount(lanes);
            to[k] = from[k];
        }
    }
}
