using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>What one or several carried values of a loop become once the loop is gone.</summary>
/// <param name="Covers">The positions of the values in the loop's state.</param>
/// <param name="Says">For the note: <c>reduce +</c>.</param>
internal abstract record Piece(Seq<int> Covers, string Says)
{
    /// <summary>The atoms of the body that its code computes anew, and the statements that compute them.</summary>
    public abstract IEnumerable<(Seq<Stmt> Stmts, Seq<Atom> Goals)> Slices(LoopView loop);

    /// <summary>The array whose reads, in the body, are all reads of the array as it was before the loop.</summary>
    public virtual int? ReadsOld => null;

    /// <summary>Pieces that others can read from come first.</summary>
    public virtual int Order => 1;

    /// <summary>Appends the code; the values of the loop's results, in the order of <see cref="Covers"/>.</summary>
    public abstract Seq<Atom> Emit(Emitter e);
}
