using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>Extents of results that are neither sizes nor constants nor parameters: the host computes them before it makes room.</summary>
internal static class ComputedExtents
{
    public static IEnumerable<(int Result, int Dimension, Var Extent)> Of(FunctionIr function) => function.Body.Results
        .SelectMany((r, k) => r.Type.Extents.Select((e, d) => (Result: k, Dimension: d, Extent: e as Var)))
        .Where(x => x.Extent is { } e && !function.Sizes.Contains(e) && !function.Params.Contains(e))
        .Select(x => (x.Result, x.Dimension, x.Extent!));

    /// <summary>The statements that a value depends on.</summary>
    public static Block Slice(Block block, Var value)
    {
        var needed = new HashSet<Var> { value };
        var kept = new List<Stmt>();
        foreach (var stmt in block.Stmts.Reverse())
        {
            if (!stmt.Outs.Any(needed.Contains)) continue;
            kept.Insert(0, stmt);
            needed.UnionWith(stmt.Free());
            foreach (var v in stmt.Walk().SelectMany(s => s.Outs.Concat(s.Inner)))
                needed.UnionWith(v.Type.Extents.OfType<Var>());
        }
        return new Block(kept.ToSeq(), [value]);
    }
}
