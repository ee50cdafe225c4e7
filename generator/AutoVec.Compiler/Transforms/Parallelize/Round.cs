using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>One walk over the function that tries each loop with no untried loop inside.</summary>
internal sealed class Round(FunctionIr function, HashSet<Var> decided, Notes notes)
{
    private readonly Surroundings _around = new(function, decided);
    private readonly Substitution _known = new();

    public bool Tried { get; private set; }
    public bool Changed { get; private set; }

    public Block Function() => Block(function.Body, []);

    /// <param name="block">The block to walk.</param>
    /// <param name="loops">The sequential loops around it, innermost last.</param>
    private Block Block(Block block, Seq<Stmt> loops)
    {
        var stmts = new List<Stmt>(block.Stmts.Count);
        foreach (var original in block.Stmts)
        {
            var around = original is For or While ? loops.Add(original) : loops;
            var stmt = original.Map(v => v.Type.IsArray ? new Var(v.Name, _known.Apply(v.Type)) : v, _known.Apply, b => Block(b, around));
            if (stmt is not For loop || _around.IsDecided(loop) || original.Blocks.Any(HasUntried)) stmts.Add(stmt);
            else stmts.AddRange(Try(loop, loops));
        }
        return new(stmts.ToSeq(), block.Results.Map(_known.Apply));
    }

    private bool HasUntried(Block block) => block.Walk().OfType<For>().Any(f => !_around.IsDecided(f));

    private IEnumerable<Stmt> Try(For loop, Seq<Stmt> loops)
    {
        Tried = true;
        var (counted, after) = Inductions.Remove(loop, _around);
        if (!ReferenceEquals(counted, loop)) Changed = true;
        var view = new LoopView(Conditionals.Rewrite(counted, _around), _around);
        var pieces = Match(view, loops, out string why);
        if (pieces is null)
        {
            _around.Decide(loop);
            notes.Add(loop, "stays sequential: " + why);
            return [counted, .. after];
        }
        Changed = true;
        notes.Add(loop, pieces.Count == 0 ? "nothing is left of it"
            : string.Join("; ", pieces.Select(p => $"{Notes.Bases(p.Covers.Map(view.Param))}: {p.Says}")));
        var emitter = new Emitter(view, _around, pieces);
        foreach (var piece in pieces.OrderBy(p => p.Order))
        {
            var values = piece.Emit(emitter);
            for (int k = 0; k < values.Count; k++) _known[view.Result(piece.Covers[k])] = values[k];
        }
        return [.. emitter.Code.Stmts, .. after];
    }

    /// <summary>A pattern for everything the loop carries; null, with the reason, if something fits none.</summary>
    private static List<Piece>? Match(LoopView loop, Seq<Stmt> loops, out string why)
    {
        why = "";
        var pieces = new List<Piece>(Winner.Match(loop));
        var covered = new HashSet<int>(pieces.SelectMany(p => p.Covers));
        for (int k = 0; k < loop.Params.Count; k++)
        {
            if (covered.Contains(k)) continue;
            string? reason = null;
            if (One(loop, k, loops, ref reason) is not { } piece)
            {
                why = reason ?? $"it carries '{loop.Param(k).Base}'";
                return null;
            }
            pieces.Add(piece);
        }
        // Whatever the pieces compute anew must not need the state of an earlier trip.
        var old = new HashSet<Var>(pieces.Where(p => p.ReadsOld is not null).Select(p => loop.Param(p.ReadsOld!.Value)));
        foreach (var (stmts, goals) in pieces.SelectMany(p => p.Slices(loop)))
            foreach (var v in Emitter.Slice(stmts, goals).Free())
                if (loop.Params.Contains(v) && !old.Contains(v))
                {
                    why = $"a trip needs '{v.Base}' as the trip before left it";
                    return null;
                }
        return pieces;
    }

    private static Piece? One(LoopView loop, int k, Seq<Stmt> loops, ref string? why)
    {
        if (!loop.Param(k).Type.IsArray) return (Piece?)Reduction.Match(loop, k) ?? (Piece?)Verdict.Match(loop, k) ?? LastValue.Match(loop, k);
        if (Accumulation.Of(loop, k) is { } sum)
        {
            if (ScatterSum.MatchNested(loop, k, sum) is { } nested) return nested;
            if (FixedPlace.Match(loop, k, sum) is { } place) return place;
            if (ElementWrites.Match(loop, k, !loops.IsEmpty, ref why) is { } own) return own;
            // A fresh array in every trip of a loop around it would cost its whole length each time, unless that loop takes it in.
            if (loops.IsEmpty || Threads(loops, loop.Loop, k)) return ScatterSum.Match(loop, k, sum);
            return null;
        }
        return (Piece?)ElementWrites.Match(loop, k, !loops.IsEmpty, ref why) ?? LastValue.Match(loop, k);
    }

    /// <summary>Do the loops around do nothing with the array but hand it in and out?</summary>
    private static bool Threads(Seq<Stmt> loops, For loop, int k)
    {
        var (init, result) = (loop.State[k].Init, (Atom)loop.Results[k]);
        for (int depth = loops.Count - 1; depth >= 0; depth--)
        {
            if (loops[depth] is not For outer) return false;
            int at = outer.State.ToList().FindIndex(c => c.Param.Equals(init));
            if (at < 0 || !outer.Body.Results[at].Equals(result)) return false;
            var uses = outer.Body.Uses();
            if (uses[outer.State[at].Param] != 1 || uses[(Var)result] != 1) return false;
            (init, result) = (outer.State[at].Init, outer.Results[at]);
        }
        return true;
    }
}
