using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>
/// Recognises <c>build D { reduce + K { A[..]·B[..] } }</c>. A variable of D in both indices is batch, in A's only m, in B's only n;
/// one of K is in both. Each dimension of an operand is indexed by one variable, a constant apart, or by what the host knows; and
/// provably in range, since a matrix product does not check. Sums of variables (convolutions) and guards are no contraction.
/// </summary>
internal sealed class Contractions
{
    /// <summary>Fewer columns, rows or terms than this are not worth a packed product.</summary>
    private const int Least = 4;

    private readonly Dependence _definitions;
    private readonly Dictionary<Var, Atom> _extents = [];
    private readonly HashSet<Var> _host;
    private readonly Ranges _ranges;

    public Contractions(FunctionIr f)
    {
        _definitions = new Dependence(f.Body);
        foreach (var s in f.Body.Walk())
            foreach (var d in s.Dims()) _extents[d.Index] = d.Extent;
        var sizes = new HashSet<Var>(f.Sizes);
        _ranges = new Ranges(a => Affine.Of(a, _definitions.Definition), v => _extents.TryGetValue(v, out var n) ? n : null, sizes.Contains, _definitions.Definition);
        _host = [.. f.Params.Concat(sizes).Concat(HostNames(f.Body))];
    }

    /// <summary>What the blocks of the host bind, loop variables included.</summary>
    private static IEnumerable<Var> HostNames(Block block) => block.Stmts.SelectMany(s =>
        s is For or While or If ? s.Outs.Concat(s.Inner).Concat(s.Blocks.SelectMany(HostNames)) : s.Outs);

    public Contraction? Of(Stmt stmt)
    {
        if (stmt is not Build { Results.Count: 1 } build || build.Body.Stmts.IsEmpty) return null;
        if (build.Body.Stmts[^1] is not Reduce { Kind: ReduceKind.Sum, Out.Type.IsFloat: true } sum || !build.Body.Results[0].Equals(sum.Out)) return null;
        Seq<Stmt> code = [.. build.Body.Stmts.Take(build.Body.Stmts.Count - 1), .. sum.Body.Stmts];
        if (Product(code, sum.Body.Results[0]) is not var (left, right)) return null;

        var dims = build.Dims.Concat(sum.Dims).ToSeq();
        if (Indexed.Of(left, dims, this) is not { } a || Indexed.Of(right, dims, this) is not { } b) return null;
        if (!sum.Dims.All(d => a.Mentions(d) && b.Mentions(d)) || !build.Dims.All(d => a.Mentions(d) || b.Mentions(d))) return null;
        // The columns of the result are next to each other: B is the operand that names its last variable.
        if (a.Mentions(build.Dims[^1])) (a, b) = (b, a);
        if (a.Mentions(build.Dims[^1])) return null;

        Seq<Axis> Axes(IEnumerable<Dim> of) => of.Select(d => new Axis(d.Index, d.Extent, a.Stride(d), b.Stride(d), ResultStride(build, d))).ToSeq();
        var m = Axes(build.Dims.Where(d => a.Mentions(d) && !b.Mentions(d)));
        var n = Axes(build.Dims.Where(d => b.Mentions(d) && !a.Mentions(d)));
        var k = Axes(sum.Dims);
        if (m.IsEmpty || n.IsEmpty || IsSmall(m) || IsSmall(n) || IsSmall(k)) return null;
        return new Contraction(a.Operand, b.Operand, Axes(build.Dims.Where(d => a.Mentions(d) && b.Mentions(d))), m, n, k);
    }

    /// <summary>Two loads, their product, and integer arithmetic for their indices; nothing else.</summary>
    private static (Read, Read)? Product(Seq<Stmt> code, Atom result)
    {
        var loads = code.OfType<Read>().ToList();
        var product = code.OfType<Compute>().FirstOrDefault(c => c.Out.Equals(result));
        if (product is null || product.Op != OpTable.Mul || loads.Count is < 1 or > 2 || loads.Any(l => l.Out.Type.IsArray)) return null;
        if (!code.All(s => s is Read || ReferenceEquals(s, product) || s is Compute { Out.Type.IsFloat: false })) return null;
        var left = loads.FirstOrDefault(l => l.Out.Equals(product.Args[0]));
        var right = loads.FirstOrDefault(l => l.Out.Equals(product.Args[1]));
        return left is not null && right is not null && loads.All(l => l == left || l == right) ? (left, right) : null;
    }

    private static bool IsSmall(Seq<Axis> axes) =>
        axes.All(a => a.Extent is Const) && axes.Aggregate(1L, (n, a) => n * ((Const)a.Extent).AsLong) < Least;

    private static Seq<Atom>? ResultStride(Build build, Dim dim)
    {
        for (int d = 0; d < build.Dims.Count; d++)
            if (build.Dims[d].Index.Equals(dim.Index)) return DenseStrides.After(build.Dims.Map(x => x.Extent), d);
        return null;
    }

    /// <summary>The distance between neighbours in dimension d, as a product of extents; views of the host have those of their array.</summary>
    private Seq<Atom> Stride(Var array, int d)
    {
        if (_definitions.Definition(array) is not Read view) return DenseStrides.After(array.Type.Extents, d);
        int next = 0;
        for (int k = 0; k < view.Index.Count; k++)
        {
            int kept = view.Index[k] is All ? 1 : view.Index[k] is Window w ? w.Extents.Count : 0;
            if (d < next + kept)
                return [.. view.Index[k] is Window inner ? DenseStrides.After(inner.Extents, d - next) : [], .. Stride(view.Array, k)];
            next += kept;
        }
        throw new InvalidOperationException($"{array} has no dimension {d}");
    }

    private sealed record Indexed(Operand Operand, Dictionary<Var, Seq<Atom>> Strides)
    {
        public bool Mentions(Dim d) => Strides.ContainsKey(d.Index);
        public Seq<Atom>? Stride(Dim d) => Strides.TryGetValue(d.Index, out var s) ? s : null;

        public static Indexed? Of(Read read, Seq<Dim> dims, Contractions pass)
        {
            var extents = read.Array.Type.Extents;
            var variables = dims.Map(d => d.Index).ToList();
            var strides = new Dictionary<Var, Seq<Atom>>();
            var offsets = new List<Atom>();
            if (!pass._host.Contains(read.Array)) return null;
            for (int d = 0; d < extents.Count; d++)
            {
                var index = read.Index[d];
                if (!pass._ranges.Inside(index, extents[d])) return null;
                var form = Affine.Of(index, pass._definitions.Definition);
                var own = form.Terms.Where(t => variables.Contains(t.Name)).ToList();
                if (own.Count == 0)
                {
                    if (index is Var v && !pass._host.Contains(v)) return null;
                    offsets.Add(index);
                    continue;
                }
                // Beside the variable a constant, or one name that the host knows: where a slice starts.
                if (own.Count > 1 || own[0].Factor != 1 || strides.ContainsKey(own[0].Name)) return null;
                if (form.Without(own[0].Name).AsAtom is not { } start || start is Var name && !pass._host.Contains(name)) return null;
                strides[own[0].Name] = pass.Stride(read.Array, d);
                offsets.Add(start);
            }
            return new(new Operand(read.Array, offsets.ToSeq()), strides);
        }
    }
}

internal static class DenseStrides
{
    /// <summary>The distance between neighbours in dimension d of a dense array: the product of the extents after it.</summary>
    public static Seq<Atom> After(Seq<Atom> extents, int d) => extents.Skip(d + 1).Where(e => e is not Const { AsLong: 1 }).ToSeq();
}
