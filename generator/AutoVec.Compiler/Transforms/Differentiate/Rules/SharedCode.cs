using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// The code of a parallel region is copied once for each contribution that leaves it, which is right for a few scalar ops. Where it
/// holds a loop or a reduction that several contributions need (or one, at more points than the region has), what they need
/// of it is computed once, by a build over the region's dims, and read by each.
/// </summary>
internal sealed class SharedCode(IReadOnlyList<Stmt> code, Seq<Dim> dims, Names names)
{
    private readonly HashSet<Var> _bound = new(code.SelectMany(s => s.Outs));
    private readonly HashSet<Var> _expensive = Expensive(code);
    private readonly List<Var> _roots = [];
    private readonly Substitution _read = new();
    private int _users;

    /// <summary>The region's code, after <see cref="Materialise"/> with the reads of what was computed once in front.</summary>
    public Seq<Stmt> Code { get; private set; } = code.ToSeq();

    public Stmt Apply(Stmt stmt) => _read.IsEmpty ? stmt : _read.Apply(stmt);
    public Atom Apply(Atom atom) => _read.IsEmpty ? atom : _read.Apply(atom);

    /// <summary>Registers a contribution: its own dims, its own code, and the atoms it yields.</summary>
    public void Root(Seq<Dim> own, IEnumerable<Stmt> stmts, params IEnumerable<Atom> results)
    {
        var needs = new Block(stmts.ToSeq(), results.ToSeq()).Free().Where(_expensive.Contains).ToList();
        if (needs.Count == 0) return;
        _users += own.IsEmpty ? 1 : 2;
        _roots.AddRange(needs.Where(v => !v.Type.Extents.Any(e => e is Var n && _bound.Contains(n))));
    }

    public void Root(Seq<Dim> own, params IEnumerable<Atom> results) => Root(own, [], results);

    public void Materialise(Builder outer)
    {
        var roots = _roots.Distinct().ToSeq();
        if (_users < 2 || roots.IsEmpty) return;
        var map = new Substitution();
        var at = dims.Map(d => new Dim(names.Fresh(d.Index), d.Extent));
        for (int k = 0; k < dims.Count; k++) map[dims[k].Index] = at[k].Index;
        var body = map.Copy(Simplify.DeadCode.Remove(new Block(Code, roots.Map(r => (Atom)r)), out _), names);
        var made = outer.Build(at, body, "bar");

        var reads = outer.Nested();
        for (int k = 0; k < roots.Count; k++)
            _read[roots[k]] = reads.Read(made[k],
                [.. dims.Map(d => d.Index), .. Enumerable.Repeat<Atom>(All.Dimension, roots[k].Type.Rank)], roots[k].Name);
        Code = [.. reads.Stmts, .. Code];
    }

    private static HashSet<Var> Expensive(IEnumerable<Stmt> code)
    {
        var names = new HashSet<Var>();
        foreach (var stmt in code)
            if (stmt.Walk().Any(s => s is For or While or Reduce or Build or Scatter or Call) || stmt.Free().Any(names.Contains))
                names.UnionWith(stmt.Outs);
        return names;
    }
}
