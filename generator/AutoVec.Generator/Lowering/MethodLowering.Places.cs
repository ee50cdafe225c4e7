using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>Variables: where their parts live, reading and writing them.</summary>
internal sealed partial class MethodLowering
{
    private Slot NewSlot(string name, Scalar scalar) => new(++_ids, name, scalar);
    private Cell NewCell(string name, string? readOnly = null) => new(++_ids, name, readOnly);

    /// <summary>A flag that is false until a jump sets it.</summary>
    private Slot NewFlag(string name)
    {
        var flag = new Slot(++_ids, name, Scalar.Bool) { IsFlag = true };
        _flow.Scalars[flag] = Const.Bool(false);
        return flag;
    }

    private Place NewPlace(string name, Shape shape) => shape switch
    {
        ScalarShape s => new ScalarPlace(NewSlot(name, s.Scalar)),
        ArrayShape { Storage: not Storage.Value } => NewSpanPlace(name, isArray: false),
        ArrayShape { Rank: 1 } when _hasRows => NewSpanPlace(name, isArray: true),
        JaggedShape j => new JaggedPlace(j.Scalar, new ArrayPlace(new Reference(++_ids, name)), new ArrayPlace(new Reference(++_ids, $"{name}_lengths"))),
        ArrayShape => new ArrayPlace(new Reference(++_ids, name)),
        StructsShape s => new StructsPlace(s, s.Columns.Map(c => NewPlace($"{name}_{c.Name}", new ArrayShape(c.Number, s.Rank, s.Storage)))),
        TreeArrayShape => new TreeArrayPlace(),
        FunctionShape => new FunctionPlace(),
        AggregateShape a => new AggregatePlace(a, a.Fields.Map(f => NewPlace($"{name}_{f.Name}", f.Shape))),
        _ => throw new InvalidOperationException($"no place for {shape.GetType().Name}"),
    };

    private SpanPlace NewSpanPlace(string name, bool isArray)
    {
        var place = new SpanPlace(new ArrayPlace(new Reference(++_ids, name)),
            new ScalarPlace(NewSlot($"{name}_row", Scalar.I32)), new ScalarPlace(NewSlot($"{name}_start", Scalar.I32)), new ScalarPlace(NewSlot($"{name}_length", Scalar.I32)), isArray);
        return _spans[place.Array.Reference] = place;
    }

    private void Unassign(Place place)
    {
        switch (place)
        {
            case ScalarPlace s: _flow.Scalars[s.Slot] = null; break;
            case ArrayPlace a: _flow.References[a.Reference] = null; break;
            case TreeArrayPlace or ElementPlace or FunctionPlace: break;
            default:
                foreach (var part in Leaves(place)) Unassign(part);
                break;
        }
    }

    private readonly Dictionary<ISymbol, string> _bases = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _baseNames = [];

    /// <summary>The variable's name in the IR; sibling scopes may use one name for several, which are told apart by a number.</summary>
    private string BaseOf(ISymbol variable)
    {
        if (_bases.TryGetValue(variable, out string known)) return known;
        string name = variable.Name;
        for (int n = 2; !_baseNames.Add(name); n++) name = $"{variable.Name}{n}";
        return _bases[variable] = name;
    }

    /// <summary>A new, unassigned place for a variable.</summary>
    private Place Declare(ISymbol variable, Shape shape)
    {
        var place = NewPlace(BaseOf(variable), shape);
        Unassign(place);
        _places[variable] = place;
        return place;
    }

    /// <summary>
    /// Declares the locals of a scope before its statements, so that what a nested block assigns is known after it. A type that
    /// is not supported is rejected at the declaration, not here.
    /// </summary>
    private void Declare(IEnumerable<ILocalSymbol> locals)
    {
        foreach (var local in locals)
            if (!local.IsConst && Shapes.Of(local.Type, out _) is { } shape) Declare(local, shape);
    }

    private void Forget(Place place)
    {
        switch (place)
        {
            case ScalarPlace s: _flow.Scalars.Remove(s.Slot); break;
            case ArrayPlace a: _flow.References.Remove(a.Reference); break;
            case TreeArrayPlace or ElementPlace or FunctionPlace: break;
            default:
                foreach (var part in Leaves(place)) Forget(part);
                break;
        }
    }

    private static IEnumerable<Place> Leaves(Place place) => place switch
    {
        AggregatePlace g => g.Fields.SelectMany(Leaves),
        SpanPlace s => [s.Array, s.Row, s.Start, s.Length],
        JaggedPlace j => [j.Rows, j.Lengths],
        StructsPlace s => s.Columns.SelectMany(Leaves),
        _ => [place],
    };

    private Place PlaceOf(ISymbol variable, IOperation where) =>
        _places.TryGetValue(variable, out var place) ? place
            : throw new Rejection(LanguageRules.Unassigned, where, variable.Name, "it is declared outside the method");

    private Val Load(Place place, IOperation where, string? name = null)
    {
        switch (place)
        {
            case ScalarPlace s:
                if (_flow.Scalars.TryGetValue(s.Slot, out var atom) && atom is not null) return new ScalarVal(atom);
                throw new Rejection(LanguageRules.Unassigned, where, name ?? s.Slot.Name, "give it a value where it is declared");
            case ArrayPlace a:
                // A null array may be held (in a struct, say) as long as nothing asks for its elements.
                return _flow.References.TryGetValue(a.Reference, out var cell) && cell is not null ? new ArrayVal(cell) : NoVal.Instance;
            case SpanPlace s: return LoadSpan(s);
            case JaggedPlace j: return LoadRows(j);
            case StructsPlace s: return LoadStructs(s, where);
            case ElementPlace e: return new ScalarVal(ReadElement(e.Array, e.Index, where, name));
            case TreeArrayPlace t: return (Val?)t.Value ?? NoVal.Instance;
            case FunctionPlace f: return (Val?)f.Value ?? NoVal.Instance;
            default:
                var g = (AggregatePlace)place;
                return new AggregateVal(g.Shape, g.Fields.Map(f => Load(f, where, name)));
        }
    }

    private void Store(Place place, Val value, IOperation where)
    {
        switch (place, value)
        {
            case (ScalarPlace s, ScalarVal v): _flow.Scalars[s.Slot] = v.Atom; break;
            case (TreeArrayPlace t, TreeArrayVal v) when t.Value is null || t.Value == v: t.Value = v; break;
            case (FunctionPlace f, FunctionVal v) when f.Value is null || f.Value.Is(v): f.Value = v; break;
            case (FunctionPlace, _): throw Unsupported(where, "a variable means one function only, from its declaration on");
            case (TreeArrayPlace, _): throw Unsupported(where, "an array of trees is a parameter's, and a variable means one of them only");
            case (SpanPlace s, ArrayVal or NoVal): StoreSpan(s, value as ArrayVal, where); break;
            case (ArrayPlace a, ArrayVal { Part: null } v): _flow.References[a.Reference] = v.Cell; break;
            case (ArrayPlace a, NoVal): _flow.References[a.Reference] = null; break;
            case (JaggedPlace j, JaggedVal or NoVal):
                _flow.References[j.Rows.Reference] = (value as JaggedVal)?.Rows;
                _flow.References[j.Lengths.Reference] = (value as JaggedVal)?.Lengths;
                break;
            case (StructsPlace s, StructsVal or NoVal): StoreStructs(s, value as StructsVal, where); break;
            case (ElementPlace e, ScalarVal v): WriteElement(e.Array, e.Index, v.Atom, where); break;
            case (AggregatePlace p, AggregateVal v) when p.Fields.Count == v.Fields.Count:
                for (int k = 0; k < p.Fields.Count; k++) Store(p.Fields[k], v.Fields[k], where);
                break;
            default: throw Unsupported(where, "the value does not have the variable's type");
        }
    }

    /// <summary>The value <c>default</c>: zeros; arrays are null.</summary>
    private Val Default(Shape shape) => shape switch
    {
        ScalarShape s => new ScalarVal(Zero(s.Scalar)),
        AggregateShape a => new AggregateVal(a, a.Fields.Map(f => Default(f.Shape))),
        _ => NoVal.Instance,
    };

    /// <summary>A value that branches decide: a place that exists only between them and their meeting.</summary>
    private Val Choose(Shape shape, string? hint, IOperation where, Action<Action<Val>> branches)
    {
        var place = NewPlace(hint ?? "t", shape);
        Unassign(place);
        branches(v => Store(place, v, where));
        var value = Load(place, where);
        Forget(place);
        return value;
    }
}
