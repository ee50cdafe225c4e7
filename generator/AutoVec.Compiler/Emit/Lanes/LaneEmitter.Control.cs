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
        if (!Varies(r.Body.Results[0]))
        {
            base.Reduce(r);
            return;
        }
        if (r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin)
        {
            Winner(r);
            return;
        }
        string total = Names.Fresh(r.Out.Base);
        Out.Declare($"{ValueType(r.Out)} {total} = {Broadcast(Expr.Number(Literals.Of(Interpreter.Unit(r.Kind, r.Out.Type.Scalar))), Interpreter.Unit(r.Kind, r.Out.Type.Scalar))};");
        Loops(r.Dims, () => Block(r.Body, () =>
            Assign(total, ApplyLanes(Combine(r.Kind), [Expr.Name(total), Lane(r.Body.Results[0])], r.Out.Type)), Outer(r)));
        Bind(r.Out, Expr.Name(total));
    }

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
        var (thenText, thenValues, thenAlone) = MaskedSide(i, i.Then, mask);
        var (elseText, elseValues, elseAlone) = MaskedSide(i, i.Else, not);
        _needsLane = outerNeeds || outer is not null && (thenAlone || elseAlone);
        _mask = outer;

        bool Mentions(string name) => CSharp.Mentions(thenText.ToString() + elseText + string.Join(" ", thenValues.Concat(elseValues)), name);
        bool plain = !thenAlone && !elseAlone;
        bool usesNot = elseAlone || Mentions(not);
        // A comparison used once goes inside its select: one instruction.
        if (!named && plain && !usesNot && !Mentions(mask) && i.Results.Count == 1) mask = condition.Text;
        else if (!named) Out.Declare($"V {mask} = {condition};");
        if (usesNot) Out.Declare($"V {not} = {(outer is null ? "" : outer + " & ")}~{mask};");
        if (plain)
        {
            Out.Append(thenText);
            Out.Append(elseText);
            for (int k = 0; k < i.Results.Count; k++)
                if (Uses.IsUsed(i.Results[k]))
                    Define(i.Results[k], Expr.Name(Select(i.Results[k], mask, thenValues[k].Text, elseValues[k].Text)), reads: false, movable: true);
            return;
        }
        // A side that is dear, or may stop the thread, runs only if some lane takes it.
        var names = i.Results.Map(r => Names.Fresh(r.Base));
        if (!elseAlone) Out.Append(elseText);
        for (int k = 0; k < names.Count; k++)
            Out.Declare($"{ValueType(i.Results[k])} {names[k]} = {(elseAlone ? VectorType(i.Results[k].Type.Scalar) + ".Zero" : elseValues[k].Text)};");
        if (elseAlone)
        {
            for (int k = 0; k < names.Count; k++) elseText.Line($"{names[k]} = {elseValues[k]};");
            Out.Nest($"if (Lanes.Any({not}))", elseText);
        }
        if (thenAlone)
        {
            for (int k = 0; k < names.Count; k++) thenText.Line($"{names[k]} = {Select(i.Results[k], mask, thenValues[k].Text, names[k])};");
            if (!thenText.IsEmpty) Out.Nest($"if (Lanes.Any({mask}))", thenText);
        }
        else
        {
            Out.Append(thenText);
            for (int k = 0; k < names.Count; k++) Out.Line($"{names[k]} = {Select(i.Results[k], mask, thenValues[k].Text, names[k])};");
        }
        for (int k = 0; k < names.Count; k++) Bind(i.Results[k], Expr.Name(names[k]));
    }

    private (CodeWriter Text, List<Expr> Values, bool Alone) MaskedSide(If i, Block side, string mask)
    {
        _mask = mask;
        _needsLane = false;
        var (text, values) = Side(i, side, holds: false, i.Results.Map(_ => (ArrayPlace?)null).ToList());
        return (text, values.Cast<Expr>().ToList(), _needsLane || IsDear(side));
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

    protected override void While(While w)
    {
        if (!Varies(w.Condition.Results[0]))
        {
            base.While(w);
            return;
        }
        string? outer = _mask;
        bool outerNeeds = _needsLane;
        var locals = w.State.Map(c => Names.Fresh(c.Param.Base));
        for (int k = 0; k < locals.Count; k++)
        {
            var init = Lane(w.State[k].Init);
            Out.Declare($"{ValueType(w.State[k].Param)} {locals[k]} = {init};");
        }
        string live = Names.Fresh("live");
        Out.Declare($"V {live} = {outer ?? "V.AllBitsSet"};");
        bool needs = false;
        Repeat(() => "while (true)", () =>
        {
            for (int k = 0; k < locals.Count; k++) Bind(w.State[k].Param, Expr.Name(locals[k]));
            _mask = live;
            Block(w.Condition, () => Out.Line($"{live} &= {Lane(w.Condition.Results[0])};"), Outer(w).Concat(w.Inner));
            needs |= _needsLane;
            Out.Line($"if (!Lanes.Any({live})) break;");
            Block(w.Body, () =>
            {
                var next = new List<(string, Expr)>();
                for (int k = 0; k < locals.Count; k++)
                {
                    var value = Lane(w.Body.Results[k]);
                    if (value.Text == locals[k]) continue;
                    string name = Names.Fresh("next");
                    Out.Declare($"{ValueType(w.State[k].Param)} {name} = {value};");
                    next.Add((locals[k], Expr.Name(Select(w.State[k].Param, live, name, locals[k]))));
                }
                foreach (var (local, value) in next) Out.Line($"{local} = {value};");
            }, Outer(w));
        });
        _mask = outer;
        // Indices in the condition are checked before the first test of live lanes: under a mask some lane must be live then.
        _needsLane = outerNeeds || outer is not null;
        for (int k = 0; k < locals.Count; k++) Bind(w.Results[k], Expr.Name(locals[k]));
    }
}
