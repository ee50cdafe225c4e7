namespace AutoVec.Cpu;

/// <summary>The innermost product, at one vector width: a block of C that stays in registers for the whole sum.</summary>
/// <remarks>
/// Block512, Block256 and Block128 are one text that differs in the width (a test compares them): a vector type cannot be a type argument
/// of a struct around it without costing registers.
/// </remarks>
internal unsafe interface IBlock<T> where T : unmanaged
{
    /// <summary>Elements of a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>The most rows that two vectors a row can have without leaving the registers.</summary>
    static abstract int MaxRows { get; }

    /// <summary>
    /// C[i, j] = (add ? C[i, j] : 0) + Σ_k a[k · rows + i] · b[k · bStride + j] for all rows and for as many columns as the vectors have.
    /// Where TKeep is not 0, what was read of b is copied to kept without gaps: the multiplications leave time for it.
    /// </summary>
    static abstract void Multiply<TRows, TVectors, TKeep>(T* a, T* b, nint bStride, nint k, T* c, nint cStride, bool add, T* kept)
        where TRows : struct, ICount where TVectors : struct, ICount where TKeep : struct, ICount;
}
