using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>Scalar ops and array updates.</summary>
internal sealed partial class Reverse
{
    private void BackCompute(Compute c, Region region, Atom bar)
    {
        var scope = new AdjointScope(region.Builder, bar, c.Out, c.Args, c.Args.Map(activity.IsActive));
        for (int k = 0; k < c.Args.Count; k++)
        {
            if (!scope.Active[k]) continue;
            if (c.Op == OpTable.Mul && _exponents.TryGetValue((Var)c.Args[k], out var exponent)) Add(region, exponent, scope.Mul(bar, c.Out));
            else Add(region, c.Args[k], c.Op.Adjoint!(scope, k));
        }
    }

    /// <summary>Of what is eᵘ, or that times what is no input, and is read once: u. The adjoint of u in a·eᵘ is that of the product times the product, whatever a is.</summary>
    private readonly Dictionary<Var, Atom> _exponents = [];

    private void FindExponents(Block block)
    {
        Dictionary<Var, int>? uses = null;
        foreach (var stmt in block.Stmts)
        {
            if (stmt is not Compute c || c.Op != OpTable.Exp && c.Op != OpTable.Mul || !activity.IsActive(c.Out) || !((uses ??= block.Uses()).TryGetValue(c.Out, out int n) && n == 1)) continue;
            if (c.Op == OpTable.Exp) _exponents[c.Out] = c.Args[0];
            else if (c.Args.Where(activity.IsActive).ToList() is [Var only] && _exponents.TryGetValue(only, out var u)) _exponents[c.Out] = u;
        }
    }

    /// <summary>x' = x with [i] = v: v̄ += x̄'[i]; x̄ = x̄' with [i] = 0.</summary>
    private void BackWrite(Write w, Region region, Var bar)
    {
        if (activity.IsActive(w.Value)) Add(region, w.Value, Slice(region.Builder, bar, w.Index));
        if (activity.IsActive(w.Array) && !w.Index.HoldsAll())
            Add(region, w.Array, region.Builder.Write(bar, w.Index, region.Builder.Zeros(w.Value.Type), BarName(w.Array)));
    }

    /// <summary>x' = x at [i] += v: v̄ += x̄'[i]; x̄ = x̄'.</summary>
    private void BackAccumulate(Accumulate a, Region region, Var bar)
    {
        if (activity.IsActive(a.Value)) Add(region, a.Value, Slice(region.Builder, bar, a.Index));
        Add(region, a.Array, bar);
    }

    /// <summary>A slice of everything is the array.</summary>
    private static Atom Slice(Builder b, Var array, Seq<Atom> index) => index.All(i => i is All) ? array : b.Read(array, index, array.Base);
}
