using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>Where arrays live: addresses, fresh memory, who may overwrite what.</summary>
public partial class BodyEmitter
{
    /// <summary>Memory that a value had best be computed in, so that it need not be copied there.</summary>
    private readonly Dictionary<Var, ArrayPlace> _wanted = [];

    // ---- addresses

    private protected static Expr Times(Expr a, Expr b) =>
        a.Text == "1" ? b : b.Text == "1" ? a : a.Text == "0" ? a : b.Text == "0" ? b : Expr.Infix(a, "*", b);

    private protected static Expr Plus(Expr a, Expr b) => a.Text == "0" ? b : b.Text == "0" ? a : Expr.Infix(a, "+", b);

    private protected static readonly Expr One = Expr.Number("1");
    private protected static readonly Expr Zero = Expr.Number("0");

    /// <summary>A product of extents, constants folded.</summary>
    private protected Expr Product(IEnumerable<Atom> factors)
    {
        long constant = 1;
        var text = One;
        foreach (var f in factors)
        {
            if (f is Const c) constant *= c.AsLong;
            else text = Times(text, Extent(f));
        }
        return constant == 1 ? text : Times(text, Expr.Number(Literals.Of(checked((int)constant))));
    }

    /// <summary>As <see cref="Product"/>, in the type of offsets where there is more than one factor.</summary>
    private protected Expr WideProduct(Seq<Atom> factors)
    {
        var text = Product(factors);
        return text.Binds == Precedence.Multiplicative && Dialect.OffsetType is { } t ? new($"({t}){text}", Precedence.Multiplicative) : text;
    }

    /// <summary>The number of elements; computed extents may be negative, which counts as 0.</summary>
    private protected Expr Length(IrType type)
    {
        bool wide = Dialect.OffsetType is not null && type.Extents.Count(e => e is Var) > 0 && type.Rank > 1;
        var count = One;
        foreach (var e in type.Extents)
        {
            var n = NotNegative(e);
            if (wide) n = Wide(n);
            wide = false;
            count = Times(count, n);
        }
        return count;
    }

    private protected Expr NotNegative(Atom extent) =>
        extent is Var v && !IsSize(v) ? Expr.Name($"Math.Max({Extent(v)}, 0)") : Extent(extent);

    /// <summary>How far a dimension reaches in memory.</summary>
    private protected virtual Expr Extent(Atom extent) => Stable(extent);

    private protected Expr Wide(Expr e) =>
        int.TryParse(e.Text, out _) || Dialect.OffsetType is not { } t ? e : new($"({t}){e.At(Precedence.Unary)}", Precedence.Unary);

    /// <summary>The distance of an element from the first one. Whole dimensions count as index 0.</summary>
    private protected Expr Offset(ArrayPlace array, IReadOnlyList<Atom> index)
    {
        var extents = array.Type.Extents;
        bool wide = extents.Count(e => e is Var) > 0;
        // Horner's form for dense arrays: (i * m + j) * l + k.
        if (array.IsDense && index.All(i => i.IsPosition()))
        {
            var at = Zero;
            for (int d = 0; d < index.Count; d++)
            {
                if (d > 0 && at.Text != "0")
                {
                    if (wide) at = Wide(at);
                    wide = false;
                    at = Times(at, Extent(extents[d]));
                }
                at = Plus(at, Use(index[d]));
            }
            return at;
        }
        var sum = Zero;
        for (int d = 0; d < index.Count; d++)
        {
            if (index[d] is All) continue;
            var stride = WideProduct(array.Strides[d]);
            var i = Use(index[d] is Window w ? w.From : index[d]);
            sum = Plus(sum, stride.Text == "1" ? i : Times(wide ? Wide(i) : i, stride));
        }
        return sum;
    }

    private protected Expr Element(ArrayPlace array, IReadOnlyList<Atom> index) => Dialect.Element(array.Name, Offset(array, index).Text);

    // ---- memory

    /// <summary>Fresh memory, shared by all iterations where its size is known before their loop.</summary>
    private protected ArrayPlace Rent(string like, IrType type, string element)
    {
        int level = type.Extents.OfType<Var>().Select(v => _depth.TryGetValue(v, out int d) ? d : 0).DefaultIfEmpty(0).Max();
        string name = Names.Fresh(like);
        bool here = level == _regions.Count - 1;
        if (here && _regions.Count > 1 && MarkText is not null) _regions[level].Mark ??= Names.Fresh("mark");
        _regions[level].Rented++;
        (here ? Out : _regions[level + 1].Before).Declare($"{Dialect.ArrayType(element)} {name} = {RentText(type, element)};");
        return ArrayPlace.Dense(name, type, new Memory(true)) with { Element = element };
    }

    /// <summary>Memory with an address of its own in each run of the code around, for arrays that change places.</summary>
    private ArrayPlace RentMovable(string like, IrType type, string element)
    {
        int before = _regions[_regions.Count - 1].Rented;
        var fixedPlace = Rent(like, type, element);
        if (_regions[_regions.Count - 1].Rented > before) return fixedPlace;
        string name = Names.Fresh(like);
        Out.Declare($"{Dialect.ArrayType(element)} {name} = {fixedPlace.Name};");
        return fixedPlace with { Name = name };
    }

    /// <summary>Was memory rented outside of all loops?</summary>
    private protected bool RentsOutside => _regions[0].Rented > 0;

    private protected virtual string RentText(IrType type, string element) => Dialect.Rent(element, Length(type)).Text;
    private protected virtual string? MarkText => Dialect.Mark;
    private protected virtual string MarkKeyword => "var";
    private protected virtual string? ReleaseText(string mark) => Dialect.Release(mark);

    /// <summary>Asks that a result of the statements be computed in this memory, if nothing is in the way.</summary>
    protected void Want(IReadOnlyList<Stmt> stmts, Atom result, ArrayPlace place)
    {
        if (result is not Var v || _wanted.ContainsKey(v)) return;
        var definition = stmts.FirstOrDefault(s => s.Outs.Contains(v));
        if (definition is null or Ir.Read) return;
        _wanted[v] = place;
        // An update consumes the old version, a loop its initial value: those begin there already.
        if (definition is Write w) Want(stmts, w.Array, place);
        if (definition is Accumulate a) Want(stmts, a.Array, place);
        if (definition is For f) Want(stmts, f.State[IndexOf(f.Results, v)].Init, place);
        if (definition is While l) Want(stmts, l.State[IndexOf(l.Results, v)].Init, place);
    }

    private protected static int IndexOf(Seq<Var> names, Var v) => Enumerable.Range(0, names.Count).First(k => names[k].Equals(v));

    /// <summary>Memory for the array that the statement at hand defines: the wanted one if no value that is still read lies in it.</summary>
    private protected ArrayPlace Place(Var v) => Wanted(v) ?? Rent(v.Base, v.Type, ValueType(v));

    private protected ArrayPlace? Wanted(Var v)
    {
        if (!_wanted.TryGetValue(v, out var place)) return null;
        bool busy = Arrays.Any(a => a.Value.Overlaps(place) && (_live!.IsLive(a.Key) || _live.IsMentionedNow(a.Key)));
        return busy ? null : place with { Type = v.Type };
    }

    private protected bool IsReadLater(Var v) => _live!.IsLive(v) || _live.IsMentionedNow(v);

    /// <summary>May the statement at hand overwrite the array? Yes iff it owns the memory and nothing after it reads what lies there.</summary>
    private protected bool IsConsumed(Var array)
    {
        var value = Arrays[array];
        return value.IsDense && value.Memories.All(s => s.Writable) && !Arrays.Any(a => a.Value.Overlaps(value) && _live!.IsLive(a.Key));
    }

    // ---- copies

    private protected virtual void Copy(ArrayPlace to, ArrayPlace from) => Copy(to, from, Run(to, from), []);

    /// <summary>A copy into memory that may hold something already.</summary>
    private protected virtual void Hand(ArrayPlace to, ArrayPlace from) => Copy(to, from);

    /// <summary>How many of the leading dimensions need a loop; those after them lie without gaps in both.</summary>
    private static int Run(ArrayPlace to, ArrayPlace from)
    {
        var dense = ArrayPlace.DenseStrides(to.Type.Extents);
        int d = dense.Count;
        while (d > 0 && to.Strides[d - 1] == dense[d - 1] && from.Strides[d - 1] == dense[d - 1]) d--;
        return d;
    }

    private void Copy(ArrayPlace to, ArrayPlace from, int loops, Seq<Atom> index)
    {
        if (index.Count < loops)
        {
            Counted(to.Type.Extents[index.Count], i => Copy(to, from, loops, index.Add(i)));
            return;
        }
        if (loops == to.Type.Rank)
        {
            Out.Line($"{Element(to, index)} = {Element(from, index)};");
            return;
        }
        var (source, target, count) = Rest(to, from, index);
        Dialect.Move(Out, Names, source, target, count);
    }

    private protected Expr Address(ArrayPlace array, Expr offset) => offset.Text == "0" ? Expr.Name(array.Name) : Dialect.From(array.Name, offset);

    /// <summary>A loop over an index that the IR does not name.</summary>
    private protected void Counted(Atom extent, Action<Var> body)
    {
        string n = Extent(extent).At(Precedence.Relational + 1);
        string i = Names.Fresh("i");
        var v = new Var(i, IrType.I32);
        Repeat(() => $"for (int {i} = 0; {i} < {n}; {i}++)", () =>
        {
            Bind(v, Expr.Name(i));
            body(v);
        });
    }

    /// <summary>Adds a slice to another: what lies without gaps in both in one go, where the dialect can.</summary>
    private protected void Add(ArrayPlace to, ArrayPlace from) =>
        Add(to, from, from.Element == to.Element && Dialect.AddsRows(to.Element) ? Run(to, from) : to.Type.Rank, []);

    private void Add(ArrayPlace to, ArrayPlace from, int loops, Seq<Atom> index)
    {
        if (index.Count < loops) Counted(to.Type.Extents[index.Count], i => Add(to, from, loops, index.Add(i)));
        else if (loops == to.Type.Rank) Out.Line($"{Element(to, index)} += {Element(from, index)};");
        else
        {
            var (source, target, count) = Rest(to, from, index);
            Dialect.Add(Out, source, target, count);
        }
    }

    /// <summary>Where what lies without gaps begins in both, and how long it is.</summary>
    private (Expr From, Expr To, Expr Count) Rest(ArrayPlace to, ArrayPlace from, Seq<Atom> index)
    {
        var rest = to.Type.Extents.Skip(index.Count).ToSeq();
        Seq<Atom> whole = [.. index, .. rest.Map(_ => (Atom)All.Dimension)];
        return (Address(from, Offset(from, whole)), Address(to, Offset(to, whole)), Length(new IrType(Scalar.I32, rest)));
    }

    /// <summary>Copies as if all happened at once: where one overwrites what another has yet to read, through fresh memory.</summary>
    protected void CopyAll(IEnumerable<(ArrayPlace To, ArrayPlace From)> copies)
    {
        var todo = copies.Where(c => !c.To.SamePlace(c.From)).ToList();
        while (todo.Count > 0)
        {
            int free = todo.FindIndex(c => !todo.Any(o => o != c && o.From.Overlaps(c.To)) && (!c.From.Overlaps(c.To) || c.From.IsDense && c.To.IsDense));
            if (free < 0)
            {
                var first = todo[0];
                var aside = Rent("aside", first.From.Type, first.From.Element);
                Copy(aside, first.From);
                todo[0] = (first.To, aside);
                continue;
            }
            Hand(todo[free].To, todo[free].From);
            todo.RemoveAt(free);
        }
    }
}
