using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>Loops over the bits of a number.</summary>
public partial class BodyEmitter
{
    /// <summary>Branches of which each trip takes the same side.</summary>
    private readonly Dictionary<If, Block> _settled = [];

    /// <summary>Does the number differ from lane to lane?</summary>
    private protected virtual bool Differs(Atom a) => false;

    private void Trips(For f, Action trip)
    {
        if (!Dialect.FindsBits || SetBits.Of(f) is not { } bits || Differs(bits.Condition))
        {
            Loops([f.Dim], trip);
            return;
        }
        foreach (var (branch, side) in bits.Taken) _settled[branch] = side;
        string n = Extent(f.Dim.Extent).At(Precedence.Relational + 1), i = Names.Fresh(f.Dim.Index.Base);
        string word = Stable(bits.Bit.Word).Text, first = First(bits.Bit).Text;
        string next(string from) => $"Lanes.{(bits.Bit.Down ? "BitBelow" : "BitAbove")}({word}, {first}, {from})";
        Repeat(() => $"for (int {i} = {next("0")}; {i} < {n}; {i} = {next(i + " + 1")})", () =>
        {
            Bind(f.Dim.Index, Expr.Name(i));
            Ranges.Enter(f.Dim);
            trip();
            Ranges.Leave(f.Dim);
        });
    }

    private Expr First(BitOf bit)
    {
        Expr? sum = null;
        foreach (var (minus, term) in bit.First)
            sum = sum is null && !minus ? Stable(term) : Expr.Infix(sum ?? Expr.Number("0"), minus ? "-" : "+", Stable(term));
        return sum ?? Expr.Number("0");
    }

    /// <summary>The side that every trip takes.</summary>
    private void Settled(If i, Block side) => Block(side, () =>
    {
        for (int k = 0; k < i.Results.Count; k++)
        {
            if (i.Results[k].Type.IsArray) Bind(i.Results[k], Arrays[(Var)side.Results[k]]);
            else if (Uses.IsUsed(i.Results[k])) Declare(i.Results[k], ValueFor(i.Results[k], side.Results[k]));
        }
    });

    /// <summary>The bit that a sum counts.</summary>
    private BitOf? OnesOf(Reduce r) =>
        Dialect.FindsBits && r.Kind == ReduceKind.Sum && r.Dims.Count == 1 && r.Out.Type == IrType.I32 && !Differs(r.Out) && _between.Count == 0
        && BitOf.Value(r.Body.Results[0], r.Dims[0].Index, r.Body) is { Down: false, Word.Type.Scalar: Scalar.I32 } bit ? bit : null;

    private void Ones(Reduce r, BitOf bit) =>
        Declare(r.Out, Expr.Name($"Lanes.Ones({Stable(bit.Word).Text}, {First(bit).Text}, {Extent(r.Dims[0].Extent).Text})"));
}
