using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>Reductions whose adjoint needs more than the result: max and min the position of the winner, the product its zeros.</summary>
internal sealed partial class Reverse
{
    private WinnerStep ForwardWinner(Reduce s, Builder b)
    {
        b.Append(s);
        var map = new Substitution();
        var dims = Renamed(s.Dims, map);
        var kind = s.Kind == ReduceKind.Max ? ReduceKind.ArgMax : ReduceKind.ArgMin;
        return new WinnerStep(s, b.Reduce(kind, dims, map.Copy(s.Body, names), "winner"));
    }

    /// <summary>
    /// The winner takes all, by a mask over the dims: dense, parallel, and right where there is no element. Where an element's own
    /// derivative may be infinite (log, /), the mask is an if, lest a loser contribute 0 · ∞.
    /// </summary>
    private void BackWinner(WinnerStep step, Region region, Atom bar)
    {
        var s = step.Reduce;
        if (s.Body.Walk().All(IsFinite))
        {
            Parallel(s.Dims, s.Body, region, (inner, results, at) =>
            {
                var won = inner.Builder.Compute(OpTable.Eq, Position(inner.Builder, s.Dims, at), step.Winner, "won");
                Add(inner, results[0], inner.Builder.Compute(OpTable.Select, won, bar, Const.Nothing(bar.Type.Scalar), "bar"));
            });
            return;
        }
        var b = new Builder(names);
        var isWinner = b.Compute(OpTable.Eq, Position(b, s.Dims, s.Dims.Map(d => d.Index)), step.Winner, "won");
        var element = b.If(isWinner, s.Body, new Block([], [Zero(bar.Type)]), "element")[0];
        activity.Mark(element);
        Parallel(s.Dims, b.Block(element), region, (inner, results, _) => Add(inner, results[0], bar));
    }

    /// <summary>Does an adjoint of 0 stay 0 through the statement, whatever the values?</summary>
    private bool IsFinite(Stmt stmt) => stmt switch
    {
        Compute c => !activity.IsActive(c.Out)
            || c.Op == OpTable.Add || c.Op == OpTable.Sub || c.Op == OpTable.Neg || c.Op == OpTable.Select || c.Op == OpTable.Abs
            || c.Op == OpTable.Max || c.Op == OpTable.Min || c.Op == OpTable.ToF32 || c.Op == OpTable.ToF64 || c.Op == OpTable.RoundHalf
            || c.Op == OpTable.Mul && c.Args.Any(a => a is Const { AsDouble: var d } && !double.IsNaN(d) && !double.IsInfinity(d)),
        Read or Write or Accumulate or If or Build => true,
        _ => !stmt.Outs.Any(activity.IsActive),
    };

    /// <summary>The position in lexicographic order, as argmax counts.</summary>
    private static Atom Position(Builder b, Seq<Dim> dims, Seq<Var> at)
    {
        Atom position = at[0];
        for (int k = 1; k < dims.Count; k++)
            position = b.Compute(OpTable.Add, b.Compute(OpTable.Mul, position, dims[k].Extent, "at"), at[k], "at");
        return position;
    }

    private ProductStep ForwardProduct(Reduce s, Builder b)
    {
        b.Append(s);
        Var Part(string name, Func<Builder, Atom, Atom, Atom> pick)
        {
            var map = new Substitution();
            var dims = Renamed(s.Dims, map);
            var body = map.Copy(s.Body, names);
            var inner = b.Nested();
            inner.Append(body.Stmts);
            var isZero = inner.Compute(OpTable.Eq, body.Results[0], Zero(s.Out.Type), "c");
            return b.Reduce(ReduceKind.Product, dims, inner.Block(pick(inner, isZero, body.Results[0])), name);
        }
        Atom one = Const.Of(s.Out.Type.Scalar, 1);
        return new ProductStep(s,
            Part("nonzero", (inner, isZero, e) => inner.Compute(OpTable.Select, isZero, one, e)),
            Part("zero", (inner, isZero, e) => inner.Compute(OpTable.Select, isZero, e, one)));
    }

    /// <summary>
    /// An element's adjoint is that of the product times the others: the product over it where it is not zero, else their own
    /// product. The product of the zeros is kept as a factor, since its derivative is not zero: derivatives of this are right too.
    /// </summary>
    private void BackProduct(ProductStep step, Region region, Atom bar) => Parallel(step.Reduce.Dims, step.Reduce.Body, region, (inner, results, at) =>
    {
        var (s, b, e) = (step.Reduce, inner.Builder, results[0]);
        var quotient = b.Nested();
        var over = quotient.Compute(OpTable.Div, step.NonZero, e, "others");
        var then = quotient.Block(quotient.Compute(OpTable.Mul, over, step.Zero, "others"));

        var map = new Substitution();
        var dims = Renamed(s.Dims, map);
        var factors = b.Nested();
        var body = map.Copy(s.Body, names);
        factors.Append(body.Stmts);
        var self = And(factors, dims.Select((d, k) => factors.Compute(OpTable.Eq, d.Index, at[k], "c")).ToList());
        var factor = factors.Compute(OpTable.Select, self, Const.Of(s.Out.Type.Scalar, 1), body.Results[0], "factor");
        var direct = b.Nested();
        var otherwise = direct.Block(direct.Reduce(ReduceKind.Product, dims, factors.Block(factor), "others"));

        var others = b.If(b.Compute(OpTable.Ne, e, Zero(s.Out.Type), "c"), then, otherwise, "others")[0];
        Add(inner, e, b.Compute(OpTable.Mul, bar, others, "bar"));
    });

    private Seq<Dim> Renamed(Seq<Dim> dims, Substitution map) => dims.Map(d =>
    {
        var index = Fresh(d.Index);
        map[d.Index] = index;
        return new Dim(index, d.Extent);
    });
}
