using System.Runtime.CompilerServices;

namespace AutoVec.Cpu;

/// <summary>
/// A row or a column times a matrix, and a column times a row: each element of the matrix is used once, so that nothing is packed, and memory is the
/// limit.
/// </summary>
internal static unsafe class GemmVector
{
    // So many elements of the matrix are worth a thread's while.
    private const int Share = 1 << 15;

    private struct Job<T> where T : unmanaged
    {
        public T* A, B, Last, Sums;
        public nint Step, Terms;
        public int Count;

        // Of products of a column and a row.
        public nint Across;
        public Contraction<T> Product;
        public int Batch;
    }

    /// <summary>Computes the contraction, if it is of this kind.</summary>
    public static bool Run<T, TBlock>(CpuEngine engine, in Contraction<T> contraction) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        ref readonly Contraction<T> c = ref contraction;
        long work = (long)c.M * c.N * Math.Max(c.K, 0);
        if (c.Batch > 1 && work < Share) return false;
        if (c.K == 1 && c.M > 1 && c.N >= TBlock.Lanes)
        {
            for (int batch = 0; batch < c.Batch; batch++) Outer<T, TBlock>(engine, c, batch);
            return true;
        }

        if (c.M != 1 && c.N != 1 || c.K < TBlock.Lanes) return false;
        // The matrix, as rows of what is summed, or as columns next to each other.
        bool row = c.M == 1;
        (nint across, nint along, int count) = row ? (c.BN, c.BK, c.N) : (c.AM, c.AK, c.M);
        bool combines = across == 1 && count >= IBlock<T>.RowVectors * TBlock.Lanes, dots = along == 1 && count >= IBlock<T>.DotColumns;
        if (!combines && !dots) return false;
        for (int batch = 0; batch < c.Batch; batch++) One<T, TBlock>(engine, c, batch, row, combines);
        return true;
    }

    private static void One<T, TBlock>(CpuEngine engine, in Contraction<T> c, int batch, bool row, bool combines) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        using Scope scope = engine.Begin();
        T* matrix = row ? c.B + (batch * c.BB) : c.A + (batch * c.AB), place = c.C + (batch * c.CB);
        int count = row ? c.N : c.M;
        nint to = row ? 1 : c.CM;
        bool direct = to == 1 && !c.Accumulate && c.Epilogue == null;
        var job = new Job<T>
        {
            A = row ? Dense(scope, c.A + (batch * c.AB), c.AK, c.K) : Dense(scope, c.B + (batch * c.BB), c.BK, c.K),
            B = matrix, Step = combines ? row ? c.BK : c.AK : row ? c.BN : c.AM, Terms = c.K, Count = count,
            Sums = direct ? place : scope.Rent<T>(count),
        };
        if (combines)
        {
            int unit = IBlock<T>.RowVectors * TBlock.Lanes;
            engine.For(&Rows<T, TBlock>, &job, count / unit, 1 + (Share / ((nint)unit * c.K)));
        }
        else
        {
            job.Last = scope.Rent<T>(2 * TBlock.Lanes);
            new Span<byte>(job.Last, TBlock.Lanes * sizeof(T)).Clear();
            new Span<byte>(job.Last + TBlock.Lanes, TBlock.Lanes * sizeof(T)).Fill(0xFF);
            engine.For(&Columns<T, TBlock>, &job, count / IBlock<T>.DotColumns, 1 + (Share / ((nint)IBlock<T>.DotColumns * c.K)));
        }

        if (direct) return;
        (int rows, int columns) = row ? (1, count) : (count, 1);
        if (c.Epilogue == null)
        {
            AutoVec.Cpu.Rows.Put(job.Sums, columns, place, c.CM, rows, columns, c.Accumulate);
            return;
        }

        if (c.Accumulate) AutoVec.Cpu.Rows.Put(place, c.CM, job.Sums, columns, rows, columns, true);
        c.Epilogue(c.EpilogueArgs, job.Sums, columns, batch, 0, 0, rows, columns);
    }

    /// <summary>The last of them also takes what is left, again with a whole block: it computes some elements twice, to the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T, TBlock>(void* args, nint from, nint to) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        var job = (Job<T>*)args;
        int unit = IBlock<T>.RowVectors * TBlock.Lanes;
        for (nint at = from; at < to; at++) TBlock.Row(job->A, job->B + (at * unit), job->Step, job->Terms, job->Sums + (at * unit));
        nint end = job->Count - unit;
        if (to == job->Count / unit && job->Count % unit != 0) TBlock.Row(job->A, job->B + end, job->Step, job->Terms, job->Sums + end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<T, TBlock>(void* args, nint from, nint to) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        var job = (Job<T>*)args;
        int unit = IBlock<T>.DotColumns;
        for (nint at = from; at < to; at++) TBlock.Dots(job->A, job->B + (at * unit * job->Step), job->Step, job->Terms, job->Last, job->Sums + (at * unit));
        nint end = job->Count - unit;
        if (to == job->Count / unit && job->Count % unit != 0) TBlock.Dots(job->A, job->B + (end * job->Step), job->Step, job->Terms, job->Last, job->Sums + end);
    }

    private static void Outer<T, TBlock>(CpuEngine engine, in Contraction<T> c, int batch) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        using Scope scope = engine.Begin();
        var job = new Job<T>
        {
            A = c.A + (batch * c.AB), Across = c.AM, B = Dense(scope, c.B + (batch * c.BB), c.BN, c.N), Count = c.N, Product = c, Batch = batch,
        };
        engine.For(&Outers<T, TBlock>, &job, c.M, 1 + (Share / c.N));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outers<T, TBlock>(void* args, nint from, nint to) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        var job = (Job<T>*)args;
        ref readonly Contraction<T> c = ref job->Product;
        T* place = c.C + (job->Batch * c.CB);
        T* tile = c.Epilogue == null ? null : Scratch.Rent<T>(job->Count);
        for (nint i = from; i < to; i++)
        {
            T e = job->A[i * job->Across];
            if (tile == null)
            {
                TBlock.Scaled(e, job->B, job->Count, place + (i * c.CM), c.Accumulate);
                continue;
            }

            if (c.Accumulate) AutoVec.Cpu.Rows.Put(place + (i * c.CM), c.CM, tile, job->Count, 1, job->Count, false);
            TBlock.Scaled(e, job->B, job->Count, tile, c.Accumulate);
            c.Epilogue(c.EpilogueArgs, tile, job->Count, job->Batch, (int)i, 0, 1, job->Count);
        }
    }

    private static T* Dense<T>(in Scope scope, T* from, nint step, int count) where T : unmanaged
    {
        if (step == 1) return from;
        T* to = scope.Rent<T>(count);
        for (nint i = 0; i < count; i++) to[i] = from[i * step];
        return to;
    }
}
