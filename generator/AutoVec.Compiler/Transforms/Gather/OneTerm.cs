using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.Gather;

/// <summary>
/// A sum of which one term alone is not 0 is that term: what is left of the adjoint of an element that one trip of a loop reads. Takes any function.
/// <code>
/// r = reduce + i&lt;n {                      c = k &gt;= 0 &amp; k &lt; n
///   c = i == k                       ⇒    r = if c { v = x[k]
///   v = x[i]                                         s = 0.0 + v
///   e = select c v 0.0                               yield s } else { yield 0.0 }
///   yield e }
/// </code>
/// Only where no other term can throw. (A sum never is −0.0, hence the 0.0.)
/// </summary>
public static class OneTerm
{
    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(f);
        var body = pass.Rewrite(f.Body);
        return pass.Changed ? f with { Body = body } : f;
    }

    private sealed class Pass(FunctionIr f)
    {
        private readonly Names _names = new(f);
        private readonly Dependence _definitions = new(f.Body);
        private readonly Totality _total = new(f.Body.Stmts, f.Sizes);

        public bool Changed { get; private set; }

        public Block Rewrite(Block block)
        {
            var stmts = new List<Stmt>();
            foreach (var old in block.Stmts)
            {
                var s = old.Blocks.Any() ? old.Map(v => v, a => a, Rewrite) : old;
                if (s is Reduce { Kind: ReduceKind.Sum, Dims: [var dim] } sum && Place(sum, dim) is { } place) stmts.AddRange(Term(sum, dim, place));
                else stmts.Add(s);
            }
            return block with { Stmts = stmts.ToSeq() };
        }

        /// <summary>Where the only term is that is not 0; null if there may be others.</summary>
        private Atom? Place(Reduce sum, Dim dim)
        {
            var condition = sum.Body.Stmts.FirstOrDefault(s => s.Outs is [var o] && o.Equals(sum.Body.Results[0])) switch
            {
                Compute c when c.Op == OpTable.Select && IsZero(c.Args[2]) => c.Args[0],
                If i when IsZero(i.Else.Results[0]) => i.Condition,
                _ => null,
            };
            if (condition is null || !sum.Body.Stmts.All(_total.Holds)) return null;
            var own = new HashSet<Var>(sum.Body.AllBinders()) { dim.Index };
            foreach (var test in Conjuncts(condition))
                for (int side = 0; side < 2; side++)
                    if (test.Args[side].Equals(dim.Index) && !(test.Args[1 - side] is Var v && own.Contains(v))) return test.Args[1 - side];
            return null;
        }

        private IEnumerable<Compute> Conjuncts(Atom condition) =>
            condition is not Var v || _definitions.Definition(v) is not Compute c ? []
            : c.Op == OpTable.And ? c.Args.SelectMany(Conjuncts) : c.Op == OpTable.Eq && c.Args[0].Type == IrType.I32 ? [c] : [];

        private static bool IsZero(Atom a) => a is Const c && c.Is(0);

        private IEnumerable<Stmt> Term(Reduce sum, Dim dim, Atom place)
        {
            Changed = true;
            var test = new Builder(_names);
            var isThere = test.Compute(OpTable.And, test.Compute(OpTable.Ge, place, Const.I32(0), "c"), test.Compute(OpTable.Lt, place, dim.Extent, "c"), "c");
            var at = new Substitution([(dim.Index, place)]).Apply(sum.Body);
            var term = new Builder(_names);
            term.Append(at.Stmts);
            var zero = Const.Of(sum.Out.Type.Scalar, 0);
            var total = term.Compute(OpTable.Add, zero, at.Results[0], sum.Out.Name);
            return [.. test.Stmts, new If([sum.Out], isThere, term.Block(total), new Block([], [zero]))];
        }
    }
}
