using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.OneThread;

/// <summary>
/// Host loops whose stages would each be too short to share out run whole in one thread, lanes and all. Takes a flattened function,
/// gives the function with two versions of its loops; the host chooses by the extents.
/// <code>
/// y = loop (y0 = z) for host t&lt;s {..}        small = (f64 n) · 4.0 &lt;= 262144.0
///                                           y = if small { g = build u&lt;1 { y.1 = loop (y0 = z) for thread t&lt;s {..}
///                                                                          yield y.1 }
///                                                          y.2 = g[0, :]
///                                                          yield y.2 }
///                                               else { y.3 = loop (y0 = z) for host t&lt;s {..}
///                                                      yield y.3 }
/// </code>
/// A step of the host (memory, arguments, a call through a pointer) costs as much as some hundred elements.
/// </summary>
public static class OneThread
{
    /// <summary>Operations of one stage: what <c>CpuEngine.For</c> would hand to one thread anyway.</summary>
    private const double Most = 262144;

    /// <summary>A matrix product in the thread is a plain loop, and worth it only if packing is not.</summary>
    private const double MostOfProduct = 4096;

    public static FunctionIr Run(FunctionIr f) => new Versions(f).Run();

    private sealed class Versions(FunctionIr f)
    {
        private readonly Names _names = new(f);
        private readonly Seq<Stmt> _stmts = f.Body.Stmts;
        private readonly Dictionary<Var, List<int>> _uses = [];

        public FunctionIr Run()
        {
            var loops = Enumerable.Range(0, _stmts.Count).Where(k => IsHostLoop(_stmts[k])).ToList();
            if (loops.Count == 0) return f;
            var group = Group(loops[0], loops[^1]);
            if (group is null || Small(group) is not { } sizes) return f;

            var builder = new Builder(_names);
            for (int k = 0; k < group.Max; k++)
                if (!group.Contains(k)) builder.Append(_stmts[k]);
            var outs = Outs(group).ToSeq();
            var body = new Block(group.Select(k => _stmts[k]).ToSeq(), outs.Map(o => (Atom)o));
            builder.Append(new If(outs, Condition(sizes, builder), InThread(body), new Substitution().Copy(body, _names)));
            builder.Append(_stmts.Skip(group.Max + 1));
            return f with { Body = builder.Block(f.Body.Results) };
        }

        private static bool IsHostLoop(Stmt s) => s is For { Place: LoopPlace.Host } || s is While && s.Walk().Any(t => t is Build { Body.Stmts.IsEmpty: false });

        /// <summary>The loops and what is between them, less what the host knows before; with the arrays that only they go on with.</summary>
        private SortedSet<int>? Group(int first, int last)
        {
            for (int k = 0; k < _stmts.Count; k++)
                foreach (var v in _stmts[k].Free()) Use(v, k);
            foreach (var r in f.Body.Results)
                if (r is Var v) Use(v, _stmts.Count);

            var group = new SortedSet<int>();
            var varying = new HashSet<Var>();
            for (int k = first; k <= last; k++)
            {
                if (_stmts[k] is Compute { Out.Type.IsFloat: false, Op.IsTotal: true } c && !c.Free().Any(varying.Contains)) continue;
                group.Add(k);
                varying.UnionWith(_stmts[k].Outs);
            }
            for (int k = first - 1; k >= 0; k--)
                if (_stmts[k] is Write or Accumulate or Build { Body.Stmts.IsEmpty: true } && _stmts[k].Outs.SelectMany(UsesOf).All(group.Contains)) group.Add(k);
            return Outs(group).Any(o => o.Type.Extents.Any(e => e is Var v && varying.Contains(v))) ? null : group;
        }

        private void Use(Var v, int at)
        {
            if (!_uses.TryGetValue(v, out var list)) _uses[v] = list = [];
            list.Add(at);
        }

        private IEnumerable<int> UsesOf(Var v) => _uses.TryGetValue(v, out var at) ? at : [];

        private IEnumerable<Var> Outs(SortedSet<int> group) => group.SelectMany(k => _stmts[k].Outs).Where(o => UsesOf(o).Any(k => !group.Contains(k)));

        /// <summary>The extents of each stage with the operations of an element that it may have; null if the host cannot know.</summary>
        private Dictionary<Seq<Atom>, (double Ops, double Most)>? Small(SortedSet<int> group)
        {
            var inside = new HashSet<Var>(group.SelectMany(k => new Block([_stmts[k]], []).AllBinders()));
            var sizes = new Dictionary<Seq<Atom>, (double Ops, double Most)>();
            foreach (var s in group.SelectMany(k => Stages(_stmts[k])))
            {
                var extents = Nest(s);
                if (extents.Any(e => e is Var v && inside.Contains(v))) return null;
                bool isProduct = s is Build { Dims.Count: > 1 } b && b.Body.Stmts.LastOrDefault() is Reduce { Kind: ReduceKind.Sum };
                double ops = s.Walk().Sum(t => t is Compute c ? Cost(c) : 0) + 1;
                sizes.TryGetValue(extents, out var known);
                sizes[extents] = (Math.Max(ops, known.Ops), isProduct ? MostOfProduct : known.Ops == 0 ? Most : known.Most);
            }
            return sizes;
        }

        private static double Cost(Compute c) => c.Op.CSharp.Contains(".") ? 16 : 1;

        /// <summary>The parallel statements that the host would run one after the other.</summary>
        private static IEnumerable<Stmt> Stages(Stmt s) => s switch
        {
            Build { Body.Stmts.IsEmpty: true } => [],
            Build or Reduce or Scatter => [s],
            For or While or If => s.Blocks.SelectMany(b => b.Stmts).SelectMany(Stages),
            _ => [],
        };

        private static Seq<Atom> Nest(Stmt s)
        {
            Seq<Atom> deepest = [];
            foreach (var inner in s.Blocks.SelectMany(b => b.Stmts))
            {
                var nest = Nest(inner);
                if (nest.Count > deepest.Count) deepest = nest;
            }
            return [.. s.Dims().Select(d => d.Extent).Where(e => e is not Const { AsLong: 1 }), .. deepest];
        }

        private static Atom Condition(Dictionary<Seq<Atom>, (double Ops, double Most)> sizes, Builder b)
        {
            Atom all = Const.Bool(true);
            foreach (var (extents, (ops, most)) in sizes.Select(s => (s.Key, s.Value)))
            {
                if (extents.IsEmpty) continue;
                Atom work = Const.F64(ops);
                foreach (var e in extents) work = b.Compute(OpTable.Mul, work, b.Compute(OpTable.ToF64, e, "n"), "work");
                all = b.Compute(OpTable.And, all, b.Compute(OpTable.Le, work, Const.F64(most), "small"), "small");
            }
            return all;
        }

        private Block InThread(Block body)
        {
            var whole = new Substitution().Copy(body with { Stmts = body.Stmts.Map(Placed) }, _names);
            var b = new Builder(_names);
            var made = b.BuildNamed([new Dim(b.Fresh("u", IrType.I32), Const.I32(1))], whole);
            var views = made.Map(m => (Atom)b.Read(m, [Const.I32(0), .. m.Type.Extents.Skip(1).Select(_ => (Atom)All.Dimension)], m.Name));
            return b.Block(views);
        }

        private static Stmt Placed(Stmt s)
        {
            s = s.Map(v => v, a => a, b => b with { Stmts = b.Stmts.Map(Placed) });
            return s is For loop ? loop with { Place = LoopPlace.Thread } : s;
        }
    }
}
