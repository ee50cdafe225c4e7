using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.OneHot;

/// <summary>
/// Takes a sum whose terms have a factor that is nothing in all rows but one, as the adjoint of the least of a row has; gives the sum with the branch that says so.
/// <code>
/// m = build b&lt;B, i&lt;n { w = k[b]                       g = build i&lt;n { reduce + b&lt;B { w = k[b]
///                       c = i == w                                                c = i == w
///                       select c v nothing }    ⇒                                 if c { v · x[b] } else { 0 } } }
/// g = build i&lt;n { reduce + b&lt;B { m[b, i] · x[b] } }
/// </code>
/// What does not win contributes nothing: not even NaN, where the factor meets an infinity. (A 0 that the program wrote does: see <see cref="Const.Nothing"/>.)
/// </summary>
internal static class Masks
{
    /// <summary>Null where no term is known to be 0.</summary>
    public static Build? Run(Build b, Dependence definitions, Totality total, Names names)
    {
        if (b.Body.Stmts is not [Reduce { Kind: ReduceKind.Sum } sum] || !sum.Body.Stmts.All(total.Holds)) return null;
        foreach (var r in sum.Body.Stmts.OfType<Read>())
        {
            if (definitions.Definition(r.Array) is not Build { Results.Count: 1 } mask || mask.Dims.Count != r.Index.Count || !mask.Body.Stmts.All(total.Holds)) continue;
            if (mask.Body.Stmts.LastOrDefault() is not Compute { Op: var op, Args: [Var, _, Const zero] } choice || op != OpTable.Select || !zero.IsNothing || !mask.Body.Results[0].Equals(choice.Out)) continue;
            if (!IsZero(sum.Body, r.Out)) continue;

            var here = new Substitution(mask.Dims.Zip(r.Index, (d, i) => (d.Index, i)));
            var code = here.Copy(mask.Body with { Stmts = [.. mask.Body.Stmts.Take(mask.Body.Stmts.Count - 1)], Results = choice.Args }, names);
            var term = new Substitution([(r.Out, code.Results[1])]).Apply(sum.Body with { Stmts = sum.Body.Stmts.Where(s => !ReferenceEquals(s, r)).ToSeq() });
            var result = names.Fresh(sum.Out.Name, sum.Out.Type);
            var branch = new If([result], code.Results[0], term, new Block([], [Const.Of(result.Type.Scalar, 0)]));
            return b with { Body = b.Body with { Stmts = [sum with { Body = new Block([.. code.Stmts, branch], [result]) }] } };
        }
        return null;
    }

    /// <summary>Is the block's result 0 where the factor is, as long as all else is finite?</summary>
    private static bool IsZero(Block block, Var factor)
    {
        var zeros = new HashSet<Var> { factor };
        bool Zero(Atom a) => a is Var v ? zeros.Contains(v) : a is Const c && c.Is(0);
        foreach (var s in block.Stmts)
        {
            if (s is not Compute { Out.Type.IsFloat: true } c) continue;
            bool isZero = c.Op == OpTable.Mul ? c.Args.Any(Zero) : c.Op == OpTable.Div ? Zero(c.Args[0])
                : c.Op == OpTable.Neg || c.Op == OpTable.Add || c.Op == OpTable.Sub ? c.Args.All(Zero) : c.Op == OpTable.Select && c.Args.Skip(1).All(Zero);
            if (isZero) zeros.Add(c.Out);
        }
        return block.Results[0] is Var result && zeros.Contains(result);
    }
}
