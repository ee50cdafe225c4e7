using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Halves;

/// <summary>
/// Results as halves: rounded where they are built, if nobody else reads them, else by a build of their own. (Behind a sum it is an epilogue: of a matrix
/// product, or of the rows that its kernel sums.)
/// </summary>
internal static class Narrow
{
    public static Var Of(Var v) => new(v.Name, new IrType(Scalar.F16, v.Type.Extents));

    public static Block Narrowed(Block body, IReadOnlyCollection<int> results, Names names)
    {
        var uses = body.Uses();
        var b = new Builder(names);
        var inPlace = new HashSet<Var>(results.Select(k => body.Results[k]).OfType<Var>().Where(r => r.Type.IsArray && uses[r] == 1));
        foreach (var s in body.Stmts) b.Append(s is Build { Body.Stmts: [.., not Reduce] } build && build.Results.Any(inPlace.Contains) ? Narrowed(build, inPlace, names) : s);
        var built = new HashSet<Var>(b.Stmts.OfType<Build>().SelectMany(s => s.Results).Where(r => r.Type.Scalar == Scalar.F16));
        var halves = body.Results.Select((r, k) => !results.Contains(k) ? r
            : r is Var v && built.Contains(v) ? Of(v)
            : b.Build(r.Type.Extents, (e, at) => e.Compute(OpTable.ToF16, at.IsEmpty ? r : e.Read((Var)r, at), r is Var like ? like.Name : "value"), r is Var name ? name.Name : "value")).ToList();
        return b.Block(halves);
    }

    private static Build Narrowed(Build build, HashSet<Var> narrow, Names names)
    {
        var b = new Builder(names);
        b.Append(build.Body.Stmts);
        var outs = build.Results.Select((r, k) => narrow.Contains(r) && !build.Body.Results[k].Type.IsArray ? Of(r) : r).ToSeq();
        var elements = build.Body.Results.Select((e, k) => outs[k].Type.Scalar == Scalar.F16 ? b.Compute(OpTable.ToF16, Unrounded(e, build.Body), e is Var v ? v.Name : "value") : e).ToList();
        return build with { Results = outs, Body = Simplify.DeadCode.Remove(b.Block(elements), out _) };
    }

    /// <summary>What the cast to Half takes: the memory rounds as it does.</summary>
    private static Atom Unrounded(Atom element, Block body) =>
        body.Stmts.LastOrDefault(s => s is Compute c && c.Out.Equals(element)) is Compute c && c.Op == OpTable.RoundHalf ? c.Args[0] : element;
}
