using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>All lanes to one value, in a fixed order: halves are combined until one lane is left. Max and min as Math.Max and Math.Min.</summary>
public static unsafe partial class Lanes
{
    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum<T>(Vector512<T> v) where T : unmanaged, INumber<T> => Sum(v.GetLower() + v.GetUpper());

    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum<T>(Vector256<T> v) where T : unmanaged, INumber<T> => Sum(v.GetLower() + v.GetUpper());

    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum<T>(Vector128<T> v) where T : unmanaged, INumber<T>
    {
        if (sizeof(T) == 4) v = v + Vector128.Shuffle(v.AsInt32(), Vector128.Create(2, 3, 0, 1)).As<int, T>();
        return v[0] + v[1];
    }

    /// <summary>The sum of all lanes.</summary>
    public static int Sum(Vector64<int> v) => v[0] + v[1];

    /// <summary>The product of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Product<T>(Vector512<T> v) where T : unmanaged, INumber<T> => Product(v.GetLower() * v.GetUpper());

    /// <summary>The product of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Product<T>(Vector256<T> v) where T : unmanaged, INumber<T> => Product(v.GetLower() * v.GetUpper());

    /// <summary>The product of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Product<T>(Vector128<T> v) where T : unmanaged, INumber<T>
    {
        if (sizeof(T) == 4) v = v * Vector128.Shuffle(v.AsInt32(), Vector128.Create(2, 3, 0, 1)).As<int, T>();
        return v[0] * v[1];
    }

    /// <summary>The product of all lanes.</summary>
    public static int Product(Vector64<int> v) => v[0] * v[1];

    /// <summary>The greatest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max<T>(Vector512<T> v) where T : unmanaged, INumber<T>
    {
        T greatest = MaxNative(v);
        return greatest != T.Zero && Vector512.EqualsAll(v, v) ? greatest : MaxOfAny(v);
    }

    /// <summary>The greatest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max<T>(Vector256<T> v) where T : unmanaged, INumber<T>
    {
        T greatest = MaxNative(v);
        return greatest != T.Zero && Vector256.EqualsAll(v, v) ? greatest : MaxOfAny(v);
    }

    /// <summary>The greatest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max<T>(Vector128<T> v) where T : unmanaged, INumber<T>
    {
        T greatest = MaxNative(v);
        return greatest != T.Zero && Vector128.EqualsAll(v, v) ? greatest : MaxOfAny(v);
    }

    /// <summary>The greatest lane, also where there are NaN or zeros of both signs.</summary>
    private static T MaxOfAny<T>(Vector512<T> v) where T : unmanaged, INumber<T> => MaxOfAny(Vector256.Max(v.GetLower(), v.GetUpper()));

    private static T MaxOfAny<T>(Vector256<T> v) where T : unmanaged, INumber<T> => MaxOfAny(Vector128.Max(v.GetLower(), v.GetUpper()));

    private static T MaxOfAny<T>(Vector128<T> v) where T : unmanaged, INumber<T>
    {
        if (sizeof(T) == 4) v = Vector128.Max(v, Vector128.Shuffle(v.AsInt32(), Vector128.Create(2, 3, 0, 1)).As<int, T>());
        return T.Max(v[0], v[1]);
    }

    /// <summary>The greatest lane of numbers; of zeros any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MaxNative<T>(Vector512<T> v) where T : unmanaged, INumber<T> => MaxNative(Vector256.MaxNative(v.GetLower(), v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MaxNative<T>(Vector256<T> v) where T : unmanaged, INumber<T> => MaxNative(Vector128.MaxNative(v.GetLower(), v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MaxNative<T>(Vector128<T> v) where T : unmanaged, INumber<T>
    {
        v = Vector128.MaxNative(v, Vector128.Shuffle(v.AsInt64(), Vector128.Create(1L, 0)).As<long, T>());
        if (sizeof(T) == 4) v = Vector128.MaxNative(v, Vector128.Shuffle(v.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>());
        return v[0];
    }

    /// <summary>The greatest lane.</summary>
    public static int Max(Vector64<int> v) => int.Max(v[0], v[1]);

    /// <summary>The least lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Min<T>(Vector512<T> v) where T : unmanaged, INumber<T>
    {
        T least = MinNative(v);
        return least != T.Zero && Vector512.EqualsAll(v, v) ? least : MinOfAny(v);
    }

    /// <summary>The least lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Min<T>(Vector256<T> v) where T : unmanaged, INumber<T>
    {
        T least = MinNative(v);
        return least != T.Zero && Vector256.EqualsAll(v, v) ? least : MinOfAny(v);
    }

    /// <summary>The least lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Min<T>(Vector128<T> v) where T : unmanaged, INumber<T>
    {
        T least = MinNative(v);
        return least != T.Zero && Vector128.EqualsAll(v, v) ? least : MinOfAny(v);
    }

    /// <summary>The least lane, also where there are NaN or zeros of both signs.</summary>
    private static T MinOfAny<T>(Vector512<T> v) where T : unmanaged, INumber<T> => MinOfAny(Vector256.Min(v.GetLower(), v.GetUpper()));

    private static T MinOfAny<T>(Vector256<T> v) where T : unmanaged, INumber<T> => MinOfAny(Vector128.Min(v.GetLower(), v.GetUpper()));

    private static T MinOfAny<T>(Vector128<T> v) where T : unmanaged, INumber<T>
    {
        if (sizeof(T) == 4) v = Vector128.Min(v, Vector128.Shuffle(v.AsInt32(), Vector128.Create(2, 3, 0, 1)).As<int, T>());
        return T.Min(v[0], v[1]);
    }

    /// <summary>The least lane of numbers; of zeros any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MinNative<T>(Vector512<T> v) where T : unmanaged, INumber<T> => MinNative(Vector256.MinNative(v.GetLower(), v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MinNative<T>(Vector256<T> v) where T : unmanaged, INumber<T> => MinNative(Vector128.MinNative(v.GetLower(), v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MinNative<T>(Vector128<T> v) where T : unmanaged, INumber<T>
    {
        v = Vector128.MinNative(v, Vector128.Shuffle(v.AsInt64(), Vector128.Create(1L, 0)).As<long, T>());
        if (sizeof(T) == 4) v = Vector128.MinNative(v, Vector128.Shuffle(v.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>());
        return v[0];
    }

    /// <summary>The least lane.</summary>
    public static int Min(Vector64<int> v) => int.Min(v[0], v[1]);

    /// <summary>Does the mask hold in any lane?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any<T>(Vector512<T> mask) where T : unmanaged => Vector512.ExtractMostSignificantBits(mask) != 0;

    /// <summary>Does the mask hold in every lane?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All<T>(Vector512<T> mask) where T : unmanaged => !Any(~mask);

    /// <summary>Does the mask hold in any lane?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any<T>(Vector256<T> mask) where T : unmanaged => Vector256.ExtractMostSignificantBits(mask) != 0;

    /// <summary>Does the mask hold in every lane?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All<T>(Vector256<T> mask) where T : unmanaged => !Any(~mask);

    /// <summary>Does the mask hold in any lane?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any<T>(Vector128<T> mask) where T : unmanaged => Vector128.ExtractMostSignificantBits(mask) != 0;

    /// <summary>Does the mask hold in every lane?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All<T>(Vector128<T> mask) where T : unmanaged => !Any(~mask);
}
