using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AutoVec.Gpu;
using ILGPU;

namespace AutoVec.Calls;

/// <summary>
/// For generated code: an argument on a device, one value or a batch, its device and rank checked. The default is a missing
/// argument.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DeviceArgument<T> where T : unmanaged
{
    private readonly DeviceArray<T>? _array;
    private readonly T _scalar;
    private readonly bool _isScalar, _isBatch;

    internal DeviceArgument(T scalar)
    {
        _scalar = scalar;
        _isScalar = true;
    }

    internal DeviceArgument(DeviceArray<T> array, bool isBatch)
    {
        _array = array;
        _isBatch = isBatch;
    }

    /// <summary>The shape of one value.</summary>
    public Shape Own => _array is null ? default : _isBatch ? _array.Shape.Inner() : _array.Shape;

    /// <summary>Extent <paramref name="dimension"/> of one value; 0 for a missing argument, which is reported in its turn.</summary>
    public int Extent(int dimension) => _array is null ? 0 : Own[dimension];

    /// <summary>How a call sees this argument.</summary>
    public ArgumentInfo Batched(string name) => Info(name, shared: false);

    /// <summary>As <see cref="Batched"/>, for a parameter that takes one value for the whole batch.</summary>
    public ArgumentInfo Shared(string name) => Info(name, shared: true);

    /// <summary>As <see cref="Batched"/>, for what an output holds, which is read before, or copied: it overlaps nothing.</summary>
    public ArgumentInfo Contents(string name) => Info(name, shared: false) with { Address = 0, Bytes = 0 };

    /// <summary>As <see cref="Batched"/> or <see cref="Shared"/>, for a tangent: one that is missing is zero, and says nothing about the batch.</summary>
    public ArgumentInfo Tangent(string name, bool shared) =>
        IsMissing ? new(name, shared ? ArgumentInfo.Shared : ArgumentInfo.One, 0, 0) : Info(name, shared);

    /// <summary>Nothing was passed: <c>default</c>, or a null array.</summary>
    public bool IsMissing => !_isScalar && _array is null;

    private ArgumentInfo Info(string name, bool shared)
    {
        int rows = IsMissing ? ArgumentInfo.Missing : shared ? ArgumentInfo.Shared : _isBatch ? _array!.Shape[0] : ArgumentInfo.One;
        return _array is null
            ? new(name, rows, 0, 0)
            : new(name, rows, _array.Memory.Address, (nint)_array.Length * Unsafe.SizeOf<T>());
    }

    /// <summary>On a GPU: its memory.</summary>
    public ArrayView<TView> View<TView>(IlgpuDevice device) where TView : unmanaged => device.View<TView>(_array!.Memory, _array.Length);

    /// <summary>On a GPU: one value per sample; see <see cref="Call.Spread"/>.</summary>
    public ArrayView<TView> Spread<TView>(IlgpuDevice device, in GpuScope scope, int rows) where TView : unmanaged
    {
        long size = Own.Elements;
        if (_isBatch || _array is not null && (rows == 1 || size == 0)) return View<TView>(device);
        var all = scope.Rent<TView>(Math.Max(rows * size, 1));
        if (rows == 0) return all;
        if (_isScalar) Write(device, all);
        else device.Copy(View<TView>(device), all.SubView(0, size));
        // Doubling takes few copies where there are many rows.
        for (long done = size; done < rows * size;)
        {
            long more = Math.Min(done, rows * size - done);
            device.Copy(all.SubView(0, more), all.SubView(done, more));
            done += more;
        }
        return all;
    }

    /// <summary>On a GPU: a copy; see <see cref="Call.Copy"/>.</summary>
    public ArrayView<TView> Copy<TView>(IlgpuDevice device, in GpuScope scope) where TView : unmanaged
    {
        var copy = scope.Rent<TView>(Math.Max(_array!.Length, 1));
        if (_array.Length > 0) device.Copy(View<TView>(device), copy.SubView(0, _array.Length));
        return copy;
    }

    /// <summary>On a GPU: a tangent; see <see cref="Call.Tangent"/>.</summary>
    public ArrayView<TView> Tangent<TView>(IlgpuDevice device, in GpuScope scope, Shape own, int rows) where TView : unmanaged
    {
        if (!IsMissing) return Spread<TView>(device, scope, rows);
        long count = rows * own.Elements;
        var zeros = scope.Rent<TView>(Math.Max(count, 1));
        if (count > 0) device.Fill(zeros, count, default);
        return zeros;
    }

    private void Write<TView>(IlgpuDevice device, ArrayView<TView> all) where TView : unmanaged
    {
        var block = device.Rent(Unsafe.SizeOf<T>());
        device.CopyIn(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in _scalar)), block);
        device.Copy(device.View<TView>(block, 1), all.SubView(0, 1));
        block.Return();
    }

    /// <summary>One value for the whole batch.</summary>
    public static implicit operator DeviceArgument<T>(T scalar) => new(scalar);

    /// <summary>On the CPU: the same memory.</summary>
    public static implicit operator Argument<T>(DeviceArgument<T> argument)
    {
        if (argument._isScalar) return Argument<T>.One(argument._scalar);
        if (argument._array is not { } array) return default;
        ref T first = ref ((HostMemory)array.Memory).First<T>();
        return argument._isBatch ? Argument<T>.Batch(ref first, array.Shape) : Argument<T>.One(ref first, array.Shape);
    }
}
