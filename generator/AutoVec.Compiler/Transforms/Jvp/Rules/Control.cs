using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Jvp;

/// <summary>Branches yield tangents beside values, loops carry them beside their state. The branch not taken contributes nothing.</summary>
internal sealed partial class Forward
{
    private void RunIf(If s, Builder b)
    {
        Builder then = b.Nested(), otherwise = b.Nested();
        Run(s.Then, then);
        Run(s.Else, otherwise);
        var active = Enumerable.Range(0, s.Results.Count)
            .Where(k => Dot(s.Then.Results[k]) is not null || Dot(s.Else.Results[k]) is not null).ToSeq();
        var outs = active.Map(k => FreshDot(s.Results[k]));
        Block Side(Block block, Builder side)
        {
            var dots = active.Map(k => DotOrZero(block.Results[k], side));
            return side.Block([.. block.Results, .. dots]);
        }
        b.Append(new If([.. s.Results, .. outs], s.Condition, Side(s.Then, then), Side(s.Else, otherwise)));
        Set(active.Map(k => s.Results[k]), outs);
    }

    private void RunFor(For s, Builder b)
    {
        var (active, state, outs) = Carried(s.State, s.Results, b);
        b.Append(new For([.. s.Results, .. outs], [.. s.State, .. state], s.Dim, Next(s.Body, active, b)) { Place = s.Place });
        Set(active.Map(k => s.Results[k]), outs);
    }

    /// <summary>The condition asks values only.</summary>
    private void RunWhile(While s, Builder b)
    {
        var (active, state, outs) = Carried(s.State, s.Results, b);
        b.Append(new While([.. s.Results, .. outs], [.. s.State, .. state], s.Condition, Next(s.Body, active, b)));
        Set(active.Map(k => s.Results[k]), outs);
    }

    /// <summary>The tangents of the pieces of state that may ever have one.</summary>
    private (Seq<int> Active, Seq<Carry> State, Seq<Var> Outs) Carried(Seq<Carry> state, Seq<Var> results, Builder b)
    {
        var active = Enumerable.Range(0, state.Count).Where(k => activity.IsActive(state[k].Param)).ToSeq();
        var carries = active.Map(k => new Carry(FreshDot(state[k].Param), DotOrZero(state[k].Init, b)));
        Set(active.Map(k => state[k].Param), carries.Map(c => c.Param));
        return (active, carries, active.Map(k => FreshDot(results[k])));
    }

    private Block Next(Block body, Seq<int> active, Builder b)
    {
        var inner = b.Nested();
        Run(body, inner);
        var dots = active.Map(k => DotOrZero(body.Results[k], inner));
        return inner.Block([.. body.Results, .. dots]);
    }
}
