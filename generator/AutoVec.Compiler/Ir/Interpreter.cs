using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Ir;

/// <summary>
/// The meaning of the IR, and the oracle of every pass: value semantics, in order, every index checked. Slow and simple.
/// </summary>
public sealed class Interpreter
{
    private readonly FunctionIr _function;
    private readonly Seq<FunctionIr> _callees;
    private readonly Dictionary<Var, Value> _values = [];
    private readonly long _limit;
    private long _steps;
    private bool _metInfinity;

    private Interpreter(FunctionIr function, Seq<FunctionIr> callees, long limit)
    {
        _function = function;
        _callees = callees;
        _limit = limit;
    }

    /// <summary>The results, in order.</summary>
    /// <exception cref="IndexOutOfRangeException">An index is outside its array.</exception>
    /// <exception cref="DivideByZeroException">As C# throws it.</exception>
    public static Value[] Run(FunctionIr function, params ReadOnlySpan<Value> args) => Run(function, long.MaxValue, args.ToArray());

    /// <summary>As <see cref="Run(FunctionIr, ReadOnlySpan{Value})"/>, but gives up after a number of statements.</summary>
    /// <exception cref="TimeoutException">More than <paramref name="limit"/> statements ran.</exception>
    public static Value[] Run(FunctionIr function, long limit, Value[] args) =>
        new Interpreter(function, function.Callees, limit).Call(args);

    /// <summary>Is the result of any of its ops infinite? A derivative of such a computation may well be 0 · ∞.</summary>
    public static bool MeetsInfinity(FunctionIr function, params ReadOnlySpan<Value> args)
    {
        var run = new Interpreter(function, function.Callees, long.MaxValue);
        run.Call(args.ToArray());
        return run._metInfinity;
    }

    private Value[] Call(Value[] args)
    {
        if (args.Length != _function.Params.Count)
            throw new ArgumentException($"{_function.Name} takes {_function.Params.Count} arguments, not {args.Length}");
        for (int k = 0; k < args.Length; k++) Parameter(_function.Params[k], args[k]);
        return Block(_function.Body);
    }

    private void Parameter(Var p, Value arg)
    {
        if (arg.ElementType != p.Type.Scalar || arg.Shape.Count != p.Type.Rank)
            throw new ArgumentException($"{_function.Name}: '{p}' is {p.Type}, not {arg.ElementType} of rank {arg.Shape.Count}");
        for (int d = 0; d < arg.Shape.Count; d++)
        {
            var extent = p.Type.Extents[d];
            if (extent is Var name && !_values.ContainsKey(name)) _values[name] = Value.Of(arg.Shape[d]);
            else if (Int(extent) != arg.Shape[d])
                throw new ArgumentException($"{_function.Name}: dimension {d} of '{p}' is {arg.Shape[d]}, but {extent} is {Int(extent)}");
        }
        _values[p] = arg;
    }

    // ---- atoms

    private Value Get(Atom atom) => atom is Const c ? Value.Of(c) : _values[(Var)atom];
    private int Int(Atom atom) => atom is Const c ? c.AsInt : _values[(Var)atom].AsConst.AsInt;
    private int Extent(Atom atom) => Math.Max(0, Int(atom));
    private Const Scalar(Atom atom) => atom is Const c ? c : _values[(Var)atom].AsConst;

    private Value[] Block(Block block)
    {
        foreach (var stmt in block.Stmts)
        {
            if (++_steps > _limit) throw new TimeoutException($"{_function.Name} ran more than {_limit} statements");
            Run(stmt);
        }
        var results = new Value[block.Results.Count];
        for (int k = 0; k < results.Length; k++) results[k] = Get(block.Results[k]);
        return results;
    }

    private void Set(Seq<Var> names, Value[] values)
    {
        for (int k = 0; k < names.Count; k++) _values[names[k]] = values[k];
    }

    private void Run(Stmt stmt)
    {
        switch (stmt)
        {
            case Compute c:
                var result = c.Op.Evaluate(c.Args.Map(Scalar));
                _metInfinity |= c.Out.Type.IsFloat && double.IsInfinity(result.AsDouble);
                _values[c.Out] = Value.Of(result);
                break;
            case Read r: _values[r.Out] = Slice(r); break;
            case Write w: _values[w.Out] = Update(w.Array, w.Index, w.Value, adds: false); break;
            case Accumulate a: _values[a.Out] = Update(a.Array, a.Index, a.Value, adds: true); break;
            case Build b: Run(b); break;
            case Reduce r: _values[r.Out] = Value.Of(Total(r)); break;
            case Scatter s: Run(s); break;
            case For f: Run(f); break;
            case While w: Run(w); break;
            case If i: Set(i.Results, Block(Scalar(i.Condition).AsBool ? i.Then : i.Else)); break;
            case Call c: Set(c.Results, Callee(c)); break;
            default: throw new InvalidOperationException($"no meaning for {stmt.GetType().Name}");
        }
    }

    private Value[] Callee(Call call)
    {
        var callee = _callees.First(f => f.Name == call.Function);
        if (call.Derivation is { } derivation) callee = Transforms.Derive.Derive.Run(callee with { Callees = _callees }, derivation);
        var inner = new Interpreter(callee, _callees, _limit) { _steps = _steps };
        var results = inner.Call(call.Args.Select(Get).ToArray());
        _steps = inner._steps;
        return results;
    }

    private static Const Plus(Const a, Const b) => OpTable.Add.Evaluate([a, b]);

    // ---- arrays

    /// <summary>Positions, in the flat data, of the elements an index denotes, in order; and the shape of the slice.</summary>
    private (int[] At, Seq<int> Shape) Positions(Var array, Seq<Atom> index)
    {
        var shape = _values[array].Shape;
        int[] at = [0];
        List<int>? slice = null;
        for (int d = 0; d < shape.Count; d++)
        {
            int extent = shape[d];
            if (index[d] is All)
            {
                (slice ??= []).Add(extent);
                at = Spread(at, extent, 0, extent);
                continue;
            }
            if (index[d] is Window window)
            {
                var inner = window.Extents.Map(Extent);
                int from = Int(window.From), count = (int)Value.Length(inner);
                (slice ??= []).AddRange(inner);
                if (count > 0 && (from < 0 || from + count > extent))
                    throw new InvalidOperationException($"{_function.Name}: the window {from}:{count} of '{array}' is outside [0, {extent})");
                at = Spread(at, extent, from, count);
                continue;
            }
            int i = Int(index[d]);
            if (i < 0 || i >= extent)
                throw new IndexOutOfRangeException($"{_function.Name}: index {i} of '{array}' is outside [0, {extent})");
            for (int k = 0; k < at.Length; k++) at[k] = at[k] * extent + i;
        }
        return (at, slice is null ? [] : slice.ToSeq());
    }

    private static int[] Spread(int[] at, int extent, int from, int count)
    {
        var spread = new int[at.Length * count];
        for (int k = 0; k < at.Length; k++)
            for (int i = 0; i < count; i++) spread[k * count + i] = at[k] * extent + from + i;
        return spread;
    }

    /// <summary>The position of the one element that an index denotes; −1 for a slice.</summary>
    private int Position(Var array, Seq<Atom> index)
    {
        var shape = _values[array].Shape;
        int at = 0;
        for (int d = 0; d < shape.Count; d++)
        {
            if (index[d] is All or Window) return -1;
            int i = Int(index[d]), extent = shape[d];
            if (i < 0 || i >= extent) throw new IndexOutOfRangeException($"{_function.Name}: index {i} of '{array}' is outside [0, {extent})");
            at = at * extent + i;
        }
        return at;
    }

    private Value Slice(Read read)
    {
        int element = Position(read.Array, read.Index);
        if (element >= 0) return Value.Of(_values[read.Array].Data[element]);
        var (at, shape) = Positions(read.Array, read.Index);
        var data = _values[read.Array].Data;
        return Value.Of(read.Array.Type.Scalar, shape, Array.ConvertAll(at, p => data[p]));
    }

    private Value Update(Var array, Seq<Atom> index, Atom value, bool adds)
    {
        var old = _values[array];
        var v = Get(value);
        int element = Position(array, index);
        var (at, shape) = element >= 0 ? ([element], []) : Positions(array, index);
        if (v.Shape != shape) throw new InvalidOperationException($"{_function.Name}: a slice of shape [{shape}] of '{array}' is written with shape [{v.Shape}]");
        var data = (Const[])old.Data.Clone();
        for (int k = 0; k < at.Length; k++) data[at[k]] = adds ? Plus(data[at[k]], v.Data[k]) : v.Data[k];
        return Value.Of(old.ElementType, old.Shape, data);
    }

    /// <summary>Runs the body at every point of the dims, in lexicographic order.</summary>
    private void Points(Seq<Dim> dims, Block body, Action<Value[]> use, int d = 0)
    {
        if (d == dims.Count)
        {
            use(Block(body));
            return;
        }
        int n = Extent(dims[d].Extent);
        for (int i = 0; i < n; i++)
        {
            _values[dims[d].Index] = Value.Of(i);
            Points(dims, body, use, d + 1);
        }
    }

    private void Run(Build b)
    {
        var parts = new List<Const>[b.Results.Count];
        for (int k = 0; k < parts.Length; k++) parts[k] = [];
        var inner = new Seq<int>?[b.Results.Count];
        Points(b.Dims, b.Body, values =>
        {
            for (int k = 0; k < values.Length; k++)
            {
                if (inner[k] is { } shape && shape != values[k].Shape)
                    throw new InvalidOperationException($"{_function.Name}: the elements of '{b.Results[k]}' differ in shape");
                inner[k] = values[k].Shape;
                if (values[k].IsArray) parts[k].AddRange(values[k].Data);
                else parts[k].Add(values[k].AsConst);
            }
        });
        var leading = b.Dims.Map(d => Extent(d.Extent));
        for (int k = 0; k < parts.Length; k++)
        {
            // No element ran: its extents may be names that only the body binds; any shape will do then.
            var element = inner[k] ?? b.Results[k].Type.Extents.Skip(b.Dims.Count)
                .Select(e => e is Const || _values.ContainsKey((Var)e) ? Extent(e) : 0).ToSeq();
            _values[b.Results[k]] = Value.Of(b.Results[k].Type.Scalar, [.. leading, .. element], parts[k].ToArray());
        }
    }

    private void Run(Scatter s)
    {
        var shape = s.Extents.Map(Extent);
        var scalar = s.Out.Type.Scalar;
        var data = Enumerable.Repeat(Const.Of(scalar, 0), (int)Value.Length(shape)).ToArray();
        Points(s.Dims, s.Body, values =>
        {
            int at = 0;
            bool inside = true;
            for (int d = 0; d < shape.Count; d++)
            {
                int i = values[d].AsConst.AsInt;
                inside &= i >= 0 && i < shape[d];
                at = at * shape[d] + i;
            }
            var v = values[^1].AsConst;
            if (inside) data[at] = Plus(data[at], v);
            else if (v.AsDouble != 0)
                throw new IndexOutOfRangeException($"{_function.Name}: '{s.Out}' scatters {v} outside [{shape}]");
        });
        _values[s.Out] = Value.Of(scalar, shape, data);
    }

    private Const Total(Reduce r)
    {
        if (r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin) return Const.I32(Winner(r));
        var op = r.Kind switch
        {
            ReduceKind.Sum => OpTable.Add,
            ReduceKind.Product => OpTable.Mul,
            ReduceKind.Max => OpTable.Max,
            _ => OpTable.Min,
        };
        var total = Unit(r.Kind, r.Out.Type.Scalar);
        Points(r.Dims, r.Body, v => total = op.Evaluate([total, v[0].AsConst]));
        return total;
    }

    private int Winner(Reduce r)
    {
        var beats = r.Kind == ReduceKind.ArgMax ? OpTable.Gt : OpTable.Lt;
        int at = -1, position = 0;
        Const? best = null;
        Points(r.Dims, r.Body, v =>
        {
            var e = v[0].AsConst;
            if (best is null || beats.Evaluate([e, best]).AsBool) (best, at) = (e, position);
            position++;
        });
        return at;
    }

    /// <summary>What an empty reduction gives.</summary>
    public static Const Unit(ReduceKind kind, Scalar scalar) => (kind, scalar) switch
    {
        (ReduceKind.Sum, _) => Const.Of(scalar, 0),
        (ReduceKind.Product, _) => Const.Of(scalar, 1),
        (ReduceKind.Max, Ir.Scalar.I32) => Const.I32(int.MinValue),
        (ReduceKind.Min, Ir.Scalar.I32) => Const.I32(int.MaxValue),
        (ReduceKind.Max, Ir.Scalar.I64) => Const.I64(long.MinValue),
        (ReduceKind.Min, Ir.Scalar.I64) => Const.I64(long.MaxValue),
        (ReduceKind.Max, _) => Const.Of(scalar, double.NegativeInfinity),
        (ReduceKind.Min, _) => Const.Of(scalar, double.PositiveInfinity),
        _ => Const.I32(-1),
    };

    // ---- loops

    private void Run(For f)
    {
        int n = Extent(f.Dim.Extent);
        var state = f.State.Select(c => Get(c.Init)).ToArray();
        for (int i = 0; i < n; i++)
        {
            _values[f.Dim.Index] = Value.Of(i);
            Set(f.State.Map(c => c.Param), state);
            state = Block(f.Body);
        }
        Set(f.Results, state);
    }

    private void Run(While w)
    {
        var names = w.State.Map(c => c.Param);
        var state = w.State.Select(c => Get(c.Init)).ToArray();
        while (true)
        {
            Set(names, state);
            if (!Block(w.Condition)[0].AsConst.AsBool) break;
            state = Block(w.Body);
        }
        Set(w.Results, state);
    }
}
