using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Extents;

/// <summary>
/// As <see cref="Extents"/>, for arrays whose length is computed from sizes: takes a function, gives the version in which what a loop over such a
/// length indexes is as long, and the test that the host makes on entry. The length is then an extent of a parameter, and cannot fail.
/// <code>
/// fun F(h: f64[n], W: f64[n, m]) {                       fun F(h: f64[n], W: f64[n, m]) {
///   n4 = 4 * n                                   ⇒         gates = build j&lt;m { reduce + i&lt;n { h[i]·W[i, j] } }      where m == 4 * n
///   k = length n4
///   gates = build j&lt;k { reduce + i&lt;n { h[i]·W[i, j] } }
/// </code>
/// Without it nobody knows that W's columns are in range, nor that all samples' gates are as long: no product of matrices.
/// </summary>
public static class Lengths
{
    public static (FunctionIr Function, Assumption? Holds) Unify(FunctionIr f)
    {
        var definitions = new Dependence(f.Body);
        var sizes = new HashSet<Var>(f.Sizes);
        var lengths = new List<(Var Name, Atom Of, Seq<Stmt> Code)>();
        foreach (var c in f.Body.Walk().OfType<Compute>())
            if (c.Op == OpTable.Length && c.Out.Type == IrType.I32 && Code(c.Args[0], definitions, sizes) is { } code) lengths.Add((c.Out, c.Args[0], code));
        if (lengths.Count == 0) return (f, null);

        var computedFrom = new HashSet<Var>(lengths.SelectMany(l => l.Code).SelectMany(s => s.Free()).Where(sizes.Contains));
        var indexed = Indexed(f, [.. lengths.Select(l => l.Name)]).ToLookup(p => p.Length, p => p.Dimension);
        var tests = new Builder(new Names(f));
        var equal = new Substitution();
        var taken = new HashSet<Var>();
        Atom? all = null;
        foreach (var group in lengths.GroupBy(l => Affine.Of(l.Of, definitions.Definition)).ToList())
        {
            var dimensions = group.SelectMany(l => indexed[l.Name]).Distinct().Where(d => !computedFrom.Contains(d) && taken.Add(d)).ToList();
            if (dimensions.Count == 0) continue;
            foreach (var d in dimensions.Skip(1)) equal[d] = dimensions[0];
            foreach (var l in group) equal[l.Name] = dimensions[0];
            var (_, of, code) = group.First();
            var copy = new Substitution().Copy(new Block(code, [of]), tests.Names);
            tests.Append(copy.Stmts);
            var same = tests.Compute(OpTable.Eq, dimensions[0], copy.Results[0], "same");
            all = all is null ? same : tests.Compute(OpTable.And, all, same, "same");
        }
        if (all is null) return (f, null);

        Block Without(Block block) => block with { Stmts = block.Stmts.Where(s => s is not Compute c || !equal.Contains(c.Out)).Select(s => s.Map(v => v, a => a, Without)).ToSeq() };
        var unified = f with { Params = f.Params.Map(p => new Var(p.Name, equal.Apply(p.Type))), Body = equal.Apply(Without(f.Body)) };
        var holds = tests.Block(all);
        var free = new HashSet<Var>(holds.Free());
        return (unified, new Assumption(holds, [], unified.Sizes.Where(free.Contains).ToSeq()));
    }

    /// <summary>What computes the number from sizes, and nothing that could throw; null if there is more to it.</summary>
    private static Seq<Stmt>? Code(Atom number, Dependence definitions, HashSet<Var> sizes)
    {
        var code = new List<Stmt>();
        bool Collect(Atom a)
        {
            if (a is not Var v || sizes.Contains(v) || code.Any(s => s.Outs.Contains(v))) return true;
            if (definitions.Definition(v) is not Compute { Op.IsTotal: true, Out.Type.IsFloat: false } c || !c.Args.All(Collect)) return false;
            code.Add(c);
            return true;
        }
        // A length that is a size already is for Extents.
        return number is Var n && !sizes.Contains(n) && Collect(number) ? code.ToSeq() : null;
    }

    /// <summary>The dimensions of parameters that loops over a length run through; not where a branch around tests the index.</summary>
    private static IEnumerable<(Var Dimension, Var Length)> Indexed(FunctionIr f, HashSet<Var> lengths)
    {
        var over = new Dictionary<Var, Var>();
        foreach (var d in f.Body.Walk().SelectMany(s => Flatten.StmtDims.Dims(s)))
            if (d.Extent is Var n && lengths.Contains(n)) over[d.Index] = n;
        var definitions = new Dependence(f.Body);
        var parameters = new HashSet<Var>(f.Params);
        var found = new List<(Var, Var)>();

        void Collect(Block block, HashSet<Var> tested)
        {
            foreach (var s in block.Stmts)
            {
                if (s is Read r && parameters.Contains(r.Array))
                    for (int d = 0; d < r.Index.Count; d++)
                        if (r.Index[d] is Var i && over.TryGetValue(i, out var length) && !tested.Contains(i) && r.Array.Type.Extents[d] is Var dimension)
                            found.Add((dimension, length));
                // Who tests an index does not promise that it fits.
                var inner = s is If branch ? [.. tested, .. over.Keys.Where(i => definitions.On(branch.Condition, [i]))] : tested;
                foreach (var b in s.Blocks) Collect(b, inner);
            }
        }
        Collect(f.Body, []);
        return found;
    }
}
