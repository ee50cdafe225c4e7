using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// A body over lanes: what differs between lanes is a vector (V of the kernel's float type, VI of int, a mask V for bool), what
/// does not stays scalar and is broadcast where they meet. A lane without an element repeats element 0, so every lane always
/// computes with real data, and only stores and sums know how many there are.
/// </summary>
internal sealed partial class LaneEmitter : BodyEmitter
{
    private readonly LaneAnalysis _lanes;
    private readonly Var _lane;
    private readonly string _start;
    private readonly CodeWriter _top;

    /// <summary>The index of the lanes of each vector, where it starts, and, once it is needed, the vector of it.</summary>
    private readonly Dictionary<Var, (Expr Start, string? Index)> _starts = [];
    private string? _mask;
    private bool _atStart;
    private bool _needsLane;

    /// <summary>How many loops around end at another trip in each lane: a lane that has left one proves nothing about its indices.</summary>
    private int _uneven;

    /// <summary>Of indices in active lanes: at least 0 where no extent is named, else below it.</summary>
    private readonly List<(Atom Index, Atom? Below)> _held = [];

    /// <summary>Indices in which the lanes that are masked hold 0.</summary>
    private readonly HashSet<Var> _sane = [];

    /// <summary>Of lengths that differ between lanes, the greatest.</summary>
    private readonly Dictionary<Var, string> _most = [];

    /// <param name="start">The local that holds the index of lane 0.</param>
    /// <param name="top">The start of the method, for what is needed in several blocks.</param>
    public LaneEmitter(string function, Identifiers names, Block body, IEnumerable<Var> sizes, LaneAnalysis lanes, Var lane, string start,
        CodeWriter top, CodeWriter to) : base(function, new CpuDialect(), names, body, sizes, to)
    {
        _lanes = lanes;
        _lane = lane;
        _start = start;
        _top = top;
        _starts[lane] = (Expr.Name(start), null);
    }

    /// <summary>The vectors side by side that the step is for; null: one.</summary>
    public Jam? Jam { get; init; }

    /// <summary>Which sums may take in a product with one rounding; null: none.</summary>
    public Contractible? Contractible { get; init; }

    /// <summary>Which roots are their reciprocals; null: none.</summary>
    public Roots? Roots { get; init; }

    /// <summary>The factors of products that are still to be written.</summary>
    private readonly Dictionary<Var, (Expr Left, Expr Right)> _factors = [];

    /// <summary>Is the lane variable the sample?</summary>
    public bool LaneIsSample { get; init; }

    private string FloatName => _lanes.Float == Scalar.F32 ? "F32" : "F64";
    private bool Varies(Atom a) => a is Var v && _sane.Contains(v) || _lanes.Varies(a);

    private static string VectorType(Scalar s) => s == Scalar.I32 ? "VI" : "V";

    private protected override string ValueType(Var v) => Varies(v) ? VectorType(v.Type.Scalar) : base.ValueType(v);

    protected override Expr ValueFor(Var target, Atom value) => Varies(target) ? Lane(value) : Use(value);

    private Atom? _laneExtent;

    public void Enter(Dim lane)
    {
        _laneExtent = lane.Extent;
        Ranges.Enter(lane);
        for (int c = 1; c < Jam?.Lanes.Count; c++)
        {
            var index = Jam.Lanes[c];
            _starts[index] = (Expr.Infix(Expr.Name(_start), "+", Expr.Name(c == 1 ? "V.Count" : $"{c} * V.Count")), null);
            Ranges.Enter(new Dim(index, lane.Extent));
        }
    }

    /// <summary>Of these indices the caller knows that they are at least 0, or below an extent.</summary>
    public void Hold(IEnumerable<(Atom Index, Atom? Below)> known)
    {
        foreach (var (index, below) in known) Ranges.Hold(index, below);
    }

    /// <summary>Memory that the step rented goes back when it ends.</summary>
    public void Finish(CodeWriter top)
    {
        if (!RentsOutside) return;
        string mark = Names.Fresh("mark");
        top.Prepend($"var {mark} = Scratch.Mark();");
        Out.Line($"Scratch.Release({mark});");
    }

    /// <summary>The end of a step of a reduction: lanes without an element must not count.</summary>
    public void Return(Reduce r, string neutral)
    {
        var e = Lane(r.Body.Results[0]);
        Out.Line(r.Kind is ReduceKind.Sum or ReduceKind.Product ? $"return Lanes.Keep({e}, lanes, {neutral});" : $"return {e};");
    }

    /// <summary>A local with what a reduction takes in: in a lane without an element, what changes nothing.</summary>
    public string Kept(Reduce r, Atom element, string neutral)
    {
        string name = Names.Fresh(r.Out.Base);
        var e = Lane(element);
        Out.Declare($"V {name} = {(r.Kind is ReduceKind.Sum or ReduceKind.Product ? $"Lanes.Keep({e}, lanes, {neutral})" : e.Text)};");
        return name;
    }

    // ---- values

    protected override Expr Use(Atom atom)
    {
        if (!Varies(atom)) return base.Use(atom);
        if (_atStart) return StartOf(atom);
        return IsLane(atom) ? LaneIndex((Var)atom) : base.Use(atom);
    }

    protected override Expr Stable(Atom atom)
    {
        if (!Varies(atom)) return base.Stable(atom);
        if (_atStart) return StartOf(atom);
        return IsLane(atom) ? LaneIndex((Var)atom) : base.Stable(atom);
    }

    private bool IsLane(Atom a) => a is Var v && _starts.ContainsKey(v);

    /// <summary>The index of each lane's element.</summary>
    private Expr LaneIndex(Var lane)
    {
        var (start, index) = _starts[lane];
        if (index is null)
        {
            index = Names.Fresh(_start + "Lanes");
            _starts[lane] = (start, index);
            _top.Declare($"Lanes.Index({start}, lanes, out VI {index});");
        }
        return Expr.Name(index);
    }

    /// <summary>The form of an index that counts the lanes of a vector, and which vector's; null if it is none.</summary>
    private (Affine Form, Var Lane)? Counter(Atom index)
    {
        foreach (var lane in _starts.Keys)
            if (LaneRead.AffineIn(index, lane, Varies, Definitions) is { } form) return (form, lane);
        return null;
    }

    private LaneRead Way(Seq<Atom> index, ArrayPlace place) =>
        LaneRead.Of(index, place.Strides, index.Select(Counter).FirstOrDefault(c => c is not null)?.Lane ?? _lane, Varies, Definitions);

    /// <summary>An affine index at lane 0, as a scalar.</summary>
    private Expr StartOf(Atom atom)
    {
        var (form, lane) = Counter(atom) ?? throw new InvalidOperationException($"'{atom}' is not affine in '{_lane}'");
        var sum = Zero;
        foreach (var t in form.Terms.OrderBy(t => t.Value < 0 ? 1 : 0).ThenBy(t => t.Key.Equals(lane) ? 0 : 1))
        {
            var name = t.Key.Equals(lane) ? _starts[lane].Start : base.Stable(t.Key);
            var term = Times(Expr.Number(Literals.Of((int)Math.Abs(t.Value))), name);
            sum = t.Value < 0 ? Expr.Infix(sum, "-", term) : Plus(sum, term);
        }
        if (form.Constant == 0) return sum;
        var constant = Expr.Number(Literals.Of((int)Math.Abs(form.Constant)));
        return form.Constant < 0 ? Expr.Infix(sum, "-", constant) : Plus(sum, constant);
    }

    /// <summary>The value in every lane.</summary>
    private Expr Lane(Atom atom) => Varies(atom) ? Use(atom) : Broadcast(Use(atom), atom);

    private static Expr Broadcast(Expr value, Atom atom)
    {
        if (atom.Type.Scalar == Scalar.Bool)
            return Expr.Name(value.Text switch
            {
                "true" => "V.AllBitsSet",
                "false" => "V.Zero",
                _ => $"({value.At(Precedence.OrElse)} ? V.AllBitsSet : V.Zero)",
            });
        if (atom.Type.Scalar == Scalar.F16) return Expr.Name($"VX.Create((float){value.At(Precedence.Unary)})");
        bool zero = atom is Const c && c.Is(0);
        if (atom.Type.Scalar == Scalar.I32) return Expr.Name(zero ? "VI.Zero" : $"VIX.Create({value})");
        return Expr.Name(zero ? "V.Zero" : $"VX.Create({value})");
    }

    private Expr ApplyLanes(Op op, IReadOnlyList<Expr> args, IrType last) =>
        Fill(op.SimdFor(last) ?? throw new InvalidOperationException($"{op} has no lanes"), args);

    private Expr Fill(string template, IReadOnlyList<Expr> args) => Spelling.Fill(template, args, hole => hole switch
    {
        "VX" or "VIX" => hole,
        "F" => FloatName,
        "A" => _mask is null ? "VI.AllBitsSet" : $"Lanes.MaskI32({_mask})",
        _ => throw new FormatException($"unknown placeholder {{{hole}}} in the lane spelling '{template}'"),
    });

    protected override void Compute(Compute c)
    {
        if (!Varies(c.Out))
        {
            // The place of a loop that runs backwards has been bound where it began.
            if (!c.Args.Any(Varies)) base.Compute(c);
            return;
        }
        var last = c.Args[c.Args.Count - 1].Type;
        if (c.Out.Type == IrType.I32 && Counter(c.Out) is not null)
        {
            // An index that counts the lanes is mostly needed at lane 0 only: no local for its vector.
            Bind(c.Out, ApplyLanes(c.Op, c.Args.Select(a => Varies(a) ? Use(a) : Broadcast(base.Stable(a), a)).ToList(), last));
            return;
        }
        if (c.Op.Fault is { } fault)
        {
            Check(c, fault, last);
            return;
        }
        bool reads = PendingReads(c.Args);
        if (Inverse(c) is { } inverse)
        {
            Define(c.Out, inverse, reads, movable: true);
            return;
        }
        if (Better(c) is { } better)
        {
            Define(c.Out, better, reads, movable: true);
            return;
        }
        if (Contracted(c) is { } sum)
        {
            Define(c.Out, sum, reads, movable: c.Op.IsTotal);
            return;
        }
        var factors = c.Op == OpTable.Neg ? Factors(c.Args[0]) : null;
        if (factors is { } product && IsNegative(product.Left))
        {
            TakeOver((Var)c.Args[0]);
            _factors[c.Out] = (Negative(product.Left), product.Right);
            Define(c.Out, Expr.Infix(Negative(product.Left), "*", product.Right), reads, movable: true);
            return;
        }
        var operands = c.Args.Select(Lane).ToList();
        Define(c.Out, ApplyLanes(c.Op, operands, last), reads, movable: c.Op.IsTotal);
        if (c.Op == OpTable.Mul && c.Out.Type.IsFloat) _factors[c.Out] = (operands[0], operands[1]);
        else if (factors is { } f) _factors[c.Out] = (Negative(f.Left), f.Right);
    }

    /// <summary><c>a &lt; b ? a : b</c> is one instruction, that does not wait for the comparison; null where it is another choice.</summary>
    private Expr? Better(Compute c)
    {
        if (c.Op != OpTable.Select || !c.Out.Type.IsFloat || c.Args[0] is not Var test || !Definitions.TryGetValue(test, out var stmt)) return null;
        if (stmt is not Compute compared || compared.Op != OpTable.Lt && compared.Op != OpTable.Gt || !compared.Args.Any(Varies)) return null;
        bool straight = compared.Args[0].Equals(c.Args[1]) && compared.Args[1].Equals(c.Args[2]);
        if (!straight && !(compared.Args[0].Equals(c.Args[2]) && compared.Args[1].Equals(c.Args[1]))) return null;
        if (IsPutOff(test)) TakeOver(test);
        var (a, b) = (StableLane(c.Args[1]), StableLane(c.Args[2]));
        return Expr.Name($"Lanes.{(compared.Op == OpTable.Lt == straight ? "Lesser" : "Greater")}({a}, {b})");
    }

    private Expr StableLane(Atom atom) => Varies(atom) ? Stable(atom) : Broadcast(Stable(atom), atom);

    // ---- 1 / √x

    private bool IsInverse(Atom a) => a is Var v && Varies(v) && Roots?.IsInverse(v) == true;

    /// <summary>The reciprocal of a root or of a multiple of one, or what is divided by it: by a product; null where it is none.</summary>
    private Expr? Inverse(Compute c)
    {
        if (c.Op == OpTable.Div && IsInverse(c.Args[1]))
        {
            if (c.Args[0] is Const one && Math.Abs(one.AsDouble) == 1) return one.Is(1) ? Use(c.Args[1]) : Negative(Use(c.Args[1]));
            return Expr.Infix(Lane(c.Args[0]), "*", Use(c.Args[1]));
        }
        if (!IsInverse(c.Out)) return null;
        if (c.Op == OpTable.Sqrt) return Expr.Name($"VMath.ReciprocalSqrt({Use(c.Args[0])})");
        return c.Op == OpTable.Neg ? Negative(Use(c.Args[0])) : Expr.Infix(Broadcast(Expr.Number(Literals.Of(Roots.Factor(c)!)), c.Args[0]), "*", Use(c.Args.OfType<Var>().First()));
    }

    // ---- a * b + c

    private (Expr Left, Expr Right)? Factors(Atom a) => a is Var v && IsPutOff(v) && _factors.TryGetValue(v, out var f) ? f : null;

    private static bool IsNegative(Expr e) => e.Text.StartsWith("-", StringComparison.Ordinal) && e.Binds == Precedence.Unary;

    private static Expr Negative(Expr e) => IsNegative(e)
        ? Expr.Name(e.Text.Substring(1)) : new Expr($"-{e.At(Precedence.Unary)}", Precedence.Unary);

    /// <summary>A sum or difference with one rounding; null where there is no product in it, or it may not be.</summary>
    private Expr? Contracted(Compute c)
    {
        if (Contractible is null || !c.Out.Type.IsFloat || c.Args.Count != 2) return null;
        for (int k = 1; k >= 0; k--)
        {
            if (Factors(c.Args[k]) is not { } f || !Contractible.Allows(c, (Var)c.Args[k])) continue;
            TakeOver((Var)c.Args[k]);
            var other = Lane(c.Args[1 - k]);
            bool minus = c.Op == OpTable.Sub;
            return MultiplyAdd(minus && k == 1 ? (Negative(f.Left), f.Right) : f, minus && k == 0 ? Negative(other) : other);
        }
        return null;
    }

    private static Expr MultiplyAdd((Expr Left, Expr Right) product, Expr sum) =>
        Expr.Name($"VX.MultiplyAddEstimate({product.Left}, {product.Right}, {sum})");

    /// <summary>A running total and one more element; with one rounding also where something is decided by it, if the order is not that of plain C# anyway.</summary>
    private Expr Added(ReduceKind kind, Var sum, Atom e, string total, bool isReordered = false)
    {
        if (kind == ReduceKind.Sum && sum.Type.IsFloat && Factors(e) is { } f && Contractible is { } rules && (isReordered || rules.AllowsInSum(sum)))
        {
            TakeOver((Var)e);
            return MultiplyAdd(f, Expr.Name(total));
        }
        return ApplyLanes(Combine(kind), [Expr.Name(total), Lane(e)], sum.Type);
    }

    /// <summary>A check of all active lanes.</summary>
    private void Check(Compute c, Fault fault, IrType last)
    {
        var args = c.Args.Select(a => Varies(a) ? Stable(a) : Broadcast(base.Stable(a), a)).ToList();
        string template = (last == IrType.I32 ? fault.LanesInt : fault.Lanes) ?? throw new InvalidOperationException($"{c.Op} has no lanes");
        string bad = Names.Fresh("bad"), active = _mask is null ? "" : $" & {_mask}";
        if (_mask is not null) _needsLane = true;
        Out.Declare($"V {bad} = {Fill(template, args)}{active};");
        string lane = $"Lanes.First({bad})", sample = LaneIsSample ? $"{_start} + {lane}" : Sample;
        var what = new Violated(FunctionName, c.Out.Base, $"{args[0].At(Precedence.Primary)}[{lane}]", $"{args[args.Count - 1].At(Precedence.Primary)}[{lane}]", sample);
        Out.Line($"if (Lanes.Any({bad})) throw {(what with { Kind = fault.Kind }).Exception};");
        Define(c.Out, ApplyLanes(c.Op, args, last), reads: false, movable: true);
    }

    // ---- lengths

    public override void Bind(Var v, Expr value)
    {
        base.Bind(v, value);
        if (v.Type != IrType.I32 || IsLane(v) || !Uses.IsExtent(v) || !Varies(v)) return;
        string most = Names.Fresh("most" + char.ToUpperInvariant(v.Base[0]) + v.Base.Substring(1));
        Out.Declare($"int {most} = Lanes.Most({(_mask is null ? value : Active(value))});");
        _most[v] = most;
    }

    /// <summary>The value in active lanes, 0 in the others.</summary>
    private Expr Active(Expr value) => Expr.Name($"VIX.ConditionalSelect(Lanes.MaskI32({_mask}), {value}, VI.Zero)");

    /// <summary>Memory reaches as far as the longest lane needs.</summary>
    private protected override Expr Extent(Atom extent) =>
        !Varies(extent) ? base.Extent(extent)
        : extent.Equals(_lane) ? Expr.Infix(Expr.Infix(Expr.Name(_start), "+", Expr.Name("lanes")), "-", One)
        : Expr.Name(_most[(Var)extent]);

    // ---- memory

    private protected override void Store(ArrayPlace place, Seq<Atom> at, Var result, Atom value)
    {
        if (!at.Any(Varies))
        {
            base.Store(place, at, result, value);
            return;
        }
        StoreLanes(place, at, Lane(value), value.Type.Scalar);
    }

    /// <summary>Neighbours, the first or the last one first.</summary>
    private void StoreLanes(ArrayPlace place, Seq<Atom> at, Expr lanes, Scalar scalar)
    {
        bool reversed = Way(at, place).Access == LaneAccess.Reversed;
        _atStart = true;
        var to = Address(place, Offset(place, at));
        _atStart = false;
        Out.Line($"Lanes.{(scalar == Scalar.Bool ? "StoreMaskTail" : reversed ? "StoreReversed" : "Store")}({lanes}, {to}, lanes);");
    }

    /// <summary>Puts values where the later parts of a long body find them.</summary>
    public void Park(IEnumerable<Atom> values, Func<Var, string> slot)
    {
        foreach (var v in values.OfType<Var>()) Out.Line($"{slot(v)} = {Lane(v)};");
    }

    /// <summary>Stores values at the lanes' own index, of one vector's after the other's. A result may lie in the memory of an argument: all is loaded first.</summary>
    public void StoreAll(IReadOnlyList<ArrayPlace?> places, Seq<Atom> at, Seq<Atom> values)
    {
        if (places.Count(p => p is not null) > 1 || values.Count > places.Count) Barrier();
        for (int k = 0; k < values.Count; k++)
        {
            if (places[k % places.Count] is not { } place) continue;
            var own = k < places.Count ? at : at.Map(a => a.Equals(_lane) ? Jam!.Lanes[k / places.Count] : a);
            if (values[k] is Var { Type.IsArray: true } row) StoreRows(place, own[0], row);
            else Store(place, own, null!, values[k]);
        }
    }

    /// <summary>Each lane's array goes to its own row: element after element, a row apart.</summary>
    private void StoreRows(ArrayPlace place, Atom lane, Var row)
    {
        var from = ArrayOf(row);
        var dims = row.Type.Extents.Select((e, d) => new Dim(new Var($"{row.Base}.{place.Name}.{d}", IrType.I32), e)).ToList();
        var stride = WideProduct(place.Strides[0]);
        Loops(dims, () =>
        {
            var index = dims.ConvertAll(d => (Atom)d.Index);
            var element = Element(from, index);
            if (!Varies(row)) element = Broadcast(element, new Var(row.Name, row.Type.Element));
            _atStart = true;
            var to = Address(place, Offset(place, [lane, .. index]));
            _atStart = false;
            Out.Line($"Lanes.StoreStrided({element}, {to}, {stride}, lanes);");
        });
    }
}
