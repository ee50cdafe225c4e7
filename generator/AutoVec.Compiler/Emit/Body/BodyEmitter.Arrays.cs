using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>Reads, updates, builds and scatters.</summary>
public partial class BodyEmitter
{
    /// <summary>Checks what cannot be proven, before the access.</summary>
    private protected void Guard(Var name, IrType type, IReadOnlyList<Atom> index)
    {
        for (int d = 0; d < index.Count; d++)
        {
            if (!index[d].IsPosition() || Ranges.InRange(index[d], type.Extents[d])) continue;
            var (i, n) = (Stable(index[d]), Stable(type.Extents[d]));
            Dialect.Violation(Out, Outside(i, n, type.Extents[d]), new Violated(FunctionName, name.Base, i.Text, n.Text, Sample));
            Ranges.Learn(index[d], type.Extents[d]);
        }
    }

    /// <summary>One comparison serves both ends, unless the extent itself may be negative.</summary>
    private protected string Outside(Expr i, Expr n, Atom extent) =>
        extent is Var v && !IsSize(v)
            ? $"{i.At(Precedence.Shift)} < 0 || {i.At(Precedence.Shift)} >= {n.At(Precedence.Shift)}"
            : $"{(i.Text[0] == '-' ? $"unchecked((uint){Paren(i)})" : $"(uint){Paren(i)}")} >= {(extent is Const ? n.Text + "u" : $"(uint){n.At(Precedence.Unary)}")}";

    // A cast of a negative literal is an error at compile time.
    private static string Paren(Expr i) => i.Text[0] == '-' ? $"({i})" : i.At(Precedence.Unary);

    protected virtual void Read(Read r)
    {
        var array = Arrays[r.Array];
        Guard(r.Array, array.Type, r.Index);
        if (!r.Out.Type.IsArray)
        {
            Define(r.Out, Dialect.Load(Element(array, r.Index), r.Out.Type.Scalar), reads: true, movable: true);
            return;
        }
        Bind(r.Out, View(r.Out.Base, array, r.Index));
    }

    /// <summary>A slice: the address of its first element, and the strides of the dimensions that are kept.</summary>
    private protected ArrayPlace View(string name, ArrayPlace array, Seq<Atom> index)
    {
        var type = new IrType(array.Type.Scalar, array.Type.Extents(index).ToSeq());
        var offset = Offset(array, index);
        if (offset.Text != "0")
        {
            name = Names.Fresh(name);
            Out.Declare($"{Dialect.ArrayType(array.Element)} {name} = {Dialect.From(array.Name, offset)};");
        }
        else name = array.Name;
        return new ArrayPlace(name, type, array.Element, Slice(array, index), array.Memories);
    }

    /// <summary>The strides of a slice.</summary>
    private protected static Seq<Seq<Atom>> Slice(ArrayPlace array, Seq<Atom> index) => index.SelectMany((i, d) => i switch
    {
        All => [array.Strides[d]],
        Window w => ArrayPlace.DenseStrides(w.Extents).Select(s => (Seq<Atom>)[.. s, .. array.Strides[d]]),
        _ => Seq.Create<Seq<Atom>>([]),
    }).ToSeq();

    private protected virtual void Update(Var result, Var array, Seq<Atom> index, Atom value, bool accumulate)
    {
        var target = Target(result, array);
        Guard(array, target.Type, index);
        if (!value.Type.IsArray)
        {
            var e = Element(target, index);
            Out.Line($"{e} {(accumulate ? "+=" : "=")} {ValueFor(result, value)};");
        }
        else
        {
            var from = Arrays[(Var)value];
            if (from.Overlaps(target))
            {
                var aside = Rent(((Var)value).Base, value.Type, from.Element);
                Copy(aside, from);
                from = aside;
            }
            var slice = View(result.Base, target, index);
            if (accumulate) Add(slice, from);
            else Copy(slice, from);
        }
        Bind(result, target);
    }

    /// <summary>The memory of the new version: that of the old one if nothing else reads it, else a copy.</summary>
    private protected ArrayPlace Target(Var result, Var array)
    {
        var old = Arrays[array];
        if (IsConsumed(array) && old.Element == ValueType(result)) return old;
        var target = Place(result);
        Copy(target, old);
        return target;
    }

    protected virtual void Build(Build b)
    {
        var places = b.Results.Select(r => Uses.IsUsed(r) ? Place(r) : null).ToList();
        if (!IsRoom(b)) Loops(b.Dims, () => Elements(b, places));
        for (int k = 0; k < places.Count; k++)
            if (places[k] is { } place) Bind(b.Results[k], place);
    }

    /// <summary>Is it memory only, whose entries are written before they are read?</summary>
    private protected static bool IsRoom(Build b) => b.Body.Results.All(r => r is Const { IsUndefined: true });

    /// <summary>The body of a build, for one element (or sub-array) of each result.</summary>
    private protected void Elements(Build b, IReadOnlyList<ArrayPlace?> places)
    {
        Seq<Atom> at = [.. b.Dims.Select(d => (Atom)d.Index)];
        var slices = new ArrayPlace?[places.Count];
        for (int k = 0; k < places.Count; k++)
        {
            if (places[k] is not { } place || !b.Body.Results[k].Type.IsArray) continue;
            var index = Enumerable.Range(0, place.Type.Rank).Select(d => d < at.Count ? at[d] : All.Dimension).ToSeq();
            // The memory of this element alone: what it holds is not read before it is complete.
            slices[k] = View(b.Results[k].Base, place, index) with { Memories = [new Memory(true)] };
            Want(b.Body.Stmts, b.Body.Results[k], slices[k]!);
        }
        Block(b.Body, () =>
        {
            var copies = new List<(ArrayPlace, ArrayPlace)>();
            // A result may lie in the memory of an argument: all is loaded before anything is stored.
            if (places.Count(p => p is not null) > 1) Barrier();
            for (int k = 0; k < places.Count; k++)
            {
                if (places[k] is not { } place) continue;
                var e = b.Body.Results[k];
                if (slices[k] is { } slice) copies.Add((slice, Arrays[(Var)e]));
                else Store(place, at, b.Results[k], e);
            }
            CopyAll(copies);
        }, Outer(b));
    }

    private protected virtual void Store(ArrayPlace place, Seq<Atom> at, Var result, Atom value) =>
        Out.Line($"{Element(place, at)} = {ValueFor(result, value)};");

    protected virtual void Scatter(Scatter s)
    {
        var place = Place(s.Out);
        Fill(place, Const.Of(place.Type.Scalar, 0));
        var extents = s.Extents;
        Loops(s.Dims, () => Block(s.Body, () =>
        {
            var index = s.Body.Results.Take(extents.Count).ToSeq();
            var open = Enumerable.Range(0, index.Count).Where(d => !Ranges.InRange(index[d], extents[d])).ToList();
            var at = index.Map(i => i is Var v && open.Count > 0 ? Keep(v) : i);
            string value = open.Count > 0 ? Stable(s.Body.Results[extents.Count]).Text : Use(s.Body.Results[extents.Count]).Text;
            string add = $"{Element(place, at)} += {value};";
            if (open.Count == 0)
            {
                Out.Line(add);
                return;
            }
            // Outside, only a zero is allowed: the contribution of a guard that did not hold.
            var outside = open.Select(d => (d, Text: Outside(Stable(index[d]), Stable(extents[d]), extents[d]))).ToList();
            Out.Open($"if ({string.Join(" || ", outside.Select(o => o.Text))})");
            var first = open[0];
            Dialect.Violation(Out, $"{Stable(s.Body.Results[extents.Count]).At(Precedence.Relational)} != 0",
                new Violated(FunctionName, s.Out.Base, Stable(index[first]).Text, Stable(extents[first]).Text, Sample));
            Out.Close();
            Out.Line($"else {add}");
        }, Outer(s)));
        Bind(s.Out, place);
    }

    private Atom Keep(Var v)
    {
        Stable(v);
        return v;
    }

    private protected virtual void Fill(ArrayPlace place, Const value) =>
        Dialect.Fill(Out, Names, place.Name, Length(place.Type), Literals.Of(value));
}
