using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Fuse;

/// <summary>
/// Takes flattened code, gives the same with fewer arrays: a producer goes into its only consumer where that computes no element
/// twice, that is iff the read's index is a permutation of all parallel variables around it; one that only loads goes into all.
/// <code>
/// g = build b&lt;B, i&lt;d, j&lt;h { x[b, i]·δ[b, j] }
/// w = build i&lt;d, j&lt;h { reduce + b&lt;B { g[b, i, j] } }   ⇒   w = build i&lt;d, j&lt;h { reduce + b&lt;B { x[b, i]·δ[b, j] } }
/// </code>
/// Legal because arrays are values; but for reads that throw, out of range, which stay. So activations, which a contraction reads once per column, stay arrays,
/// and the sum over a batch of per-sample products is a contraction. Sums of sums become one sum, and a host loop that only adds
/// to an array of which only the sum over the batch is used carries that sum (<see cref="SumThroughLoop"/>).
/// </summary>
public static class Fuse
{
    public static FunctionIr Run(FunctionIr f)
    {
        while (true)
        {
            var fusion = new Fusion(f);
            var body = fusion.Block(f.Body);
            if (!fusion.Changed) return f;
            f = f with { Body = body, Notes = [.. f.Notes, .. fusion.Notes] };
            f = Simplify.Simplify.Run(f, motion: true);
        }
    }
}
