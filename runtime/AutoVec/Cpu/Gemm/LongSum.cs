namespace AutoVec.Cpu;

/// <summary>
/// Small matrices with very many terms, as the gradient of a few shared numbers over a large batch: the sum is cut into pieces of a fixed
/// length, which threads take as if they were a batch, and the partial results are added in order.
/// </summary>
internal static unsafe class LongSum
{
    private const int Piece = 4096;
    private const int FewBlocks = 8;

    /// <remarks>Decided by the shape alone, so that the number of threads changes no result.</remarks>
    public static bool Wants<T, TBlock>(in Contraction<T> c) where T : unmanaged where TBlock : struct, IBlock<T> =>
        c.K >= 2 * Piece && (((long)c.M * c.N) - 1) / (2 * TBlock.Lanes * TBlock.MaxRows) < FewBlocks;

    public static void Run<T>(CpuEngine engine, in Contraction<T> c, delegate*<CpuEngine, in Contraction<T>, void> multiply) where T : unmanaged
    {
        int pieces = ((c.K - 1) / Piece) + 1, size = c.M * c.N;
        using Scope scope = engine.Begin();
        T* partial = scope.Rent<T>((nint)size * pieces);
        for (int batch = 0; batch < c.Batch; batch++)
        {
            Contraction<T> part = c with
            {
                A = c.A + (batch * c.AB), B = c.B + (batch * c.BB), C = partial, AB = Piece * c.AK, BB = Piece * c.BK, CB = size, CM = c.N,
                Batch = c.K / Piece, K = Piece, Accumulate = false, Epilogue = null,
            };
            multiply(engine, part);
            if (c.K % Piece != 0)
            {
                part.A += part.Batch * part.AB;
                part.B += part.Batch * part.BB;
                part.C += (nint)part.Batch * size;
                part.Batch = 1;
                part.K = c.K % Piece;
                multiply(engine, part);
            }

            for (int i = 1; i < pieces; i++) Rows.Put(partial + ((nint)i * size), size, partial, size, 1, size, true);

            T* place = c.C + (batch * c.CB);
            if (c.Epilogue == null)
            {
                Rows.Put(partial, c.N, place, c.CM, c.M, c.N, c.Accumulate);
                continue;
            }

            if (c.Accumulate) Rows.Put(place, c.CM, partial, c.N, c.M, c.N, true);
            c.Epilogue(c.EpilogueArgs, partial, c.N, batch, 0, 0, c.M, c.N);
        }
    }
}
