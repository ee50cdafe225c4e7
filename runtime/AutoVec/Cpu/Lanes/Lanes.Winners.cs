using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>
/// The position of the first element that beats all before it, a vector at a time: as the loop <c>if (winner &lt; 0 || v[i] &gt; best)</c>, which takes the first
/// element as it is, a NaN too. Each lane keeps the best of its own and its place (the bits of an integer), so that no branch hangs on the data. Lanes beyond the
/// last element repeat one that stands before them.
/// </summary>
public static unsafe partial class Lanes
{
    /// <summary>Takes the elements from <paramref name="at"/> on: each lane keeps the greatest so far and its place, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMax<T>(Vector512<T> v, int at, ref Vector512<T> best, ref Vector512<T> place, ref int winner) where T : unmanaged, INumber<T>
    {
        Vector512<T> here = sizeof(T) == 4 ? (Vector512<int>.Indices + Vector512.Create(at)).As<int, T>() : (Vector512<long>.Indices + Vector512.Create((long)at)).As<long, T>();
        if (winner < 0)
        {
            winner = at;
            best = Vector512.Create(v[0]);
            place = sizeof(T) == 4 ? Vector512.Create(at).As<int, T>() : Vector512.Create((long)at).As<long, T>();
        }
        Vector512<T> wins = Vector512.GreaterThan(v, best);
        best = Vector512.ConditionalSelect(wins, v, best);
        place = Vector512.ConditionalSelect(wins, here, place);
    }

    /// <summary>The place of the greatest of all lanes, the first of equals; <paramref name="winner"/>, where they start, if it is a NaN or there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ArgMax<T>(Vector512<T> best, Vector512<T> place, int winner) where T : unmanaged, INumber<T>
    {
        Vector512<T> equal = Vector512.Equals(best, Vector512.Create(MaxNative(best)));
        if (winner < 0 || Vector512.ExtractMostSignificantBits(equal) == 0) return winner;
        return sizeof(T) == 4
            ? Min(Vector512.ConditionalSelect(equal.AsInt32(), place.AsInt32(), Vector512.Create(int.MaxValue)))
            : (int)Min(Vector512.ConditionalSelect(equal.AsInt64(), place.AsInt64(), Vector512.Create(long.MaxValue)));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on: each lane keeps the greatest so far and its place, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMax<T>(Vector256<T> v, int at, ref Vector256<T> best, ref Vector256<T> place, ref int winner) where T : unmanaged, INumber<T>
    {
        Vector256<T> here = sizeof(T) == 4 ? (Vector256<int>.Indices + Vector256.Create(at)).As<int, T>() : (Vector256<long>.Indices + Vector256.Create((long)at)).As<long, T>();
        if (winner < 0)
        {
            winner = at;
            best = Vector256.Create(v[0]);
            place = sizeof(T) == 4 ? Vector256.Create(at).As<int, T>() : Vector256.Create((long)at).As<long, T>();
        }
        Vector256<T> wins = Vector256.GreaterThan(v, best);
        best = Vector256.ConditionalSelect(wins, v, best);
        place = Vector256.ConditionalSelect(wins, here, place);
    }

    /// <summary>The place of the greatest of all lanes, the first of equals; <paramref name="winner"/>, where they start, if it is a NaN or there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ArgMax<T>(Vector256<T> best, Vector256<T> place, int winner) where T : unmanaged, INumber<T>
    {
        Vector256<T> equal = Vector256.Equals(best, Vector256.Create(MaxNative(best)));
        if (winner < 0 || Vector256.ExtractMostSignificantBits(equal) == 0) return winner;
        return sizeof(T) == 4
            ? Min(Vector256.ConditionalSelect(equal.AsInt32(), place.AsInt32(), Vector256.Create(int.MaxValue)))
            : (int)Min(Vector256.ConditionalSelect(equal.AsInt64(), place.AsInt64(), Vector256.Create(long.MaxValue)));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on: each lane keeps the greatest so far and its place, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMax<T>(Vector128<T> v, int at, ref Vector128<T> best, ref Vector128<T> place, ref int winner) where T : unmanaged, INumber<T>
    {
        Vector128<T> here = sizeof(T) == 4 ? (Vector128<int>.Indices + Vector128.Create(at)).As<int, T>() : (Vector128<long>.Indices + Vector128.Create((long)at)).As<long, T>();
        if (winner < 0)
        {
            winner = at;
            best = Vector128.Create(v[0]);
            place = sizeof(T) == 4 ? Vector128.Create(at).As<int, T>() : Vector128.Create((long)at).As<long, T>();
        }
        Vector128<T> wins = Vector128.GreaterThan(v, best);
        best = Vector128.ConditionalSelect(wins, v, best);
        place = Vector128.ConditionalSelect(wins, here, place);
    }

    /// <summary>The place of the greatest of all lanes, the first of equals; <paramref name="winner"/>, where they start, if it is a NaN or there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ArgMax<T>(Vector128<T> best, Vector128<T> place, int winner) where T : unmanaged, INumber<T>
    {
        Vector128<T> equal = Vector128.Equals(best, Vector128.Create(MaxNative(best)));
        if (winner < 0 || Vector128.ExtractMostSignificantBits(equal) == 0) return winner;
        return sizeof(T) == 4
            ? Min(Vector128.ConditionalSelect(equal.AsInt32(), place.AsInt32(), Vector128.Create(int.MaxValue)))
            : (int)Min(Vector128.ConditionalSelect(equal.AsInt64(), place.AsInt64(), Vector128.Create(long.MaxValue)));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on: each lane keeps the least so far and its place, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMin<T>(Vector512<T> v, int at, ref Vector512<T> best, ref Vector512<T> place, ref int winner) where T : unmanaged, INumber<T>
    {
        Vector512<T> here = sizeof(T) == 4 ? (Vector512<int>.Indices + Vector512.Create(at)).As<int, T>() : (Vector512<long>.Indices + Vector512.Create((long)at)).As<long, T>();
        if (winner < 0)
        {
            winner = at;
            best = Vector512.Create(v[0]);
            place = sizeof(T) == 4 ? Vector512.Create(at).As<int, T>() : Vector512.Create((long)at).As<long, T>();
        }
        Vector512<T> wins = Vector512.LessThan(v, best);
        best = Vector512.ConditionalSelect(wins, v, best);
        place = Vector512.ConditionalSelect(wins, here, place);
    }

    /// <summary>The place of the least of all lanes, the first of equals; <paramref name="winner"/>, where they start, if it is a NaN or there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ArgMin<T>(Vector512<T> best, Vector512<T> place, int winner) where T : unmanaged, INumber<T>
    {
        Vector512<T> equal = Vector512.Equals(best, Vector512.Create(MinNative(best)));
        if (winner < 0 || Vector512.ExtractMostSignificantBits(equal) == 0) return winner;
        return sizeof(T) == 4
            ? Min(Vector512.ConditionalSelect(equal.AsInt32(), place.AsInt32(), Vector512.Create(int.MaxValue)))
            : (int)Min(Vector512.ConditionalSelect(equal.AsInt64(), place.AsInt64(), Vector512.Create(long.MaxValue)));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on: each lane keeps the least so far and its place, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMin<T>(Vector256<T> v, int at, ref Vector256<T> best, ref Vector256<T> place, ref int winner) where T : unmanaged, INumber<T>
    {
        Vector256<T> here = sizeof(T) == 4 ? (Vector256<int>.Indices + Vector256.Create(at)).As<int, T>() : (Vector256<long>.Indices + Vector256.Create((long)at)).As<long, T>();
        if (winner < 0)
        {
            winner = at;
            best = Vector256.Create(v[0]);
            place = sizeof(T) == 4 ? Vector256.Create(at).As<int, T>() : Vector256.Create((long)at).As<long, T>();
        }
        Vector256<T> wins = Vector256.LessThan(v, best);
        best = Vector256.ConditionalSelect(wins, v, best);
        place = Vector256.ConditionalSelect(wins, here, place);
    }

    /// <summary>The place of the least of all lanes, the first of equals; <paramref name="winner"/>, where they start, if it is a NaN or there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ArgMin<T>(Vector256<T> best, Vector256<T> place, int winner) where T : unmanaged, INumber<T>
    {
        Vector256<T> equal = Vector256.Equals(best, Vector256.Create(MinNative(best)));
        if (winner < 0 || Vector256.ExtractMostSignificantBits(equal) == 0) return winner;
        return sizeof(T) == 4
            ? Min(Vector256.ConditionalSelect(equal.AsInt32(), place.AsInt32(), Vector256.Create(int.MaxValue)))
            : (int)Min(Vector256.ConditionalSelect(equal.AsInt64(), place.AsInt64(), Vector256.Create(long.MaxValue)));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on: each lane keeps the least so far and its place, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMin<T>(Vector128<T> v, int at, ref Vector128<T> best, ref Vector128<T> place, ref int winner) where T : unmanaged, INumber<T>
    {
        Vector128<T> here = sizeof(T) == 4 ? (Vector128<int>.Indices + Vector128.Create(at)).As<int, T>() : (Vector128<long>.Indices + Vector128.Create((long)at)).As<long, T>();
        if (winner < 0)
        {
            winner = at;
            best = Vector128.Create(v[0]);
            place = sizeof(T) == 4 ? Vector128.Create(at).As<int, T>() : Vector128.Create((long)at).As<long, T>();
        }
        Vector128<T> wins = Vector128.LessThan(v, best);
        best = Vector128.ConditionalSelect(wins, v, best);
        place = Vector128.ConditionalSelect(wins, here, place);
    }

    /// <summary>The place of the least of all lanes, the first of equals; <paramref name="winner"/>, where they start, if it is a NaN or there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ArgMin<T>(Vector128<T> best, Vector128<T> place, int winner) where T : unmanaged, INumber<T>
    {
        Vector128<T> equal = Vector128.Equals(best, Vector128.Create(MinNative(best)));
        if (winner < 0 || Vector128.ExtractMostSignificantBits(equal) == 0) return winner;
        return sizeof(T) == 4
            ? Min(Vector128.ConditionalSelect(equal.AsInt32(), place.AsInt32(), Vector128.Create(int.MaxValue)))
            : (int)Min(Vector128.ConditionalSelect(equal.AsInt64(), place.AsInt64(), Vector128.Create(long.MaxValue)));
    }
}
