using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>Reductions, loops and branches.</summary>
public partial class BodyEmitter
{
    protected virtual void Reduce(Reduce r)
    {
        if (r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin) Winner(r);
        else if (OnesOf(r) is { } bits) Ones(r, bits);
        else Total(r);
    }

    private protected static Op Combine(ReduceKind kind) => JoinedSums.Combine(kind);

    private void Total(Reduce r)
    {
        string total = Names.Fresh(r.Out.Base);
        Out.Declare($"{CSharp.Of(r.Out.Type.Scalar)} {total} = {Literals.Of(Interpreter.Unit(r.Kind, r.Out.Type.Scalar))};");
        Loops(r.Dims, () => Block(r.Body, () =>
            Assign(total, Apply(Combine(r.Kind), [Expr.Name(total), Use(r.Body.Results[0])], r.Out.Type.Scalar)), Outer(r)));
        Bind(r.Out, Expr.Name(total));
    }

    /// <summary>The position of the first element that beats all before it. The first one is taken as it is, a NaN too.</summary>
    private void Winner(Reduce r)
    {
        string at = Names.Fresh(r.Out.Base), best = Names.Fresh("best");
        var scalar = r.Body.Results[0].Type.Scalar;
        Out.Declare($"int {at} = -1;");
        Out.Declare($"{CSharp.Of(scalar)} {best} = {Literals.Of(Const.Of(scalar, 0))};");
        string? position = null;
        if (r.Dims.Count > 1)
        {
            position = Names.Fresh("position");
            Out.Declare($"int {position} = 0;");
        }
        Loops(r.Dims, () => Block(r.Body, () =>
        {
            string e = Stable(r.Body.Results[0]).At(Precedence.Shift);
            Out.Open($"if ({at} < 0 || {e} {(r.Kind == ReduceKind.ArgMax ? ">" : "<")} {best})");
            Out.Line($"{at} = {position ?? Scalars[r.Dims[0].Index].Text};");
            Out.Line($"{best} = {e};");
            Out.Close();
            if (position is not null) Out.Line($"{position}++;");
        }, Outer(r)));
        Bind(r.Out, Expr.Name(at));
    }

    private protected void Assign(string target, Expr value)
    {
        if (value.Text == target) return;
        bool compound = value.Symbol is "+" or "-" or "*" or "/" && value.Left == target;
        bool swapped = value.Symbol is "+" or "*" && value.Right == target;
        Out.Line(compound ? $"{target} {value.Symbol}= {value.Right};"
            : swapped ? $"{target} {value.Symbol}= {value.Left};"
            : $"{target} = {value};");
    }

    /// <summary>Assigns as if all happened at once.</summary>
    private void AssignAll(IEnumerable<(string Target, Expr Value, string Type)> assignments)
    {
        var todo = assignments.Where(a => a.Target != a.Value.Text).ToList();
        while (todo.Count > 0)
        {
            int free = todo.FindIndex(a => !todo.Any(o => o.Target != a.Target && CSharp.Mentions(o.Value.Text, a.Target)));
            if (free < 0)
            {
                string next = Names.Fresh("next");
                Out.Declare($"{todo[0].Type} {next} = {todo[0].Value};");
                todo[0] = todo[0] with { Value = Expr.Name(next) };
                continue;
            }
            Assign(todo[free].Target, todo[free].Value);
            todo.RemoveAt(free);
        }
    }

    // ---- loops

    /// <summary>An array that a loop carries: in one place, or, where each trip makes a new one, in two that change roles.</summary>
    private protected sealed record CarriedArray(ArrayPlace Now, ArrayPlace? Next);

    protected virtual void For(For f) => Loop(f.State, f.Results, f.Body, f);
    protected virtual void While(While w) => Loop(w.State, w.Results, w.Body, w);

    /// <summary>What the blocks of a statement read from outside; each run reads it again.</summary>
    private protected static List<Var> Outer(Stmt stmt) => stmt.Blocks.SelectMany(b => b.Free(stmt.Inner)).ToList();

    /// <summary>The loop is about to begin, its state in this memory.</summary>
    private protected virtual void EnterLoop(Carry state, ArrayPlace place, Dim dim) { }

    private protected virtual void LeaveLoop(Carry state) { }

    private static string Not(Expr c) => $"!{c.At(Precedence.Unary)}";

    private void Loop(Seq<Carry> state, Seq<Var> results, Block body, Stmt loop)
    {
        var locals = new string?[state.Count];
        var arrays = new CarriedArray?[state.Count];
        for (int k = 0; k < state.Count; k++)
        {
            if (state[k].Param.Type.IsArray) continue;
            var init = ValueFor(state[k].Param, state[k].Init);
            locals[k] = Names.Fresh(state[k].Param.Base);
            Out.Declare($"{ValueType(state[k].Param)} {locals[k]} = {init};");
        }
        var handed = new List<ArrayPlace>();
        for (int k = 0; k < state.Count; k++)
            if (state[k].Param.Type.IsArray) arrays[k] = Carried(state[k], results[k], body.Results[k], body, loop, handed);
        for (int k = 0; k < state.Count; k++)
            if (loop is For { Dim: var dim } && arrays[k] is { } entered) EnterLoop(state[k], entered.Now, dim);

        void BindState()
        {
            for (int k = 0; k < state.Count; k++)
            {
                if (arrays[k] is { } a) Bind(state[k].Param, a.Now);
                else Bind(state[k].Param, Expr.Name(locals[k]!));
            }
        }
        void Trip()
        {
            for (int k = 0; k < state.Count; k++)
                if (arrays[k]?.Next is { } next) Want(body.Stmts, body.Results[k], next);
            Block(body, () => Advance(state, body, locals, arrays), Outer(loop));
        }

        if (loop is For f)
        {
            Trips(f, () =>
            {
                BindState();
                Trip();
            });
        }
        else
        {
            string condition = "true";
            Repeat(() => $"while ({condition})", () =>
            {
                BindState();
                // The body reads the same state after it.
                Block(((While)loop).Condition, () =>
                {
                    var c = Use(((While)loop).Condition.Results[0]);
                    if (Out.IsEmpty) condition = c.Text;
                    else Out.Line($"if ({Not(c)}) break;");
                }, Outer(loop).Concat(loop.Inner));
                Trip();
            });
        }
        for (int k = 0; k < state.Count; k++)
        {
            LeaveLoop(state[k]);
            if (arrays[k] is not { } a) Bind(results[k], Expr.Name(locals[k]!));
            else Bind(results[k], a.Now with { Type = results[k].Type, Memories = a.Now.Memories.Concat(a.Next?.Memories ?? []).ToSeq() });
        }
    }

    /// <summary>Memory for one carried array: the initial value's own if that dies here, else a copy.</summary>
    private protected CarriedArray Carried(Carry carry, Var result, Atom yielded, Block body, Stmt loop, List<ArrayPlace> handed)
    {
        var key = (Var)carry.Init;
        var init = Arrays[key];
        // What each trip builds anew goes into a second place. Otherwise it is the old version, updated.
        bool swaps = body.Stmts.Any(s => s is Ir.Build or Ir.Scatter && s.Outs.Contains(yielded));
        bool dies = MayTakeOver(swaps) && init.IsDense && init.Memories.All(s => s.Writable) && !handed.Any(h => h.Overlaps(init)) && !Arrays.Any(a =>
            a.Value.Overlaps(init) && (_live!.IsLive(a.Key) || InBlocks(loop, a.Key) || !a.Key.Equals(key) && _live.IsMentionedNow(a.Key)));
        string element = ValueType(carry.Param);
        dies &= init.Element == element;
        ArrayPlace now;
        if (dies && !swaps) now = init;
        else if (dies)
        {
            string name = Names.Fresh(carry.Param.Base);
            Out.Declare($"{Dialect.ArrayType(init.Element)} {name} = {init.Name};");
            now = init with { Name = name };
        }
        else
        {
            now = swaps ? RentMovable(carry.Param.Base, carry.Param.Type, element) : Wanted(result) ?? Rent(carry.Param.Base, carry.Param.Type, element);
            Copy(now, init);
        }
        handed.Add(init);
        handed.Add(now);
        return new CarriedArray(now with { Type = carry.Param.Type },
            swaps ? RentMovable(carry.Param.Base + "Next", carry.Param.Type, element) : null);
    }

    /// <summary>May a loop that ends the life of an array go on in its memory? Not to write what lanes that are elsewhere still read.</summary>
    private protected virtual bool MayTakeOver(bool swaps) => true;

    private static bool InBlocks(Stmt loop, Var v) =>
        loop.Blocks.Any(b => b.Results.Contains(v) || b.Stmts.Any(s => s.Mentions(v)));

    /// <summary>The end of a trip: the next state becomes the current one, all at once.</summary>
    private void Advance(Seq<Carry> state, Block body, string?[] locals, CarriedArray?[] arrays)
    {
        var scalars = new List<(string, Expr, string)>();
        for (int k = 0; k < state.Count; k++)
            if (locals[k] is { } local) scalars.Add((local, ValueFor(state[k].Param, body.Results[k]), ValueType(state[k].Param)));
        // Values that load are taken before arrays move.
        if (arrays.Any(a => a is not null)) scalars = scalars.Select(s => (s.Item1, Dialect.Loads(s.Item2) ? Aside(s) : s.Item2, s.Item3)).ToList();

        var copies = new List<(ArrayPlace, ArrayPlace)>();
        for (int k = 0; k < state.Count; k++)
        {
            if (arrays[k] is not { } a) continue;
            var value = Arrays[(Var)body.Results[k]];
            copies.Add((a.Next ?? a.Now, value));
        }
        CopyAll(copies);
        foreach (var a in arrays)
            if (a?.Next is { } next)
            {
                string swap = Names.Fresh("swap");
                Out.Declare($"{Dialect.ArrayType(next.Element)} {swap} = {a.Now.Name};");
                Out.Line($"{a.Now.Name} = {next.Name};");
                Out.Line($"{next.Name} = {swap};");
            }
        AssignAll(scalars);
    }

    private Expr Aside((string, Expr Value, string Type) assignment)
    {
        string next = Names.Fresh("next");
        Out.Declare($"{assignment.Type} {next} = {assignment.Value};");
        return Expr.Name(next);
    }

    // ---- branches

    protected virtual void If(If i)
    {
        if (_settled.TryGetValue(i, out var side))
        {
            Settled(i, side);
            return;
        }
        bool reads = PendingReads([i.Condition]);
        var condition = Use(i.Condition);
        var wanted = i.Results.Select(r => r.Type.IsArray ? Wanted(r) : null).ToList();
        var (thenText, thenValues) = Side(i, i.Then, holds: true, wanted);
        var (elseText, elseValues) = Side(i, i.Else, holds: false, wanted);

        // Two plain values: a conditional expression.
        if (thenText.IsEmpty && elseText.IsEmpty && i.Results.Count == 1 && thenValues[0] is Expr a && elseValues[0] is Expr b)
        {
            var e = Spelling.Fill("{0} ? {1} : {2}", [condition, a, b], s => s);
            if (e.Text.Length <= 70) Define(i.Results[0], e, reads || Dialect.Loads(a) || Dialect.Loads(b), movable: true);
            else Declare(i.Results[0], e);
            return;
        }
        var thenAssigns = new List<(string, Expr, string)>();
        var elseAssigns = new List<(string, Expr, string)>();
        bool elseFirst = elseText.IsEmpty;
        for (int k = 0; k < i.Results.Count; k++) elseFirst &= elseValues[k] is not Expr e || e.Binds == Precedence.Primary && !e.Text.Contains("[") && !e.Text.Contains("(");
        for (int k = 0; k < i.Results.Count; k++)
        {
            var r = i.Results[k];
            if (!Uses.IsUsed(r) && thenValues[k] is Expr) continue;
            if (thenValues[k] is ArrayPlace x && elseValues[k] is ArrayPlace y)
            {
                if (x.SamePlace(y))
                {
                    Bind(r, x with { Type = r.Type, Memories = x.Memories.Concat(y.Memories).Distinct().ToSeq() });
                    continue;
                }
                string pointer = Names.Fresh(r.Base);
                Out.Declare(elseFirst ? $"{Dialect.ArrayType(x.Element)} {pointer} = {y.Name};" : $"{Dialect.ArrayType(x.Element)} {pointer};");
                thenAssigns.Add((pointer, Expr.Name(x.Name), ""));
                elseAssigns.Add((pointer, Expr.Name(y.Name), ""));
                Bind(r, ArrayPlace.Dense(pointer, r.Type, x.Memories.Concat(y.Memories).Distinct()) with { Element = x.Element });
                continue;
            }
            string name = Names.Fresh(r.Base);
            Out.Declare(elseFirst ? $"{ValueType(r)} {name} = {elseValues[k]};" : $"{ValueType(r)} {name};");
            thenAssigns.Add((name, (Expr)thenValues[k], ""));
            elseAssigns.Add((name, (Expr)elseValues[k], ""));
            Bind(r, Expr.Name(name));
        }
        foreach (var (target, value, _) in thenAssigns) thenText.Line($"{target} = {value};");
        if (!elseFirst) foreach (var (target, value, _) in elseAssigns) elseText.Line($"{target} = {value};");
        if (thenText.IsEmpty && elseText.IsEmpty) return;
        if (thenText.IsEmpty)
        {
            Out.Nest($"if ({Not(condition)})", elseText);
            return;
        }
        Out.Nest($"if ({condition})", thenText);
        if (!elseText.IsEmpty) Out.Nest("else", elseText);
    }

    /// <summary>May a side rely on its condition? Not where both sides run.</summary>
    private protected virtual bool Assumes => true;

    /// <summary>The text of one side, and its results: expressions, or dense arrays.</summary>
    private protected (CodeWriter Text, List<object> Values) Side(If i, Block side, bool holds, List<ArrayPlace?> wanted)
    {
        var (outer, text) = (Out, new CodeWriter());
        Out = text;
        var values = new List<object>();
        Ranges.Push();
        if (holds && Assumes) Ranges.Assume(i.Condition);
        for (int k = 0; k < i.Results.Count; k++)
            if (wanted[k] is { } place) Want(side.Stmts, side.Results[k], place);
        Block(side, () =>
        {
            for (int k = 0; k < i.Results.Count; k++)
            {
                if (!i.Results[k].Type.IsArray)
                {
                    values.Add(ValueFor(i.Results[k], side.Results[k]));
                    continue;
                }
                var a = Arrays[(Var)side.Results[k]];
                if (!a.IsDense || a.Element != ValueType(i.Results[k]))
                {
                    var dense = Rent(i.Results[k].Base, a.Type, ValueType(i.Results[k]));
                    Copy(dense, a);
                    a = dense;
                }
                values.Add(a);
            }
        });
        Ranges.Pop();
        Out = outer;
        return (text, values);
    }
}
