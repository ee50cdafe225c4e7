namespace AutoVec.Gpu;

/// <summary>Where devices behind ILGPU come from.</summary>
internal static class IlgpuDevices
{
    /// <summary>The GPUs of this machine, CUDA first.</summary>
    public static IReadOnlyList<Device> Gpus() => [];

    public static Device Cuda(int index) => throw Missing($"no CUDA device {index}");

    public static Device OpenCL(int index) => throw Missing($"no OpenCL device {index}");

    public static Device Emulator() => throw Missing("no emulator");

    private static NotSupportedException Missing(string what) => new($"there is {what} on this machine");
}
