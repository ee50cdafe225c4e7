using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// State that no trip reads and that is used after the loop: the value of the last trip.
/// <code>
/// t' = loop (t = t0) for i&lt;n { ...; yield v }    ⇒    t' = if n > 0 { m = n - 1; ... of trip m; yield v } else { yield t0 }
/// </code>
/// </summary>
internal sealed record LastValue(int At, Atom Value) : Piece([At], "last value")
{
    public static LastValue? Match(LoopView loop, int k) => loop.Uses(loop.Param(k)) == 0 ? new LastValue(k, loop.Next(k)) : null;

    public override IEnumerable<(Seq<Stmt>, Seq<Atom>)> Slices(LoopView loop) => [(loop.Stmts, [Value])];

    public override Seq<Atom> Emit(Emitter e) =>
    [
        e.IfAnyTrip(b => e.Copy(b, e.Loop.Stmts, [Value], b.Compute(OpTable.Sub, e.Loop.Trips, Const.I32(1), "last"))[0],
            e.Loop.Init(At), e.Loop.Result(At).Name),
    ];
}
