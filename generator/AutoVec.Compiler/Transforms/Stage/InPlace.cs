using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>
/// Which updates may overwrite their array: those whose old version nobody reads later and which this block owns. Owned is what
/// statements of the block compute, and the state of the loop around (an initial value that is not handed over is copied once, at
/// entry). Parameters, views, and what a branch yields from outside are not.
/// </summary>
internal static class InPlace
{
    public static Seq<Stage> Decide(FunctionIr f, Seq<Stage> stages) => Block(stages, f.Body.Results, [], []);

    private static Seq<Stage> Block(Seq<Stage> stages, Seq<Atom> results, IEnumerable<Var> ownedOutside, IEnumerable<Var> liveAfter)
    {
        var owned = new HashSet<Var>(ownedOutside);
        foreach (var s in stages.SelectMany(Scheduler.Statements))
            if (s is not Read) owned.UnionWith(s.Outs.Where((_, k) => IsFresh(s, k)));

        var live = new HashSet<Var>(liveAfter.Concat(results.OfType<Var>()));
        var decided = new List<Stage>();
        foreach (var stage in stages.Reverse())
        {
            decided.Add(stage switch
            {
                UpdateStage { Statement: Write w } u => u with { InPlace = Free(w.Array) && !w.Value.Equals(w.Array) },
                UpdateStage { Statement: Accumulate a } u => u with { InPlace = Free(a.Array) && !a.Value.Equals(a.Array) },
                LoopStage { Loop: var loop } l => l with
                {
                    Condition = Block(l.Condition, l.Loop.Blocks.First().Results, [], Again(loop).Concat(loop.Inner)),
                    Body = Block(l.Body, l.Loop.Blocks.Last().Results, loop.Inner.Where(v => IsOwnState(loop, v)), Again(loop)),
                },
                IfStage i => i with
                {
                    Then = Block(i.Then, i.If.Then.Results, owned.Where(v => !live.Contains(v)), live),
                    Else = Block(i.Else, i.If.Else.Results, owned.Where(v => !live.Contains(v)), live),
                },
                _ => stage,
            });
            foreach (var s in Scheduler.Statements(stage)) live.UnionWith(s.Free());
        }
        decided.Reverse();
        return decided.ToSeq();

        bool Free(Var v) => owned.Contains(v) && !live.Contains(v);
    }

    /// <summary>What the next trip reads again.</summary>
    private static IEnumerable<Var> Again(Stmt loop) => loop.Blocks.SelectMany(b => b.Free(loop.Inner));

    /// <summary>Does the statement make result k, so that no other name holds the same array?</summary>
    private static bool IsFresh(Stmt s, int k) => s switch
    {
        Read => false,
        If i => IsMade(i.Then, k, []) && IsMade(i.Else, k, []),
        For or While => IsMade(s.Blocks.Last(), k, State(s)),
        _ => true,
    };

    private static bool IsOwnState(Stmt loop, Var v)
    {
        int k = State(loop).IndexOf(v);
        return k >= 0 && IsMade(loop.Blocks.Last(), k, State(loop));
    }

    private static List<Var> State(Stmt loop) => loop is For f ? f.State.Select(c => c.Param).ToList() : ((While)loop).State.Select(c => c.Param).ToList();

    /// <summary>Is what the block yields made in it, or its own state, and yielded once?</summary>
    private static bool IsMade(Block block, int k, List<Var> state)
    {
        if (block.Results[k] is not Var v || block.Results.Count(r => r.Equals(v)) > 1) return false;
        if (state.Contains(v)) return true;
        var maker = block.Stmts.FirstOrDefault(s => s.Outs.Contains(v));
        return maker is not null && Enumerable.Range(0, maker.Outs.Count).Any(n => maker.Outs[n].Equals(v) && IsFresh(maker, n));
    }
}
