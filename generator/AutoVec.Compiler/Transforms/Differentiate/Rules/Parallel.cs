using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// What build, reduce and scatter have in common: the body is re-run and reversed at every point of the dims, and each
/// contribution leaves with a copy of the code that it needs, as one sum or one scatter.
/// </summary>
internal sealed partial class Reverse
{
    private void Parallel(Seq<Dim> dims, Block body, Region outer, Action<Region, Seq<Atom>, Seq<Var>> seed)
    {
        var map = new Substitution();
        var point = Renamed(dims, map);
        var copy = activity.Copy(body, map, names);
        var region = new Region(RegionKind.Parallel, outer, outer.Builder.Nested());
        region.Bind([.. copy.AllBinders(), .. point.Map(d => d.Index)]);
        var steps = Forward(copy, region.Builder);
        seed(region, copy.Results, point.Map(d => d.Index));
        Backward(steps, region);
        Regularise(region);
        Leave(region, outer, point);
    }

    private void Leave(Region region, Region outer, Seq<Dim> dims)
    {
        var free = region.Bars.Where(b => !region.Binds(b.Key)).ToList();
        var shared = new SharedCode(region.Builder.Stmts, dims, names);
        foreach (var bar in free) shared.Root([], [bar.Value]);
        foreach (var e in region.Elements) shared.Root([], [e.Value]);
        foreach (var t in region.Sites) shared.Root(t.Dims, t.Code, [.. t.Index, t.Value]);
        shared.Materialise(outer.Builder);

        Block Point(IEnumerable<Stmt> code, IEnumerable<Atom> roots, Substitution map) =>
            map.Copy(Needed([.. shared.Code, .. code.Select(shared.Apply)], roots.Select(shared.Apply)), names);
        Atom Total(Var like, Atom bar)
        {
            var map = new Substitution();
            var at = Renamed(dims, map);
            return outer.Builder.Reduce(ReduceKind.Sum, at, Point([], [bar], map), BarName(like));
        }

        foreach (var bar in free.Where(b => !b.Key.Type.IsArray)) Add(outer, bar.Key, Total(bar.Key, bar.Value));
        foreach (var e in region.Elements) AddAt(outer, e.Key.Array, e.Key.Index, Total(e.Key.Array, e.Value));
        foreach (var bar in free.Where(b => b.Key.Type.IsArray))
        {
            var map = new Substitution();
            var at = Renamed(dims, map);
            var each = outer.Builder.Build(at, Point([], [bar.Value], map), BarName(bar.Key))[0];
            Notes.Add($"{bar.Key.Base}: adjoint privatised, one array for each of {string.Join(", ", dims.Select(d => $"{d.Index.Base}<{d.Extent}"))}, then summed");
            Add(outer, bar.Key, SumOver(outer.Builder, each, dims, bar.Key));
        }
        foreach (var t in region.Sites)
        {
            Seq<Dim> all = [.. dims, .. t.Dims];
            if (outer.LeavesAsSite(t.Array))
            {
                var code = Needed([.. shared.Code, .. t.Code.Map(shared.Apply)], [.. t.Index.Map(shared.Apply), shared.Apply(t.Value)]);
                outer.Sites.Add(new Site(t.Array, all, code.Stmts, code.Results.Take(t.Index.Count).ToSeq(), code.Results[^1]));
                continue;
            }
            var moved = t with { Index = t.Index.Map(shared.Apply), Value = shared.Apply(t.Value) };
            Add(outer, t.Array, EmitScatter(outer.Builder, t.Array, all, [.. shared.Code, .. t.Code.Map(shared.Apply)], moved));
        }
    }

    private Var EmitScatter(Builder b, Var array, Seq<Dim> dims, Seq<Stmt> code, Site site)
    {
        var map = new Substitution();
        var at = Renamed(dims, map);
        return b.Scatter(array.Type.Extents, at, map.Copy(Needed(code, [.. site.Index, site.Value]), names), BarName(array));
    }

    private Var SumOver(Builder b, Var each, Seq<Dim> dims, Var like) => (Var)b.Build(like.Type.Extents, (e, at) =>
    {
        var sum = dims.Map(d => new Dim(Fresh(d.Index), d.Extent));
        var inner = e.Nested();
        var term = inner.Read(each, [.. sum.Map(d => d.Index), .. at]);
        return e.Reduce(ReduceKind.Sum, sum, inner.Block(term));
    }, BarName(like));
}
