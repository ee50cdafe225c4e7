using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;
using AutoVec.Compiler.Transforms.Fuse;

namespace AutoVec.Compiler.Transforms.OuterProducts;

/// <summary>
/// The gradient of one sample by the weights of a dense layer is an outer product, and its norm that of two vectors. Takes fused code of a batch; gives
/// the same, up to rounding, in which an outer product of each sample whose squares are summed is never stored.
/// <code>
/// g = build b&lt;B, i&lt;d, j&lt;h { x[b, i]·δ[b, j] }                  p = build b&lt;B { reduce + i&lt;d { x[b, i]² } }
/// n = build b&lt;B { reduce + i&lt;d, j&lt;h { g[b, i, j]² } }          q = build b&lt;B { reduce + j&lt;h { δ[b, j]² } }
/// w = build i&lt;d, j&lt;h { reduce + b&lt;B { g[b, i, j]·s[b] } }  ⇒  n = build b&lt;B { p[b]·q[b] }
///                                                               t = build b&lt;B, j&lt;h { δ[b, j]·s[b] }
///                                                               w = build i&lt;d, j&lt;h { reduce + b&lt;B { x[b, i]·t[b, j] } }
/// </code>
/// A norm is checked: where p, q or their product is not a number well inside its range, what stood there is computed instead (<see cref="Norm"/>). The last line,
/// a clipped gradient, is a contraction then (<see cref="Weighted"/>).
/// </summary>
public static class OuterProducts
{
    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(f);
        var body = pass.Block(f.Body);
        return pass.Notes.Count == 0 ? f
            : Simplify.Simplify.Run(f with { Body = body, Notes = [.. f.Notes, .. pass.Notes.Distinct()] });
    }

    private sealed class Pass(FunctionIr f)
    {
        private readonly Names _names = new(f);
        private readonly HashSet<Var> _sizes = new(f.Sizes);

        public List<string> Notes { get; } = [];

        public Block Block(Block block)
        {
            var stmts = block.Stmts.Map(s => s is For or While or If ? s.Map(v => v, a => a, Block) : s).ToList();
            var touched = new HashSet<Stmt>();
            for (int k = 0; k < stmts.Count; k++)
                if (stmts[k] is Build g && Opened(g, stmts, k, block.Results) is { } users)
                {
                    foreach (int u in users)
                    {
                        touched.Remove(stmts[u]);
                        touched.Add(stmts[u] = new Inliner(g, _names).Apply(stmts[u]));
                    }
                    stmts.RemoveAt(k--);
                }
            var result = new List<Stmt>();
            foreach (var s in stmts)
            {
                if (Norm.Of(s, _names) is { } norm)
                {
                    Notes.Add($"{s.Outs[0].Base}: the squared norm of an outer product is one of sums, {norm.Note}");
                    result.AddRange(norm.Stmts);
                }
                else if (touched.Contains(s) && Weighted.Of(s, _names) is { } sum)
                {
                    Notes.Add($"{s.Outs[0].Base}: a sum of weighted outer products is a product of matrices");
                    result.AddRange(sum);
                }
                else result.Add(s);
            }
            return new(result.ToSeq(), block.Results);
        }

        /// <summary>The statements that read an outer product, if one of them sums its squares and all may compute it themselves.</summary>
        private List<int>? Opened(Build g, List<Stmt> stmts, int k, Seq<Atom> results)
        {
            if (g.Results.Count != 1 || g.Dims.Count < 3 || results.Contains(g.Results[0]) || !IsOuter(g)) return null;
            var users = Enumerable.Range(k + 1, stmts.Count - k - 1).Where(u => stmts[u].Mentions(g.Results[0])).ToList();
            var reads = new ReadSites(g.Results);
            if (users.Count == 0 || !users.All(u => reads.Collect(stmts[u]))) return null;
            var extents = users.SelectMany(u => new Block([stmts[u]], []).Walk()).SelectMany(s => s.Dims()).GroupBy(d => d.Index).ToDictionary(d => d.Key, d => d.First().Extent);
            var ranges = new Transforms.Ranges(Form, v => extents.TryGetValue(v, out var n) ? n : null, _sizes.Contains);
            if (!reads.AreInside(g.Dims, (i, n, _) => ranges.Inside(i, n))) return null;
            // Whoever reads it otherwise wants its elements, and would compute each anew.
            return users.Any(u => Norm.Of(new Inliner(g, _names).Apply(stmts[u]), _names) is not null)
                && users.All(u => stmts[u] is Build { Results.Count: 1 } b && b.Body.Stmts.LastOrDefault() is Reduce { Kind: ReduceKind.Sum }) ? users : null;
        }

        private static Affine Form(Atom atom) => Affine.Of(atom, _ => null);
    }

    /// <summary>A product of two loads, neither of which knows all dims.</summary>
    private static bool IsOuter(Build g)
    {
        if (g.Body.Stmts.Count != 3 || g.Body.Stmts[2] is not Compute { Args: var args } c || c.Op != OpTable.Mul || !g.Body.Results[0].Equals(c.Out)) return false;
        var reads = g.Body.Stmts.Take(2).OfType<Read>().Where(r => !r.Out.Type.IsArray).ToList();
        return reads.Count == 2 && reads.All(r => args.Contains(r.Out) && r.Index.All(i => i is Var v && g.Dims.Any(d => d.Index.Equals(v))) && !g.Dims.All(d => r.Index.Contains(d.Index)))
            && reads[0].Index.Concat(reads[1].Index).Distinct().Count() == g.Dims.Count;
    }
}
