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

    /// <summary>Places in <see cref="_kept"/> of what is kept in one array: the scalars of a type, else one state.</summary>
    private readonly Seq<Seq<int>> _groups;

    public SegmentedLoop(TapedLoop loop, Names names)
    {
        (_loop, _names, _forward, _back) = (loop, names, loop.Forward, loop.Back!);
        _state = Enumerable.Range(0, _forward.State.Count).Where(k => loop.Tapes.All(t => t.State != k)).ToSeq();
        _kept = Needed(loop);
        _groups = Enumerable.Range(0, _kept.Count).GroupBy(n => Type(n).IsArray ? $"{n}" : $"{Type(n)}").Select(g => g.ToSeq()).ToSeq();
    }

    private IrType Type(int kept) => _forward.State[_kept[kept]].Param.Type;

    /// <summary>The float type of what is carried and taped.</summary>
    private Scalar Real
    {
        get
        {
            var types = _forward.State.Map(c => c.Param.Type.Scalar).Concat(_loop.Tapes.Map(t => t.Write.Value.Type.Scalar)).ToList();
            return types.Contains(Scalar.F32) && !types.Contains(Scalar.F64) ? Scalar.F32 : Scalar.F64;
        }
    }

    private ByteCount StateBytes => ByteCount.Sum(_kept.Map(k => _forward.State[k].Param.Type));

    public (Seq<Stmt> Forward, Seq<Stmt> Back) Write(long budget)
    {
        var b = new Builder(_names);
        var cut = new Segments(b, _forward.Dim.Extent, _loop.BytesPerTrip, StateBytes, budget, Real);
        var (tapes, slots) = Forward(b, cut);
        var back = new Builder(_names);
        Backward(back, cut, tapes, slots);
        return (b.Stmts.ToSeq(), back.Stmts.ToSeq());
    }

    // ---- forward

    private (Seq<Var> Tapes, Seq<Var> Slots) Forward(Builder b, Segments cut)
    {
        var state = _state.Map(k => new Carry(_names.Fresh(_forward.State[k].Param), _forward.State[k].Init));
        var tapes = _loop.Tapes.Map(t => Empty(b, "tape", t.Write.Value.Type, cut.Length));
        var slots = _groups.Map(g => Empty(b, "kept", g.Count == 1 ? Type(g[0]) : Type(g[0]).Under([Const.I32(g.Count)]), cut.Slots));

        var inner = b.Nested();
        var p = _names.Fresh(_forward.Dim.Index);
        var (start, trips) = cut.Of(inner, p);
        var entry = _kept.Map(k => state[Place(k)].Param);
        // All but the last: that one's tape is there when the reverse begins.
        var later = inner.Compute(OpTable.Min, inner.Compute(OpTable.Sub, inner.Compute(OpTable.Sub, cut.Count, Const.I32(1)), p), Const.I32(1), "later");
        var saved = Save(inner, cut, later, p, slots.Map(s => s.Param), entry);
        var segment = Segment(_state, state.Map(c => (Atom)c.Param), tapes.Map(t => t.Param), start, trips);
        inner.Append(segment);

        Seq<Carry> all = [.. state, .. tapes, .. slots];
        Seq<Var> tapeResults = tapes.Map(t => _names.Fresh(t.Param)), slotResults = slots.Map(s => _names.Fresh(s.Param));
        b.Append(new For([.. _state.Map(k => _forward.Results[k]), .. tapeResults, .. slotResults], all, new Dim(p, cut.Count),
            inner.Block([.. segment.Results, .. saved])) { Place = _forward.Place });
        return (tapeResults, slotResults);
    }

    private int Place(int k) => _state.ToList().IndexOf(k);

    private static Carry Empty(Builder b, string name, IrType type, Atom count)
    {
        var whole = type.Under([count]);
        return new Carry(b.Names.Fresh(name, whole), b.Room(whole, name));
    }

    /// <summary>Keeps a state where <paramref name="times"/> is 1: a loop rather than a branch, which leaves arrays where they are.</summary>
    private Seq<Var> Save(Builder b, Segments cut, Atom times, Atom segment, Seq<Var> slots, Seq<Var> state)
    {
        if (slots.IsEmpty) return slots;
        var inner = b.Nested();
        var at = cut.Slot(inner, segment);
        var carries = slots.Map(s => new Carry(_names.Fresh(s), s));
        var next = carries.Select((c, n) => Enumerable.Range(0, _groups[n].Count).Aggregate(c.Param, (whole, k) => inner.Write(whole, Entry(at, n, k), state[_groups[n][k]]))).ToSeq();
        return b.For(carries, new Dim(_names.Fresh("k", IrType.I32), times), inner.Block(next), place: _forward.Place);
    }

    /// <summary>Where the k-th state of a group is.</summary>
    private Seq<Atom> Entry(Atom at, int group, int k) => _groups[group].Count > 1 ? [at, Const.I32(k)] : [at, .. Type(_groups[group][k]).Extents.Map(_ => (Atom)All.Dimension)];

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
    private static Seq<int> Needed(TapedLoop loop)
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

    private void Backward(Builder b, Segments cut, Seq<Var> tapes, Seq<Var> slots)
    {
        var state = _back.State.Map(c => new Carry(_names.Fresh(c.Param), c.Init));
        var tapeState = tapes.Map(t => new Carry(_names.Fresh(t), t));
        var slotState = cut.Rewrites ? slots.Map(s => new Carry(_names.Fresh(s), s)) : [];
        var inner = b.Nested();
        var u = _names.Fresh(_back.Dim.Index);
        var p = inner.Compute(OpTable.Sub, inner.Compute(OpTable.Sub, cut.Count, Const.I32(1), "last"), u, _forward.Dim.Index.Name);

        var (filled, rewritten) = Refill(inner, cut, u, p, tapeState.Map(t => t.Param), cut.Rewrites ? slotState.Map(s => s.Param) : slots);
        var (start, trips) = cut.Of(inner, p);
        var segment = BackSegment(state, filled, start, trips);
        inner.Append(segment);
        Seq<Carry> all = [.. state, .. tapeState, .. slotState];
        Seq<Var> results = [.. _back.Results, .. tapeState.Map(t => _names.Fresh(t.Param)), .. slotState.Map(s => _names.Fresh(s.Param))];
        b.Append(new For(results, all, new Dim(u, cut.Count), inner.Block([.. segment.Results, .. filled, .. cut.Rewrites ? rewritten : []])) { Place = _back.Place });
    }

    /// <summary>Fills the tapes with the trips of segment p, unless it is the last one, of which they hold them.</summary>
    private (Seq<Var> Tapes, Seq<Var> Slots) Refill(Builder b, Segments cut, Var u, Atom p, Seq<Var> tapes, Seq<Var> slots)
    {
        var inner = b.Nested();
        var v = _names.Fresh("k", IrType.I32);
        Atom times = b.Compute(OpTable.Min, u, Const.I32(1), "again"), segment = p;
        if (cut.Rewrites)
        {
            var next = b.Compute(OpTable.Add, p, Const.I32(1), "next");
            times = b.Compute(OpTable.Select, b.Compute(OpTable.Gt, u, Const.I32(0), "c"), cut.Again(b, next), Const.I32(0), "again");
            segment = inner.Compute(OpTable.Add, b.Compute(OpTable.Sub, next, times, "first"), v, _forward.Dim.Index.Name);
        }
        var (start, trips) = cut.Of(inner, segment);
        var tapeState = tapes.Map(t => new Carry(_names.Fresh(t), t));
        var slotState = cut.Rewrites ? slots.Map(s => new Carry(_names.Fresh(s), s)) : [];
        var held = cut.Rewrites ? slotState.Map(s => s.Param) : slots;
        var at = cut.Slot(inner, segment);
        var entry = new Atom[_kept.Count];
        for (int n = 0; n < _groups.Count; n++)
            for (int k = 0; k < _groups[n].Count; k++)
                entry[_groups[n][k]] = inner.Read(held[n], Entry(at, n, k), _forward.State[_kept[_groups[n][k]]].Param.Name);
        var run = (For)new Substitution().Copy(Segment(_kept, entry.ToSeq(), tapeState.Map(t => t.Param), start, trips), _names);
        inner.Append(run);
        var filled = run.Results.Skip(_kept.Count).ToSeq();
        Seq<Var> saved = [];
        if (cut.Rewrites)
            saved = Save(inner, cut, Const.I32(1), inner.Compute(OpTable.Add, segment, Const.I32(1)), held, run.Results.Take(_kept.Count).ToSeq());
        var results = b.For([.. tapeState, .. slotState], new Dim(v, times), inner.Block([.. filled, .. saved]), place: _forward.Place);
        return (results.Take(tapes.Count).ToSeq(), results.Skip(tapes.Count).ToSeq());
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
