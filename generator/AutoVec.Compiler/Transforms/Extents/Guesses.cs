using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Extents;

/// <summary>
/// Which sizes are probably equal: a loop over the one indexes a dimension of the other, from end to end (i, n − 1 − i), or leaving
/// out as much at the start as at the end (i + 1 of a loop over n − 2). The extent that loops run over is the one that stays.
/// </summary>
internal sealed class Guesses(FunctionIr function)
{
    private readonly HashSet<Var> _sizes = [.. function.Sizes];
    private readonly Dictionary<Var, Var> _parent = [];
    private readonly Dictionary<Var, Atom> _extents = [];

    /// <summary>Dimensions that an index runs past the size of: <c>w[j]</c> says w is as long as the loop over j, <c>w[n + j]</c> says it is not.</summary>
    private readonly HashSet<(Var Dimension, Var Size)> _longer = [];
    private readonly List<(Var Dimension, Var Size)> _equal = [];
    private readonly Dependence _definitions = new(function.Body);

    /// <summary>Reads the whole body; <see cref="Root"/> then knows what is equal.</summary>
    public void Collect()
    {
        Block(function.Body, []);
        foreach (var (dimension, size) in _equal)
            if (!_longer.Contains((dimension, size))) Unite(dimension, size);
    }

    /// <summary>The size that stands for all that are equal to this one.</summary>
    public Var Root(Var size)
    {
        while (_parent.TryGetValue(size, out var parent)) size = parent;
        return size;
    }

    /// <param name="block">Where to look, nested blocks included.</param>
    /// <param name="tested">The indices that branches around the block compare: who tests an index does not promise that it fits.</param>
    private void Block(Block block, HashSet<Var> tested)
    {
        foreach (var stmt in block.Stmts)
        {
            switch (stmt)
            {
                case Read r: Index(r.Array, r.Index, tested); break;
                case Write w: Index(w.Array, w.Index, tested); break;
                case Accumulate a: Index(a.Array, a.Index, tested); break;
                case For f: _extents[f.Dim.Index] = f.Dim.Extent; break;
                case Build b: Dims(b.Dims); break;
                case Reduce r: Dims(r.Dims); break;
                case Scatter s: Dims(s.Dims); break;
            }
            var inner = stmt is If i ? [.. tested, .. Compared(i.Condition)] : tested;
            foreach (var b in stmt.Blocks) Block(b, inner);
        }
    }

    private void Dims(Seq<Dim> dims)
    {
        foreach (var d in dims) _extents[d.Index] = d.Extent;
    }

    private IEnumerable<Var> Compared(Atom condition)
    {
        if (condition is not Var v || _definitions.Definition(v) is not Compute c) return [];
        if (c.Args[0].Type == IrType.Bool) return c.Args.SelectMany(Compared);
        return c.Args[0].Type == IrType.I32 ? c.Args.SelectMany(a => Form(a).Terms.Select(t => t.Name)) : [];
    }

    private Affine Form(Atom atom) => Affine.Of(atom, _definitions.Definition);

    private void Index(Var array, Seq<Atom> index, HashSet<Var> tested)
    {
        for (int d = 0; d < index.Count; d++)
        {
            if (!index[d].IsPosition() || array.Type.Extents[d] is not Var dimension || !_sizes.Contains(dimension)) continue;
            var at = Form(index[d]);
            if (Spanned(at, tested) is { } size) _equal.Add((dimension, size));
            else foreach (var s in Passed(at)) _longer.Add((dimension, s));
        }
    }

    /// <summary>The sizes that an index starts from, or beyond.</summary>
    private IEnumerable<Var> Passed(Affine at) =>
        at.Constant >= 0 && at.Terms.All(t => t.Factor > 0) ? at.Terms.Select(t => t.Name).Where(_sizes.Contains) : [];

    /// <summary>The size that an index probably runs through.</summary>
    private Var? Spanned(Affine at, HashSet<Var> tested)
    {
        foreach (var t in at.Terms)
        {
            if (tested.Contains(t.Name) || !_extents.TryGetValue(t.Name, out var extent)) continue;
            var (trips, rest) = (Form(extent), at.Without(t.Name));
            if (trips.Terms.Count != 1 || trips.Terms[0].Factor != 1 || !_sizes.Contains(trips.Terms[0].Name)) return null;
            int missing = -trips.Constant;
            bool forward = t.Factor == 1 && rest.IsConstant && (rest.Constant == 0 ? missing == 0 : 0 < rest.Constant && rest.Constant <= missing);
            bool backward = t.Factor == -1 && missing == 0 && rest.Equals(trips.Plus(Affine.Of(-1)));
            return forward || backward ? trips.Terms[0].Name : null;
        }
        return null;
    }

    private void Unite(Var dimension, Var size)
    {
        var (from, to) = (Root(dimension), Root(size));
        if (!from.Equals(to)) _parent[from] = to;
    }
}
