using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// Integer state that grows by the same amount in every trip is a function of the trip, exactly, since integers wrap.
/// <code>
/// k' = loop (k = k0) for i&lt;n { ...; k1 = k + c; yield k1 }    ⇒    in trip i, k = k0 + i * c; afterwards k' = k0 + max n 0 * c
/// </code>
/// </summary>
internal static class Inductions
{
    /// <summary>The loop without such state, and what follows it; the same loop if there is none.</summary>
    public static (For Loop, Seq<Stmt> After) Remove(For loop, Surroundings around)
    {
        var view = new LoopView(loop, around);
        var steps = Enumerable.Range(0, loop.State.Count).Select(k => (At: k, Step: StepOf(view, k))).Where(s => s.Step is not null).ToList();
        if (steps.Count == 0) return (loop, []);

        var (before, after) = (new Builder(around.Names), new Builder(around.Names));
        foreach (var (k, step) in steps)
        {
            before.Append(Closed(before, loop.State[k].Param, loop.State[k].Init, loop.Dim.Index, step!));
            var trips = after.Compute(OpTable.Max, loop.Dim.Extent, Const.I32(0), "trips");
            after.Append(Closed(after, loop.Results[k], loop.State[k].Init, trips, step!));
        }
        var kept = Enumerable.Range(0, loop.State.Count).Where(k => steps.All(s => s.At != k)).ToList();
        Seq<T> Kept<T>(Seq<T> items) => kept.Select(k => items[k]).ToSeq();
        var body = new Block([.. before.Stmts, .. loop.Body.Stmts], Kept(loop.Body.Results));
        return (new For(Kept(loop.Results), Kept(loop.State), loop.Dim, body), after.Stmts.ToSeq());
    }

    /// <summary>The amount, if it is the same in every trip and known before the loop.</summary>
    private static Atom? StepOf(LoopView loop, int k)
    {
        var p = loop.Param(k);
        if (!p.Type.IsInteger || p.Type.IsArray || loop.Top(loop.Next(k)) is not Compute c || c.Op != OpTable.Add && c.Op != OpTable.Sub) return null;
        if (p.Type == IrType.I32)
        {
            // k + 1 + 1 is one step, too.
            var step = loop.Form(c.Out).Minus(Affine.Of(p));
            if (step.IsConstant) return Const.I32(step.Constant);
        }
        return c.Op == OpTable.Add && Reduction.TermOf(c, p) is { } term && loop.IsOutside(term) ? term : null;
    }

    /// <summary>name = init + count * step.</summary>
    private static Compute Closed(Builder b, Var name, Atom init, Atom count, Atom step)
    {
        if (name.Type == IrType.I64) count = b.Compute(OpTable.ToI64, count);
        return new Compute(name, OpTable.Add, [init, b.Compute(OpTable.Mul, count, step)]);
    }
}
