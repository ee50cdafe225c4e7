using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>What loops need to know of the function around them.</summary>
internal sealed class Surroundings
{
    private readonly Dictionary<Var, Stmt> _definitions;
    private readonly Dictionary<Var, Atom> _extents = [];
    private readonly HashSet<Var> _sizes;
    private readonly HashSet<Var> _decided;

    /// <param name="function">The function as it is now.</param>
    /// <param name="decided">The indices of loops that have been tried already and stay as they are; copies are added.</param>
    public Surroundings(FunctionIr function, HashSet<Var> decided)
    {
        _definitions = function.Body.Definitions();
        _sizes = [.. function.Sizes];
        _decided = decided;
        Names = new Names(function);
        foreach (var stmt in function.Body.Walk())
            foreach (var d in DimsOf(stmt)) _extents[d.Index] = d.Extent;
    }

    public Names Names { get; }

    public Stmt? Definition(Var name) => _definitions.TryGetValue(name, out var stmt) ? stmt : null;

    /// <param name="form">The affine form of an atom.</param>
    /// <param name="definition">What binds a name.</param>
    public Ranges Ranges(Func<Atom, Affine> form, Func<Var, Stmt?> definition) =>
        new(form, v => _extents.TryGetValue(v, out var extent) ? extent : null, _sizes.Contains, definition);

    public bool IsDecided(For loop) => _decided.Contains(loop.Dim.Index);
    public void Decide(For loop) => _decided.Add(loop.Dim.Index);

    /// <summary>A copy with fresh names; loops that stay sequential do so in the copy.</summary>
    public Block Copy(Block block, Substitution with)
    {
        var copy = with.Copy(block, Names);
        foreach (var loop in block.Walk().OfType<For>())
            if (IsDecided(loop)) _decided.Add((Var)with.Apply(loop.Dim.Index));
        return copy;
    }

    private static IEnumerable<Dim> DimsOf(Stmt stmt) => stmt switch
    {
        Build b => b.Dims,
        Reduce r => r.Dims,
        Scatter s => s.Dims,
        For f => [f.Dim],
        _ => [],
    };
}
