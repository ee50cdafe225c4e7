namespace AutoVec.Cpu;

/// <summary>The innermost product, at one vector width: a block of C that stays in registers for the whole sum.</summary>
/// <remarks>
/// Block512, Block256 and Block128 are one text that differs in the width (a test compares them): a vector type cannot be a type argument
/// of a struct around it without costing registers.
/// </remarks>
internal unsafe interface IBlock<T> where T : unmanaged
{
    /// <summary>So many rows of b are fetched ahead where they are read in place: they may lie far apart, and far away.</summary>
    const int Ahead = 40;

    /// <summary>Elements of a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>The most rows that two vectors a row can have without leaving the registers.</summary>
    static abstract int MaxRows { get; }

    /// <summary>
    /// C[i, j] = (add ? C[i, j] : 0) + Σ_k a[k · rows + i] · b[k · bStride + j] for all rows and for as many columns as the vectors have, and the same for as
    /// many further strips of as many rows, whose elements of a follow. Where TKeep is not 0, what was read of b is copied to kept without gaps, for one strip:
    /// the multiplications leave time for it.
    /// </summary>
    static abstract void Multiply<TRows, TVectors, TKeep>(nint strips, T* a, T* b, nint bStride, nint terms, T* c, nint cStride, bool add, T* kept)
        where TRows : struct, ICount where TVectors : struct, ICount where TKeep : struct, ICount;

    /// <summary>c[j] = Σ_k a[k] · b[k · bStride + j] for <see cref="RowVectors"/> vectors of columns.</summary>
    static abstract void Row(T* a, T* b, nint bStride, nint k, T* c);

    /// <summary>
    /// c[j] = Σ_k a[k] · b[j · bStride + k] for <see cref="DotColumns"/> columns, k at least a vector. The order of the sums depends on k alone.
    /// At last there are as many elements of zero bits as a vector has, then as many of ones.
    /// </summary>
    static abstract void Dots(T* a, T* b, nint bStride, nint k, T* last, T* c);

    /// <summary>
    /// c[i · cRow + j · cColumn] = (add ? itself : 0) + Σ_k a[i · aStride + k] · b[j · bStride + k] for up to four rows and five columns, k at least a vector.
    /// At last there are as many elements of zero bits as a vector has, as many of ones, and then space for nine vectors and twenty elements.
    /// </summary>
    static abstract void Inner<TRows, TColumns>(T* a, nint aStride, T* b, nint bStride, nint k, T* last, T* c, nint cRow, nint cColumn, bool add)
        where TRows : struct, ICount where TColumns : struct, ICount;

    /// <summary>The most rows that <see cref="Inner"/> takes with so many columns without leaving the registers.</summary>
    static abstract int InnerRows(int columns);

    /// <summary>c[j] = (add ? c[j] : 0) + a · b[j] for j &lt; n.</summary>
    static abstract void Scaled(T a, T* b, nint n, T* c, bool add);

    /// <summary>Vectors of columns that <see cref="Row"/> computes: so many sums keep both multipliers busy.</summary>
    const int RowVectors = 8;

    /// <summary>Columns that <see cref="Dots"/> computes.</summary>
    const int DotColumns = 4;
}
