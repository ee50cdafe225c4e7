using System.ComponentModel;
using ILGPU;

namespace AutoVec.Gpu;

/// <summary>Exclusive use of an <see cref="IlgpuDevice"/> while a core starts its kernels.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct GpuScope
{
    private readonly IlgpuPool _pool;
    private readonly Lock _lock;
    private readonly List<IlgpuMemory> _rented;

    internal GpuScope(IlgpuPool pool, Lock gate)
    {
        gate.Enter();
        (_pool, _lock, _rented) = (pool, gate, []);
    }

    /// <summary>Memory for <paramref name="count"/> elements, not cleared; valid until the scope ends.</summary>
    public ArrayView<T> Rent<T>(long count) where T : unmanaged
    {
        var block = _pool.Rent(count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        _rented.Add(block);
        return block.View<T>(count);
    }

    /// <summary>Returns the memory and lets the next user in. To be called once.</summary>
    public void Dispose()
    {
        foreach (var block in _rented) block.Return();
        _lock.Exit();
    }
}
