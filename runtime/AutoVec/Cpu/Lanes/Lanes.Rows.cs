using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>Lanes that lie along a sum: what each has with all before it; and neighbours in memory taken the last one first.</summary>
public static unsafe partial class Lanes
{
    /// <summary>Each lane with all before it, in pairs, fours and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> RunningSum(Vector512<float> v)
    {
        v += Vector512.Shuffle(v, Vector512.Create(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14));
        v += Vector512.Shuffle(v, Vector512.Create(-1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
        v += Vector512.Shuffle(v, Vector512.Create(-1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        v += Vector512.Shuffle(v, Vector512.Create(-1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7));
        return v;
    }

    /// <summary>The last lane in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Last(Vector512<float> v) => Vector512.Shuffle(v, Vector512.Create(15));

    /// <summary>What stands in the lane before; in the first, that of <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Before(Vector512<float> first, Vector512<float> v) =>
        Vector512.ConditionalSelect(Vector512.LessThan(Vector512<int>.Indices, Vector512<int>.One).AsSingle(), first, Vector512.Shuffle(v, Vector512.Create(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)));

    /// <summary>Each lane with all before it, in pairs, fours and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> RunningSum(Vector512<double> v)
    {
        v += Vector512.Shuffle(v, Vector512.Create(-1, 0, 1, 2, 3, 4, 5, 6));
        v += Vector512.Shuffle(v, Vector512.Create(-1, -1, 0, 1, 2, 3, 4, 5));
        v += Vector512.Shuffle(v, Vector512.Create(-1, -1, -1, -1, 0, 1, 2, 3));
        return v;
    }

    /// <summary>The last lane in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Last(Vector512<double> v) => Vector512.Shuffle(v, Vector512.Create(7L));

    /// <summary>What stands in the lane before; in the first, that of <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Before(Vector512<double> first, Vector512<double> v) =>
        Vector512.ConditionalSelect(Vector512.LessThan(Vector512<long>.Indices, Vector512<long>.One).AsDouble(), first, Vector512.Shuffle(v, Vector512.Create(0, 0, 1, 2, 3, 4, 5, 6)));

    /// <summary>Each lane with all before it, in pairs, fours and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> RunningSum(Vector256<float> v)
    {
        v += Vector256.Shuffle(v, Vector256.Create(-1, 0, 1, 2, 3, 4, 5, 6));
        v += Vector256.Shuffle(v, Vector256.Create(-1, -1, 0, 1, 2, 3, 4, 5));
        v += Vector256.Shuffle(v, Vector256.Create(-1, -1, -1, -1, 0, 1, 2, 3));
        return v;
    }

    /// <summary>The last lane in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Last(Vector256<float> v) => Vector256.Shuffle(v, Vector256.Create(7));

    /// <summary>What stands in the lane before; in the first, that of <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Before(Vector256<float> first, Vector256<float> v) =>
        Vector256.ConditionalSelect(Vector256.LessThan(Vector256<int>.Indices, Vector256<int>.One).AsSingle(), first, Vector256.Shuffle(v, Vector256.Create(0, 0, 1, 2, 3, 4, 5, 6)));

    /// <summary>Each lane with all before it, in pairs, fours and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> RunningSum(Vector256<double> v)
    {
        v += Vector256.Shuffle(v, Vector256.Create(-1, 0, 1, 2));
        v += Vector256.Shuffle(v, Vector256.Create(-1, -1, 0, 1));
        return v;
    }

    /// <summary>The last lane in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Last(Vector256<double> v) => Vector256.Shuffle(v, Vector256.Create(3L));

    /// <summary>What stands in the lane before; in the first, that of <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Before(Vector256<double> first, Vector256<double> v) =>
        Vector256.ConditionalSelect(Vector256.LessThan(Vector256<long>.Indices, Vector256<long>.One).AsDouble(), first, Vector256.Shuffle(v, Vector256.Create(0, 0, 1, 2)));

    /// <summary>Each lane with all before it, in pairs, fours and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> RunningSum(Vector128<float> v)
    {
        v += Vector128.Shuffle(v, Vector128.Create(-1, 0, 1, 2));
        v += Vector128.Shuffle(v, Vector128.Create(-1, -1, 0, 1));
        return v;
    }

    /// <summary>The last lane in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Last(Vector128<float> v) => Vector128.Shuffle(v, Vector128.Create(3));

    /// <summary>What stands in the lane before; in the first, that of <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Before(Vector128<float> first, Vector128<float> v) =>
        Vector128.ConditionalSelect(Vector128.LessThan(Vector128<int>.Indices, Vector128<int>.One).AsSingle(), first, Vector128.Shuffle(v, Vector128.Create(0, 0, 1, 2)));

    /// <summary>Each lane with all before it, in pairs, fours and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> RunningSum(Vector128<double> v)
    {
        v += Vector128.Shuffle(v, Vector128.Create(-1L, 0L));
        return v;
    }

    /// <summary>The last lane in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Last(Vector128<double> v) => Vector128.Shuffle(v, Vector128.Create(1L));

    /// <summary>What stands in the lane before; in the first, that of <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Before(Vector128<double> first, Vector128<double> v) =>
        Vector128.ConditionalSelect(Vector128.LessThan(Vector128<long>.Indices, Vector128<long>.One).AsDouble(), first, Vector128.Shuffle(v, Vector128.Create(0L, 0L)));

    /// <summary>The element and those before it in memory, as many as there are <paramref name="lanes"/>; the lanes after them repeat the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadReversed<T>(T* p, int lanes, out Vector512<T> v) where T : unmanaged
    {
        if (lanes == Vector512<T>.Count) v = Turned(*(Vector512<T>*)(p - (Vector512<T>.Count - 1)));
        else LoadReversedTail(p, lanes, out v);
    }

    private static void LoadReversedTail<T>(T* p, int lanes, out Vector512<T> v) where T : unmanaged
    {
        var all = Vector512.Create(*p);
        for (int k = 1; k < lanes; k++) ((T*)&all)[k] = p[-k];
        v = all;
    }

    /// <summary>Stores the lanes that hold elements, each before the one before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreReversed<T>(Vector512<T> v, T* p, int lanes) where T : unmanaged
    {
        if (lanes == Vector512<T>.Count) *(Vector512<T>*)(p - (Vector512<T>.Count - 1)) = Turned(v);
        else StoreReversedTail(v, p, lanes);
    }

    private static void StoreReversedTail<T>(Vector512<T> v, T* p, int lanes) where T : unmanaged
    {
        for (int k = 0; k < lanes; k++) p[-k] = ((T*)&v)[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Turned<T>(Vector512<T> v) where T : unmanaged => sizeof(T) == 4
        ? Vector512.Shuffle(v.AsInt32(), Vector512.Create(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)).As<int, T>()
        : Vector512.Shuffle(v.AsInt64(), Vector512.Create(7, 6, 5, 4, 3, 2, 1, 0)).As<long, T>();

    /// <inheritdoc cref="LoadReversed{T}(T*, int, out Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadReversed<T>(T* p, int lanes, out Vector256<T> v) where T : unmanaged
    {
        if (lanes == Vector256<T>.Count) v = Turned(*(Vector256<T>*)(p - (Vector256<T>.Count - 1)));
        else LoadReversedTail(p, lanes, out v);
    }

    private static void LoadReversedTail<T>(T* p, int lanes, out Vector256<T> v) where T : unmanaged
    {
        var all = Vector256.Create(*p);
        for (int k = 1; k < lanes; k++) ((T*)&all)[k] = p[-k];
        v = all;
    }

    /// <inheritdoc cref="StoreReversed{T}(Vector512{T}, T*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreReversed<T>(Vector256<T> v, T* p, int lanes) where T : unmanaged
    {
        if (lanes == Vector256<T>.Count) *(Vector256<T>*)(p - (Vector256<T>.Count - 1)) = Turned(v);
        else StoreReversedTail(v, p, lanes);
    }

    private static void StoreReversedTail<T>(Vector256<T> v, T* p, int lanes) where T : unmanaged
    {
        for (int k = 0; k < lanes; k++) p[-k] = ((T*)&v)[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Turned<T>(Vector256<T> v) where T : unmanaged => sizeof(T) == 4
        ? Vector256.Shuffle(v.AsInt32(), Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0)).As<int, T>()
        : Vector256.Shuffle(v.AsInt64(), Vector256.Create(3, 2, 1, 0)).As<long, T>();

    /// <inheritdoc cref="LoadReversed{T}(T*, int, out Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadReversed<T>(T* p, int lanes, out Vector128<T> v) where T : unmanaged
    {
        if (lanes == Vector128<T>.Count) v = Turned(*(Vector128<T>*)(p - (Vector128<T>.Count - 1)));
        else LoadReversedTail(p, lanes, out v);
    }

    private static void LoadReversedTail<T>(T* p, int lanes, out Vector128<T> v) where T : unmanaged
    {
        var all = Vector128.Create(*p);
        for (int k = 1; k < lanes; k++) ((T*)&all)[k] = p[-k];
        v = all;
    }

    /// <inheritdoc cref="StoreReversed{T}(Vector512{T}, T*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreReversed<T>(Vector128<T> v, T* p, int lanes) where T : unmanaged
    {
        if (lanes == Vector128<T>.Count) *(Vector128<T>*)(p - (Vector128<T>.Count - 1)) = Turned(v);
        else StoreReversedTail(v, p, lanes);
    }

    private static void StoreReversedTail<T>(Vector128<T> v, T* p, int lanes) where T : unmanaged
    {
        for (int k = 0; k < lanes; k++) p[-k] = ((T*)&v)[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Turned<T>(Vector128<T> v) where T : unmanaged => sizeof(T) == 4
        ? Vector128.Shuffle(v.AsInt32(), Vector128.Create(3, 2, 1, 0)).As<int, T>()
        : Vector128.Shuffle(v.AsInt64(), Vector128.Create(1L, 0L)).As<long, T>();

    /// <inheritdoc cref="LoadReversed{T}(T*, int, out Vector512{T})"/>
    public static void LoadReversed<T>(T* p, int lanes, out Vector64<T> v) where T : unmanaged
    {
        v = Vector64.Create(*p);
        for (int k = 1; k < lanes; k++) v = v.WithElement(k, p[-k]);
    }

    /// <inheritdoc cref="StoreReversed{T}(Vector512{T}, T*, int)"/>
    public static void StoreReversed<T>(Vector64<T> v, T* p, int lanes) where T : unmanaged
    {
        for (int k = 0; k < lanes; k++) p[-k] = v[k];
    }

    /// <summary>The lanes of each total put together: lanes <paramref name="at"/> and the next of <paramref name="sums"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutSums<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, int at, ref Vector512<T> sums) where T : unmanaged, INumber<T>
    {
        ref T first = ref Unsafe.Add(ref Unsafe.As<Vector512<T>, T>(ref sums), at);
        first = Sum(a);
        Unsafe.Add(ref first, 1) = Sum(b);
        Unsafe.Add(ref first, 2) = Sum(c);
        Unsafe.Add(ref first, 3) = Sum(d);
    }

    /// <summary>The lanes that hold elements; the others repeat the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Filled(Vector512<float> v, int lanes) => Keep(v, lanes, Vector512.Create(v[0]));

    /// <inheritdoc cref="Filled(Vector512{float}, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Filled(Vector512<double> v, int lanes) => Keep(v, lanes, Vector512.Create(v[0]));

    /// <summary>The lanes of each total put together: lanes <paramref name="at"/> and the next of <paramref name="sums"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutSums<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, int at, ref Vector256<T> sums) where T : unmanaged, INumber<T>
    {
        ref T first = ref Unsafe.Add(ref Unsafe.As<Vector256<T>, T>(ref sums), at);
        first = Sum(a);
        Unsafe.Add(ref first, 1) = Sum(b);
        Unsafe.Add(ref first, 2) = Sum(c);
        Unsafe.Add(ref first, 3) = Sum(d);
    }

    /// <summary>The lanes that hold elements; the others repeat the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Filled(Vector256<float> v, int lanes) => Keep(v, lanes, Vector256.Create(v[0]));

    /// <inheritdoc cref="Filled(Vector256{float}, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Filled(Vector256<double> v, int lanes) => Keep(v, lanes, Vector256.Create(v[0]));

    /// <summary>The lanes of each total put together: lanes <paramref name="at"/> and the next of <paramref name="sums"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutSums<T>(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d, int at, ref Vector128<T> sums) where T : unmanaged, INumber<T>
    {
        ref T first = ref Unsafe.Add(ref Unsafe.As<Vector128<T>, T>(ref sums), at);
        first = Sum(a);
        Unsafe.Add(ref first, 1) = Sum(b);
        if (Vector128<T>.Count == 2) return;
        Unsafe.Add(ref first, 2) = Sum(c);
        Unsafe.Add(ref first, 3) = Sum(d);
    }

    /// <summary>The lanes that hold elements; the others repeat the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Filled(Vector128<float> v, int lanes) => Keep(v, lanes, Vector128.Create(v[0]));

    /// <inheritdoc cref="Filled(Vector128{float}, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Filled(Vector128<double> v, int lanes) => Keep(v, lanes, Vector128.Create(v[0]));

    /// <summary>Rows, <paramref name="stride"/> apart, one in each lane: element k of all lanes goes to <paramref name="to"/>[k]. Lanes without a row repeat the first.</summary>
    public static void LoadRows<T>(T* from, nint stride, int count, int lanes, Vector512<T>* to) where T : unmanaged
    {
        int k = 0;
        if (lanes == Vector512<T>.Count && Transpose.Side<T>() == lanes)
        {
            for (; k <= count - lanes; k += lanes) Transpose.Square(from + k, stride, lanes, lanes, (T*)(to + k), lanes);
            if (k < count)
            {
                Vector512<T>* rest = stackalloc Vector512<T>[Vector512<T>.Count];
                Transpose.Square(from + k, stride, lanes, count - k, (T*)rest, lanes);
                for (int j = 0; k < count; j++, k++) to[k] = rest[j];
            }
        }
        for (; k < count; k++)
        {
            var element = Vector512.Create(from[k]);
            for (int lane = 1; lane < lanes; lane++) ((T*)&element)[lane] = from[(lane * stride) + k];
            to[k] = element;
        }
    }

    /// <summary>Rows, <paramref name="stride"/> apart, one in each lane: element k of all lanes goes to <paramref name="to"/>[k]. Lanes without a row repeat the first.</summary>
    public static void LoadRows<T>(T* from, nint stride, int count, int lanes, Vector256<T>* to) where T : unmanaged
    {
        int k = 0;
        if (lanes == Vector256<T>.Count && Transpose.Side<T>() == lanes)
        {
            for (; k <= count - lanes; k += lanes) Transpose.Square(from + k, stride, lanes, lanes, (T*)(to + k), lanes);
            if (k < count)
            {
                Vector256<T>* rest = stackalloc Vector256<T>[Vector256<T>.Count];
                Transpose.Square(from + k, stride, lanes, count - k, (T*)rest, lanes);
                for (int j = 0; k < count; j++, k++) to[k] = rest[j];
            }
        }
        for (; k < count; k++)
        {
            var element = Vector256.Create(from[k]);
            for (int lane = 1; lane < lanes; lane++) ((T*)&element)[lane] = from[(lane * stride) + k];
            to[k] = element;
        }
    }

    /// <summary>Rows, <paramref name="stride"/> apart, one in each lane: element k of all lanes goes to <paramref name="to"/>[k]. Lanes without a row repeat the first.</summary>
    public static void LoadRows<T>(T* from, nint stride, int count, int lanes, Vector128<T>* to) where T : unmanaged
    {
        int k = 0;
        if (lanes == Vector128<T>.Count && Transpose.Side<T>() == lanes)
        {
            for (; k <= count - lanes; k += lanes) Transpose.Square(from + k, stride, lanes, lanes, (T*)(to + k), lanes);
            if (k < count)
            {
                Vector128<T>* rest = stackalloc Vector128<T>[Vector128<T>.Count];
                Transpose.Square(from + k, stride, lanes, count - k, (T*)rest, lanes);
                for (int j = 0; k < count; j++, k++) to[k] = rest[j];
            }
        }
        for (; k < count; k++)
        {
            var element = Vector128.Create(from[k]);
            for (int lane = 1; lane < lanes; lane++) ((T*)&element)[lane] = from[(lane * stride) + k];
            to[k] = element;
        }
    }
}
