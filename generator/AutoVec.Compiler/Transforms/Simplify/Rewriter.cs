using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Simplify;

/// <summary>
/// One walk over the function, in order. Every statement is rewritten with what is known of its operands, then dropped (its
/// results are equal to something simpler), or appended to the outermost open block it may stand in.
/// </summary>
internal sealed class Rewriter
{
    private readonly FunctionIr _function;
    private readonly bool _motion;
    private readonly Facts _facts;
    private readonly Scopes _scopes;
    private readonly Func<Var, Var> _binder;
    private readonly Func<Atom, Atom> _resolve;
    private static readonly Func<Block, Block> s_same = b => b;

    public Rewriter(FunctionIr function, bool motion)
    {
        (_function, _motion) = (function, motion);
        (_facts, _scopes) = (new(function), new(function.Body.AllBinders().Count));
        (_binder, _resolve) = (v => v.Type.IsArray ? _facts.Retype(v) : v, _facts.Resolve);
    }

    /// <summary>Was anything but dead code found?</summary>
    public bool Changed { get; private set; }

    public Block Function() => Walk(_function.Body, false, []);

    private Block Walk(Block block, bool isBranch, IEnumerable<Var> binds)
    {
        _scopes.Open(isBranch, binds);
        foreach (var stmt in block.Stmts) Statement(stmt);
        var results = block.Results.Replace(_resolve);
        return block.Of(_scopes.Close(block.Stmts), results);
    }

    private void Equal(Var name, Atom value)
    {
        Changed = true;
        _facts.Learn(name, value);
    }

    private void Equal(Seq<Var> names, Seq<Atom> values)
    {
        for (int k = 0; k < names.Count; k++) Equal(names[k], values[k]);
    }

    private void Append(Stmt stmt) => Append(stmt, _scopes.Depth);

    private void Append(Stmt stmt, int depth)
    {
        _facts.Define(stmt);
        _scopes.Append(stmt, depth);
    }

    private void Statement(Stmt original)
    {
        var stmt = original.Map(_binder, _resolve, s_same);
        switch (stmt)
        {
            case Compute c: Scalar(c); break;
            case Read r: Element(r); break;
            case Write w: Update(w); break;
            case Accumulate a when a.Value is Const c && !a.Value.Type.IsFloat && c.Is(0): Equal(a.Out, a.Array); break;
            case Build b: Array(b); break;
            case Reduce r: Total(r); break;
            case Scatter s: Contributions(s); break;
            case For f: Loop(f); break;
            case While w: Loop(w); break;
            case If i: Branch(i); break;
            default: Append(stmt); break;
        }
    }

    // ---- scalars

    private void Scalar(Compute c)
    {
        if (Scalars.Fold(c, _facts) is { } value || _motion && c.Op == OpTable.StopGradient && (value = c.Args[0]) is not null)
        {
            Equal(c.Out, value);
            return;
        }
        var other = Scalars.Rewrite(c, _facts);
        Changed |= !ReferenceEquals(other, c);
        c = other;
        var key = Scopes.Key(c, _facts);
        if (_scopes.TryFind(key, out var twin) && twin[0].Type == c.Out.Type)
        {
            Equal(c.Out, twin[0]);
            return;
        }
        int depth = _scopes.Depth == 0 ? 0 : _scopes.Outermost(c, isBranch => MayLeave(c, isBranch));
        Changed |= depth < _scopes.Depth;
        _scopes.Remember(key, [c.Out], depth);
        Append(c, depth);
    }

    /// <summary>
    /// Out of a branch go only integer sums and products: extents computed there must be visible to what leaves the branch, and
    /// the rest should not run for nothing. Out of a loop: see <see cref="Simplify.Run"/>.
    /// </summary>
    private bool MayLeave(Compute c, bool isBranch)
    {
        bool sums = c.Op == OpTable.Add || c.Op == OpTable.Sub;
        if (isBranch) return c.Out.Type.IsInteger && (sums || c.Op == OpTable.Mul);
        if (!c.Op.IsTotal) return false;
        bool finiteDerivative = !c.Out.Type.IsFloat || sums || c.Op == OpTable.Neg || c.Op == OpTable.ToF32 || c.Op == OpTable.ToF64 || c.Op == OpTable.RoundHalf;
        return _motion || finiteDerivative;
    }

    // ---- arrays

    private void Element(Read r)
    {
        while (true)
        {
            var (value, other) = Reads.Forward(r, _facts);
            if (value is not null)
            {
                Equal(r.Out, value);
                return;
            }
            if (other is null) break;
            Changed = true;
            r = other;
        }
        var key = Scopes.Key(r);
        if (_scopes.TryFind(key, out var twin))
        {
            Equal(r.Out, twin[0]);
            return;
        }
        _scopes.Remember(key, [r.Out], _scopes.Depth);
        Append(r);
    }

    private void Update(Write w)
    {
        bool same = _facts.Definition(w.Value) is Read r && r.Array.Equals(w.Array) && r.Index == w.Index;
        if (same) Equal(w.Out, w.Array);
        else if (w.Index.All(i => i is All)) Equal(w.Out, w.Value);
        else if (_facts.Definition(w.Array) is Write first && first.Index == w.Index && _function.Body.Uses()[first.Out] == 1)
        {
            // Written twice, never read between.
            Changed = true;
            Append(w with { Array = first.Array });
        }
        else Append(w);
    }

    private void Array(Build b)
    {
        foreach (var d in b.Dims) _facts.Index(d);
        if (Walk(b.Body, false, b.Inner) is var body && !ReferenceEquals(body, b.Body)) b = b with { Body = body };
        for (int k = b.Results.Count - 1; k >= 0; k--)
        {
            int first = FirstTwin(b.Body.Results, k);
            if (Reads.Copied(b, k) is { } copied) Equal(b.Results[k], copied);
            else if (first < k && !IsFill(b)) Equal(b.Results[k], b.Results[first]);
            else continue;
            b = new(Without(b.Results, k), b.Dims, b.Body with { Results = Without(b.Body.Results, k) });
        }
        if (!b.Results.IsEmpty) Once(b, IsFill(b));
    }

    /// <summary>Zeros and the like. Twins stay apart: each is about to be overwritten by a loop of its own, and one array would cost a copy.</summary>
    private static bool IsFill(Stmt stmt) => stmt is Build b && b.Body.Stmts.All(IsFill);

    private void Total(Reduce r)
    {
        foreach (var d in r.Dims) _facts.Index(d);
        if (Walk(r.Body, false, r.Inner) is var body && !ReferenceEquals(body, r.Body)) r = r with { Body = body };
        var scalar = r.Out.Type.Scalar;
        if (r.Dims.Any(d => d.Extent is Const c && c.AsInt <= 0)) Equal(r.Out, Interpreter.Unit(r.Kind, scalar));
        else if (r.Kind == ReduceKind.Sum && r.Body.Results[0] is Const zero && zero.Is(0)) Equal(r.Out, zero);
        else Once(r, false);
    }

    private void Contributions(Scatter s)
    {
        foreach (var d in s.Dims) _facts.Index(d);
        if (Walk(s.Body, false, s.Inner) is var body && !ReferenceEquals(body, s.Body)) s = s with { Body = body };
        Once(s, false);
    }

    /// <summary>Appends the statement unless its twin stands in an open block: derivatives have one statement per contribution, and most are twins.</summary>
    private void Once(Stmt stmt, bool isFill) => Once(stmt, isFill, _scopes.Depth);

    private void Once(Stmt stmt, bool isFill, int depth)
    {
        if (!isFill)
        {
            var key = Scopes.Key(stmt);
            if (_scopes.TryFind(key, out var twin))
            {
                Equal(stmt.Outs, twin.Map(v => (Atom)v));
                return;
            }
            _scopes.Remember(key, stmt.Outs, depth);
        }
        Changed |= depth < _scopes.Depth;
        Append(stmt, depth);
    }

    // ---- control

    /// <summary>State that never changes is not state, and of two that always agree one is enough.</summary>
    private List<int> Changing(Seq<Carry> state, Seq<Var> results, Seq<Atom> next)
    {
        var kept = new List<int>();
        for (int k = 0; k < state.Count; k++)
        {
            var (param, init) = (state[k].Param, state[k].Init);
            int twin = kept.FindIndex(j => state[j].Init.Equals(init) && next[j].Equals(next[k]) && state[j].Param.Type == param.Type);
            if (init.Type == param.Type && (next[k].Equals(param) || next[k].Equals(init)))
            {
                Equal(param, init);
                Equal(results[k], init);
            }
            else if (twin >= 0 && !param.Type.IsArray)
            {
                Equal(param, state[kept[twin]].Param);
                Equal(results[k], results[kept[twin]]);
            }
            else kept.Add(k);
        }
        return kept;
    }

    private void Loop(For f)
    {
        if (f.Dim.Extent is Const { AsInt: <= 0 })
        {
            Equal(f.Results, f.State.Map(c => c.Init));
            return;
        }
        var kept = Changing(f.State, f.Results, f.Body.Results.Map(_facts.Resolve));
        if (kept.Count == 0) return;
        var state = Pick(f.State, kept);
        var results = Pick(f.Results, kept);
        var body = f.Body.Of(f.Body.Stmts, Pick(f.Body.Results, kept));
        if (f.Dim.Extent is Const { AsInt: 1 })
        {
            Equal(f.Dim.Index, Const.I32(0));
            foreach (var c in state) Equal(c.Param, c.Init);
            Splice(body, results);
            return;
        }
        _facts.Index(f.Dim);
        var walked = Walk(body, false, [f.Dim.Index, .. state.Map(c => c.Param)]);
        Append(kept.Count == f.State.Count && ReferenceEquals(walked, f.Body) ? f : f with { Results = results, State = state, Body = walked });
    }

    private void Loop(While w)
    {
        var kept = Changing(w.State, w.Results, w.Body.Results.Map(_facts.Resolve));
        if (kept.Count == 0 && w.State.Count > 0) return;
        var state = Pick(w.State, kept);
        var results = Pick(w.Results, kept);
        var condition = Walk(w.Condition, false, state.Map(c => c.Param));
        if (condition.Results[0] is Const { AsBool: false })
        {
            Equal(results, state.Map(c => c.Init));
            return;
        }
        var body = Walk(w.Body.Of(w.Body.Stmts, Pick(w.Body.Results, kept)), false, state.Map(c => c.Param));
        bool same = kept.Count == w.State.Count && ReferenceEquals(condition, w.Condition) && ReferenceEquals(body, w.Body);
        Append(same ? w : new While(results, state, condition, body));
    }

    private void Splice(Block block, Seq<Var> results)
    {
        foreach (var stmt in block.Stmts) Statement(stmt);
        Equal(results, block.Results.Map(_resolve));
    }

    private void Branch(If i)
    {
        if (i.Condition is Const known)
        {
            Splice(known.AsBool ? i.Then : i.Else, i.Results);
            return;
        }
        var then = Under(i.Condition, true, i.Then);
        var otherwise = Under(i.Condition, false, i.Else);
        var kept = new List<int>();
        for (int k = 0; k < i.Results.Count; k++)
            if (!Settle(i, k, then, otherwise)) kept.Add(k);
        if (kept.Count == 0) return;
        if (kept.Count < i.Results.Count || !ReferenceEquals(then, i.Then) || !ReferenceEquals(otherwise, i.Else))
            i = new If(Pick(i.Results, kept), i.Condition, then.Of(then.Stmts, Pick(then.Results, kept)), otherwise.Of(otherwise.Stmts, Pick(otherwise.Results, kept)));
        if (i.Results.Any(r => r.Type.IsArray)) Append(i);
        else Once(i, false, _motion && IsTotal(i) ? _scopes.Outermost(i.Free(), isBranch => !isBranch) : _scopes.Depth);
    }

    /// <summary>A choice between scalars, which neither side can fail to compute: it leaves loops as they do.</summary>
    private static bool IsTotal(If i) =>
        i.Then.Stmts.All(IsTotalScalar) && i.Else.Stmts.All(IsTotalScalar);

    private static bool IsTotalScalar(Stmt s) => s is Compute c && c.Op.IsTotal || s is If i && IsTotal(i);

    /// <summary>One side of a branch, in which the condition, and what follows from it, is a constant.</summary>
    private Block Under(Atom condition, bool value, Block block)
    {
        var learnt = new List<Var>();
        void Learn(Atom atom, bool holds)
        {
            if (atom is not Var v || _facts.Knows(v)) return;
            _facts.Learn(v, Const.Bool(holds));
            learnt.Add(v);
            if (_facts.Definition(v) is not Compute c || c.Args[0].Type != IrType.Bool) return;
            if (c.Op == OpTable.Not) Learn(c.Args[0], !holds);
            else if (c.Op == OpTable.And && holds || c.Op == OpTable.Or && !holds)
                foreach (var a in c.Args) Learn(a, holds);
        }
        Learn(condition, value);
        var walked = Walk(block, true, []);
        foreach (var v in learnt) _facts.Forget(v);
        return walked;
    }

    /// <summary>Is the result equal to an atom outside, or a choice between two?</summary>
    private bool Settle(If i, int k, Block then, Block otherwise)
    {
        var (result, a, b) = (i.Results[k], then.Results[k], otherwise.Results[k]);
        if (!_scopes.IsInScope(a) || !_scopes.IsInScope(b)) return false;
        if (a.Equals(b)) Equal(result, a);
        else if (result.Type.IsArray) return false;
        else Scalar(new Compute(result, OpTable.Select, [i.Condition, a, b]));
        Changed = true;
        return true;
    }

    // ---- lists

    private static int FirstTwin(Seq<Atom> atoms, int k)
    {
        for (int j = 0; j < k; j++)
            if (atoms[j].Equals(atoms[k])) return j;
        return k;
    }

    private static Seq<T> Pick<T>(Seq<T> items, List<int> kept) =>
        kept.Count == items.Count ? items : kept.Select(k => items[k]).ToSeq();

    private static Seq<T> Without<T>(Seq<T> items, int k) => items.Where((_, j) => j != k).ToSeq();
}
