using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// Writes IR as C# statements, one thread of execution, at any depth: what is used once is written where it is used, loop state
/// lives in mutable locals, array updates happen in place where nothing reads the old version any more, and otherwise copy.
/// </summary>
/// <remarks>
/// Never silently wrong: an index is checked before the load unless <see cref="Ranges"/> proves it, and a read is not moved
/// over a write. Everything that depends on the kind of C# goes through <see cref="Dialect"/>.
/// </remarks>
public partial class BodyEmitter
{
    private readonly Dictionary<Var, (Expr Value, bool Reads)> _pending = [];
    private readonly List<Region> _regions = [];
    private readonly Dictionary<Var, int> _depth = [];
    private readonly HashSet<Var> _sizes;
    private Block _block;
    private Liveness? _live;

    /// <param name="function">The method's name, for messages.</param>
    /// <param name="body">All that will be emitted, for the analyses.</param>
    /// <param name="sizes">Names that are array lengths, hence never negative.</param>
    public BodyEmitter(string function, Dialect dialect, Identifiers names, Block body, IEnumerable<Var> sizes, CodeWriter to)
    {
        FunctionName = function;
        Dialect = dialect;
        Names = names;
        Out = to;
        Uses = new UseMap(body);
        // A copy: Ranges add what is known where this code is called.
        Definitions = new(body.Definitions());
        _sizes = [.. sizes];
        Ranges = new Ranges(Definitions, IsSize);
        Ranges.Push();
        _block = body;
        _regions.Add(new Region());
    }

    public string FunctionName { get; }
    public Dialect Dialect { get; }
    public Identifiers Names { get; }
    public CodeWriter Out { get; protected set; }

    /// <summary>The position in the batch, as C# text, for messages.</summary>
    public string Sample { get; set; } = "-1";

    /// <summary>The source of a name, written above the loop that computes it.</summary>
    public Func<string, string?> Source { get; set; } = _ => null;

    /// <summary>The block whose statements are being written.</summary>
    private protected Block CurrentBlock => _block;

    /// <summary>Will its value be written where it is used?</summary>
    private protected bool IsPutOff(Var v) => _pending.ContainsKey(v);

    protected UseMap Uses { get; }
    protected Dictionary<Var, Stmt> Definitions { get; }
    private protected Ranges Ranges { get; }
    protected Dictionary<Var, Expr> Scalars { get; } = [];
    protected Dictionary<Var, ArrayPlace> Arrays { get; } = [];

    /// <summary>A stretch of code that runs again and again. What its iterations share is declared before it.</summary>
    private sealed class Region
    {
        public CodeWriter Before { get; } = new();
        public string? Mark { get; set; }
        public int Rented { get; set; }
    }

    // ---- names

    /// <summary>The name stands for this C# expression.</summary>
    public virtual void Bind(Var v, Expr value)
    {
        Scalars[v] = value;
        _depth[v] = _regions.Count - 1;
    }

    public void Bind(Var v, ArrayPlace value)
    {
        Arrays[v] = value;
        _depth[v] = _regions.Count - 1;
    }

    /// <summary>Another method sees the same names.</summary>
    internal void ShareWith(BodyEmitter other)
    {
        foreach (var s in Scalars) other.Bind(s.Key, s.Value);
        foreach (var a in Arrays) other.Bind(a.Key, a.Value with { Memories = [new Memory(false)] });
        other.Ranges.Inherit(Ranges);
        other.Sample = Sample;
    }

    /// <summary>The locals and parameters that names are bound to, with their C# types.</summary>
    internal IEnumerable<(string Type, string Name)> Locals() =>
        Arrays.Select(a => (Dialect.ArrayType(a.Value.Element), a.Value.Name))
            .Concat(Scalars.Where(s => char.IsLetter(s.Value.Text[0]) || s.Value.Text[0] is '_' or '@')
                .Where(s => s.Value.Text.All(c => char.IsLetterOrDigit(c) || c is '_' or '@'))
                .Select(s => (CSharp.Of(s.Key.Type.Scalar), s.Value.Text)));

    public ArrayPlace ArrayOf(Atom a) => Arrays[(Var)a];

    /// <summary>The value of a scalar, here and now. A value that was put off is handed out once.</summary>
    protected virtual Expr Use(Atom atom)
    {
        if (atom is Const c) return Expr.Number(Literals.Of(c));
        var v = (Var)atom;
        if (!_pending.TryGetValue(v, out var put)) return Scalars.TryGetValue(v, out var bound) ? bound : throw Unbound(v);
        _pending.Remove(v);
        return put.Value;
    }

    private InvalidOperationException Unbound(Var v) => new($"{FunctionName}: '{v}' is emitted before it is defined");

    /// <summary>A constant or the name of a local: may be written more than once.</summary>
    protected virtual Expr Stable(Atom atom)
    {
        if (atom is not Var v) return Use(atom);
        if (_pending.TryGetValue(v, out var put))
        {
            _pending.Remove(v);
            Declare(v, put.Value);
        }
        return Scalars.TryGetValue(v, out var bound) ? bound : throw Unbound(v);
    }

    protected void Declare(Var v, Expr value)
    {
        string name = Names.Fresh(v.Base);
        Out.Declare($"{ValueType(v)} {name} = {value};");
        Bind(v, Expr.Name(name));
    }

    /// <summary>The C# type of one value of the name.</summary>
    private protected virtual string ValueType(Var v) => CSharp.Of(v.Type.Scalar);

    /// <summary>The value, in the form in which <paramref name="target"/> is held.</summary>
    protected virtual Expr ValueFor(Var target, Atom value) => Use(value);

    /// <summary>Binds the name, to a local or, where it is used but once, to be written there.</summary>
    protected void Define(Var v, Expr value, bool reads, bool movable)
    {
        if (movable && value.Text.Length <= 70 && Uses.IsOnceIn(v, _block)) _pending[v] = (value, reads);
        else Declare(v, value);
    }

    /// <summary>Memory is about to change: loads that were put off happen now, but for those that happen before the change anyway.</summary>
    protected void Barrier(IEnumerable<Atom>? except = null)
    {
        foreach (var p in _pending.Where(p => p.Value.Reads && !(except ?? []).Contains(p.Key)).ToList())
        {
            _pending.Remove(p.Key);
            Declare(p.Key, p.Value.Value);
        }
    }

    /// <summary>The value is written there in a form of its own.</summary>
    protected void TakeOver(Var v) => _pending.Remove(v);

    protected bool PendingReads(IEnumerable<Atom> atoms) =>
        atoms.Any(a => a is Var v && _pending.TryGetValue(v, out var put) && put.Reads);

    /// <summary>Is it never negative: the length of an argument, or a checked one?</summary>
    private protected bool IsSize(Var v) => _sizes.Contains(v) || Definitions.TryGetValue(v, out var stmt) && stmt is Compute c && c.Op == OpTable.Length;

    // ---- blocks

    /// <summary>A whole block that yields one scalar, handed to <paramref name="use"/>.</summary>
    public void Result(Block block, Action<string> use) => Block(block, () => use(Use(block.Results[0]).Text));

    /// <summary>What runs in order; a host's block consists of stages.</summary>
    protected virtual IReadOnlyList<(IReadOnlyList<Stmt> Stmts, Action Emit)> Items(Block block) =>
        block.Stmts.Select(s => ((IReadOnlyList<Stmt>)[s], (Action)(() => Statement(s)))).ToList();

    /// <summary>The statements of a block, then <paramref name="yield"/>, which uses its results.</summary>
    /// <param name="again">Names that another run of the block will read.</param>
    public void Block(Block block, Action yield, IEnumerable<Var>? again = null)
    {
        var (outerBlock, outerLive) = (_block, _live);
        var items = Items(block);
        _block = block;
        var live = _live = new Liveness(outerLive, items.Select(i => i.Stmts), block.Results, again ?? []);
        var outerPending = _pending.Keys.ToList();
        Ranges.Push();
        for (int k = 0; k < items.Count; k++)
        {
            live.MoveTo(k);
            items[k].Emit();
        }
        live.MoveTo(items.Count);
        yield();
        Ranges.Pop();
        // What was put off and never used is dead; its text would be out of scope from here on.
        foreach (var v in _pending.Keys.Except(outerPending).ToList()) _pending.Remove(v);
        (_block, _live) = (outerBlock, outerLive);
    }

    protected void Statement(Stmt stmt)
    {
        if (!stmt.Outs.Any(Uses.IsUsed) && IsTotal(stmt)) return;
        if (WritesMemory(stmt)) Barrier(TakesOperandsFirst(stmt) ? stmt.Reads : []);
        switch (stmt)
        {
            case Compute c: Compute(c); break;
            case Read r: Read(r); break;
            case Write w: Update(w.Out, w.Array, w.Index, w.Value, accumulate: false); break;
            case Accumulate a: Update(a.Out, a.Array, a.Index, a.Value, accumulate: true); break;
            case Build b: Build(b); break;
            case Reduce r: Reduce(r); break;
            case Scatter s: Scatter(s); break;
            case For f: For(f); break;
            case While w: While(w); break;
            case If i: If(i); break;
            default: Other(stmt); break;
        }
    }

    /// <summary>A statement that is none of the IR's own.</summary>
    protected virtual void Other(Stmt stmt) => throw new NotSupportedException($"{FunctionName}: a {stmt.GetType().Name} cannot be emitted");

    private bool TakesOperandsFirst(Stmt stmt) => stmt switch
    {
        Write w => IsConsumed(w.Array),
        Accumulate a => IsConsumed(a.Array),
        Ir.For or Ir.While => true,
        _ => false,
    };

    private static bool IsTotal(Stmt stmt) => stmt is Compute c && c.Op.IsTotal || stmt is Read r && r.Index.All(i => !i.IsPosition());

    /// <summary>May it overwrite what a load that was put off still has to see?</summary>
    private protected virtual bool WritesMemory(Stmt stmt) => stmt.Walk().Any(s =>
        s is Ir.Write or Ir.Accumulate or Ir.Build or Ir.Scatter || s is Ir.For or Ir.While && s.Inner.Any(v => v.Type.IsArray));

    // ---- scalars

    protected virtual void Compute(Compute c)
    {
        if (c.Op.IsTotal && !c.Args.IsEmpty && c.Args.All(a => a is Const))
        {
            // Folded here, since C# rejects constant expressions that overflow.
            Bind(c.Out, Expr.Number(Literals.Of(c.Op.Evaluate(c.Args.Map(a => (Const)a)))));
            return;
        }
        if (c.Op.Fault is { } fault)
        {
            Check(c, fault);
            return;
        }
        bool reads = PendingReads(c.Args);
        var args = c.Args.Select(a => !c.Op.IsTotal && a is Const k ? Hidden(k) : Use(a)).ToList();
        Define(c.Out, Apply(c.Op, args, c.Args[c.Args.Count - 1].Type.Scalar), reads, movable: c.Op.IsTotal);
    }

    /// <summary>A check: the violation first, then the value. Of constants alone it would be unreachable code.</summary>
    private void Check(Compute c, Fault fault)
    {
        var args = c.Args.Select(a => a is Const k && c.Args.All(b => b is Const) ? Hide(k) : Stable(a)).ToList();
        string condition = fault.Condition;
        for (int k = 0; k < args.Count; k++) condition = condition.Replace($"{{{k}}}", args[k].At(Precedence.Primary));
        Dialect.Violation(Out, condition, new Violated(FunctionName, c.Out.Base, args[0].Text, args[args.Count - 1].Text, Sample) { Kind = fault.Kind });
        if (c.Op == OpTable.Length && c.Args[0].Type == IrType.I32) Bind(c.Out, args[0]);
        else Define(c.Out, Apply(c.Op, args, c.Args[c.Args.Count - 1].Type.Scalar), reads: false, movable: true);
    }

    /// <summary>C# rejects a division by a constant zero, which here must throw when it runs.</summary>
    private Expr Hidden(Const c)
    {
        return c.AsLong != 0 ? Use(c) : Hide(c);
    }

    /// <summary>A constant that the C# compiler does not know.</summary>
    private Expr Hide(Const c)
    {
        string name = Names.Fresh(c.Is(0) ? "zero" : "constant");
        Out.Declare($"{CSharp.Of(c.Scalar)} {name} = {Literals.Of(c)};");
        return Expr.Name(name);
    }

    protected Expr Apply(Op op, IReadOnlyList<Expr> args, Scalar last) => Spelling.Fill(Dialect.Spell(op), args, hole => hole switch
    {
        "T" => CSharp.Of(last),
        "M" => last == Scalar.F32 ? "MathF" : "Math",
        _ => throw new FormatException($"unknown placeholder {{{hole}}} in the spelling of {op}"),
    });

    // ---- regions

    /// <summary>A loop whose header is known after its body.</summary>
    private protected void Repeat(Func<string> header, Action body)
    {
        var region = new Region();
        var (outer, inner) = (Out, new CodeWriter());
        _regions.Add(region);
        Out = inner;
        body();
        if (region.Mark is { } mark)
        {
            if (ReleaseText(mark) is { } release) Out.Line(release);
            Out.Prepend($"{MarkKeyword} {mark} = {MarkText};");
        }
        Out = outer;
        _regions.RemoveAt(_regions.Count - 1);
        Out.Append(region.Before);
        Out.Nest(header(), inner);
    }

    private readonly Dictionary<Var, (string First, string End)> _between = [];

    /// <summary>Of this dimension, only a range is to be run.</summary>
    private protected void Between(Dim dim, string first, string end) => _between[dim.Index] = (first, end);

    private protected (string First, string End)? BetweenOf(Dim dim) => _between.TryGetValue(dim.Index, out var range) ? range : null;

    /// <summary>Nested counted loops.</summary>
    private protected virtual void Loops(IReadOnlyList<Dim> dims, Action body, int d = 0)
    {
        if (d == dims.Count)
        {
            body();
            return;
        }
        string n = Extent(dims[d].Extent).At(Precedence.Relational + 1), first = "0";
        if (_between.TryGetValue(dims[d].Index, out var range)) (first, n) = range;
        string i = Names.Fresh(dims[d].Index.Base);
        Repeat(() => $"for (int {i} = {first}; {i} < {n}; {i}++)", () =>
        {
            Bind(dims[d].Index, Expr.Name(i));
            Ranges.Enter(dims[d]);
            Loops(dims, body, d + 1);
            Ranges.Leave(dims[d]);
        });
    }
}
