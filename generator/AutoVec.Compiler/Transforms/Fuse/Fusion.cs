using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.Fuse;

/// <summary>One walk over the blocks of the host: each producer, first to last, goes where it may.</summary>
internal sealed class Fusion
{
    private readonly Names _names;
    private readonly Dependence _definitions;
    private readonly Dictionary<Var, Atom> _extents = [];
    private readonly Ranges _ranges;

    public Fusion(FunctionIr f)
    {
        _names = new Names(f);
        _definitions = new Dependence(f.Body);
        foreach (var d in f.Body.Walk().SelectMany(s => s.Dims())) _extents[d.Index] = d.Extent;
        var sizes = new HashSet<Var>(f.Sizes);
        _ranges = new Ranges(Form, v => _extents.TryGetValue(v, out var n) ? n : null, sizes.Contains);
    }

    public bool Changed { get; private set; }
    public List<string> Notes { get; } = [];

    public Block Block(Block block)
    {
        var stmts = block.Stmts.Map(s => s is For or While or If ? s.Map(v => v, a => a, Block) : s).ToList();
        for (int k = 0; k < stmts.Count; k++)
        {
            if (stmts[k] is For loop && SumThroughLoop.Try(loop, block.Results, stmts, _names) is { } note)
            {
                Notes.Add(note);
                Changed = true;
                k = -1;
                continue;
            }
            if (!Try(stmts, k, block.Results)) continue;
            Changed = true;
            stmts.RemoveAt(k--);
        }
        return new(stmts.ToSeq(), block.Results);
    }

    private bool Try(List<Stmt> stmts, int k, Seq<Atom> results)
    {
        var producer = stmts[k];
        if (producer is not (Build or Scatter) || producer.Outs.Any(o => results.Contains(o))) return false;
        var users = Enumerable.Range(k + 1, stmts.Count - k - 1).Where(u => producer.Outs.Any(stmts[u].Mentions)).ToList();
        if (users.Count == 0) return false;
        var reads = new ReadSites(producer.Outs);
        foreach (int u in users)
            if (!reads.Collect(stmts[u])) return false;

        if (producer is Scatter scatter)
        {
            if (users.Count != 1 || SumOfScatter.Try(scatter, stmts[users[0]], reads) is not { } summed) return false;
            stmts[users[0]] = summed;
            return true;
        }
        var build = (Build)producer;
        if (build.Body.Results.Any(r => r.Type.IsArray) || !reads.AreInside(build.Dims, IsInside)) return false;
        // A view of a window costs no more than an index does.
        bool loads = build.Body.Stmts.All(s => s is Read r && (!r.Out.Type.IsArray || r.Index.HasWindow()));
        bool once = users.Count == 1 && reads.IsOnce;
        // What is summed to one number for the whole batch stays with the row that computes it.
        bool ofTotal = users.Any(u => stmts[u] is Reduce);
        if (loads || once && !ofTotal && IsElementwise(build.Body))
        {
            foreach (int u in users) stmts[u] = new Inliner(build, _names).Apply(stmts[u]);
            return true;
        }
        if (once && !ofTotal && SumOfSum.Try(build, stmts[users[0]], reads, _names) is { } sum)
        {
            stmts[users[0]] = sum;
            return true;
        }
        return false;
    }

    private Affine Form(Atom atom) => Affine.Of(atom, _definitions.Definition);

    /// <summary>By the extents of loops, or because a branch around the read tests just that.</summary>
    private bool IsInside(Atom index, Atom extent, Seq<Atom> conditions)
    {
        if (_ranges.Inside(index, extent)) return true;
        var (at, end) = (Form(index), Form(extent));
        var tests = conditions.SelectMany(Conjuncts).ToList();
        bool isBelow = tests.Any(t => t.Op == OpTable.Lt && Form(t.Args[0]).Equals(at) && Form(t.Args[1]).Equals(end));
        bool isAbove = index is Var v && _extents.ContainsKey(v) || tests.Any(t => t.Op == OpTable.Ge && Form(t.Args[0]).Equals(at) && t.Args[1] is Const { AsLong: 0 });
        return isBelow && isAbove;
    }

    private IEnumerable<Compute> Conjuncts(Atom condition) =>
        condition is not Var v || _definitions.Definition(v) is not Compute c ? []
        : c.Op == OpTable.And ? c.Args.SelectMany(Conjuncts)
        : c.Args[0].Type == IrType.I32 ? [c] : [];

    /// <summary>No arrays inside, and no sum over arrays: those are stages of their own.</summary>
    private static bool IsElementwise(Block body) => body.Walk().All(s =>
        s is not (Build or Scatter or Write or Accumulate) && !s.Outs.Any(o => o.Type.IsArray) && !(s is Reduce r && r.Walk().Any(t => t is Read)));
}
