using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Gather;

/// <summary>Writes the build that a solved scatter becomes.</summary>
internal sealed class Gathered
{
    private readonly Scatter _scatter;
    private readonly Solution _solution;
    private readonly Names _names;
    private readonly Dependence _dependence;
    private readonly HashSet<Var> _sizes;
    private readonly Seq<Dim> _outer, _summed;
    private readonly Dictionary<Var, Affine> _value = [];
    private readonly HashSet<Var> _innerVariables;
    private readonly Builder _outside, _inside;
    private readonly List<Atom> _guardsOutside = [], _guardsInside = [];

    public Gathered(Scatter scatter, Solution solution, Names names, Dependence dependence, HashSet<Var> sizes)
    {
        (_scatter, _solution, _names, _dependence, _sizes) = (scatter, solution, names, dependence, sizes);
        _outer = scatter.Extents.Map(e => new Dim(names.Fresh("a", IrType.I32), e));
        _summed = solution.Summed.Map(d => new Dim(names.Fresh(d.Index), d.Extent));
        _outside = new Builder(names);
        _inside = _outside.Nested();
        for (int k = 0; k < _summed.Count; k++) _value[solution.Summed[k].Index] = Affine.Of(_summed[k].Index);
        _innerVariables = new HashSet<Var>(solution.Summed.Map(d => d.Index));
    }

    public Stmt Build()
    {
        foreach (var (d, v) in _solution.Pivots) Solve(d, v);
        foreach (int d in _solution.Fixed)
        {
            bool inner = IsInner(d);
            var (b, guards) = inner ? (_inside, _guardsInside) : (_outside, _guardsOutside);
            guards.Add(b.Compute(OpTable.Eq, _outer[d].Index, Current(_solution.Forms[d]).Emit(b), "c"));
        }
        var zero = Const.Of(_scatter.Out.Type.Scalar, 0);
        var map = new Substitution();
        var (point, hasSum) = (_summed.IsEmpty ? _outside : _inside, !_summed.IsEmpty);
        foreach (var d in _scatter.Dims) map[d.Index] = _value[d.Index].Emit(point);
        var value = map.Copy(Simplify.DeadCode.Remove(new Block(_scatter.Body.Stmts, [_scatter.Body.Results[^1]]), out _), _names);

        Block body;
        if (!hasSum) body = _outside.Block(Guarded(_outside, _guardsOutside, value, zero));
        else
        {
            var term = _inside.Block(Guarded(_inside, _guardsInside, value, zero));
            var sum = _outside.Nested();
            var total = sum.Reduce(ReduceKind.Sum, _summed, term);
            body = _outside.Block(Guarded(_outside, _guardsOutside, sum.Block(total), zero));
        }
        return new Build([_scatter.Out], _outer, body);
    }

    /// <summary>
    /// a = form(v, others)  ⇒  v = (a - others) / factor, with v's range and divisibility as guards. Forms wrap as i32 does, and with a
    /// factor of ±1 so does the solution; another factor takes for granted that factor · v does not overflow.
    /// </summary>
    private void Solve(int d, Var v)
    {
        var form = _solution.Forms[d];
        int factor = form[v];
        bool inner = IsInner(d);
        if (inner) _innerVariables.Add(v);
        var (b, guards) = inner ? (_inside, _guardsInside) : (_outside, _guardsOutside);
        var extent = _scatter.Dims.First(x => x.Index.Equals(v)).Extent;

        var rest = Affine.Of(_outer[d].Index).Minus(Current(form.Without(v)));
        if (factor < 0) rest = rest.Times(-1);
        Atom at;
        if (factor is 1 or -1) at = rest.AsAtom ?? rest.Emit(b);
        else
        {
            var size = Const.I32(Math.Abs(factor));
            var scaled = rest.AsAtom ?? rest.Emit(b);
            guards.Add(b.Compute(OpTable.Eq, b.Compute(OpTable.IntRem, scaled, size, "at"), Const.I32(0), "c"));
            at = b.Compute(OpTable.IntDiv, scaled, size, v.Name);
            rest = Affine.Of((Var)at);
        }
        _value[v] = at is Var name ? Affine.Of(name) : rest;
        if (IsInside(at, rest, extent)) return;
        if (!at.Equals(_outer[d].Index)) guards.Add(b.Compute(OpTable.Ge, at, Const.I32(0), "c"));
        guards.Add(b.Compute(OpTable.Lt, at, extent, "c"));
    }

    /// <summary>The form with variables replaced by what they are here.</summary>
    private Affine Current(Affine form) => form.Terms.Aggregate(Affine.Of(form.Constant),
        (sum, t) => sum.Plus(_value.TryGetValue(t.Name, out var value) ? value : Affine.Of(t.Name), t.Factor));

    private bool IsInner(int d) => _solution.Forms[d].Terms.Any(t => _innerVariables.Contains(t.Name));

    private bool IsInside(Atom at, Affine form, Atom extent)
    {
        var extents = _outer.Concat(_summed).ToDictionary(d => d.Index, d => d.Extent);
        var ranges = new Ranges(a => a.Equals(at) ? form : Affine.Of(a, _dependence.Definition),
            v => extents.TryGetValue(v, out var e) ? e : null, _sizes.Contains, _dependence.Definition);
        return ranges.Inside(at, extent);
    }

    private static Atom Guarded(Builder b, List<Atom> guards, Block value, Atom zero)
    {
        if (guards.Count == 0)
        {
            b.Append(value.Stmts);
            return value.Results[0];
        }
        var all = guards.Skip(1).Aggregate(guards[0], (x, y) => b.Compute(OpTable.And, x, y, "c"));
        return b.If(all, value, new Block([], [zero]), "g")[0];
    }
}
