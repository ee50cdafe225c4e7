using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>A while runs once to count its trips, on values only; then it is a for, and its tape has an extent.</summary>
internal sealed partial class Reverse
{
    private For Counted(While s, Builder b)
    {
        var map = new Substitution();
        var state = s.State.Map(c => new Carry(Fresh(c.Param), c.Init));
        for (int k = 0; k < state.Count; k++) map[s.State[k].Param] = state[k].Param;
        var condition = map.Copy(s.Condition, names);
        var body = map.Copy(s.Body, names);

        var count = names.Fresh("trips", IrType.I32);
        var inner = b.Nested();
        inner.Append(body.Stmts);
        var next = inner.Compute(OpTable.Add, count, Const.I32(1), "trips");
        var trips = b.While([.. state, new Carry(count, Const.I32(0))], condition, inner.Block([.. body.Results, next]))[^1];
        return new For(s.Results, s.State, new Dim(names.Fresh("i", IrType.I32), trips), s.Body);
    }
}
