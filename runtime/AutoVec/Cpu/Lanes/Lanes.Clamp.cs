using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>Math.Clamp for bounds in order, and the first lane of a mask.</summary>
public static unsafe partial class Lanes
{
    /// <summary>As <see cref="Math.Clamp(float, float, float)"/>, without the check of the bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Clamp(float x, float low, float high) => x < low ? low : x > high ? high : x;

    /// <summary>As <see cref="Math.Clamp(double, double, double)"/>, without the check of the bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Clamp(double x, double low, double high) => x < low ? low : x > high ? high : x;

    /// <inheritdoc cref="Clamp(double, double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Clamp<T>(Vector512<T> x, Vector512<T> low, Vector512<T> high) where T : unmanaged =>
        Vector512.ConditionalSelect(Vector512.LessThan(x, low), low, Vector512.ConditionalSelect(Vector512.GreaterThan(x, high), high, x));

    /// <inheritdoc cref="Clamp(double, double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Clamp<T>(Vector256<T> x, Vector256<T> low, Vector256<T> high) where T : unmanaged =>
        Vector256.ConditionalSelect(Vector256.LessThan(x, low), low, Vector256.ConditionalSelect(Vector256.GreaterThan(x, high), high, x));

    /// <inheritdoc cref="Clamp(double, double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Clamp<T>(Vector128<T> x, Vector128<T> low, Vector128<T> high) where T : unmanaged =>
        Vector128.ConditionalSelect(Vector128.LessThan(x, low), low, Vector128.ConditionalSelect(Vector128.GreaterThan(x, high), high, x));

    /// <summary>The first lane of a mask that is not empty.</summary>
    public static int First<T>(Vector512<T> mask) where T : unmanaged => BitOperations.TrailingZeroCount(Vector512.ExtractMostSignificantBits(mask));

    /// <summary>The first lane of a mask that is not empty.</summary>
    public static int First<T>(Vector256<T> mask) where T : unmanaged => BitOperations.TrailingZeroCount(Vector256.ExtractMostSignificantBits(mask));

    /// <summary>The first lane of a mask that is not empty.</summary>
    public static int First<T>(Vector128<T> mask) where T : unmanaged => BitOperations.TrailingZeroCount(Vector128.ExtractMostSignificantBits(mask));
}
