using AutoVec.Compiler.Emit.Core;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>Sums along the rows that the lanes are.</summary>
internal sealed partial class LaneEmitter
{
    /// <summary>Writes the method of an inner step; null where there is none.</summary>
    public KernelWriter? Kernel { get; init; }

    private bool SumsRows(Reduce r)
    {
        if (_mask is not null || Kernel is not { IsAlone: false } || RowSum.Of(r, _lanes) is not { } rows) return false;
        var dim = r.Dims[0];
        string sums = Names.Fresh(r.Out.Base + "Rows"), k = Names.Fresh("k");
        Out.Declare($"V {sums} = V.Zero;");
        Repeat(() => $"for (int {k} = 0; {k} < lanes; {k} += {RowSum.Together})", () =>
        {
            for (int m = 0; m < RowSum.Together; m++)
            {
                string row = Names.Fresh(_lane.Base);
                Out.Declare($"int {row} = {_start} + {(m == 0 ? k : $"Math.Min({k} + {m}, lanes - 1)")};");
                Bind(rows.Rows[m], Expr.Name(row));
            }
            var totals = rows.Rows.Map(_ => Names.Fresh(r.Out.Base + "Lanes"));
            foreach (string t in totals) Out.Declare($"V {t} = V.Zero;");
            string step = Kernel.Step(this, KernelEmitter.Pascal(r.Out), rows.Body, dim, rows.Lanes, false, [], "void", emitter =>
            {
                foreach (var row in rows.Rows) emitter.Hold(_laneExtent is { } rowsOf ? [(row, null), (row, rowsOf)] : [(row, null)]);
                emitter.Block(rows.Body, () => emitter.AddTo(totals, r.Out, rows.Body.Results));
            }, carried: totals);
            string n = Extent(dim.Extent).At(Precedence.Additive), i = Names.Fresh(dim.Index.Base);
            string Call(string lanes) => string.Format(System.Globalization.CultureInfo.InvariantCulture, step, i, lanes) + ";";
            Out.Declare($"int {i} = 0;");
            var (full, rest) = (new CodeWriter(), new CodeWriter());
            full.Line(Call("V.Count"));
            rest.Line(Call($"{n} - {i}"));
            Out.Nest($"for (; {i} <= {n} - V.Count; {i} += V.Count)", full);
            Out.Nest($"if ({i} < {n})", rest);
            Out.Line($"Lanes.PutSums({string.Join(", ", totals)}, {k}, ref {sums});");
        });
        string name = Names.Fresh(r.Out.Base);
        Out.Declare($"V {name} = Lanes.Filled({sums}, lanes);");
        Bind(r.Out, Expr.Name(name));
        return true;
    }

    /// <summary>Adds each term to its total; in lanes without an element nothing.</summary>
    private void AddTo(Seq<string> totals, Var sum, Seq<Atom> terms)
    {
        for (int k = 0; k < totals.Count; k++)
        {
            Expr next;
            if (terms[k].Type.IsFloat && Factors(terms[k]) is { } f && Contractible?.AllowsInSum(sum) == true)
            {
                TakeOver((Var)terms[k]);
                next = MultiplyAdd(f, Expr.Name(totals[k]));
            }
            else next = Expr.Infix(Expr.Name(totals[k]), "+", Lane(terms[k]));
            Out.Line($"{totals[k]} = Lanes.Keep({next}, lanes, {totals[k]});");
        }
    }
}
