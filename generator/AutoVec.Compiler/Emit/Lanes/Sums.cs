using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>Reductions of one kind over the same dims in one loop, one for each result of the body. Only <see cref="Jam"/> makes them.</summary>
/// <param name="IsShort">Several trips at a time, each with a total of its own.</param>
internal sealed record Sums(Seq<Var> Results, ReduceKind Kind, Seq<Dim> Dims, Block Body, bool IsShort) : Nested
{
    private protected override Lists List() => new(Results, Dims.Map(d => d.Extent), [Body], Dims.Map(d => d.Index));

    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Sums(Results.Map(binder), Kind, MapDims(Dims, binder, atom), block(Body), IsShort);
}
