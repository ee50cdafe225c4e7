using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>A while runs once to count its trips, on values only; then it is a for, and its tape has an extent.</summary>
internal sealed partial class Reverse
{
    private LoopStep Tape(While s, Builder b)
    {
        var loop = new For(s.Results, s.State, new Dim(names.Fresh("i", IrType.I32), Const.I32(0)), s.Body);
        var journals = Journals(loop);
        var map = new Substitution();
        var state = s.State.Map(c => new Carry(Fresh(c.Param), c.Init));
        for (int k = 0; k < state.Count; k++) map[s.State[k].Param] = state[k].Param;
        var condition = map.Copy(s.Condition, names);
        var body = map.Copy(s.Body, names);

        var inner = b.Nested();
        var more = Counted(inner, ref body, journals, map);
        var count = names.Fresh("trips", IrType.I32);
        var counts = more.Map(_ => names.Fresh("count", IrType.I32));
        var nexts = counts.Select((c, k) => Journal.Sum(inner, c, more[k])).ToList();
        var next = inner.Compute(OpTable.Add, count, Const.I32(1), "trips");
        Seq<Carry> all = [.. state, .. counts.Map(c => new Carry(c, Const.I32(0))), new Carry(count, Const.I32(0))];
        var results = b.While(all, condition, inner.Block([.. body.Results, .. nexts, next]));
        return Tape(loop with { Dim = loop.Dim with { Extent = results[^1] } }, b, journals, results.Skip(state.Count).Take(counts.Count).ToSeq<Atom>());
    }

    /// <summary>The same loop, and how many trips it makes.</summary>
    private (While Loop, Var Trips) Counting(While s)
    {
        var (count, trips) = (names.Fresh("trips", IrType.I32), names.Fresh("trips", IrType.I32));
        var inner = new Builder(names);
        inner.Append(s.Body.Stmts);
        var next = inner.Compute(OpTable.Add, count, Const.I32(1), "trips");
        return (new While([.. s.Results, trips], [.. s.State, new Carry(count, Const.I32(0))], s.Condition, inner.Block([.. s.Body.Results, next])), trips);
    }
}
