using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Arrays of structs, held as one array for each number in the struct. What is done to the array is done to each of them; an element is a struct whose
/// fields are elements, a variable as C# says: its fields are assigned, its methods change it, references mean it.
/// <code>
/// var a = new Complex[n];        a_Re = [n] zeros, a_Im = [n] zeros
/// a[i] = a[j] * w;          ⇒    x = a_Re[j], y = a_Im[j], .. a_Re' = a_Re with [i] = .., a_Im' = a_Im with [i] = ..
/// a[i].Im = 0;                   a_Im'' = a_Im' with [i] = 0
/// </code>
/// </summary>
internal sealed partial class MethodLowering
{
    private static ArrayVal First(StructsVal array) => (ArrayVal)array.Columns[0];

    /// <summary>An array of numbers; of an array of structs, that of the first number, which has its length.</summary>
    private static ArrayVal Elements(Val value, IOperation where) => value is StructsVal s ? First(s) : Memory(value, where);

    private static Val Each(Val array, IOperation where, Func<ArrayVal, Val> each) =>
        array is StructsVal s ? new StructsVal(s.Shape, s.Columns.Map(c => each((ArrayVal)c))) : each(Memory(array, where));

    /// <summary>The same to each array of a struct's numbers, in step with those of another array of the same structs.</summary>
    private NoVal Each(Val array, Val other, IOperation where, Action<ArrayVal, ArrayVal> each)
    {
        if (array is StructsVal s && other is StructsVal t && s.Columns.Count == t.Columns.Count)
            for (int k = 0; k < s.Columns.Count; k++) each((ArrayVal)s.Columns[k], (ArrayVal)t.Columns[k]);
        else each(Memory(array, where), Memory(other, where));
        return NoVal.Instance;
    }

    private Val LoadStructs(StructsPlace place, IOperation where)
    {
        var columns = place.Columns.Map(c => Load(c, where));
        return columns.All(c => c is ArrayVal) ? new StructsVal(place.Shape, columns) : NoVal.Instance;
    }

    private void StoreStructs(StructsPlace place, StructsVal? value, IOperation where)
    {
        for (int k = 0; k < place.Columns.Count; k++) Store(place.Columns[k], (Val?)value?.Columns[k] ?? NoVal.Instance, where);
    }

    private StructsVal NewStructs(StructsShape shape, Seq<Atom> extents, string? hint) =>
        new(shape, shape.Columns.Map(c => (Val)new ArrayVal(Zeros(c.Scalar, extents, $"{hint ?? "a"}_{c.Name}"))));

    /// <summary>The numbers of an element, read now.</summary>
    private Val ElementOf(StructsVal array, Seq<Atom> index, IOperation where, string? hint)
    {
        int next = 0;
        return FromLeaves(array.Shape.Element, () =>
        {
            int k = next++;
            return new ScalarVal(ReadElement((ArrayVal)array.Columns[k], index, where, $"{hint ?? "v"}_{array.Shape.Columns[k].Name}"));
        });
    }

    /// <summary>The element as a variable.</summary>
    private static AggregatePlace PlaceOfElement(StructsVal array, Seq<Atom> index)
    {
        int next = 0;
        Place Of(Shape shape) => shape is AggregateShape a ? new AggregatePlace(a, a.Fields.Map(f => Of(f.Shape))) : new ElementPlace((ArrayVal)array.Columns[next++], index);
        return (AggregatePlace)Of(array.Shape.Element);
    }

    private void StoreElement(Val array, Seq<Atom> index, Val value, IOperation where)
    {
        if (array is StructsVal structs) Store(PlaceOfElement(structs, index), value, where);
        else WriteElement(Memory(array, where), index, AtomIn(value, where), where);
    }

    /// <summary>One number for each array of a struct's numbers: the same everywhere.</summary>
    private NoVal FillStructs(StructsVal array, Val value, IOperation where)
    {
        var atoms = AtomsOf(value, where).ToList();
        for (int k = 0; k < atoms.Count; k++) Overwrite((ArrayVal)array.Columns[k], atoms[k], where);
        return NoVal.Instance;
    }
}
