using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>
/// May a statement run where the source would not have run it? Only if it can neither throw nor run forever: no division of
/// integers by what may be zero, no <c>while</c>, and every index read is a loop variable over the very extent it indexes.
/// </summary>
internal sealed class Totality
{
    private readonly Ranges _ranges;
    private readonly Dependence _known;

    /// <param name="sizes">The extents of parameters.</param>
    public Totality(Seq<Stmt> code, IEnumerable<Var> sizes)
    {
        var known = _known = new Dependence(new Block(code, []));
        var extents = new Dictionary<Var, Atom>();
        foreach (var s in code.SelectMany(s => s.Walk()))
            foreach (var d in s.Dims()) extents[d.Index] = d.Extent;
        var size = new HashSet<Var>(sizes);
        _ranges = new Ranges(a => Affine.Of(a, known.Definition), v => extents.TryGetValue(v, out var n) ? n : null,
            v => size.Contains(v) || known.Definition(v) is Compute c && c.Op == OpTable.Length, known.Definition);
    }

    public bool Holds(Stmt stmt) => Holds(stmt, _ => false);

    private bool Holds(Stmt stmt, Func<Affine, bool> notNegative)
    {
        bool own = stmt switch
        {
            Compute c => c.Op.IsTotal || (c.Op == OpTable.IntDiv || c.Op == OpTable.IntRem) && c.Args[1] is Const { AsLong: not (0 or -1) },
            Read r => InRange(r.Array, r.Index, notNegative),
            Write w => InRange(w.Array, w.Index, notNegative),
            Accumulate a => InRange(a.Array, a.Index, notNegative),
            While or Call => false,
            Scatter => false,
            _ => true,
        };
        if (!own) return false;
        if (stmt is If i) return i.Then.Stmts.All(s => Holds(s, Under(i.Condition, notNegative))) && i.Else.Stmts.All(s => Holds(s, notNegative));
        return stmt.Blocks.All(b => b.Stmts.All(s => Holds(s, notNegative)));
    }

    /// <summary>Where x &gt; c holds, x - c - 1 is not negative, nor is what is greater by a constant.</summary>
    private Func<Affine, bool> Under(Atom condition, Func<Affine, bool> notNegative) =>
        condition is Var v && _known.Definition(v) is Compute { Args: [Var x, Const { AsLong: >= 0 and < 1 << 20 } c] } test && test.Op == OpTable.Gt && x.Type == IrType.I32
            ? f => f.Minus(Affine.Of(x, _known.Definition)) is { IsConstant: true } d && d.Constant + c.AsInt + 1 >= 0 && d.Constant <= 0 || notNegative(f) : notNegative;

    /// <summary>Is every entry of the index provably inside its dimension?</summary>
    public bool InRange(Var array, Seq<Atom> index, Func<Affine, bool>? notNegative = null)
    {
        for (int d = 0; d < index.Count; d++)
            if (index[d].IsPosition() && !_ranges.Inside(index[d], array.Type.Extents[d], notNegative)) return false;
        return true;
    }
}

internal static class StmtDims
{
    /// <summary>The dimensions a statement binds.</summary>
    public static Seq<Dim> Dims(this Stmt stmt) => stmt switch
    {
        Build b => b.Dims,
        Reduce r => r.Dims,
        Scatter s => s.Dims,
        For f => [f.Dim],
        _ => [],
    };
}
