using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Vectorize;

/// <summary>
/// Takes a function of one sample, gives the function of a batch: the body in <c>build b&lt;B</c>, batched parameters read at
/// [b], gradients of shared parameters summed over b. The batch extent is the leading extent of every batched parameter
/// (named B unless the function has a B).
/// <code>
/// fun f(w: f32[n], x: f32[n]) {      fun f(w: f32[n], x: f32[B, n]) {
///   r = reduce + i&lt;n { w[i]·x[i] }     y = build b&lt;B { x.1 = x[b, :]
///   yield r                              r = reduce + i&lt;n { w[i]·x.1[i] }
/// }                                      yield r }
///                                      yield y }
/// </code>
/// </summary>
public static class Vectorize
{
    /// <param name="shared">The parameters with one value for the whole batch.</param>
    /// <param name="reduction">What becomes of the results named <c>value</c>; under a mean every gradient is divided by B too.</param>
    /// <param name="seeds">
    /// Parameters that bring adjoints: under a mean these are divided, and with them all gradients, which need no pass of their own for it.
    /// </param>
    /// <param name="one">The seeds are no parameters of the batch: their value is 1.</param>
    /// <exception cref="UnsupportedException">A result cannot be reduced.</exception>
    public static FunctionIr Run(FunctionIr f, Seq<Var> shared, Reduction reduction, Seq<Var> seeds = default, bool one = false)
    {
        var names = new Names(f);
        var b = names.Fresh("b", IrType.I32);
        var batch = Used(f, "B") ? names.Fresh("B", IrType.I32) : new Var("B", IrType.I32);
        var host = new Builder(names);
        var reads = host.Nested();
        var local = new Substitution();
        var results = new BatchResults(host, batch, shared, reduction) { AreGradientsDivided = !seeds.IsEmpty };
        if (one) f = f with { Params = f.Params.Where(p => !seeds.Contains(p)).ToSeq() };
        var parameters = f.Params.Map(p => shared.Contains(p) ? p : Batched(p));
        foreach (var seed in seeds) local[seed] = results.Share(one ? Const.Of(seed.Type.Scalar, 1) : seed, seed.Name);

        Var Batched(Var p)
        {
            var whole = new Var(p.Name, p.Type.Under([batch]));
            local[p] = reads.Read(whole, [b, .. p.Type.Extents.Map(_ => All.Dimension)], p.Name);
            return whole;
        }

        var body = local.Apply(f.Body);
        var perSampleBody = Uniform.Split(f, [.. reads.Stmts, .. body.Stmts], body.Results, new Dim(b, batch), host);
        var dims = Seq.Create<Dim>([new Dim(b, batch)]);
        var resultNames = f.ResultNames.IsEmpty ? ValueNames(f) : f.ResultNames;
        var outs = resultNames.Zip(perSampleBody.Results, (n, r) => names.Fresh(BatchResults.NameOf(n), r.Type.Under([batch]))).ToSeq();
        host.Append(new Build(outs, dims, perSampleBody));
        return f with { Params = parameters, Body = host.Block(results.Reduce(resultNames, outs)), ResultNames = resultNames };
    }

    private static Seq<string> ValueNames(FunctionIr f) =>
        f.Body.Results.Select((_, k) => k == 0 ? "value" : $"value{k}").ToSeq();

    private static bool Used(FunctionIr f, string name) =>
        f.Params.Concat(f.Sizes).Concat(f.Body.AllBinders()).Any(v => v.Name == name);
}
