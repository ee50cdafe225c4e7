using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Transforms.Invariants;

/// <summary>
/// Rows of sums over a matrix that all samples share have no neighbours but along each sum, whose lanes must then be added up. Takes fused code; gives the
/// same, with a transposed copy of the matrix beside it, where the sums are short: then the sums are neighbours of each other.
/// <code>
/// r = build b&lt;B, k&lt;n { reduce + j&lt;d { (x[b, j] - c[k, j])² } }
///   ⇒
/// t = build j&lt;d, k&lt;n { c[k, j] }                          short = d &lt;= 96 &amp; n &gt;= 4
/// r = build b&lt;B { if short { build k&lt;n { reduce + j&lt;d { (x[b, j] - t[j, k])² } } } else { build k&lt;n { … c[k, j] … } } }
/// </code>
/// The last pass: whoever simplifies reads through a copy. Products of two matrices are contractions, and stay. Long sums stay too: one after the other they hide no latency, and adding up their lanes costs little.
/// </summary>
public static class Layout
{
    /// <summary>Sums of more terms have lanes along themselves.</summary>
    private const int Short = 96;

    /// <summary>So few rows fill no lanes.</summary>
    private const int Least = 4;

    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(f);
        var body = pass.Host(f.Body);
        return pass.Made.Count == 0 ? f : f with { Body = body, Notes = [.. f.Notes, .. pass.Notes.Distinct()] };
    }

    private sealed class Pass(FunctionIr f)
    {
        private readonly Names _names = new(f);
        private readonly Contractions _contractions = new(f);
        private readonly HashSet<Var> _host = [.. f.Params];

        /// <summary>Arrays of the outermost block, whose copies end up there too, and these copies.</summary>
        private readonly HashSet<Var> _outermost = [.. f.Params.Concat(f.Body.Stmts.SelectMany(s => s.Outs))];
        private readonly Dictionary<Var, Var> _copies = [];

        public HashSet<Stmt> Made { get; } = [];
        public List<string> Notes { get; } = [];

        public Block Host(Block block)
        {
            var stmts = new List<Stmt>();
            foreach (var s in block.Stmts)
            {
                _host.UnionWith(s.Inner.Where(_ => s is For or While));
                if (s is For or While or If)
                {
                    var inner = s.Map(v => v, a => a, Host);
                    stmts.AddRange(Outside.Of(ref inner, Made.Contains));
                    stmts.Add(inner);
                }
                else stmts.Add(s is Build b ? Rows(b, stmts) ?? b : s);
                _host.UnionWith(s.Outs);
            }
            return new(stmts.ToSeq(), block.Results);
        }

        private Build? Rows(Build b, List<Stmt> host)
        {
            if (b.Dims.Count < 2 || b.Results.Count != 1 || b.Body.Results[0].Type.IsArray || b.Dims[^1].Extent is Const { AsLong: < Least }) return null;
            var row = b.Dims[^1];
            var sums = b.Body.Stmts.OfType<Reduce>().ToList();
            if (sums.Count == 0 || sums.Any(s => s.Dims.Count != 1 || s.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin || s.Dims[0].Extent is Const { AsLong: > Short })) return null;
            if (b.Body.Walk().Any(s => s is not (Compute or Read or Reduce)) || _contractions.Of(b) is not null) return null;
            var turned = new List<Read>();
            var scalars = new Dependence(new Block(b.Body.Walk().Where(s => s is not Reduce).ToSeq(), []));
            foreach (var r in b.Body.Walk().OfType<Read>())
            {
                int at = r.Index.ToList().IndexOf(row.Index);
                bool isAffine = r.Index.Any(i => !i.Equals(row.Index) && scalars.On(i, [row.Index, .. sums.Select(s => s.Out)]));
                if (r.Out.Type.IsArray || isAffine) return null;
                if (at < 0 || at == r.Index.Count - 1) continue;
                var sum = sums.FirstOrDefault(s => s.Body.Stmts.Contains(r))?.Dims[0];
                bool whole = sum is not null && _host.Contains(r.Array) && r.Index.Count == 2 && at == 0 && r.Index[1].Equals(sum.Index)
                    && r.Array.Type.Extents[0].Equals(row.Extent) && r.Array.Type.Extents[1].Equals(sum.Extent);
                if (!whole) return null;
                turned.Add(r);
            }
            if (turned.Count == 0) return null;

            var extents = sums.Where(s => s.Body.Stmts.OfType<Read>().Any(turned.Contains)).Select(s => s.Dims[0].Extent).Distinct().ToList();
            if (extents.Count != 1) return null;
            var copies = turned.Select(r => r.Array).Distinct().ToDictionary(a => a, a => Turned(a, host));
            Notes.Add($"{b.Results[0].Base}: rows of short sums, over {string.Join(", ", copies.Keys.Select(a => $"'{a.Base}'"))} transposed");

            Block Neighbours(Block block) => block with
            {
                Stmts = block.Stmts.Map(s => s is Read r && turned.Contains(r) ? r with { Array = copies[r.Array], Index = [r.Index[1], r.Index[0]] } : s.Map(v => v, a => a, Neighbours)),
            };
            Seq<Dim> outer = [.. b.Dims.Take(b.Dims.Count - 1)];
            Block OneRow(Block body)
            {
                var one = new Builder(_names);
                var index = _names.Fresh(row.Index);
                var copy = new Substitution([(row.Index, index)]).Copy(body, _names);
                return one.Block(one.Build([new Dim(index, row.Extent)], copy, b.Results[0].Name)[0]);
            }
            if (extents[0] is Const) return b with { Body = Neighbours(b.Body) };
            var condition = new Builder(_names);
            var isShort = condition.Compute(OpTable.Le, extents[0], Const.I32(Short), "short");
            if (row.Extent is not Const) isShort = condition.Compute(OpTable.And, isShort, condition.Compute(OpTable.Ge, row.Extent, Const.I32(Least), "enough"), "short");
            host.AddRange(condition.Stmts);
            Made.UnionWith(condition.Stmts);
            var rows = new Builder(_names);
            var result = rows.If(isShort, OneRow(Neighbours(b.Body)), OneRow(b.Body), b.Results[0].Name)[0];
            return new Build(b.Results, outer, new Block(rows.Stmts.Select(s => s is If i ? i with { IsForSpeed = true } : s).ToSeq(), [result]));
        }

        private Var Turned(Var array, List<Stmt> host)
        {
            if (_copies.TryGetValue(array, out var known)) return known;
            var copy = new Builder(_names);
            var made = (Var)copy.Build([array.Type.Extents[1], array.Type.Extents[0]], (e, at) => e.Read(array, [at[1], at[0]]), array.Name);
            host.AddRange(copy.Stmts);
            Made.UnionWith(copy.Stmts);
            if (_outermost.Contains(array)) _copies[array] = made;
            return made;
        }
    }
}
