using System.ComponentModel;

namespace AutoVec.Cpu;

/// <summary>What generated code runs on: a pool of threads, memory that is reused, and the contraction of strided arrays.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe partial class CpuEngine : IDisposable
{
    private readonly Lock exclusive = new();
    private readonly Arena arena = new();
    private SpinPool? pool;
    private bool disposed;

    /// <summary>Creates an engine; its threads start with the first work that is shared out.</summary>
    /// <param name="threads">Threads that work at once, the caller among them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is not positive.</exception>
    public CpuEngine(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
    }

    /// <summary>The engine of the whole process, with one thread for every processor it may use. It is never disposed.</summary>
    public static CpuEngine Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>Threads that work at once, the caller among them.</summary>
    public int Threads { get; }

    /// <summary>Waits until the engine is free and takes it. The same thread may begin again inside; dispose in reverse order.</summary>
    /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
    public Scope Begin()
    {
        // A part must not wait for the engine that waits for it: it works alone, with its own thread's memory.
        if (SpinPool.Inside) return new Scope(null, Scratch.Arena);
        exclusive.Enter();
        if (!disposed) return new Scope(exclusive, arena);
        exclusive.Exit();
        throw new ObjectDisposedException(nameof(CpuEngine));
    }

    /// <summary>
    /// Runs <paramref name="part"/>(<paramref name="args"/>, from, to) for disjoint ranges that together are 0 to
    /// <paramref name="count"/>, on all threads. Ranges start at multiples of <paramref name="grain"/>. Inside a part it runs on the caller alone.
    /// If parts throw, the exception of the lowest range is thrown again; others may have run or not.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="grain"/> is not positive.</exception>
    public void For(delegate*<void*, nint, nint, void> part, void* args, nint count, nint grain)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grain);
        if (count <= 0) return;
        if (Threads == 1 || count <= grain || SpinPool.Inside)
        {
            SpinPool.Inline(part, args, count);
            return;
        }

        lock (exclusive)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            pool ??= new SpinPool(Threads - 1);
            pool.Run(part, args, count, grain);
        }
    }

    /// <summary>Computes a contraction. The sum of one element is taken in the same order for any number of threads.</summary>
    public void Contract(in Contraction<float> contraction) => Gemm.Run(this, contraction);

    /// <inheritdoc cref="Contract(in Contraction{float})"/>
    public void Contract(in Contraction<double> contraction) => Gemm.Run(this, contraction);

    /// <summary>Ends the threads, once whoever uses the engine is done.</summary>
    public void Dispose()
    {
        lock (exclusive)
        {
            if (disposed || this == Shared) return;
            disposed = true;
            pool?.Dispose();
        }
    }
}
