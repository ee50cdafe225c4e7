using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using AutoVec.Calls;

namespace AutoVec;

/// <summary>
/// The argument of a parameter of rank 1: one array (or span, memory, collection expression, tensor of rank 1) for the whole
/// batch, or a batch: <c>T[,]</c>, a tensor of rank 2, or <see cref="Batch"/> of a flat span. Holds a reference, copies nothing.
/// </summary>
[CollectionBuilder(typeof(In1), nameof(In1.Create))]
public readonly ref struct In1<T> where T : unmanaged
{
    private readonly Argument<T> _argument;

    private In1(Argument<T> argument) => _argument = argument;

    /// <summary>A batch that lies in a span, row after row.</summary>
    /// <param name="values">rows × n values, row-major.</param>
    /// <param name="rows">The batch size.</param>
    /// <exception cref="ArgumentException">The values do not divide into so many rows.</exception>
    public static In1<T> Batch(ReadOnlySpan<T> values, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (rows == 0 ? values.Length != 0 : values.Length % rows != 0)
            throw new ArgumentException($"{values.Length} values do not divide into {rows} rows", nameof(values));
        ref T first = ref Unsafe.AsRef(in values.GetPinnableReference());
        return new(Argument<T>.Batch(ref first, new(rows, rows == 0 ? 0 : values.Length / rows)));
    }

    /// <summary>Is this one array per sample?</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool IsBatch => _argument.IsBatch;

    /// <summary>For generated code: this, or the default of an optional parameter that was not passed.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public In1<T> Or(ReadOnlySpan<T> one) => _argument.IsMissing ? one : this;

    /// <summary>The values in order, as collection expressions want it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [UnscopedRef]
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => _argument.Values.GetEnumerator();

    /// <summary>One array for the whole batch.</summary>
    public static implicit operator In1<T>(T[]? one) => new(Argument<T>.OneArray(one));

    /// <summary>One array per sample: the rows.</summary>
    public static implicit operator In1<T>(T[,]? batch) => new(Argument<T>.BatchArray(batch));

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator In1<T>(ReadOnlySpan<T> one) => new(Argument<T>.One(one));

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator In1<T>(Span<T> one) => new(Argument<T>.One(one));

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator In1<T>(Memory<T> one) => new(Argument<T>.One(one.Span));

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator In1<T>(ReadOnlyMemory<T> one) => new(Argument<T>.One(one.Span));

    /// <summary>Rank 1: one array; rank 2: one per sample.</summary>
    public static implicit operator In1<T>(Tensor<T>? tensor) =>
        tensor is null ? default : new(Argument<T>.Tensor(tensor.AsReadOnlyTensorSpan(), 1));

    /// <inheritdoc cref="op_Implicit(Tensor{T})"/>
    public static implicit operator In1<T>(TensorSpan<T> tensor) => new(Argument<T>.Tensor(tensor, 1));

    /// <inheritdoc cref="op_Implicit(Tensor{T})"/>
    public static implicit operator In1<T>(ReadOnlyTensorSpan<T> tensor) => new(Argument<T>.Tensor(tensor, 1));

    /// <summary>Jagged arrays are not dense.</summary>
    [Obsolete("A jagged array is not dense: a batch of arrays is a T[,], or In1<T>.Batch(values, rows) of a flat array.", error: true)]
    public static implicit operator In1<T>(T[][] jagged) => throw new NotSupportedException();

    /// <summary>For generated code.</summary>
    public static implicit operator Argument<T>(In1<T> argument) => argument._argument;
}

/// <summary>Makes an <see cref="In1{T}"/> of a collection expression.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class In1
{
    /// <summary>One array for the whole batch.</summary>
    public static In1<T> Create<T>(ReadOnlySpan<T> one) where T : unmanaged => one;
}
