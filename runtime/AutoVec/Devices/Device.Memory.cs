using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AutoVec.Calls;

namespace AutoVec;

public abstract partial class Device
{
    /// <summary>A copy of a host array of rank 1.</summary>
    public DeviceArray<T> Upload<T>(T[] array) where T : unmanaged => UploadArray<T>(array);

    /// <summary>A copy of a host array of rank 2.</summary>
    public DeviceArray<T> Upload<T>(T[,] array) where T : unmanaged => UploadArray<T>(array);

    /// <summary>A copy of a host array of rank 3.</summary>
    public DeviceArray<T> Upload<T>(T[,,] array) where T : unmanaged => UploadArray<T>(array);

    /// <summary>A copy of a host array of rank 4.</summary>
    public DeviceArray<T> Upload<T>(T[,,,] array) where T : unmanaged => UploadArray<T>(array);

    /// <summary>A copy of values that lie in a span, row-major.</summary>
    /// <param name="values">All values.</param>
    /// <param name="shape">The extents; left out, the array has rank 1.</param>
    /// <exception cref="ArgumentException">The shape does not hold so many values.</exception>
    public DeviceArray<T> Upload<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape) where T : unmanaged =>
        UploadValues(values, shape.Length == 0 ? new(values.Length) : new(shape));

    /// <inheritdoc cref="Upload{T}(ReadOnlySpan{T}, ReadOnlySpan{int})"/>
    public DeviceArray<T> Upload<T>(Span<T> values, params ReadOnlySpan<int> shape) where T : unmanaged =>
        Upload((ReadOnlySpan<T>)values, shape);

    /// <inheritdoc cref="Upload{T}(ReadOnlySpan{T}, ReadOnlySpan{int})"/>
    public DeviceArray<T> Upload<T>(T[] values, params ReadOnlySpan<int> shape) where T : unmanaged =>
        Upload((ReadOnlySpan<T>)values, shape);

    /// <summary>A copy of a dense tensor.</summary>
    public DeviceArray<T> Upload<T>(Tensor<T> tensor) where T : unmanaged => Upload(tensor.AsReadOnlyTensorSpan());

    /// <inheritdoc cref="Upload{T}(Tensor{T})"/>
    public DeviceArray<T> Upload<T>(ReadOnlyTensorSpan<T> tensor) where T : unmanaged
    {
        var shape = TensorShapes.Of(tensor.Lengths, tensor.IsDense || tensor.FlattenedLength == 0);
        return UploadValues(MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), checked((int)shape.Elements)), shape);
    }

    /// <summary>One value, as an array of rank 0.</summary>
    public DeviceArray<T> UploadScalar<T>(T value) where T : unmanaged => UploadValues(new ReadOnlySpan<T>(in value), default);

    /// <summary>Jagged arrays are not dense.</summary>
    [Obsolete("A jagged array is not dense: write device.Upload(array) with a T[,].", error: true)]
    public DeviceArray<T> Upload<T>(T[][] jagged) where T : unmanaged => throw new NotSupportedException();

    /// <summary>A new array of zeros.</summary>
    public DeviceArray<T> Allocate<T>(params ReadOnlySpan<int> shape) where T : unmanaged
    {
        var array = new DeviceArray<T>(this, new(shape));
        Clear(array.Memory);
        return array;
    }

    private DeviceArray<T> UploadArray<T>(Array array) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return UploadValues<T>(HostArrays.Elements<T>(array), Shape.Of(array));
    }

    private DeviceArray<T> UploadValues<T>(ReadOnlySpan<T> values, Shape shape) where T : unmanaged
    {
        if (shape.Elements != values.Length) throw new ArgumentException($"{values.Length} values are not of shape {shape}", nameof(shape));
        var array = new DeviceArray<T>(this, shape);
        array.CopyFrom(values);
        return array;
    }

    /// <summary>For arrays: a block of at least so many bytes from the device's pool.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract DeviceMemory Rent(long bytes);

    /// <summary>For arrays: fills a block from its start; the source may be reused when this returns.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract void CopyIn(ReadOnlySpan<byte> source, DeviceMemory destination);

    /// <summary>For arrays: reads a block from its start, after all work that was started before.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract void CopyOut(DeviceMemory source, Span<byte> destination);

    /// <summary>For arrays: as <see cref="CopyOut"/>, without blocking where the device can.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public virtual ValueTask CopyOutAsync<T>(DeviceMemory source, Memory<T> destination, CancellationToken cancellation) where T : unmanaged
    {
        cancellation.ThrowIfCancellationRequested();
        CopyOut(source, MemoryMarshal.AsBytes(destination.Span));
        return default;
    }

    /// <summary>For arrays: copies the first bytes of one block to another, in the device's order.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract void Copy(DeviceMemory source, DeviceMemory destination, long bytes);

    /// <summary>For arrays: sets a block to zero, in the device's order.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract void Clear(DeviceMemory memory);
}
