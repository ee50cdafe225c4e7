using System.ComponentModel;
using AutoVec.Cpu;
using AutoVec.Gpu;

namespace AutoVec.Calls;

/// <summary>For generated code: reads the arguments of a device form and says what is wrong with them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DeviceCall
{
    private readonly string _method;

    /// <param name="device">Where the call runs.</param>
    /// <param name="method">The annotated method, for messages.</param>
    public DeviceCall(Device device, string method)
    {
        Device = device ?? throw new ArgumentNullException(nameof(device), $"{method}: 'device' is null");
        _method = method;
    }

    /// <summary>Where the call runs.</summary>
    public Device Device { get; }

    /// <summary>The CPU's engine.</summary>
    public CpuEngine Engine => ((CpuDevice)Device).Engine;

    /// <summary>The device behind ILGPU.</summary>
    /// <exception cref="NotSupportedException">The device is of another kind.</exception>
    public IlgpuDevice Gpu => Device as IlgpuDevice ?? throw NoKernels("there are none for this kind of device");

    /// <summary>The error of a method that has no kernels.</summary>
    public NotSupportedException NoKernels(string why) => new($"{_method} cannot run on {Device}: {why}");

    /// <summary>An array that all samples share.</summary>
    public DeviceArgument<T> Shared<T>(DeviceArray<T>? array, string name, int rank) where T : unmanaged
    {
        if (array is null) return default;
        if (array.Rank != rank) throw new ArgumentException($"{_method}: '{name}' is {array}; it has rank {rank}", name);
        Check(array, name);
        return new(array, isBatch: false);
    }

    /// <summary>One array, or by its rank one per sample.</summary>
    public DeviceArgument<T> Batched<T>(DeviceArray<T>? array, string name, int rank) where T : unmanaged
    {
        if (array is null) return default;
        if (array.Rank != rank && array.Rank != rank + 1)
            throw new ArgumentException($"{_method}: '{name}' is {array}; it has rank {rank}, a batch of it rank {rank + 1}", name);
        Check(array, name);
        return new(array, isBatch: array.Rank > rank);
    }

    /// <summary>A scalar, or one per sample.</summary>
    public DeviceArgument<T> Batched<T>(DeviceIn<T> value, string name) where T : unmanaged =>
        value.IsOne ? new(value.One) : Batched(value.Array, name, 0);

    /// <summary>A scalar that all samples share and that lies on the device, as a leaf of a tree. Waits for the device.</summary>
    public T Scalar<T>(DeviceArray<T>? array, string name) where T : unmanaged
    {
        if (array is null) throw new ArgumentNullException(name, $"{_method}: '{name}' is missing (null or default)");
        if (array.Rank != 0) throw new ArgumentException($"{_method}: '{name}' is {array}; it has rank 0", name);
        Check(array, name);
        return array.ToScalar();
    }

    /// <summary>As <see cref="Scalar"/>, of a tangent: zero where it is missing.</summary>
    public T ScalarOrZero<T>(DeviceArray<T>? array, string name) where T : unmanaged => array is null ? default : Scalar(array, name);

    /// <summary>A new array.</summary>
    public CallResult<T> New<T>() where T : unmanaged => CallResult<T>.On(Device, null);

    /// <summary>The array if it fits, else a new one.</summary>
    public CallResult<T> Reuse<T>(DeviceArray<T>? candidate) where T : unmanaged => CallResult<T>.On(Device, candidate);

    /// <summary>Computed and forgotten.</summary>
    public CallResult<T> Discarded<T>() where T : unmanaged => CallResult<T>.DiscardedOn(Device);

    /// <summary>The caller's array.</summary>
    public CallResult<T> Into<T>(DeviceArray<T>? destination, string name) where T : unmanaged
    {
        if (destination is null) throw new ArgumentNullException(name, $"{_method}: '{name}' is missing (null or default)");
        Check(destination, name);
        return CallResult<T>.Into(Device, destination);
    }

    private void Check<T>(DeviceArray<T> array, string name) where T : unmanaged
    {
        if (array.IsDisposed) throw new ObjectDisposedException(name, $"{_method}: '{name}' ({array}) has been disposed");
        if (array.Device != Device) throw new ArgumentException($"{_method}: '{name}' is {array}, but the call runs on {Device}", name);
    }
}
