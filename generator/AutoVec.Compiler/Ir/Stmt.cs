using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Ir;

/// <summary>A parallel or counted dimension: <c>i &lt; n</c>, i from 0. A negative extent counts as 0.</summary>
public sealed record Dim(Var Index, Atom Extent)
{
    public override string ToString() => $"{Index}<{Extent}";
}

/// <summary>One piece of loop state: the name inside the body, and its value at entry.</summary>
public sealed record Carry(Var Param, Atom Init);

/// <summary>Statements and what they yield.</summary>
public sealed record Block(Seq<Stmt> Stmts, Seq<Atom> Results);

/// <summary>
/// A statement in A-normal form. Every pass matches on these records; the generic surface (<see cref="Outs"/>,
/// <see cref="Reads"/>, <see cref="Blocks"/>, <see cref="Inner"/>, <see cref="Map"/>) serves the analyses that treat all alike.
/// </summary>
public abstract record Stmt
{
    /// <summary>The names it binds for the statements after it.</summary>
    public abstract Seq<Var> Outs { get; }

    /// <summary>The atoms it reads itself, extents of its dims included, those of its blocks not.</summary>
    public abstract Seq<Atom> Reads { get; }

    /// <summary>Nested blocks, in order of evaluation.</summary>
    public virtual Seq<Block> Blocks => [];

    /// <summary>The names it binds for its blocks: indices and loop state.</summary>
    public virtual Seq<Var> Inner => [];

    /// <summary>The same statement with every binder, own atom and nested block replaced.</summary>
    public abstract Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block);

    /// <summary>A list of one name, made once; no part of the statement's value.</summary>
    private protected struct Single : IEquatable<Single>
    {
        private Seq<Var> _list;

        public Seq<Var> Of(Var name) => _list.Count == 1 && ReferenceEquals(_list[0], name) ? _list : _list = [name];
        public readonly bool Equals(Single other) => true;
        public override readonly bool Equals(object? obj) => obj is Single;
        public override readonly int GetHashCode() => 0;
    }

    private protected static Seq<Dim> MapDims(Seq<Dim> dims, Func<Var, Var> binder, Func<Atom, Atom> atom) =>
        dims.Map(d => new Dim(binder(d.Index), atom(d.Extent)));

    private protected static Seq<Carry> MapState(Seq<Carry> state, Func<Var, Var> binder, Func<Atom, Atom> atom) =>
        state.Map(c => new Carry(binder(c.Param), atom(c.Init)));
}

/// <summary><c>x = op a b ...</c>: a scalar op from the table.</summary>
public sealed record Compute(Var Out, Op Op, Seq<Atom> Args) : Stmt
{
    private Single _outs;
    public override Seq<Var> Outs => _outs.Of(Out);
    public override Seq<Atom> Reads => Args;
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Compute(binder(Out), Op, Args.Map(atom));
}

/// <summary><c>x = a[i, :]</c>: an element, or with <see cref="All"/> a slice (a view: no copy is implied).</summary>
public sealed record Read(Var Out, Var Array, Seq<Atom> Index) : Stmt
{
    private Single _outs;
    public override Seq<Var> Outs => _outs.Of(Out);
    public override Seq<Atom> Reads => Index.Reads(Array);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Read(binder(Out), (Var)atom(Array), Index.MapIndex(atom));
}

/// <summary><c>a' = a with [i, :] = v</c>: consumes a. v is a slice where the index has <see cref="All"/>.</summary>
public sealed record Write(Var Out, Var Array, Seq<Atom> Index, Atom Value) : Stmt
{
    private Single _outs;
    public override Seq<Var> Outs => _outs.Of(Out);
    public override Seq<Atom> Reads => Index.Reads(Array, Value);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Write(binder(Out), (Var)atom(Array), Index.MapIndex(atom), atom(Value));
}

/// <summary><c>a' = a at [i, :] += v</c>: as <see cref="Write"/>, but adds. Sequential code only.</summary>
public sealed record Accumulate(Var Out, Var Array, Seq<Atom> Index, Atom Value) : Stmt
{
    private Single _outs;
    public override Seq<Var> Outs => _outs.Of(Out);
    public override Seq<Atom> Reads => Index.Reads(Array, Value);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Accumulate(binder(Out), (Var)atom(Array), Index.MapIndex(atom), atom(Value));
}

/// <summary><c>x, y = build i&lt;n, j&lt;m { ... yield e, g }</c>: arrays of extents n, m, then those of the element. Parallel.</summary>
public sealed record Build(Seq<Var> Results, Seq<Dim> Dims, Block Body) : Stmt
{
    public override Seq<Var> Outs => Results;
    public override Seq<Atom> Reads => Dims.Map(d => d.Extent);
    public override Seq<Block> Blocks => [Body];
    public override Seq<Var> Inner => Dims.Map(d => d.Index);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Build(Results.Map(binder), MapDims(Dims, binder, atom), block(Body));
}

public enum ReduceKind { Sum, Product, Max, Min, ArgMax, ArgMin }

/// <summary>
/// <c>x = reduce + i&lt;n { ... yield e }</c>: a scalar. Parallel, any association. The empty sum is 0, product 1, max -inf
/// (or the least integer), min inf, argmax and argmin -1; argmax is the position, in lexicographic order, of the first
/// element greater than all before it. Max and min propagate NaN as Math.Max does.
/// </summary>
public sealed record Reduce(Var Out, ReduceKind Kind, Seq<Dim> Dims, Block Body) : Stmt
{
    private Single _outs;
    public override Seq<Var> Outs => _outs.Of(Out);
    public override Seq<Atom> Reads => Dims.Map(d => d.Extent);
    public override Seq<Block> Blocks => [Body];
    public override Seq<Var> Inner => Dims.Map(d => d.Index);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Reduce(binder(Out), Kind, MapDims(Dims, binder, atom), block(Body));
}

/// <summary>
/// <c>x = scatter [n, m] i&lt;p { ... yield at, at2, e }</c>: a fresh array of zeros, then += in lexicographic order of the dims.
/// An index out of bounds is allowed only with value 0 (a guarded contribution).
/// </summary>
public sealed record Scatter(Var Out, Seq<Atom> Extents, Seq<Dim> Dims, Block Body) : Stmt
{
    private Single _outs;
    public override Seq<Var> Outs => _outs.Of(Out);
    public override Seq<Atom> Reads => [.. Extents, .. Dims.Map(d => d.Extent)];
    public override Seq<Block> Blocks => [Body];
    public override Seq<Var> Inner => Dims.Map(d => d.Index);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Scatter(binder(Out), Extents.Map(atom), MapDims(Dims, binder, atom), block(Body));
}

/// <summary><c>s = loop (s0 = init) for i&lt;n { ... yield s1 }</c>: sequential, carries state.</summary>
public sealed record For(Seq<Var> Results, Seq<Carry> State, Dim Dim, Block Body) : Stmt
{
    public override Seq<Var> Outs => Results;
    public override Seq<Atom> Reads => [.. State.Map(c => c.Init), Dim.Extent];
    public override Seq<Block> Blocks => [Body];

    /// <summary>Printed after <c>for</c>: <c>for host i&lt;n</c>.</summary>
    public LoopPlace Place { get; init; }
    public override Seq<Var> Inner => [Dim.Index, .. State.Map(c => c.Param)];
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new For(Results.Map(binder), MapState(State, binder, atom), new Dim(binder(Dim.Index), atom(Dim.Extent)), block(Body)) { Place = Place };
}

/// <summary>Where a counted loop over many elements runs; Flatten decides, and the reverse of a loop runs where the loop does.</summary>
public enum LoopPlace { Undecided, Host, Thread }

/// <summary><c>s = loop (s0 = init) while { ... yield c } { ... yield s1 }</c>.</summary>
public sealed record While(Seq<Var> Results, Seq<Carry> State, Block Condition, Block Body) : Stmt
{
    public override Seq<Var> Outs => Results;
    public override Seq<Atom> Reads => State.Map(c => c.Init);
    public override Seq<Block> Blocks => [Condition, Body];
    public override Seq<Var> Inner => State.Map(c => c.Param);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new While(Results.Map(binder), MapState(State, binder, atom), block(Condition), block(Body));
}

/// <summary><c>x = if c { ... yield e } else { ... yield g }</c>: one side runs.</summary>
public sealed record If(Seq<Var> Results, Atom Condition, Block Then, Block Else) : Stmt
{
    public override Seq<Var> Outs => Results;
    public override Seq<Atom> Reads => [Condition];
    public override Seq<Block> Blocks => [Then, Else];
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new If(Results.Map(binder), atom(Condition), block(Then), block(Else));
}

/// <summary>
/// <c>x = call F a b ...</c>: of a function in <see cref="FunctionIr.Callees"/>; gone after Inline. <c>g = call grad F a b</c> calls
/// its derivative.
/// </summary>
public sealed record Call(Seq<Var> Results, string Function, Seq<Atom> Args) : Stmt
{
    /// <summary>Which derivative of the function is called; null: the function itself.</summary>
    public Derivation? Derivation { get; init; }

    public override Seq<Var> Outs => Results;
    public override Seq<Atom> Reads => Args;
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new Call(Results.Map(binder), Function, Args.Map(atom)) { Derivation = Derivation };
}
