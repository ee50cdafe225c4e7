using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.Vectorize;

/// <summary>
/// What is the same for every sample runs once, before the batch: all that cannot throw, slices, and whatever the results' extents
/// need (a shape must be known before there is a batch of it).
/// </summary>
internal static class Uniform
{
    /// <summary>Appends the uniform statements to <paramref name="host"/> and returns the others.</summary>
    public static IEnumerable<Stmt> Split(FunctionIr f, Seq<Stmt> stmts, Seq<Atom> results, Var sample, Builder host)
    {
        var total = new Totality(stmts, f.Sizes);
        var shapes = Shapes(stmts, results);
        var varying = new HashSet<Var> { sample };
        var rest = new List<Stmt>();
        foreach (var s in stmts)
        {
            // Fills are made where they are used: most are about to be overwritten there.
            bool uniform = s is not (While or Write or Accumulate or Build { Body.Stmts.IsEmpty: true }) && !s.Free().Any(varying.Contains) && !s.Outs.Any(o => o.Type.Extents.Any(e => e is Var v && varying.Contains(v)));
            if (uniform && (total.Holds(s) || s is Compute { Op: var op } && op == OpTable.Slice || s.Outs.Any(shapes.Contains)))
            {
                host.Append(s);
                continue;
            }
            rest.Add(s);
            varying.UnionWith(s.Outs);
        }
        foreach (var r in results)
            foreach (var e in r.Type.Extents)
                if (e is Var v && varying.Contains(v))
                    throw new UnsupportedException($"{f.Name}: the length {v.Base} of a result differs from sample to sample; make the values it comes from [Shared]");
        return rest;
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
