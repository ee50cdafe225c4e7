using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// <c>if (e &gt; best) { best = e; at = i; }</c>: the first of the greatest elements wins, if it beats the initial value. What goes with it
/// (<c>at</c>, and any other payload) is computed for the winning trip.
/// <code>
/// best', at' = loop (best = b0, at = a0) for i&lt;n { ...; c = e > best; best1 = select c e best; at1 = select c i at }
///     ⇒    m = reduce max i&lt;n { ...; yield e }        w = reduce argmax i&lt;n { ...; yield e }        won = m > b0
///          best', at' = if won { ... of trip w; yield e, w } else { yield b0, a0 }
/// </code>
/// A comparison with NaN is false, so the loop passes NaN by, where the reductions would not: they get −∞ in its place. The winner's own value is
/// taken, not the maximum: of −0.0 and 0.0 the first wins.
/// </summary>
internal sealed record Winner(Seq<int> Covers, Op Beats, Atom Contender, int Best, Seq<Atom> Payloads, Seq<Stmt> Stmts)
    : Piece(Covers, Beats == OpTable.Gt ? "argmax" : "argmin")
{
    public static IEnumerable<Winner> Match(LoopView loop)
    {
        for (int k = 0; k < loop.Params.Count; k++)
            if (Match(loop, k) is { } winner) yield return winner;
    }

    private static Winner? Match(LoopView loop, int best)
    {
        var b = loop.Param(best);
        if (b.Type.IsArray || b.Type.Scalar == Scalar.Bool) return null;
        // c = e > best, or best < e.
        var test = loop.Stmts.OfType<Compute>().FirstOrDefault(c => (c.Op == OpTable.Gt || c.Op == OpTable.Lt) && c.Args.Contains(b) && !c.Args[0].Equals(c.Args[1]));
        if (test is null || loop.Uses(b) != 2) return null;
        bool first = test.Args[1].Equals(b);
        var contender = test.Args[first ? 0 : 1];
        var beats = test.Op == OpTable.Gt == first ? OpTable.Gt : OpTable.Lt;

        // Everything that the test decides: choices between a new value and the old state. The branch, if there is one, is opened.
        var branch = loop.Stmts.OfType<If>().FirstOrDefault(i => i.Condition.Equals(test.Out));
        var covers = new List<int>();
        var payloads = new List<Atom>();
        int choices = branch is null ? 0 : 1;
        for (int k = 0; k < loop.Params.Count; k++)
        {
            if (Payload(loop, k, test.Out, branch) is not { } payload) continue;
            if (loop.Top(loop.Next(k)) is Compute) choices++;
            covers.Add(k);
            payloads.Add(payload);
        }
        if (!covers.Contains(best) || !payloads[covers.IndexOf(best)].Equals(contender) || loop.Uses(test.Out) != choices) return null;
        if (branch is not null && branch.Results.Any(r => !loop.Loop.Body.Results.Contains(r))) return null;
        var stmts = branch is null ? loop.Stmts
            : loop.Stmts.SelectMany(s => ReferenceEquals(s, branch) ? branch.Then.Stmts : (IEnumerable<Stmt>)[s]).ToSeq();
        return new Winner(covers.ToSeq(), beats, contender, best, payloads.ToSeq(), stmts);
    }

    private static Atom? Payload(LoopView loop, int k, Var test, If? branch)
    {
        var (p, next) = (loop.Param(k), loop.Next(k));
        if (loop.Uses(next) != 1) return null;
        switch (loop.Top(next))
        {
            case Compute c when c.Op == OpTable.Select && c.Args[0].Equals(test) && c.Args[2].Equals(p):
                return c.Args[1];
            case If i when ReferenceEquals(i, branch):
                int r = i.Results.ToList().IndexOf((Var)next);
                return i.Else.Results[r].Equals(p) ? i.Then.Results[r] : null;
            default:
                return null;
        }
    }

    public override IEnumerable<(Seq<Stmt>, Seq<Atom>)> Slices(LoopView loop) => [(loop.Stmts, [Contender]), (Stmts, Payloads)];

    public override Seq<Atom> Emit(Emitter e)
    {
        bool max = Beats == OpTable.Gt;
        var greatest = Contest(e, max ? ReduceKind.Max : ReduceKind.Min);
        var at = Contest(e, max ? ReduceKind.ArgMax : ReduceKind.ArgMin);
        var won = e.Code.Compute(Beats, greatest, e.Loop.Init(Best), "won");
        var then = e.Code.Nested();
        var values = e.Copy(then, Stmts, Payloads, at);
        return e.Code.If(won, then.Block(values), new Block([], Covers.Map(e.Loop.Init)), e.Loop.Result(Best).Name).Map(v => (Atom)v);
    }

    private Var Contest(Emitter e, ReduceKind kind)
    {
        var trip = e.Dimension();
        var body = e.Code.Nested();
        var element = e.Copy(body, e.Loop.Stmts, [Contender], trip.Index)[0];
        if (element.Type.IsFloat)
        {
            double least = Beats == OpTable.Gt ? double.NegativeInfinity : double.PositiveInfinity;
            var isNumber = body.Compute(OpTable.Eq, element, element);
            element = body.Compute(OpTable.Select, isNumber, element, Const.Of(element.Type.Scalar, least));
        }
        return e.Code.Reduce(kind, [trip], body.Block(element), kind is ReduceKind.Max or ReduceKind.Min ? "m" : "w");
    }
}
