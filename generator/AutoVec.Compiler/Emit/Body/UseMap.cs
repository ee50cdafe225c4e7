using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>Where names are used, to decide which values are written where they are used and which get a local.</summary>
public sealed class UseMap
{
    private readonly Dictionary<Var, (int Count, Block? At)> _uses;
    private readonly HashSet<Var> _extents = [];

    public UseMap(Block block)
    {
        _uses = new(block.AllBinders().Count);
        Visit(block);
    }

    private void Visit(Block block)
    {
        foreach (var stmt in block.Stmts)
        {
            foreach (var a in stmt.Reads) Add(a, block);
            foreach (var v in stmt.Outs) Extents(v);
            foreach (var v in stmt.Inner) Extents(v);
            if (stmt is For f) Extent(f.Dim.Extent);
            else foreach (var d in Dims(stmt)) Extent(d.Extent);
            if (stmt is Scatter s) foreach (var e in s.Extents) Extent(e);
            foreach (var inner in stmt.Blocks) Visit(inner);
        }
        foreach (var r in block.Results) Add(r, block);
    }

    private void Add(Atom atom, Block at)
    {
        if (atom is not Var v) return;
        _uses[v] = _uses.TryGetValue(v, out var use) ? (use.Count + 1, use.At) : (1, at);
    }

    private void Extents(Var v)
    {
        foreach (var e in v.Type.Extents) Extent(e);
    }

    private void Extent(Atom e)
    {
        if (e is Var v) _extents.Add(v);
    }

    public static Seq<Dim> Dims(Stmt stmt) => stmt switch
    {
        Build b => b.Dims,
        Reduce r => r.Dims,
        Scatter s => s.Dims,
        Lanes.Sums s => s.Dims,
        Lanes.GuardedSum s => [.. s.Outer, .. s.Dims],
        For f => [f.Dim],
        _ => [],
    };

    public int Count(Var v) => _uses.TryGetValue(v, out var use) ? use.Count : 0;
    public bool IsExtent(Var v) => _extents.Contains(v);
    public bool IsUsed(Var v) => _uses.ContainsKey(v) || _extents.Contains(v);

    /// <summary>Used once, by a statement of this very block, and not as an extent: the value can be written there.</summary>
    public bool IsOnceIn(Var v, Block block) =>
        _uses.TryGetValue(v, out var use) && use.Count == 1 && ReferenceEquals(use.At, block) && !_extents.Contains(v);
}
