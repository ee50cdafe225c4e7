using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

internal enum RegionKind { Function, Loop, Branch, Parallel }

/// <summary>One element of an array, by an index that is bound outside the region.</summary>
internal sealed record Element(Var Array, Seq<Atom> Index);

/// <summary>
/// A contribution that leaves parallel code: <c>adjoint of Array at [Index] += Value</c> for every point of <c>Dims</c>.
/// <c>Code</c> computes index and value in the scope of the region that holds the site; whoever emits it copies it.
/// </summary>
internal sealed record Site(Var Array, Seq<Dim> Dims, Seq<Stmt> Code, Seq<Atom> Index, Atom Value);

/// <summary>
/// The block whose adjoint is being written, and the adjoints known in it so far. What a contribution to a name bound outside
/// becomes depends on the kind of region it leaves:
/// <code>
///                      loop                     branch                      build, reduce, scatter
/// scalar               state, from 0            a result, 0 on the other    reduce + over the dims
/// array, element       the array is state       the array is a result       a site: one scatter
///   at an outer index  as a scalar, where a scatter takes it in the end (it may then be out of bounds with value 0)
/// array, whole         the array is state       the array is a result       one per element, summed: privatised
/// </code>
/// </summary>
internal sealed class Region(RegionKind kind, Region? parent, Builder builder)
{
    private readonly HashSet<Var> _locals = [];

    public RegionKind Kind { get; } = kind;
    public Region? Parent { get; } = parent;

    /// <summary>Where adjoint code goes.</summary>
    public Builder Builder { get; set; } = builder;

    /// <summary>The adjoint of a name, as far as contributed.</summary>
    public Dictionary<Var, Atom> Bars { get; } = [];
    public Dictionary<Element, Atom> Elements { get; } = [];
    public List<Site> Sites { get; } = [];

    /// <summary>In a loop: which name or element from outside has its adjoint carried, and the state that carries it.</summary>
    public List<(object Target, Var Param)> Carried { get; } = [];

    /// <summary>
    /// Names whose value is at hand under another name now: arrays that a reverse loop has restored, elements that their array
    /// still holds. Applied to adjoint code when it is appended; adjoints are always kept under the original name.
    /// </summary>
    public Substitution Now { get; } = new();

    /// <summary>Becomes part of <see cref="Now"/> after the statement that is being reversed.</summary>
    public List<(Var Name, Atom Is)> Pending { get; } = [];

    public void Bind(params IEnumerable<Var> names) => _locals.UnionWith(names);

    public bool Binds(Atom atom) => atom is Var v && (Kind == RegionKind.Function || _locals.Contains(v));

    public Var? Bar(Var name) => Bars.TryGetValue(name, out var bar) ? bar as Var : null;

    /// <summary>Must a contribution to the array leave this region as a site?</summary>
    public bool LeavesAsSite(Var array) => !Binds(array) && Kind switch
    {
        RegionKind.Parallel => true,
        RegionKind.Branch => Parent!.LeavesAsSite(array),
        _ => false,
    };

    /// <summary>
    /// May a zero be contributed at an index that is out of bounds? Only if it ends in a scatter: loops without trips and branches
    /// not taken contribute zeros where the function would not have read.
    /// </summary>
    public bool TakesAnywhere(Element e) =>
        !Binds(e.Array) && (LeavesAsSite(e.Array) || (!e.Index.Any(Binds) && Parent!.TakesAnywhere(e)));
}
