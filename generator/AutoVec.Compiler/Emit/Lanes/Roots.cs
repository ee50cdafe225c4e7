using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// Roots that only divide. Lanes multiply by 1/√x instead (<c>VMath.ReciprocalSqrt</c>): a division and a root take as long as forty products.
/// </summary>
/// <remarks>
/// <code>
/// r = sqrt x    q = m / r    h = 2 * r    p = q / h            r is VMath.ReciprocalSqrt(x), q is m * r, h is 0.5 * r, p is q * h
/// </code>
/// Not where something is decided by a quotient, or where it goes into a root or an arc cosine: there x / √(x²) must not be more than 1.
/// </remarks>
internal sealed class Roots(Contractible contractible)
{
    private readonly HashSet<Var> _other = [], _roots = [];

    /// <summary>Names that are products of a root, or the negative of one, with what they are made of.</summary>
    private readonly Dictionary<Var, Var> _multiples = [];
    private readonly Dictionary<Var, HashSet<Var>> _quotients = [];

    /// <summary>The greatest power of two by which a root can be multiplied without leaving the format.</summary>
    private const double MostFactor = 4294967296;

    public void Add(Block block, Seq<Var> stores)
    {
        foreach (var stmt in block.Stmts)
        {
            foreach (var inner in stmt.Blocks) Add(inner, []);
            if (stmt is Compute c && Visit(c)) continue;
            _other.UnionWith(stmt.Reads.OfType<Var>());
        }
        _other.UnionWith(block.Results.OfType<Var>());
        _other.UnionWith(stores);
    }

    /// <summary>The root's reciprocal is all that is asked for.</summary>
    public bool IsInverse(Var v) => IsOfRoot(v) && OnlyDivides(v, []);

    /// <summary>What is left to do with a root's reciprocal, where this is a multiple of a root: the factor 1/k of k·√x.</summary>
    public static Const? Factor(Compute c) => c.Op != OpTable.Mul ? null
        : c.Args[0] is Const a && IsExact(a) ? Const.F32((float)(1 / a.AsDouble)) : c.Args[1] is Const b && IsExact(b) ? Const.F32((float)(1 / b.AsDouble)) : null;

    private static bool IsExact(Const c) => c.Scalar == Scalar.F32 && Math.Abs(c.AsDouble) is >= 1 / MostFactor and <= MostFactor and var size && Math.Log(size, 2) % 1 == 0;

    private bool Visit(Compute c)
    {
        if (c.Op == OpTable.Sqrt && c.Out.Type == IrType.F32)
        {
            _roots.Add(c.Out);
            return false;
        }
        if (c.Op == OpTable.Div && c.Args[1] is Var divisor)
        {
            if (!_quotients.TryGetValue(divisor, out var all)) _quotients[divisor] = all = [];
            all.Add(c.Out);
            if (c.Args[0] is Var dividend) _other.Add(dividend);
            return true;
        }
        if (c.Op == OpTable.Neg && c.Args[0] is Var negated) return Of(c.Out, negated);
        return Factor(c) is not null && c.Args.OfType<Var>().FirstOrDefault() is { } root && Of(c.Out, root);
    }

    private bool Of(Var multiple, Var root)
    {
        _multiples[multiple] = root;
        return true;
    }

    private bool IsOfRoot(Var v) => _roots.Contains(v) || _multiples.TryGetValue(v, out var root) && IsOfRoot(root);

    /// <summary>Neither it nor what it is a multiple of, nor any multiple of that, is used but to divide.</summary>
    private bool OnlyDivides(Var v, HashSet<Var> seen) => !seen.Add(v)
        || !_other.Contains(v)
        && (!_quotients.TryGetValue(v, out var quotients) || quotients.All(contractible.IsFree))
        && (!_multiples.TryGetValue(v, out var root) || OnlyDivides(root, seen))
        && _multiples.Where(m => m.Value.Equals(v)).All(m => OnlyDivides(m.Key, seen));
}
