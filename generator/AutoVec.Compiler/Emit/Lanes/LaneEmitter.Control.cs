using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>Reductions inside a lane, branches that split the lanes, loops that lanes leave one by one.</summary>
internal sealed partial class LaneEmitter
{
    // Both sides see all lanes, so neither may rely on the condition.
    private protected override bool Assumes => _mask is null;

    protected override void Reduce(Reduce r)
    {
        if (!Varies(r.Out))
        {
            base.Reduce(r);
            return;
        }
        if (r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin)
        {
            Winner(r);
            return;
        }
        if (SumsRows(r)) return;
        Sum([r.Out], r.Kind, r.Dims, r.Body, IsShort(r, Varies), r);
    }

    protected override void Other(Stmt stmt)
    {
        if (stmt is Sums s) Sum(s.Results, s.Kind, s.Dims, s.Body, s.IsShort, s);
        else if (stmt is GuardedSum guarded) Sum(guarded);
        else base.Other(stmt);
    }

    private void Sum(GuardedSum s)
    {
        string total = Names.Fresh(s.Out.Base);
        Out.Declare($"V {total} = V.Zero;");
        Loops(s.Outer, () => Block(s.Guard, () =>
        {
            Out.Line($"if (!{Use(s.Guard.Results[0]).At(Precedence.Unary)}) continue;");
            foreach (var (index, below) in s.Holds) Ranges.Hold(index, below);
            Loops(s.Dims, () => Block(s.Body, () => Assign(total, Added(ReduceKind.Sum, s.Out, s.Body.Results[0], total)), Outer(s)));
        }, Outer(s)));
        Bind(s.Out, Expr.Name(total));
    }

    private void Sum(Seq<Var> sums, ReduceKind kind, Seq<Dim> dims, Block body, bool isShort, Stmt loop)
    {
        var unit = Interpreter.Unit(kind, sums[0].Type.Scalar);
        var totals = sums.Map(s => Names.Fresh(s.Base));
        for (int k = 0; k < totals.Count; k++) Out.Declare($"{ValueType(sums[k])} {totals[k]} = {Broadcast(Expr.Number(Literals.Of(unit)), unit)};");
        bool uneven = dims.Any(d => Varies(d.Extent));
        if (!uneven && _mask is null && isShort)
        {
            Unrolled(sums, kind, dims, body, totals, loop);
            return;
        }
        Loops(dims, () => Block(body, () =>
        {
            for (int k = 0; k < totals.Count; k++)
            {
                var next = Added(kind, sums[k], body.Results[k], totals[k]);
                Assign(totals[k], uneven ? Expr.Name(Select(sums[k], _mask!, next.Text, totals[k])) : next);
            }
        }, Outer(loop)));
        for (int k = 0; k < totals.Count; k++) Bind(sums[k], Expr.Name(totals[k]));
    }

    /// <summary>Sums kept side by side: a sum waits for the one before it four times as long as a processor takes to start the next.</summary>
    internal const int Totals = 4;

    /// <summary>A few operations without branches, so that the loop itself costs as much, and the next trip waits for the sum alone.</summary>
    internal static bool IsShort(Reduce r, Func<Atom, bool> varies) =>
        r.Kind == ReduceKind.Sum && r.Dims[r.Dims.Count - 1].Extent is not Const { AsLong: < 2 * Totals } && r.Body.Stmts.Count <= 12
        && r.Body.Stmts.All(s => s is Read { Out: var read } && !(read.Type.IsArray && varies(read)) || s is Compute c && c.Op.Fault is null && LaneAnalysis.CostOf(c) == 1);

    /// <summary>Several trips at a time, each with a total of its own.</summary>
    private void Unrolled(Seq<Var> sums, ReduceKind kind, Seq<Dim> dims, Block body, Seq<string> first, Stmt loop)
    {
        var totals = Enumerable.Range(0, Totals).Select(t => t == 0 ? first : sums.Map(s => Names.Fresh(s.Base))).ToList();
        foreach (var more in totals.Skip(1))
            for (int k = 0; k < sums.Count; k++) Out.Declare($"{ValueType(sums[k])} {more[k]} = {first[0]};");
        var last = dims[dims.Count - 1];
        Loops(dims.Take(dims.Count - 1).ToList(), () =>
        {
            string n = Extent(last.Extent).At(Precedence.Additive), i = Names.Fresh(last.Index.Base);
            // Addresses of the trips are then a constant apart.
            Out.Declare($"{(IsPlace(last, body) ? "nint" : "int")} {i} = 0;");
            Ranges.Enter(last);
            void Trip(int t)
            {
                Bind(last.Index, t == 0 ? Expr.Name(i) : Expr.Infix(Expr.Name(i), "+", Expr.Number(Literals.Of(t))));
                Block(body, () =>
                {
                    for (int k = 0; k < sums.Count; k++) Assign(totals[t][k], Added(kind, sums[k], body.Results[k], totals[t][k], isReordered: true));
                }, Outer(loop));
            }
            Repeat(() => $"for (; {i} <= {n} - {Totals}; {i} += {Totals})", () =>
            {
                for (int t = 0; t < Totals; t++) Trip(t);
            });
            Repeat(() => $"for (; {i} < {n}; {i}++)", () => Trip(0));
            Ranges.Leave(last);
        });
        for (int k = 0; k < sums.Count; k++)
        {
            Out.Line($"{first[k]} = {first[k]} + {totals[1][k]} + ({totals[2][k]} + {totals[3][k]});");
            Bind(sums[k], Expr.Name(first[k]));
        }
    }

    /// <summary>Is the index nothing but where arrays are read that reach as far?</summary>
    private static bool IsPlace(Dim dim, Block body) => body.Stmts.All(s => s is Read r
        ? Enumerable.Range(0, r.Index.Count).All(d => r.Index[d] is not Window && (!r.Index[d].Equals(dim.Index) || r.Array.Type.Extents[d].Equals(dim.Extent)))
        : !s.Reads.Contains(dim.Index)) && !body.Results.Contains(dim.Index);

    /// <summary>The first element is taken as it is; later ones where they beat the best so far.</summary>
    private void Winner(Reduce r)
    {
        string at = Names.Fresh(r.Out.Base), best = Names.Fresh("best"), position = Names.Fresh("position");
        string type = VectorType(r.Body.Results[0].Type.Scalar);
        Out.Declare($"VI {at} = VIX.Create(-1);");
        Out.Declare($"{type} {best} = {type}.Zero;");
        Out.Declare($"int {position} = 0;");
        Loops(r.Dims, () => Block(r.Body, () =>
        {
            var e = Stable(r.Body.Results[0]);
            string wins = Names.Fresh("wins"), beats = r.Kind == ReduceKind.ArgMax ? "GreaterThan" : "LessThan";
            string test = type == "VI" ? $"Lanes.Mask{FloatName}(VIX.{beats}({e}, {best}))" : $"VX.{beats}({e}, {best})";
            Out.Declare($"V {wins} = {position} == 0 ? V.AllBitsSet : {test};");
            Out.Line($"{at} = VIX.ConditionalSelect(Lanes.MaskI32({wins}), VIX.Create({position}), {at});");
            Out.Line(type == "VI" ? $"{best} = VIX.ConditionalSelect(Lanes.MaskI32({wins}), {e}, {best});" : $"{best} = VX.ConditionalSelect({wins}, {e}, {best});");
            Out.Line($"{position}++;");
        }, Outer(r)));
        Bind(r.Out, Expr.Name(at));
    }

    private static string Select(Var like, string mask, string yes, string no) => like.Type.Scalar == Scalar.I32
        ? $"VIX.ConditionalSelect(Lanes.MaskI32({mask}), {yes}, {no})"
        : $"VX.ConditionalSelect({mask}, {yes}, {no})";

    // ---- branches

    private protected override bool Differs(Atom a) => Varies(a);

    protected override void If(If i)
    {
        if (!Varies(i.Condition))
        {
            // One side for all lanes; inside a masked region its condition may be that of no lane, so it stays a real branch.
            base.If(i);
            return;
        }
        string? outer = _mask;
        bool outerNeeds = _needsLane;
        var condition = Use(i.Condition);
        if (outer is not null) condition = Expr.Infix(condition, "&", Expr.Name(outer));
        bool named = condition.Text.All(c => char.IsLetterOrDigit(c) || c == '_');
        string mask = named ? condition.Text : Names.Fresh(((Var)i.Condition).Base);
        string not = Names.Fresh("not");
        var (thenText, thenResults, thenAlone) = MaskedSide(i, i.Then, mask, Ranges.Said(i.Condition));
        var (elseText, elseResults, elseAlone) = MaskedSide(i, i.Else, not, []);
        for (int k = 0; k < i.Results.Count; k++)
            if (i.Results[k].Type.IsArray) Bind(i.Results[k], Merge(i.Results[k], (mask, thenText, (ArrayPlace)thenResults[k]), (not, elseText, (ArrayPlace)elseResults[k])));
        var results = i.Results.Where(r => !r.Type.IsArray).ToSeq();
        var (thenValues, elseValues) = (thenResults.OfType<Expr>().ToList(), elseResults.OfType<Expr>().ToList());
        _needsLane = outerNeeds || outer is not null && (thenAlone || elseAlone);
        _mask = outer;

        bool Mentions(string name) => CSharp.Mentions(thenText.ToString() + elseText + string.Join(" ", thenValues.Concat(elseValues)), name);
        bool plain = !thenAlone && !elseAlone;
        bool usesNot = elseAlone || Mentions(not);
        // A comparison used once goes inside its select: one instruction.
        if (!named && plain && !usesNot && !Mentions(mask) && results.Count == 1 && i.Results.Count == 1) mask = condition.Text;
        else if (!named) Out.Declare($"V {mask} = {condition};");
        if (usesNot) Out.Declare($"V {not} = {(outer is null ? "" : outer + " & ")}~{mask};");
        if (plain)
        {
            Out.Append(thenText);
            Out.Append(elseText);
            for (int k = 0; k < results.Count; k++)
                if (Uses.IsUsed(results[k]))
                    Define(results[k], Expr.Name(Select(results[k], mask, thenValues[k].Text, elseValues[k].Text)), reads: true /* any of the three may */, movable: true);
            return;
        }
        // A side that is dear, or may stop the thread, runs only if some lane takes it.
        var names = results.Map(r => Names.Fresh(r.Base));
        if (!elseAlone) Out.Append(elseText);
        for (int k = 0; k < names.Count; k++)
            Out.Declare($"{ValueType(results[k])} {names[k]} = {(elseAlone ? VectorType(results[k].Type.Scalar) + ".Zero" : elseValues[k].Text)};");
        if (elseAlone)
        {
            for (int k = 0; k < names.Count; k++) elseText.Line($"{names[k]} = {elseValues[k]};");
            if (!elseText.IsEmpty) Out.Nest($"if (Lanes.Any({not}))", elseText);
        }
        if (thenAlone)
        {
            for (int k = 0; k < names.Count; k++) thenText.Line($"{names[k]} = {Select(results[k], mask, thenValues[k].Text, names[k])};");
            if (!thenText.IsEmpty) Out.Nest($"if (Lanes.Any({mask}))", thenText);
        }
        else
        {
            Out.Append(thenText);
            for (int k = 0; k < names.Count; k++) Out.Line($"{names[k]} = {Select(results[k], mask, thenValues[k].Text, names[k])};");
        }
        for (int k = 0; k < names.Count; k++) Bind(results[k], Expr.Name(names[k]));
    }

    /// <summary>One array of two sides: the one memory that both left, each in its own lanes, or a new one that takes both.</summary>
    private ArrayPlace Merge(Var result, (string Mask, CodeWriter Text, ArrayPlace Place) yes, (string Mask, CodeWriter Text, ArrayPlace Place) no)
    {
        if (yes.Place.SamePlace(no.Place) && yes.Place.Element == ValueType(result))
            return yes.Place with { Type = result.Type, Memories = yes.Place.Memories.Concat(no.Place.Memories).Distinct().ToSeq() };
        var place = Rent(result.Base, result.Type, ValueType(result));
        var (outer, mask) = (Out, _mask);
        foreach (var side in new[] { yes, no })
        {
            (Out, _mask) = (side.Text, side.Mask);
            Hand(place, side.Place);
        }
        (Out, _mask) = (outer, mask);
        return place;
    }

    private (CodeWriter Text, List<object> Results, bool Alone) MaskedSide(If i, Block side, string mask, IEnumerable<(Atom, Atom?)> said)
    {
        int held = _held.Count;
        _held.AddRange(said);
        _mask = mask;
        _needsLane = false;
        var (text, values) = Side(i, side, holds: false, i.Results.Map(_ => (ArrayPlace?)null).ToList());
        _held.RemoveRange(held, _held.Count - held);
        return (text, values, _needsLane || IsDear(side));
    }

    /// <summary>15 ops or a function cost more than asking whether any lane needs them; a division or a loop must not run for nothing.</summary>
    private bool IsDear(Block side)
    {
        int ops = 0;
        foreach (var stmt in side.Walk())
        {
            if (stmt is Ir.While or Compute { Op.IsTotal: false }) return true;
            if (stmt is Compute c) ops += (c.Op.SimdFor(c.Args[c.Args.Count - 1].Type) ?? "").Contains("VMath.") ? 15 : 1;
            if (stmt is Ir.Reduce or Ir.For) ops += 15;
        }
        return ops >= 15;
    }

    // ---- loops

    /// <summary>A loop whose trips differ between lanes goes on while any of them is in it.</summary>
    private protected override void Loops(IReadOnlyList<Dim> dims, Action body, int d = 0)
    {
        if (d == dims.Count || !Varies(dims[d].Extent))
        {
            base.Loops(dims, body, d);
            return;
        }
        string? outer = _mask;
        bool outerNeeds = _needsLane;
        string n = Extent(dims[d].Extent).At(Precedence.Relational + 1);
        string i = Names.Fresh(dims[d].Index.Base), live = Names.Fresh("live");
        Repeat(() => $"for (int {i} = 0; {i} < {n}; {i}++)", () =>
        {
            Out.Declare($"V {live} = {(outer is null ? "" : outer + " & ")}Lanes.Mask{FloatName}(VIX.LessThan(VIX.Create({i}), {Stable(dims[d].Extent)}));");
            Out.Line($"if (!Lanes.Any({live})) break;");
            _mask = live;
            _uneven++;
            Bind(dims[d].Index, Expr.Name(i));
            Ranges.Enter(dims[d]);
            Loops(dims, body, d + 1);
            Ranges.Leave(dims[d]);
            _uneven--;
        });
        (_mask, _needsLane) = (outer, outerNeeds);
    }

    protected override void For(For f)
    {
        if (!Varies(f.Dim.Extent))
        {
            base.For(f);
            return;
        }
        var state = new LaneState(this, f.State, f.Results, f.Body, f);
        void Trip()
        {
            state.Enter();
            Block(f.Body, state.Advance, Outer(f));
        }
        if (_lanes.Backwards(f) is { } at) Backwards(f.Dim, at, Trip);
        else Loops([f.Dim], Trip);
        state.Leave();
    }

    /// <summary>From the last trip of the longest lane to the first of all: a lane joins where its own last one is.</summary>
    private void Backwards(Dim dim, Var at, Action trip)
    {
        string? outer = _mask;
        bool outerNeeds = _needsLane;
        string n = Extent(dim.Extent).At(Precedence.Additive), i = Names.Fresh(at.Base), live = Names.Fresh("live");
        var trips = Stable(dim.Extent);
        Repeat(() => $"for (int {i} = {n} - 1; {i} >= 0; {i}--)", () =>
        {
            Out.Declare($"V {live} = {(outer is null ? "" : outer + " & ")}Lanes.Mask{FloatName}(VIX.LessThan(VIX.Create({i}), {trips}));");
            if (outer is not null) Out.Line($"if (!Lanes.Any({live})) continue;");
            _mask = live;
            _uneven++;
            Bind(at, Expr.Name(i));
            Bind(dim.Index, Expr.Infix(trips, "-", Expr.Name($"VIX.Create({i} + 1)")));
            Ranges.Enter(dim);
            trip();
            Ranges.Leave(dim);
            _uneven--;
        });
        (_mask, _needsLane) = (outer, outerNeeds);
    }

    protected override void While(While w)
    {
        if (!Varies(w.Condition.Results[0]))
        {
            base.While(w);
            return;
        }
        string? outer = _mask;
        bool outerNeeds = _needsLane;
        var state = new LaneState(this, w.State, w.Results, w.Body, w);
        string live = Names.Fresh("live");
        Out.Declare($"V {live} = {outer ?? "V.AllBitsSet"};");
        Repeat(() => "while (true)", () =>
        {
            state.Enter();
            _mask = live;
            Block(w.Condition, () => Out.Line($"{live} &= {Lane(w.Condition.Results[0])};"), Outer(w).Concat(w.Inner));
            Out.Line($"if (!Lanes.Any({live})) break;");
            Block(w.Body, state.Advance, Outer(w));
        });
        _mask = outer;
        // Indices in the condition are checked before the first test of live lanes: under a mask some lane must be live then.
        _needsLane = outerNeeds || outer is not null;
        state.Leave();
    }

    /// <summary>What a loop carries that lanes leave one by one: they keep what they left with.</summary>
    private sealed class LaneState
    {
        private readonly LaneEmitter _emitter;
        private readonly Seq<Carry> _state;
        private readonly Seq<Var> _results;
        private readonly Block _body;
        private readonly string?[] _locals;
        private readonly CarriedArray?[] _arrays;

        public LaneState(LaneEmitter emitter, Seq<Carry> state, Seq<Var> results, Block body, Stmt loop)
        {
            (_emitter, _state, _results, _body) = (emitter, state, results, body);
            _locals = new string?[state.Count];
            _arrays = new CarriedArray?[state.Count];
            for (int k = 0; k < state.Count; k++)
            {
                var param = state[k].Param;
                if (param.Type.IsArray) continue;
                _locals[k] = emitter.Names.Fresh(param.Base);
                emitter.Out.Declare($"{emitter.ValueType(param)} {_locals[k]} = {emitter.Lane(state[k].Init)};");
            }
            var handed = new List<ArrayPlace>();
            for (int k = 0; k < state.Count; k++)
                if (state[k].Param.Type.IsArray) _arrays[k] = emitter.Carried(state[k], results[k], body.Results[k], body, loop, handed);
        }

        /// <summary>The start of a trip.</summary>
        public void Enter()
        {
            for (int k = 0; k < _state.Count; k++)
            {
                if (_arrays[k] is not { } a) _emitter.Bind(_state[k].Param, Expr.Name(_locals[k]!));
                else
                {
                    _emitter.Bind(_state[k].Param, a.Now);
                    if (a.Next is { } next) _emitter.Want(_body.Stmts, _body.Results[k], next);
                }
            }
        }

        /// <summary>The end of a trip: the next state, all at once, in the lanes that made it.</summary>
        public void Advance()
        {
            var next = new List<(string Local, string Value)>();
            for (int k = 0; k < _state.Count; k++)
            {
                if (_locals[k] is not { } local) continue;
                var value = _emitter.Lane(_body.Results[k]);
                if (value.Text == local) continue;
                string name = _emitter.Names.Fresh("next");
                _emitter.Out.Declare($"{_emitter.ValueType(_state[k].Param)} {name} = {value};");
                next.Add((local, Select(_state[k].Param, _emitter._mask!, name, local)));
            }
            _emitter.CopyAll(Enumerable.Range(0, _state.Count).Where(k => _arrays[k] is not null)
                .Select(k => (_arrays[k]!.Now, _emitter.Arrays[(Var)_body.Results[k]])));
            foreach (var (local, value) in next) _emitter.Out.Line($"{local} = {value};");
        }

        public void Leave()
        {
            for (int k = 0; k < _state.Count; k++)
            {
                if (_arrays[k] is not { } a) _emitter.Bind(_results[k], Expr.Name(_locals[k]!));
                else _emitter.Bind(_results[k], a.Now with { Type = _results[k].Type, Memories = a.Now.Memories.Concat(a.Next?.Memories ?? []).ToSeq() });
            }
        }
    }
}
