using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Ir;

/// <summary>Appends statements in order, inferring the types of what they bind.</summary>
public sealed class Builder(Names names)
{
    private readonly List<Stmt> _stmts = [];

    public Names Names { get; } = names;
    public IReadOnlyList<Stmt> Stmts => _stmts;

    /// <summary>A builder for a nested block that draws from the same names.</summary>
    public Builder Nested() => new(Names);

    public Block Block(params IEnumerable<Atom> results) => new(_stmts.ToSeq(), results.ToSeq());

    public void Append(Stmt stmt) => _stmts.Add(stmt);
    public void Append(IEnumerable<Stmt> stmts) => _stmts.AddRange(stmts);

    public Var Fresh(string like, IrType type) => Names.Fresh(like, type);

    public Var Compute(Op op, IEnumerable<Atom> args, string name = "t")
    {
        var list = args.ToSeq();
        var o = Fresh(name, op.TypeOf(list.Map(a => a.Type)));
        _stmts.Add(new Compute(o, op, list));
        return o;
    }

    public Var Compute(Op op, Atom a, string name = "t") => Compute(op, [a], name);
    public Var Compute(Op op, Atom a, Atom b, string name = "t") => Compute(op, [a, b], name);
    public Var Compute(Op op, Atom a, Atom b, Atom c, string name = "t") => Compute(op, [a, b, c], name);

    /// <summary>An element or a slice; the array itself for an empty index.</summary>
    public Var Read(Var array, IEnumerable<Atom> index, string name = "v")
    {
        var list = index.ToSeq();
        if (list.IsEmpty) return array;
        var o = Fresh(name, SliceType(array.Type, list));
        _stmts.Add(new Read(o, array, list));
        return o;
    }

    public Var Write(Var array, IEnumerable<Atom> index, Atom value, string? name = null)
    {
        var o = Fresh(name ?? array.Name, array.Type);
        _stmts.Add(new Write(o, array, index.ToSeq(), value));
        return o;
    }

    public Var Accumulate(Var array, IEnumerable<Atom> index, Atom value, string? name = null)
    {
        var o = Fresh(name ?? array.Name, array.Type);
        _stmts.Add(new Accumulate(o, array, index.ToSeq(), value));
        return o;
    }

    public Seq<Var> Build(IEnumerable<Dim> dims, Block body, string name = "a")
    {
        var list = dims.ToSeq();
        var outs = body.Results.Map(r => Fresh(name, r.Type.Under(list.Map(d => d.Extent))));
        _stmts.Add(new Build(outs, list, body));
        return outs;
    }

    /// <summary>An array by its elements; for no extents the element itself.</summary>
    public Atom Build(IEnumerable<Atom> extents, Func<Builder, Seq<Var>, Atom> element, string name = "a")
    {
        var dims = extents.Select(n => new Dim(Fresh("i", IrType.I32), n)).ToSeq();
        if (dims.IsEmpty) return element(this, []);
        var b = Nested();
        var e = element(b, dims.Map(d => d.Index));
        return Build(dims, b.Block(e), name)[0];
    }

    /// <summary>An array of zeros, or the scalar zero.</summary>
    public Atom Zeros(IrType type, string name = "z") => Build(type.Extents, (_, _) => Const.Of(type.Scalar, 0), name);

    /// <summary>An array whose entries are written before they are read.</summary>
    public Var Room(IrType type, string name) => (Var)Build(type.Extents, (_, _) => Const.Undefined(type.Scalar), name);

    public Var Reduce(ReduceKind kind, IEnumerable<Dim> dims, Block body, string name = "r")
    {
        var o = Fresh(name, kind is ReduceKind.ArgMax or ReduceKind.ArgMin ? IrType.I32 : body.Results[0].Type);
        _stmts.Add(new Reduce(o, kind, dims.ToSeq(), body));
        return o;
    }

    public Var Scatter(IEnumerable<Atom> extents, IEnumerable<Dim> dims, Block body, string name = "s")
    {
        var list = extents.ToSeq();
        var o = Fresh(name, body.Results[^1].Type.Element.Under(list));
        _stmts.Add(new Scatter(o, list, dims.ToSeq(), body));
        return o;
    }

    public Seq<Var> For(IEnumerable<Carry> state, Dim dim, Block body, string? name = null, LoopPlace place = LoopPlace.Undecided)
    {
        var list = state.ToSeq();
        var outs = list.Map(c => Fresh(name ?? c.Param.Name, c.Param.Type));
        _stmts.Add(new For(outs, list, dim, body) { Place = place });
        return outs;
    }

    public Seq<Var> While(IEnumerable<Carry> state, Block condition, Block body, string? name = null)
    {
        var list = state.ToSeq();
        var outs = list.Map(c => Fresh(name ?? c.Param.Name, c.Param.Type));
        _stmts.Add(new While(outs, list, condition, body));
        return outs;
    }

    public Seq<Var> If(Atom condition, Block then, Block otherwise, string name = "y")
    {
        var outs = then.Results.Map(r => Fresh(name, r.Type));
        _stmts.Add(new If(outs, condition, then, otherwise));
        return outs;
    }

    public static IrType SliceType(IrType array, Seq<Atom> index) =>
        new(array.Scalar, array.Extents(index).ToSeq());
}
