using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AutoVec.Gpu;
using ILGPU;

namespace AutoVec.Calls;

/// <summary>
/// For generated code: where one result goes. A new array (the default), an array to reuse if it fits, the caller's destination,
/// or nowhere; on the host or on a device. <see cref="Fit"/> settles it once the shape is known.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct CallResult<T> where T : unmanaged
{
    private enum Kind : byte { New, Destination, Discarded }

    private ref T _first;
    private T _scalar;
    private Shape _shape;
    private Kind _kind;
    private bool _inMemory, _isFromCaller;
    private Array? _array;
    private Device? _device;
    private DeviceArray<T>? _deviceArray;
    private HostMemory? _rented;

    /// <summary>The array if it has the right shape, else a new one.</summary>
    public static CallResult<T> Reuse(Array? candidate) => new() { _array = candidate };

    /// <summary>The caller's memory, of the right shape or an error.</summary>
    public static CallResult<T> Into(Out<T> destination) => new()
    {
        _kind = Kind.Destination,
        _first = ref destination.First,
        _shape = destination.Shape,
        _inMemory = destination.IsPresent,
    };

    /// <summary>Computed and forgotten.</summary>
    public static CallResult<T> Discarded() => new() { _kind = Kind.Discarded };

    internal static CallResult<T> DiscardedOn(Device device) => new() { _kind = Kind.Discarded, _device = device };

    internal static CallResult<T> On(Device device, DeviceArray<T>? candidate) => new() { _device = device, _deviceArray = candidate };

    internal static CallResult<T> Into(Device device, DeviceArray<T> destination) =>
        new() { _kind = Kind.Destination, _device = device, _deviceArray = destination, _shape = destination.Shape, _inMemory = true };

    /// <summary>The leading dimension of the caller's destination, for the batch size.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rank">The rank of one sample's result.</param>
    public readonly ArgumentInfo Destination(string name, int rank) =>
        new(name, _kind == Kind.Destination && _shape.Rank == rank + 1 ? _shape[0] : ArgumentInfo.One, 0, 0);

    /// <summary>Provides memory of the shape <paramref name="rows"/> × <paramref name="own"/>.</summary>
    /// <param name="method">The annotated method, for messages.</param>
    /// <param name="name">The result's name: <c>destination</c>, or that of the parameter it is the gradient of.</param>
    /// <param name="rows">The leading dimension, or <see cref="Call.NoLead"/>.</param>
    /// <param name="own">The extents of one value.</param>
    /// <exception cref="ArgumentException">The caller's destination has another shape.</exception>
    public void Fit(string method, string name, int rows, params ReadOnlySpan<int> own)
    {
        Shape shape = default;
        if (own.Length > 0)
        {
            foreach (int n in own)
                if (n < 0) throw new OverflowException($"{method}: '{name}' would have an extent of {n}");
            shape = new Shape(own);
        }
        if (rows != Call.NoLead) shape = shape.Under(rows);

        if (_kind == Kind.Destination)
        {
            if (!_inMemory || _shape != shape) throw Unfit(method, name, shape);
            if (_deviceArray is not null) Place(_deviceArray);
            _isFromCaller = true;
            return;
        }
        _shape = shape;
        if (_kind == Kind.Discarded && _device is null or CpuDevice) Rent();
        else if (_device is not null) FitOnDevice();
        else FitOnHost();
    }

    private readonly ArgumentException Unfit(string method, string name, Shape shape) => _inMemory
        ? new ArgumentException($"{method}: '{name}' is {_shape} but the result is {shape}", name)
        : new ArgumentNullException(name, $"{method}: '{name}' is missing (null or default)");

    private void FitOnHost()
    {
        if (_shape.Rank == 0) return;
        if (_array is not null && Shape.Of(_array) == _shape) _isFromCaller = true;
        else
        {
            _array = _shape.NewArray<T>();
            IsNew = true;
        }
        _first = ref HostArrays.First<T>(_array);
        _inMemory = true;
    }

    private void FitOnDevice()
    {
        if (_deviceArray is { IsDisposed: false } candidate && candidate.Device == _device && candidate.Shape == _shape) _isFromCaller = true;
        else
        {
            _deviceArray = new DeviceArray<T>(_device!, _shape);
            IsNew = true;
        }
        Place(_deviceArray);
    }

    private void Place(DeviceArray<T> array)
    {
        if (array.Memory is HostMemory memory) _first = ref memory.First<T>();
        _inMemory = true;
    }

    private void Rent()
    {
        if (_shape.Rank == 0) return;
        _rented = HostMemory.Rent(_shape.Elements * Unsafe.SizeOf<T>());
        _first = ref _rented.First<T>();
        _inMemory = true;
    }

    /// <summary>Hands back the memory of a discarded result.</summary>
    public readonly void Release()
    {
        _rented?.Return();
        if (_kind == Kind.Discarded) _deviceArray?.Dispose();
    }

    /// <summary>On a GPU: its memory.</summary>
    public readonly ArrayView<TView> View<TView>(IlgpuDevice device) where TView : unmanaged =>
        device.View<TView>(_deviceArray!.Memory, _deviceArray.Length);

    /// <summary>For <c>fixed</c>: the first element, null for an empty result.</summary>
    [UnscopedRef]
    public ref T GetPinnableReference()
    {
        if (!_inMemory) return ref _scalar;
        return ref _shape.Elements == 0 ? ref Unsafe.NullRef<T>() : ref _first;
    }

    /// <summary>Where it lies, for <see cref="Call.Apart"/>; on the host the result must be pinned. No bytes if this call allocated it.</summary>
    public readonly unsafe ArgumentInfo Region(string name)
    {
        if (!_isFromCaller || !_inMemory) return new(name, ArgumentInfo.One, 0, 0);
        nint address = IsOnGpu ? _deviceArray!.Memory.Address : (nint)Unsafe.AsPointer(ref _first);
        return new(name, ArgumentInfo.One, address, (nint)_shape.Elements * sizeof(T));
    }

    private readonly bool IsOnGpu => _deviceArray is not null && _device is not CpuDevice;

    /// <summary>Fills it without a core: zeros, and what comes of an empty batch.</summary>
    public void Fill(T value)
    {
        if (IsOnGpu) FillOnGpu(value);
        else if (_inMemory) MemoryMarshal.CreateSpan(ref _first, checked((int)_shape.Elements)).Fill(value);
        else _scalar = value;
    }

    private readonly void FillOnGpu(T value)
    {
        if (EqualityComparer<T>.Default.Equals(value, default)) _device!.Clear(_deviceArray!.Memory);
        else
        {
            var all = new T[_deviceArray!.Length];
            Array.Fill(all, value);
            _deviceArray.CopyFrom(all);
        }
    }

    /// <summary>Allocated by this call.</summary>
    public bool IsNew { readonly get; private set; }

    /// <summary>A result of rank 0.</summary>
    public readonly T Scalar => _scalar;

    /// <summary>A result of rank 1.</summary>
    public readonly T[] Array1 => (T[])_array!;

    /// <summary>A result of rank 2.</summary>
    public readonly T[,] Array2 => (T[,])_array!;

    /// <summary>A result of rank 3.</summary>
    public readonly T[,,] Array3 => (T[,,])_array!;

    /// <summary>A result of rank 4.</summary>
    public readonly T[,,,] Array4 => (T[,,,])_array!;

    /// <summary>A result on a device.</summary>
    public readonly DeviceArray<T> OnDevice => _deviceArray!;
}
