using System.Runtime.CompilerServices;
using System.Text;

namespace AutoVec.Compiler.Ir;

/// <summary>A function breaks a rule of the IR; the message names the pass that made it.</summary>
public sealed class VerifierException(string message) : Exception(message);

/// <summary>
/// The type checker of the IR: names are bound once and before their uses, types fit, extents of every array are in scope.
/// </summary>
public sealed class Verifier
{
    private readonly string _pass;
    private readonly FunctionIr _function;
    private readonly Dictionary<string, Var> _scope = [];
    private readonly HashSet<string> _bound = [];
    private readonly Stack<string> _entered = [];
    private Stmt? _stmt;

    private Verifier(FunctionIr function, string pass)
    {
        _function = function;
        _pass = pass;
    }

    /// <summary>Returns the function, or throws <see cref="VerifierException"/>.</summary>
    public static FunctionIr Check(FunctionIr function, string pass)
    {
        new Verifier(function, pass).Function();
        return function;
    }

    private void Function()
    {
        foreach (var size in _function.Sizes)
            Bind(size);
        foreach (var p in _function.Params)
            Bind(p);
        Block(_function.Body);
        if (!_function.ResultNames.IsEmpty && _function.ResultNames.Count != _function.Body.Results.Count)
            Fail($"{_function.ResultNames.Count} result names for {_function.Body.Results.Count} results");
    }

    private void Fail(string what) => throw new VerifierException(
        $"{_pass}: in {_function.Name}: {what}" + (_stmt is null ? "" : $"\n  {Printer.Print(_stmt)}"));

    private void Require(bool holds, string what)
    {
        if (!holds) Fail(what);
    }

    private void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] Message what)
    {
        if (!holds) Fail(what.ToString());
    }

    /// <summary>Text that is put together only where a rule is broken; nearly all of the verifier's time went into it.</summary>
    [InterpolatedStringHandler]
    private readonly ref struct Message
    {
        private readonly StringBuilder? _text;

        public Message(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = isNeeded ? new StringBuilder(literalLength + 16 * formattedCount) : null;
        }

        public Message(int literalLength, int formattedCount, IrType expected, IrType actual, out bool isNeeded)
            : this(literalLength, formattedCount, expected == actual, out isNeeded) { }

        public void AppendLiteral(string text) => _text!.Append(text);
        public void AppendFormatted<T>(T value) => _text!.Append(value);
        public override string ToString() => _text?.ToString() ?? "";
    }

    // ---- names

    private void Bind(Var v)
    {
        Require(_bound.Add(v.Name), $"'{v}' is bound twice");
        foreach (var e in v.Type.Extents)
            if (e is Var) Use(e, "an extent");
            else Require(e is Const { Scalar: Scalar.I32 }, $"the extent {e} of '{v}' is not an i32");
        _scope[v.Name] = v;
        _entered.Push(v.Name);
    }

    /// <summary>Forgets what was bound since <see cref="_entered"/> held that many names.</summary>
    private void Leave(int entered)
    {
        while (_entered.Count > entered) _scope.Remove(_entered.Pop());
    }

    private void Use(Atom atom, string what)
    {
        if (atom is not Var v) return;
        Require(_scope.TryGetValue(v.Name, out var bound), $"'{v}' ({what}) is not in scope");
        Require(bound!.Type == v.Type, $"'{v}' ({what}) is used as {v.Type} but bound as {bound.Type}");
    }

    private void Extent(Atom extent)
    {
        Use(extent, "an extent");
        Require(extent.Type == IrType.I32, $"the extent {extent} is not an i32");
    }

    // ---- blocks

    private void Block(Block block, Seq<Var> bound = default)
    {
        int entered = _entered.Count;
        foreach (var v in bound) Bind(v);
        foreach (var stmt in block.Stmts)
        {
            Statement(stmt);
            _stmt = stmt;
            // An array's extents may be numbers of the same statement.
            foreach (var o in stmt.Outs)
                if (!o.Type.IsArray) Bind(o);
            foreach (var o in stmt.Outs)
                if (o.Type.IsArray) Bind(o);
        }
        foreach (var r in block.Results) Use(r, "a result");
        Leave(entered);
    }

    private void Same(IrType expected, IrType actual, [InterpolatedStringHandlerArgument(nameof(expected), nameof(actual))] Message what)
    {
        if (expected != actual) Fail($"{what.ToString()} is {actual}, expected {expected}");
    }

    private void Index(Var array, Seq<Atom> index)
    {
        Require(index.Count == array.Type.Rank, $"'{array}' has rank {array.Type.Rank}, the index {index.Count} entries");
        foreach (var i in index)
            Require(i is All || i.Type == IrType.I32 && (i is not Window w || w.From.Type == IrType.I32 && w.Extents.All(e => e.Type == IrType.I32)), $"the index {i} is not an i32");
    }

    private void Dims(Seq<Dim> dims)
    {
        Require(!dims.IsEmpty, "no dimensions");
        foreach (var d in dims)
        {
            Extent(d.Extent);
            Require(d.Index.Type == IrType.I32, $"the index {d.Index} is not an i32");
        }
    }

    private void Statement(Stmt stmt)
    {
        _stmt = stmt;
        foreach (var a in stmt.Reads) Use(a, "an operand");
        switch (stmt)
        {
            case Compute c: Check(c); break;
            case Read r:
                Index(r.Array, r.Index);
                Same(Builder.SliceType(r.Array.Type, r.Index), r.Out.Type, $"'{r.Out}'");
                break;
            case Write w: Update(w.Out, w.Array, w.Index, w.Value); break;
            case Accumulate a: Update(a.Out, a.Array, a.Index, a.Value); break;
            case Build b: Check(b); break;
            case Reduce r: Check(r); break;
            case Scatter s: Check(s); break;
            case For f: Check(f); break;
            case While w: Check(w); break;
            case If i: Check(i); break;
            case Call c: Check(c); break;
            default: Fail($"no rule for {stmt.GetType().Name}"); break;
        }
    }

    private void Check(Compute c)
    {
        Require(c.Args.Count == c.Op.Arity, $"{c.Op} takes {c.Op.Arity} operands");
        try
        {
            Same(c.Op.TypeOf(c.Args.Map(a => a.Type)), c.Out.Type, $"'{c.Out}'");
        }
        catch (ArgumentException e)
        {
            Fail(e.Message);
        }
    }

    private void Update(Var result, Var array, Seq<Atom> index, Atom value)
    {
        Index(array, index);
        Same(Builder.SliceType(array.Type, index), value.Type, $"the value {value}");
        Same(array.Type, result.Type, $"'{result}'");
    }

    private void Check(Build b)
    {
        Dims(b.Dims);
        Block(b.Body, b.Inner);
        Require(b.Results.Count == b.Body.Results.Count, "results and yields differ in number");
        var leading = b.Dims.Map(d => d.Extent);
        for (int k = 0; k < b.Results.Count; k++)
            Same(b.Body.Results[k].Type.Under(leading), b.Results[k].Type, $"'{b.Results[k]}'");
    }

    private void Check(Reduce r)
    {
        Dims(r.Dims);
        Block(r.Body, r.Inner);
        Require(r.Body.Results.Count == 1 && !r.Body.Results[0].Type.IsArray, "a reduce yields one scalar");
        bool position = r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin;
        Require(r.Body.Results[0].Type.Scalar != Scalar.Bool, "cannot reduce booleans");
        Same(position ? IrType.I32 : r.Body.Results[0].Type, r.Out.Type, $"'{r.Out}'");
    }

    private void Check(Scatter s)
    {
        foreach (var e in s.Extents) Extent(e);
        Dims(s.Dims);
        Block(s.Body, s.Inner);
        Require(s.Body.Results.Count == s.Extents.Count + 1, "a scatter yields one index for each extent and a value");
        foreach (var i in s.Body.Results.Take(s.Extents.Count)) Same(IrType.I32, i.Type, $"the index {i}");
        Require(!s.Body.Results[^1].Type.IsArray, "a scatter yields a scalar value");
        Same(s.Body.Results[^1].Type.Under(s.Extents), s.Out.Type, $"'{s.Out}'");
    }

    private void State(Seq<Carry> state, Seq<Var> results, Block body)
    {
        Require(state.Count == results.Count && state.Count == body.Results.Count, "state, yields and results differ in number");
        for (int k = 0; k < state.Count; k++)
        {
            Same(state[k].Param.Type, state[k].Init.Type, $"the initial value of '{state[k].Param}'");
            Same(state[k].Param.Type, body.Results[k].Type, $"the next value of '{state[k].Param}'");
            Same(state[k].Param.Type, results[k].Type, $"'{results[k]}'");
        }
    }

    private void Check(For f)
    {
        Dims([f.Dim]);
        Block(f.Body, f.Inner);
        State(f.State, f.Results, f.Body);
    }

    private void Check(While w)
    {
        // Both blocks see the state; it is bound once.
        int entered = _entered.Count;
        foreach (var v in w.Inner) Bind(v);
        Block(w.Condition);
        Require(w.Condition.Results.Count == 1 && w.Condition.Results[0].Type == IrType.Bool, "a while's condition yields one bool");
        Block(w.Body);
        Leave(entered);
        State(w.State, w.Results, w.Body);
    }

    private void Check(If i)
    {
        Same(IrType.Bool, i.Condition.Type, $"the condition {i.Condition}");
        Block(i.Then);
        Block(i.Else);
        Require(i.Results.Count == i.Then.Results.Count && i.Results.Count == i.Else.Results.Count, "results and yields differ in number");
        for (int k = 0; k < i.Results.Count; k++)
        {
            Same(i.Results[k].Type, i.Then.Results[k].Type, $"what the first side yields for '{i.Results[k]}'");
            Same(i.Results[k].Type, i.Else.Results[k].Type, $"what the other side yields for '{i.Results[k]}'");
        }
    }

    private void Rule(FunctionIr function, string name)
    {
        if (name == FunctionIr.Recompute) return;
        // A rule may call the function it belongs to, and does not carry itself.
        if (_function.Callees.FirstOrDefault(f => f.Name == name) is not { } rule) return;
        bool same(IEnumerable<IrType> a, IEnumerable<IrType> b) => a.Select(t => (t.Scalar, t.Rank)).SequenceEqual(b.Select(t => (t.Scalar, t.Rank)));
        var floats = function.Params.Where(p => p.Type.IsFloat).Select(p => p.Type);
        Require(same(rule.Params.Select(p => p.Type), function.Params.Select(p => p.Type).Concat(function.Body.Results.Where(r => r.Type.IsFloat).Select(r => r.Type)))
            && same(rule.Body.Results.Select(r => r.Type), floats), $"'{name}' is no rule of '{function.Name}': it takes its parameters and the adjoints of its results, and gives those of its parameters");
    }

    private void Check(Call c)
    {
        var callee = _function.Callees.FirstOrDefault(f => f.Name == c.Function);
        if (callee is null) Fail($"'{c.Function}' is not among the callees");
        if (c.Derivation?.Objection(callee!) is { } objection) Fail(objection);
        if (callee!.Rule is { } rule) Rule(callee, rule);
        var parameters = c.Derivation?.Parameters(callee!) ?? callee!.Params.Map(p => p.Type);
        int results = c.Derivation?.Results(callee!) ?? callee!.Body.Results.Count;
        Require(parameters.Count == c.Args.Count, $"'{c.Function}' takes {parameters.Count} arguments");
        Require(results == c.Results.Count, $"'{c.Function}' returns {results} values");
        for (int k = 0; k < c.Args.Count; k++)
            Require(parameters[k].Scalar == c.Args[k].Type.Scalar && parameters[k].Rank == c.Args[k].Type.Rank,
                $"the argument {c.Args[k]} is {c.Args[k].Type}, the parameter {parameters[k]}");
    }
}
