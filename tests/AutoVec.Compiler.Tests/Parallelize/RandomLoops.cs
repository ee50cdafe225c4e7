using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Tests.Parallelize;

/// <summary>
/// Random loops that nearly fit the patterns: indices that are off by one or outside, state that is read once too often, running
/// maxima with payloads, counters, flags, writes in branches. Unlike RandomProgram they may throw.
/// </summary>
internal sealed class RandomLoops
{
    private readonly Random _random;
    private readonly Names _names = new();
    private readonly Var _n = new("n", IrType.I32), _m = new("m", IrType.I32);
    private readonly Var _x, _y, _w, _at, _k, _p;
    private readonly List<Atom> _indices = [];
    private Builder _b;

    private RandomLoops(int seed)
    {
        _random = new Random(seed);
        _b = new Builder(_names);
        _x = new Var("x", IrType.F64.Under([_n]));
        _y = new Var("y", IrType.F64.Under([_n]));
        _w = new Var("w", IrType.F64.Under([_n, _m]));
        _at = new Var("at", IrType.I32.Under([_n]));
        _k = new Var("k", IrType.I32);
        _p = new Var("p", IrType.Bool);
    }

    public static FunctionIr Make(int seed)
    {
        var maker = new RandomLoops(seed);
        Atom[] state =
        [
            maker.Pick(Const.F64(0), Const.F64(1), Const.F64(-0.0)), maker.Pick(Const.F64(double.NegativeInfinity), Const.F64(0.5), Const.F64(double.NaN)),
            maker._k, Const.I32(-1), Const.Bool(false), maker._y, maker._w,
        ];
        state = maker.Loop(state, 0);
        if (maker.Chance(0.3)) state = maker.Loop(state, 0);
        var kept = state.Where((_, k) => maker.Chance(0.6) || k == 5).ToSeq();
        return new FunctionIr("F", [maker._x, maker._y, maker._w, maker._at, maker._k, maker._p], maker._b.Block([.. kept]));
    }

    /// <summary>Arguments with NaN, infinities and both zeros among them.</summary>
    public static Value[] Arguments(FunctionIr f, int seed)
    {
        var random = new Random(seed);
        int n = random.Next(5), m = random.Next(3) == 0 ? n : random.Next(4);
        double[] special = [double.NaN, 0.0, -0.0, double.NegativeInfinity, 1, 1];
        double number() => random.Next(8) == 0 ? special[random.Next(special.Length)] : Math.Round(random.NextDouble() * 4 - 2, 1);
        IEnumerable<double> numbers(int count) => Enumerable.Range(0, count).Select(_ => number());
        int low = random.Next(4) == 0 ? -1 : 0;
        return
        [
            Value.Of(Scalar.F64, [n], numbers(n)), Value.Of(Scalar.F64, [n], numbers(n)), Value.Of(Scalar.F64, [n, m], numbers(n * m)),
            Value.Of(Scalar.I32, [n], Enumerable.Range(0, n).Select(_ => (double)random.Next(low, n + (low < 0 ? 1 : 0)))),
            Value.Of(random.Next(-1, 4)), Value.Of(random.Next(2) == 0),
        ];
    }

    private bool Chance(double p) => _random.NextDouble() < p;
    private T Pick<T>(params T[] of) => of[_random.Next(of.Length)];

    private Atom[] Loop(Atom[] state, int depth)
    {
        // Some of the state is carried; the rest may be read.
        bool[] carried = [.. state.Select(_ => Chance(depth == 0 ? 0.5 : 0.35))];
        var carries = state.Where((_, k) => carried[k]).Select(a => new Carry(_names.Fresh("c", a.Type), a)).ToList();
        Atom extent = _random.Next(6) switch
        {
            0 => _b.Compute(OpTable.Sub, _n, Const.I32(1)),
            1 => _b.Compute(OpTable.Sub, _n, Const.I32(2)),
            2 => _m,
            3 => Const.I32(_random.Next(3)),
            _ => _n,
        };
        var i = _names.Fresh("i", IrType.I32);
        var (outer, inner) = (_b, state.ToArray());
        int next = 0;
        for (int k = 0; k < state.Length; k++)
            if (carried[k]) inner[k] = carries[next++].Param;
        _b = outer.Nested();
        _indices.Add(i);
        int steps = 1 + _random.Next(3);
        for (int s = 0; s < steps; s++) inner = Step(inner, carried, depth);
        _indices.RemoveAt(_indices.Count - 1);
        var body = _b.Block(inner.Where((_, k) => carried[k]));
        _b = outer;
        if (carries.Count == 0) return state;
        var outs = _b.For(carries, new Dim(i, extent), body);
        var result = state.ToArray();
        next = 0;
        for (int k = 0; k < state.Length; k++)
            if (carried[k]) result[k] = outs[next++];
        return result;
    }

    /// <summary>One statement: an inner loop, a branch, or an update. Only what is carried changes.</summary>
    private Atom[] Step(Atom[] state, bool[] carried, int depth)
    {
        if (depth < 2 && Chance(0.3)) return Merge(state, Loop(state, depth + 1), carried);
        if (Chance(0.3))
        {
            var c = Condition(state);
            var outer = _b;
            Atom[][] sides = new Atom[2][];
            var blocks = new Block[2];
            for (int side = 0; side < 2; side++)
            {
                _b = outer.Nested();
                sides[side] = side == 1 && Chance(0.6) ? state : Update(state, carried);
                blocks[side] = _b.Block(sides[side].Where((_, k) => carried[k]));
            }
            _b = outer;
            if (!carried.Contains(true)) return state;
            var outs = _b.If(c, blocks[0], blocks[1]);
            int next = 0;
            return [.. state.Select((a, k) => carried[k] ? outs[next++] : a)];
        }
        return Update(state, carried);
    }

    private static Atom[] Merge(Atom[] before, Atom[] after, bool[] carried) => [.. before.Select((a, k) => carried[k] ? after[k] : a)];

    private Atom[] Update(Atom[] state, bool[] carried)
    {
        var now = state.ToArray();
        for (int k = 0; k < state.Length; k++)
            if (carried[k] && Chance(0.6)) now = Merge(now, Changed(now, k), carried);
        return now;
    }

    private Atom[] Changed(Atom[] state, int k)
    {
        var now = state.ToArray();
        switch (k)
        {
            case 0 when Chance(0.15): now[0] = Float(state); break;
            case 0: now[0] = _b.Compute(Pick(OpTable.Add, OpTable.Add, OpTable.Sub, OpTable.Max, OpTable.Min, OpTable.Mul), state[0], Float(state)); break;
            case 1:
                // best, and what goes with it
                var e = Float(state);
                var c = Chance(0.5) ? _b.Compute(Pick(OpTable.Gt, OpTable.Lt), e, state[1]) : _b.Compute(Pick(OpTable.Gt, OpTable.Lt, OpTable.Ge), state[1], e);
                now[1] = _b.Compute(OpTable.Select, c, e, state[1]);
                now[3] = _b.Compute(OpTable.Select, c, Index(state), state[3]);
                break;
            case 2: now[2] = _b.Compute(Pick(OpTable.Add, OpTable.Add, OpTable.Sub), state[2], Pick<Atom>(Const.I32(1), Const.I32(2), _k, Index(state))); break;
            case 3: now[3] = Index(state); break;
            case 4: now[4] = _b.Compute(Pick(OpTable.Or, OpTable.And), state[4], Condition(state)); break;
            default:
                var array = (Var)state[k];
                var at = Indices(state, array);
                if (k == 6 && Chance(0.2))
                {
                    at[_random.Next(2)] = All.Dimension;
                    var read = _b.Read(Pick(_w, array), at);
                    now[k] = _b.Write(array, at, read);
                    break;
                }
                Atom value = Float(state);
                if (Chance(0.5)) value = _b.Compute(Pick(OpTable.Add, OpTable.Sub, OpTable.Max), _b.Read(array, at), value);
                now[k] = _b.Write(array, at, value);
                break;
        }
        return now;
    }

    private List<Atom> Indices(Atom[] state, Var array) => [.. array.Type.Extents.Select(_ => Index(state))];

    private Atom Index(Atom[] state)
    {
        var i = _indices[_random.Next(_indices.Count)];
        return _random.Next(14) switch
        {
            0 => Const.I32(0),
            1 => _b.Compute(OpTable.Add, i, Const.I32(1)),
            2 => _b.Compute(OpTable.Sub, _b.Compute(OpTable.Sub, _n, Const.I32(1)), i),
            3 => _b.Read(_at, [i]),
            4 => state[2],
            5 => _k,
            6 => _b.Compute(OpTable.IntRem, _b.Compute(OpTable.Add, i, Const.I32(1)), _n),
            _ => i,
        };
    }

    private Atom Condition(Atom[] state) => _random.Next(4) switch
    {
        0 => _p,
        1 => _b.Compute(OpTable.Lt, Index(state), Const.I32(2)),
        2 => _b.Compute(OpTable.Gt, Float(state), Const.F64(0)),
        _ => _b.Compute(OpTable.Gt, _b.Read(_x, [_indices[^1]]), Const.F64(0)),
    };

    private Atom Float(Atom[] state)
    {
        switch (_random.Next(12))
        {
            case 0: return state[0];
            case 1: return Const.F64(0.5);
            case 2: return _b.Compute(OpTable.Mul, Float(state), Float(state));
            case 3: return _b.Compute(OpTable.Add, Float(state), Float(state));
            case 4: return _b.Read((Var)state[5], [Index(state)]);
            case 5:
                var w = (Var)state[6];
                return _b.Read(w, Indices(state, w));
            case 6: return _b.Read(_w, [_indices[0], _indices[^1]]);
            default: return _b.Read(Pick(_x, _y), [Index(state)]);
        }
    }
}
