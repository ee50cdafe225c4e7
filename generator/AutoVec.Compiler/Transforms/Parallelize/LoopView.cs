using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>What the patterns ask about one loop: who defines, reads and varies what in its body.</summary>
internal sealed class LoopView
{
    private readonly Surroundings _around;
    private readonly Dependence _dependence;
    private readonly HashSet<Var> _inside;
    private readonly HashSet<Var> _varying;
    private readonly Dictionary<Var, Stmt> _top = [];
    private readonly Dictionary<Var, int> _uses;
    private readonly Dictionary<Var, List<Read>> _reads = [];

    public LoopView(For loop, Surroundings around)
    {
        Loop = loop;
        _around = around;
        Params = loop.State.Map(c => c.Param);
        _dependence = new Dependence(loop.Body);
        _varying = [loop.Dim.Index, .. Params];
        _inside = [.. loop.Body.AllBinders(), .. _varying];
        _uses = loop.Body.Uses();
        foreach (var stmt in loop.Body.Stmts)
            foreach (var o in stmt.Outs) _top[o] = stmt;
        foreach (var read in loop.Body.Walk().OfType<Read>())
        {
            if (!_reads.TryGetValue(read.Array, out var list)) _reads[read.Array] = list = [];
            list.Add(read);
        }
        Ranges = around.Ranges(Form, Definition);
    }

    public For Loop { get; }
    public Var Index => Loop.Dim.Index;
    public Atom Trips => Loop.Dim.Extent;
    public Seq<Stmt> Stmts => Loop.Body.Stmts;
    public Seq<Var> Params { get; }
    public Ranges Ranges { get; }

    public Var Param(int k) => Loop.State[k].Param;
    public Atom Init(int k) => Loop.State[k].Init;
    public Atom Next(int k) => Loop.Body.Results[k];
    public Var Result(int k) => Loop.Results[k];

    public int Uses(Atom atom) => atom is Var v && _uses.TryGetValue(v, out int n) ? n : 0;

    /// <summary>The statement that binds the atom, if it stands at the top of the body.</summary>
    public Stmt? Top(Atom atom) => atom is Var v && _top.TryGetValue(v, out var stmt) ? stmt : null;

    /// <summary>The reads of elements and slices of an array, at any depth of the body.</summary>
    public IReadOnlyList<Read> ReadsOf(Var array) => _reads.TryGetValue(array, out var list) ? list : [];

    /// <summary>Is it bound before the loop, so that code put in the loop's place may use it?</summary>
    public bool IsOutside(Atom atom) => atom is Window w ? IsOutside(w.From) && w.Extents.All(IsOutside) : atom is not Var v || !_inside.Contains(v);

    public bool IsOutside(Affine form) => form.Terms.All(t => IsOutside(t.Name));

    /// <summary>May the atom change from trip to trip?</summary>
    public bool Varies(Atom atom) => atom is Window w ? Varies(w.From) || w.Extents.Any(Varies) : _dependence.On(atom, _varying);

    public Affine Form(Atom atom) => Affine.Of(atom, Definition);

    private Stmt? Definition(Var name) => _dependence.Definition(name) ?? _around.Definition(name);

    public bool SameIndex(Seq<Atom> a, Seq<Atom> b)
    {
        for (int d = 0; d < a.Count; d++)
            if (!a[d].IsPosition() || !b[d].IsPosition() ? !a[d].Equals(b[d]) : !Form(a[d]).Equals(Form(b[d]))) return false;
        return true;
    }

    /// <summary>Is every entry that stands for one position provably inside its dimension?</summary>
    public bool IsInside(Var array, Seq<Atom> index)
    {
        for (int d = 0; d < index.Count; d++)
            if (index[d].IsPosition() && !Ranges.Inside(index[d], array.Type.Extents[d])) return false;
        return true;
    }
}
