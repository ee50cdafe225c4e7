using System.Runtime.CompilerServices;

namespace AutoVec.Cpu;

/// <summary>
/// A matrix whose rows lie along the sum, times a few columns: x·W of a layer with ten outputs. Vectors run along the sum and are added up at the end, so that
/// no lane is idle and the matrix, of which each element is used only so often, is read where it lies. The few columns are turned into rows, where they are not.
/// </summary>
internal static unsafe class GemmInner
{
    // What the kernel reads over and over: the few rows and its own rows of the matrix.
    private const int BytesOfRows = 28 << 10;
    private const int MostColumns = 5;
    private const int RowsPerTile = 96;
    private const int RowsOfShare = 256;

    // Below this many multiplications a second thread costs more than it brings.
    private const long Worthwhile = 100_000;

    private struct Job<T> where T : unmanaged
    {
        public Contraction<T> Product;

        // The matrix and the few: where they begin, steps along the batch and from row to row, and how many rows they have.
        public T* Many, Few;
        public nint ManyBatch, ManyStep, FewBatch, FewStep;
        public int Rows, Columns;

        // Whether the few are the result's rows, and whether a part turns those of its matrix.
        public bool Turned, LaysFew;

        public int RowsPerPart, Parts;
    }

    /// <summary>Computes the contraction, if it is of this kind.</summary>
    public static bool Run<T, TBlock>(CpuEngine engine, in Contraction<T> contraction) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        ref readonly Contraction<T> c = ref contraction;
        bool columns = c.AK == 1 && Wants<T, TBlock>(c.M, c.N, c.K), rows = c.BK == 1 && Wants<T, TBlock>(c.N, c.M, c.K);
        if (!columns && !rows) return false;
        using Scope scope = engine.Begin();
        var job = new Job<T> { Product = c, Turned = !columns || (rows && c.M < c.N) };
        job.Many = job.Turned ? c.B : c.A;
        (job.ManyBatch, job.ManyStep, job.Rows) = job.Turned ? (c.BB, c.BN, c.N) : (c.AB, c.AM, c.M);
        job.Few = job.Turned ? c.A : c.B;
        (job.FewBatch, job.FewStep, job.Columns) = job.Turned ? (c.AB, c.AM, c.M) : (c.BB, c.BN, c.N);
        long work = (long)c.M * c.N * c.K;
        job.RowsPerPart = work < Worthwhile ? job.Rows : (int)Math.Min(12 * ((Worthwhile / 12 / c.K / job.Columns) + 1), job.Rows);
        job.LaysFew = (job.Turned ? c.AK : c.BK) != 1;
        if (job.LaysFew && c.Batch == 1 && job.Rows <= RowsOfShare * engine.Threads)
        {
            // The few are turned sooner by each thread for itself than they come from the cache of another.
            job.RowsPerPart = Math.Max(job.RowsPerPart, (job.Rows - 1) / engine.Threads + 1);
        }
        else if (job.LaysFew && (c.Batch == 1 || job.FewBatch == 0))
        {
            T* few = scope.Rent<T>(((nint)job.Columns * c.K) + Pack.SlackOf(c.K));
            Lay(job, 0, few);
            job.Few = few;
            job.FewBatch = 0;
            job.FewStep = c.K;
            job.LaysFew = false;
        }

        job.Parts = ((job.Rows - 1) / job.RowsPerPart) + 1;
        engine.For(&Part<T, TBlock>, &job, (nint)c.Batch * job.Parts, (nint)Math.Min(Worthwhile / work, c.Batch) + 1);
        return true;
    }

    /// <summary>The few of one matrix as rows along the sum.</summary>
    private static void Lay<T>(in Job<T> job, int batch, T* rows) where T : unmanaged
    {
        ref readonly Contraction<T> c = ref job.Product;
        Pack.Panel(job.Few + (batch * job.FewBatch), job.Turned ? c.AK : c.BK, job.FewStep, c.K, c.K, job.Columns, rows);
    }

    // Measured: with more columns the matrix is better packed, and with fewer terms the sums across the vectors weigh too much. Decided by the shape alone,
    // so that the number of threads changes no result.
    private static bool Wants<T, TBlock>(int rows, int columns, int terms) where T : unmanaged where TBlock : struct, IBlock<T> =>
        columns <= 16 && rows >= columns && terms >= 8 * TBlock.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part<T, TBlock>(void* args, nint from, nint to) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        var job = (Job<T>*)args;
        T* last = Scratch.Rent<T>((2 * TBlock.Lanes) + Math.Max(9 * TBlock.Lanes, 20));
        new Span<byte>(last, TBlock.Lanes * sizeof(T)).Clear();
        new Span<byte>(last + TBlock.Lanes, TBlock.Lanes * sizeof(T)).Fill(0xFF);
        T* tile = job->Product.Epilogue == null ? null : Scratch.Rent<T>((nint)RowsPerTile * job->Columns);
        T* laid = job->LaysFew ? Scratch.Rent<T>(((nint)job->Columns * job->Product.K) + Pack.SlackOf(job->Product.K)) : null;
        for (nint at = from; at < to; at++)
        {
            (int batch, int part) = ((int)(at / job->Parts), (int)(at % job->Parts));
            if (job->LaysFew && (part == 0 || at == from)) Lay(*job, batch, laid);
            T* few = job->LaysFew ? laid : job->Few + (batch * job->FewBatch);
            nint fewStep = job->LaysFew ? job->Product.K : job->FewStep;
            int row = part * job->RowsPerPart, end = Math.Min(row + job->RowsPerPart, job->Rows);
            for (; row < end; row += RowsPerTile) Tile<T, TBlock>(job, batch, row, Math.Min(RowsPerTile, end - row), few, fewStep, tile, last);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<T, TBlock>(Job<T>* job, int batch, int row, int rows, T* few, nint fewStep, T* tile, T* last) where T : unmanaged where TBlock : struct, IBlock<T>
    {
        ref readonly Contraction<T> p = ref job->Product;
        T* place = p.C + (batch * p.CB) + (job->Turned ? row : row * p.CM), to = tile == null ? place : tile;
        (nint toRow, nint toColumn) = (tile != null, job->Turned) switch
        {
            (false, false) => (p.CM, (nint)1),
            (false, true) => (1, p.CM),
            (true, false) => (job->Columns, 1),
            (true, true) => (1, rows),
        };
        (int tileRows, int tileColumns) = job->Turned ? (job->Columns, rows) : (rows, job->Columns);
        nint tileStep = tileColumns;
        if (tile != null && p.Accumulate) AutoVec.Cpu.Rows.Put(place, p.CM, tile, tileStep, tileRows, tileColumns, false);

        var strips = new Strips(job->Columns, MostColumns);
        strips.MoveNext();
        int most = TBlock.InnerRows(strips.Current), depth = Math.Max(BytesOfRows / sizeof(T) / (job->Columns + most) & -8 * TBlock.Lanes, 8 * TBlock.Lanes);
        T* many = job->Many + (batch * job->ManyBatch) + (row * job->ManyStep);
        for (int k = 0; k < p.K;)
        {
            // The kernel needs a whole vector: a short rest goes with what is before it.
            int terms = p.K - k - depth < TBlock.Lanes ? p.K - k : depth;
            bool add = k > 0 || p.Accumulate;
            int i = 0;
            foreach (int height in new Strips(rows, most))
            {
                int j = 0;
                foreach (int width in new Strips(job->Columns, MostColumns))
                {
                    Multiply<T, TBlock>(height, width, many + k + (i * job->ManyStep), job->ManyStep, few + k + (j * fewStep), fewStep, terms, last,
                        to + (i * toRow) + (j * toColumn), toRow, toColumn, add);
                    j += width;
                }

                i += height;
            }

            k += terms;
        }

        if (tile == null) return;
        (int tileRow, int tileColumn) = job->Turned ? (0, row) : (row, 0);
        p.Epilogue(p.EpilogueArgs, tile, tileStep, batch, tileRow, tileColumn, tileRows, tileColumns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<T, TBlock>(int rows, int columns, T* a, nint aStep, T* b, nint bStep, nint k, T* last, T* c, nint cRow, nint cColumn, bool add)
        where T : unmanaged where TBlock : struct, IBlock<T>
    {
        switch (rows)
        {
            case 1: Multiply<T, TBlock, N1>(columns, a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
            case 2: Multiply<T, TBlock, N2>(columns, a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
            case 3: Multiply<T, TBlock, N3>(columns, a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
            default: Multiply<T, TBlock, N4>(columns, a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<T, TBlock, TRows>(int columns, T* a, nint aStep, T* b, nint bStep, nint k, T* last, T* c, nint cRow, nint cColumn, bool add)
        where T : unmanaged where TBlock : struct, IBlock<T> where TRows : struct, ICount
    {
        switch (columns)
        {
            case 1: TBlock.Inner<TRows, N1>(a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
            case 2: TBlock.Inner<TRows, N2>(a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
            case 3: TBlock.Inner<TRows, N3>(a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
            case 4: TBlock.Inner<TRows, N4>(a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
            default: TBlock.Inner<TRows, N5>(a, aStep, b, bStep, k, last, c, cRow, cColumn, add); break;
        }
    }
}
