using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;
using AutoVec.Compiler.Transforms.Simplify;

namespace AutoVec.Compiler.Transforms.ColumnSums;

/// <summary>
/// Takes fused code, gives the same in which sums down the columns of many samples, as the derivatives by what all samples share are, walk over a part of the samples at
/// a time, which stays in cache, all sums over the same samples together, and with lanes along whichever dimension fills them better.
/// <code>
/// g = build k&lt;n, j&lt;d { reduce + b&lt;B { r[b, k] · x[b, j] · m[k, j] } }
/// h = build k&lt;n, j&lt;d { reduce + b&lt;B { r[b, k] } }
///   ⇒
/// if B &gt;= 512 {
///   s, t = build part&lt;parts { if n &gt; d { turned, .. = build j&lt;d, k&lt;n { v = m[k, j]
///                                                                 loop (p = 0, q = 0) for i &lt; trips { b = start + i ... yield p + r[b, k] · x[b, j] · v, q + r[b, k] } }
///                                        build k&lt;n, j&lt;d { turned[j, k] } .. }
///                             else { the same as build k&lt;n, j&lt;d } }
///   g = build k&lt;n, j&lt;d { reduce + p&lt;parts { s[p, k, j] } }      h = ..
/// } else { as it was }
/// </code>
/// Derivatives only: the terms of each element are added part by part. How many parts there are hangs on the extents alone. Products of matrices are contractions, and stay; so does a single sum of rows as they lie.
/// </summary>
public static class ColumnSums
{
    /// <summary>Fewer samples are one walk, with the columns side by side in the threads.</summary>
    private const int Many = 512;

    /// <summary>A part has at least this many samples, against which its own array is little.</summary>
    private const int Part = 128;
    private const int MostParts = 32;

    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(f);
        var body = pass.Host(f.Body);
        return pass.Changed ? Simplify.Simplify.Run(f with { Body = body }, motion: true) : f;
    }

    /// <summary>A build of sums down columns, and the sum in it.</summary>
    private sealed record Columns(Build Build, Reduce Sum);

    private sealed class Pass(FunctionIr f)
    {
        private readonly Names _names = new(f);
        private readonly Totality _total = new(f.Body.Stmts, f.Sizes);
        private readonly Stage.Contractions _contractions = new(f);
        private readonly HashSet<Var> _values = Scales.Scales.Values(f);

        public bool Changed { get; private set; }

        public Block Host(Block block)
        {
            var (groups, open) = (new Dictionary<Stmt, List<Columns>>(), new List<List<Columns>>());
            foreach (var s in block.Stmts)
            {
                var columns = s is Build b ? Of(b) : null;
                open.RemoveAll(g => g.Any(c => s.Mentions(c.Build.Results[0])));
                if (columns is null) continue;
                var group = open.FirstOrDefault(g => AreAlike(g[0], columns));
                if (group is null) open.Add(group = []);
                group.Add(columns);
                groups[s] = group;
            }
            return block with
            {
                Stmts = block.Stmts.SelectMany(s => groups.TryGetValue(s, out var group) && Gains(group) ? ReferenceEquals(group[^1].Build, s) ? InParts(group) : []
                    : [s is For or While or If ? s.Map(v => v, a => a, Host) : s]).ToSeq(),
            };
        }

        /// <summary>Not a single sum of what lies in the order of its elements: that is one walk along the rows as it is.</summary>
        private static bool Gains(List<Columns> group) =>
            group.Count > 1 || group[0].Sum.Body.Stmts.OfType<Read>().Any(r => group[0].Build.Dims.Any(d => !r.Index.Contains(d.Index)));

        private static bool AreAlike(Columns a, Columns b) =>
            a.Build.Dims.Map(d => d.Extent) == b.Build.Dims.Map(d => d.Extent) && a.Sum.Dims[0].Extent.Equals(b.Sum.Dims[0].Extent);

        private Columns? Of(Build b)
        {
            if (b.Results.Count != 1 || b.Dims.Count > 2 || b.Body.Stmts.OfType<Reduce>().ToList() is not [{ Kind: ReduceKind.Sum, Dims.Count: 1, Out.Type.IsFloat: true } sum] || _values.Contains(sum.Out)) return null;
            if (sum.Dims[0].Extent is not Var || b.Dims.Any(d => d.Extent is Const) || b.Body.Walk().Any(s => s is not (Compute or Read { Out.Type.IsArray: false } or Reduce))) return null;
            if (!b.Body.Stmts.All(_total.Holds) || _contractions.Of(b) is not null) return null;
            var (at, own) = (sum.Dims[0].Index, b.Dims.Map(d => d.Index));
            var loads = sum.Body.Stmts.OfType<Read>().Where(r => r.Index.Contains(at)).ToList();
            bool areColumns = loads.Count > 0 && loads.All(r => r.Index[0].Equals(at) && r.Index.Skip(1).All(i => i is Var v && own.Contains(v)));
            return areColumns && own.All(i => loads.Any(r => r.Index.Contains(i))) ? new(b, sum) : null;
        }

        private IEnumerable<Stmt> InParts(List<Columns> group)
        {
            Changed = true;
            var (n, dims) = ((Var)group[0].Sum.Dims[0].Extent, group[0].Build.Dims);
            var host = new Builder(_names);
            var isMany = host.Compute(OpTable.Ge, n, Const.I32(Many), "many");

            var wide = host.Nested();
            var parts = wide.Compute(OpTable.Min, wide.Compute(OpTable.IntDiv, n, Const.I32(Part), "parts"), Const.I32(MostParts), "parts");
            var size = wide.Compute(OpTable.Add, wide.Compute(OpTable.IntDiv, wide.Compute(OpTable.Sub, n, Const.I32(1), "last"), parts, "size"), Const.I32(1), "size");
            var part = new Dim(_names.Fresh("part", IrType.I32), parts);
            var inside = wide.Nested();
            // The form that Ranges know: start + i is below n.
            var start = inside.Compute(OpTable.Max, inside.Compute(OpTable.Mul, part.Index, size, "start"), Const.I32(0), "start");
            var trips = inside.Compute(OpTable.Min, size, inside.Compute(OpTable.Sub, n, start, "rest"), "trips");
            Seq<Var> sums;
            if (dims.Count == 1) sums = Sums(inside, group, start, trips, turned: false);
            else
            {
                var (turned, straight) = (inside.Nested(), inside.Nested());
                var columns = Sums(turned, group, start, trips, turned: true);
                var back = columns.Map(t => turned.Build(dims.Map(d => d.Extent), (e, at) => e.Read(t, at.Reverse()), t.Name));
                sums = inside.If(inside.Compute(OpTable.Gt, dims[0].Extent, dims[1].Extent, "turn"), turned.Block(back), straight.Block(Sums(straight, group, start, trips, turned: false).Map(v => (Atom)v)), "sum");
            }
            var partial = wide.Build([part], inside.Block(sums.Map(v => (Atom)v)), "sums");
            var results = group.Select((c, k) => Total(wide, c, partial[k], parts));
            var then = wide.Block(results.ToSeq());

            var asItWas = group.Select(c => (Build)new Substitution().Copy(new Block([c.Build], []), _names).Stmts[0]).ToList();
            host.Append(new If(group.Select(c => c.Build.Results[0]).ToSeq(), isMany, then, new Block(asItWas.ToSeq<Stmt>(), asItWas.Select(b => (Atom)b.Results[0]).ToSeq())));
            return host.Stmts;
        }

        /// <summary>All sums of the group over the samples from <paramref name="start"/> on, an array each.</summary>
        private Seq<Var> Sums(Builder to, List<Columns> group, Atom start, Atom trips, bool turned)
        {
            var dims = group[0].Build.Dims.Map(d => new Dim(_names.Fresh(d.Index), d.Extent));
            var (element, totals) = (to.Nested(), new List<Var>());
            var stmts = new List<Stmt>();
            foreach (var c in group)
            {
                var here = new Substitution(c.Build.Dims.Zip(dims, (old, d) => (old.Index, (Atom)d.Index)));
                var code = here.Copy(DeadCode.Remove(c.Build.Body with { Results = [c.Sum.Out] }, out _), _names);
                foreach (var s in code.Stmts)
                {
                    if (s is Reduce sum) stmts.AddRange(Part(sum));
                    else stmts.Add(s);
                }
                totals.Add((Var)code.Results[0]);
            }
            var joined = JoinedSums.Run(Twins.Remove(new Block(stmts.ToSeq(), totals.Select(t => (Atom)t).ToSeq())), _names);
            return to.Build(turned ? dims.Reverse() : dims, joined, "sums");

            // The sum over one part; what is the same for all its samples stands before it.
            IEnumerable<Stmt> Part(Reduce sum)
            {
                var (inner, at) = (new Builder(_names), new Dim(_names.Fresh(sum.Dims[0].Index), trips));
                var sample = inner.Compute(OpTable.Add, start, at.Index, sum.Dims[0].Index.Name);
                var varies = new HashSet<Var> { sum.Dims[0].Index };
                foreach (var s in sum.Body.Stmts)
                {
                    if (!s.Free().Any(varies.Contains)) yield return s;
                    else
                    {
                        varies.UnionWith(s.Outs);
                        inner.Append(s);
                    }
                }
                yield return sum with { Dims = [at], Body = new Substitution([(sum.Dims[0].Index, sample)]).Apply(inner.Block(sum.Body.Results[0])) };
            }
        }

        /// <summary>The build that was, over the sums of all parts.</summary>
        private Atom Total(Builder to, Columns c, Var partial, Atom parts)
        {
            var copy = (Build)new Substitution().Copy(new Block([c.Build], []), _names).Stmts[0];
            var p = new Dim(_names.Fresh("p", IrType.I32), parts);
            var load = to.Nested();
            var one = load.Read(partial, [p.Index, .. copy.Dims.Map(d => d.Index)]);
            var sum = copy.Body.Stmts.OfType<Reduce>().Single();
            var body = copy.Body with { Stmts = copy.Body.Stmts.Map(s => ReferenceEquals(s, sum) ? sum with { Dims = [p], Body = load.Block(one) } : s) };
            to.Append(copy with { Body = DeadCode.Remove(body, out _) });
            return copy.Results[0];
        }
    }
}
