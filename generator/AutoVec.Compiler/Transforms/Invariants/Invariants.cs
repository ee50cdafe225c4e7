using AutoVec.Compiler.Emit.Lanes;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.Invariants;

/// <summary>
/// Takes fused code, gives the same in which what is dear and the same along a parallel dimension, though not along all of them, is computed once and
/// read: functions of the parameters that all samples share, and sums of them. (What is the same along all of them, Simplify has moved out already.)
/// <code>
/// r = build b&lt;B, k&lt;n { reduce + j&lt;d {          e = build k&lt;n, j&lt;d { exp s[k, j] }
///   t = exp s[k, j]                       ⇒    r = build b&lt;B, k&lt;n { reduce + j&lt;d {
///   yield x[b, j] · t } }                        yield x[b, j] · e[k, j] } }
/// </code>
/// Only what can neither throw nor lies in a branch: it is computed wherever it is needed at all. The array is made before the host's loops that it does not
/// depend on.
/// </summary>
public static class Invariants
{
    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(f);
        var body = pass.Host(f.Body);
        return pass.Made.Count == 0 ? f : Simplify.Simplify.Run(f with { Body = body, Notes = [.. f.Notes, .. pass.Notes.Distinct()] }, motion: true);
    }

    private sealed class Pass(FunctionIr f)
    {
        private readonly Names _names = new(f);
        private readonly Totality _total = new(f.Body.Stmts, f.Sizes);

        /// <summary>The arrays that are made outside.</summary>
        public HashSet<Stmt> Made { get; } = [];
        public List<string> Notes { get; } = [];

        public Block Host(Block block)
        {
            var stmts = new List<Stmt>();
            foreach (var s in block.Stmts)
            {
                if (s is For or While or If)
                {
                    var inner = s.Map(v => v, a => a, Host);
                    stmts.AddRange(Outside.Of(ref inner, Made.Contains));
                    stmts.Add(inner);
                }
                else if (s is Build or Reduce) stmts.Add(new Element(this, s, stmts).Run());
                else stmts.Add(s);
            }
            return new(stmts.ToSeq(), block.Results);
        }

        /// <summary>One parallel statement of the host.</summary>
        private sealed class Element(Pass pass, Stmt whole, List<Stmt> host)
        {
            /// <summary>What the element binds.</summary>
            private readonly HashSet<Var> _own = [.. whole.Walk().SelectMany(s => s.Inner.Concat(ReferenceEquals(s, whole) ? [] : s.Outs))];

            /// <summary>What can be computed outside ↦ the code that does, and the dims it depends on.</summary>
            private readonly Dictionary<Var, (Seq<Stmt> Code, Seq<Dim> Dims)> _movable = [];

            public Stmt Run() => whole.Map(v => v, a => a, b => Inside(b, whole.Dims()));

            private Block Inside(Block block, Seq<Dim> around)
            {
                foreach (var s in block.Stmts)
                    if (s is Compute or Reduce or Read { Out.Type.IsArray: false } && pass._total.Holds(s)) Learn(s, around);
                var needed = new HashSet<Var>(block.Results.OfType<Var>());
                foreach (var s in block.Stmts)
                    if (!(s is Compute or Reduce && IsDear(s.Outs[0], around))) needed.UnionWith(s.Free());
                return block with
                {
                    Stmts = block.Stmts.Map(s => s switch
                    {
                        Compute or Reduce when needed.Contains(s.Outs[0]) && IsDear(s.Outs[0], around) => Load(s.Outs[0]),
                        Build or Reduce => s.Map(v => v, a => a, b => Inside(b, [.. around, .. s.Dims()])),
                        _ => s,
                    }),
                };
            }

            private void Learn(Stmt s, Seq<Dim> around)
            {
                var (code, dims) = (new List<Stmt>(), new List<Dim>());
                foreach (var v in s.Free())
                {
                    if (!_own.Contains(v)) continue;
                    if (around.FirstOrDefault(d => d.Index.Equals(v)) is { } dim) dims.Add(dim);
                    else if (_movable.TryGetValue(v, out var known))
                    {
                        code.AddRange(known.Code.Where(t => !code.Any(u => ReferenceEquals(t, u))));
                        dims.AddRange(known.Dims);
                    }
                    else return;
                }
                code.Add(s);
                var all = around.Where(dims.Contains).ToSeq();
                if (all.All(d => d.Extent is not Var n || !_own.Contains(n))) _movable[s.Outs[0]] = (code.ToSeq(), all);
            }

            private bool IsDear(Var v, Seq<Dim> around) =>
                v.Type.IsFloat && _movable.TryGetValue(v, out var made) && !made.Dims.IsEmpty && made.Dims.Count < around.Count
                && made.Code.Any(s => s is Reduce || s is Compute c && LaneAnalysis.CostOf(c) >= LaneAnalysis.FunctionCost);

            private Read Load(Var v)
            {
                var (code, dims) = _movable[v];
                var fresh = dims.Map(d => new Dim(pass._names.Fresh(d.Index), d.Extent));
                var copy = new Substitution(dims.Zip(fresh, (d, g) => (d.Index, (Atom)g.Index))).Copy(new Block(code, [v]), pass._names);
                var made = new Build([pass._names.Fresh(v.Name, v.Type.Under(dims.Map(d => d.Extent)))], fresh, copy);
                pass.Made.Add(made);
                host.Add(made);
                pass.Notes.Add($"{v.Base}: computed once for each {string.Join(", ", dims.Select(d => d.Index.Base))}, before");
                return new Read(v, made.Results[0], dims.Map(d => (Atom)d.Index));
            }
        }
    }
}
