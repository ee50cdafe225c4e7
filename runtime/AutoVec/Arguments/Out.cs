using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoVec;

/// <summary>
/// The destination of a batch function: dense host memory of exactly the result's shape, its first dimension the batch.
/// Holds a reference, copies nothing.
/// </summary>
public readonly ref struct Out<T> where T : unmanaged
{
    internal readonly ref T First;
    internal readonly Shape Shape;
    internal readonly bool IsPresent;

    private Out(ref T first, Shape shape)
    {
        First = ref first;
        Shape = shape;
        IsPresent = true;
    }

    private Out(Array array) : this(ref HostArrays.First<T>(array), Shape.Of(array)) { }

    /// <summary>A destination of any shape that lies in a span, row-major.</summary>
    /// <exception cref="ArgumentException">The shape does not hold so many values.</exception>
    public static Out<T> Of(Span<T> values, params ReadOnlySpan<int> shape)
    {
        var all = new Shape(shape);
        if (all.Elements != values.Length) throw new ArgumentException($"{values.Length} values are not of shape {all}", nameof(shape));
        return new(ref MemoryMarshal.GetReference(values), all);
    }

    private static Out<T> Of(TensorSpan<T> tensor)
    {
        if (tensor.Rank > Shape.MaxRank) throw new ArgumentException($"a tensor of rank {tensor.Rank}: the greatest rank is {Shape.MaxRank}");
        var shape = Calls.TensorShapes.Of(tensor.Lengths, tensor.IsDense || tensor.FlattenedLength == 0);
        return new(ref tensor.GetPinnableReference(), shape);
    }

    /// <summary>An array of the result's shape.</summary>
    public static implicit operator Out<T>(T[]? destination) => destination is null ? default : new(destination);

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator Out<T>(T[,]? destination) => destination is null ? default : new(destination);

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator Out<T>(T[,,]? destination) => destination is null ? default : new(destination);

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator Out<T>(T[,,,]? destination) => destination is null ? default : new(destination);

    /// <summary>Rank 1; see <see cref="Of(Span{T}, ReadOnlySpan{int})"/> for other ranks.</summary>
    public static implicit operator Out<T>(Span<T> destination) => Of(destination, destination.Length);

    /// <inheritdoc cref="op_Implicit(Span{T})"/>
    public static implicit operator Out<T>(Memory<T> destination) => Of(destination.Span, destination.Length);

    /// <summary>A dense tensor of the result's shape.</summary>
    public static implicit operator Out<T>(Tensor<T>? destination) => destination is null ? default : Of(destination.AsTensorSpan());

    /// <inheritdoc cref="op_Implicit(Tensor{T})"/>
    public static implicit operator Out<T>(TensorSpan<T> destination) => Of(destination);

    /// <summary>Jagged arrays are not dense.</summary>
    [Obsolete("A jagged array is not dense: a destination of rank 2 is a T[,].", error: true)]
    public static implicit operator Out<T>(T[][] jagged) => throw new NotSupportedException();
}
