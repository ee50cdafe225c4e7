using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Generator.Lowering;

/// <summary>What is known of the size of integers: lengths and counters are not negative, inside a counted loop its bound is at least 1.</summary>
internal sealed partial class MethodLowering
{
    private readonly Dictionary<Var, (long Low, long High)> _intervals = [];

    /// <summary>Extents of the counted loops around: there is an element, so they are at least 1.</summary>
    private readonly HashSet<Var> _positive = [];

    /// <summary>Names that passed the check of a length, by what they are equal to.</summary>
    private readonly Dictionary<(Var Base, int Offset), Var> _lengths = [];

    private (long Low, long High) IntervalOf(Atom a)
    {
        if (a is Const c) return c.Type.IsInteger ? (c.AsLong, c.AsLong) : (long.MinValue, long.MaxValue);
        var v = (Var)a;
        var (low, high) = _intervals.TryGetValue(v, out var known) ? known
            : v.Type == IrType.I32 ? (int.MinValue, int.MaxValue) : (long.MinValue, long.MaxValue);
        // Lengths and indices are below the greatest int.
        if (_notNegative.Contains(v)) (low, high) = (Math.Max(low, 0), Math.Min(high, int.MaxValue - 1));
        if (_positive.Contains(v)) low = Math.Max(low, 1);
        if (_linear.TryGetValue(v, out var sum) && !sum.Base.Equals(v))
        {
            var (l, h) = IntervalOf(sum.Base);
            if (l + sum.Offset >= int.MinValue && h + sum.Offset <= int.MaxValue) (low, high) = (Math.Max(low, l + sum.Offset), Math.Min(high, h + sum.Offset));
        }
        return (low, high);
    }

    private bool IsNotNegative(Atom a) => IntervalOf(a).Low >= 0;

    /// <summary>Remembers the interval of an integer that has just been computed.</summary>
    private void Bounded(Var result, Op op, IReadOnlyList<Atom> args)
    {
        if (!result.Type.IsInteger) return;
        var x = IntervalOf(args[0]);
        var y = args.Count > 1 ? IntervalOf(args[1]) : x;
        if (op == OpTable.Select) (x, y) = (IntervalOf(args[1]), IntervalOf(args[2]));
        if (Result(op, x, y) is not var (low, high)) return;
        var (least, most) = result.Type == IrType.I32 ? (int.MinValue, (long)int.MaxValue) : (long.MinValue + 1, long.MaxValue - 1);
        if (low >= least && high <= most) _intervals[result] = (low, high);
    }

    /// <summary>The interval of the true result, as if nothing wrapped; null: nothing is known.</summary>
    private static (long Low, long High)? Result(Op op, (long Low, long High) x, (long Low, long High) y)
    {
        const long Most = 1L << 62;
        bool Small((long Low, long High) i) => i.Low > -Most && i.High < Most;
        if (op == OpTable.ToI64 || op == OpTable.ToI32 || op == OpTable.Narrow) return x.Low == long.MinValue && x.High == long.MaxValue ? null : x;
        if (op == OpTable.Length) return (Math.Max(x.Low, 0), Math.Min(Math.Max(x.High, 0), int.MaxValue - 1));
        if (op == OpTable.Max) return (Math.Max(x.Low, y.Low), Math.Max(x.High, y.High));
        if (op == OpTable.Min) return (Math.Min(x.Low, y.Low), Math.Min(x.High, y.High));
        if (op == OpTable.Select) return (Math.Min(x.Low, y.Low), Math.Max(x.High, y.High));
        if (op == OpTable.IntAbs) return (0, x.Low < 0 ? long.MaxValue : x.High);
        if (op == OpTable.And && (x.Low >= 0 || y.Low >= 0)) return (0, x.Low >= 0 && y.Low >= 0 ? Math.Min(x.High, y.High) : x.Low >= 0 ? x.High : y.High);
        if (op == OpTable.IntRem && y.Low == y.High && y.Low > 0) return (x.Low < 0 ? Math.Max(x.Low, 1 - y.Low) : 0, Math.Min(Math.Max(x.High, 0), y.Low - 1));
        if (op == OpTable.IntRem && x.Low >= 0) return (0, x.High);
        if (op == OpTable.IntDiv && y.Low > 0) return x.Low >= 0 ? (0, x.High) : (x.Low, Math.Max(x.High, 0));
        if (op == OpTable.Shr && y.Low == y.High && y.Low is >= 0 and < 32) return (x.Low >> (int)y.Low, x.High >> (int)y.Low);
        if (!Small(x) || !Small(y)) return null;
        if (op == OpTable.Add) return (x.Low + y.Low, x.High + y.High);
        if (op == OpTable.Sub) return (x.Low - y.High, x.High - y.Low);
        if (op == OpTable.Mul && Math.Max(Math.Abs(x.Low), Math.Abs(x.High)) <= 1L << 31 && Math.Max(Math.Abs(y.Low), Math.Abs(y.High)) < 1L << 31)
        {
            long[] corners = [x.Low * y.Low, x.Low * y.High, x.High * y.Low, x.High * y.High];
            return (corners.Min(), corners.Max());
        }
        return null;
    }

    /// <summary>
    /// The length of a new array: where it may be negative, checked (C# throws there). Variables that hold the number hold the
    /// checked one from here on, so that a loop over it is a loop over the array.
    /// </summary>
    private Atom Length(Atom n)
    {
        if (n is Const { AsLong: >= 0 and <= int.MaxValue } c) return Const.I32((int)c.AsLong);
        if (n.Type == IrType.I32 && IsNotNegative(n)) return n;
        (Var, int)? key = n is Var v && n.Type == IrType.I32 ? LinearOf(v) : null;
        if (key is { } k && _lengths.TryGetValue(k, out var known) && InScope(known)) return known;
        var length = Append(OpTable.Length, [n], n is Var name ? name.Base : "n");
        _notNegative.Add(length);
        if (key is not { } sum) return length;
        _lengths[sum] = length;
        if (!_linear.ContainsKey(length)) _linear[length] = sum;
        foreach (var slot in _flow.Scalars.Where(s => n.Equals(s.Value)).Select(s => s.Key).ToList()) _flow.Scalars[slot] = length;
        return length;
    }
}
