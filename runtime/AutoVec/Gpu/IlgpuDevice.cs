using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace AutoVec.Gpu;

/// <summary>A device behind ILGPU: CUDA, OpenCL, or the emulator. All work runs on one stream, in the order it was started.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class IlgpuDevice : Device
{
    private const int FirstScratchWords = 16;
    private readonly Context? _ownedContext;
    private readonly Accelerator _accelerator;
    private readonly AcceleratorStream _stream;
    private readonly IlgpuPool _pool;
    private readonly GpuErrors _errors;
    private readonly Dictionary<MethodInfo, Delegate> _launchers = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<MethodInfo, int> _scratchWords = [];
    private readonly Stack<IlgpuMemory> _rented = [];
    private bool _isDisposed;

    internal IlgpuDevice(Accelerator accelerator, Context? ownedContext)
    {
        _accelerator = accelerator;
        _ownedContext = ownedContext;
        // CUDA's default stream cannot be captured, and waits for all others.
        _stream = accelerator.AcceleratorType == AcceleratorType.Cuda ? accelerator.CreateStream() : accelerator.DefaultStream;
        _pool = new IlgpuPool(accelerator);
        _errors = new GpuErrors(accelerator, _stream);
    }

    internal bool IsEmulator { get; init; }

    /// <inheritdoc/>
    public override string Name => IsEmulator ? "emulator" : _accelerator.Name;

    // ---- for generated code

    /// <summary>Exclusive use of the device; what is rented in it is returned when it is disposed.</summary>
    public GpuScope Begin()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new GpuScope(_pool, _lock, _rented);
    }

    /// <summary>The first <paramref name="count"/> elements of a block.</summary>
    /// <exception cref="NotSupportedException">More than kernels can index.</exception>
    public ArrayView<T> View<T>(DeviceMemory memory, long count) where T : unmanaged => ((IlgpuMemory)memory).View<T>(Indexable(count));

    /// <summary>Kernels index arrays with 32 bits.</summary>
    internal static long Indexable(long count) => count <= int.MaxValue ? count
        : throw new NotSupportedException($"an array of {count} elements: on a GPU, arrays have at most {int.MaxValue} elements. Split the batch");

    /// <summary>Where kernels report an index outside its array (<see cref="GpuErrors.Report"/>).</summary>
    public ArrayView<int> Errors => _errors.View;

    /// <summary>Starts a kernel with one thread for each index below <paramref name="count"/>; compiled once per device.</summary>
    public void Launch<TArgs>(Action<Index1D, TArgs> kernel, long count, TArgs args) where TArgs : struct
    {
        if (count == 0) return;
        Launcher<TArgs>(kernel.Method)(_stream, new Index1D(checked((int)count)), args);
        _errors.Pending = true;
    }

    /// <summary>As <see cref="Launch{TArgs}(Action{Index1D, TArgs}, long, TArgs)"/>, for threads with memory of their own; waits for the device.</summary>
    /// <param name="kernel">Writes what depends on its arguments alone: it may run more than once.</param>
    /// <param name="count">How many threads.</param>
    /// <param name="args">The arguments but for the memory.</param>
    /// <param name="with">The arguments with it.</param>
    public void Launch<TArgs>(Action<Index1D, TArgs> kernel, long count, TArgs args, Func<TArgs, GpuScratchMemory, TArgs> with) where TArgs : struct
    {
        if (count == 0) return;
        if (!_scratchWords.TryGetValue(kernel.Method, out int words)) words = FirstScratchWords;
        var wanted = (IlgpuMemory)Rent(sizeof(int));
        try
        {
            while (true)
            {
                Clear(wanted);
                var memory = (IlgpuMemory)Rent(checked(count * words * sizeof(long)));
                try
                {
                    Launch(kernel, count, with(args, new GpuScratchMemory { View = memory.View<long>(count * words), Wanted = wanted.View<int>(1), Words = words }));
                    int more = Read(wanted.View<int>(1), 0);
                    if (more == 0) break;
                    words = Math.Max(more, (int)Math.Min(2L * words, int.MaxValue));
                }
                finally
                {
                    memory.Return();
                }
            }
            _scratchWords[kernel.Method] = words;
        }
        finally
        {
            wanted.Return();
        }
    }

    /// <summary>C[b, i, j] = (accumulate ? C : 0) + Σ_k A[b, i, k] · B[b, k, j].</summary>
    public void Contract<T>(GpuContraction<T> contraction) where T : unmanaged, System.Numerics.INumber<T>
    {
        if (contraction.Batch == 0 || contraction.M == 0 || contraction.N == 0) return;
        if (IsEmulator)
        {
            Launch(GpuContractions.Naive<T>, (long)contraction.Batch * contraction.M * contraction.N, contraction);
            return;
        }
        var tiles = new Index3D(GpuContractions.Tiles(contraction.N), GpuContractions.Tiles(contraction.M), contraction.Batch);
        var group = new Index3D(GpuContractions.GroupSide, GpuContractions.GroupSide, 1);
        Tiled<T>()(_stream, new KernelConfig(tiles, group), contraction);
    }

    /// <summary>Copies the first <paramref name="count"/> elements on the device.</summary>
    public void Copy<T>(ArrayView<T> source, ArrayView<T> destination, long count) where T : unmanaged
    {
        if (count > 0) source.SubView(0, count).CopyTo(_stream, destination.SubView(0, count));
    }

    /// <summary>Copies views of one length on the device.</summary>
    public void Copy<T>(ArrayView<T> source, ArrayView<T> destination) where T : unmanaged => Copy(source, destination, source.Length);

    /// <summary>Sets the first <paramref name="count"/> elements.</summary>
    public void Fill<T>(ArrayView<T> view, long count, T value) where T : unmanaged =>
        Launch(GpuFill<T>.Kernel, count, new GpuFill<T> { View = view, Value = value });

    /// <summary>Sets one element from the host.</summary>
    public void Write<T>(ArrayView<T> view, T value) where T : unmanaged => Fill(view, 1, value);

    /// <summary>Waits, and reads one element: what decides a branch or the trips of a loop on the host.</summary>
    public T Read<T>(ArrayView<T> view, long index) where T : unmanaged
    {
        T value = default;
        Download(view.SubView(index, 1), new Span<T>(ref value));
        return value;
    }

    private Action<AcceleratorStream, Index1D, TArgs> Launcher<TArgs>(MethodInfo kernel) where TArgs : struct
    {
        lock (_lock)
        {
            if (!_launchers.TryGetValue(kernel, out var launcher))
                _launchers[kernel] = launcher = _accelerator.LoadAutoGroupedKernel<Index1D, TArgs>(kernel.CreateDelegate<Action<Index1D, TArgs>>());
            return (Action<AcceleratorStream, Index1D, TArgs>)launcher;
        }
    }

    private Action<AcceleratorStream, KernelConfig, GpuContraction<T>> Tiled<T>() where T : unmanaged, System.Numerics.INumber<T>
    {
        Action<GpuContraction<T>> kernel = GpuContractions.Tiled<T>;
        lock (_lock)
        {
            if (!_launchers.TryGetValue(kernel.Method, out var launcher))
                _launchers[kernel.Method] = launcher = _accelerator.LoadKernel(kernel);
            return (Action<AcceleratorStream, KernelConfig, GpuContraction<T>>)launcher;
        }
    }

    // ---- for arrays

    /// <inheritdoc/>
    public override void Synchronize()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _stream.Synchronize();
        _errors.Check();
    }

    /// <inheritdoc/>
    public override DeviceMemory Rent(long bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _pool.Rent(bytes);
    }

    /// <inheritdoc/>
    public override void CopyIn(ReadOnlySpan<byte> source, DeviceMemory destination)
    {
        if (source.Length == 0) return;
        ((IlgpuMemory)destination).View<byte>(source.Length).CopyFromCPU(_stream, source);
        _stream.Synchronize();
    }

    /// <inheritdoc/>
    public override void CopyOut(DeviceMemory source, Span<byte> destination) =>
        Download(((IlgpuMemory)source).View<byte>(destination.Length), destination);

    private void Download<T>(ArrayView<T> source, Span<T> destination) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (destination.Length > 0) source.CopyToCPU(_stream, destination);
        Synchronize();
    }

    /// <inheritdoc/>
    public override void Copy(DeviceMemory source, DeviceMemory destination, long bytes) =>
        Copy(((IlgpuMemory)source).View<byte>(bytes), ((IlgpuMemory)destination).View<byte>(bytes), bytes);

    /// <inheritdoc/>
    public override void Clear(DeviceMemory memory) => ((IlgpuMemory)memory).Buffer.View.BaseView.MemSetToZero(_stream);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _stream.Synchronize();
        _errors.Dispose();
        _pool.Dispose();
        if (_accelerator.AcceleratorType == AcceleratorType.Cuda) _stream.Dispose();
        _accelerator.Dispose();
        _ownedContext?.Dispose();
    }
}
