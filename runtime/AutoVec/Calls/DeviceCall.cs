using System.ComponentModel;
using AutoVec.Cpu;

namespace AutoVec.Calls;

/// <summary>For generated code: reads the arguments of a device form and says what is wrong with them.</summary>
/// <param name="Device">Where the call runs.</param>
/// <param name="Method">The annotated method, for messages.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct DeviceCall(Device Device, string Method)
{
    /// <summary>The CPU's engine.</summary>
    /// <exception cref="NotSupportedException">The device is no CPU.</exception>
    public CpuEngine Engine => Device switch
    {
        CpuDevice cpu => cpu.Engine,
        null => throw new ArgumentNullException("device", $"{Method}: the device is null"),
        _ => throw new NotSupportedException($"{Method} has no kernels for {Device}"),
    };

    /// <summary>An array that all samples share.</summary>
    public Argument<T> Shared<T>(DeviceArray<T>? array, string name, int rank) where T : unmanaged
    {
        if (array is null) return default;
        if (array.Rank != rank) throw new ArgumentException($"{Method}: '{name}' is {array}; it has rank {rank}", name);
        return Argument<T>.One(ref First(array, name), array.Shape);
    }

    /// <summary>One array, or by its rank one per sample.</summary>
    public Argument<T> Batched<T>(DeviceArray<T>? array, string name, int rank) where T : unmanaged
    {
        if (array is null) return default;
        if (array.Rank == rank) return Argument<T>.One(ref First(array, name), array.Shape);
        if (array.Rank == rank + 1) return Argument<T>.Batch(ref First(array, name), array.Shape);
        throw new ArgumentException($"{Method}: '{name}' is {array}; it has rank {rank}, a batch of it rank {rank + 1}", name);
    }

    /// <summary>A scalar, or one per sample.</summary>
    public Argument<T> Batched<T>(DeviceIn<T> value, string name) where T : unmanaged =>
        value.IsOne ? Argument<T>.One(value.One) : Batched(value.Array, name, 0);

    /// <summary>A scalar that all samples share and that lies on the device, as a leaf of a tree.</summary>
    public T Scalar<T>(DeviceArray<T>? array, string name) where T : unmanaged
    {
        if (array is null) throw new ArgumentNullException(name, $"{Method}: '{name}' is missing (null or default)");
        if (array.Rank != 0) throw new ArgumentException($"{Method}: '{name}' is {array}; it has rank 0", name);
        Check(array, name);
        return array.ToScalar();
    }

    /// <summary>A new array.</summary>
    public Result<T> New<T>() where T : unmanaged => Result<T>.On(Device, null);

    /// <summary>The array if it fits, else a new one.</summary>
    public Result<T> Reuse<T>(DeviceArray<T>? candidate) where T : unmanaged => Result<T>.On(Device, candidate);

    /// <summary>The caller's array.</summary>
    public Result<T> Into<T>(DeviceArray<T>? destination, string name) where T : unmanaged
    {
        if (destination is null) throw new ArgumentNullException(name, $"{Method}: '{name}' is missing (null or default)");
        Check(destination, name);
        return Result<T>.Into(Device, destination);
    }

    private ref T First<T>(DeviceArray<T> array, string name) where T : unmanaged
    {
        Check(array, name);
        return ref ((HostMemory)array.Memory).First<T>();
    }

    private void Check<T>(DeviceArray<T> array, string name) where T : unmanaged
    {
        if (array.IsDisposed) throw new ObjectDisposedException(name, $"{Method}: '{name}' ({array}) has been disposed");
        if (array.Device != Device) throw new ArgumentException($"{Method}: '{name}' is {array}, but the call runs on {Device}", name);
    }
}
