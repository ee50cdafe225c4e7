using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>
/// Random functions of builds, reductions, scatters, branches and loops, nested in each other, with several results, array
/// elements, triangular extents, data-dependent and guarded indices: what Parallelize and earlier derivatives give, and worse.
/// </summary>
public sealed class RandomParallel
{
    private sealed record Scope(List<Atom> Scalars, List<Var> Arrays, List<(Var Index, Atom Extent)> Indices)
    {
        public Scope Inner() => new([.. Scalars], [.. Arrays], [.. Indices]);
    }

    private readonly System.Random _random;
    private readonly Names _names = new();
    private readonly Var _n = new("n", IrType.I32), _m = new("m", IrType.I32), _at;
    private Builder _b;
    private int _budget = 40;

    private RandomParallel(int seed)
    {
        _random = new System.Random(seed);
        _b = new Builder(_names);
        _at = new Var("at", IrType.I32.Under([_n]));
    }

    /// <summary><c>F(x: f64[n], y: f64[m], w: f64[n, m], a: f64, at: i32[n]) → f64</c>; at's elements are indices into m.</summary>
    public static FunctionIr Make(int seed) => new RandomParallel(seed).Function();

    public static Value[] Arguments(int seed, int n, int m)
    {
        var random = new System.Random(seed);
        Value Floats(params int[] shape) => Value.Of(Scalar.F64, shape.ToSeq(),
            Enumerable.Range(0, shape.Aggregate(1, (p, e) => p * e)).Select(_ => random.NextDouble() * 3 - 1.5));
        return [Floats(n), Floats(m), Floats(n, m), Floats(), Value.Of(Scalar.I32, [n], Enumerable.Range(0, n).Select(_ => (double)random.Next(Math.Max(1, m))))];
    }

    private bool Chance(double p) => _random.NextDouble() < p;
    private T Pick<T>(params IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    private FunctionIr Function()
    {
        Var x = new("x", IrType.F64.Under([_n])), y = new("y", IrType.F64.Under([_m])), w = new("w", IrType.F64.Under([_n, _m])), a = new("a", IrType.F64);
        var scope = new Scope([a, Const.F64(0.7)], [x, y, w], []);
        for (int k = 0; k < 3 + _random.Next(4); k++) Statement(scope, 0);
        Atom sum = a;
        foreach (var s in scope.Scalars.OfType<Var>()) sum = _b.Compute(OpTable.Add, sum, _b.Compute(OpTable.Sin, s));
        foreach (var array in scope.Arrays)
        {
            var dims = array.Type.Extents.Map(e => new Dim(_names.Fresh("i", IrType.I32), e));
            var inner = _b.Nested();
            var e = inner.Read(array, dims.Map(d => d.Index));
            var term = inner.Compute(OpTable.Mul, inner.Compute(OpTable.Sin, e), Const.F64(Math.Round(_random.NextDouble(), 2)));
            sum = _b.Compute(OpTable.Add, sum, _b.Reduce(ReduceKind.Sum, dims, inner.Block(term)));
        }
        return new FunctionIr("F", [x, y, w, a, _at], _b.Block(sum));
    }

    private Block Inside(Action body, Func<IEnumerable<Atom>> results)
    {
        var outer = _b;
        _b = outer.Nested();
        body();
        var block = _b.Block(results().ToList());
        _b = outer;
        return block;
    }

    private void Statement(Scope s, int depth)
    {
        if (--_budget < 0 || depth > 3 || Chance(0.35))
        {
            s.Scalars.Add(Number(s));
            return;
        }
        switch (_random.Next(10))
        {
            case < 3: Build(s, depth); break;
            case < 6: Reduce(s, depth); break;
            case 6: Scatter(s, depth); break;
            case 7: If(s, depth); break;
            case 8: For(s, depth); break;
            default: While(s, depth); break;
        }
    }

    /// <summary>A new index below n, m, or, triangular, at most an index around.</summary>
    private Dim Dim(Scope s, Scope inner)
    {
        var i = _names.Fresh("i", IrType.I32);
        Atom extent = Chance(0.5) ? _n : _m;
        if (s.Indices.Count > 0 && Chance(0.25))
        {
            var (below, of) = Pick(s.Indices.ToArray());
            inner.Indices.Add((i, of));
            extent = _b.Compute(OpTable.Add, below, Const.I32(1), "e");
        }
        inner.Indices.Add((i, extent));
        return new Dim(i, extent);
    }

    private (Seq<Dim> Dims, Scope Inner) Dims(Scope s, int most)
    {
        var inner = s.Inner();
        return (Enumerable.Range(0, 1 + _random.Next(most)).Select(_ => Dim(s, inner)).ToSeq(), inner);
    }

    private void Body(Scope s, int depth)
    {
        for (int k = _random.Next(3); k >= 0; k--) Statement(s, depth + 1);
    }

    private void Build(Scope s, int depth)
    {
        var (dims, inner) = Dims(s, 2);
        var body = Inside(() => Body(inner, depth), () =>
        {
            var results = new List<Atom> { Number(inner) };
            if (Chance(0.3)) results.Add(Pick(inner.Scalars));
            // An array as the element; its extents must not be the body's own.
            var arrays = inner.Arrays.Where(a => a.Type.Rank == 1 && s.Arrays.Any(o => o.Type.Extents.Contains(a.Type.Extents[0]))).ToArray();
            if (dims.Count == 1 && arrays.Length > 0 && Chance(0.3)) results.Add(Pick(arrays));
            return results;
        });
        foreach (var o in _b.Build(dims, body))
            if (!o.Type.Extents.Any(e => e is Var v && v != _n && v != _m && !v.Name.StartsWith("e.", StringComparison.Ordinal))) s.Arrays.Add(o);
    }

    private void Reduce(Scope s, int depth)
    {
        var (dims, inner) = Dims(s, 2);
        var kind = Pick(ReduceKind.Sum, ReduceKind.Sum, ReduceKind.Sum, ReduceKind.Product, ReduceKind.Max, ReduceKind.Min);
        var body = Inside(() => Body(inner, depth), () => [Number(inner)]);
        var r = _b.Reduce(kind, dims, body);
        // An empty maximum is infinite.
        s.Scalars.Add(kind is ReduceKind.Max or ReduceKind.Min ? _b.Compute(OpTable.Tanh, r) : r);
    }

    private void Scatter(Scope s, int depth)
    {
        var inner = s.Inner();
        var i = _names.Fresh("i", IrType.I32);
        inner.Indices.Add((i, _n));
        bool data = Chance(0.5);
        var body = Inside(() => Body(inner, depth), () =>
        {
            if (data) return [_b.Read(_at, [i]), Number(inner)];
            // Guarded: i - 1 is out of bounds at 0.
            var at = _b.Compute(OpTable.Sub, i, Const.I32(1));
            var value = Number(inner);
            var c = _b.Compute(OpTable.Gt, i, Const.I32(0));
            return [at, _b.If(c, new Block([], [value]), new Block([], [Const.F64(0)]))[0]];
        });
        s.Arrays.Add(_b.Scatter([data ? _m : _n], [new Dim(i, _n)], body));
    }

    private void If(Scope s, int depth)
    {
        var c = Condition(s);
        var arrays = s.Arrays.Where(a => a.Type.Rank == 1).ToArray();
        var array = arrays.Length > 0 && Chance(0.4) ? Pick(arrays) : null;
        Block Side()
        {
            var inner = s.Inner();
            return Inside(() => Body(inner, depth), () => array is null ? [Number(inner)] : [Number(inner), Updated(inner, array)]);
        }
        var outs = _b.If(c, Side(), Side());
        s.Scalars.Add(outs[0]);
        if (array is not null) s.Arrays.Add(outs[1]);
    }

    private void For(Scope s, int depth)
    {
        var (state, inner) = State(s);
        var dim = Dim(s, inner);
        var body = Inside(() => Body(inner, depth), () => Next(inner, state));
        Results(s, _b.For(state, dim, body));
    }

    private void While(Scope s, int depth)
    {
        var (state, inner) = State(s);
        var count = _names.Fresh("k", IrType.I32);
        var condition = Inside(() => { }, () => [_b.Compute(OpTable.And, _b.Compute(OpTable.Lt, count, Const.I32(3)), Condition(inner))]);
        var body = Inside(() => Body(inner, depth), () => [.. Next(inner, state), _b.Compute(OpTable.Add, count, Const.I32(1))]);
        Results(s, _b.While([.. state, new Carry(count, Const.I32(0))], condition, body).Take(state.Length).ToSeq());
    }

    private (Carry[], Scope) State(Scope s)
    {
        var inner = s.Inner();
        var state = new List<Carry> { new(_names.Fresh("s", IrType.F64), Pick(s.Scalars)) };
        inner.Scalars.Add(state[0].Param);
        if (Chance(0.5))
        {
            var array = Pick(s.Arrays);
            state.Add(new Carry(_names.Fresh("h", array.Type), array));
            inner.Arrays.Add(state[1].Param);
        }
        return ([.. state], inner);
    }

    private IEnumerable<Atom> Next(Scope s, Carry[] state)
    {
        var next = new List<Atom> { _b.Compute(OpTable.Tanh, _b.Compute(OpTable.Add, state[0].Param, Number(s))) };
        if (state.Length > 1) next.Add(Updated(s, state[1].Param));
        return next;
    }

    private static void Results(Scope s, Seq<Var> results)
    {
        s.Scalars.Add(results[0]);
        if (results.Count > 1) s.Arrays.Add(results[1]);
    }

    /// <summary>The array, or with one element or slice replaced or added to.</summary>
    private Var Updated(Scope s, Var array)
    {
        if (Index(s, array) is not { } index || Chance(0.2)) return array;
        if (array.Type.Rank == 2 && Chance(0.4))
        {
            var rows = s.Arrays.Where(r => r.Type == new IrType(Scalar.F64, [array.Type.Extents[1]])).ToArray();
            if (rows.Length > 0) return _b.Write(array, [index[0], All.Dimension], Pick(rows));
        }
        var value = Number(s);
        var first = Chance(0.5) ? _b.Write(array, index, value) : _b.Accumulate(array, index, value);
        return Chance(0.3) ? _b.Write(first, Index(s, array) ?? index, Number(s)) : first;
    }

    private Atom Condition(Scope s) => Chance(0.4) && s.Indices.Count > 0
        ? _b.Compute(Pick(OpTable.Lt, OpTable.Ge, OpTable.Eq), Pick(s.Indices.ToArray()).Index, Const.I32(_random.Next(3)))
        : _b.Compute(Pick(OpTable.Lt, OpTable.Gt), Number(s), Const.F64(Math.Round(_random.NextDouble() - 0.5, 2)));

    /// <summary>An index in range, from the indices around; null if none fits.</summary>
    private List<Atom>? Index(Scope s, Var array)
    {
        var index = new List<Atom>();
        foreach (var extent in array.Type.Extents)
        {
            var fit = s.Indices.Where(i => i.Extent.Equals(extent)).ToArray();
            var ats = s.Indices.Where(i => i.Extent.Equals(_n)).ToArray();
            if (extent.Equals(_m) && ats.Length > 0 && Chance(0.2)) index.Add(_b.Read(_at, [Pick(ats).Index]));
            else if (fit.Length == 0) return null;
            else
            {
                Atom i = Pick(fit).Index;
                index.Add(Chance(0.8) ? i : _b.Compute(OpTable.Sub, _b.Compute(OpTable.Sub, extent, Const.I32(1)), i));
            }
        }
        return index;
    }

    private Atom Number(Scope s)
    {
        Atom Leaf()
        {
            var array = Pick(s.Arrays);
            if (Chance(0.75) && Index(s, array) is { } index)
            {
                if (array.Type.Rank == 2 && Chance(0.2)) return _b.Read(_b.Read(array, [index[0], All.Dimension]), [index[1]]);
                return _b.Read(array, index);
            }
            return Pick(s.Scalars);
        }
        Atom e = Leaf();
        for (int k = _random.Next(3); k >= 0; k--)
            e = _random.Next(6) switch
            {
                0 => _b.Compute(OpTable.Sin, e),
                1 => _b.Compute(OpTable.Tanh, e),
                2 => _b.Compute(Pick(OpTable.Max, OpTable.Min), e, Leaf()),
                3 => _b.Compute(OpTable.Add, e, Leaf()),
                _ => _b.Compute(OpTable.Mul, e, Leaf()),
            };
        return Chance(0.5) ? _b.Compute(OpTable.Sin, e) : e;
    }
}
