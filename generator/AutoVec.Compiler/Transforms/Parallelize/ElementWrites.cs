using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// Every trip writes an element (or slice) of its own: the array, or the written column of it, is a build. Elements outside the written
/// range keep their old value.
/// <code>
/// h' = loop (h = h0) for j&lt;n { ...; h1 = h with [j] = v; yield h1 }    ⇒    h' = build j&lt;n { ...; yield v }
/// </code>
/// A read of h is a read of h0 iff the trip that writes the element comes later or is this one: each trip owns the slab at its index.
/// </summary>
/// <param name="Position">The position in the index that the loop variable moves, by one a trip.</param>
/// <param name="Form">That entry of the index.</param>
/// <param name="Guarded">Other entries may be out of range, and must not be touched if there is no trip.</param>
internal sealed record ElementWrites(int At, Write Write, int Position, Affine Form, bool Whole, bool Guarded)
    : Piece([At], Whole ? "build" : "build, within a range")
{
    public static ElementWrites? Match(LoopView loop, int k, bool inLoop, ref string? why)
    {
        var p = loop.Param(k);
        if (loop.Top(loop.Next(k)) is not Write w || !w.Array.Equals(p) || w.Index.HasWindow()) return null;
        var reads = loop.ReadsOf(p);
        if (loop.Uses(w.Out) != 1 || loop.Uses(p) != 1 + reads.Count)
        {
            why = $"an older version of '{p.Base}' is used as a whole";
            return null;
        }
        var moving = Enumerable.Range(0, w.Index.Count).Where(d => w.Index[d] is not All && loop.Varies(w.Index[d])).ToList();
        if (moving is not [var position])
        {
            why = moving.Count == 0 ? $"every trip writes the same place of '{p.Base}'" : $"the places of '{p.Base}' written are not provably distinct";
            return null;
        }
        var form = loop.Form(w.Index[position]);
        int step = form[loop.Index];
        var start = form.Without(loop.Index);
        if (step is not (1 or -1) || !loop.IsOutside(start) || w.Index.Where((_, d) => d != position).Any(i => !loop.IsOutside(i)))
        {
            why = $"the places of '{p.Base}' written are not provably distinct";
            return null;
        }
        if (reads.Any(r => !IsOld(loop, r.Index[position], form, step)))
        {
            why = $"'{p.Base}' is read where an earlier trip has written";
            return null;
        }
        if (!loop.Ranges.Inside(w.Index[position], p.Type.Extents[position]))
        {
            why = $"index {w.Index[position]} of '{p.Base}' is not provably within its extent {p.Type.Extents[position]}";
            return null;
        }
        var (extent, trips) = (loop.Form(p.Type.Extents[position]), loop.Form(loop.Trips));
        var rest = extent.Minus(trips);
        bool whole = rest.Equals(Affine.Of(0)) && (step == 1 ? start.Equals(Affine.Of(0)) : start.Equals(trips.Plus(Affine.Of(-1))));
        if (!whole && !rest.IsConstant && inLoop)
        {
            why = $"it writes part of '{p.Base}' inside another loop";
            return null;
        }
        bool guarded = !loop.IsInside(p, w.Index.With(position, All.Dimension));
        return new ElementWrites(k, w, position, form, whole, guarded);
    }

    /// <summary>Is the read, at this entry of its index, of a slab that no trip before this one has written?</summary>
    private static bool IsOld(LoopView loop, Atom read, Affine written, int step)
    {
        if (!read.IsPosition()) return false;
        var ahead = loop.Form(read).Minus(written);
        return ahead.IsConstant && (ahead.Constant == 0 || ahead.Constant > 0 == step > 0);
    }

    public override int? ReadsOld => At;
    public override int Order => 0;

    public override IEnumerable<(Seq<Stmt>, Seq<Atom>)> Slices(LoopView loop) => [(loop.Stmts, [Write.Value])];

    public override Seq<Atom> Emit(Emitter e)
    {
        var result = Guarded ? e.IfAnyTrip(b => Array(e, b), e.Loop.Init(At), e.Loop.Result(At).Name) : Array(e, e.Code);
        e.Remember(Write.Value, (Var)result, Write.Index, Position, Form);
        return [result];
    }

    private Var Array(Emitter e, Builder to)
    {
        string name = e.Loop.Result(At).Name;
        var old = (Var)e.Loop.Init(At);
        var slots = Write.Index.With(Position, All.Dimension);
        var column = InPlace(to, Column(e, to, old, name), name);
        return slots.All(i => i is All) ? column : to.Write(old, slots, column, name);
    }

    /// <summary>What is written, by the moved position, then the dimensions of the slice.</summary>
    private Var Column(Emitter e, Builder to, Var old, string name)
    {
        var j = to.Fresh(e.Loop.Index.Name, IrType.I32);
        var body = to.Nested();
        // The trip that writes j: i + start = j, or start - i = j.
        var start = Form.Without(e.Loop.Index);
        var trip = Form[e.Loop.Index] == 1 ? Affine.Of(j).Minus(start) : start.Minus(Affine.Of(j));
        Seq<Atom> element;
        if (Whole) element = e.Copy(body, e.Loop.Stmts, [Write.Value], trip.Emit(body));
        else
        {
            var i = trip.Emit(body);
            var written = body.Compute(OpTable.And, body.Compute(OpTable.Ge, i, Const.I32(0)), body.Compute(OpTable.Lt, i, e.Loop.Trips));
            var (then, otherwise) = (body.Nested(), body.Nested());
            var value = e.Copy(then, e.Loop.Stmts, [Write.Value], i);
            var kept = otherwise.Read(old, Write.Index.With(Position, j), "old");
            element = body.If(written, then.Block(value), otherwise.Block(kept)).Map(v => (Atom)v);
        }
        return to.Build([new Dim(j, old.Type.Extents[Position])], body.Block(element), name)[0];
    }

    /// <summary>The column's first dimension goes to its place among those of the slice.</summary>
    private Var InPlace(Builder to, Var column, string name)
    {
        int before = Write.Index.Take(Position).Count(i => i is All);
        if (before == 0) return column;
        var t = column.Type.Extents;
        var extents = t.Skip(1).Take(before).Append(t[0]);
        return (Var)to.Build(extents, (b, at) =>
            b.Read(column, [at[before], .. at.Take(before), .. t.Skip(1 + before).Select(_ => All.Dimension)]), name);
    }
}
