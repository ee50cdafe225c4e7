using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>Adjoints times slopes.</summary>
public static unsafe partial class Lanes
{
    /// <summary>x·y, and 0 where x is 0, whatever y is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(float x, float y) => x == 0 ? x : x * y;

    /// <inheritdoc cref="Scale(float, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Scale(double x, double y) => x == 0 ? x : x * y;

    /// <inheritdoc cref="Scale(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Scale<T>(Vector512<T> x, Vector512<T> y) where T : unmanaged =>
        Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<T>.Zero), x, x * y);

    /// <inheritdoc cref="Scale(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Scale<T>(Vector256<T> x, Vector256<T> y) where T : unmanaged =>
        Vector256.ConditionalSelect(Vector256.Equals(x, Vector256<T>.Zero), x, x * y);

    /// <inheritdoc cref="Scale(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Scale<T>(Vector128<T> x, Vector128<T> y) where T : unmanaged =>
        Vector128.ConditionalSelect(Vector128.Equals(x, Vector128<T>.Zero), x, x * y);
}
