using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Recall;

/// <summary>
/// The winner's own value, which <c>Parallelize</c> has computed for the winner again (a derivative goes through it), is an element of the array in which the winner was
/// looked for. Takes fused code after all derivatives; gives the same with that element read: it is there already, and the rows of the winners, another in each lane, need not be gathered.
/// <code>
/// r = build b, k&lt;n { reduce + j { (x[b, j] - c[k, j])² } }
/// m = build b { reduce min k&lt;n { r[b, k] } }      w = build b { reduce argmin k&lt;n { r[b, k] } }
/// v = build b { won = m[b] &lt; inf                         v = build b { won = m[b] &lt; inf
///   if won { reduce + j { (x[b, j] - c[w[b], j])² } }  ⇒    if won { r[b, w[b]] }
/// </code>
/// Where something has won there is a row w, so nothing is read that would not have been.
/// </summary>
public static class Recall
{
    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(f);
        var body = pass.Host(f.Body);
        return pass.Changed ? Simplify.Simplify.Run(f with { Body = body }, motion: true) : f;
    }

    private sealed class Pass(FunctionIr f)
    {
        private readonly Dependence _definitions = new(f.Body);
        private readonly Names _names = new(f);

        public bool Changed { get; private set; }

        public Block Host(Block block)
        {
            var stmts = new List<Stmt>();
            var rows = new List<Build>();
            foreach (var s in block.Stmts)
            {
                stmts.Add(s is For or While or If ? s.Map(v => v, a => a, Host)
                    : s is Build b && rows.Count > 0 ? b with { Body = Element(b.Body, b.Dims[0], rows, null) } : s);
                if (s is Build { Results.Count: 1, Dims.Count: > 1, Body.Stmts: [Reduce { Kind: ReduceKind.Sum }] } row && row.Body.Results[0].Equals(row.Body.Stmts[0].Outs[0])) rows.Add(row);
            }
            return block with { Stmts = stmts.ToSeq() };
        }

        private Block Element(Block block, Dim lead, List<Build> rows, Atom? condition) => block with
        {
            Stmts = block.Stmts.SelectMany(s => s switch
            {
                Reduce r when condition is not null && rows.Select(row => Read(r, row, lead, condition)).FirstOrDefault(read => read is not null) is { } known => known,
                If i => [i with { Then = Element(i.Then, lead, rows, i.Condition), Else = Element(i.Else, lead, rows, null) }],
                _ => [s],
            }).ToSeq(),
        };

        /// <summary>The sum as an element of the rows, at the leading index and winners.</summary>
        private Seq<Stmt>? Read(Reduce sum, Build row, Dim lead, Atom condition)
        {
            if (Match.Of((Reduce)row.Body.Stmts[0], sum, row.Dims) is not { } index) return null;
            if (!index[0].Equals(lead.Index) || !row.Dims[0].Extent.Equals(lead.Extent)) return null;
            for (int d = 1; d < index.Count; d++)
                if (!IsWinner(index[d], row.Dims[d].Extent, condition)) return null;
            Changed = true;
            return [new Read(sum.Out, row.Results[0], index)];
        }

        /// <summary>Is it the place of the best among so many, and does the condition say that there was one?</summary>
        private bool IsWinner(Atom index, Atom extent, Atom condition)
        {
            if (Origin(index) is not Reduce { Kind: ReduceKind.ArgMax or ReduceKind.ArgMin, Dims: [var trips] } || !trips.Extent.Equals(extent)) return false;
            return Origin(condition) is Compute test && (test.Op == OpTable.Lt || test.Op == OpTable.Gt)
                && Origin(test.Args[0]) is Reduce { Dims: [var all] } best && all.Extent.Equals(extent) && best.Kind == (test.Op == OpTable.Lt ? ReduceKind.Min : ReduceKind.Max);
        }

        /// <summary>What computes it, in another build too.</summary>
        private Stmt? Origin(Atom atom)
        {
            while (atom is Var v && _definitions.Definition(v) is { } stmt)
            {
                if (stmt is not Read read || _definitions.Definition(read.Array) is not Build made || made.Dims.Count != read.Index.Count) return stmt;
                atom = made.Body.Results[made.Results.ToList().IndexOf(read.Array)];
            }
            return null;
        }
    }
}
