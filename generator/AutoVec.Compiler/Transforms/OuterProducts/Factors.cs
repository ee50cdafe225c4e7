using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.OuterProducts;

/// <summary>
/// <c>build D { … reduce + E { product of loads } }</c>, opened: the loads with how often each occurs, and which dims index them.
/// </summary>
internal sealed class Factors
{
    private Factors(Build build, Reduce sum, Dictionary<Read, int> powers)
    {
        Build = build;
        Sum = sum;
        Powers = powers;
    }

    public Build Build { get; }
    public Reduce Sum { get; }
    public Dictionary<Read, int> Powers { get; }

    /// <summary>Null: it is no such sum, or something else stands in it.</summary>
    public static Factors? Of(Stmt stmt)
    {
        if (stmt is not Ir.Build { Results.Count: 1 } build || build.Body.Stmts.LastOrDefault() is not Reduce { Kind: ReduceKind.Sum, Out.Type: { IsFloat: true, IsArray: false } } sum
            || !build.Body.Results[0].Equals(sum.Out)) return null;
        Seq<Stmt> code = [.. build.Body.Stmts.Take(build.Body.Stmts.Count - 1), .. sum.Body.Stmts];
        if (!code.All(s => s is Read { Out.Type.IsArray: false } or Compute { Out.Type.IsFloat: true } && (s is not Compute c || c.Op == OpTable.Mul))) return null;
        var dims = build.Dims.Concat(sum.Dims).Select(d => d.Index).ToList();
        var definitions = code.ToDictionary(s => s.Outs[0]);
        var powers = new Dictionary<Read, int>();

        bool Add(Atom a)
        {
            if (a is not Var v || !definitions.TryGetValue(v, out var s)) return false;
            if (s is Compute c) return c.Args.All(Add);
            var read = (Read)s;
            if (!read.Index.All(i => i is Const || i is Var x && dims.Contains(x))) return false;
            powers[read] = powers.TryGetValue(read, out int n) ? n + 1 : 1;
            return powers.Values.Sum() <= 16;
        }
        return Add(sum.Body.Results[0]) ? new(build, sum, powers) : null;
    }

    /// <summary>Groups of the dims such that each load is indexed by those of one group; loads without any of them belong to none.</summary>
    public static List<(List<Dim> Dims, List<Read> Reads)> Parts(Seq<Dim> dims, IEnumerable<Read> reads)
    {
        var parts = dims.Select(d => (Dims: new List<Dim> { d }, Reads: new List<Read>())).ToList();
        foreach (var read in reads)
        {
            var own = parts.Where(p => p.Dims.Any(d => read.Index.Contains(d.Index))).ToList();
            if (own.Count == 0) continue;
            foreach (var other in own.Skip(1))
            {
                own[0].Dims.AddRange(other.Dims);
                own[0].Reads.AddRange(other.Reads);
                parts.Remove(other);
            }
            own[0].Reads.Add(read);
        }
        return parts;
    }

    /// <summary>The product of loads, each to a power, of which <paramref name="powers"/> tells.</summary>
    public static Atom Product(Builder b, IEnumerable<Read> reads, Func<Read, int> powers, Substitution at)
    {
        Atom? product = null;
        foreach (var read in reads)
        {
            var value = b.Read(read.Array, read.Index.Select(at.Apply), read.Out.Base);
            for (int n = powers(read); n > 0; n--) product = product is null ? value : b.Compute(OpTable.Mul, product, value, "t");
        }
        return product!;
    }
}
