using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.OneHot;

/// <summary>
/// Takes fused code, gives the same in which a sum over samples (or a loop's trips), each of which contributes to one row, adds to that row: what the adjoint of
/// <c>c[winner]</c> is, summed over all samples that have a winner each. <see cref="Masks"/> finds more of them.
/// <code>
/// g = build i&lt;n, j&lt;d { reduce + b&lt;B { if i == w[b] { e } else { 0 } } }
///   ⇒
/// p = build p&lt;parts { z = build i&lt;n, j&lt;d { 0 }
///                     loop (s = z) for b in part p { if 0 &lt;= w[b] &lt; n { s at [w[b], :] += build j&lt;d { e } } else { s } } }
/// g = build i&lt;n, j&lt;d { reduce + p&lt;parts { p[p, i, j] } }
/// </code>
/// The terms of each element are added in the order of the samples, part by part; how many parts there are hangs on the extents alone.
/// </summary>
public static class OneHot
{
    /// <summary>So few rows are as soon added as chosen.</summary>
    private const int Least = 4;
    private const int MostParts = 32;

    /// <summary>Each part makes an array of its own: it should be this much less than what is added to it.</summary>
    private const int Worth = 8;

    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(f);
        var body = pass.Host(f.Body);
        return pass.Notes.Count == 0 ? f : Simplify.Simplify.Run(f with { Body = body, Notes = [.. f.Notes, .. pass.Notes.Distinct()] }, motion: true);
    }

    private sealed class Pass(FunctionIr f)
    {
        private readonly Names _names = new(f);
        private readonly Dependence _definitions = new(f.Body);
        private readonly Totality _total = new(f.Body.Stmts, f.Sizes);

        public List<string> Notes { get; } = [];

        public Block Host(Block block) => block with
        {
            Stmts = block.Stmts.SelectMany(s => s is For or While or If ? [s.Map(v => v, a => a, Host)] : s is Build b ? Added(b) ?? (Masks.Run(b, _definitions, _total, _names) is { } masked ? Added(masked) : null) ?? [s] : [s]).ToSeq(),
        };

        private IEnumerable<Stmt>? Added(Build b) => Choice(b) is { } choice ? Rows(b, choice) : null;

        /// <summary>The test <c>i == w</c>: which dimension it chooses in, and the branch whose first side runs where it holds.</summary>
        private sealed record Chosen(Compute Test, int Dimension, Var Row, If Branch);

        private Chosen? Choice(Build b)
        {
            if (b.Results.Count != 1 || b.Body.Stmts.Count != 1 || b.Body.Stmts[0] is not Reduce { Kind: ReduceKind.Sum, Dims.Count: 1, Out.Type.IsFloat: true } sum) return null;
            if (!b.Body.Results[0].Equals(sum.Out)) return null;
            var own = b.Dims.Map(d => d.Index).ToList();
            var (visible, terms) = (new HashSet<Var>(sum.Body.Stmts.SelectMany(s => s.Outs)), new Dependence(sum.Body));
            var inside = new HashSet<Var>(sum.Body.AllBinders());
            for (var at = sum.Body; ;)
            {
                if (at.Stmts.FirstOrDefault(s => s.Outs.Contains<Atom>(at.Results[0])) is not If { Results.Count: 1 } branch || branch.Else.Results[0] is not Const zero || !zero.Is(0)) return null;
                // It runs once for a sample now, and not at all for one without a row.
                if (!at.Stmts.All(s => ReferenceEquals(s, branch) || _total.Holds(s))) return null;
                foreach (var test in Conjuncts(branch.Condition, terms))
                {
                    for (int d = 0; d < own.Count; d++)
                    {
                        int side = test.Args.ToList().FindIndex(a => a.Equals(own[d]));
                        if (side < 0 || test.Args[1 - side] is not Var w || w.Type != IrType.I32 || terms.On(w, own) || inside.Contains(w) && !visible.Contains(w)) continue;
                        if (b.Dims[d].Extent is Const { AsLong: < Least } || IsElsewhere(sum.Body, own[d], test, branch)) continue;
                        return new(test, d, w, branch);
                    }
                }
                at = branch.Then;
            }
        }

        private IEnumerable<Compute> Conjuncts(Atom condition, Dependence terms) =>
            condition is not Var v || (terms.Definition(v) ?? _definitions.Definition(v)) is not Compute c ? []
            : c.Op == OpTable.And ? c.Args.SelectMany(a => Conjuncts(a, terms)) : c.Op == OpTable.Eq && c.Args[0].Type == IrType.I32 ? [c] : [];

        /// <summary>Is the chosen index read by anything but the test, and what runs where it holds?</summary>
        private static bool IsElsewhere(Block block, Var index, Compute test, If branch) =>
            block.Results.Contains<Atom>(index) || block.Stmts.Any(s => !ReferenceEquals(s, test) && (s.Reads.Contains<Atom>(index)
                || s.Blocks.Any(b => !(ReferenceEquals(s, branch) && ReferenceEquals(b, branch.Then)) && IsElsewhere(b, index, test, branch))));

        private IEnumerable<Stmt> Rows(Build b, Chosen choice)
        {
            var sum = (Reduce)b.Body.Stmts[0];
            var (n, rows) = (sum.Dims[0].Extent, b.Dims[choice.Dimension].Extent);
            Notes.Add($"{b.Results[0].Base}: each {sum.Dims[0].Index.Base} adds to the row '{choice.Row.Base}' alone");

            var host = new Builder(_names);
            var few = host.Compute(OpTable.Min, host.Compute(OpTable.Max, rows, Const.I32(1), "rows"), Const.I32(int.MaxValue / Worth), "rows");
            var many = host.Compute(OpTable.IntDiv, n, host.Compute(OpTable.Mul, few, Const.I32(Worth), "rows"), "parts");
            var parts = host.Compute(OpTable.Max, host.Compute(OpTable.Min, many, Const.I32(MostParts), "parts"), Const.I32(1), "parts");
            var size = host.Compute(OpTable.Add, host.Compute(OpTable.IntDiv, host.Compute(OpTable.Sub, n, Const.I32(1), "last"), parts, "size"), Const.I32(1), "size");

            var part = new Dim(_names.Fresh("part", IrType.I32), parts);
            var inside = new Builder(_names);
            // The form that Ranges know: start + i is below n.
            var start = inside.Compute(OpTable.Max, inside.Compute(OpTable.Mul, part.Index, size, "start"), Const.I32(0), "start");
            var trips = inside.Compute(OpTable.Min, size, inside.Compute(OpTable.Sub, n, start, "rest"), "trips");
            var whole = new IrType(sum.Out.Type.Scalar, b.Dims.Map(d => d.Extent));
            var zeros = (Var)inside.Zeros(whole, b.Results[0].Name);
            var (state, i) = (_names.Fresh(b.Results[0].Name, whole), _names.Fresh(sum.Dims[0].Index));
            var trip = new Builder(_names);
            var at = trip.Compute(OpTable.Add, start, i, sum.Dims[0].Index.Name);
            var (isRow, code, row) = Term(b, sum, choice, at);
            trip.Append(code.Stmts);
            var add = new Builder(_names);
            add.Append(row.Stmts);
            var added = add.Accumulate(state, b.Dims.Select((_, d) => d == choice.Dimension ? code.Results[0] : All.Dimension), row.Results[0]);
            var next = trip.If(isRow, add.Block(added), new Block([], [state]), b.Results[0].Name)[0];
            var all = inside.For([new Carry(state, zeros)], new Dim(i, trips), trip.Block(next), place: LoopPlace.Thread)[0];
            var partial = host.Build([part], inside.Block(all), b.Results[0].Name)[0];

            var p = new Dim(_names.Fresh("p", IrType.I32), parts);
            var dims = b.Dims.Map(d => new Dim(_names.Fresh(d.Index), d.Extent));
            var load = new Builder(_names);
            var one = load.Read(partial, [p.Index, .. dims.Map(d => d.Index)]);
            var total = new Builder(_names);
            var result = total.Reduce(ReduceKind.Sum, [p], load.Block(one), b.Results[0].Name);
            host.Append(new Build(b.Results, dims, total.Block(result)));
            return host.Stmts;
        }

        /// <summary>For one sample: whether it has a row, which one, and the row of what it adds.</summary>
        private (Atom IsRow, Block Code, Block Row) Term(Build b, Reduce sum, Chosen choice, Atom sample)
        {
            // Where the test held, the index was in range.
            Block Tested(Block block) => block with
            {
                Stmts = block.Stmts.SelectMany<Stmt, Stmt>(s =>
                {
                    if (ReferenceEquals(s, choice.Test)) return InRange(choice.Row, b.Dims[choice.Dimension].Extent, choice.Test.Out);
                    return [ReferenceEquals(s, choice.Branch) ? choice.Branch with { Then = new Substitution([(b.Dims[choice.Dimension].Index, choice.Row)]).Apply(choice.Branch.Then) }
                        : s.Map(v => v, a => a, Tested)];
                }).ToSeq(),
            };
            var term = Tested(sum.Body);
            var others = b.Dims.Where((_, d) => d != choice.Dimension).ToSeq();

            // Everything once for the row's index, and once for its elements; Simplify finds what is the same.
            var first = new Substitution([(sum.Dims[0].Index, sample)]).Copy(Simplify.DeadCode.Remove(term with { Results = [choice.Row] }, out _), _names);
            var code = new Builder(_names);
            code.Append(first.Stmts);
            var isRow = _names.Fresh("isRow", IrType.Bool);
            code.Append(InRange(first.Results[0], b.Dims[choice.Dimension].Extent, isRow));

            var fresh = others.Map(d => new Dim(_names.Fresh(d.Index), d.Extent));
            var element = new Substitution([(sum.Dims[0].Index, sample), .. others.Zip(fresh, (d, g) => (d.Index, (Atom)g.Index))]).Copy(term, _names);
            var row = new Builder(_names);
            Atom value;
            if (fresh.IsEmpty)
            {
                row.Append(element.Stmts);
                value = element.Results[0];
            }
            else value = row.Build(fresh, element, "row")[0];
            return (isRow, code.Block(first.Results[0]), row.Block(value));
        }

        private IEnumerable<Stmt> InRange(Atom row, Atom rows, Var result)
        {
            var test = new Builder(_names);
            var (low, high) = (test.Compute(OpTable.Ge, row, Const.I32(0), "c"), test.Compute(OpTable.Lt, row, rows, "c"));
            return [.. test.Stmts, new Compute(result, OpTable.And, [low, high])];
        }
    }
}
