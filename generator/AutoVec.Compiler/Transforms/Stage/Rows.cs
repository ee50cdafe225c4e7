using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>Which builds may, and which should, share a kernel over their leading extent.</summary>
internal static class Rows
{
    /// <summary>
    /// Does it sum down columns (<c>build j { reduce b { x[b, j] } }</c>)? Its neighbours in memory belong to different leading
    /// indices, so it wants another walk over memory than a row has.
    /// </summary>
    public static bool SumsColumns(Build build)
    {
        var lead = build.Dims[0].Index;
        return build.Body.Walk().OfType<Reduce>().SelectMany(r => r.Walk()).OfType<Read>()
            .Any(r => r.Index.Count > 1 && !r.Index[0].Equals(lead) && r.Index.Skip(1).Contains(lead));
    }

    /// <summary>Does it read what the others make only at its own leading index?</summary>
    public static bool Joins(Build build, Unit group)
    {
        if (!build.Dims[0].Extent.Equals(((Build)group.First).Dims[0].Extent)) return false;
        var lead = build.Dims[0].Index;
        bool Own(Block block) => !block.Results.Any(group.Outs.Contains<Atom>) && block.Stmts.All(s =>
            (s is Read r && group.Outs.Contains(r.Array) ? r.Index[0].Equals(lead) && !r.Index.Any(group.Outs.Contains<Atom>) : !s.Reads.Any(group.Outs.Contains<Atom>))
            && s.Blocks.All(Own));
        return !build.Reads.Any(group.Outs.Contains<Atom>) && Own(build.Body);
    }
}
