using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.OuterProducts;

/// <summary>
/// <c>Σ over i, j of (x[i]·δ[j])²</c> is <c>Σx² · Σδ²</c>, up to rounding, as long as neither sum leaves the range in which numbers are rounded relatively: then the sum
/// is computed as it stood, so that NaN, infinities, zeros and what overflows or underflows on the way are what they were.
/// </summary>
internal static class Norm
{
    public static (Seq<Stmt> Stmts, string Note)? Of(Stmt stmt, Names names)
    {
        if (Factors.Of(stmt) is not { } f || f.Sum.Dims.Count < 2 || f.Powers.Values.Any(n => n % 2 != 0)) return null;
        var parts = Factors.Parts(f.Sum.Dims, f.Powers.Keys);
        if (parts.Count < 2 || parts.Any(p => p.Reads.Count == 0)) return null;
        // What none of the summed dims index goes with the first.
        parts[0].Reads.AddRange(f.Powers.Keys.Where(r => parts.All(p => !p.Reads.Contains(r))));

        var host = new Builder(names);
        var sums = parts.Select(p => (p.Dims, Sum: Sum(host, f, p.Dims, p.Reads))).ToList();
        var at = f.Build.Dims.Map(d => new Dim(names.Fresh(d.Index), d.Extent));
        var here = new Substitution(f.Build.Dims.Zip(at, (d, e) => (d.Index, (Atom)e.Index)));
        var b = host.Nested();
        Atom? product = null, fits = null;
        foreach (var (_, sum) in sums)
        {
            var part = b.Read(sum, at.Select(d => (Atom)d.Index), sum.Base);
            var large = b.Compute(OpTable.Ge, part, Const.Of(part.Type.Scalar, Least(part.Type.Scalar)), "c");
            fits = fits is null ? large : b.Compute(OpTable.And, fits, large, "c");
            product = product is null ? part : b.Compute(OpTable.Mul, product, part, "t");
        }
        fits = b.Compute(OpTable.And, fits!, b.Compute(OpTable.IsFinite, product!, "c"), "c");
        var plain = here.Copy(f.Build.Body, names);
        var result = b.If(fits, new Block([], [product!]), plain, f.Sum.Out.Base)[0];
        host.Append(new Build(f.Build.Results, at, b.Block(result)));
        return (host.Stmts.ToSeq(), string.Join(" and ", sums.Select(s => $"over {string.Join(", ", s.Dims.Select(d => d.Extent.ToString()))}")));
    }

    private static Var Sum(Builder host, Factors f, List<Dim> dims, List<Read> reads)
    {
        Dim Fresh(Dim d) => new(host.Names.Fresh(d.Index), d.Extent);
        var outer = f.Build.Dims.Map(Fresh);
        var inner = dims.Select(Fresh).ToSeq();
        var at = new Substitution(f.Build.Dims.Zip(outer, (d, e) => (d.Index, (Atom)e.Index)).Concat(dims.Zip(inner, (d, e) => (d.Index, (Atom)e.Index))));
        var element = host.Nested();
        var term = element.Nested();
        var sum = element.Reduce(ReduceKind.Sum, inner, term.Block(Factors.Product(term, reads, r => f.Powers[r], at)), f.Sum.Out.Base);
        return host.Build(outer, element.Block(sum), f.Sum.Out.Base)[0];
    }

    /// <summary>So far above the least normal number that squares below it are lost in rounding.</summary>
    private static double Least(Scalar scalar) => scalar == Scalar.F32 ? 7.888609052210118e-31 : 1e-270;
}
