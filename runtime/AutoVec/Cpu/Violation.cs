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
    /// <summary>The length of a new array is negative, or more than an int holds.</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="array">The array.</param>
    /// <param name="length">Its length.</param>
    /// <param name="sample">The position in the batch; negative where there is no batch.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static OverflowException Length(string function, string array, long length, long sample) =>
        new($"{function}: the length {length} of '{array}' is {(length < 0 ? "negative" : "too large")}{Of(sample)}.");

    /// <summary>The bounds of a clamp are out of order.</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="name">What is clamped.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <param name="sample">The position in the batch; negative where there is no batch.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ArgumentException Bounds(string function, string name, double low, double high, long sample) =>
        new($"{function}: '{name}' is clamped from {low:R} to {high:R}{Of(sample)}.");

    /// <summary>A NaN has no sign.</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="name">The value.</param>
    /// <param name="sample">The position in the batch; negative where there is no batch.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ArithmeticException NotANumber(string function, string name, long sample) =>
        new($"{function}: the sign of a NaN is asked for, for '{name}'{Of(sample)}.");

    /// <summary>Checked arithmetic overflows.</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="name">The result.</param>
    /// <param name="sample">The position in the batch; negative where there is no batch.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static OverflowException Overflow(string function, string name, long sample) =>
        new($"{function}: '{name}' overflows{Of(sample)}.");

    /// <summary>Debug mode: a value, or a derivative of it, is NaN, or infinite although it comes of finite numbers.</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="places">The expressions of the source, with their lines.</param>
    /// <param name="place">Twice the expression's position; one more for a derivative.</param>
    /// <param name="value">What it is.</param>
    /// <param name="sample">The position in the batch; negative where there is no batch.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ArithmeticException NotFinite(string function, string[] places, int place, double value, long sample) => new(string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{function}: {((place & 1) == 0 ? "the value" : "a derivative")} of {places[place >> 1]} is {(double.IsNaN(value) ? "NaN" : value < 0 ? "-∞" : "∞")}{Of(sample)}."));

    /// <summary>The samples of a batch have results of different lengths.</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="name">The length.</param>
    /// <param name="least">The least of all samples.</param>
    /// <param name="greatest">The greatest.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ArgumentException Lengths(string function, string name, long least, long greatest) =>
        new($"{function}: a result has one length for all samples of a batch, but '{name}' goes from {least} to {greatest}.");

    private static string Of(long sample) => sample < 0 ? "" : $" (sample {sample} of the batch)";
}
