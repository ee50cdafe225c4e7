using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Simplify;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>Writes one taped loop, and the loop that reads the tapes, as loops over segments. See <see cref="Checkpoint"/>.</summary>
internal sealed class SegmentedLoop
{
    private readonly TapedLoop _loop;
    private readonly Names _names;
    private readonly For _forward;
    private readonly For _back;

    /// <summary>The state that is no tape.</summary>
    private readonly Seq<int> _state;

    /// <summary>The state that a segment needs to be run again.</summary>
    private readonly Seq<int> _kept;

    public SegmentedLoop(TapedLoop loop, Names names)
    {
        (_loop, _names, _forward, _back) = (loop, names, loop.Forward, loop.Back!);
        _state = Enumerable.Range(0, _forward.State.Count).Where(k => loop.Tapes.All(t => t.State != k)).ToSeq();
        _kept = Needed(loop);
    }

    /// <summary>The float type of what is carried and taped.</summary>
    public static Scalar Real(TapedLoop loop)
    {
        var types = loop.Forward.State.Map(c => c.Param.Type.Scalar).Concat(loop.Tapes.Map(t => t.Write.Value.Type.Scalar)).ToList();
        return types.Contains(Scalar.F32) && !types.Contains(Scalar.F64) ? Scalar.F32 : Scalar.F64;
    }

    public (Seq<Stmt> Forward, Seq<Stmt> Back) Write(long budget)
    {
        var b = new Builder(_names);
        var state = _kept.Map(k => _forward.State[k].Param);
        var cut = new Segments(b, _forward.Dim.Extent, _loop.BytesPerTrip, ByteCount.Sum(state.Map(s => s.Type)), budget, Real(_loop));
        KeptStates kept = cut.IsBinomial ? new StateStack(_names, state, _forward.Place) : new AllStates(_names, state, _forward.Place);
        var (tapes, held) = Forward(b, cut, kept);
        var back = new Builder(_names);
        Backward(back, cut, kept, tapes, held);
        return (b.Stmts.ToSeq(), back.Stmts.ToSeq());
    }

    // ---- forward

    private (Seq<Var> Tapes, Seq<Var> Held) Forward(Builder b, Segments cut, KeptStates kept)
    {
        var state = _state.Map(k => new Carry(_names.Fresh(_forward.State[k].Param), _forward.State[k].Init));
        var tapes = _loop.Tapes.Map(t => Empty(b, "tape", t.Write.Value.Type, cut.Length));
        var held = kept.Empty(b, cut);
        var last = b.Compute(OpTable.Sub, cut.Count, Const.I32(1), "last");

        var inner = b.Nested();
        var p = _names.Fresh(_forward.Dim.Index);
        var (start, trips) = cut.Of(inner, p);
        var saved = kept.Save(inner, cut, held.Map(h => h.Param), null, p, last, _kept.Map(k => state[Place(k)].Param));
        var segment = Segment(_state, state.Map(c => (Atom)c.Param), tapes.Map(t => t.Param), start, trips);
        inner.Append(segment);

        Seq<Carry> all = [.. state, .. tapes, .. held];
        Seq<Var> tapeResults = tapes.Map(t => _names.Fresh(t.Param)), heldResults = held.Map(h => _names.Fresh(h.Param));
        b.Append(new For([.. _state.Map(k => _forward.Results[k]), .. tapeResults, .. heldResults], all, new Dim(p, cut.Count),
            inner.Block([.. segment.Results, .. saved])) { Place = _forward.Place });
        return (tapeResults, heldResults);
    }

    private int Place(int k) => _state.ToList().IndexOf(k);

    private static Carry Empty(Builder b, string name, IrType type, Atom count)
    {
        var whole = type.Under([count]);
        return new Carry(b.Names.Fresh(name, whole), b.Room(whole, name));
    }

    /// <summary>
    /// The trips of one segment, which fill the tapes from 0: the loop's own code under its own _names. Of the state it carries
    /// what is asked for; results are that state, then the tapes.
    /// </summary>
    private For Segment(Seq<int> state, Seq<Atom> init, Seq<Var> tapes, Var start, Var trips)
    {
        var r = _names.Fresh(_forward.Dim.Index);
        var entries = _loop.Tapes.Map(t => _names.Fresh("tape", _loop.Param(t).Type.Element.Under([tapes[_loop.Tapes.ToList().IndexOf(t)].Type.Extents[0], .. t.Write.Value.Type.Extents])));
        var body = new Builder(_names);
        body.Append(new Compute(_forward.Dim.Index, OpTable.Add, [start, r]));
        var next = new Var[tapes.Count];
        foreach (var stmt in _forward.Body.Stmts)
        {
            int tape = _loop.Tapes.ToList().FindIndex(t => ReferenceEquals(t.Write, stmt));
            if (tape < 0) body.Append(stmt);
            else next[tape] = body.Write(entries[tape], _loop.Tapes[tape].Write.Index.With(0, r), _loop.Tapes[tape].Write.Value, "tape");
        }
        var whole = body.Block([.. state.Map(k => _forward.Body.Results[k]), .. next]);
        if (state.Count < _state.Count) whole = DeadCode.Remove(whole, out _);
        Seq<Carry> carries = [.. state.Select((k, n) => new Carry(_forward.State[k].Param, init[n])), .. entries.Select((e, n) => new Carry(e, tapes[n]))];
        return new For(carries.Map(c => _names.Fresh(c.Param)), carries, new Dim(r, trips), whole) { Place = _forward.Place };
    }

    /// <summary>The state that the tapes need, in this trip or a later one.</summary>
    public static Seq<int> Needed(TapedLoop loop)
    {
        var f = loop.Forward;
        var needed = new SortedSet<int>();
        while (true)
        {
            Seq<Atom> results = [.. loop.Tapes.Map(t => t.Write.Value), .. needed.Select(k => f.Body.Results[k])];
            var code = DeadCode.Remove(new Block(f.Body.Stmts, results), out _);
            var read = new HashSet<Var>(code.Free());
            read.UnionWith(results.OfType<Var>());
            int before = needed.Count;
            for (int k = 0; k < f.State.Count; k++)
                if (read.Contains(f.State[k].Param) && loop.Tapes.All(t => t.State != k)) needed.Add(k);
            if (needed.Count == before) return needed.ToSeq();
        }
    }

    // ---- backward

    private void Backward(Builder b, Segments cut, KeptStates kept, Seq<Var> tapes, Seq<Var> held)
    {
        var state = _back.State.Map(c => new Carry(_names.Fresh(c.Param), c.Init));
        var tapeState = tapes.Map(t => new Carry(_names.Fresh(t), t));
        var heldState = kept.Changes ? held.Map(h => new Carry(_names.Fresh(h), h)) : [];
        var inner = b.Nested();
        var u = _names.Fresh(_back.Dim.Index);
        var p = inner.Compute(OpTable.Sub, inner.Compute(OpTable.Sub, cut.Count, Const.I32(1), "last"), u, _forward.Dim.Index.Name);

        var (filled, now) = Refill(inner, cut, kept, u, p, tapeState.Map(t => t.Param), kept.Changes ? heldState.Map(h => h.Param) : held);
        var (start, trips) = cut.Of(inner, p);
        var segment = BackSegment(state, filled, start, trips);
        inner.Append(segment);
        Seq<Carry> all = [.. state, .. tapeState, .. heldState];
        Seq<Var> results = [.. _back.Results, .. all.Skip(state.Count).Select(c => _names.Fresh(c.Param))];
        b.Append(new For(results, all, new Dim(u, cut.Count), inner.Block([.. segment.Results, .. filled, .. kept.Changes ? now : []])) { Place = _back.Place });
    }

    /// <summary>Fills the tapes with the trips of segment p, unless it is the last one, of which they hold them.</summary>
    private (Seq<Var> Tapes, Seq<Var> Held) Refill(Builder b, Segments cut, KeptStates kept, Var u, Var p, Seq<Var> tapes, Seq<Var> held)
    {
        var again = b.Compute(OpTable.Min, u, Const.I32(1), "again");
        var tapeState = tapes.Map(t => new Carry(_names.Fresh(t), t));
        var heldState = kept.Changes ? held.Map(h => new Carry(_names.Fresh(h), h)) : [];
        var inner = b.Nested();
        var now = kept.Changes ? heldState.Map(h => h.Param) : held;
        var top = kept.Top(inner, cut, p);
        var entry = kept.Read(inner, now, top.Slot);
        var (filled, after) = kept.Changes ? Sweep(inner, cut, kept, top, p, entry, tapeState.Map(t => t.Param), now)
            : (Run(inner, cut, p, entry, tapeState.Map(t => t.Param)).Results.Skip(_kept.Count).ToSeq(), []);
        var results = b.For([.. tapeState, .. heldState], new Dim(_names.Fresh("k", IrType.I32), again), inner.Block([.. filled, .. after]), place: _forward.Place);
        return (results.Take(tapes.Count).ToSeq(), results.Skip(tapes.Count).ToSeq());
    }

    /// <summary>Runs the segments from the first to the last, which leaves its tapes, and keeps states between them.</summary>
    private (Seq<Var> Tapes, Seq<Var> Held) Sweep(Builder b, Segments cut, KeptStates kept, Kept top, Var last, Seq<Atom> entry, Seq<Var> tapes, Seq<Var> held)
    {
        var state = _kept.Select((k, n) => new Carry(_names.Fresh(_forward.State[k].Param), entry[n])).ToSeq();
        var tapeState = tapes.Map(t => new Carry(_names.Fresh(t), t));
        var heldState = held.Map(h => new Carry(_names.Fresh(h), h));
        var v = _names.Fresh("k", IrType.I32);
        var count = b.Compute(OpTable.Add, b.Compute(OpTable.Sub, last, top.Segment), Const.I32(1), "count");
        var inner = b.Nested();
        var segment = inner.Compute(OpTable.Add, top.Segment, v, _forward.Dim.Index.Name);
        var saved = kept.Save(inner, cut, heldState.Map(h => h.Param), top, segment, last, state.Map(c => c.Param));
        var run = Run(inner, cut, segment, state.Map(c => (Atom)c.Param), tapeState.Map(t => t.Param));
        var results = b.For([.. state, .. tapeState, .. heldState], new Dim(v, count), inner.Block([.. run.Results, .. saved]), place: _forward.Place);
        return (results.Skip(state.Count).Take(tapes.Count).ToSeq(), results.Skip(state.Count + tapes.Count).ToSeq());
    }

    /// <summary>The trips of a segment once more.</summary>
    private For Run(Builder b, Segments cut, Var segment, Seq<Atom> entry, Seq<Var> tapes)
    {
        var (start, trips) = cut.Of(b, segment);
        var run = (For)new Substitution().Copy(Segment(_kept, entry, tapes, start, trips), _names);
        b.Append(run);
        return run;
    }

    /// <summary>The reverse of one segment: the loop's own code under its own _names, but for where the tapes are read.</summary>
    private For BackSegment(Seq<Carry> state, Seq<Var> tapes, Var start, Var trips)
    {
        var t = _names.Fresh(_back.Dim.Index);
        var body = new Builder(_names);
        var r = body.Compute(OpTable.Sub, body.Compute(OpTable.Sub, trips, Const.I32(1), "last"), t, "at");
        // Counted from the end of the whole loop: n - start - trips + t.
        var before = body.Compute(OpTable.Sub, body.Compute(OpTable.Sub, _forward.Dim.Extent, start), trips, "before");
        body.Append(new Compute(_back.Dim.Index, OpTable.Add, [before, t]));
        var results = _loop.Tapes.Map(_loop.Result).ToList();
        Stmt Redirect(Stmt stmt) => stmt is Read read && results.IndexOf(read.Array) is >= 0 and var n
            ? new Read(read.Out, tapes[n], read.Index.With(0, r))
            : stmt.Map(x => x, a => a, block => block with { Stmts = block.Stmts.Map(Redirect) });
        body.Append(_back.Body.Stmts.Map(Redirect));
        var carries = _back.State.Select((c, k) => new Carry(c.Param, state[k].Param)).ToSeq();
        return new For(carries.Map(c => _names.Fresh(c.Param)), carries, new Dim(t, trips), body.Block(_back.Body.Results)) { Place = _back.Place };
    }
}
