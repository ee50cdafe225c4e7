using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.OneThread;

/// <summary>
/// In a stage of one thread, builds over the same extents that follow each other are one loop. (Stages of the host are joined by the
/// planner.) Takes any function, gives the same function; what the two have in common is for Simplify to find.
/// <code>
/// h = build i&lt;n { .. yield e }                    h, c = build i&lt;n { ..
/// c = build j&lt;n { a = h[j]                  ⇒                         g = exp e
///                g = exp a                                          yield e, g }
///                yield g }
/// </code>
/// </summary>
public static class Siblings
{
    public static FunctionIr Run(FunctionIr f) => f with { Body = Host(f.Body) };

    private static Block Host(Block block) => block with
    {
        Stmts = block.Stmts.Map(s => s.Map(v => v, a => a, s is Build { Dims: [{ Extent: Const { AsLong: 1 } }] } ? InThread : s is Build or Reduce or Scatter ? b => b : Host)),
    };

    private static Block InThread(Block block)
    {
        var stmts = new List<Stmt>();
        foreach (var old in block.Stmts)
        {
            var s = old is Build or Reduce or Scatter ? old : old.Map(v => v, a => a, InThread);
            if (s is Build { Body.Stmts.IsEmpty: false } build && Place(stmts, build) is { } at) stmts[at] = Joined((Build)stmts[at], build);
            else stmts.Add(s);
        }
        return new(stmts.ToSeq(), block.Results);
    }

    /// <summary>The build it can join: nothing that it needs is made after that, and what that makes it reads at its own index.</summary>
    private static int? Place(List<Stmt> before, Build build)
    {
        var needs = new HashSet<Var>(build.Free());
        for (int k = before.Count - 1; k >= 0; k--)
        {
            if (before[k] is Build { Body.Stmts.IsEmpty: false } b && b.Dims.Map(d => d.Extent) == build.Dims.Map(d => d.Extent)
                && b.Results.All(r => r.Type.Rank == b.Dims.Count) && build.Results.All(r => r.Type.Rank == build.Dims.Count)
                && ReadsOwn(b, build)) return k;
            if (before[k].Outs.Any(needs.Contains)) return null;
        }
        return null;
    }

    private static bool ReadsOwn(Build first, Build second)
    {
        var made = new HashSet<Var>(first.Outs);
        var own = second.Dims.Map(d => (Atom)d.Index);
        bool Own(Block block) => !block.Results.Any(r => r is Var v && made.Contains(v)) && block.Stmts.All(s =>
            (s is Read r && made.Contains(r.Array) ? r.Index == own : !s.Reads.Any(a => a is Var v && made.Contains(v))) && s.Blocks.All(Own));
        return Own(second.Body);
    }

    private static Build Joined(Build first, Build second)
    {
        var replaced = new Substitution(second.Dims.Zip(first.Dims, (s, f) => (s.Index, (Atom)f.Index)));
        Block Inside(Block block)
        {
            var stmts = new List<Stmt>();
            foreach (var old in block.Stmts)
            {
                var s = old.Map(replaced.Retype, replaced.Apply, Inside);
                int at = s is Read r ? first.Results.ToList().IndexOf(r.Array) : -1;
                if (at >= 0) replaced[s.Outs[0]] = first.Body.Results[at];
                else stmts.Add(s);
            }
            return new(stmts.ToSeq(), block.Results.Map(replaced.Apply));
        }
        var body = Inside(second.Body);
        return new Build([.. first.Results, .. second.Results], first.Dims, new Block([.. first.Body.Stmts, .. body.Stmts], [.. first.Body.Results, .. body.Results]));
    }
}
