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
            if (s is not Read) owned.UnionWith(s.Outs.Where((_, k) => s is not If i || Fresh(i.Then, k) && Fresh(i.Else, k)));

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
                    Body = Block(l.Body, l.Loop.Blocks.Last().Results, loop.Inner, Again(loop)),
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

    private static bool Fresh(Block branch, int k) => branch.Results[k] is Var v && branch.Stmts.Any(s => s is not (Read or If) && s.Outs.Contains(v));
}
