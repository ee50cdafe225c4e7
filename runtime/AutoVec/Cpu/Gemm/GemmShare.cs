using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>
/// A rectangle of one matrix of the result, computed by one thread. A block of A is packed into strips of a few rows (for the second-level
/// cache), of B one panel of two vectors at a time (for the first), and the kernel multiplies each strip with the panel.
/// </summary>
/// <remarks>Optimised from the first call on: code that waits for its tier is eight times slower for a tenth of a second.</remarks>
internal unsafe ref struct GemmShare<T, TBlock> where T : unmanaged where TBlock : struct, IBlock<T>
{
    private const int Depth = 400;
    private const int BytesOfSums = 2 << 20;

    private readonly ref readonly GemmJob<T> job;
    private readonly int batch;
    private readonly T* a, b, c;

    // Sums that must not go to C before they are finished: because an epilogue wants them, or because they come transposed.
    private readonly bool held;

    private T* packedA, packedB, sums, turned;

    // The panel of B that comes after the one at hand, fetched while that is multiplied; null where it lies near enough.
    private T* ahead;
    private int aheadWidth, aheadDepth;

    public GemmShare(in GemmJob<T> job, int batch)
    {
        this.job = ref job;
        this.batch = batch;
        a = job.Product.A + (batch * job.Product.AB);
        b = job.Product.B + (batch * job.Product.BB);
        c = job.Product.C + (batch * job.Product.CB);
        held = job.Transposed || job.Product.Epilogue != null;
    }

    private static int Panel => 2 * TBlock.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int row, int rowEnd, int column, int columnEnd)
    {
        if (row >= rowEnd || column >= columnEnd) return;
        int terms = job.Product.K;
        int depth = Even(terms, Depth, 16);
        int height = Even(rowEnd - row, 504 * sizeof(float) / sizeof(T), TBlock.MaxRows);
        bool whole = terms <= depth;
        int width = held && !whole ? Math.Max(BytesOfSums / sizeof(T) / height / Panel, 1) * Panel : columnEnd - column;

        bool isFar = Sse.IsSupported && (nint)terms * (columnEnd - column) * sizeof(T) > BytesOfSums / 2;

        ArenaMark mark = Scratch.Mark();
        packedA = Scratch.Rent<T>(((nint)height * depth) + Pack.Slack);
        packedB = Scratch.Rent<T>(((nint)Panel * depth) + Pack.Slack);
        sums = Scratch.Rent<T>((nint)height * (held && !whole ? Math.Min(width, columnEnd - column + Panel) : Panel));
        turned = Scratch.Rent<T>(job.Transposed ? ((nint)height * Panel) + (16 * (nint)height) + Pack.Slack : 0);
        for (int i = row; i < rowEnd; i += height)
        {
            int rows = Math.Min(height, rowEnd - i);
            for (int j = column; j < columnEnd; j += width)
            {
                int columns = Math.Min(width, columnEnd - j), from = 0;
                do
                {
                    int to = Math.Min(from + depth, terms);
                    if (!whole || j == column) PackA(i, rows, from, to - from);
                    for (int panel = 0; panel < columns; panel += Panel)
                    {
                        if (isFar) Announce(panel + Panel < columns ? (j + panel + Panel, from) : (j, to), columns - panel - Panel, terms, depth);
                        MultiplyPanel(i, rows, j + panel, Math.Min(Panel, columns - panel), from, to, whole ? sums : sums + ((nint)panel * height));
                    }

                    from = to;
                }
                while (from < terms);
            }
        }

        Scratch.Release(mark);
    }

    private void Announce((int Column, int From) next, int columnsLeft, int terms, int depth)
    {
        ref readonly Contraction<T> p = ref job.Product;
        aheadDepth = Math.Min(depth, terms - next.From);
        aheadWidth = columnsLeft > 0 ? Math.Min(Panel, columnsLeft) : Panel;
        bool isLine = p.BN == 1 || p.BK == 1;
        ahead = aheadDepth > 0 && isLine && next.Column + aheadWidth <= job.Product.N ? b + (next.From * p.BK) + (next.Column * p.BN) : null;
    }

    /// <summary>
    /// Fetches a part of the panel that comes next into the second-level cache: hardware does not foresee its rows. Of one that is read in place only the
    /// first rows, while the last strip is multiplied, since the kernel itself looks further ahead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Fetch(int from, int to, int of)
    {
        ref readonly Contraction<T> p = ref job.Product;
        int perLine = 64 / sizeof(T);
        (int rows, int length, nint step) = p.BN == 1 ? (aheadDepth, aheadWidth, p.BK) : (aheadWidth, aheadDepth, p.BN);
        if (p.BN == 1)
        {
            if (to < of) return;
            (from, rows) = (0, Math.Min(rows, IBlock<T>.Ahead));
        }

        int end = (int)((long)rows * to / of);
        for (int r = (int)((long)rows * from / of); r < end; r++)
        {
            T* row = ahead + (r * step);
            for (int k = 0; k < length; k += perLine) Sse.Prefetch1(row + k);
            Sse.Prefetch1(row + length - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void PackA(int row, int rows, int from, int depth)
    {
        ref readonly Contraction<T> p = ref job.Product;
        T* to = packedA;
        foreach (int strip in new Strips(rows, TBlock.MaxRows))
        {
            Pack.Panel(a + (row * p.AM) + (from * p.AK), p.AM, p.AK, strip, strip, depth, to);
            to += (nint)strip * depth;
            row += strip;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MultiplyPanel(int row, int rows, int column, int columns, int from, int to, T* panelSums)
    {
        ref readonly Contraction<T> p = ref job.Product;
        int depth = to - from, vectors = columns > TBlock.Lanes ? 2 : 1, width = vectors * TBlock.Lanes;
        T* panel = b + (from * p.BK) + (column * p.BN);
        nint step = p.BK;
        // A panel whose rows lie as the kernel wants them is read in place by the first strip, which packs it for the others.
        bool inPlace = p.BN == 1 && columns == width;
        if (!inPlace)
        {
            Pack.Panel(panel, p.BN, p.BK, columns, width, depth, packedB);
            panel = packedB;
            step = width;
        }

        bool direct = !held && columns == width, aside = !held && !direct;
        bool more = from > 0 || (p.Accumulate && !held);
        T* strips = packedA;
        int count = (rows + TBlock.MaxRows - 1) / TBlock.MaxRows;
        for (int at = 0, done = 0; at < count;)
        {
            int taller = rows % count, strip = (rows / count) + (at < taller ? 1 : 0);
            bool keep = inPlace && count > 1;
            // Strips of one height are one call, unless something is to be done between them.
            int run = keep || aside || ahead != null ? 1 : (at < taller ? taller : count) - at;
            T* place = direct ? c + ((row + done) * p.CM) + column : held ? panelSums + ((nint)done * Panel) : sums;
            nint stride = direct ? p.CM : Panel;
            if (ahead != null) Fetch(done, done + strip, rows);
            if (keep)
            {
                Multiply<N1>(strip, vectors, run, strips, panel, step, depth, place, stride, more && !aside, packedB);
                panel = packedB;
                step = width;
                inPlace = false;
            }
            else
            {
                Multiply<N0>(strip, vectors, run, strips, panel, step, depth, place, stride, more && !aside, null);
            }

            if (aside) Rows.Put(sums, Panel, c + ((row + done) * p.CM) + column, p.CM, strip, columns, more);
            at += run;
            done += run * strip;
            strips += (nint)run * strip * depth;
        }

        if (held && to == p.K) Finish(row, rows, column, columns, panelSums);
    }

    /// <summary>Hands finished sums on, in the orientation the caller asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Finish(int row, int rows, int column, int columns, T* tile)
    {
        ref readonly Contraction<T> p = ref job.Product;
        nint stride = Panel;
        if (job.Transposed)
        {
            Pack.Panel(tile, stride, 1, rows, rows, columns, turned);
            tile = turned;
            stride = rows;
            (row, rows, column, columns) = (column, columns, row, rows);
        }

        T* place = c + (row * p.CM) + column;
        if (p.Epilogue == null)
        {
            Rows.Put(tile, stride, place, p.CM, rows, columns, p.Accumulate);
            return;
        }

        if (p.Accumulate) Rows.Put(place, p.CM, tile, stride, rows, columns, true);
        p.Epilogue(p.EpilogueArgs, tile, stride, batch, row, column, rows, columns);
    }

    /// <summary>The extent of blocks that cut <paramref name="extent"/> into as few, as equal blocks of at most <paramref name="most"/>.</summary>
    private static int Even(int extent, int most, int unit)
    {
        if (extent <= most) return Math.Max(extent, 1);
        int blocks = (extent - 1) / most + 1;
        return ((extent - 1) / blocks / unit + 1) * unit;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TKeep>(int rows, int vectors, nint strips, T* a, T* b, nint bStride, nint k, T* c, nint cStride, bool add, T* kept)
        where TKeep : struct, ICount
    {
        if (vectors == 2) Multiply<N2, TKeep>(rows, strips, a, b, bStride, k, c, cStride, add, kept);
        else Multiply<N1, TKeep>(rows, strips, a, b, bStride, k, c, cStride, add, kept);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TVectors, TKeep>(int rows, nint strips, T* a, T* b, nint bStride, nint k, T* c, nint cStride, bool add, T* kept)
        where TVectors : struct, ICount where TKeep : struct, ICount
    {
        switch (rows)
        {
            case 1: TBlock.Multiply<N1, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 2: TBlock.Multiply<N2, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 3: TBlock.Multiply<N3, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 4: TBlock.Multiply<N4, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 5: TBlock.Multiply<N5, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 6: TBlock.Multiply<N6, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 7: TBlock.Multiply<N7, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 8: TBlock.Multiply<N8, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 9: TBlock.Multiply<N9, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 10: TBlock.Multiply<N10, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            case 11: TBlock.Multiply<N11, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
            default: TBlock.Multiply<N12, TVectors, TKeep>(strips, a, b, bStride, k, c, cStride, add, kept); break;
        }
    }
}

/// <summary>Rows cut into as few strips of at most <c>most</c> rows, all as equal as they can be: a thin strip could not fill the pipelines.</summary>
internal ref struct Strips(int rows, int most)
{
    private readonly int count = (rows + most - 1) / most;
    private int at = -1;

    public readonly int Current => (rows / count) + (at < rows % count ? 1 : 0);

    public readonly Strips GetEnumerator() => this;

    public bool MoveNext() => ++at < count;
}

/// <summary>Copies or adds rectangles.</summary>
internal static unsafe class Rows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Put<T>(T* from, nint fromStride, T* to, nint toStride, int rows, int columns, bool add) where T : unmanaged
    {
        nint count = columns;
        if (fromStride == count && toStride == count) (rows, count) = (1, count * rows);
        for (; rows != 0; rows--, from += fromStride, to += toStride)
        {
            if (add) Add(from, to, count);
            else NativeMemory.Copy(from, to, (nuint)(count * sizeof(T)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(T* from, T* to, nint count) where T : unmanaged
    {
        nint i = 0;
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count) (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
        for (; i < count; i++) to[i] = (Vector128.CreateScalarUnsafe(to[i]) + Vector128.CreateScalarUnsafe(from[i])).ToScalar();
    }
}
