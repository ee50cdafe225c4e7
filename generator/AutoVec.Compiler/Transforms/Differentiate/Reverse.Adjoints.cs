using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>Adding to adjoints.</summary>
internal sealed partial class Reverse
{
    /// <summary>The adjoint of a scalar or a whole array += bar.</summary>
    public void Add(Region region, Atom target, Atom bar)
    {
        if (!activity.IsActive(target) || IsZero(bar)) return;
        var x = (Var)target;
        if (x.Type.IsArray)
        {
            var old = region.LeavesAsSite(x) ? region.Bar(x) : Current(region, x, create: false);
            region.Bars[x] = old is null ? bar : Plus(region.Builder, old, (Var)bar);
            return;
        }
        if (region.Kind == RegionKind.Loop && !region.Binds(x) && !region.Bars.ContainsKey(x)) region.Bars[x] = Carry(region, x, x);
        region.Bars[x] = region.Bars.TryGetValue(x, out var sum) ? region.Builder.Compute(OpTable.Add, sum, bar, BarName(x)) : bar;
    }

    /// <summary>The adjoint of an array at an index += bar; with whole dimensions in the index, bar is a slice.</summary>
    private void AddAt(Region region, Var array, Seq<Atom> index, Atom bar)
    {
        if (!activity.IsActive(array) || IsZero(bar)) return;
        var element = new Element(array, index);
        if (!region.Binds(array) && index.All(i => i.IsPosition()) && !index.Any(region.Binds) && region.Parent!.TakesAnywhere(element))
        {
            if (region.Kind == RegionKind.Loop && !region.Elements.ContainsKey(element))
                region.Elements[element] = Carry(region, element, new Var(array.Name, array.Type.Element));
            region.Elements[element] = region.Elements.TryGetValue(element, out var sum)
                ? region.Builder.Compute(OpTable.Add, sum, bar, BarName(array)) : bar;
        }
        else if (region.LeavesAsSite(array)) region.Sites.Add(SiteOf(array, index, bar));
        else if (index.HoldsAll() && Current(region, array, create: false) is null)
            region.Bars[array] = region.Builder.Write(region.Builder.Room(array.Type, BarName(array)), index, bar, BarName(array));
        else region.Bars[array] = region.Builder.Accumulate(Current(region, array, create: true)!, index, bar, BarName(array));
    }

    /// <summary>A slice is one site over its elements.</summary>
    private Site SiteOf(Var array, Seq<Atom> index, Atom bar)
    {
        var dims = new List<Dim>();
        var code = new Builder(names);
        Var Along(Atom extent)
        {
            dims.Add(new Dim(names.Fresh("i", IrType.I32), extent));
            return dims[^1].Index;
        }
        var full = index.Select((i, d) => i switch
        {
            All => Along(array.Type.Extents[d]),
            // from + (i · c + j)
            Window w => code.Compute(OpTable.Add, w.From, w.Extents.Skip(1).Aggregate((Atom)Along(w.Extents[0]),
                (at, n) => code.Compute(OpTable.Add, code.Compute(OpTable.Mul, at, n, "at"), Along(n), "at")), "at"),
            _ => i,
        }).ToSeq();
        if (dims.Count == 0) return new Site(array, [], [], full, bar);
        var value = code.Read((Var)bar, dims.Select(d => d.Index), BarName(array));
        return new Site(array, dims.ToSeq(), code.Stmts.ToSeq(), full, value);
    }

    /// <summary>The array that holds x's adjoint here: a branch sees that of the code around it, a loop makes it state.</summary>
    private Var? Current(Region region, Var x, bool create)
    {
        if (region.Bar(x) is { } bar) return bar;
        if (!region.Binds(x))
        {
            if (region.Kind == RegionKind.Loop)
            {
                var param = Carry(region, x, x);
                region.Bars[x] = param;
                return param;
            }
            if (region.Kind == RegionKind.Branch && Current(region.Parent!, x, create: false) is { } outer) return outer;
        }
        return create ? (Var)region.Builder.Zeros(x.Type, BarName(x)) : null;
    }

    private Var Carry(Region region, object target, Var like)
    {
        var param = names.Fresh(BarName(like), like.Type);
        region.Carried.Add((target, param));
        return param;
    }

    private static Atom Plus(Builder b, Var x, Var y) => b.Build(x.Type.Extents,
        (e, at) => e.Compute(OpTable.Add, e.Read(x, at, "bar"), e.Read(y, at, "bar"), "bar"), x.Base);

    private static bool IsZero(Atom atom) => atom is Const { AsDouble: 0 };
}
