using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>
/// Arrays of each lane: element i of all lanes lies in one vector, so that what all lanes read at one place is one load, and lanes at
/// different places never share an element.
/// </summary>
public static unsafe partial class Lanes
{
    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GatherOwn(Vector512<float>* own, Vector512<int> at)
    {
        return Vector512.Create(((float*)(own + at[0]))[0], ((float*)(own + at[1]))[1], ((float*)(own + at[2]))[2], ((float*)(own + at[3]))[3], ((float*)(own + at[4]))[4], ((float*)(own + at[5]))[5], ((float*)(own + at[6]))[6], ((float*)(own + at[7]))[7], ((float*)(own + at[8]))[8], ((float*)(own + at[9]))[9], ((float*)(own + at[10]))[10], ((float*)(own + at[11]))[11], ((float*)(own + at[12]))[12], ((float*)(own + at[13]))[13], ((float*)(own + at[14]))[14], ((float*)(own + at[15]))[15]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector512<float> v, Vector512<float>* own, Vector512<int> at)
    {
        for (int i = 0; i < Vector512<float>.Count; i++) ((float*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector512<float> v, Vector512<float>* own, Vector512<int> at, Vector512<float> active)
    {
        ulong bits = Vector512.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector512<float>.Count; i++)
            if ((bits >> i & 1) != 0) ((float*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GatherOwn(Vector256<float>* own, Vector256<int> at)
    {
        return Vector256.Create(((float*)(own + at[0]))[0], ((float*)(own + at[1]))[1], ((float*)(own + at[2]))[2], ((float*)(own + at[3]))[3], ((float*)(own + at[4]))[4], ((float*)(own + at[5]))[5], ((float*)(own + at[6]))[6], ((float*)(own + at[7]))[7]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector256<float> v, Vector256<float>* own, Vector256<int> at)
    {
        for (int i = 0; i < Vector256<float>.Count; i++) ((float*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector256<float> v, Vector256<float>* own, Vector256<int> at, Vector256<float> active)
    {
        ulong bits = Vector256.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector256<float>.Count; i++)
            if ((bits >> i & 1) != 0) ((float*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GatherOwn(Vector128<float>* own, Vector128<int> at)
    {
        return Vector128.Create(((float*)(own + at[0]))[0], ((float*)(own + at[1]))[1], ((float*)(own + at[2]))[2], ((float*)(own + at[3]))[3]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector128<float> v, Vector128<float>* own, Vector128<int> at)
    {
        for (int i = 0; i < Vector128<float>.Count; i++) ((float*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector128<float> v, Vector128<float>* own, Vector128<int> at, Vector128<float> active)
    {
        ulong bits = Vector128.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector128<float>.Count; i++)
            if ((bits >> i & 1) != 0) ((float*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> GatherOwn(Vector512<double>* own, Vector256<int> at)
    {
        if (Avx2.IsSupported)
        {
            var (low, high) = Vector256.Widen(at);
            var (first, second) = ((low << 3) + Vector256<long>.Indices, (high << 3) + Vector256<long>.Indices + Vector256.Create(4L));
            return Vector512.Create(Avx2.GatherVector256((double*)own, first, 8), Avx2.GatherVector256((double*)own, second, 8));
        }
        return Vector512.Create(((double*)(own + at[0]))[0], ((double*)(own + at[1]))[1], ((double*)(own + at[2]))[2], ((double*)(own + at[3]))[3], ((double*)(own + at[4]))[4], ((double*)(own + at[5]))[5], ((double*)(own + at[6]))[6], ((double*)(own + at[7]))[7]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector512<double> v, Vector512<double>* own, Vector256<int> at)
    {
        for (int i = 0; i < Vector512<double>.Count; i++) ((double*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector512<double> v, Vector512<double>* own, Vector256<int> at, Vector512<double> active)
    {
        ulong bits = Vector512.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector512<double>.Count; i++)
            if ((bits >> i & 1) != 0) ((double*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> GatherOwn(Vector256<double>* own, Vector128<int> at)
    {
        if (Avx2.IsSupported)
        {
            var (low, high) = Vector128.Widen(at);
            return Avx2.GatherVector256((double*)own, (Vector256.Create(low, high) << 2) + Vector256<long>.Indices, 8);
        }
        return Vector256.Create(((double*)(own + at[0]))[0], ((double*)(own + at[1]))[1], ((double*)(own + at[2]))[2], ((double*)(own + at[3]))[3]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector256<double> v, Vector256<double>* own, Vector128<int> at)
    {
        for (int i = 0; i < Vector256<double>.Count; i++) ((double*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector256<double> v, Vector256<double>* own, Vector128<int> at, Vector256<double> active)
    {
        ulong bits = Vector256.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector256<double>.Count; i++)
            if ((bits >> i & 1) != 0) ((double*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> GatherOwn(Vector128<double>* own, Vector64<int> at)
    {
        return Vector128.Create(((double*)(own + at[0]))[0], ((double*)(own + at[1]))[1]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector128<double> v, Vector128<double>* own, Vector64<int> at)
    {
        for (int i = 0; i < Vector128<double>.Count; i++) ((double*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector128<double> v, Vector128<double>* own, Vector64<int> at, Vector128<double> active)
    {
        ulong bits = Vector128.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector128<double>.Count; i++)
            if ((bits >> i & 1) != 0) ((double*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> GatherOwn(Vector512<int>* own, Vector512<int> at)
    {
        return Vector512.Create(((int*)(own + at[0]))[0], ((int*)(own + at[1]))[1], ((int*)(own + at[2]))[2], ((int*)(own + at[3]))[3], ((int*)(own + at[4]))[4], ((int*)(own + at[5]))[5], ((int*)(own + at[6]))[6], ((int*)(own + at[7]))[7], ((int*)(own + at[8]))[8], ((int*)(own + at[9]))[9], ((int*)(own + at[10]))[10], ((int*)(own + at[11]))[11], ((int*)(own + at[12]))[12], ((int*)(own + at[13]))[13], ((int*)(own + at[14]))[14], ((int*)(own + at[15]))[15]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector512<int> v, Vector512<int>* own, Vector512<int> at)
    {
        for (int i = 0; i < Vector512<int>.Count; i++) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector512<int> v, Vector512<int>* own, Vector512<int> at, Vector512<float> active)
    {
        ulong bits = Vector512.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector512<int>.Count; i++)
            if ((bits >> i & 1) != 0) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> GatherOwn(Vector256<int>* own, Vector256<int> at)
    {
        return Vector256.Create(((int*)(own + at[0]))[0], ((int*)(own + at[1]))[1], ((int*)(own + at[2]))[2], ((int*)(own + at[3]))[3], ((int*)(own + at[4]))[4], ((int*)(own + at[5]))[5], ((int*)(own + at[6]))[6], ((int*)(own + at[7]))[7]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector256<int> v, Vector256<int>* own, Vector256<int> at)
    {
        for (int i = 0; i < Vector256<int>.Count; i++) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector256<int> v, Vector256<int>* own, Vector256<int> at, Vector256<float> active)
    {
        ulong bits = Vector256.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector256<int>.Count; i++)
            if ((bits >> i & 1) != 0) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector256<int> v, Vector256<int>* own, Vector256<int> at, Vector512<double> active)
    {
        ulong bits = Vector512.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector256<int>.Count; i++)
            if ((bits >> i & 1) != 0) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> GatherOwn(Vector128<int>* own, Vector128<int> at)
    {
        return Vector128.Create(((int*)(own + at[0]))[0], ((int*)(own + at[1]))[1], ((int*)(own + at[2]))[2], ((int*)(own + at[3]))[3]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector128<int> v, Vector128<int>* own, Vector128<int> at)
    {
        for (int i = 0; i < Vector128<int>.Count; i++) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector128<int> v, Vector128<int>* own, Vector128<int> at, Vector128<float> active)
    {
        ulong bits = Vector128.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector128<int>.Count; i++)
            if ((bits >> i & 1) != 0) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector128<int> v, Vector128<int>* own, Vector128<int> at, Vector256<double> active)
    {
        ulong bits = Vector256.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector128<int>.Count; i++)
            if ((bits >> i & 1) != 0) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Each lane's own element <paramref name="at"/>. The positions must be in range, of lanes that are masked too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64<int> GatherOwn(Vector64<int>* own, Vector64<int> at)
    {
        return Vector64.Create(((int*)(own + at[0]))[0], ((int*)(own + at[1]))[1]);
    }

    /// <summary>Writes each lane's own element <paramref name="at"/>.</summary>
    public static void ScatterOwn(Vector64<int> v, Vector64<int>* own, Vector64<int> at)
    {
        for (int i = 0; i < Vector64<int>.Count; i++) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>Writes each active lane's own element <paramref name="at"/>.</summary>

    public static void ScatterOwn(Vector64<int> v, Vector64<int>* own, Vector64<int> at, Vector128<double> active)
    {
        ulong bits = Vector128.ExtractMostSignificantBits(active);
        for (int i = 0; i < Vector64<int>.Count; i++)
            if ((bits >> i & 1) != 0) ((int*)(own + at[i]))[i] = v[i];
    }

    /// <summary>The largest of all lanes: how far a loop goes, or an array reaches, of which each lane has its own length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Most(Vector512<int> lengths)
    {
        int most = lengths[0];
        for (int i = 1; i < Vector512<int>.Count; i++) most = Math.Max(most, lengths[i]);
        return most;
    }

    /// <summary>Is any lane outside [0, its extent)?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(Vector512<int> index, Vector512<int> extent) =>
        (Vector512.LessThan(index, Vector512<int>.Zero) | Vector512.GreaterThanOrEqual(index, extent)) != Vector512<int>.Zero;

    /// <inheritdoc cref="Outside(string, string, Vector512{int}, int, long, int)"/>
    public static IndexOutOfRangeException Outside(string function, string array, Vector512<int> index, Vector512<int> extent, long sample, int perLane)
    {
        int lane = 0;
        while (index[lane] >= 0 && index[lane] < extent[lane]) lane++;
        return Violation.Index(function, array, index[lane], extent[lane], sample + (long)lane * perLane);
    }

    /// <summary>The largest of all lanes: how far a loop goes, or an array reaches, of which each lane has its own length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Most(Vector256<int> lengths)
    {
        int most = lengths[0];
        for (int i = 1; i < Vector256<int>.Count; i++) most = Math.Max(most, lengths[i]);
        return most;
    }

    /// <summary>Is any lane outside [0, its extent)?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(Vector256<int> index, Vector256<int> extent) =>
        (Vector256.LessThan(index, Vector256<int>.Zero) | Vector256.GreaterThanOrEqual(index, extent)) != Vector256<int>.Zero;

    /// <inheritdoc cref="Outside(string, string, Vector512{int}, int, long, int)"/>
    public static IndexOutOfRangeException Outside(string function, string array, Vector256<int> index, Vector256<int> extent, long sample, int perLane)
    {
        int lane = 0;
        while (index[lane] >= 0 && index[lane] < extent[lane]) lane++;
        return Violation.Index(function, array, index[lane], extent[lane], sample + (long)lane * perLane);
    }

    /// <summary>The largest of all lanes: how far a loop goes, or an array reaches, of which each lane has its own length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Most(Vector128<int> lengths)
    {
        int most = lengths[0];
        for (int i = 1; i < Vector128<int>.Count; i++) most = Math.Max(most, lengths[i]);
        return most;
    }

    /// <summary>Is any lane outside [0, its extent)?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(Vector128<int> index, Vector128<int> extent) =>
        (Vector128.LessThan(index, Vector128<int>.Zero) | Vector128.GreaterThanOrEqual(index, extent)) != Vector128<int>.Zero;

    /// <inheritdoc cref="Outside(string, string, Vector512{int}, int, long, int)"/>
    public static IndexOutOfRangeException Outside(string function, string array, Vector128<int> index, Vector128<int> extent, long sample, int perLane)
    {
        int lane = 0;
        while (index[lane] >= 0 && index[lane] < extent[lane]) lane++;
        return Violation.Index(function, array, index[lane], extent[lane], sample + (long)lane * perLane);
    }

    /// <summary>The largest of all lanes: how far a loop goes, or an array reaches, of which each lane has its own length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Most(Vector64<int> lengths)
    {
        int most = lengths[0];
        for (int i = 1; i < Vector64<int>.Count; i++) most = Math.Max(most, lengths[i]);
        return most;
    }

    /// <summary>Is any lane outside [0, its extent)?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(Vector64<int> index, Vector64<int> extent) =>
        (Vector64.LessThan(index, Vector64<int>.Zero) | Vector64.GreaterThanOrEqual(index, extent)) != Vector64<int>.Zero;

    /// <inheritdoc cref="Outside(string, string, Vector512{int}, int, long, int)"/>
    public static IndexOutOfRangeException Outside(string function, string array, Vector64<int> index, Vector64<int> extent, long sample, int perLane)
    {
        int lane = 0;
        while (index[lane] >= 0 && index[lane] < extent[lane]) lane++;
        return Violation.Index(function, array, index[lane], extent[lane], sample + (long)lane * perLane);
    }
}
