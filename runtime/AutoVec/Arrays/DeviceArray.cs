using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace AutoVec;

/// <summary>
/// A dense, row-major array of rank 0 to 4 in the memory of a <see cref="Device"/>. Dispose it to hand the memory back to
/// the device's pool. Operations on one device run in the order they were started.
/// </summary>
public sealed partial class DeviceArray<T> : IDisposable where T : unmanaged
{
    /// <summary>The memory and its views: one owner, which ends all.</summary>
    private sealed class Storage(DeviceMemory memory)
    {
        public DeviceMemory? Memory = memory;
    }

    private readonly Storage _storage;
    private readonly bool _isView;
    private bool _isDisposed;
    private DeviceArray<T>? _flat;

    internal DeviceArray(Device device, Shape shape)
    {
        Device = device;
        Shape = shape;
        _storage = new(device.Rent(shape.Elements * Unsafe.SizeOf<T>()));
    }

    private DeviceArray(DeviceArray<T> of, Shape shape)
    {
        Device = of.Device;
        Shape = shape;
        _storage = of._storage;
        _isView = true;
    }

    /// <summary>Where the memory is.</summary>
    public Device Device { get; }

    /// <summary>The extents, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>The number of dimensions; 0 for a scalar.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public long Length => Shape.Elements;

    /// <summary>Has this array, or the array that it is a view of, been disposed?</summary>
    public bool IsDisposed => _isDisposed || _storage.Memory is null;

    /// <summary>For generated code and devices: the memory, which this array fills from its first byte.</summary>
    /// <exception cref="ObjectDisposedException">The array is disposed.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public DeviceMemory Memory => _isDisposed || _storage.Memory is not { } memory
        ? throw new ObjectDisposedException(ToString(), _isView && !_isDisposed
            ? $"the array that this {ToString()} is a view of has been disposed"
            : $"this {ToString()} has been disposed")
        : memory;

    /// <summary>The same memory as an array of rank 1; made once, so that repeated calls allocate nothing.</summary>
    public DeviceArray<T> Flatten() => Rank == 1 ? this : _flat ??= new(this, new(checked((int)Length)));

    /// <summary>The same memory under another shape with as many elements.</summary>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    public DeviceArray<T> Reshape(params ReadOnlySpan<int> shape)
    {
        var to = new Shape(shape);
        if (to.Elements != Length) throw new ArgumentException($"{this} has {Length} elements, shape {to} has {to.Elements}", nameof(shape));
        return new(this, to);
    }

    /// <summary>Hands the memory back. A view ends alone; the array it is a view of ends all its views.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        if (!_isView) Interlocked.Exchange(ref _storage.Memory, null)?.Return();
    }

    /// <summary>Element type, shape and device: <c>float[100, 784] on cpu</c>.</summary>
    public override string ToString() => $"{TypeNames.Of<T>()}{Shape} on {Device.Name}";
}

internal static class TypeNames
{
    /// <summary>The C# keyword of a scalar type.</summary>
    public static string Of<T>() =>
        typeof(T) == typeof(float) ? "float" : typeof(T) == typeof(double) ? "double" : typeof(T) == typeof(int) ? "int"
        : typeof(T) == typeof(long) ? "long" : typeof(T) == typeof(bool) ? "bool" : typeof(T).Name;
}
