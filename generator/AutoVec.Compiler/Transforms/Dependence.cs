using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms;

/// <summary>
/// What a name depends on, through the statements that bind it. A statement with blocks depends on all that its blocks read, and
/// so do its indices and loop state. Names bound outside the block it was made for depend on themselves only.
/// </summary>
public sealed class Dependence
{
    private readonly Dictionary<Var, Stmt> _definitions = [];
    private readonly Dictionary<Var, Stmt> _inner = [];

    public Dependence(params IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
            foreach (var stmt in block.Walk()) Add(stmt);
    }

    /// <summary>Adds one more statement, not what is inside it.</summary>
    public void Add(Stmt stmt)
    {
        foreach (var o in stmt.Outs) _definitions[o] = stmt;
        foreach (var v in stmt.Inner) _inner[v] = stmt;
    }

    public Stmt? Definition(Var name) => _definitions.TryGetValue(name, out var stmt) ? stmt : null;

    /// <summary>Does the atom depend on one of the names, or is it one?</summary>
    public bool On(Atom atom, ICollection<Var> names) => atom is Var v && On(v, names, []);

    private bool On(Var name, ICollection<Var> names, HashSet<Var> visited)
    {
        if (names.Contains(name)) return true;
        if (!visited.Add(name)) return false;
        if (!_definitions.TryGetValue(name, out var stmt) && !_inner.TryGetValue(name, out stmt)) return false;
        if (stmt is Nested)
        {
            foreach (var v in stmt.Free())
                if (On(v, names, visited)) return true;
            return false;
        }
        foreach (var a in stmt.Reads)
            if (a is Var v && On(v, names, visited)) return true;
        return false;
    }
}
