using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.OuterProducts;

/// <summary>
/// A sum of products of three and more, of which some know one dim of the result and some another: each side is multiplied first, and the sum is a contraction.
/// Weights, which know neither, go to the side of the last dim.
/// </summary>
internal static class Weighted
{
    public static Seq<Stmt>? Of(Stmt stmt, Names names)
    {
        if (Factors.Of(stmt) is not { } f || f.Powers.Values.Any(n => n != 1) || f.Powers.Count < 3 || f.Build.Dims.Count < 2) return null;
        var parts = Factors.Parts(f.Build.Dims, f.Powers.Keys);
        if (parts.Count < 2 || parts.Any(p => p.Reads.Count == 0)) return null;
        var last = parts.First(p => p.Dims.Any(d => d.Index.Equals(f.Build.Dims[^1].Index)));
        var right = f.Powers.Keys.Where(r => last.Reads.Contains(r) || parts.All(p => !p.Reads.Contains(r))).ToList();
        var left = f.Powers.Keys.Except(right).ToList();
        if (!Covers(left) || !Covers(right)) return null;

        var host = new Builder(names);
        var body = host.Nested();
        var product = body.Compute(Ops.OpTable.Mul, Side(host, body, f, left), Side(host, body, f, right));
        var element = host.Nested();
        var sum = element.Reduce(ReduceKind.Sum, f.Sum.Dims, body.Block(product), f.Sum.Out.Base);
        host.Append(new Build(f.Build.Results, f.Build.Dims, element.Block(sum)));
        return host.Stmts.ToSeq();

        bool Covers(List<Read> reads) => f.Sum.Dims.All(d => reads.Any(r => r.Index.Contains(d.Index)));
    }

    /// <summary>The one load of a side, or a load of the array of its products, over the dims that it knows.</summary>
    private static Atom Side(Builder host, Builder body, Factors f, List<Read> reads)
    {
        if (reads is [var only]) return body.Read(only.Array, only.Index, only.Out.Base);
        var known = f.Sum.Dims.Concat(f.Build.Dims).Where(d => reads.Any(r => r.Index.Contains(d.Index))).ToSeq();
        var fresh = known.Map(d => new Dim(host.Names.Fresh(d.Index), d.Extent));
        var at = new Substitution(known.Zip(fresh, (d, e) => (d.Index, (Atom)e.Index)));
        var element = host.Nested();
        string name = reads.OrderByDescending(r => r.Index.Count).First().Array.Base;
        var product = host.Build(fresh, element.Block(Factors.Product(element, reads, _ => 1, at)), name)[0];
        return body.Read(product, known.Map(d => (Atom)d.Index), name);
    }
}
