using ILGPU;

namespace AutoVec.Gpu;

/// <summary>The kernel that sets elements to a value.</summary>
internal struct GpuFill<T> where T : unmanaged
{
    public ArrayView<T> View;
    public T Value;

    public static void Kernel(Index1D index, GpuFill<T> a) => a.View[index] = a.Value;
}
