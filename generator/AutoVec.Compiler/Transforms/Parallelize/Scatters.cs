using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// Contributions at places that change with the trip in any way: a fresh array of their sums, added to the old one.
/// <code>
/// h' = loop (h = h0) for i&lt;n { ...; b = bin[i]; h1 = h with [b] = h[b] + e; yield h1 }
///     ⇒    s = scatter [m] i&lt;n { ...; yield b, e }    h' = build k&lt;m { h0[k] + s[k] }
/// </code>
/// A loop around such a loop joins its trips to the scatter's dims.
/// </summary>
/// <param name="Checked">
/// The positions of the index that may be outside of the array although no data decide them. There they become −1, and the value 1: Gather would
/// solve them for the trip, and a scatter takes nothing amiss that is 0, so what C# throws would be lost.
/// </param>
internal sealed record ScatterSum(int At, Accumulation Sum, Seq<int> Checked) : Piece([At], "scatter +")
{
    public static ScatterSum? Match(LoopView loop, int k, Accumulation sum)
    {
        if (sum.Op != OpTable.Add && sum.Op != OpTable.Sub || loop.Param(k).Type.Scalar == Scalar.Bool) return null;
        if (!Emitter.CanHoist(loop, loop.Stmts, sum.Stmts, Goals(sum))) return null;
        var extents = loop.Param(k).Type.Extents;
        return new ScatterSum(k, sum, Enumerable.Range(0, sum.Index.Count).Where(d => sum.Index[d].IsPosition()
            && !loop.Ranges.Inside(sum.Index[d], extents[d]) && loop.Form(sum.Index[d]).Terms.All(t => t.Name.Equals(loop.Index) || loop.IsOutside(t.Name))).ToSeq());
    }

    /// <summary><c>p1 = build k { p[k] + s[k] }</c> of an inner scatter s: its contributions are those of this loop.</summary>
    public static ScatterSum? MatchNested(LoopView loop, int k, Accumulation sum)
    {
        if (sum.Op != OpTable.Add || sum.Dims.IsEmpty || sum.Index.Any(i => i is not All)) return null;
        var read = sum.Stmts.OfType<Read>().FirstOrDefault(r => r.Out.Equals(sum.Term));
        if (read is null || loop.Top(read.Array) is not Scatter inner || loop.Uses(inner.Out) != 1 || loop.Uses(read.Out) != 1) return null;
        if (!read.Index.SequenceEqual(sum.Dims.Map(d => (Atom)d.Index))) return null;
        if (!inner.Dims.All(d => loop.IsOutside(d.Extent))) return null;
        var stmts = loop.Stmts.SelectMany(s => ReferenceEquals(s, inner) ? inner.Body.Stmts : (IEnumerable<Stmt>)[s]).ToSeq();
        var opened = new Accumulation(inner.Body.Results.Take(inner.Extents.Count).ToSeq(), OpTable.Add, inner.Body.Results[^1], inner.Dims, stmts);
        return Emitter.CanHoist(loop, loop.Stmts, stmts, Goals(opened)) ? new ScatterSum(k, opened, []) : null;
    }

    private static Seq<Atom> Goals(Accumulation sum) => [.. Place(sum), sum.Term];

    private static Seq<Atom> Place(Accumulation sum) => sum.Index.Any(i => i is All) ? Accumulation.Filled(sum.Index, sum.Dims) : sum.Index;

    public override IEnumerable<(Seq<Stmt>, Seq<Atom>)> Slices(LoopView loop) => [(Sum.Stmts, Goals(Sum))];

    public override Seq<Atom> Emit(Emitter e)
    {
        var hoisted = Sum.Dims.IsEmpty ? (_, _) => [] : e.Hoisted(e.Loop.Stmts, Sum.Stmts, Goals(Sum));
        var trip = e.Dimension();
        var dims = Sum.Dims.Map(d => new Dim(e.Code.Fresh(d.Index.Name, IrType.I32), d.Extent));
        var body = e.Code.Nested();
        var moved = Sum.Dims.Select((d, k) => (d.Index, (Atom)dims[k].Index));
        var values = e.Copy(body, Sum.Stmts, Goals(Sum), trip.Index, [.. moved, .. hoisted(body, trip.Index)]);
        if (Sum.Op == OpTable.Sub) values = values.With(values.Count - 1, body.Compute(OpTable.Neg, values[^1]));
        var (old, extents) = ((Var)e.Loop.Init(At), e.Loop.Param(At).Type.Extents);
        foreach (int d in Checked)
        {
            var inside = body.Compute(OpTable.And, body.Compute(OpTable.Ge, values[d], Const.I32(0)), body.Compute(OpTable.Lt, values[d], extents[d]));
            values = values.With(d, body.Compute(OpTable.Select, inside, values[d], Const.I32(-1), "at"))
                .With(values.Count - 1, body.Compute(OpTable.Select, inside, values[^1], Const.Of(values[^1].Type.Scalar, 1)));
        }
        var s = e.Code.Scatter(extents, [trip, .. dims], body.Block(values));
        return [e.Code.Build(extents, (b, at) => b.Compute(OpTable.Add, b.Read(old, at), b.Read(s, at)), e.Loop.Result(At).Name)];
    }
}
