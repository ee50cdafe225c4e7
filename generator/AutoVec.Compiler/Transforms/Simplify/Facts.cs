using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Simplify;

/// <summary>
/// What is known of names while the function is walked in order: what they are equal to, what defines them, their affine forms,
/// the extents of indices. Bound names are unique, so all maps are flat.
/// </summary>
internal sealed class Facts
{
    private readonly Dictionary<Var, Atom> _known = [];
    private readonly Dictionary<Var, Stmt> _definitions;
    private readonly Dictionary<Var, Affine> _forms = [];
    private readonly Dictionary<Var, Atom> _extents = [];
    private readonly HashSet<Var> _sizes;
    private readonly Func<Atom, Affine> _form;

    public Facts(FunctionIr function)
    {
        _definitions = new(function.Body.AllBinders().Count);
        _sizes = [.. function.Sizes];
        _form = Form;
        Ranges = new Ranges(_form, Extent, v => _sizes.Contains(v) || Definition(v) is Compute c && c.Op == OpTable.Length, v => Definition(v));
    }

    public Ranges Ranges { get; }

    // ---- equality

    public void Learn(Var name, Atom value) => _known[name] = value;
    public void Forget(Var name) => _known.Remove(name);
    public bool Knows(Var name) => _known.ContainsKey(name);

    /// <summary>The simplest atom known to be equal; arrays get the types that follow from what is known of their extents.</summary>
    public Atom Resolve(Atom atom)
    {
        while (atom is Var v && _known.TryGetValue(v, out var to)) atom = to;
        return atom is Var { Type.IsArray: true } array ? Retype(array) : atom;
    }

    public Var Retype(Var v)
    {
        foreach (var e in v.Type.Extents)
            if (e is Var n && _known.ContainsKey(n)) return new Var(v.Name, new IrType(v.Type.Scalar, v.Type.Extents.Map(Resolve)));
        return v;
    }

    // ---- definitions

    public void Define(Stmt stmt)
    {
        foreach (var o in stmt.Outs) _definitions[o] = stmt;
        if (stmt is Compute c && Affine.OfCompute(c, _form) is { } form) _forms[c.Out] = form;
    }

    public Stmt? Definition(Atom atom) => atom is Var v && _definitions.TryGetValue(v, out var stmt) ? stmt : null;

    /// <summary><see cref="Form"/>, for those who pass it on.</summary>
    public Func<Atom, Affine> Forms => _form;

    public Affine Form(Atom atom) =>
        atom is Const c ? Affine.Of(c.AsInt) : _forms.TryGetValue((Var)atom, out var form) ? form : Affine.Of((Var)atom);

    // ---- indices

    public void Index(Dim dim) => _extents[dim.Index] = dim.Extent;
    public Atom? Extent(Var index) => _extents.TryGetValue(index, out var extent) ? extent : null;
}
