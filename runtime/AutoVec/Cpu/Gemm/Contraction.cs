using System.ComponentModel;

namespace AutoVec.Cpu;

/// <summary>
/// C[b, i, j] = (<see cref="Accumulate"/> ? C[b, i, j] : 0) + Σ_k A[b, i, k] · B[b, k, j] over strided views. Strides count elements and
/// may be zero or negative; C's column stride is 1, and C overlaps neither A nor B.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe struct Contraction<T> where T : unmanaged
{
    /// <summary>Extents of the batch, of C's rows and columns, and of the sum. Any of them may be 0; without terms the sum is 0.</summary>
    public int Batch, M, N, K;

    /// <summary>The operands and the result.</summary>
    public T* A, B, C;

    /// <summary>Strides of A along batch, rows and the sum.</summary>
    public nint AB, AM, AK;

    /// <summary>Strides of B along batch, the sum and columns.</summary>
    public nint BB, BK, BN;

    /// <summary>Strides of C along batch and rows.</summary>
    public nint CB, CM;

    /// <summary>Whether the sum is added to what C holds.</summary>
    public bool Accumulate;

    /// <summary>
    /// (args, tile, tileStride, batch, row, col, rows, cols): receives every element of the result once, tile by tile and on any thread;
    /// the tile's first element is that of (batch, row, col). With an epilogue C is not written, and read only to accumulate.
    /// It must not read what it writes elsewhere, since tiles come in no order.
    /// </summary>
    public delegate*<void*, T*, nint, int, int, int, int, int, void> Epilogue;

    /// <summary>First argument of <see cref="Epilogue"/>.</summary>
    public void* EpilogueArgs;
}
