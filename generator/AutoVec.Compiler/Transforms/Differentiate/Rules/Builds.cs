using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>Build, the sum, and scatter.</summary>
internal sealed partial class Reverse
{
    private void BackBuild(Build s, Region region, Seq<Atom?> bars) => Parallel(s.Dims, s.Body, region, (inner, results, at) =>
    {
        for (int k = 0; k < bars.Count; k++)
        {
            if (bars[k] is null || !activity.IsActive(results[k])) continue;
            var r = (Var)results[k];
            Add(inner, r, inner.Builder.Read((Var)bars[k]!, Leading(bars[k]!.Type, at), BarName(r)));
            // The array holds the element's value: its adjoint need not recompute it (relu asks its result only).
            if (!r.Type.IsArray && inner.Binds(r)) inner.Now[r] = inner.Builder.Read(s.Results[k], at, r.Name);
        }
    });

    private void BackSum(Reduce s, Region region, Atom bar) =>
        Parallel(s.Dims, s.Body, region, (inner, results, _) => Add(inner, results[0], bar));

    /// <summary>The value's adjoint is the array's at the index; outside, where the value is 0, nothing.</summary>
    private void BackScatter(Scatter s, Region region, Var bar) => Parallel(s.Dims, s.Body, region, (inner, results, at) =>
    {
        var index = results.Take(s.Extents.Count).ToSeq();
        var b = inner.Builder;
        var inside = index.SelectMany((i, d) => InRange(b, i, s.Extents[d], at, s.Dims)).ToList();
        Atom value;
        if (inside.Count == 0) value = b.Read(bar, index, bar.Base);
        else
        {
            var then = b.Nested();
            var read = then.Read(bar, index, bar.Base);
            value = b.If(And(b, inside), then.Block(read), b.Nested().Block(Zero(bar.Type)), "bar")[0];
        }
        Add(inner, results[^1], value);
    });

    /// <summary>The conditions under which an index is inside; none if its own range says so.</summary>
    private static IEnumerable<Atom> InRange(Builder b, Atom index, Atom extent, Seq<Var> at, Seq<Dim> dims)
    {
        if (index is Const i && extent is Const n && i.AsInt >= 0 && i.AsInt < n.AsInt) yield break;
        for (int k = 0; k < at.Count; k++)
            if (at[k].Equals(index) && dims[k].Extent.Equals(extent)) yield break;
        yield return b.Compute(OpTable.Ge, index, Const.I32(0), "c");
        yield return b.Compute(OpTable.Lt, index, extent, "c");
    }
}
