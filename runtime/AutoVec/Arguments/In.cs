using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using AutoVec.Calls;

namespace AutoVec;

/// <summary>
/// The argument of a scalar parameter of a batch function: one value for the whole batch, or a batch (an array, span, memory,
/// collection expression or tensor of rank 1 with one value per sample). Holds a reference, copies nothing.
/// </summary>
[CollectionBuilder(typeof(In), nameof(In.Create))]
public readonly ref struct In<T> where T : unmanaged
{
    private readonly Argument<T> _argument;

    private In(Argument<T> argument) => _argument = argument;

    /// <summary>Is this one value per sample?</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool IsBatch => _argument.IsBatch;

    /// <summary>For generated code: this, or the default of an optional parameter that was not passed.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public In<T> Or(T value) => _argument.IsMissing ? value : this;

    /// <summary>The values in order, as collection expressions want it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [UnscopedRef]
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => _argument.Values.GetEnumerator();

    /// <summary>One value for the whole batch.</summary>
    public static implicit operator In<T>(T one) => new(Argument<T>.One(one));

    /// <summary>One value per sample.</summary>
    public static implicit operator In<T>(T[]? batch) => new(Argument<T>.Batch(batch));

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator In<T>(ReadOnlySpan<T> batch) => new(Argument<T>.Batch(batch));

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator In<T>(Span<T> batch) => new(Argument<T>.Batch(batch));

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator In<T>(Memory<T> batch) => new(Argument<T>.Batch(batch.Span));

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator In<T>(ReadOnlyMemory<T> batch) => new(Argument<T>.Batch(batch.Span));

    /// <summary>Rank 0: one value; rank 1: one value per sample.</summary>
    public static implicit operator In<T>(Tensor<T>? tensor) =>
        tensor is null ? default : new(Argument<T>.Tensor(tensor.AsReadOnlyTensorSpan(), 0));

    /// <inheritdoc cref="op_Implicit(Tensor{T})"/>
    public static implicit operator In<T>(TensorSpan<T> tensor) => new(Argument<T>.Tensor(tensor, 0));

    /// <inheritdoc cref="op_Implicit(Tensor{T})"/>
    public static implicit operator In<T>(ReadOnlyTensorSpan<T> tensor) => new(Argument<T>.Tensor(tensor, 0));

    /// <summary>For generated code.</summary>
    public static implicit operator Argument<T>(In<T> argument) => argument._argument;
}

/// <summary>Makes an <see cref="In{T}"/> of a collection expression.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class In
{
    /// <summary>One value per sample.</summary>
    public static In<T> Create<T>(ReadOnlySpan<T> batch) where T : unmanaged => batch;
}
