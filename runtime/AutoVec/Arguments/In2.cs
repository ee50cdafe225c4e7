using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AutoVec.Calls;

namespace AutoVec;

/// <summary>
/// The argument of a parameter of rank 2: one <c>T[,]</c> (or tensor of rank 2) for the whole batch, or a batch: <c>T[,,]</c>,
/// a tensor of rank 3, or <see cref="Batch"/> of a flat span. Holds a reference, copies nothing.
/// </summary>
public readonly ref struct In2<T> where T : unmanaged
{
    private readonly Argument<T> _argument;

    private In2(Argument<T> argument) => _argument = argument;

    /// <summary>A batch that lies in a span, row-major.</summary>
    /// <param name="values">The values of all samples.</param>
    /// <param name="shape">Batch size first, 3 extents.</param>
    /// <exception cref="ArgumentException">The shape is of another rank, or does not hold so many values.</exception>
    public static In2<T> Batch(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
    {
        var all = new Shape(shape);
        if (all.Rank != 3 || all.Elements != values.Length)
            throw new ArgumentException($"{values.Length} values are no batch of shape {all}; it takes 3 extents", nameof(shape));
        return new(Argument<T>.Batch(ref MemoryMarshal.GetReference(values), all));
    }

    /// <summary>Is this one array per sample?</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool IsBatch => _argument.IsBatch;

    /// <summary>One array for the whole batch.</summary>
    public static implicit operator In2<T>(T[,]? one) => new(Argument<T>.OneArray(one));

    /// <summary>One array per sample.</summary>
    public static implicit operator In2<T>(T[,,]? batch) => new(Argument<T>.BatchArray(batch));

    /// <summary>Rank 2: one array; rank 3: one per sample.</summary>
    public static implicit operator In2<T>(Tensor<T>? tensor) =>
        tensor is null ? default : new(Argument<T>.Tensor(tensor.AsReadOnlyTensorSpan(), 2));

    /// <inheritdoc cref="op_Implicit(Tensor{T})"/>
    public static implicit operator In2<T>(TensorSpan<T> tensor) => new(Argument<T>.Tensor(tensor, 2));

    /// <inheritdoc cref="op_Implicit(Tensor{T})"/>
    public static implicit operator In2<T>(ReadOnlyTensorSpan<T> tensor) => new(Argument<T>.Tensor(tensor, 2));

    /// <summary>Jagged arrays are not dense.</summary>
    [Obsolete("A jagged array is not dense: a matrix is a T[,], a batch of them a T[,,].", error: true)]
    public static implicit operator In2<T>(T[][] jagged) => throw new NotSupportedException();

    /// <inheritdoc cref="op_Implicit(T[][])"/>
    [Obsolete("A jagged array is not dense: a matrix is a T[,], a batch of them a T[,,].", error: true)]
    public static implicit operator In2<T>(T[][][] jagged) => throw new NotSupportedException();

    /// <summary>For generated code.</summary>
    public static implicit operator Argument<T>(In2<T> argument) => argument._argument;
}
