using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// What depends on few numbers is differentiated forwards: its slopes by these are computed as it runs, and its adjoint is their product with the result's
/// (<see cref="OpTable.Scale"/>: where nobody asks for the result, a slope that is not finite does no harm).
/// <list type="bullet">
/// <item>A while whose state depends on one number, or two: its trips are neither counted, nor run again, nor remembered.</item>
/// <item>A polynomial of one number (<see cref="Polynomials"/>): by Horner's rule its slope takes one operation a term, its adjoint two, from the last term to the first.</item>
/// </list>
/// <code>
/// z = loop (z0 = 0.0) while { .. } { z1 = z0 * z0   z2 = z1 + x   yield z2 }
/// ⇒  z, s  = loop (z0 = 0.0, s0 = 0.0) while { .. } { z1 = z0 * z0   z2 = z1 + x   s1 = s0 * z0 + s0 * z0 + 1.0   yield z2, s1 }
///    x_bar = scale z_bar s
/// </code>
/// </summary>
internal sealed partial class Reverse
{
    /// <summary>A direction more is one more copy of the loop's tangents; a tape costs a trip three times: to count it, to remember it, to reverse it.</summary>
    private const int MostDirections = 2;

    /// <summary>The numbers that the loop's state depends on, if it is to be differentiated forwards.</summary>
    private Seq<Var>? Directions(While s)
    {
        var active = s.Body.Stmts.Where(t => t.Outs.Any(activity.IsActive)).ToList();
        if (active.Any(t => t is not Compute)) return null;
        var own = new HashSet<Var>([.. s.State.Select(c => c.Param), .. active.SelectMany(t => t.Outs)]);
        var carried = s.State.Where(c => activity.IsActive(c.Param)).ToList();
        Seq<Var> from = carried.Select(c => c.Init).Concat(active.SelectMany(t => t.Reads)).Where(activity.IsActive).Cast<Var>()
            .Where(v => !own.Contains(v)).Distinct().ToSeq();
        bool alike = from.Concat(own.Where(activity.IsActive)).Select(v => v.Type).Distinct().Count() == 1;
        return from.Count <= MostDirections && alike && !from.IsEmpty && !from[0].Type.IsArray ? from : null;
    }

    private SlopeStep Forwards(While s, Seq<Var> directions, Builder b)
    {
        var active = Enumerable.Range(0, s.State.Count).Where(k => activity.IsActive(s.State[k].Param)).ToSeq();
        var inner = b.Nested();
        List<Carry> state = [.. s.State];
        List<Atom> nexts = [.. s.Body.Results];
        List<Var> results = [.. s.Results];
        var slopes = new List<Slope>();
        for (int d = 0; d < directions.Count; d++)
        {
            var forward = new Jvp.Forward(activity, names);
            forward.Set(directions[d], Const.Of(directions[d].Type.Scalar, 1));
            foreach (int k in active)
            {
                var dot = new Carry(names.Fresh(s.State[k].Param.Base + "_dot", s.State[k].Param.Type), forward.Dot(s.State[k].Init) ?? Zero(s.State[k].Param.Type));
                forward.Set(s.State[k].Param, dot.Param);
                state.Add(dot);
            }
            var run = b.Nested();
            forward.Run(s.Body, run);
            // The loop itself runs once.
            inner.Append(d == 0 ? run.Stmts : run.Stmts.Where(t => !s.Body.Stmts.Contains(t)));
            foreach (int k in active)
            {
                nexts.Add(forward.DotOrZero(s.Body.Results[k], inner));
                results.Add(names.Fresh(s.Results[k].Base + "_dot", s.Results[k].Type));
                slopes.Add(new Slope(k, directions[d], results[^1]));
            }
        }
        b.Append(new While(results.ToSeq(), state.ToSeq(), s.Condition, inner.Block(nexts)));
        return new SlopeStep(s, slopes.ToSeq());
    }

    private SlopeStep Forwards(Polynomial p, Builder b)
    {
        var forward = new Jvp.Forward(activity, names);
        forward.Set(p.Of, Const.Of(p.Of.Type.Scalar, 1));
        var run = b.Nested();
        foreach (var term in p.Terms) forward.Run(new Block([term], []), run);
        b.Append(run.Stmts.Where(t => !p.Terms.Contains(t)));
        return new SlopeStep(p.Terms[^1], [new Slope(0, p.Of, forward.DotOrZero(p.Terms[^1].Out, b))]);
    }

    private void BackSlopes(SlopeStep step, Region region, Seq<Atom?> bars)
    {
        foreach (var slope in step.Slopes)
            if (bars[slope.Result] is { } bar)
                Add(region, slope.By, region.Builder.Compute(OpTable.Scale, bar, slope.Value, BarName(slope.By)));
    }
}
