using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace AutoVec.Cpu;

/// <summary>The exceptions of generated code, made out of line so that the kernels stay small.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Violation
{
    /// <summary>An index that data decided lies outside an array.</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="array">The parameter or local array that was indexed.</param>
    /// <param name="index">The index.</param>
    /// <param name="extent">The length of the dimension it indexes.</param>
    /// <param name="sample">The position in the batch; negative where there is no batch.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IndexOutOfRangeException Index(string function, string array, long index, long extent, long sample) =>
        new(sample < 0
            ? $"{function}: index {index} is outside '{array}', whose length there is {extent}."
            : $"{function}: index {index} is outside '{array}', whose length there is {extent} (sample {sample} of the batch).");

    /// <summary>Where a slice starts, if it lies inside what it is cut from.</summary>
    /// <param name="start">The first element.</param>
    /// <param name="length">How many elements.</param>
    /// <param name="extent">The length of the array or span that is sliced.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static int Slice(int start, int length, int extent) =>
        (uint)start <= (uint)extent && (uint)length <= (uint)(extent - start) ? start : throw NoSlice(start, length, extent);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ArgumentOutOfRangeException NoSlice(int start, int length, int extent) =>
        new(null, $"a slice of {length} elements from {start} on is not within the {extent} elements it is cut from.");
}
