using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// Loads and updates. Arrays of the lanes themselves hold vectors, one element of all lanes beside the other; arrays from outside are loaded,
/// with a stride, or gathered. What only some lanes do leaves the memory of the others alone.
/// </summary>
internal sealed partial class LaneEmitter
{
    protected override void Read(Read r)
    {
        var array = Arrays[r.Array];
        if (!Varies(r.Out))
        {
            if (_mask is not null && Enumerable.Range(0, r.Index.Count).Any(d => !Proven(array.Type, r.Index, d))) _needsLane = true;
            base.Read(r);
            return;
        }
        if (LoadsActive(r, array))
        {
            LoadActive(r, array);
            return;
        }
        var index = Checked(r.Array, array.Type, r.Index);
        if (!r.Out.Type.IsArray)
        {
            var value = Fetch(r.Out.Base, r.Array, index);
            if (value.Text.All(c => char.IsLetterOrDigit(c) || c == '_')) Bind(r.Out, value);
            else Define(r.Out, value, reads: true, movable: true);
        }
        else if (Varies(r.Array) && !index.Any(Varies)) Bind(r.Out, View(r.Out.Base, array, index));
        else OwnSlice(r, index);
    }

    /// <summary>A slice at a place of its own in each lane, or one that lanes will write: a copy.</summary>
    private void OwnSlice(Read r, Seq<Atom> index)
    {
        var place = Rent(r.Out.Base, r.Out.Type, ValueType(r.Out));
        if (IsRow(r, index, place))
        {
            _atStart = true;
            var from = Address(Arrays[r.Array], Offset(Arrays[r.Array], index));
            _atStart = false;
            Out.Line($"Lanes.LoadRows({from}, {WideProduct(Arrays[r.Array].Strides[0])}, (int){Length(r.Out.Type).At(Precedence.Unary)}, lanes, {place.Name});");
            Bind(r.Out, place);
            return;
        }
        var dims = r.Out.Type.Extents.Select((e, d) => new Dim(new Var($"{r.Out.Name}.{d}", IrType.I32), e)).ToList();
        Loops(dims, () =>
        {
            var to = dims.ConvertAll(d => (Atom)d.Index);
            if (index.Any(i => i is Window))
            {
                // All lanes read the same window: through a view of it.
                var view = View(r.Out.Base, Arrays[r.Array], index);
                Out.Line($"{Element(place, to)} = {Broadcast(Element(view, to), new Var(r.Out.Name, r.Out.Type.Element))};");
                return;
            }
            int next = 0;
            var from = index.Map(i => i is All ? to[next++] : i);
            Out.Line($"{Element(place, to)} = {Fetch(r.Out.Base, r.Array, from)};");
        });
        Bind(r.Out, place);
    }

    /// <summary>The row that the lane itself counts, of a dense array?</summary>
    private bool IsRow(Read r, Seq<Atom> index, ArrayPlace place) =>
        IsLane(index[0]) && index.Skip(1).All(i => i is All) && !Varies(r.Array) && Arrays[r.Array].IsDense && place.IsDense
        && r.Out.Type.Scalar == _lanes.Float && !r.Out.Type.Extents.Any(Varies);

    // ---- neighbours of which only active lanes have one

    /// <summary>Neighbours in memory, some of which may lie outside of the array where their lanes are masked.</summary>
    private bool LoadsActive(Read r, ArrayPlace array) =>
        _mask is not null && r.Out.Type is { IsArray: false } and ({ IsFloat: true } or { Scalar: Scalar.F16 }) && !Varies(r.Array)
        && Way(r.Index, array).Access == LaneAccess.Contiguous
        && Enumerable.Range(0, r.Index.Count).Any(d => Varies(r.Index[d]) && (_uneven > 0 || !Proven(array.Type, r.Index, d)));

    private void LoadActive(Read r, ArrayPlace array)
    {
        for (int d = 0; d < r.Index.Count; d++)
        {
            var (index, extent) = (r.Index[d], array.Type.Extents[d]);
            if (Proven(array.Type, r.Index, d) || _held.Contains((index, null)) && _held.Contains((index, extent))) continue;
            if (Varies(index)) Sane(r.Array, index, extent, check: true);
            else
            {
                _needsLane = true;
                Guard(r.Array, array.Type, r.Index.Map(i => i.Equals(index) ? i : (Atom)All.Dimension));
            }
        }
        _atStart = true;
        var from = Address(array, Offset(array, r.Index));
        _atStart = false;
        string local = Names.Fresh(r.Out.Base);
        Out.Declare($"Lanes.LoadActive({from}, {_mask}, lanes, out {VectorType(array.Type.Scalar)} {local});");
        Bind(r.Out, Expr.Name(local));
    }

    // ---- indices

    private bool Proven(IrType type, Seq<Atom> index, int d) => !index[d].IsPosition() || Ranges.InRange(index[d], type.Extents[d]);

    /// <summary>
    /// Checks what is not proven, in active lanes. In the index that is returned, lanes that are masked hold 0 wherever theirs could be out of
    /// range: some lane is active then, so there is an element 0.
    /// </summary>
    private Seq<Atom> Checked(Var name, IrType type, Seq<Atom> index)
    {
        for (int d = 0; d < index.Count; d++)
        {
            var extent = type.Extents[d];
            bool proven = Proven(type, index, d);
            if (!Varies(index[d]) && !Varies(extent))
            {
                if (proven) continue;
                if (_mask is not null) _needsLane = true;
                Guard(name, type, index.Map(i => i.Equals(index[d]) ? i : (Atom)All.Dimension));
                continue;
            }
            if (proven && (_mask is null || _uneven == 0 || !Varies(index[d]))) continue;
            var sane = Sane(name, index[d], extent, check: !proven);
            if (_mask is null) Ranges.Learn(index[d], extent);
            else if (Varies(index[d])) index = index.With(d, sane);
        }
        return index;
    }

    private Var Sane(Var name, Atom index, Atom extent, bool check)
    {
        var (i, n) = (Lane(Settled(index)), Stable(extent));
        string limit = Varies(extent) ? n.Text : extent is Var v && !IsSize(v) ? $"Math.Max({n}, 0)" : n.Text;
        string at = i.Text;
        if (_mask is not null)
        {
            _needsLane = true;
            at = Names.Fresh(index is Var x ? x.Base + "Or0" : "at");
            Out.Declare($"VI {at} = {Active(i)};");
            if (Varies(extent)) limit = $"VIX.ConditionalSelect(Lanes.MaskI32({_mask}), {limit}, VI.One)";
        }
        if (check) Out.Line($"if (Lanes.AnyOutside({at}, {limit})) throw Lanes.Outside({Literals.Quote(FunctionName)}, {Literals.Quote(name.Base)}, {at}, {limit}, {SampleOf(index)});");
        var sane = new Var($"{at}.lanes", IrType.I32);
        _sane.Add(sane);
        Scalars[sane] = Expr.Name(at);
        return sane;
    }

    /// <summary>The index as a local, since its text appears more than once.</summary>
    private Atom Settled(Atom index)
    {
        if (index is Var) Stable(index);
        return index;
    }

    private string SampleOf(Atom index) => !LaneIsSample ? $"{Sample}, 0"
        : index is Var v && Jam?.LaneOf.TryGetValue(v, out var lane) == true ? $"{_starts[lane].Start}, 1" : $"{_start}, 1";

    // ---- loads

    private Expr Fetch(string like, Var name, Seq<Atom> index)
    {
        var array = Arrays[name];
        if (Varies(name)) return Own(array, index) is var (own, at) && at is null ? Dialect.Load(own, array.Type.Scalar) : Expr.Name($"Lanes.GatherOwn({own}, {at})");
        if (!index.Any(Varies)) return Broadcast(Dialect.Load(Element(array, index), array.Type.Scalar), new Var(like, array.Type.Element));
        return Load(like, array, index);
    }

    /// <summary>The element that all lanes mean, or the address from which each lane has a distance of its own.</summary>
    private (Expr Own, Expr? At) Own(ArrayPlace array, Seq<Atom> index)
    {
        if (!index.Any(Varies)) return (Element(array, index), null);
        var address = Address(array, Offset(array, index.Map(i => Varies(i) ? Const.I32(0) : i)));
        Expr? at = null;
        for (int d = 0; d < index.Count; d++)
        {
            if (!Varies(index[d])) continue;
            var stride = Product(array.Strides[d]);
            var i = Stable(index[d]);
            var term = stride.Text == "1" ? i : Expr.Infix(i, "*", Expr.Name($"VIX.Create({stride})"));
            at = at is { } sum ? Expr.Infix(sum, "+", term) : term;
        }
        return (address, at);
    }

    private Expr Load(string like, ArrayPlace array, Seq<Atom> index)
    {
        var way = Way(index, array);
        string type = VectorType(array.Type.Scalar);
        var rest = index;
        foreach (int d in way.Data) rest = rest.With(d, Const.I32(0));
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
            case LaneAccess.Contiguous when array.Type.Scalar == Scalar.Bool: load = $"Lanes.LoadMaskTail({from}, lanes, out V {{0}});"; break;
            case LaneAccess.Contiguous: load = $"Lanes.Load({from}, lanes, out {type} {{0}});"; break;
            case LaneAccess.Reversed: load = $"Lanes.LoadReversed({from}, lanes, out {type} {{0}});"; break;
            case LaneAccess.Strided: load = $"Lanes.LoadStrided({from}, {step}, lanes, out {type} {{0}});"; break;
            default:
                var (data, stride) = (Stable(index[way.Data[0]]), WideProduct(array.Strides[way.Data[0]]));
                if (way.Data.Count > 1) (data, stride) = (Own(array, index.Map(i => way.Data.Any(d => index[d].Equals(i)) ? i : Const.I32(0))).At!.Value, One);
                if (step.Text == "0" && stride.Text == "1") return Expr.Name($"Lanes.Gather({from}, {data})");
                load = $"Lanes.Gather({from}, {step}, {data}, {stride}, lanes, out {type} {{0}});";
                break;
        }
        string local = Names.Fresh(like);
        Out.Declare(load.Replace("{0}", local));
        return Expr.Name(local);
    }

    // ---- updates

    private protected override void Update(Var result, Var array, Seq<Atom> index, Atom value, bool accumulate)
    {
        if (!Varies(result))
        {
            if (_mask is not null && Enumerable.Range(0, index.Count).Any(d => !Proven(array.Type, index, d))) _needsLane = true;
            base.Update(result, array, index, value, accumulate);
            return;
        }
        var target = Target(result, array);
        index = Checked(array, target.Type, index);
        if (!value.Type.IsArray)
        {
            Put(target, index, Lane(value), accumulate);
            Bind(result, target);
            return;
        }
        var name = (Var)value;
        var from = Arrays[name];
        if (from.Overlaps(target))
        {
            var aside = Rent(name.Base, value.Type, from.Element);
            Copy(aside, from);
            from = aside;
        }
        if (index.Any(Varies))
        {
            var dims = value.Type.Extents.Select((e, d) => new Dim(new Var($"{result.Name}.{d}", IrType.I32), e)).ToList();
            Loops(dims, () =>
            {
                var i = dims.ConvertAll(d => (Atom)d.Index);
                int next = 0;
                Put(target, index.Map(x => x is All ? i[next++] : x), InLanes(from, Element(from, i)), accumulate);
            });
        }
        else Each(View(result.Base, target, index), from, [], accumulate);
        Bind(result, target);
    }

    /// <summary>Writes one element in active lanes.</summary>
    private void Put(ArrayPlace target, Seq<Atom> index, Expr value, bool accumulate)
    {
        var (own, at) = Own(target, index);
        if (at is not null)
        {
            if (accumulate) value = Expr.Infix(Expr.Name($"Lanes.GatherOwn({own}, {at})"), "+", value);
            Out.Line($"Lanes.ScatterOwn({value}, {own}, {at}{(_mask is null ? "" : ", " + _mask)});");
        }
        else if (_mask is null) Out.Line($"{own} {(accumulate ? "+=" : "=")} {value};");
        else
        {
            var next = accumulate ? Expr.Infix(own, "+", value) : value;
            Out.Line($"{own} = {Select(new Var("", target.Type.Element), _mask, next.Text, own.Text)};");
        }
    }

    private void Each(ArrayPlace to, ArrayPlace from, Seq<Atom> index, bool accumulate)
    {
        if (index.Count == to.Type.Rank) Put(to, index, InLanes(from, Element(from, index)), accumulate);
        else Counted(to.Type.Extents[index.Count], i => Each(to, from, index.Add(i), accumulate));
    }

    private Expr InLanes(ArrayPlace from, Expr element) =>
        from.Element == VectorType(from.Type.Scalar) ? element : Broadcast(element, new Var("", from.Type.Element));

    // ---- copies

    /// <summary>Fresh memory takes all lanes, those too that are masked.</summary>
    private protected override void Copy(ArrayPlace to, ArrayPlace from)
    {
        if (to.Element == from.Element)
        {
            base.Copy(to, from);
            return;
        }
        string? outer = _mask;
        _mask = null;
        Each(to, from, [], accumulate: false);
        _mask = outer;
    }

    private protected override void Hand(ArrayPlace to, ArrayPlace from)
    {
        if (_mask is null || to.Element != VectorType(to.Type.Scalar)) Copy(to, from);
        else Each(to, from, [], accumulate: false);
    }

    // What a loop builds anew in each trip would overwrite the lanes that do not take part.
    private protected override bool MayTakeOver(bool swaps) => _mask is null || !swaps;
}
