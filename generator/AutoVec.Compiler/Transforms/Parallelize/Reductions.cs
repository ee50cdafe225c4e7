using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// <c>s = s + e</c>, for + - * min max: the loop is a reduction. (A floating sum or product may be associated anew.)
/// <code>
/// s' = loop (s = s0) for i&lt;n { ...; s1 = s + e; yield s1 }    ⇒    r = reduce + i&lt;n { ...; yield e }    s' = s0 + r
/// </code>
/// </summary>
internal sealed record Reduction(int At, Op Op, Atom Term) : Piece([At], $"reduce {Printer.Print(KindOf(Op)!.Value)}")
{
    public static ReduceKind? KindOf(Op op) =>
        op == OpTable.Add || op == OpTable.Sub ? ReduceKind.Sum
        : op == OpTable.Mul ? ReduceKind.Product
        : op == OpTable.Max ? ReduceKind.Max
        : op == OpTable.Min ? ReduceKind.Min
        : null;

    /// <summary>The e of <c>p op e</c>, if the op reduces and p is an operand once (the first, of a difference).</summary>
    public static Atom? TermOf(Compute c, Atom p)
    {
        if (KindOf(c.Op) is null || c.Args[0].Equals(c.Args[1])) return null;
        return c.Args[0].Equals(p) ? c.Args[1] : c.Args[1].Equals(p) && c.Op != OpTable.Sub ? c.Args[0] : null;
    }

    public static Reduction? Match(LoopView loop, int k)
    {
        var p = loop.Param(k);
        return loop.Top(loop.Next(k)) is Compute c && TermOf(c, p) is { } term && loop.Uses(p) == 1 && loop.Uses(c.Out) == 1
            ? new Reduction(k, c.Op, term) : null;
    }

    public override IEnumerable<(Seq<Stmt>, Seq<Atom>)> Slices(LoopView loop) => [(loop.Stmts, [Term])];

    public override Seq<Atom> Emit(Emitter e)
    {
        var dim = e.Dimension();
        var body = e.Code.Nested();
        var term = e.Copy(body, e.Loop.Stmts, [Term], dim.Index);
        var r = e.Code.Reduce(KindOf(Op)!.Value, [dim], body.Block(term));
        return [e.Code.Compute(Op, e.Loop.Init(At), r, e.Loop.Result(At).Name)];
    }
}

/// <summary>
/// <c>found |= e</c> and <c>all &amp;= e</c>: reductions of 1 and 0.
/// <code>
/// f' = loop (f = f0) for i&lt;n { ...; f1 = f | e; yield f1 }    ⇒    r = reduce max i&lt;n { ...; yield select e 1 0 }    f' = f0 | r > 0
/// </code>
/// </summary>
internal sealed record Verdict(int At, Op Op, Atom Term) : Piece([At], Op == OpTable.Or ? "any" : "all")
{
    public static Verdict? Match(LoopView loop, int k)
    {
        var p = loop.Param(k);
        if (p.Type != IrType.Bool || loop.Top(loop.Next(k)) is not Compute c || c.Op != OpTable.Or && c.Op != OpTable.And) return null;
        if (loop.Uses(p) != 1 || loop.Uses(c.Out) != 1) return null;
        return c.Args[0].Equals(p) ? new(k, c.Op, c.Args[1]) : c.Args[1].Equals(p) ? new(k, c.Op, c.Args[0]) : null;
    }

    public override IEnumerable<(Seq<Stmt>, Seq<Atom>)> Slices(LoopView loop) => [(loop.Stmts, [Term])];

    public override Seq<Atom> Emit(Emitter e)
    {
        var dim = e.Dimension();
        var body = e.Code.Nested();
        var term = e.Copy(body, e.Loop.Stmts, [Term], dim.Index)[0];
        var bit = body.Compute(OpTable.Select, term, Const.I32(1), Const.I32(0));
        // No trip: the least integer for any, the greatest for all.
        var r = e.Code.Reduce(Op == OpTable.Or ? ReduceKind.Max : ReduceKind.Min, [dim], body.Block(bit));
        return [e.Code.Compute(Op, e.Loop.Init(At), e.Code.Compute(OpTable.Gt, r, Const.I32(0)), e.Loop.Result(At).Name)];
    }
}
