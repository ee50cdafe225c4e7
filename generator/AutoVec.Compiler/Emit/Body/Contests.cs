using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Simplify;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// In the body of one thread, the least of a row and where it is are one search, if the least is but compared (of −0.0 and 0.0 the search finds the first, the minimum −0.0), and
/// what is no number does not count. Takes the body with arrays indexed whole, for lanes along the thread index.
/// <code>
/// m = reduce min k&lt;n { v = r[k]  c = v == v  t = select c v inf  yield t }              w, m = loop (w0 = 0 or -1, m0 = inf) for k&lt;n { v = r[k]
/// w = reduce argmin k&lt;n { v = r[k]  c = v == v  t = select c v inf  yield t }    ⇒        less = v &lt; m0
///                                                                                          w1 = select less k w0   m1 = select less v m0   yield w1, m1 }
/// </code>
/// A comparison with what is no number is false, so that needs no test of its own. Where nothing beats infinity the first element won, if there is one.
/// </summary>
internal static class Contests
{
    public static Block Run(Block block, Names names)
    {
        var uses = block.Uses();
        var stmts = new List<Stmt>();
        var done = new HashSet<Stmt>();
        foreach (var stmt in block.Stmts)
        {
            if (done.Contains(stmt)) continue;
            if (stmt is Reduce { Kind: ReduceKind.Min or ReduceKind.Max, Dims.Count: 1 } best && OnlyCompared(best.Out, block, uses[best.Out]) && Number(best) is { } number
                && block.Stmts.OfType<Reduce>().FirstOrDefault(r => IsWhere(r, best) && !stmts.Contains(r)) is { } where)
            {
                done.Add(where);
                stmts.AddRange(Search(best, where, number, names));
            }
            else stmts.Add(stmt.Map(v => v, a => a, b => Run(b, names)));
        }
        return new Block(stmts.ToSeq(), block.Results);
    }

    private static bool OnlyCompared(Var v, Block block, int uses) =>
        uses > 0 && block.Walk().OfType<Compute>().Where(c => c.Out.Type == IrType.Bool).Sum(c => c.Args.Count(v.Equals)) == uses;

    private static bool IsWhere(Reduce r, Reduce best) =>
        r.Kind == (best.Kind == ReduceKind.Min ? ReduceKind.ArgMin : ReduceKind.ArgMax) && r.Dims.Count == 1
        && Canonical.Of(r with { Kind = best.Kind }) == Canonical.Of(best);

    /// <summary>The v of <c>v == v ? v : ∞</c>, which is all that the element is.</summary>
    private static Var? Number(Reduce r)
    {
        var computes = r.Body.Stmts.OfType<Compute>().ToDictionary(c => c.Out);
        return r.Body.Results[0] is Var t && computes.TryGetValue(t, out var choice) && choice.Op == OpTable.Select && choice.Args[1] is Var v && choice.Args[2].Equals(Interpreter.Unit(r.Kind, t.Type.Scalar))
            && choice.Args[0] is Var c && computes.TryGetValue(c, out var test) && test.Op == OpTable.Eq && test.Args.All(v.Equals) ? v : null;
    }

    private static IEnumerable<Stmt> Search(Reduce best, Reduce where, Var number, Names names)
    {
        bool least = best.Kind == ReduceKind.Min;
        var before = new Builder(names);
        var dim = best.Dims[0];
        Atom none = dim.Extent is Const n ? Const.I32(n.AsLong > 0 ? 0 : -1)
            : before.Compute(OpTable.Select, before.Compute(OpTable.Gt, dim.Extent, Const.I32(0), "any"), Const.I32(0), Const.I32(-1), where.Out.Base);
        var at = new Carry(names.Fresh(where.Out), none);
        var value = new Carry(names.Fresh(best.Out), Interpreter.Unit(best.Kind, best.Out.Type.Scalar));
        var body = new Builder(names);
        body.Append(best.Body.Stmts);
        var beats = body.Compute(least ? OpTable.Lt : OpTable.Gt, number, value.Param, least ? "less" : "greater");
        var (next, nextBest) = (body.Compute(OpTable.Select, beats, dim.Index, at.Param, where.Out.Base), body.Compute(OpTable.Select, beats, number, value.Param, best.Out.Base));
        var results = body.Block(next, nextBest);
        return [.. before.Stmts, new For([where.Out, best.Out], [at, value], dim, results with { Stmts = DeadCode.Remove(results, out _).Stmts })];
    }
}
