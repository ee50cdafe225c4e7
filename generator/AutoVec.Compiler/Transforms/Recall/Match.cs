using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Recall;

/// <summary>Is a sum that of a row's elements, at some place? Finds the place.</summary>
internal sealed class Match
{
    private readonly Dictionary<Var, Atom?> _index = [];
    private readonly Dictionary<Var, Var> _same = [];

    /// <summary>What the <paramref name="dims"/> of <paramref name="element"/> are in <paramref name="sum"/>; null if it is another sum, or one of them is nowhere in it.</summary>
    public static Seq<Atom>? Of(Reduce element, Reduce sum, Seq<Dim> dims)
    {
        var match = new Match();
        foreach (var d in dims) match._index[d.Index] = null;
        if (!match.Same(element, sum)) return null;
        var index = dims.Select(d => match._index[d.Index]).ToList();
        return index.Contains(null) ? null : index.Select(i => i!).ToSeq();
    }

    private bool Same(Atom a, Atom b)
    {
        if (a is not Var v) return a.Equals(b);
        if (_same.TryGetValue(v, out var bound)) return bound.Equals(b);
        if (!_index.TryGetValue(v, out var known)) return v.Equals(b) && !_same.ContainsValue(v);
        if (known is not null) return known.Equals(b);
        // A place is one for all terms.
        if (b is Var own && _same.ContainsValue(own)) return false;
        _index[v] = b;
        return true;
    }

    private bool Same(Seq<Atom> a, Seq<Atom> b) => a.Count == b.Count && Enumerable.Range(0, a.Count).All(k => Same(a[k], b[k]));

    private bool Same(Stmt a, Stmt b)
    {
        bool same = (a, b) switch
        {
            (Compute c, Compute d) => c.Op == d.Op && Same(c.Args, d.Args),
            (Read r, Read s) => !r.Out.Type.IsArray && Same(r.Array, s.Array) && Same(r.Index, s.Index),
            (Reduce r, Reduce s) => r.Kind == s.Kind && Same(r, s),
            _ => false,
        };
        if (same)
            for (int k = 0; k < a.Outs.Count; k++) _same[a.Outs[k]] = b.Outs[k];
        return same;
    }

    private bool Same(Reduce a, Reduce b)
    {
        if (a.Dims.Count != b.Dims.Count || a.Body.Stmts.Count != b.Body.Stmts.Count) return false;
        for (int k = 0; k < a.Dims.Count; k++)
        {
            if (!Same(a.Dims[k].Extent, b.Dims[k].Extent)) return false;
            _same[a.Dims[k].Index] = b.Dims[k].Index;
        }
        return Enumerable.Range(0, a.Body.Stmts.Count).All(k => Same(a.Body.Stmts[k], b.Body.Stmts[k])) && Same(a.Body.Results, b.Body.Results);
    }
}
