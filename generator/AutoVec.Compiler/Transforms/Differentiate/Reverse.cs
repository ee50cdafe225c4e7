using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>The two sweeps. The rules are in <c>Rules</c>, one file a construct; the bookkeeping of adjoints in <c>Reverse.Adjoints.cs</c>.</summary>
/// <param name="rules">The callees, where functions with rules of their own and these are.</param>
/// <param name="logBytes">The most that the undo logs of one loop may keep.</param>
internal sealed partial class Reverse(Activity activity, Names names, Seq<FunctionIr> rules, long logBytes)
{
    public List<string> Notes { get; } = [];

    /// <summary>Appends the block's statements and, where their adjoints need more than their results, what gives it.</summary>
    public List<Step> Forward(Block block, Builder b)
    {
        var polynomials = Polynomials.Of(block, activity);
        FindExponents(block);
        return block.Stmts.Select(s =>
        {
            var step = Forward(s, b);
            return polynomials.TryGetValue(s.Outs[0], out var p) ? Forwards(p, b) : step;
        }).ToList();
    }

    private Step Forward(Stmt stmt, Builder b)
    {
        bool active = stmt.Outs.Any(activity.IsActive);
        switch (stmt)
        {
            case While w when active: return Directions(w) is { } few ? Forwards(w, few, b) : Tape(w, b);
            case For f when active: return Tape(f, b);
            case Reduce { Kind: ReduceKind.Max or ReduceKind.Min } r when active: return ForwardWinner(r, b);
            case Reduce { Kind: ReduceKind.Product } r when active: return ForwardProduct(r, b);
            default:
                b.Append(stmt);
                return new Step(stmt);
        }
    }

    /// <summary>Appends the adjoints of the statements, last first.</summary>
    public void Backward(IReadOnlyList<Step> steps, Region region)
    {
        for (int k = steps.Count - 1; k >= 0; k--)
        {
            var main = region.Builder;
            // The sides are run again in the adjoint of the branch, and read the array as it came in.
            if (steps[k] is UndoneStep undone)
            {
                var undo = main.Nested();
                var before = undone.Log.Undone(undo, undone.If.Results[undone.Log.Result], undone.Values, i => i);
                main.Append(undo.Stmts.Select(region.Now.Apply));
                region.Now[undone.Log.Array] = before;
            }
            int sites = region.Sites.Count;
            region.Builder = main.Nested();
            var bars = steps[k].Stmt.Outs.Map(o => region.Bars.TryGetValue(o, out var bar) ? bar : null);
            if (bars.Any(b => b is not null)) Rule(steps[k], region, bars);
            // Code re-run for earlier statements sees the array as it was before this update.
            if (steps[k] is LoggedStep logged)
                region.Pending.Add((logged.Array, region.Builder.Write(logged.Stmt.Outs[0], logged.Index, logged.Old, logged.Array.Name)));

            main.Append(region.Builder.Stmts.Select(region.Now.Apply));
            for (int s = sites; s < region.Sites.Count; s++)
                region.Sites[s] = region.Sites[s] with { Code = region.Sites[s].Code.Map(region.Now.Apply) };
            region.Builder = main;
            foreach (var (name, now) in region.Pending) region.Now[name] = now;
            region.Pending.Clear();
        }
    }

    private void Rule(Step step, Region region, Seq<Atom?> bars)
    {
        switch (step)
        {
            case LoopStep loop: BackLoop(loop, region, bars); return;
            case SlopeStep slopes: BackSlopes(slopes, region, bars); return;
            case WinnerStep winner: BackWinner(winner, region, bars[0]!); return;
            case ProductStep product: BackProduct(product, region, bars[0]!); return;
        }
        switch (step.Stmt)
        {
            case Compute c: BackCompute(c, region, bars[0]!); break;
            case Read r: AddAt(region, r.Array, r.Index, bars[0]!); break;
            case Write w: BackWrite(w, region, (Var)bars[0]!); break;
            case Accumulate a: BackAccumulate(a, region, (Var)bars[0]!); break;
            case Build b: BackBuild(b, region, bars); break;
            case Reduce { Kind: ReduceKind.Sum } r: BackSum(r, region, bars[0]!); break;
            case Scatter s: BackScatter(s, region, (Var)bars[0]!); break;
            case If i: BackBranch(i, region, bars); break;
            case Call c: BackCall(c, region, bars); break;
            default: throw new UnsupportedDerivativeException($"{step.Stmt.GetType().Name} has no derivative: {Printer.Print(step.Stmt)}");
        }
    }

    // ---- small things

    private Var Fresh(Var like) => names.Fresh(like);

    private static string BarName(Var name) => name.Base + "_bar";

    /// <summary>All entries of an index after the given ones are whole dimensions.</summary>
    private static Seq<Atom> Leading(IrType array, params IEnumerable<Atom> first)
    {
        Seq<Atom> given = first.ToSeq();
        return [.. given, .. Enumerable.Repeat<Atom>(All.Dimension, array.Rank - given.Count)];
    }

    private static Atom Zero(IrType type) => Const.Of(type.Scalar, 0);

    /// <summary>The code that the results need, of a block.</summary>
    private static Block Needed(IEnumerable<Stmt> code, IEnumerable<Atom> results) =>
        Simplify.DeadCode.Remove(new Block(code.ToSeq(), results.ToSeq()), out _);

    private static Atom And(Builder b, IEnumerable<Atom> conditions) => conditions.Aggregate((a, c) => b.Compute(OpTable.And, a, c, "c"));
}
