using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// If: each side is re-run and reversed inside the same branch of a new if, so that the side not taken contributes nothing, not
/// even NaN. What the sides contribute are results of that if, 0 (or the adjoint as it was) on the side that has none.
/// </summary>
internal sealed partial class Reverse
{
    private void BackBranch(If s, Region region, Seq<Atom?> bars)
    {
        var sides = s.Blocks.Select(b => Side(b, region, bars)).ToList();
        var scalars = sides.SelectMany(c => c.Bars.Keys.Where(x => !x.Type.IsArray && !c.Binds(x))).Distinct().ToList();
        var arrays = sides.SelectMany(c => c.Bars.Keys.Where(x => x.Type.IsArray && !c.Binds(x))).Distinct().ToList();
        var elements = sides.SelectMany(c => c.Elements.Keys).Distinct().ToList();
        var blocks = sides.Select(c =>
        {
            Atom[] results =
            [
                .. arrays.Select(x => c.LeavesAsSite(x) ? c.Bar(x) ?? c.Builder.Zeros(x.Type) : Current(c, x, create: true)!),
                .. scalars.Select(x => c.Bars.TryGetValue(x, out var bar) ? bar : Zero(x.Type)),
                .. elements.Select(e => c.Elements.TryGetValue(e, out var bar) ? bar : Zero(e.Array.Type)),
            ];
            return c.Builder.Block(results);
        }).ToList();
        if (blocks[0].Results.Count > 0)
        {
            // The sites still need the sides' code; the if has its own copy of it.
            var copies = blocks.Select(b => new Substitution().Copy(b, names)).ToList();
            var outs = region.Builder.If(s.Condition, copies[0], copies[1], "bar");
            int k = 0;
            // Arrays first: these hold the adjoint as it was before the if, with what the sides added.
            foreach (var x in arrays)
                if (region.LeavesAsSite(x)) Add(region, x, outs[k++]);
                else region.Bars[x] = outs[k++];
            foreach (var x in scalars) Add(region, x, outs[k++]);
            foreach (var e in elements) AddAt(region, e.Array, e.Index, outs[k++]);
        }
        for (int side = 0; side < 2; side++)
            foreach (var site in sides[side].Sites)
                region.Sites.Add(OutOfBranch(site, sides[side], s.Condition, side == 0));
    }

    private Region Side(Block block, Region outer, Seq<Atom?> bars)
    {
        var body = activity.Copy(block, new Substitution(), names);
        var region = new Region(RegionKind.Branch, outer, outer.Builder.Nested());
        region.Bind(body.AllBinders());
        var steps = Forward(body, region.Builder);
        for (int k = 0; k < bars.Count; k++)
            if (bars[k] is { } bar) Add(region, body.Results[k], bar);
        Backward(steps, region);
        Regularise(region);
        return region;
    }

    /// <summary>
    /// A site in a branch becomes one outside whose value is 0 where the branch is not taken. An index of total integer ops is computed
    /// outside, so that Gather still sees an affine one; any other moves into the if, and is 0 where not taken.
    /// </summary>
    private Site OutOfBranch(Site site, Region side, Atom condition, bool then)
    {
        Seq<Stmt> code = [.. side.Builder.Stmts, .. site.Code];
        var outside = new Builder(names);
        var index = Needed(code, site.Index);
        bool hoist = index.Stmts.All(s => s is Compute { Op.IsTotal: true, Out.Type.IsFloat: false });
        var inside = hoist ? Needed(code, [site.Value]) : Needed(code, [.. site.Index, site.Value]);
        var nothing = new Block([], inside.Results.Map(r => Zero(r.Type)));
        if (hoist)
        {
            index = new Substitution().Copy(index, names);
            outside.Append(index.Stmts);
        }
        var outs = then ? outside.If(condition, inside, nothing, "bar") : outside.If(condition, nothing, inside, "bar");
        return site with
        {
            Code = outside.Stmts.ToSeq(),
            Index = hoist ? index.Results : outs.Take(site.Index.Count).ToSeq<Atom>(),
            Value = outs[^1],
        };
    }

    /// <summary>A site whose extents only the region knows cannot leave it: it becomes a whole array here, one for each time this code runs.</summary>
    private void Regularise(Region region)
    {
        var bound = new HashSet<Var>(region.Builder.Stmts.SelectMany(s => s.Outs));
        var irregular = region.Sites.Where(t => t.Dims.Any(d => region.Binds(d.Extent) || d.Extent is Var v && bound.Contains(v))).ToList();
        foreach (var t in irregular)
        {
            region.Sites.Remove(t);
            Notes.Add($"{t.Array.Base}: adjoint privatised, since the extents of its reads differ from element to element");
            // The region's own code is in scope; only the site's code is new.
            Add(region, t.Array, EmitScatter(region.Builder, t.Array, t.Dims, t.Code, t));
        }
    }
}
