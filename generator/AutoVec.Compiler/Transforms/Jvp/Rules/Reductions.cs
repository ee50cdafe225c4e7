using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Jvp;

/// <summary>Reductions. A reduce gives one scalar, so the tangent is a reduction of its own.</summary>
internal sealed partial class Forward
{
    /// <summary>
    /// The sum of the tangents. That of a product of two elements is two sums, of one product each: a contraction stays one, and as
    /// many elements are read as before.
    /// </summary>
    private void RunSum(Reduce s, Builder b)
    {
        b.Append(s);
        var (dims, inner, results) = Again(s.Dims, s.Body, b);
        if (Dot(results[0]) is not { } dot) return;
        Var? sum = null;
        foreach (var term in Terms(inner, dot))
        {
            var map = new Substitution();
            var part = b.Reduce(ReduceKind.Sum, Renamed(dims, map), map.Copy(Needed(inner, term), names), DotName(s.Out));
            sum = sum is null ? part : b.Compute(OpTable.Add, sum, part, DotName(s.Out));
        }
        Set(s.Out, sum!);
    }

    private static Seq<Atom> Terms(Builder code, Atom sum)
    {
        Stmt? Of(Atom a) => code.Stmts.FirstOrDefault(s => s.Outs.Any(o => o.Equals(a)));
        bool IsElement(Atom a) => Of(a) is null or Read;
        return Of(sum) is Compute { Op: var add } c && add == OpTable.Add
            && c.Args.All(a => Of(a) is Compute { Op: var mul } m && mul == OpTable.Mul && m.Args.All(IsElement)) ? c.Args : [sum];
    }

    /// <summary>The winner's tangent: a sum over a mask, whatever the tangents of the losers are. 0 where there is no element.</summary>
    private void RunWinner(Reduce s, Builder b)
    {
        b.Append(s);
        var (dims, inner, results) = Again(s.Dims, s.Body, b);
        if (Dot(results[0]) is not { } dot) return;
        var map = new Substitution();
        var winner = b.Reduce(s.Kind == ReduceKind.Max ? ReduceKind.ArgMax : ReduceKind.ArgMin, Renamed(s.Dims, map), map.Copy(s.Body, names), "winner");
        var won = inner.Compute(OpTable.Eq, Position(inner, dims), winner, "won");
        var only = inner.Compute(OpTable.Select, won, dot, Const.Nothing(s.Out.Type.Scalar), DotName(s.Out));
        Set(s.Out, b.Reduce(ReduceKind.Sum, dims, Needed(inner, only), DotName(s.Out)));
    }

    /// <summary>The position in lexicographic order, as argmax counts.</summary>
    private static Atom Position(Builder b, Seq<Dim> dims)
    {
        Atom position = dims[0].Index;
        for (int k = 1; k < dims.Count; k++)
            position = b.Compute(OpTable.Add, b.Compute(OpTable.Mul, position, dims[k].Extent, "at"), dims[k].Index, "at");
        return position;
    }

    /// <summary>
    /// The product rule, factor by factor: ṗ' = ṗ·e + p·ė. In order, hence right at zeros, also for derivatives of this.
    /// </summary>
    private void RunProduct(Reduce s, Builder b)
    {
        b.Append(s);
        var (dims, inner, results) = Again(s.Dims, s.Body, b);
        if (Dot(results[0]) is not { } dot) return;
        Set(s.Out, Product(0, Const.Of(s.Out.Type.Scalar, 1), Zero(s.Out.Type), b)[1]);

        Seq<Var> Product(int depth, Atom product, Atom tangent, Builder at)
        {
            var (p, pDot) = (names.Fresh(s.Out), FreshDot(s.Out));
            var body = at.Nested();
            Seq<Atom> next;
            if (depth + 1 < dims.Count)
            {
                var nested = Product(depth + 1, p, pDot, body);
                next = [nested[0], nested[1]];
            }
            else
            {
                body.Append(inner.Stmts);
                var term = body.Compute(OpTable.Add, body.Compute(OpTable.Mul, pDot, results[0], pDot.Name), body.Compute(OpTable.Mul, p, dot, pDot.Name), pDot.Name);
                next = [body.Compute(OpTable.Mul, p, results[0], p.Name), term];
            }
            return at.For([new Carry(p, product), new Carry(pDot, tangent)], dims[depth], body.Block(next));
        }
    }
}
