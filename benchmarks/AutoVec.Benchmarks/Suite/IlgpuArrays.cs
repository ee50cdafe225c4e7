using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace AutoVec.Benchmarks.Suite;

/// <summary>A side on devices behind ILGPU.</summary>
/// <param name="Generated">Calls the generated form for devices.</param>
/// <param name="Hand">Launches hand-written kernels, a thread for each sample or result.</param>
internal sealed record GpuSide(Action<OnDevice> Generated, Action<IlgpuArrays> Hand);

/// <summary>An accelerator for hand-written kernels. The host's arrays lie on it from their first use on.</summary>
internal sealed class IlgpuArrays : IDisposable
{
    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly Dictionary<Array, MemoryBuffer> buffers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<MethodInfo, Delegate> launchers = [];

    private IlgpuArrays(Context context, Accelerator accelerator) => (this.context, this.accelerator) = (context, accelerator);

    /// <summary>ILGPU's debug accelerator.</summary>
    public static IlgpuArrays Emulator()
    {
        var context = Context.Create(b => b.EnableAlgorithms().Optimize(OptimizationLevel.O0).CPU(new CPUDevice(2, 1, 1)));
        return new IlgpuArrays(context, context.GetCPUDevices()[0].CreateCPUAccelerator(context));
    }

    /// <summary>The first CUDA device.</summary>
    public static IlgpuArrays Cuda()
    {
        var context = Context.Create(b => b.Cuda().EnableAlgorithms().Optimize(OptimizationLevel.O2));
        return new IlgpuArrays(context, context.GetCudaDevices()[0].CreateCudaAccelerator(context));
    }

    /// <summary>The array on the device.</summary>
    public ArrayView<float> this[Array array] => View<float>(array);

    /// <summary>The array on the device.</summary>
    public ArrayView<int> Integers(int[] array) => View<int>(array);

    public void For<A, B>(int count, Action<Index1D, A, B> kernel, A a, B b) where A : struct where B : struct =>
        Launcher(kernel, accelerator.LoadAutoGroupedStreamKernel)(count, a, b);

    public void For<A, B, C>(int count, Action<Index1D, A, B, C> kernel, A a, B b, C c) where A : struct where B : struct where C : struct =>
        Launcher(kernel, accelerator.LoadAutoGroupedStreamKernel)(count, a, b, c);

    public void For<A, B, C, D>(int count, Action<Index1D, A, B, C, D> kernel, A a, B b, C c, D d)
        where A : struct where B : struct where C : struct where D : struct => Launcher(kernel, accelerator.LoadAutoGroupedStreamKernel)(count, a, b, c, d);

    public void For<A, B, C, D, E>(int count, Action<Index1D, A, B, C, D, E> kernel, A a, B b, C c, D d, E e)
        where A : struct where B : struct where C : struct where D : struct where E : struct =>
        Launcher(kernel, accelerator.LoadAutoGroupedStreamKernel)(count, a, b, c, d, e);

    public void For<A, B, C, D, E, F>(int count, Action<Index1D, A, B, C, D, E, F> kernel, A a, B b, C c, D d, E e, F f)
        where A : struct where B : struct where C : struct where D : struct where E : struct where F : struct =>
        Launcher(kernel, accelerator.LoadAutoGroupedStreamKernel)(count, a, b, c, d, e, f);

    public void For<A, B, C, D, E, F, G>(int count, Action<Index1D, A, B, C, D, E, F, G> kernel, A a, B b, C c, D d, E e, F f, G g)
        where A : struct where B : struct where C : struct where D : struct where E : struct where F : struct where G : struct =>
        Launcher(kernel, accelerator.LoadAutoGroupedStreamKernel)(count, a, b, c, d, e, f, g);

    public void Synchronize() => accelerator.Synchronize();

    /// <summary>Brings an array back.</summary>
    public void Download(Array array)
    {
        if (array is int[] integers) Integers(integers).CopyToCPU(accelerator.DefaultStream, new Span<int>(integers));
        else this[array].CopyToCPU(accelerator.DefaultStream, Inputs.Flat(array));
        accelerator.Synchronize();
    }

    public void Dispose()
    {
        foreach (var buffer in buffers.Values) buffer.Dispose();
        accelerator.Dispose();
        context.Dispose();
    }

    private TLauncher Launcher<TKernel, TLauncher>(TKernel kernel, Func<TKernel, TLauncher> load) where TKernel : Delegate where TLauncher : Delegate
    {
        if (!launchers.TryGetValue(kernel.Method, out var launcher)) launchers[kernel.Method] = launcher = load(kernel);
        return (TLauncher)launcher;
    }

    private ArrayView<T> View<T>(Array array) where T : unmanaged
    {
        if (!buffers.TryGetValue(array, out var buffer))
        {
            var made = accelerator.Allocate1D<T>(array.Length);
            buffers[array] = buffer = made;
            if (array is int[] integers) ((MemoryBuffer1D<int, Stride1D.Dense>)(object)made).View.BaseView.CopyFromCPU(integers);
            else ((MemoryBuffer1D<float, Stride1D.Dense>)(object)made).View.BaseView.CopyFromCPU(Inputs.Flat(array));
        }
        return ((MemoryBuffer1D<T, Stride1D.Dense>)buffer).View.BaseView;
    }
}

/// <summary>A device for generated code. The host's arrays lie on it from their first use on.</summary>
internal sealed class OnDevice(Device device) : IDisposable
{
    private readonly Dictionary<Array, IDisposable> arrays = new(ReferenceEqualityComparer.Instance);

    public Device Device => device;

    /// <summary>Are results brought back?</summary>
    public bool Downloads { get; set; }

    /// <summary>The array on the device.</summary>
    public DeviceArray<float> this[Array array]
    {
        get
        {
            if (!arrays.TryGetValue(array, out var known))
                arrays[array] = known = device.Upload(Inputs.Flat(array), [.. Enumerable.Range(0, array.Rank).Select(array.GetLength)]);
            return (DeviceArray<float>)known;
        }
    }

    /// <summary>Takes a result, and ends it.</summary>
    public void Take(Array to, DeviceArray<float> result)
    {
        if (Downloads) result.CopyTo(Inputs.Flat(to));
        result.Dispose();
    }

    /// <inheritdoc cref="Take(Array, DeviceArray{float})"/>
    public void Take(int[] to, DeviceArray<int> result)
    {
        if (Downloads) result.CopyTo(to);
        result.Dispose();
    }

    public void Dispose()
    {
        foreach (var array in arrays.Values) array.Dispose();
    }
}
