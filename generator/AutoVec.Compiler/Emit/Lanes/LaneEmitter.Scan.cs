using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>A vector of trips of a loop that carries running sums.</summary>
internal sealed partial class LaneEmitter
{
    /// <param name="totals">The sums so far, the same in every lane.</param>
    public void Scan(Scan scan, IReadOnlyList<string> totals, IReadOnlyList<ArrayPlace> places) => Block(scan.Terms, () =>
    {
        var running = scan.Sums.Map(_ => Names.Fresh("running"));
        for (int k = 0; k < totals.Count; k++)
        {
            var s = scan.Sums[k];
            string sum = Names.Fresh(s.Next.Base);
            Out.Declare($"V {running[k]} = Lanes.RunningSum(Lanes.Keep({Lane(s.Term)}, lanes, V.Zero));");
            Out.Declare($"V {sum} = {running[k]} + {totals[k]};");
            Bind(s.Next, Expr.Name(sum));
            if (!scan.Rest.Stmts.Any(r => r.Reads.Any(a => a.Equals(s.Param))) && !scan.Stores.Any(r => r.Value.Equals(s.Param))) continue;
            string before = Names.Fresh(s.Param.Base);
            Out.Declare($"V {before} = Lanes.Before({totals[k]}, {sum});");
            Bind(s.Param, Expr.Name(before));
        }
        Block(scan.Rest, () =>
        {
            // What is added to is loaded before anything is stored.
            var values = scan.Stores.Select((s, k) =>
            {
                var value = Stable(s.Value);
                if (!Varies(s.Value)) value = Broadcast(value, s.Value);
                return s.Adds ? Expr.Infix(Load(s.Array.Base, places[k], s.Index), "+", value) : value;
            }).ToList();
            Barrier();
            for (int k = 0; k < places.Count; k++) StoreLanes(places[k], scan.Stores[k].Index, values[k], scan.Stores[k].Value.Type.Scalar);
        });
        for (int k = 0; k < totals.Count; k++) Out.Line($"{totals[k]} += Lanes.Last({running[k]});");
    });
}
