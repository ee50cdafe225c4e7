using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// Where lanes may compute <c>a * b + c</c> with one rounding. Not where a product meets a product: <c>x * x - y * y</c> is 0 for equal numbers. Not
/// where a comparison, a rounding or a position hangs on it: what decides has the bits of plain C#. Of what goes into a root or a logarithm only sums:
/// a difference that is 0 must not be a little less.
/// </summary>
/// <remarks>Facts about names, of the function and of the stage that is emitted: an array decides if an element of it does anywhere.</remarks>
internal sealed class Contractible
{
    private readonly Dictionary<Var, List<Atom>> _from = [];
    private readonly List<Atom> _decide = [], _delicate = [];
    private readonly Dictionary<Var, Compute> _computes = [];
    private HashSet<Var>? _decisive, _steep;

    private static readonly HashSet<Op> Steps = [OpTable.Floor, OpTable.Ceiling, OpTable.Round, OpTable.Truncate, OpTable.Rem, OpTable.RoundHalf];

    private static readonly HashSet<Op> Delicate =
    [
        OpTable.Sqrt, OpTable.Log, OpTable.Log2, OpTable.Log10, OpTable.Log1P, OpTable.Pow, OpTable.Asin, OpTable.Acos, OpTable.Acosh, OpTable.Atanh,
    ];

    /// <summary>A block of code; its results are <paramref name="stores"/>, where they have names.</summary>
    public void Add(Block block, Seq<Var> stores)
    {
        Visit(block);
        for (int k = 0; k < stores.Count; k++) Flow(stores[k], block.Results[k]);
        (_decisive, _steep) = (null, null);
    }

    /// <summary>May the sum or difference be taken with the product <paramref name="product"/>, one of its operands?</summary>
    public bool Allows(Compute sum, Var product)
    {
        if (sum.Op != OpTable.Add && sum.Op != OpTable.Sub) return false;
        var other = sum.Args[0].Equals(product) ? sum.Args[1] : sum.Args[0];
        if (other.Equals(product) || IsProduct(other) && !(sum.Op == OpTable.Add && IsSquare(other) && IsSquare(product))) return false;
        _decisive ??= Behind(_decide);
        if (_decisive.Contains(sum.Out)) return false;
        return sum.Op == OpTable.Add || !(_steep ??= Behind(_delicate)).Contains(sum.Out);
    }

    /// <summary>May it be an ulp off? Nothing is decided by it, and it goes into no root or logarithm.</summary>
    public bool IsFree(Var v) => !(_decisive ??= Behind(_decide)).Contains(v) && !(_steep ??= Behind(_delicate)).Contains(v);

    /// <summary>May the product be added to a running sum with one rounding?</summary>
    public bool AllowsInSum(Var sum) => !(_decisive ??= Behind(_decide)).Contains(sum);

    private bool IsProduct(Atom a) => a is Var v && _computes.TryGetValue(v, out var c) && (c.Op == OpTable.Mul || c.Op == OpTable.Neg && IsProduct(c.Args[0]));
    private bool IsSquare(Atom a) => a is Var v && _computes.TryGetValue(v, out var c) && c.Op == OpTable.Mul && c.Args[0].Equals(c.Args[1]);

    private HashSet<Var> Behind(List<Atom> ends)
    {
        var behind = new HashSet<Var>();
        var todo = new Stack<Atom>(ends);
        while (todo.Count > 0)
            if (todo.Pop() is Var v && behind.Add(v) && _from.TryGetValue(v, out var sources))
                foreach (var s in sources) todo.Push(s);
        return behind;
    }

    private void Flow(Var to, params IEnumerable<Atom> from)
    {
        if (!_from.TryGetValue(to, out var known)) _from[to] = known = [];
        known.AddRange(from);
    }

    private void Visit(Block block)
    {
        foreach (var stmt in block.Stmts)
        {
            foreach (var b in stmt.Blocks) Visit(b);
            switch (stmt)
            {
                case Compute c:
                    _computes[c.Out] = c;
                    Flow(c.Out, c.Args);
                    if (!c.Out.Type.IsFloat || Steps.Contains(c.Op)) _decide.AddRange(c.Args);
                    if (Delicate.Contains(c.Op)) _delicate.AddRange(c.Args);
                    break;
                case Read r: Flow(r.Out, r.Array); break;
                case Write w: Flow(w.Out, w.Array, w.Value); break;
                case Accumulate a: Flow(a.Out, a.Array, a.Value); break;
                case Build b: Pairs(b.Results, b.Body.Results); break;
                case Scatter s: Flow(s.Out, s.Body.Results[^1]); break;
                case Reduce r:
                    Flow(r.Out, r.Body.Results);
                    if (r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin) _decide.AddRange(r.Body.Results);
                    break;
                case Sums s: Pairs(s.Results, s.Body.Results); break;
                case GuardedSum s: Flow(s.Out, s.Body.Results); break;
                case For f: Loop(f.State, f.Results, f.Body); break;
                case While w: Loop(w.State, w.Results, w.Body); break;
                case If i:
                    Pairs(i.Results, i.Then.Results);
                    Pairs(i.Results, i.Else.Results);
                    break;
                default:
                    foreach (var o in stmt.Outs) Flow(o, stmt.Reads);
                    break;
            }
        }
    }

    private void Loop(Seq<Carry> state, Seq<Var> results, Block body)
    {
        for (int k = 0; k < state.Count; k++)
        {
            Flow(state[k].Param, state[k].Init, body.Results[k]);
            Flow(results[k], state[k].Init, body.Results[k]);
        }
    }

    private void Pairs(Seq<Var> results, Seq<Atom> values)
    {
        for (int k = 0; k < results.Count; k++) Flow(results[k], values[k]);
    }
}
