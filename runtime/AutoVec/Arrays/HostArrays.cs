using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoVec;

/// <summary>Rectangular arrays as spans, in row-major order and without a copy.</summary>
public static class HostArrays
{
    /// <summary>All elements, row after row.</summary>
    public static Span<T> AsSpan<T>(this T[,] array) => Elements<T>(array);

    /// <inheritdoc cref="AsSpan{T}(T[,])"/>
    public static Span<T> AsSpan<T>(this T[,,] array) => Elements<T>(array);

    /// <inheritdoc cref="AsSpan{T}(T[,])"/>
    public static Span<T> AsSpan<T>(this T[,,,] array) => Elements<T>(array);

    /// <summary>The elements of an array of any rank whose element type is <typeparamref name="T"/>.</summary>
    internal static Span<T> Elements<T>(Array array) => MemoryMarshal.CreateSpan(ref First<T>(array), array.Length);

    internal static ref T First<T>(Array array) =>
        ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array));
}
