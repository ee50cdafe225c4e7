using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>Chooses the width, the orientation and the division of a contraction among the threads.</summary>
/// <remarks>
/// Whatever depends on the number of threads leaves the order of each element's sum alone: the sum is cut into blocks by its length only,
/// and never divided among threads.
/// </remarks>
internal static unsafe class Gemm
{
    // Below this many multiplications a second thread costs more than it brings.
    private const long Worthwhile = 100_000;

    public static void Run<T>(CpuEngine engine, in Contraction<T> contraction) where T : unmanaged =>
        Run(engine, contraction, Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128);

    internal static void Run<T>(CpuEngine engine, in Contraction<T> contraction, int width) where T : unmanaged
    {
        switch (width)
        {
            case 512: Run<T, Block512<T>>(engine, contraction); break;
            case 256: Run<T, Block256<T>>(engine, contraction); break;
            default: Run<T, Block128<T>>(engine, contraction); break;
        }
    }

    private static void Run<T, TBlock>(CpuEngine engine, in Contraction<T> contraction) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        if (contraction.Batch <= 0 || contraction.M <= 0 || contraction.N <= 0) return;
        if (LongSum.Wants<T, TBlock>(contraction)) LongSum.Run(engine, contraction, &Multiply<T, TBlock>);
        else Multiply<T, TBlock>(engine, contraction);
    }

    private static void Multiply<T, TBlock>(CpuEngine engine, in Contraction<T> contraction) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        if (GemmVector.Run<T, TBlock>(engine, contraction) || GemmInner.Run<T, TBlock>(engine, contraction)) return;
        var job = new GemmJob<T> { Product = contraction };
        if (job.Product.K < 0) job.Product.K = 0;
        if (IsBetterTransposed<T, TBlock>(contraction)) job.Transpose();

        long work = (long)job.Product.M * job.Product.N * job.Product.K;
        (job.RowParts, job.ColumnParts) = work < Worthwhile || job.Product.Batch >= 2 * engine.Threads
            ? (1, 1) : Divide<T, TBlock>(job.Product, engine.Threads);
        long grain = Math.Min(Worthwhile / Math.Max(work, 1), job.Product.Batch) + 1;
        engine.For(&Part<T, TBlock>, &job, (nint)job.Product.Batch * job.RowParts * job.ColumnParts, work < Worthwhile ? (nint)grain : 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part<T, TBlock>(void* args, nint from, nint to) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        ref readonly GemmJob<T> job = ref *(GemmJob<T>*)args;
        nint parts = (nint)job.RowParts * job.ColumnParts;
        for (nint at = from; at < to; at++)
        {
            (int row, int column) = Math.DivRem((int)(at % parts), job.ColumnParts);
            new GemmShare<T, TBlock>(job, (int)(at / parts)).Run(
                Cut(job.Product.M, row, job.RowParts, 1), Cut(job.Product.M, row + 1, job.RowParts, 1),
                Cut(job.Product.N, column, job.ColumnParts, 2 * TBlock.Lanes), Cut(job.Product.N, column + 1, job.ColumnParts, 2 * TBlock.Lanes));
        }
    }

    // Vectors lie along columns. Few columns fill them badly; the product of the transposes may fill them better, and is turned when it is done.
    private static bool IsBetterTransposed<T, TBlock>(in Contraction<T> c) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        double packA = PackingCost(c.AM, c.AK), packB = PackingCost(c.BN, c.BK);
        double now = Cost<T, TBlock>(c.M, c.N, packA, packB), then = Cost<T, TBlock>(c.N, c.M, packB, packA) + (1.5 * c.M * c.N / Math.Max(c.K, 1));
        return then < 0.9 * now && c.N < 4 * TBlock.Lanes;
    }

    // Of one term of each sum. A panel of one vector takes more than half the time of one of two: its sums are too few to fill the pipelines.
    private static double Cost<T, TBlock>(int rows, int columns, double packA, double packB) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        int rest = columns % (2 * TBlock.Lanes);
        double panels = (columns / (2 * TBlock.Lanes)) + (rest == 0 ? 0 : rest <= TBlock.Lanes ? 0.6 : 1);
        return (rows * panels) + (rows * packA) + (columns * packB);
    }

    /// <summary>The grid of parts in which the slowest thread has the least to multiply and to pack.</summary>
    private static (int Rows, int Columns) Divide<T, TBlock>(in Contraction<T> c, int threads) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        int panel = 2 * TBlock.Lanes;
        double packA = PackingCost(c.AM, c.AK), packB = PackingCost(c.BN, c.BK);
        (int, int) best = (1, 1);
        double least = double.PositiveInfinity;
        for (int rowParts = 1; rowParts <= Math.Min(threads, c.M); rowParts++)
        {
            int columnParts = Math.Min(threads / rowParts, RoundUp(c.N, panel) / panel);
            double rows = (c.M + rowParts - 1) / rowParts, columns = Math.Min(c.N, RoundUp((c.N + columnParts - 1) / columnParts, panel));
            double cost = (rows * RoundUp((int)columns, TBlock.Lanes) / (2 * TBlock.Lanes)) + (rows * packA) + (columns * packB);
            if (cost < least) (least, best) = (cost, (rowParts, columnParts));
        }

        return best;
    }

    // Cycles per element, roughly: runs are copied, transposed by squares, or gathered.
    private static double PackingCost(nint across, nint along) => across == 1 ? 0.1 : along == 1 ? 0.3 : 1;

    private static int Cut(int extent, int part, int parts, int unit)
    {
        long units = ((long)extent + unit - 1) / unit;
        return (int)Math.Min(units * part / parts * unit, extent);
    }

    private static int RoundUp(int value, int unit) => (int)(((long)value + unit - 1) / unit * unit);
}

/// <summary>A contraction as its parts see it.</summary>
internal unsafe struct GemmJob<T> where T : unmanaged
{
    /// <summary>The product to compute. When transposed, its rows are the columns of what the caller asked for, except in C's strides.</summary>
    public Contraction<T> Product;

    public bool Transposed;

    public int RowParts, ColumnParts;

    /// <summary>From C = A B to Cᵀ = Bᵀ Aᵀ.</summary>
    public void Transpose()
    {
        Transposed = true;
        ref Contraction<T> c = ref Product;
        (c.M, c.N) = (c.N, c.M);
        T* a = c.A;
        c.A = c.B;
        c.B = a;
        (c.AB, c.BB) = (c.BB, c.AB);
        (c.AM, c.BN) = (c.BN, c.AM);
        (c.AK, c.BK) = (c.BK, c.AK);
    }
}
