using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>
/// What the step of a kernel calls with the number of lanes that hold elements. In the loop over full vectors that number is a
/// constant, and after inlining nothing is left of the test; in the tail the lanes without an element repeat element 0.
/// </summary>
public static unsafe partial class Lanes
{
    /// <summary>Copies elements; the arrays may be the same.</summary>
    public static void Move<T>(T* from, T* to, nint count) where T : unmanaged =>
        Buffer.MemoryCopy(from, to, (ulong)(count * sizeof(T)), (ulong)(count * sizeof(T)));

    /// <summary>Sets all elements to a value.</summary>
    public static void Fill<T>(T* p, nint count, T value) where T : unmanaged
    {
        for (; count > int.MaxValue; count -= int.MaxValue, p += int.MaxValue) new Span<T>(p, int.MaxValue).Fill(value);
        new Span<T>(p, (int)count).Fill(value);
    }

    /// <summary>The next elements, as many as there are <paramref name="lanes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load<T>(T* p, int lanes, out Vector512<T> v) where T : unmanaged
    {
        if (lanes == Vector512<T>.Count) v = *(Vector512<T>*)p;
        else LoadTail(p, lanes, out v);
    }

    /// <summary>Stores the lanes that hold elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector512<T> v, T* p, int lanes) where T : unmanaged
    {
        if (lanes == Vector512<T>.Count) *(Vector512<T>*)p = v;
        else StoreTail(v, p, lanes);
    }

    /// <summary>first, first + 1, …: the index of each lane's element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Index(int first, int lanes, out Vector512<int> v)
    {
        var at = Vector512<int>.Indices;
        if (lanes != Vector512<int>.Count) at = Vector512.ConditionalSelect(Vector512.LessThan(at, Vector512.Create(lanes)), at, Vector512<int>.Zero);
        v = Vector512.Create(first) + at;
    }

    /// <inheritdoc cref="Load{T}(T*, int, out Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load<T>(T* p, int lanes, out Vector256<T> v) where T : unmanaged
    {
        if (lanes == Vector256<T>.Count) v = *(Vector256<T>*)p;
        else LoadTail(p, lanes, out v);
    }

    /// <inheritdoc cref="Store{T}(Vector512{T}, T*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector256<T> v, T* p, int lanes) where T : unmanaged
    {
        if (lanes == Vector256<T>.Count) *(Vector256<T>*)p = v;
        else StoreTail(v, p, lanes);
    }

    /// <inheritdoc cref="Index(int, int, out Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Index(int first, int lanes, out Vector256<int> v)
    {
        var at = Vector256<int>.Indices;
        if (lanes != Vector256<int>.Count) at = Vector256.ConditionalSelect(Vector256.LessThan(at, Vector256.Create(lanes)), at, Vector256<int>.Zero);
        v = Vector256.Create(first) + at;
    }

    /// <inheritdoc cref="Load{T}(T*, int, out Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load<T>(T* p, int lanes, out Vector128<T> v) where T : unmanaged
    {
        if (lanes == Vector128<T>.Count) v = *(Vector128<T>*)p;
        else LoadTail(p, lanes, out v);
    }

    /// <inheritdoc cref="Store{T}(Vector512{T}, T*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector128<T> v, T* p, int lanes) where T : unmanaged
    {
        if (lanes == Vector128<T>.Count) *(Vector128<T>*)p = v;
        else StoreTail(v, p, lanes);
    }

    /// <inheritdoc cref="Index(int, int, out Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Index(int first, int lanes, out Vector128<int> v)
    {
        var at = Vector128<int>.Indices;
        if (lanes != Vector128<int>.Count) at = Vector128.ConditionalSelect(Vector128.LessThan(at, Vector128.Create(lanes)), at, Vector128<int>.Zero);
        v = Vector128.Create(first) + at;
    }

    /// <inheritdoc cref="Load{T}(T*, int, out Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load<T>(T* p, int lanes, out Vector64<T> v) where T : unmanaged
    {
        if (lanes == Vector64<T>.Count) v = *(Vector64<T>*)p;
        else LoadTail(p, lanes, out v);
    }

    /// <inheritdoc cref="Store{T}(Vector512{T}, T*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector64<T> v, T* p, int lanes) where T : unmanaged
    {
        if (lanes == Vector64<T>.Count) *(Vector64<T>*)p = v;
        else StoreTail(v, p, lanes);
    }

    /// <inheritdoc cref="Index(int, int, out Vector512{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Index(int first, int lanes, out Vector64<int> v)
    {
        var at = Vector64<int>.Indices;
        if (lanes != Vector64<int>.Count) at = Vector64.ConditionalSelect(Vector64.LessThan(at, Vector64.Create(lanes)), at, Vector64<int>.Zero);
        v = Vector64.Create(first) + at;
    }

    /// <summary>The lanes that hold elements; in the others a value that changes nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Keep(Vector512<float> v, int lanes, Vector512<float> neutral)
    {
        if (lanes == Vector512<float>.Count) return v;
        First(lanes, out Vector512<float> mask);
        return Vector512.ConditionalSelect(mask, v, neutral);
    }

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Keep(Vector512<double> v, int lanes, Vector512<double> neutral)
    {
        if (lanes == Vector512<double>.Count) return v;
        First(lanes, out Vector512<double> mask);
        return Vector512.ConditionalSelect(mask, v, neutral);
    }

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Keep(Vector256<float> v, int lanes, Vector256<float> neutral)
    {
        if (lanes == Vector256<float>.Count) return v;
        First(lanes, out Vector256<float> mask);
        return Vector256.ConditionalSelect(mask, v, neutral);
    }

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Keep(Vector256<double> v, int lanes, Vector256<double> neutral)
    {
        if (lanes == Vector256<double>.Count) return v;
        First(lanes, out Vector256<double> mask);
        return Vector256.ConditionalSelect(mask, v, neutral);
    }

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Keep(Vector128<float> v, int lanes, Vector128<float> neutral)
    {
        if (lanes == Vector128<float>.Count) return v;
        First(lanes, out Vector128<float> mask);
        return Vector128.ConditionalSelect(mask, v, neutral);
    }

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Keep(Vector128<double> v, int lanes, Vector128<double> neutral)
    {
        if (lanes == Vector128<double>.Count) return v;
        First(lanes, out Vector128<double> mask);
        return Vector128.ConditionalSelect(mask, v, neutral);
    }

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Keep(Vector512<int> v, int lanes, Vector512<int> neutral) =>
        lanes == Vector512<int>.Count ? v : Vector512.ConditionalSelect(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes)), v, neutral);

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Keep(Vector256<int> v, int lanes, Vector256<int> neutral) =>
        lanes == Vector256<int>.Count ? v : Vector256.ConditionalSelect(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(lanes)), v, neutral);

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Keep(Vector128<int> v, int lanes, Vector128<int> neutral) =>
        lanes == Vector128<int>.Count ? v : Vector128.ConditionalSelect(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(lanes)), v, neutral);

    /// <inheritdoc cref="Keep(Vector512{float}, int, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64<int> Keep(Vector64<int> v, int lanes, Vector64<int> neutral) =>
        lanes == Vector64<int>.Count ? v : Vector64.ConditionalSelect(Vector64.LessThan(Vector64<int>.Indices, Vector64.Create(lanes)), v, neutral);

    /// <summary>p[0], p[stride], p[2·stride], …, as many as there are <paramref name="lanes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(float* p, nint stride, int lanes, out Vector512<float> v)
    {
        if (lanes == Vector512<float>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(float* p, nint stride, int lanes, out Vector256<float> v)
    {
        if (lanes == Vector256<float>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(float* p, nint stride, int lanes, out Vector128<float> v)
    {
        if (lanes == Vector128<float>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(double* p, nint stride, int lanes, out Vector512<double> v)
    {
        if (lanes == Vector512<double>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(double* p, nint stride, int lanes, out Vector256<double> v)
    {
        if (lanes == Vector256<double>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(double* p, nint stride, int lanes, out Vector128<double> v)
    {
        if (lanes == Vector128<double>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(int* p, nint stride, int lanes, out Vector512<int> v)
    {
        if (lanes == Vector512<int>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(int* p, nint stride, int lanes, out Vector256<int> v)
    {
        if (lanes == Vector256<int>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(int* p, nint stride, int lanes, out Vector128<int> v)
    {
        if (lanes == Vector128<int>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <inheritdoc cref="LoadStrided(float*, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadStrided(int* p, nint stride, int lanes, out Vector64<int> v)
    {
        if (lanes == Vector64<int>.Count) LoadStrided(p, stride, out v);
        else LoadStridedTail(p, stride, lanes, out v);
    }

    /// <summary>In lane l, p[l·step + index·stride]: an index that data decides beside one that counts the lanes. Computed in 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(float* p, nint step, Vector512<int> index, nint stride, int lanes, out Vector512<float> v)
    {
        if (step != 0) GatherApart(p, step, index, stride, lanes, out v);
        else v = Vector512.Create(p[index[0] * stride], p[index[1] * stride], p[index[2] * stride], p[index[3] * stride], p[index[4] * stride], p[index[5] * stride], p[index[6] * stride], p[index[7] * stride], p[index[8] * stride], p[index[9] * stride], p[index[10] * stride], p[index[11] * stride], p[index[12] * stride], p[index[13] * stride], p[index[14] * stride], p[index[15] * stride]);
    }

    private static void GatherApart(float* p, nint step, Vector512<int> index, nint stride, int lanes, out Vector512<float> v)
    {
        Vector512<float> all = default;
        for (int l = 0; l < Vector512<float>.Count; l++) ((float*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(int* p, nint step, Vector512<int> index, nint stride, int lanes, out Vector512<int> v)
    {
        if (step != 0) GatherApart(p, step, index, stride, lanes, out v);
        else v = Vector512.Create(p[index[0] * stride], p[index[1] * stride], p[index[2] * stride], p[index[3] * stride], p[index[4] * stride], p[index[5] * stride], p[index[6] * stride], p[index[7] * stride], p[index[8] * stride], p[index[9] * stride], p[index[10] * stride], p[index[11] * stride], p[index[12] * stride], p[index[13] * stride], p[index[14] * stride], p[index[15] * stride]);
    }

    private static void GatherApart(int* p, nint step, Vector512<int> index, nint stride, int lanes, out Vector512<int> v)
    {
        Vector512<int> all = default;
        for (int l = 0; l < Vector512<int>.Count; l++) ((int*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(float* p, nint step, Vector256<int> index, nint stride, int lanes, out Vector256<float> v)
    {
        if (step != 0) GatherApart(p, step, index, stride, lanes, out v);
        else v = Vector256.Create(p[index[0] * stride], p[index[1] * stride], p[index[2] * stride], p[index[3] * stride], p[index[4] * stride], p[index[5] * stride], p[index[6] * stride], p[index[7] * stride]);
    }

    private static void GatherApart(float* p, nint step, Vector256<int> index, nint stride, int lanes, out Vector256<float> v)
    {
        Vector256<float> all = default;
        for (int l = 0; l < Vector256<float>.Count; l++) ((float*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(int* p, nint step, Vector256<int> index, nint stride, int lanes, out Vector256<int> v)
    {
        if (step != 0) GatherApart(p, step, index, stride, lanes, out v);
        else v = Vector256.Create(p[index[0] * stride], p[index[1] * stride], p[index[2] * stride], p[index[3] * stride], p[index[4] * stride], p[index[5] * stride], p[index[6] * stride], p[index[7] * stride]);
    }

    private static void GatherApart(int* p, nint step, Vector256<int> index, nint stride, int lanes, out Vector256<int> v)
    {
        Vector256<int> all = default;
        for (int l = 0; l < Vector256<int>.Count; l++) ((int*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    public static void Gather(float* p, nint step, Vector128<int> index, nint stride, int lanes, out Vector128<float> v)
    {
        Vector128<float> all = default;
        for (int l = 0; l < Vector128<float>.Count; l++) ((float*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    public static void Gather(int* p, nint step, Vector128<int> index, nint stride, int lanes, out Vector128<int> v)
    {
        Vector128<int> all = default;
        for (int l = 0; l < Vector128<int>.Count; l++) ((int*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(double* p, nint step, Vector256<int> index, nint stride, int lanes, out Vector512<double> v)
    {
        if (step != 0) GatherApart(p, step, index, stride, lanes, out v);
        else v = Vector512.Create(p[index[0] * stride], p[index[1] * stride], p[index[2] * stride], p[index[3] * stride], p[index[4] * stride], p[index[5] * stride], p[index[6] * stride], p[index[7] * stride]);
    }

    private static void GatherApart(double* p, nint step, Vector256<int> index, nint stride, int lanes, out Vector512<double> v)
    {
        Vector512<double> all = default;
        for (int l = 0; l < Vector512<double>.Count; l++) ((double*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather(double* p, nint step, Vector128<int> index, nint stride, int lanes, out Vector256<double> v)
    {
        if (step != 0) GatherApart(p, step, index, stride, lanes, out v);
        else v = Vector256.Create(p[index[0] * stride], p[index[1] * stride], p[index[2] * stride], p[index[3] * stride]);
    }

    private static void GatherApart(double* p, nint step, Vector128<int> index, nint stride, int lanes, out Vector256<double> v)
    {
        Vector256<double> all = default;
        for (int l = 0; l < Vector256<double>.Count; l++) ((double*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    public static void Gather(double* p, nint step, Vector64<int> index, nint stride, int lanes, out Vector128<double> v)
    {
        Vector128<double> all = default;
        for (int l = 0; l < Vector128<double>.Count; l++) ((double*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <inheritdoc cref="Gather(float*, nint, Vector512{int}, nint, int, out Vector512{float})"/>
    public static void Gather(int* p, nint step, Vector64<int> index, nint stride, int lanes, out Vector64<int> v)
    {
        Vector64<int> all = default;
        for (int l = 0; l < Vector64<int>.Count; l++) ((int*)&all)[l] = p[((l < lanes ? l : 0) * step) + (index[l] * stride)];
        v = all;
    }

    /// <summary>The exception for the first lane outside [0, extent).</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="array">The array that was indexed.</param>
    /// <param name="index">The index of each lane.</param>
    /// <param name="extent">The length of the dimension.</param>
    /// <param name="sample">The position of lane 0 in the batch; negative where there is no batch.</param>
    /// <param name="perLane">How far the sample moves from lane to lane: 1 or 0.</param>
    public static IndexOutOfRangeException Outside(string function, string array, Vector512<int> index, int extent, long sample, int perLane)
    {
        int lane = FirstOutside(index, extent);
        return Violation.Index(function, array, index[lane], extent, sample + (perLane * lane));
    }

    /// <inheritdoc cref="Outside(string, string, Vector512{int}, int, long, int)"/>
    public static IndexOutOfRangeException Outside(string function, string array, Vector256<int> index, int extent, long sample, int perLane)
    {
        int lane = FirstOutside(index, extent);
        return Violation.Index(function, array, index[lane], extent, sample + (perLane * lane));
    }

    /// <inheritdoc cref="Outside(string, string, Vector512{int}, int, long, int)"/>
    public static IndexOutOfRangeException Outside(string function, string array, Vector128<int> index, int extent, long sample, int perLane)
    {
        int lane = FirstOutside(index, extent);
        return Violation.Index(function, array, index[lane], extent, sample + (perLane * lane));
    }

    /// <inheritdoc cref="Outside(string, string, Vector512{int}, int, long, int)"/>
    public static IndexOutOfRangeException Outside(string function, string array, Vector64<int> index, int extent, long sample, int perLane)
    {
        int lane = FirstOutside(index, extent);
        return Violation.Index(function, array, index[lane], extent, sample + (perLane * lane));
    }
}
