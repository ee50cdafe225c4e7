using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Ir;

/// <summary>A parallel or counted dimension: <c>i &lt; n</c>, i from 0. A negative extent counts as 0.</summary>
public sealed record Dim(Var Index, Atom Extent)
{
    internal Dim Map(Func<Var, Var> binder, Func<Atom, Atom> atom)
    {
        var (index, extent) = (binder(Index), atom(Extent));
        return ReferenceEquals(index, Index) && ReferenceEquals(extent, Extent) ? this : new(index, extent);
    }

    public override string ToString() => $"{Index}<{Extent}";
}

/// <summary>One piece of loop state: the name inside the body, and its value at entry.</summary>
public sealed record Carry(Var Param, Atom Init);

/// <summary>Statements and what they yield.</summary>
public sealed record Block(Seq<Stmt> Stmts, Seq<Atom> Results)
{
    internal Memo<BlockFacts> Facts;

    private Block(Block original) => (Stmts, Results) = (original.Stmts, original.Results);

    /// <summary>These statements and results; this very block where they are its own.</summary>
    internal Block Of(Seq<Stmt> stmts, Seq<Atom> results) => stmts.IsSame(Stmts) && results.IsSame(Results) ? this : new(stmts, results);
}

/// <summary>Something found out about a value that never changes, and kept with it; no part of the value. A copy by <c>with</c> must not keep it.</summary>
internal struct Memo<T> : IEquatable<Memo<T>> where T : class
{
    public T? Known;
    public readonly bool Equals(Memo<T> other) => true;
    public override readonly bool Equals(object? obj) => obj is Memo<T>;
    public override readonly int GetHashCode() => 0;
}

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

    /// <summary>The same statement with every binder, own atom and nested block replaced; this very one where all stay the very same.</summary>
    public abstract Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block);

    private protected static Seq<Dim> MapDims(Seq<Dim> dims, Func<Var, Var> binder, Func<Atom, Atom> atom)
    {
        var mapped = dims;
        for (int k = 0; k < dims.Count; k++)
        {
            var dim = dims[k].Map(binder, atom);
            if (!ReferenceEquals(dim, dims[k])) mapped = mapped.With(k, dim);
        }
        return mapped;
    }

    private protected static Seq<Carry> MapState(Seq<Carry> state, Func<Var, Var> binder, Func<Atom, Atom> atom)
    {
        var mapped = state;
        for (int k = 0; k < state.Count; k++)
        {
            var (param, init) = (binder(state[k].Param), atom(state[k].Init));
            if (!ReferenceEquals(param, state[k].Param) || !ReferenceEquals(init, state[k].Init)) mapped = mapped.With(k, new(param, init));
        }
        return mapped;
    }
}

/// <summary>A statement without blocks that binds one name.</summary>
public abstract record Simple(Var Out) : Stmt
{
    private Memo<Lists> _lists;

    private sealed class Lists(Seq<Var> outs, Seq<Atom> reads)
    {
        public readonly Seq<Var> Outs = outs;
        public readonly Seq<Atom> Reads = reads;
    }

    protected Simple(Simple original) : base(original) => Out = original.Out;

    private Lists All => _lists.Known ??= new([Out], List());
    public sealed override Seq<Var> Outs => All.Outs;
    public sealed override Seq<Atom> Reads => All.Reads;

    private protected abstract Seq<Atom> List();
}

/// <summary>A statement with blocks.</summary>
public abstract record Nested : Stmt
{
    private Memo<Lists> _lists;
    internal Memo<NestedFacts> Facts;

    private protected sealed record Lists(Seq<Var> Outs, Seq<Atom> Reads, Seq<Block> Blocks, Seq<Var> Inner);

    protected Nested() { }
    protected Nested(Nested original) : base(original) { }

    private Lists All => _lists.Known ??= List();
    public sealed override Seq<Var> Outs => All.Outs;
    public sealed override Seq<Atom> Reads => All.Reads;
    public sealed override Seq<Block> Blocks => All.Blocks;
    public sealed override Seq<Var> Inner => All.Inner;

    private protected abstract Lists List();
}

/// <summary><c>x = op a b ...</c>: a scalar op from the table.</summary>
public sealed record Compute(Var Out, Op Op, Seq<Atom> Args) : Simple(Out)
{
    private protected override Seq<Atom> List() => Args;
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (x, args) = (binder(Out), Args.Replace(atom));
        return ReferenceEquals(x, Out) && args.IsSame(Args) ? this : new Compute(x, Op, args);
    }
}

/// <summary><c>x = a[i, :]</c>: an element, or with <see cref="All"/> a slice (a view: no copy is implied).</summary>
public sealed record Read(Var Out, Var Array, Seq<Atom> Index) : Simple(Out)
{
    private protected override Seq<Atom> List() => Index.Reads(Array);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (x, array, index) = (binder(Out), (Var)atom(Array), Index.MapIndex(atom));
        return ReferenceEquals(x, Out) && ReferenceEquals(array, Array) && index.IsSame(Index) ? this : new Read(x, array, index);
    }
}

/// <summary><c>a' = a with [i, :] = v</c>: consumes a. v is a slice where the index has <see cref="All"/>.</summary>
public sealed record Write(Var Out, Var Array, Seq<Atom> Index, Atom Value) : Simple(Out)
{
    private protected override Seq<Atom> List() => Index.Reads(Array, Value);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (x, array, index, value) = (binder(Out), (Var)atom(Array), Index.MapIndex(atom), atom(Value));
        return ReferenceEquals(x, Out) && ReferenceEquals(array, Array) && index.IsSame(Index) && ReferenceEquals(value, Value) ? this
            : new Write(x, array, index, value);
    }
}

/// <summary><c>a' = a at [i, :] += v</c>: as <see cref="Write"/>, but adds. Sequential code only.</summary>
public sealed record Accumulate(Var Out, Var Array, Seq<Atom> Index, Atom Value) : Simple(Out)
{
    private protected override Seq<Atom> List() => Index.Reads(Array, Value);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (x, array, index, value) = (binder(Out), (Var)atom(Array), Index.MapIndex(atom), atom(Value));
        return ReferenceEquals(x, Out) && ReferenceEquals(array, Array) && index.IsSame(Index) && ReferenceEquals(value, Value) ? this
            : new Accumulate(x, array, index, value);
    }
}

/// <summary><c>x, y = build i&lt;n, j&lt;m { ... yield e, g }</c>: arrays of extents n, m, then those of the element. Parallel.</summary>
public sealed record Build(Seq<Var> Results, Seq<Dim> Dims, Block Body) : Nested
{
    private protected override Lists List() => new(Results, Dims.Map(d => d.Extent), [Body], Dims.Map(d => d.Index));
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (results, dims, body) = (Results.Replace(binder), MapDims(Dims, binder, atom), block(Body));
        return results.IsSame(Results) && dims.IsSame(Dims) && ReferenceEquals(body, Body) ? this : new Build(results, dims, body);
    }
}

public enum ReduceKind { Sum, Product, Max, Min, ArgMax, ArgMin }

/// <summary>
/// <c>x = reduce + i&lt;n { ... yield e }</c>: a scalar. Parallel, any association. The empty sum is 0, product 1, max -inf
/// (or the least integer), min inf, argmax and argmin -1; argmax is the position, in lexicographic order, of the first
/// element greater than all before it. Max and min propagate NaN as Math.Max does.
/// </summary>
public sealed record Reduce(Var Out, ReduceKind Kind, Seq<Dim> Dims, Block Body) : Nested
{
    private protected override Lists List() => new([Out], Dims.Map(d => d.Extent), [Body], Dims.Map(d => d.Index));
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (x, dims, body) = (binder(Out), MapDims(Dims, binder, atom), block(Body));
        return ReferenceEquals(x, Out) && dims.IsSame(Dims) && ReferenceEquals(body, Body) ? this : new Reduce(x, Kind, dims, body);
    }
}

/// <summary>
/// <c>x = scatter [n, m] i&lt;p { ... yield at, at2, e }</c>: a fresh array of zeros, then += in lexicographic order of the dims.
/// An index out of bounds is allowed only with value 0 (a guarded contribution).
/// </summary>
public sealed record Scatter(Var Out, Seq<Atom> Extents, Seq<Dim> Dims, Block Body) : Nested
{
    private protected override Lists List() => new([Out], [.. Extents, .. Dims.Map(d => d.Extent)], [Body], Dims.Map(d => d.Index));
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (x, extents, dims, body) = (binder(Out), Extents.Replace(atom), MapDims(Dims, binder, atom), block(Body));
        return ReferenceEquals(x, Out) && extents.IsSame(Extents) && dims.IsSame(Dims) && ReferenceEquals(body, Body) ? this
            : new Scatter(x, extents, dims, body);
    }
}

/// <summary><c>s = loop (s0 = init) for i&lt;n { ... yield s1 }</c>: sequential, carries state.</summary>
public sealed record For(Seq<Var> Results, Seq<Carry> State, Dim Dim, Block Body) : Nested
{
    /// <summary>Printed after <c>for</c>: <c>for host i&lt;n</c>.</summary>
    public LoopPlace Place { get; init; }

    private protected override Lists List() =>
        new(Results, [.. State.Map(c => c.Init), Dim.Extent], [Body], [Dim.Index, .. State.Map(c => c.Param)]);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (results, state, dim, body) = (Results.Replace(binder), MapState(State, binder, atom), Dim.Map(binder, atom), block(Body));
        return results.IsSame(Results) && state.IsSame(State) && ReferenceEquals(dim, Dim) && ReferenceEquals(body, Body) ? this
            : new For(results, state, dim, body) { Place = Place };
    }
}

/// <summary>Where a counted loop over many elements runs; Flatten decides, and the reverse of a loop runs where the loop does.</summary>
public enum LoopPlace { Undecided, Host, Thread }

/// <summary><c>s = loop (s0 = init) while { ... yield c } { ... yield s1 }</c>.</summary>
public sealed record While(Seq<Var> Results, Seq<Carry> State, Block Condition, Block Body) : Nested
{
    private protected override Lists List() => new(Results, State.Map(c => c.Init), [Condition, Body], State.Map(c => c.Param));
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (results, state, condition, body) = (Results.Replace(binder), MapState(State, binder, atom), block(Condition), block(Body));
        return results.IsSame(Results) && state.IsSame(State) && ReferenceEquals(condition, Condition) && ReferenceEquals(body, Body) ? this
            : new While(results, state, condition, body);
    }
}

/// <summary><c>x = if c { ... yield e } else { ... yield g }</c>: one side runs.</summary>
public sealed record If(Seq<Var> Results, Atom Condition, Block Then, Block Else) : Nested
{
    /// <summary>Both sides compute the same; the second is for who has no use for what the first is faster by.</summary>
    public bool IsForSpeed { get; init; }

    private protected override Lists List() => new(Results, [Condition], [Then, Else], []);
    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block)
    {
        var (results, condition, then, otherwise) = (Results.Replace(binder), atom(Condition), block(Then), block(Else));
        return results.IsSame(Results) && ReferenceEquals(condition, Condition) && ReferenceEquals(then, Then) && ReferenceEquals(otherwise, Else) ? this
            : new If(results, condition, then, otherwise) { IsForSpeed = IsForSpeed };
    }
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
