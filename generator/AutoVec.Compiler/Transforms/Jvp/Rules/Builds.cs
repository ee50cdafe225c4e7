using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Jvp;

/// <summary>Build and scatter.</summary>
internal sealed partial class Forward
{
    /// <summary>Values and tangents are elements of one build, unless the tangents stand alone.</summary>
    private void RunBuild(Build s, Builder b)
    {
        var inner = b.Nested();
        Run(s.Body, inner);
        var active = Active(s.Body.Results);
        var dots = active.Map(k => Dot(s.Body.Results[k])!);
        var outs = active.Map(k => FreshDot(s.Results[k]));
        if (Alone(s, inner, dots) is { } alone)
        {
            b.Append(s);
            var map = new Substitution();
            var dims = Renamed(s.Dims, map);
            b.Append(new Build(outs, dims, map.Copy(alone, names)));
        }
        else b.Append(new Build([.. s.Results, .. outs], s.Dims, inner.Block([.. s.Body.Results, .. dots])));
        Set(active.Map(k => s.Results[k]), outs);
    }

    /// <summary>
    /// The body of a build of the tangents only, which reads the build's results as the values they are. Null if that would run
    /// something dear twice. A product of matrices and its tangents are then builds of their own, each with its epilogue.
    /// </summary>
    private static Block? Alone(Build s, Builder inner, Seq<Atom> dots)
    {
        var bound = new HashSet<Var>(s.Body.Stmts.SelectMany(t => t.Outs));
        // A loop or a branch that gives both.
        if (dots.IsEmpty || inner.Stmts.Any(t => t.Outs.Any(bound.Contains) && !t.Outs.All(bound.Contains))) return null;

        var reads = inner.Nested();
        var now = new Substitution();
        for (int k = 0; k < s.Results.Count; k++)
            if (s.Body.Results[k] is Var { Type.IsFloat: true } r && bound.Contains(r) && !now.Contains(r))
                now[r] = reads.Read(s.Results[k], [.. s.Dims.Map(d => d.Index), .. Enumerable.Repeat<Atom>(All.Dimension, r.Type.Rank)], r.Name);
        var tangents = inner.Stmts.Where(t => !t.Outs.Any(bound.Contains)).Select(now.Apply);
        var code = Simplify.DeadCode.Remove(new Block([.. s.Body.Stmts, .. reads.Stmts, .. tangents], dots.Map(now.Apply)), out _);
        return code.Stmts.Any(t => t.Outs.Any(bound.Contains) && !IsCheap(t)) ? null : code;
    }

    private static readonly HashSet<Op> Dear =
    [
        .. OpTable.All.Where(op => op.Adjoint is not null).Except(
        [
            OpTable.Add, OpTable.Sub, OpTable.Mul, OpTable.Fma, OpTable.Neg, OpTable.Abs, OpTable.Max, OpTable.Min, OpTable.Select,
            OpTable.CopySign, OpTable.ToF32, OpTable.ToF64, OpTable.RoundHalf,
        ]),
    ];

    private static bool IsCheap(Stmt stmt) => stmt is Read || stmt is Compute c && !Dear.Contains(c.Op);

    /// <summary>The tangent's scatter: the same places, the values' tangents. A guarded value is a constant 0 where it is out of bounds, and so is its tangent.</summary>
    private void RunScatter(Scatter s, Builder b)
    {
        b.Append(s);
        var (dims, inner, results) = Again(s.Dims, s.Body, b);
        if (Dot(results[^1]) is not { } dot) return;
        var body = Needed(inner, [.. results.Take(s.Extents.Count), dot]);
        Set(s.Out, b.Scatter(s.Extents, dims, body, DotName(s.Out)));
    }

    /// <summary>The code at every point of the dims once more, with its tangents.</summary>
    private (Seq<Dim> Dims, Builder Inner, Seq<Atom> Results) Again(Seq<Dim> dims, Block body, Builder b)
    {
        var map = new Substitution();
        var renamed = Renamed(dims, map);
        var copy = activity.Copy(body, map, names);
        var inner = b.Nested();
        Run(copy, inner);
        return (renamed, inner, copy.Results);
    }

    private Seq<Dim> Renamed(Seq<Dim> dims, Substitution map) => dims.Map(d =>
    {
        var index = names.Fresh(d.Index);
        map[d.Index] = index;
        return new Dim(index, d.Extent);
    });

    private static Block Needed(Builder code, params IEnumerable<Atom> results) =>
        Simplify.DeadCode.Remove(code.Block(results), out _);
}
