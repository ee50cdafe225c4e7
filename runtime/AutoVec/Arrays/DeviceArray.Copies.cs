using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoVec;

public sealed partial class DeviceArray<T>
{
    /// <summary>Downloads all elements, row-major. Waits for the device.</summary>
    /// <exception cref="ArgumentException">The destination does not hold exactly as many elements.</exception>
    public void CopyTo(Span<T> destination)
    {
        CheckLength(destination.Length);
        Device.CopyOut(Memory, MemoryMarshal.AsBytes(destination));
    }

    /// <inheritdoc cref="CopyTo(Span{T})"/>
    public void CopyTo(T[] destination) => CopyTo(destination.AsSpan());

    /// <summary>Downloads into an array of the same shape. Waits for the device.</summary>
    /// <exception cref="ArgumentException">The shape differs.</exception>
    public void CopyTo(T[,] destination) => CopyTo(OfThisShape(destination));

    /// <inheritdoc cref="CopyTo(T[,])"/>
    public void CopyTo(T[,,] destination) => CopyTo(OfThisShape(destination));

    /// <inheritdoc cref="CopyTo(T[,])"/>
    public void CopyTo(T[,,,] destination) => CopyTo(OfThisShape(destination));

    /// <summary>Copies to an array of the same shape on the same device.</summary>
    public void CopyTo(DeviceArray<T> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (destination.Device != Device || destination.Shape != Shape)
            throw new ArgumentException($"the destination is {destination}, the array {this}", nameof(destination));
        Device.Copy(Memory, destination.Memory, Length * Unsafe.SizeOf<T>());
    }

    /// <summary>Uploads all elements, row-major.</summary>
    /// <exception cref="ArgumentException">The source does not hold exactly as many elements.</exception>
    public void CopyFrom(ReadOnlySpan<T> source)
    {
        CheckLength(source.Length);
        Device.CopyIn(MemoryMarshal.AsBytes(source), Memory);
    }

    /// <inheritdoc cref="CopyFrom(ReadOnlySpan{T})"/>
    public void CopyFrom(T[] source) => CopyFrom(source.AsSpan());

    /// <summary>Uploads an array of the same shape.</summary>
    /// <exception cref="ArgumentException">The shape differs.</exception>
    public void CopyFrom(T[,] source) => CopyFrom(OfThisShape(source));

    /// <inheritdoc cref="CopyFrom(T[,])"/>
    public void CopyFrom(T[,,] source) => CopyFrom(OfThisShape(source));

    /// <inheritdoc cref="CopyFrom(T[,])"/>
    public void CopyFrom(T[,,,] source) => CopyFrom(OfThisShape(source));

    /// <summary>Downloads without blocking a thread.</summary>
    /// <param name="destination">Exactly as many elements; not to be touched until the task has ended.</param>
    /// <param name="cancellation">Ends the waiting, not the copy.</param>
    [OverloadResolutionPriority(1)]
    public ValueTask DownloadAsync(Memory<T> destination, CancellationToken cancellation = default)
    {
        CheckLength(destination.Length);
        return Device.CopyOutAsync(Memory, destination, cancellation);
    }

    /// <summary>Downloads into a span, which cannot outlive the call: the copy is done when this returns.</summary>
    public ValueTask DownloadAsync(Span<T> destination, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        CopyTo(destination);
        return default;
    }

    /// <summary>All elements, row-major, whatever the rank. Waits for the device.</summary>
    public T[] ToArray()
    {
        var array = new T[Length];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>The elements of an array of rank 1.</summary>
    /// <exception cref="InvalidOperationException">The rank is another.</exception>
    public T[] ToArray1() => (T[])OfRank(1);

    /// <summary>The elements of an array of rank 2.</summary>
    /// <exception cref="InvalidOperationException">The rank is another.</exception>
    public T[,] ToArray2() => (T[,])OfRank(2);

    /// <summary>The elements of an array of rank 3.</summary>
    /// <exception cref="InvalidOperationException">The rank is another.</exception>
    public T[,,] ToArray3() => (T[,,])OfRank(3);

    /// <summary>The elements of an array of rank 4.</summary>
    /// <exception cref="InvalidOperationException">The rank is another.</exception>
    public T[,,,] ToArray4() => (T[,,,])OfRank(4);

    /// <summary>The only element of an array of rank 0 (or of one element). Waits for the device.</summary>
    public T ToScalar()
    {
        if (Length != 1) throw new InvalidOperationException($"{this} is no scalar");
        T value = default;
        CopyTo(new Span<T>(ref value));
        return value;
    }

    private Array OfRank(int rank)
    {
        if (Rank != rank) throw new InvalidOperationException($"{this} has rank {Rank}, not {rank}");
        var array = Shape.NewArray<T>();
        CopyTo(HostArrays.Elements<T>(array));
        return array;
    }

    private Span<T> OfThisShape(Array host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (Shape.Of(host) != Shape) throw new ArgumentException($"the array on the host is {TypeNames.Of<T>()}{Shape.Of(host)}, the other {this}");
        return HostArrays.Elements<T>(host);
    }

    private void CheckLength(long length)
    {
        if (length != Length) throw new ArgumentException($"{length} elements on the host, {Length} in {this}");
    }

    private const string OnTheHost = "This array is on the host: write device.Upload(array).";

    /// <summary>A host array is not on the device.</summary>
    [Obsolete(OnTheHost, error: true)]
    public static implicit operator DeviceArray<T>(T[] host) => throw new NotSupportedException();

    /// <inheritdoc cref="op_Implicit(T[])"/>
    [Obsolete(OnTheHost, error: true)]
    public static implicit operator DeviceArray<T>(T[,] host) => throw new NotSupportedException();

    /// <inheritdoc cref="op_Implicit(T[])"/>
    [Obsolete(OnTheHost, error: true)]
    public static implicit operator DeviceArray<T>(T[,,] host) => throw new NotSupportedException();

    /// <inheritdoc cref="op_Implicit(T[])"/>
    [Obsolete(OnTheHost, error: true)]
    public static implicit operator DeviceArray<T>(T[,,,] host) => throw new NotSupportedException();

    /// <summary>A jagged array is neither dense nor on the device.</summary>
    [Obsolete("A jagged array is not dense: write device.Upload(array) with a T[,].", error: true)]
    public static implicit operator DeviceArray<T>(T[][] jagged) => throw new NotSupportedException();
}
