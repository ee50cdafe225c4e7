using System.ComponentModel;
using ILGPU;

namespace AutoVec.Gpu;

/// <summary>
/// Exclusive use of an <see cref="IlgpuDevice"/> while a core starts its kernels. Scopes nest; memory belongs to the innermost.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct GpuScope
{
    private readonly IlgpuPool _pool;
    private readonly Lock _lock;
    private readonly Stack<IlgpuMemory> _rented;
    private readonly int _mark;

    internal GpuScope(IlgpuPool pool, Lock gate, Stack<IlgpuMemory> rented)
    {
        gate.Enter();
        (_pool, _lock, _rented, _mark) = (pool, gate, rented, rented.Count);
    }

    /// <summary>Memory for <paramref name="count"/> elements, not cleared; valid until the innermost scope ends.</summary>
    public ArrayView<T> Rent<T>(long count) where T : unmanaged
    {
        var block = _pool.Rent(IlgpuDevice.Indexable(count) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        _rented.Push(block);
        return block.View<T>(count);
    }

    /// <summary>Returns the memory and lets the next user in. To be called once.</summary>
    public void Dispose()
    {
        while (_rented.Count > _mark) _rented.Pop().Return();
        _lock.Exit();
    }
}
