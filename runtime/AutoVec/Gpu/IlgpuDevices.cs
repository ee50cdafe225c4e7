using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace AutoVec.Gpu;

/// <summary>Where devices behind ILGPU come from: one context per process for each back end, made when it is first asked for.</summary>
internal static class IlgpuDevices
{
    private static readonly Lazy<Context?> s_cuda = new(() => TryCreate(b => b.Cuda()));
    private static readonly Lazy<Context?> s_openCl = new(() => TryCreate(b => b.OpenCL()));

    static IlgpuDevices() => NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);

    /// <summary>The GPUs of this machine, CUDA first.</summary>
    public static IReadOnlyList<Device> Gpus()
    {
        var cuda = CudaDevices().Select(d => Make(s_cuda.Value!, d, processWide: true)).ToList();
        if (cuda.Count > 0) return [.. cuda];
        return [.. OpenClDevices().Where(d => d.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU)).Select(d => Make(s_openCl.Value!, d, processWide: true))];
    }

    public static Device Cuda(int index) => Make(s_cuda.Value, Pick(CudaDevices(), index, "CUDA"));

    public static Device OpenCL(int index) => Make(s_openCl.Value, Pick(OpenClDevices(), index, "OpenCL"));

    public static Device Emulator()
    {
        // Two threads: groups of one would hide missing barriers, more only cost time. ILGPU does not optimise: .NET does it anyway,
        // and a kernel is ready in half the time.
        var context = Context.Create(b => b.EnableAlgorithms().Optimize(OptimizationLevel.O0).Inlining(InliningMode.Disabled).CPU(new CPUDevice(2, 1, 1)));
        return new IlgpuDevice(context.GetCPUDevices()[0].CreateCPUAccelerator(context), ownedContext: context) { IsEmulator = true };
    }

    private static List<CudaDevice> CudaDevices() => s_cuda.Value is { } context ? [.. context.GetCudaDevices()] : [];
    private static List<CLDevice> OpenClDevices() => s_openCl.Value is { } context ? [.. context.GetCLDevices()] : [];

    private static T Pick<T>(List<T> devices, int index, string kind)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return index < devices.Count ? devices[index] : throw new NotSupportedException(devices.Count == 0
            ? $"there is no {kind} device on this machine"
            : $"there is no {kind} device {index} on this machine: it has {devices.Count}");
    }

    private static IlgpuDevice Make(Context? context, ILGPU.Runtime.Device device, bool processWide = false) =>
        new(device.CreateAccelerator(context!), ownedContext: null) { IsProcessWide = processWide };

    private static Context? TryCreate(Action<Context.Builder> backend)
    {
        try
        {
            return Context.Create(b => backend(b.EnableAlgorithms().Optimize(OptimizationLevel.O2)));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No driver, or one that ILGPU cannot use: then there are no such devices.
            return null;
        }
    }

    /// <summary>A plain Linux install has only the versioned names of the drivers.</summary>
    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path) => name switch
    {
        "OpenCL" when NativeLibrary.TryLoad("libOpenCL.so.1", out nint library) => library,
        "cuda" when NativeLibrary.TryLoad("libcuda.so.1", out nint library) => library,
        _ => 0,
    };
}
