using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// A while loop that only counts is a for loop, which has parallel forms, and whose trips need not be found by running it.
/// <code>
/// k', s' = loop (k = k0, s = s0) while { c = k &lt; n } { ...; k1 = k + 1; yield k1, s1 }
///     ⇒    t = (max n k0) - k0      s' = loop (s = s0) for i&lt;t { k = k0 + i; ... }      k' = k0 + t
/// </code>
/// Only where the number of trips cannot leave i32: k0 ≥ 0 where it counts up, n ≥ 0 where it counts down.
/// </summary>
internal static class CountedWhile
{
    public static FunctionIr Rewrite(FunctionIr function)
    {
        if (!function.Body.Walk().Any(s => s is While)) return function;
        var around = new Surroundings(function, []);
        Block Inside(Block block) => new(block.Stmts.SelectMany(s => Statement(s.Map(v => v, a => a, Inside))).ToSeq(), block.Results);
        IEnumerable<Stmt> Statement(Stmt stmt) => stmt is While w && Counter(w, around) is { } counter ? Counted(w, counter, around) : [stmt];
        return function with { Body = Inside(function.Body) };
    }

    /// <param name="At">The position of the counter in the state.</param>
    /// <param name="Up">Does it count up to the bound, by one?</param>
    private sealed record Count(int At, Atom Bound, bool Up);

    private static Count? Counter(While w, Surroundings around)
    {
        if (w.Condition.Stmts is not [Compute test] || !w.Condition.Results[0].Equals(test.Out)) return null;
        if (test.Op != OpTable.Lt && test.Op != OpTable.Gt || test.Args[0].Type != IrType.I32) return null;
        for (int k = 0; k < w.State.Count; k++)
        {
            var (p, init) = (w.State[k].Param, w.State[k].Init);
            int side = test.Args[0].Equals(p) ? 0 : test.Args[1].Equals(p) ? 1 : -1;
            if (side < 0) continue;
            var bound = test.Args[1 - side];
            if (w.State.Any(c => c.Param.Equals(bound))) return null;
            bool up = test.Op == OpTable.Lt == (side == 0);
            var definitions = new Dependence(w.Body);
            var step = Affine.Of(w.Body.Results[k], definitions.Definition).Minus(Affine.Of(p));
            var ranges = around.Ranges(a => Affine.Of(a, around.Definition), around.Definition);
            return step.Equals(Affine.Of(up ? 1 : -1)) && ranges.IsNonNegative(up ? init : bound) ? new Count(k, bound, up) : null;
        }
        return null;
    }

    private static Seq<Stmt> Counted(While w, Count count, Surroundings around)
    {
        var (param, init) = (w.State[count.At].Param, w.State[count.At].Init);
        var (low, high) = count.Up ? (init, count.Bound) : (count.Bound, init);
        var code = new Builder(around.Names);
        var trips = code.Compute(OpTable.Sub, code.Compute(OpTable.Max, high, low, "trips"), low, "trips");
        var i = around.Names.Fresh(param.Name, IrType.I32);
        var move = count.Up ? OpTable.Add : OpTable.Sub;
        Seq<T> Others<T>(Seq<T> items) => items.Where((_, k) => k != count.At).ToSeq();
        var body = new Block([new Compute(param, move, [init, i]), .. w.Body.Stmts], Others(w.Body.Results));
        code.Append(new For(Others(w.Results), Others(w.State), new Dim(i, trips), body));
        code.Append(new Compute(w.Results[count.At], move, [init, trips]));
        return code.Stmts.ToSeq();
    }
}
