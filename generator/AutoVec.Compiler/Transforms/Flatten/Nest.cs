using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>
/// The code of one element of <c>build Dims</c>, while it is being distributed. What was pulled out is a statement of the host
/// over Dims; what is left is the element's own code, in source names: every emission copies what it needs of it.
/// Invariant: nothing but loads, views and integer index arithmetic is ever computed twice. What else a later statement needs is
/// materialised by the emission that computes it first.
/// </summary>
internal sealed partial class Nest
{
    private readonly Fission _pass;
    private readonly Builder _host;
    private readonly Seq<Dim> _dims;

    /// <summary>Element code that is free to repeat, of the nests around.</summary>
    private readonly List<Stmt> _outer = [];
    private readonly List<Stmt> _own = [];

    /// <summary>Names that differ from element to element.</summary>
    private readonly HashSet<Var> _varying;

    /// <summary>Names of <see cref="_own"/> that must not be computed twice.</summary>
    private readonly HashSet<Var> _heavy = [];

    /// <summary>An array of the element ↦ the host's array of all of them, Dims in front.</summary>
    private readonly Dictionary<Var, Var> _arrays = [];

    /// <summary>The last statement of the block that mentions the name; <see cref="int.MaxValue"/> for what it yields.</summary>
    private Dictionary<Var, int> _lastUse = [];

    public Nest(Fission pass, Builder host, Seq<Dim> dims)
    {
        (_pass, _host, _dims) = (pass, host, dims);
        _varying = [.. dims.Map(d => d.Index)];
    }

    /// <summary>A nest inside: it sees the free code of this one.</summary>
    private Nest Inner(Builder host, Seq<Dim> dims)
    {
        var inner = new Nest(_pass, host, [.. _dims, .. dims]);
        inner._outer.AddRange(_outer.Concat(_own).Where(s => !s.Outs.Any(_heavy.Contains)));
        inner._varying.UnionWith(_varying);
        return inner;
    }

    private IEnumerable<Atom> Indices => _dims.Map(d => d.Index);
    private Seq<Atom> Extents => _dims.Map(d => d.Extent);

    private bool Varies(Atom a) => a is Window w ? Varies(w.From) || w.Extents.Any(Varies) : a is Var v && _varying.Contains(v);
    private bool Varies(Seq<Dim> dims) => dims.Any(d => Varies(d.Extent));
    private bool Irregular(Stmt s) => s.Outs.Any(o => o.Type.Extents.Any(Varies));

    private void Light(Stmt s)
    {
        _own.Add(s);
        _varying.UnionWith(s.Outs);
        if (!IsFree(s)) _heavy.UnionWith(s.Outs);
    }

    /// <summary>Loads, views, index arithmetic: repeated wherever needed.</summary>
    private bool IsFree(Stmt s) => !s.Free().Any(_heavy.Contains) && s switch
    {
        Read => true,
        Build b => IsFill(b),
        Compute c => c.Op.IsTotal && !c.Args.Any(a => a.Type.IsFloat),
        _ => false,
    };

    // ---- what is left

    /// <summary>The element code that the results need.</summary>
    public Block Rest(Seq<Atom> results) => new([.. Needed(_own, new Block([], results))], results);

    /// <summary>Rest, with the code of the nests around.</summary>
    private Block Whole(IEnumerable<Stmt> tail, Seq<Atom> results)
    {
        var end = new Block(tail.ToSeq(), results);
        return new([.. Needed([.. _outer, .. _own], end), .. end.Stmts], results);
    }

    private static List<Stmt> Needed(List<Stmt> code, Block end)
    {
        var needed = new HashSet<Var>(end.Free());
        var kept = new List<Stmt>();
        for (int k = code.Count - 1; k >= 0; k--)
        {
            if (!code[k].Outs.Any(needed.Contains)) continue;
            kept.Add(code[k]);
            needed.UnionWith(code[k].Free());
        }
        kept.Reverse();
        return kept;
    }

    /// <summary>The host's array that holds exactly this result of every element, if there is one already or the result is an array.</summary>
    public Var? Existing(Atom result)
    {
        if (result is not Var v) return null;
        if (v.Type.IsArray) return HostArray(v);
        var load = _own.OfType<Read>().FirstOrDefault(r => r.Out.Equals(v));
        return load is not null && load.Index == Indices.ToSeq() && load.Array.Type.Extents == Extents && !_varying.Contains(load.Array) ? load.Array : null;
    }

    // ---- emissions

    /// <summary>
    /// Computes <paramref name="results"/> for all elements, one build over Dims. What it computes on the way and statements after
    /// <paramref name="at"/> still need is materialised too, and loaded from then on.
    /// </summary>
    /// <param name="like">What the results are called after; their own names if not given.</param>
    private Seq<Var> Emit(int at, IEnumerable<Stmt> tail, Seq<Atom> results, Seq<Var>? like = null)
    {
        var body = Whole(tail, results);
        var spent = body.Stmts.Where(s => s.Outs.Any(_heavy.Contains) && _own.Contains(s, Same.Instance)).ToList();
        var later = LiveAfter(at, spent);
        var extra = spent.SelectMany(s => s.Outs).Where(o => later.Contains(o) && !results.Contains(o)).Cast<Atom>().ToSeq();
        var outs = Copied(_dims, new Block(body.Stmts, [.. results, .. extra]), (dims, copy) => _host.BuildNamed(dims, copy, like));
        var array = new Dictionary<Var, Var>();
        foreach (var (x, a) in results.Concat(extra).Zip(outs, (x, a) => (x, a)))
            if (x is Var v) array[v] = a;
        foreach (var s in spent)
        {
            int place = _own.FindIndex(t => ReferenceEquals(t, s));
            _own.RemoveAt(place);
            foreach (var o in s.Outs.Where(o => later.Contains(o) && array.ContainsKey(o)))
            {
                _own.Insert(place, new Read(o, array[o], Indices.ToSeq()));
                _heavy.Remove(o);
            }
        }
        return outs.Take(results.Count).ToSeq();
    }

    /// <summary>The names that later statements, or element code kept for them, read; code already spent does not count.</summary>
    private HashSet<Var> LiveAfter(int at, List<Stmt> spent)
    {
        var live = new HashSet<Var>(_lastUse.Where(p => p.Value > at).Select(p => p.Key));
        foreach (var s in Enumerable.Reverse(_own))
            if (s.Outs.Any(live.Contains) && !spent.Contains(s, Same.Instance)) live.UnionWith(s.Free());
        return live;
    }

    /// <summary>Hands a copy of body, under fresh dims, to make.</summary>
    private T Copied<T>(Seq<Dim> dims, Block body, Func<Seq<Dim>, Block, T> make)
    {
        var fresh = new Substitution();
        var copies = dims.Map(d =>
        {
            var index = _pass.Names.Fresh(d.Index);
            fresh[d.Index] = index;
            return new Dim(index, d.Extent);
        });
        return make(copies, fresh.Copy(body, _pass.Names));
    }

    /// <summary>An array over Dims and further extents, element by element; the element code may only need what is free.</summary>
    private Var EmitElements(Seq<Atom> extents, Func<Builder, Seq<Var>, Atom> element)
    {
        var b = new Builder(_pass.Names);
        var at = extents.Map(_ => b.Fresh("k", IrType.I32));
        var result = element(b, at);
        var dims = _dims.Concat(at.Zip(extents, (k, n) => new Dim(k, n))).ToSeq();
        return Copied(dims, Whole(b.Stmts, [result]), (d, copy) => _host.BuildNamed(d, copy))[0];
    }

    /// <summary>Materialises, in one build, what the statement reads and must not be computed twice.</summary>
    private void Spill(int at, Stmt s)
    {
        var names = s.Free().Where(_heavy.Contains).Cast<Atom>().ToSeq();
        if (!names.IsEmpty) Emit(at - 1, [], names);
    }

    /// <summary>A result of an emission: loaded, or viewed, by the code that follows.</summary>
    private void Bind(Var local, Var array)
    {
        if (local.Type.IsArray) _arrays[local] = array;
        Light(new Read(local, array, [.. Indices, .. local.Type.Extents.Map(_ => All.Dimension)]));
    }

    /// <summary>The host's array that holds this array of every element, if there is one: computed here, or seen by the nests around.</summary>
    private Var? OfAll(Var local)
    {
        if (_arrays.TryGetValue(local, out var known)) return known;
        Seq<Atom> whole = [.. Indices, .. local.Type.Extents.Map(_ => All.Dimension)];
        return _outer.Concat(_own).OfType<Read>().FirstOrDefault(r => r.Out.Equals(local) && r.Index == whole && !Varies(r.Array))?.Array;
    }

    /// <summary>The host's array of an array of the element: the one it was computed into, else a copy for every element.</summary>
    private Var HostArray(Var local) => _arrays.TryGetValue(local, out var known) ? known
        : EmitElements(local.Type.Extents, (b, at) => b.Read(local, at, local.Name));

    private sealed class Same : IEqualityComparer<Stmt>
    {
        public static readonly Same Instance = new();
        public bool Equals(Stmt? x, Stmt? y) => ReferenceEquals(x, y);
        public int GetHashCode(Stmt s) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(s);
    }
}
