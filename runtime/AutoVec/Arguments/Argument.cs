using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoVec.Calls;

/// <summary>
/// For generated code: an argument of any rank as dense host memory, one value or a batch. What <see cref="In{T}"/> and its
/// kin become. The default is a missing argument.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct Argument<T> where T : unmanaged
{
    private enum State : byte { Missing, Scalar, One, Batch }

    private readonly ref T _first;
    private readonly T _scalar;
    private readonly Shape _own;
    private readonly int _rows;
    private readonly State _state;

    private Argument(T scalar)
    {
        _scalar = scalar;
        _state = State.Scalar;
    }

    private Argument(ref T first, Shape own, int rows, State state)
    {
        _first = ref first;
        _own = own;
        _rows = rows;
        _state = state;
    }

    internal static Argument<T> One(T value) => new(value);

    internal static Argument<T> One(ref T first, Shape shape) => new(ref first, shape, 0, State.One);

    internal static Argument<T> Batch(ref T first, Shape shape) => new(ref first, shape.Inner(), shape[0], State.Batch);

    internal static Argument<T> One(ReadOnlySpan<T> values) => One(ref MemoryMarshal.GetReference(values), Shape.Row(values.Length));

    internal static Argument<T> Batch(ReadOnlySpan<T> values) => Batch(ref MemoryMarshal.GetReference(values), Shape.Row(values.Length));

    /// <summary>Null is a missing argument: the call knows its name, and reports it.</summary>
    internal static Argument<T> Batch(T[]? values) =>
        values is null ? default : new(ref MemoryMarshal.GetArrayDataReference(values), default, values.Length, State.Batch);

    /// <inheritdoc cref="Batch(T[])"/>
    internal static Argument<T> OneArray(Array? array) =>
        array is null ? default : One(ref HostArrays.First<T>(array), Shape.Of(array));

    /// <inheritdoc cref="OneArray(Array)"/>
    internal static Argument<T> BatchArray(Array? array) =>
        array is null ? default : Batch(ref HostArrays.First<T>(array), Shape.Of(array));

    /// <summary>A tensor of the parameter's own rank is one value, of one rank more a batch.</summary>
    /// <exception cref="ArgumentException">Another rank, or elements that do not lie side by side.</exception>
    internal static Argument<T> Tensor(ReadOnlyTensorSpan<T> tensor, int rank)
    {
        if (tensor.Rank != rank && tensor.Rank != rank + 1)
            throw new ArgumentException($"a tensor of rank {tensor.Rank} is neither one value (rank {rank}) nor a batch (rank {rank + 1})");
        ref T first = ref Unsafe.AsRef(in tensor.GetPinnableReference());
        if (tensor.Rank == 0) return One(first);
        var shape = TensorShapes.Of(tensor.Lengths, tensor.IsDense || tensor.FlattenedLength == 0);
        return tensor.Rank == rank ? One(ref first, shape) : Batch(ref first, shape);
    }

    /// <summary>An array with one value per sample; null is a missing argument.</summary>
    public static Argument<T> PerSample(Array? batch) => BatchArray(batch);

    /// <summary>What an output holds: one value, or one per sample.</summary>
    /// <param name="output">The caller's memory.</param>
    /// <param name="rank">Of one value.</param>
    /// <param name="name">Of the parameter, for messages.</param>
    /// <exception cref="ArgumentException">Another rank.</exception>
    public static Argument<T> Contents(Out<T> output, int rank, string name)
    {
        if (!output.IsPresent) return default;
        if (output.Shape.Rank == rank + 1) return Batch(ref output.First, output.Shape);
        if (output.Shape.Rank == rank) return One(ref output.First, output.Shape);
        throw new ArgumentException($"'{name}' is {output.Shape}; a batch of it has rank {rank + 1}", name);
    }

    /// <summary>Nothing was passed: <c>default</c>, or a null array.</summary>
    public bool IsMissing => _state == State.Missing;

    /// <summary>Is there one value per sample?</summary>
    public bool IsBatch => _state == State.Batch;

    /// <summary>The leading dimension of a batch, otherwise 0.</summary>
    public int Rows => _rows;

    /// <summary>The shape of one value.</summary>
    public Shape Own => _own;

    /// <summary>Extent <paramref name="dimension"/> of one value; 0 for a missing argument, which is reported in its turn.</summary>
    public int Extent(int dimension) => IsMissing ? 0 : _own[dimension];

    /// <summary>For <c>fixed</c>: the first element, null for an empty argument.</summary>
    [UnscopedRef]
    public ref readonly T GetPinnableReference()
    {
        if (_state == State.Scalar) return ref _scalar;
        return ref _state == State.Missing || Elements == 0 ? ref Unsafe.NullRef<T>() : ref _first;
    }

    /// <summary>How a call sees this argument; the argument must be pinned.</summary>
    public ArgumentInfo Batched(string name) => Info(name, shared: false);

    /// <summary>As <see cref="Batched"/>, for a parameter that takes one value for the whole batch.</summary>
    public ArgumentInfo Shared(string name) => Info(name, shared: true);

    /// <summary>As <see cref="Batched"/>, for what an output holds, which is read before, or copied: it overlaps nothing.</summary>
    public ArgumentInfo Contents(string name) => Info(name, shared: false) with { Address = 0, Bytes = 0 };

    /// <summary>As <see cref="Batched"/> or <see cref="Shared"/>, for a tangent: one that is missing is zero, and says nothing about the batch.</summary>
    public ArgumentInfo Tangent(string name, bool shared) =>
        IsMissing ? new(name, shared ? ArgumentInfo.Shared : ArgumentInfo.One, 0, 0) : Info(name, shared);

    /// <summary>All values, row-major.</summary>
    [UnscopedRef]
    internal ReadOnlySpan<T> Values => _state == State.Scalar
        ? new(in _scalar)
        : MemoryMarshal.CreateReadOnlySpan(ref _first, IsMissing ? 0 : checked((int)Elements));

    private long Elements => _own.Elements * (IsBatch ? _rows : 1);

    private unsafe ArgumentInfo Info(string name, bool shared)
    {
        int rows = IsMissing ? ArgumentInfo.Missing : shared ? ArgumentInfo.Shared : IsBatch ? _rows : ArgumentInfo.One;
        bool inMemory = _state is State.One or State.Batch;
        nint address = inMemory ? (nint)Unsafe.AsPointer(ref _first) : 0;
        return new(name, rows, address, inMemory ? (nint)Elements * sizeof(T) : 0);
    }

    /// <summary>One value.</summary>
    public static implicit operator Argument<T>(T one) => One(one);

    /// <summary>One array.</summary>
    public static implicit operator Argument<T>(T[]? one) => OneArray(one);

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator Argument<T>(T[,]? one) => OneArray(one);

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator Argument<T>(T[,,]? one) => OneArray(one);

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator Argument<T>(ReadOnlySpan<T> one) => One(one);

    /// <inheritdoc cref="op_Implicit(T[])"/>
    public static implicit operator Argument<T>(Span<T> one) => One(one);
}

/// <summary>What a call checks about an argument or a result: its name, its leading dimension and where it lies.</summary>
/// <param name="Name">As the user wrote it: <c>images</c>, <c>p.W1</c>.</param>
/// <param name="Rows">The leading dimension, or <see cref="One"/>, <see cref="Shared"/> or <see cref="Missing"/>.</param>
/// <param name="Address">The first byte of pinned memory.</param>
/// <param name="Bytes">0 where the value lies in no memory of the user.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ArgumentInfo(string Name, int Rows, nint Address, nint Bytes)
{
    /// <summary>One value, no leading dimension.</summary>
    public const int One = -1;

    /// <summary>No value at all.</summary>
    public const int Missing = -2;

    /// <summary>One value for the whole batch, which cannot be a batch.</summary>
    public const int Shared = -3;
}

internal static class TensorShapes
{
    public static Shape Of(ReadOnlySpan<nint> lengths, bool dense)
    {
        if (!dense) throw new ArgumentException("a strided tensor: AutoVec reads dense, row-major memory. Write tensor.ToDenseTensor()");
        Span<int> extents = stackalloc int[Shape.MaxRank];
        for (int d = 0; d < lengths.Length; d++) extents[d] = checked((int)lengths[d]);
        return new(extents[..lengths.Length]);
    }
}
