using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// Proves indices in range, from the extents of the loops around and from conditions that hold. What it cannot prove is checked
/// at run time.
/// </summary>
/// <remarks>
/// Forms are over the true integers although i32 wraps: a form that provably lies in [0, extent) is not changed by wrapping.
/// Extents of loops are opened only where wrapping can but lower them, extents of arrays never: they stay names.
/// </remarks>
internal sealed class Ranges
{
    private readonly Dictionary<Var, Stmt> _definitions;
    private readonly Func<Var, bool> _isSize;
    private readonly Transforms.Ranges _segments;
    private readonly List<Dim> _loops = [];
    private readonly Stack<List<(Atom Index, Atom? Below)>> _known = new();

    public Ranges(Dictionary<Var, Stmt> definitions, Func<Var, bool> isSize)
    {
        (_definitions, _isSize) = (definitions, isSize);
        Stmt? definition(Var v) => definitions.TryGetValue(v, out var s) ? s : null;
        _segments = new(a => Transforms.Affine.Of(a, definition), v => _loops.FirstOrDefault(d => d.Index.Equals(v))?.Extent, isSize, definition);
    }

    public void Enter(Dim dim) => _loops.Add(dim);
    public void Leave(Dim dim) => _loops.Remove(dim);

    /// <summary>What another method knows where it calls this one.</summary>
    public void Inherit(Ranges outer)
    {
        _loops.AddRange(outer._loops);
        foreach (var scope in outer._known) _known.Peek().AddRange(scope);
        foreach (var d in outer._definitions)
            if (!_definitions.ContainsKey(d.Key)) _definitions[d.Key] = d.Value;
    }

    /// <summary>Inside a loop over it an extent is at least 1.</summary>
    public bool IsPositive(Atom extent) => extent is Const c ? c.AsLong > 0 : _loops.Any(d => d.Extent.Equals(extent));

    /// <summary>Opens a scope of facts; <see cref="Pop"/> forgets them.</summary>
    public void Push() => _known.Push([]);
    public void Pop() => _known.Pop();

    /// <summary>The index was checked against the extent, or a condition says so: known until the scope ends.</summary>
    public void Learn(Atom index, Atom extent)
    {
        _known.Peek().Add((index, null));
        _known.Peek().Add((index, extent));
    }

    /// <summary>The index is at least 0, or below the extent, wherever it is computed in this scope.</summary>
    public void Hold(Atom index, Atom? below) => _known.Peek().Add((index, below));

    /// <summary>Learns from a condition that holds.</summary>
    public void Assume(Atom condition) => _known.Peek().AddRange(Said(condition));

    /// <summary>What a condition says where it holds: conjunctions of comparisons with 0 and with extents. Without an extent: at least 0.</summary>
    public IEnumerable<(Atom Index, Atom? Below)> Said(Atom condition)
    {
        if (condition is not Var v || !_definitions.TryGetValue(v, out var stmt) || stmt is not Compute c) return [];
        if (c.Op == OpTable.And) return c.Args.SelectMany(Said);
        if (c.Args.Count != 2 || c.Args[0].Type != IrType.I32) return [];
        var (x, y) = (c.Args[0], c.Args[1]);
        if (c.Op == OpTable.Ge && x is Var && y is Const { AsLong: >= 0 }
            || c.Op == OpTable.Gt && x is Var && y is Const { AsLong: >= -1 }) return [(x, null)];
        if (c.Op == OpTable.Le && y is Var && x is Const { AsLong: >= 0 }
            || c.Op == OpTable.Lt && y is Var && x is Const { AsLong: >= -1 }) return [(y, null)];
        if (c.Op == OpTable.Lt && x is Var) return [(x, y)];
        return c.Op == OpTable.Gt && y is Var ? [(y, x)] : [];
    }

    public bool InRange(Atom index, Atom extent) => NotNegative(index) && Below(index, extent) || _segments.InSegment(index, extent);

    private bool NotNegative(Atom index) =>
        Known(index, null) || Prove(index, opened => AtLeast(opened ? Opened(index) : Closed(index), 0, opened));

    private bool Below(Atom index, Atom extent)
    {
        if (Known(index, extent)) return true;
        var room = extent is Const c ? new Affine().Plus(c.AsLong) : Longer((Var)extent) ?? Symbol((Var)extent);
        return Prove(index, opened => AtLeast(room.Plus(opened ? Opened(index) : Closed(index), -1), 1, opened));
    }

    /// <summary>First with the extents as names, then as what they are computed from.</summary>
    private static bool Prove(Atom index, Func<bool, bool> attempt) => attempt(false) || index is Var && attempt(true);

    private Affine Opened(Atom index) => Affine.Of(index, _definitions, _ => true);
    private Affine Closed(Atom index) => Affine.Of(index, _definitions, v => !_loops.Any(d => d.Extent.Equals(v)));

    private bool Known(Atom index, Atom? below) =>
        _known.Any(scope => scope.Any(k => k.Index.Equals(index) && (below is null ? k.Below is null : below.Equals(k.Below))));

    /// <summary>A size and some more, checked: had the sum wrapped, it would be negative, and the check have thrown.</summary>
    private Affine? Longer(Var extent) =>
        _definitions.TryGetValue(extent, out var s) && s is Compute { Op: var check, Args: [Var sum] } && check == OpTable.Length
        && _definitions.TryGetValue(sum, out s) && s is Compute { Op: var add, Args: [Var size, Const { AsLong: >= 0 } more] } && add == OpTable.Add && _isSize(size)
            ? Symbol(size).Plus(more.AsLong) : null;

    private static Affine Symbol(Var v)
    {
        var form = new Affine();
        form.Plus(v, 1);
        return form;
    }

    /// <summary>Is the form at least this, whatever the loop variables (in their loops) and the sizes (from 0, or 1 inside their loop) are?</summary>
    private bool AtLeast(Affine form, long least, bool opened)
    {
        // from = slice start length n: at least 0, at most n - length.
        foreach (var t in form.Terms.Where(t => t.Value < 0).ToList())
        {
            if (SliceOf(t.Key) is not { } slice) continue;
            Affine Bound(Atom a) => Affine.Of(a, _definitions, v => opened || !_loops.Any(d => d.Extent.Equals(v)));
            form = form.Plus(Symbol(t.Key), -t.Value).Plus(Bound(slice.Args[2]), t.Value).Plus(Bound(slice.Args[1]), -t.Value);
        }
        // Innermost first, since an inner extent may be a form of outer variables.
        for (int d = _loops.Count - 1; d >= 0; d--)
        {
            if (!form.Terms.TryGetValue(_loops[d].Index, out long k)) continue;
            form = form.Plus(Symbol(_loops[d].Index), -k);
            if (k < 0) form = form.Plus(Extent(_loops[d].Extent, opened).Plus(-1), k);     // at its largest, extent - 1
        }
        long low = form.Constant;
        foreach (var t in form.Terms)
        {
            if (t.Value < 0) return false;
            if (IsPositive(t.Key)) low += t.Value;
            else if (!_isSize(t.Key) && SliceOf(t.Key) is null) return false;
        }
        return low >= least;
    }

    private Compute? SliceOf(Var v) => _definitions.TryGetValue(v, out var stmt) && stmt is Compute c && c.Op == OpTable.Slice ? c : null;

    /// <summary>A loop's extent: its form where wrapping could only make it smaller, else its name.</summary>
    private Affine Extent(Atom extent, bool opened)
    {
        if (extent is Const c) return new Affine().Plus(c.AsLong);
        if (!opened) return Symbol((Var)extent);
        var form = Opened(extent);
        bool safe = form.Constant >= -1 && form.Terms.Values.Where(k => k < 0).Sum() >= -1
            && form.Terms.Keys.All(v => _isSize(v) || _loops.Any(d => d.Index.Equals(v)));
        return safe ? form : Symbol((Var)extent);
    }
}
