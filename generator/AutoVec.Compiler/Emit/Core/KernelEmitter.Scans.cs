using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Lanes;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>Loops along a row that carry nothing but running sums have lanes along their trips (<see cref="Scan"/>).</summary>
internal sealed partial class KernelEmitter
{
    protected override void For(For f)
    {
        if (kernel.UsesLanes && !kernel.IsAlone && Scan.Of(f, kernel.Float) is { } scan && scan.Sums.All(s => kernel.MayReorder(s.Next))) Sums(f, scan);
        else base.For(f);
    }

    private void Sums(For f, Scan scan)
    {
        var totals = scan.Sums.Select(s =>
        {
            string total = Names.Fresh(s.Next.Base + "Lanes");
            Out.Declare($"V {total} = VX.Create({ValueFor(s.Param, f.State[s.State].Init)});");
            return total;
        }).ToList();
        var handed = new List<ArrayPlace>();
        var places = scan.Stores.Select(s => Carried(f.State[s.State], f.Results[s.State], f.Body.Results[s.State], f.Body, f, handed).Now).ToList();
        for (int k = 0; k < places.Count; k++) Bind(scan.Stores[k].Array, places[k]);
        string step = kernel.Step(this, Pascal(scan.Sums[0].Next), scan.Whole, f.Dim, scan.Lanes, false, places, "void", emitter => emitter.Scan(scan, totals, places), carried: totals);
        string end = Range(f.Dim, out string first, out bool noTail);
        Vectors(Names.Fresh(f.Dim.Index.Base), first, end, call => call + ";", step, noTail);
        for (int k = 0; k < places.Count; k++)
            Bind(f.Results[scan.Stores[k].State], places[k] with { Type = f.Results[scan.Stores[k].State].Type });
        for (int k = 0; k < totals.Count; k++)
            if (f.Results[scan.Sums[k].State] is var sum && Uses.IsUsed(sum)) Declare(sum, Expr.Name($"{totals[k]}[0]"));
    }
}
