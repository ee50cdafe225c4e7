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
    private string? _index;
    private string? _mask;
    private bool _atStart;
    private bool _needsLane;

    /// <param name="start">The local that holds the index of lane 0.</param>
    /// <param name="top">The start of the method, for what is needed in several blocks.</param>
    public LaneEmitter(string function, Identifiers names, Block body, IEnumerable<Var> sizes, LaneAnalysis lanes, Var lane, string start,
        CodeWriter top, CodeWriter to) : base(function, new CpuDialect(), names, body, sizes, to)
    {
        _lanes = lanes;
        _lane = lane;
        _start = start;
        _top = top;
    }

    /// <summary>Is the lane variable the sample?</summary>
    public bool LaneIsSample { get; init; }

    private string FloatName => _lanes.Float == Scalar.F32 ? "F32" : "F64";
    private bool Varies(Atom a) => _lanes.Varies(a);

    private static string VectorType(Scalar s) => s == Scalar.I32 ? "VI" : "V";

    private protected override string ValueType(Var v) => Varies(v) ? VectorType(v.Type.Scalar) : base.ValueType(v);

    protected override Expr ValueFor(Var target, Atom value) => Varies(target) ? Lane(value) : Use(value);

    public void Enter(Dim lane) => Ranges.Enter(lane);

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

    // ---- values

    protected override Expr Use(Atom atom)
    {
        if (!Varies(atom)) return base.Use(atom);
        if (_atStart) return StartOf(atom);
        return atom.Equals(_lane) ? LaneIndex() : base.Use(atom);
    }

    protected override Expr Stable(Atom atom)
    {
        if (!Varies(atom)) return base.Stable(atom);
        if (_atStart) return StartOf(atom);
        return atom.Equals(_lane) ? LaneIndex() : base.Stable(atom);
    }

    /// <summary>The index of each lane's element.</summary>
    private Expr LaneIndex()
    {
        if (_index is null)
        {
            _index = Names.Fresh(_start + "Lanes");
            _top.Declare($"Lanes.Index({_start}, lanes, out VI {_index});");
        }
        return Expr.Name(_index);
    }

    /// <summary>An affine index at lane 0, as a scalar.</summary>
    private Expr StartOf(Atom atom)
    {
        var form = LaneRead.AffineIn(atom, _lane, Varies, Definitions) ?? throw new InvalidOperationException($"'{atom}' is not affine in '{_lane}'");
        var sum = Zero;
        foreach (var t in form.Terms.OrderBy(t => t.Key.Equals(_lane) ? 0 : 1))
        {
            var name = t.Key.Equals(_lane) ? Expr.Name(_start) : base.Stable(t.Key);
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
        _ => throw new FormatException($"unknown placeholder {{{hole}}} in the lane spelling '{template}'"),
    });

    protected override void Compute(Compute c)
    {
        if (!Varies(c.Out))
        {
            base.Compute(c);
            return;
        }
        var last = c.Args[c.Args.Count - 1].Type;
        if (c.Out.Type == IrType.I32 && LaneRead.AffineIn(c.Out, _lane, Varies, Definitions) is not null)
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
        Define(c.Out, ApplyLanes(c.Op, c.Args.Select(Lane).ToList(), last), reads, movable: true);
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

    // ---- memory

    private protected override void Store(ArrayPlace place, Seq<Atom> at, Var result, Atom value)
    {
        if (!at.Any(Varies))
        {
            base.Store(place, at, result, value);
            return;
        }
        var lanes = Lane(value);
        _atStart = true;
        var to = Address(place, Offset(place, at));
        _atStart = false;
        Out.Line(value.Type.Scalar == Scalar.Bool ? $"Lanes.StoreMaskTail({lanes}, {to}, lanes);" : $"Lanes.Store({lanes}, {to}, lanes);");
    }

    /// <summary>Puts values where the later parts of a long body find them.</summary>
    public void Park(IEnumerable<Atom> values, Func<Var, string> slot)
    {
        foreach (var v in values.OfType<Var>()) Out.Line($"{slot(v)} = {Lane(v)};");
    }

    /// <summary>Stores values at the lanes' own index. A result may lie in the memory of an argument: all is loaded first.</summary>
    public void StoreAll(IReadOnlyList<ArrayPlace?> places, Seq<Atom> at, Seq<Atom> values)
    {
        if (places.Count(p => p is not null) > 1) Barrier();
        for (int k = 0; k < places.Count; k++)
            if (places[k] is { } place)
            {
                if (values[k] is Var { Type.IsArray: true } row) StoreRows(place, at[0], row);
                else Store(place, at, null!, values[k]);
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

    protected override void Read(Read r)
    {
        if (!Varies(r.Out) || Varies(r.Array) || r.Out.Type.IsArray)
        {
            if (_mask is not null && !r.Out.Type.IsArray && Enumerable.Range(0, r.Index.Count).Any(d => !Proven(r, d))) _needsLane = true;
            base.Read(r);
            return;
        }
        var array = Arrays[r.Array];
        var way = LaneRead.Of(r.Index, array.Strides, _lane, Varies, Definitions)!;
        var index = r.Index;
        for (int d = 0; d < index.Count; d++)
        {
            if (Proven(r, d)) continue;
            if (!Varies(index[d]))
            {
                if (_mask is not null) _needsLane = true;
                Guard(r.Array, array.Type, index.Map(i => i.Equals(index[d]) ? i : (Atom)All.Dimension));
                continue;
            }
            var checkedIndex = GuardLanes(r, d);
            if (_mask is null)
            {
                Ranges.Learn(index[d], array.Type.Extents[d]);
                continue;
            }
            // Inactive lanes read element 0 instead: some lane is active, so there is one.
            if (way.Data >= 0 && way.Data != d) throw new InvalidOperationException($"{FunctionName}: two masked indices of '{r.Array}'");
            index = index.With(d, checkedIndex);
            way = new LaneRead(LaneAccess.Gather, way.Lane.With(d, 0), d);
        }
        Load(r.Out, array, index, way);
    }

    private bool Proven(Read r, int d) => !r.Index[d].IsPosition() || Ranges.InRange(r.Index[d], Arrays[r.Array].Type.Extents[d]);

    /// <summary>Checks an index of all active lanes; returns the name of the index in which inactive lanes hold 0.</summary>
    private Var GuardLanes(Read r, int d)
    {
        var extent = r.Array.Type.Extents[d];
        var n = Stable(extent);
        string limit = extent is Var v && !IsSize(v) ? $"Math.Max({n}, 0)" : n.Text;
        string index;
        if (_mask is not null)
        {
            _needsLane = true;
            index = Names.Fresh(r.Index[d] is Var i ? i.Base + "Or0" : "at");
            Out.Declare($"VI {index} = VIX.ConditionalSelect(Lanes.MaskI32({_mask}), {Stable(r.Index[d])}, VI.Zero);");
        }
        else index = Stable(r.Index[d]).Text;
        Out.Line($"if (Lanes.AnyOutside({index}, {limit})) throw Lanes.Outside({Literals.Quote(FunctionName)}, {Literals.Quote(r.Array.Base)}, {index}, {limit}, {SampleOfLane});");
        var name = new Var($"{index}.lanes", IrType.I32);
        Bind(name, Expr.Name(index));
        return name;
    }

    private string SampleOfLane => LaneIsSample ? $"{_start}, 1" : $"{Sample}, 0";

    private void Load(Var result, ArrayPlace array, Seq<Atom> index, LaneRead way)
    {
        string type = VectorType(result.Type.Scalar);
        var data = way.Data >= 0 ? Scalars.TryGetValue((Var)index[way.Data], out var sanitised) && !Varies(index[way.Data]) ? sanitised : Stable(index[way.Data]) : Zero;
        var rest = way.Data >= 0 ? index.With(way.Data, Const.I32(0)) : index;
        _atStart = true;
        var from = Address(array, Offset(array, rest));
        _atStart = false;
        var step = Zero;
        for (int d = 0; d < index.Count; d++)
            if (way.Lane[d] != 0)
                step = Plus(step, Times(Expr.Number(Literals.Of((int)way.Lane[d])), WideProduct(array.Strides[d])));

        string load;
        switch (way.Access)
        {
            case LaneAccess.Contiguous when result.Type.Scalar == Scalar.Bool: load = $"Lanes.LoadMaskTail({from}, lanes, out V {{0}});"; break;
            case LaneAccess.Contiguous: load = $"Lanes.Load({from}, lanes, out {type} {{0}});"; break;
            case LaneAccess.Strided: load = $"Lanes.LoadStrided({from}, {step}, lanes, out {type} {{0}});"; break;
            default:
                var stride = WideProduct(array.Strides[way.Data]);
                if (step.Text == "0" && stride.Text == "1")
                {
                    Define(result, Expr.Name($"Lanes.Gather({from}, {data})"), reads: true, movable: true);
                    return;
                }
                load = $"Lanes.Gather({from}, {step}, {data}, {stride}, lanes, out {type} {{0}});";
                break;
        }
        string local = Names.Fresh(result.Base);
        Out.Declare(load.Replace("{0}", local));
        Bind(result, Expr.Name(local));
    }
}
