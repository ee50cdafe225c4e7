using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Jvp;

/// <summary>Scalar ops, reads, and array updates.</summary>
internal sealed partial class Forward
{
    private void RunCompute(Compute c, Builder b)
    {
        b.Append(c);
        if (Tangent.Of(c.Op, b, c.Out, c.Args, c.Args.Map(Dot), c.Args.Map(activity.IsActive)) is { } dot) Set(c.Out, dot);
    }

    private void RunRead(Read r, Builder b)
    {
        b.Append(r);
        if (Dot(r.Array) is Var dot) Set(r.Out, b.Read(dot, r.Index, DotName(r.Out)));
    }

    /// <summary>x' = x with [i] = v: ẋ' = ẋ with [i] = v̇.</summary>
    private void RunUpdate(Stmt update, Var array, Atom value, Builder b, Func<Var, Atom, Var> write)
    {
        b.Append(update);
        if (Dot(array) is null && Dot(value) is null) return;
        Set(update.Outs[0], write((Var)DotOrZero(array, b), DotOrZero(value, b)));
    }

    /// <summary>x' = x at [i] += v: ẋ' = ẋ at [i] += v̇.</summary>
    private void RunAccumulate(Accumulate a, Builder b)
    {
        if (Dot(a.Value) is not null)
        {
            RunUpdate(a, a.Array, a.Value, b, (dot, v) => b.Accumulate(dot, a.Index, v, DotName(a.Out)));
            return;
        }
        b.Append(a);
        if (Dot(a.Array) is { } array) Set(a.Out, array);
    }
}
