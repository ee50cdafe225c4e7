namespace AutoVec.Compiler.Ir;

/// <summary>
/// Replaces names by atoms, in types too: an extent is a name like any other. Binders keep their names (only their types
/// change) unless they are mapped to a name themselves.
/// </summary>
public sealed class Substitution
{
    private readonly Dictionary<Var, Atom> _map = [];
    private readonly Func<Var, Var> _binder;
    private readonly Func<Atom, Atom> _atom;
    private readonly Func<Block, Block> _block;
    private readonly Func<Stmt, Stmt> _stmt;

    public Substitution() => (_binder, _atom, _block, _stmt) = (Binder, Apply, Apply, Apply);

    public Substitution(IEnumerable<(Var From, Atom To)> pairs) : this()
    {
        foreach (var (from, to) in pairs) _map[from] = to;
    }

    public Atom this[Var name]
    {
        set => _map[name] = value;
    }

    public bool IsEmpty => _map.Count == 0;
    public bool Contains(Var name) => _map.ContainsKey(name);
    public bool TryGet(Var name, out Atom atom) => _map.TryGetValue(name, out atom!);

    public IrType Apply(IrType type) => type.IsArray ? new IrType(type.Scalar, type.Extents.Map(_atom)) : type;

    /// <summary>Follows chains (x → y → 0), as Simplify makes them.</summary>
    public Atom Apply(Atom atom)
    {
        if (atom is Window w) return w.Map(_atom);
        for (int links = 0; atom is Var v && _map.TryGetValue(v, out var to) && !to.Equals(v); atom = to)
            if (links++ > _map.Count) throw new InvalidOperationException($"the names {string.Join(", ", _map.Keys)} are replaced in a circle");
        return atom is Var { Type.IsArray: true } array && !_map.ContainsKey(array) ? Retyped(array) : atom;
    }

    /// <summary>A binder that keeps its name: only the extents in its type are replaced.</summary>
    public Var Retype(Var v) => v.Type.IsArray ? Retyped(v) : v;

    private Var Retyped(Var v)
    {
        foreach (var e in v.Type.Extents)
            if (e is Var n && _map.ContainsKey(n)) return new Var(v.Name, Apply(v.Type));
        return v;
    }

    private Var Binder(Var v) => _map.TryGetValue(v, out var to) && to is Var renamed ? renamed : v.Type.IsArray ? Retyped(v) : v;

    public Stmt Apply(Stmt stmt) => stmt.Map(_binder, _atom, _block);
    public Block Apply(Block block) => block.Of(block.Stmts.Replace(_stmt), block.Results.Replace(_atom));

    /// <summary>
    /// A copy of the block with fresh names for everything it binds. Free names are replaced by this substitution, which
    /// afterwards also maps every old binder to its new name.
    /// </summary>
    public Block Copy(Block block, Names names)
    {
        var binders = block.AllBinders().ToList();
        // Scalars first: extents are scalars, and the types of arrays mention them.
        foreach (var v in binders.Where(v => !v.Type.IsArray)) _map[v] = names.Fresh(v);
        foreach (var v in binders.Where(v => v.Type.IsArray)) _map[v] = names.Fresh(v.Name, Apply(v.Type));
        return Apply(block);
    }

    /// <summary>As <see cref="Copy(Block, Names)"/>, for one statement.</summary>
    public Stmt Copy(Stmt stmt, Names names) => Copy(new Block([stmt], []), names).Stmts[0];
}
