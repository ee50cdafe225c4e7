using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Fuse;

/// <summary>
/// The sum of an array of sums is one sum with more variables: the gradient of a weight that is used at every position of a
/// sequence is one contraction over batch and positions.
/// <code>
/// s = build b, j { reduce + t { e } }
/// r = build j { reduce + b { s[b, j] } }   ⇒   r = build j { reduce + b, t { e } }
/// </code>
/// </summary>
internal static class SumOfSum
{
    public static Stmt? Try(Build inner, Stmt user, ReadSites reads, Names names)
    {
        if (reads.Count != 1 || inner.Results.Count != 1 || inner.Body.Stmts.IsEmpty) return null;
        if (inner.Body.Stmts[^1] is not Reduce { Kind: ReduceKind.Sum } sum || !inner.Body.Results[0].Equals(sum.Out)) return null;
        // What stands before the sum is repeated for each of its terms: index arithmetic and loads only.
        if (!inner.Body.Stmts.Take(inner.Body.Stmts.Count - 1).All(s => s is Read { Out.Type.IsArray: false } || s is Compute { Out.Type.IsFloat: false })) return null;

        Stmt Rewrite(Stmt s)
        {
            if (s is not Reduce { Kind: ReduceKind.Sum } outer || outer.Body.Stmts.Count != 1 || outer.Body.Stmts[0] is not Read read
                || !ReferenceEquals(read, reads.First) || !outer.Body.Results[0].Equals(read.Out))
                return s.Map(v => v, a => a, b => new(b.Stmts.Map(Rewrite), b.Results));
            var element = new Substitution(inner.Dims.Select((d, n) => (d.Index, read.Index[n])));
            var copy = element.Copy(inner.Body, names);
            var last = (Reduce)copy.Stmts[^1];
            // Extents must stand before the variables: they may not be computed by what moves inside.
            var moved = new HashSet<Var>(copy.Stmts.Take(copy.Stmts.Count - 1).SelectMany(t => t.Outs));
            if (last.Dims.Any(d => d.Extent is Var n && (moved.Contains(n) || outer.Dims.Any(o => o.Index.Equals(n))))) return s;
            return outer with
            {
                Dims = [.. outer.Dims, .. last.Dims],
                Body = new([.. copy.Stmts.Take(copy.Stmts.Count - 1), .. last.Body.Stmts], last.Body.Results),
            };
        }
        var rewritten = Rewrite(user);
        return rewritten.Mentions(inner.Results[0]) ? null : rewritten;
    }
}
