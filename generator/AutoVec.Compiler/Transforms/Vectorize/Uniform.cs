using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.Vectorize;

/// <summary>
/// What is the same for every sample runs once, before the batch: all that cannot throw, slices, lengths, and whatever the results' extents
/// need (a shape must be known before there is a batch of it). An extent that may differ from sample to sample is computed for all of them
/// first, and throws if it does:
/// <code>
/// fun f(n: i32) {                    low = reduce min b&lt;B { k = n[b]   yield k }
///   a: f64[n] = ...                  high = reduce max b&lt;B { k = n[b]   yield k }
///   yield a                          n = uniform low high          build b&lt;B { a: f64[n] = ... }
/// </code>
/// </summary>
internal static class Uniform
{
    /// <summary>Appends the uniform statements to <paramref name="host"/> and returns the others, with their results.</summary>
    public static Block Split(FunctionIr f, Seq<Stmt> stmts, Seq<Atom> results, Dim sample, Builder host)
    {
        var total = new Totality(stmts, f.Sizes);
        var shapes = Shapes(stmts, results);
        var varying = new HashSet<Var> { sample.Index };
        var rest = new List<Stmt>();
        foreach (var s in stmts)
        {
            // Fills are made where they are used: most are about to be overwritten there.
            bool uniform = s is not (While or Write or Accumulate or Build { Body.Stmts.IsEmpty: true }) && !s.Free().Any(varying.Contains) && !s.Outs.Any(o => o.Type.Extents.Any(e => e is Var v && varying.Contains(v)));
            if (uniform && (total.Holds(s) || s is Compute { Op: var op } && (op == OpTable.Slice || op == OpTable.Length) || s.Outs.Any(shapes.Contains)))
            {
                host.Append(s);
                continue;
            }
            rest.Add(s);
            varying.UnionWith(s.Outs);
        }
        var block = new Block(rest.ToSeq(), results);
        var common = new Substitution();
        foreach (var v in results.SelectMany(r => r.Type.Extents).OfType<Var>().Where(varying.Contains).Distinct().ToList())
        {
            var (low, high) = (Extreme(ReduceKind.Min, v, rest, sample, host), Extreme(ReduceKind.Max, v, rest, sample, host));
            common[v] = host.Compute(OpTable.Max, host.Compute(OpTable.Uniform, low, high, v.Base), Const.I32(0), v.Base);
        }
        return common.IsEmpty ? block : Renamed(common, block);
    }

    /// <summary>The least or the greatest of all samples.</summary>
    private static Var Extreme(ReduceKind kind, Var extent, List<Stmt> stmts, Dim sample, Builder host)
    {
        var needed = new HashSet<Var> { extent };
        var code = new List<Stmt>();
        foreach (var s in Enumerable.Reverse(stmts).Where(s => s.Outs.Any(needed.Contains)))
        {
            code.Insert(0, s);
            needed.UnionWith(s.Free());
            needed.UnionWith(s.Walk().SelectMany(t => t.Outs.Concat(t.Inner)).SelectMany(v => v.Type.Extents).OfType<Var>());
        }
        var b = host.Names.Fresh(sample.Index);
        var copy = new Substitution([(sample.Index, b)]).Copy(new Block(code.ToSeq(), [extent]), host.Names);
        return host.Reduce(kind, [new Dim(b, sample.Extent)], copy, extent.Base);
    }

    /// <summary>The samples' own names of their extents stay, unused, and what has them in its type has the common one.</summary>
    private static Block Renamed(Substitution common, Block block)
    {
        Stmt Rename(Stmt s) => s.Map(v => v.Type.IsArray ? common.Retype(v) : v, common.Apply, Inner);
        Block Inner(Block b) => new(b.Stmts.Map(Rename), b.Results.Map(common.Apply));
        return Inner(block);
    }

    /// <summary>The names that the results' extents are computed from.</summary>
    private static HashSet<Var> Shapes(Seq<Stmt> stmts, Seq<Atom> results)
    {
        var needed = new HashSet<Var>(results.SelectMany(r => r.Type.Extents).OfType<Var>());
        foreach (var s in stmts.Reverse())
            if (s.Outs.Any(needed.Contains)) needed.UnionWith(s.Free());
        return needed;
    }
}
