using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// In the body of one thread, reductions over the same extent that do not need each other are one loop; what they have in common is
/// computed once. Takes the body with arrays indexed whole, for lanes along the thread index (rows have lanes of their own, and lose them in a loop).
/// <code>
/// s = reduce + i&lt;n { a = exp x[i]  yield a }               s, t = loop (s0 = 0, t0 = 0) for i&lt;n { a = exp x[i]
/// t = reduce + j&lt;n { b = exp x[j]             ⇒                                             c = a * a
///                    c = b * b  yield c }                                                    s1 = s0 + a  t1 = t0 + c  yield s1, t1 }
/// </code>
/// </summary>
internal static class JoinedSums
{
    public static Block Run(Block block, Names names)
    {
        var groups = new List<(Stmt Stmt, List<Reduce> Joined)>();
        foreach (var old in block.Stmts)
        {
            var stmt = old.Map(v => v, a => a, b => Run(b, names));
            if (stmt is not Reduce { Dims.Count: 1 } r || r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin) groups.Add((stmt, []));
            else if (Place(groups, r) is { } at) groups[at].Joined.Add(r);
            else groups.Add((r, [r]));
        }
        return new Block(groups.Select(g => g.Joined.Count < 2 ? g.Stmt : Loop(g.Joined, names)).ToSeq(), block.Results);
    }

    /// <summary>The loop it can join: nothing that it needs is made there or after.</summary>
    private static int? Place(List<(Stmt Stmt, List<Reduce> Joined)> before, Reduce r)
    {
        var needs = new HashSet<Var>(r.Free());
        for (int k = before.Count - 1; k >= 0; k--)
        {
            var (stmt, joined) = before[k];
            if (joined.Count == 0 ? stmt.Outs.Any(needs.Contains) : joined.Any(j => needs.Contains(j.Out))) return null;
            if (joined.Count > 0 && joined[0].Dims[0].Extent.Equals(r.Dims[0].Extent)) return k;
        }
        return null;
    }

    private static For Loop(List<Reduce> sums, Names names)
    {
        var dim = sums[0].Dims[0];
        var body = new Builder(names);
        var state = sums.Select(r => new Carry(names.Fresh(r.Out), Interpreter.Unit(r.Kind, r.Out.Type.Scalar))).ToSeq();
        var values = new List<Atom>();
        foreach (var r in sums)
        {
            var inner = new Substitution([(r.Dims[0].Index, dim.Index)]).Apply(r.Body);
            body.Append(inner.Stmts);
            values.Add(inner.Results[0]);
        }
        var next = sums.Select((r, k) => (Atom)body.Compute(Combine(r.Kind), state[k].Param, values[k], r.Out.Base)).ToList();
        return new For(sums.Select(r => r.Out).ToSeq(), state, dim, body.Block(next));
    }

    /// <summary>What a reduction does with its total and an element.</summary>
    public static Op Combine(ReduceKind kind) => kind switch
    {
        ReduceKind.Sum => OpTable.Add,
        ReduceKind.Product => OpTable.Mul,
        ReduceKind.Max => OpTable.Max,
        _ => OpTable.Min,
    };
}
