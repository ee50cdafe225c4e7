using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>Memory that is not contiguous, and the check of indices that data decides.</summary>
public static unsafe partial class Lanes
{
    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gather(float* p, Vector512<int> index)
    {
        return Vector512.Create(
            p[index[0]], p[index[1]], p[index[2]], p[index[3]], p[index[4]], p[index[5]], p[index[6]], p[index[7]],
            p[index[8]], p[index[9]], p[index[10]], p[index[11]], p[index[12]], p[index[13]], p[index[14]], p[index[15]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float* p, Vector256<int> index)
    {
        if (Avx2.IsSupported) return Avx2.GatherVector256(p, index, 4);
        return Vector256.Create(p[index[0]], p[index[1]], p[index[2]], p[index[3]], p[index[4]], p[index[5]], p[index[6]], p[index[7]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Gather(float* p, Vector128<int> index)
    {
        if (Avx2.IsSupported) return Avx2.GatherVector128(p, index, 4);
        return Vector128.Create(p[index[0]], p[index[1]], p[index[2]], p[index[3]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Gather(double* p, Vector256<int> index)
    {
        if (Avx2.IsSupported)
            return Vector512.Create(Avx2.GatherVector256(p, index.GetLower(), 8), Avx2.GatherVector256(p, index.GetUpper(), 8));
        return Vector512.Create(p[index[0]], p[index[1]], p[index[2]], p[index[3]], p[index[4]], p[index[5]], p[index[6]], p[index[7]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Gather(double* p, Vector128<int> index)
    {
        if (Avx2.IsSupported) return Avx2.GatherVector256(p, index, 8);
        return Vector256.Create(p[index[0]], p[index[1]], p[index[2]], p[index[3]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Gather(double* p, Vector64<int> index)
    {
        return Vector128.Create(p[index[0]], p[index[1]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Gather(int* p, Vector512<int> index)
    {
        return Vector512.Create(
            p[index[0]], p[index[1]], p[index[2]], p[index[3]], p[index[4]], p[index[5]], p[index[6]], p[index[7]],
            p[index[8]], p[index[9]], p[index[10]], p[index[11]], p[index[12]], p[index[13]], p[index[14]], p[index[15]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Gather(int* p, Vector256<int> index)
    {
        if (Avx2.IsSupported) return Avx2.GatherVector256(p, index, 4);
        return Vector256.Create(p[index[0]], p[index[1]], p[index[2]], p[index[3]], p[index[4]], p[index[5]], p[index[6]], p[index[7]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Gather(int* p, Vector128<int> index)
    {
        if (Avx2.IsSupported) return Avx2.GatherVector128(p, index, 4);
        return Vector128.Create(p[index[0]], p[index[1]], p[index[2]], p[index[3]]);
    }

    /// <summary>p[index] in each lane. The indices must be in range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64<int> Gather(int* p, Vector64<int> index)
    {
        return Vector64.Create(p[index[0]], p[index[1]]);
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(float* p, nint stride, out Vector512<float> v) =>
        v = Vector512.Create(
            *p, p[stride], p[2 * stride], p[3 * stride], p[4 * stride], p[5 * stride], p[6 * stride], p[7 * stride],
            p[8 * stride], p[9 * stride], p[10 * stride], p[11 * stride], p[12 * stride], p[13 * stride], p[14 * stride], p[15 * stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(float* p, nint stride, int rest, out Vector512<float> v)
    {
        var all = Vector512.Create(*p);
        for (int i = 1; i < rest; i++) ((float*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector512<float> v, float* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((float*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(float* p, nint stride, out Vector256<float> v) =>
        v = Vector256.Create(*p, p[stride], p[2 * stride], p[3 * stride], p[4 * stride], p[5 * stride], p[6 * stride], p[7 * stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(float* p, nint stride, int rest, out Vector256<float> v)
    {
        var all = Vector256.Create(*p);
        for (int i = 1; i < rest; i++) ((float*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector256<float> v, float* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((float*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(float* p, nint stride, out Vector128<float> v) =>
        v = Vector128.Create(*p, p[stride], p[2 * stride], p[3 * stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(float* p, nint stride, int rest, out Vector128<float> v)
    {
        var all = Vector128.Create(*p);
        for (int i = 1; i < rest; i++) ((float*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector128<float> v, float* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((float*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(double* p, nint stride, out Vector512<double> v) =>
        v = Vector512.Create(*p, p[stride], p[2 * stride], p[3 * stride], p[4 * stride], p[5 * stride], p[6 * stride], p[7 * stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(double* p, nint stride, int rest, out Vector512<double> v)
    {
        var all = Vector512.Create(*p);
        for (int i = 1; i < rest; i++) ((double*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector512<double> v, double* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((double*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(double* p, nint stride, out Vector256<double> v) =>
        v = Vector256.Create(*p, p[stride], p[2 * stride], p[3 * stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(double* p, nint stride, int rest, out Vector256<double> v)
    {
        var all = Vector256.Create(*p);
        for (int i = 1; i < rest; i++) ((double*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector256<double> v, double* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((double*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(double* p, nint stride, out Vector128<double> v) =>
        v = Vector128.Create(*p, p[stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(double* p, nint stride, int rest, out Vector128<double> v)
    {
        var all = Vector128.Create(*p);
        for (int i = 1; i < rest; i++) ((double*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector128<double> v, double* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((double*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(int* p, nint stride, out Vector512<int> v) =>
        v = Vector512.Create(
            *p, p[stride], p[2 * stride], p[3 * stride], p[4 * stride], p[5 * stride], p[6 * stride], p[7 * stride],
            p[8 * stride], p[9 * stride], p[10 * stride], p[11 * stride], p[12 * stride], p[13 * stride], p[14 * stride], p[15 * stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(int* p, nint stride, int rest, out Vector512<int> v)
    {
        var all = Vector512.Create(*p);
        for (int i = 1; i < rest; i++) ((int*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector512<int> v, int* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((int*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(int* p, nint stride, out Vector256<int> v) =>
        v = Vector256.Create(*p, p[stride], p[2 * stride], p[3 * stride], p[4 * stride], p[5 * stride], p[6 * stride], p[7 * stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(int* p, nint stride, int rest, out Vector256<int> v)
    {
        var all = Vector256.Create(*p);
        for (int i = 1; i < rest; i++) ((int*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector256<int> v, int* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((int*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(int* p, nint stride, out Vector128<int> v) =>
        v = Vector128.Create(*p, p[stride], p[2 * stride], p[3 * stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(int* p, nint stride, int rest, out Vector128<int> v)
    {
        var all = Vector128.Create(*p);
        for (int i = 1; i < rest; i++) ((int*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector128<int> v, int* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((int*)&v)[i];
    }

    /// <summary>p[0], p[stride], p[2·stride], …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(int* p, nint stride, out Vector64<int> v) =>
        v = Vector64.Create(*p, p[stride]);

    /// <summary>As LoadStrided of the first <paramref name="rest"/> elements; the lanes after them repeat element 0.</summary>
    public static void LoadStridedTail(int* p, nint stride, int rest, out Vector64<int> v)
    {
        var all = Vector64.Create(*p);
        for (int i = 1; i < rest; i++) ((int*)&all)[i] = p[i * stride];
        v = all;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes to p[0], p[stride], ….</summary>
    public static void StoreStrided(Vector64<int> v, int* p, nint stride, int count)
    {
        for (int i = 0; i < count; i++) p[i * stride] = ((int*)&v)[i];
    }

    /// <summary>Is any lane outside [0, extent)?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(Vector512<int> index, int extent) =>
        Vector512.GreaterThanOrEqualAny(index.AsUInt32(), Vector512.Create((uint)extent));

    /// <summary>The first lane outside [0, extent), or -1.</summary>
    public static int FirstOutside(Vector512<int> index, int extent)
    {
        for (int i = 0; i < Vector512<int>.Count; i++)
            if ((uint)index[i] >= (uint)extent) return i;
        return -1;
    }

    /// <summary>Is any lane outside [0, extent)?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(Vector256<int> index, int extent) =>
        Vector256.GreaterThanOrEqualAny(index.AsUInt32(), Vector256.Create((uint)extent));

    /// <summary>The first lane outside [0, extent), or -1.</summary>
    public static int FirstOutside(Vector256<int> index, int extent)
    {
        for (int i = 0; i < Vector256<int>.Count; i++)
            if ((uint)index[i] >= (uint)extent) return i;
        return -1;
    }

    /// <summary>Is any lane outside [0, extent)?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(Vector128<int> index, int extent) =>
        Vector128.GreaterThanOrEqualAny(index.AsUInt32(), Vector128.Create((uint)extent));

    /// <summary>The first lane outside [0, extent), or -1.</summary>
    public static int FirstOutside(Vector128<int> index, int extent)
    {
        for (int i = 0; i < Vector128<int>.Count; i++)
            if ((uint)index[i] >= (uint)extent) return i;
        return -1;
    }

    /// <summary>Is any lane outside [0, extent)?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(Vector64<int> index, int extent) =>
        Vector64.GreaterThanOrEqualAny(index.AsUInt32(), Vector64.Create((uint)extent));

    /// <summary>The first lane outside [0, extent), or -1.</summary>
    public static int FirstOutside(Vector64<int> index, int extent)
    {
        for (int i = 0; i < Vector64<int>.Count; i++)
            if ((uint)index[i] >= (uint)extent) return i;
        return -1;
    }
}
