using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>
/// The position of the first element that beats all before it, a vector at a time: as the loop <c>if (winner &lt; 0 || v[i] &gt; best)</c>, which takes the first
/// element as it is, a NaN too. Lanes beyond the last element repeat one that stands before them.
/// </summary>
public static unsafe partial class Lanes
{
    /// <summary>Takes the elements from <paramref name="at"/> on; <paramref name="winner"/> becomes the position of the greatest so far, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMax<T>(Vector512<T> v, int at, ref T best, ref int winner) where T : unmanaged, INumber<T>
    {
        if (winner < 0) (winner, best) = (at, v[0]);
        Vector512<T> wins = Vector512.GreaterThan(v, Vector512.Create(best));
        if (Vector512.ExtractMostSignificantBits(wins) == 0) return;
        best = Max(Vector512.ConditionalSelect(wins, v, Vector512.Create(best)));
        winner = at + BitOperations.TrailingZeroCount(Vector512.ExtractMostSignificantBits(Vector512.Equals(v, Vector512.Create(best))));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on; <paramref name="winner"/> becomes the position of the greatest so far, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMax<T>(Vector256<T> v, int at, ref T best, ref int winner) where T : unmanaged, INumber<T>
    {
        if (winner < 0) (winner, best) = (at, v[0]);
        Vector256<T> wins = Vector256.GreaterThan(v, Vector256.Create(best));
        if (Vector256.ExtractMostSignificantBits(wins) == 0) return;
        best = Max(Vector256.ConditionalSelect(wins, v, Vector256.Create(best)));
        winner = at + BitOperations.TrailingZeroCount(Vector256.ExtractMostSignificantBits(Vector256.Equals(v, Vector256.Create(best))));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on; <paramref name="winner"/> becomes the position of the greatest so far, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMax<T>(Vector128<T> v, int at, ref T best, ref int winner) where T : unmanaged, INumber<T>
    {
        if (winner < 0) (winner, best) = (at, v[0]);
        Vector128<T> wins = Vector128.GreaterThan(v, Vector128.Create(best));
        if (Vector128.ExtractMostSignificantBits(wins) == 0) return;
        best = Max(Vector128.ConditionalSelect(wins, v, Vector128.Create(best)));
        winner = at + BitOperations.TrailingZeroCount(Vector128.ExtractMostSignificantBits(Vector128.Equals(v, Vector128.Create(best))));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on; <paramref name="winner"/> becomes the position of the least so far, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMin<T>(Vector512<T> v, int at, ref T best, ref int winner) where T : unmanaged, INumber<T>
    {
        if (winner < 0) (winner, best) = (at, v[0]);
        Vector512<T> wins = Vector512.LessThan(v, Vector512.Create(best));
        if (Vector512.ExtractMostSignificantBits(wins) == 0) return;
        best = Min(Vector512.ConditionalSelect(wins, v, Vector512.Create(best)));
        winner = at + BitOperations.TrailingZeroCount(Vector512.ExtractMostSignificantBits(Vector512.Equals(v, Vector512.Create(best))));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on; <paramref name="winner"/> becomes the position of the least so far, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMin<T>(Vector256<T> v, int at, ref T best, ref int winner) where T : unmanaged, INumber<T>
    {
        if (winner < 0) (winner, best) = (at, v[0]);
        Vector256<T> wins = Vector256.LessThan(v, Vector256.Create(best));
        if (Vector256.ExtractMostSignificantBits(wins) == 0) return;
        best = Min(Vector256.ConditionalSelect(wins, v, Vector256.Create(best)));
        winner = at + BitOperations.TrailingZeroCount(Vector256.ExtractMostSignificantBits(Vector256.Equals(v, Vector256.Create(best))));
    }

    /// <summary>Takes the elements from <paramref name="at"/> on; <paramref name="winner"/> becomes the position of the least so far, the first of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ArgMin<T>(Vector128<T> v, int at, ref T best, ref int winner) where T : unmanaged, INumber<T>
    {
        if (winner < 0) (winner, best) = (at, v[0]);
        Vector128<T> wins = Vector128.LessThan(v, Vector128.Create(best));
        if (Vector128.ExtractMostSignificantBits(wins) == 0) return;
        best = Min(Vector128.ConditionalSelect(wins, v, Vector128.Create(best)));
        winner = at + BitOperations.TrailingZeroCount(Vector128.ExtractMostSignificantBits(Vector128.Equals(v, Vector128.Create(best))));
    }
}
