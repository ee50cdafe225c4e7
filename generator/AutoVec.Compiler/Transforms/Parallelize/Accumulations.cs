using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// One trip's contribution to an array, in one of the forms
/// <code>
/// p1 = p with [f] = p[f] + e          p1 = p at [f] += e
/// p1 = p with [f, :] = build k { p[f, k] + e }          p1 = build k { p[k] + e }
/// </code>
/// </summary>
/// <param name="Index">Where, <see cref="All"/> where a build runs through the dimension.</param>
/// <param name="Op">How the term joins the element: + - * min max.</param>
/// <param name="Dims">The dims of the build; none for a single element.</param>
/// <param name="Stmts">The body with the build opened, so that the term is in reach.</param>
internal sealed record Accumulation(Seq<Atom> Index, Op Op, Atom Term, Seq<Dim> Dims, Seq<Stmt> Stmts)
{
    public static Accumulation? Of(LoopView loop, int k)
    {
        var p = loop.Param(k);
        var next = loop.Next(k);
        if (loop.Uses(next) != 1 || loop.Top(next) is Write { Index: var index } && index.HasWindow()) return null;
        switch (loop.Top(next))
        {
            case Accumulate a when a.Array.Equals(p) && loop.Uses(p) == 1 && !a.Value.Type.IsArray:
                return new(a.Index, OpTable.Add, a.Value, [], loop.Stmts);
            case Write w when w.Array.Equals(p) && loop.Uses(p) == 2 && loop.Uses(w.Value) == 1:
                return loop.Top(w.Value) switch
                {
                    Compute c => Sum(loop, p, w.Index, c, loop.Stmts, []),
                    Build b => OfBuild(loop, p, w.Index, b),
                    _ => null,
                };
            case Build b when loop.Uses(p) == 1:
                return OfBuild(loop, p, p.Type.Extents.Map(_ => (Atom)All.Dimension), b);
            default:
                return null;
        }
    }

    private static Accumulation? OfBuild(LoopView loop, Var p, Seq<Atom> index, Build build)
    {
        if (build.Results.Count != 1 || build.Dims.Count != index.Count(i => i is All)) return null;
        if (build.Body.Stmts.LastOrDefault(s => s.Outs.Contains(build.Body.Results[0])) is not Compute sum) return null;
        // The build's statements follow those above it; what comes after cannot be an operand.
        var stmts = loop.Stmts.SelectMany(s => ReferenceEquals(s, build) ? build.Body.Stmts : (IEnumerable<Stmt>)[s]).ToSeq();
        return Sum(loop, p, index, sum, stmts, build.Dims);
    }

    private static Accumulation? Sum(LoopView loop, Var p, Seq<Atom> index, Compute sum, Seq<Stmt> stmts, Seq<Dim> dims)
    {
        if (loop.ReadsOf(p) is not [var old] || loop.Uses(old.Out) != 1 || !stmts.Contains(old)) return null;
        return Reduction.TermOf(sum, old.Out) is { } term && loop.SameIndex(old.Index, Filled(index, dims))
            ? new(index, sum.Op, term, dims, stmts) : null;
    }

    /// <summary>The index of one element: the build's indices in the place of <see cref="All"/>.</summary>
    public static Seq<Atom> Filled(Seq<Atom> index, Seq<Dim> dims)
    {
        int next = 0;
        return index.Map(i => i is All ? dims[next++].Index : i);
    }
}

/// <summary>
/// Contributions to one element, one slice or the whole array: an element is its old value and a reduction over the trips. This makes a
/// matrix product of the i-k-j order.
/// <code>
/// c' = loop (c = c0) for k&lt;n { ...; c1 = c with [i, :] = build j&lt;m { c[i, j] + e } }
///     ⇒    w = build j&lt;m { r = reduce + k&lt;n { ...; yield e }; t = c0[i, j] + r; yield t }    c' = c0 with [i, :] = w
/// </code>
/// </summary>
internal sealed record FixedPlace(int At, Accumulation Sum, bool Guarded)
    : Piece([At], $"{(Sum.Dims.IsEmpty ? "" : "array-valued ")}reduce {Printer.Print(Reduction.KindOf(Sum.Op)!.Value)}{(Sum.Dims.IsEmpty ? " into one element" : "")}")
{
    public static FixedPlace? Match(LoopView loop, int k, Accumulation sum) =>
        sum.Index.All(loop.IsOutside) && Emitter.CanHoist(loop, loop.Stmts, sum.Stmts, [sum.Term])
            ? new FixedPlace(k, sum, !loop.IsInside(loop.Param(k), sum.Index)) : null;

    public override IEnumerable<(Seq<Stmt>, Seq<Atom>)> Slices(LoopView loop) => [(Sum.Stmts, [Sum.Term])];

    public override Seq<Atom> Emit(Emitter e)
    {
        // Without a trip nothing is read or written; if the place may not exist, it must not be touched then.
        if (Guarded) return [e.IfAnyTrip(b => Write(e, b), e.Loop.Init(At), e.Loop.Result(At).Name)];
        return [Write(e, e.Code)];
    }

    private Var Write(Emitter e, Builder to)
    {
        string name = e.Loop.Result(At).Name;
        var array = (Var)e.Loop.Init(At);
        if (Sum.Dims.IsEmpty) return to.Write(array, Sum.Index, Element(e, to, [], (_, _) => []), name);
        var hoisted = e.Hoisted(e.Loop.Stmts, Sum.Stmts, [Sum.Term]);
        var dims = Sum.Dims.Map(d => new Dim(to.Fresh(d.Index.Name, IrType.I32), d.Extent));
        var body = to.Nested();
        var element = Element(e, body, dims, hoisted);
        var slice = to.Build(dims, body.Block(element), name)[0];
        return Sum.Index.All(i => i is All) ? slice : to.Write(array, Sum.Index, slice, name);
    }

    /// <summary>The element at some indices in the place of the build's: the old one and the reduction.</summary>
    private Var Element(Emitter e, Builder to, Seq<Dim> dims, Func<Builder, Atom, Seq<(Var, Atom)>> hoisted)
    {
        var trip = e.Dimension();
        var inner = to.Nested();
        var moved = Sum.Dims.Select((d, k) => (d.Index, (Atom)dims[k].Index));
        var term = e.Copy(inner, Sum.Stmts, [Sum.Term], trip.Index, [.. moved, .. hoisted(inner, trip.Index)]);
        var r = to.Reduce(Reduction.KindOf(Sum.Op)!.Value, [trip], inner.Block(term));
        var old = to.Read((Var)e.Loop.Init(At), Accumulation.Filled(Sum.Index, dims), "old");
        return to.Compute(Sum.Op, old, r);
    }
}
