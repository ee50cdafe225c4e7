using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Fuse;

/// <summary>
/// The sum over the batch of one scatter per sample is one scatter (the gradient of a shared embedding).
/// <code>
/// s = scatter [B, v] b, t { yield b, at, e }
/// r = build k&lt;v { reduce + b { s[b, k] } }   ⇒   r = scatter [v] b, t { yield at, e }
/// </code>
/// </summary>
internal static class SumOfScatter
{
    public static Stmt? Try(Scatter s, Stmt user, ReadSites reads)
    {
        if (reads.Count != 1 || user is not Build { Body: { Stmts: { Count: 1 } one } body } build || one[0] is not Reduce { Kind: ReduceKind.Sum } sum) return null;
        if (!body.Results[0].Equals(sum.Out) || sum.Dims.Count != 1 || sum.Body.Stmts.Count != 1 || sum.Body.Stmts[0] is not Read read) return null;
        if (!sum.Body.Results[0].Equals(read.Out)) return null;
        int k = read.Index.ToList().IndexOf(sum.Dims[0].Index);
        if (k < 0) return null;
        Seq<T> Without<T>(Seq<T> items) => items.Where((_, j) => j != k).ToSeq();
        // All of the output, in order; and the summed dimension is written at a variable of the scatter: every trip counts once.
        bool whole = Without(read.Index) == build.Dims.Map(d => (Atom)d.Index) && Without(s.Extents) == build.Dims.Map(d => d.Extent)
            && s.Extents[k].Equals(sum.Dims[0].Extent) && s.Dims.Any(d => d.Index.Equals(s.Body.Results[k]) && d.Extent.Equals(s.Extents[k]));
        return whole ? new Scatter(build.Results[0], Without(s.Extents), s.Dims, s.Body with { Results = Without(s.Body.Results) }) : null;
    }
}
