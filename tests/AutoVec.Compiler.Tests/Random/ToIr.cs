using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Tests.Random;

/// <summary>Writes a random program as IR, the way Lowering would: mutable locals become results of loops and branches.</summary>
public sealed class ToIr
{
    private readonly Names _names = new();
    private readonly Dictionary<string, Atom> _now = [];
    private readonly Dictionary<string, (string Array, Atom Start, Atom Length)> _views = [];
    private Builder _b;

    private ToIr() => _b = new Builder(_names);

    public static FunctionIr Lower(RandomProgram program, string name = "F")
    {
        var lower = new ToIr();
        var parameters = program.Parameters.Select(p =>
            new Var(p.Name, IrType.F64.Under(Enumerable.Range(0, p.Rank).Select(d => (Atom)new Var($"{p.Name}_{d}", IrType.I32))))).ToSeq();
        foreach (var p in parameters) lower._now[p.Name] = p;
        lower.Steps(program.Body);
        var result = lower.Value(program.Result);
        return new FunctionIr(name, parameters, lower._b.Block(result));
    }

    private void Steps(Step[] steps)
    {
        foreach (var step in steps) Run(step);
    }

    private void Run(Step step)
    {
        switch (step)
        {
            case Declare d: _now[d.Name] = Value(d.Value); break;
            case Assign a: _now[a.Name] = Value(a.Value); break;
            case DeclareInt d: _now[d.Name] = Value(d.Value); break;
            case AssignInt a: _now[a.Name] = Value(a.Value); break;
            case NewArray n: _now[n.Name] = _b.Zeros(IrType.F64.Under(n.Extents.Select(Value).ToList()), n.Name); break;
            case Slice s:
                var (start, length) = (Value(s.Start), Value(s.Count));
                _views[s.Name] = (s.Array, _b.Compute(OpTable.Slice, start, length, ((Var)_now[s.Array]).Type.Extents[0]), length);
                break;
            case Store s:
                string array = Memory(s.Array);
                var at = At(s.Array, s.Index);
                _now[array] = _b.Write((Var)_now[array], at, Value(s.Value));
                break;
            case Branch b: Run(b); break;
            case Loop { Break: null } l: Run(l); break;
            case Loop l: Stopped(l); break;
            case Repeat r: Run(r); break;
            default: throw new InvalidOperationException(step.ToString());
        }
    }

    // ---- blocks

    private IEnumerable<string> Written(IEnumerable<Step> steps) => steps.SelectMany(s => s switch
    {
        Assign a => [a.Name],
        AssignInt a => [a.Name],
        Store t => [Memory(t.Array)],
        Branch b => Written([.. b.Then, .. b.Else]),
        Loop l => Written(l.Body),
        Repeat r => Written(r.Body),
        _ => Enumerable.Empty<string>(),
    }).Distinct();

    private string[] State(IEnumerable<Step> steps) => [.. Written(steps).Where(_now.ContainsKey)];

    private Block Inside(IEnumerable<(string, Atom)> bound, string[] state, Action body, params Func<Atom>[] more)
    {
        var (outer, saved) = (_b, new Dictionary<string, Atom>(_now));
        _b = outer.Nested();
        foreach (var (name, atom) in bound) _now[name] = atom;
        body();
        var block = _b.Block([.. state.Select(s => _now[s]), .. more.Select(m => m())]);
        _b = outer;
        _now.Clear();
        foreach (var pair in saved) _now[pair.Key] = pair.Value;
        return block;
    }

    private void Set(string[] state, Seq<Var> results)
    {
        for (int k = 0; k < state.Length; k++) _now[state[k]] = results[k];
    }

    private void Run(Branch b)
    {
        var state = State([.. b.Then, .. b.Else]);
        var c = Value(b.If);
        if (state.Length == 0) return;
        var then = Inside([], state, () => Steps(b.Then));
        var other = Inside([], state, () => Steps(b.Else));
        Set(state, _b.If(c, then, other));
    }

    private Carry[] Carries(string[] state) => [.. state.Select(s => new Carry(_names.Fresh(s, _now[s].Type), _now[s]))];

    private void Run(Loop l)
    {
        var state = State(l.Body);
        var extent = Value(l.Extent);
        if (state.Length == 0) return;
        var carries = Carries(state);
        var i = _names.Fresh(l.Counter, IrType.I32);
        var body = Inside([.. state.Zip(carries, (s, c) => (s, (Atom)c.Param)), (l.Counter, i)], state, () => Steps(l.Body));
        Set(state, _b.For(carries, new Dim(i, extent), body));
    }

    private void Stopped(Loop l)
    {
        var state = State(l.Body);
        var extent = Value(l.Extent);
        if (state.Length == 0) return;
        var carries = Carries(state);
        var i = new Carry(_names.Fresh(l.Counter, IrType.I32), Const.I32(0));
        var go = new Carry(_names.Fresh("go", IrType.Bool), Const.Bool(true));
        var bound = state.Zip(carries, (s, c) => (s, (Atom)c.Param)).Append((l.Counter, i.Param)).ToList();
        var condition = Inside(bound, [], () => { }, () => _b.Compute(OpTable.And, _b.Compute(OpTable.Lt, i.Param, extent), go.Param));
        var body = Inside(bound, state, () => Steps(l.Body),
            () => _b.Compute(OpTable.Add, i.Param, Const.I32(1)),
            () => _b.Compute(OpTable.Not, Value(l.Break!)));
        Set(state, _b.While([.. carries, i, go], condition, body));
    }

    private void Run(Repeat r)
    {
        var state = State(r.Body);
        if (state.Length == 0) return;
        var carries = Carries(state);
        var k = new Carry(_names.Fresh(r.Counter, IrType.I32), Const.I32(0));
        var bound = state.Zip(carries, (s, c) => (s, (Atom)c.Param)).Append((r.Counter, k.Param)).ToList();
        var condition = Inside(bound, [], () => { }, () =>
        {
            var c = _b.Compute(OpTable.Lt, k.Param, Const.I32(r.Limit));
            var go = Inside([], [], () => { }, () => Value(r.Go));
            return _b.If(c, go, new Block([], [Const.Bool(false)]))[0];
        });
        var body = Inside(bound, state, () => Steps(r.Body), () => _b.Compute(OpTable.Add, k.Param, Const.I32(1)));
        Set(state, _b.While([.. carries, k], condition, body));
    }

    // ---- views

    private string Memory(string array) => _views.TryGetValue(array, out var view) ? view.Array : array;

    private List<Atom> At(string array, Int[] index)
    {
        var at = index.Select(Value).ToList();
        return _views.TryGetValue(array, out var view) ? [_b.Compute(OpTable.Add, view.Start, at[0])] : at;
    }

    // ---- expressions

    private static readonly Dictionary<string, Op> Operators = new()
    {
        ["+"] = OpTable.Add, ["-"] = OpTable.Sub, ["*"] = OpTable.Mul, ["/"] = OpTable.Div,
        ["<"] = OpTable.Lt, [">"] = OpTable.Gt, ["<="] = OpTable.Le, [">="] = OpTable.Ge, ["=="] = OpTable.Eq, ["!="] = OpTable.Ne,
    };

    private Atom Value(Expr e)
    {
        switch (e)
        {
            case Num n: return Const.F64(n.Value);
            case Local l: return _now[l.Name];
            case Elem a: return _b.Read((Var)_now[Memory(a.Array)], At(a.Array, a.Index));
            case Bin b:
                var left = Value(b.Left);
                return _b.Compute(Operators[b.Op], left, Value(b.Right));
            case Fn f: return _b.Compute(OpTable.ByName(f.Name.ToLowerInvariant())!, f.Args.Select(Value).ToList());
            case Choose c:
                var condition = Value(c.If);
                var then = Inside([], [], () => { }, () => Value(c.Then));
                return _b.If(condition, then, Inside([], [], () => { }, () => Value(c.Else)))[0];
            default: throw new InvalidOperationException(e.ToString());
        }
    }

    private Atom Value(Int i)
    {
        switch (i)
        {
            case IntConst c: return Const.I32(c.Value);
            case IntVar v: return _now[v.Name];
            case Truncate t: return _b.Compute(OpTable.ToI32, Value(t.Value));
            case Length l when _views.TryGetValue(l.Array, out var view): return view.Length;
            case Length l: return ((Var)_now[l.Array]).Type.Extents[l.Dim];
            case IntBin b:
                var left = Value(b.Left);
                var right = Value(b.Right);
                return _b.Compute(b.Op switch { "+" => OpTable.Add, "-" => OpTable.Sub, "*" => OpTable.Mul, "/" => OpTable.IntDiv, "&" => OpTable.And, "<<" => OpTable.Shl, ">>" => OpTable.Shr, _ => OpTable.IntRem }, left, right);
            default: throw new InvalidOperationException(i.ToString());
        }
    }

    private Atom Value(Cond c)
    {
        if (c is Compare f)
        {
            var left = Value(f.Left);
            return _b.Compute(Operators[f.Op], left, Value(f.Right));
        }
        var n = (IntCompare)c;
        var a = Value(n.Left);
        return _b.Compute(Operators[n.Op], a, Value(n.Right));
    }
}
