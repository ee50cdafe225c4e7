using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>
/// Contractions: one call of the engine's GEMM over strided views. Axes that do not merge into one stride become loops around
/// it; what is elementwise afterwards runs tile by tile while the sums are in the cache.
/// </summary>
internal sealed partial class HostEmitter
{
    private void Contract(ContractionStage stage)
    {
        var all = StatementsOf(stage);
        var spec = Normal(stage.Spec);
        var result = stage.Statement.Results[0];
        var outer = new List<Axis>();
        var sums = new List<Axis>();
        var (batch, m, n, k) = (MergedAxis.Merge(spec.Batch, outer), MergedAxis.Merge(spec.M, outer), MergedAxis.Merge(spec.N, outer), MergedAxis.Merge(spec.K, sums));
        bool unit = n is null || Unit(n.C!.Value);
        if (!unit && sums.Count > 0)
        {
            Kernel(new KernelStage([stage.Statement, .. stage.Epilogue]) { Title = stage.Title });
            return;
        }
        Barrier();
        if (stage.Epilogue.IsEmpty && UpdateOf(result, all) is { } update && Into(update, stage)) return;
        bool stored = stage.Epilogue.IsEmpty || IsReadElsewhere(result, all);
        var c = stored && sums.Count == 0 && !stage.Epilogue.IsEmpty ? PlaceOf(result, all) : stored || sums.Count > 0 ? Place(result) : null;
        var tile = stage.Epilogue.IsEmpty && unit ? null : TileFunction.Of(stage, v => v.Equals(result) ? stored : IsReadElsewhere(v, all), _core.IrNames);
        var places = tile?.Stores.Select(v => v.Equals(result) ? c! : PlaceOf(v, all)).ToList() ?? [];
        string type = CSharp.Of(result.Type.Scalar);

        void Call(bool accumulate, KernelWriter? kernel, bool empty)
        {
            string? args = kernel is null ? null : Arguments(kernel);
            Out.Open($"engine.Contract(new Contraction<{type}>");
            Out.Line($"Batch = {Count(batch)}, M = {Count(m)}, N = {Count(n)}, K = {(empty ? "0" : Count(k))},");
            Out.Line($"A = {Start(spec.A, [.. outer, .. sums], a => a.A, empty)}, {Strides("A", ("B", batch?.A), ("M", m?.A), ("K", k?.A))}");
            Out.Line($"B = {Start(spec.B, [.. outer, .. sums], a => a.B, empty)}, {Strides("B", ("B", batch?.B), ("K", k?.B), ("N", n?.B))}");
            if (c is not null && (kernel is null || accumulate))
                Out.Line($"C = {Start(c.Name, outer, a => a.C, Zero)}, {Strides("C", ("B", batch?.C), ("M", m?.C))}");
            if (accumulate) Out.Line("Accumulate = true,");
            if (kernel is not null) Out.Line($"Epilogue = {kernel.Call}, EpilogueArgs = {args},");
            Out.Close("});");
        }
        KernelWriter? Epilogue()
        {
            if (tile is null) return null;
            var kernel = new KernelWriter(_core, this, MemberName(tile.Stores[tile.Stores.Count - 1]), stage.Title);
            kernel.Tile(tile, places, batch, m, n);
            return kernel;
        }

        if (sums.Count > 0) Fill(c!, Const.Of(result.Type.Scalar, 0));
        Around(outer, () =>
        {
            if (sums.Count == 0) Call(accumulate: false, Epilogue(), empty: false);
            else
            {
                // The sums over axes that do not merge add up in C; then one call without terms runs the epilogue over them.
                Around(sums, () => Call(accumulate: true, null, empty: false));
                if (tile is not null) Call(accumulate: true, Epilogue(), empty: true);
            }
        });
        if (c is not null) Bind(result, c);
        for (int i = 0; i < places.Count; i++) Bind(tile!.Stores[i], places[i]);
    }

    /// <summary>
    /// The product as an update of an array, where that is all that becomes of it: it adds itself, or is written, where the array lies. (The gradient of
    /// an array of trees: each trip's product goes to its own window.)
    /// </summary>
    private bool Into(Stmt update, ContractionStage stage)
    {
        var (array, index) = update is Write w ? (w.Array, w.Index) : (((Accumulate)update).Array, ((Accumulate)update).Index);
        var strides = Slice(Arrays[array], index);
        var dims = stage.Statement.Dims;
        Axis Placed(Axis a)
        {
            for (int d = 0; d < dims.Count; d++)
                if (dims[d].Index.Equals(a.Index)) return a with { C = strides[d] };
            return a;
        }
        var spec = Normal(stage.Spec with { Batch = stage.Spec.Batch.Map(Placed), M = stage.Spec.M.Map(Placed), N = stage.Spec.N.Map(Placed) });
        var (outer, sums) = (new List<Axis>(), new List<Axis>());
        var (batch, m, n, k) = (MergedAxis.Merge(spec.Batch, outer), MergedAxis.Merge(spec.M, outer), MergedAxis.Merge(spec.N, outer), MergedAxis.Merge(spec.K, sums));
        if (n is not null && !Unit(n.C!.Value) || sums.Count > 0) return false;
        string? accumulate = update is Accumulate ? "true" : null;
        if (update is Accumulate add && _untouched.TryGetValue(array, out string? untouched))
        {
            string first = Names.Fresh("first");
            Out.Declare($"bool {first} = {untouched}.Claim({WindowText(add)});");
            accumulate = $"!{first}";
        }
        var window = Target(update);
        Around(outer, () =>
        {
            Out.Open($"engine.Contract(new Contraction<{CSharp.Of(window.Type.Scalar)}>");
            Out.Line($"Batch = {Count(batch)}, M = {Count(m)}, N = {Count(n)}, K = {Count(k)},");
            Out.Line($"A = {Start(spec.A, outer, a => a.A, false)}, {Strides("A", ("B", batch?.A), ("M", m?.A), ("K", k?.A))}");
            Out.Line($"B = {Start(spec.B, outer, a => a.B, false)}, {Strides("B", ("B", batch?.B), ("K", k?.B), ("N", n?.B))}");
            Out.Line($"C = {Start(window.Name, outer, a => a.C, Zero)}, {Strides("C", ("B", batch?.C), ("M", m?.C))}");
            if (accumulate is not null) Out.Line($"Accumulate = {accumulate},");
            Out.Close("});");
        });
        return true;
    }

    /// <summary>AM = d, AK = 1: strides that are 0 anyway are left out.</summary>
    private string Strides(string operand, params (string Name, Seq<Atom>? Product)[] strides) =>
        string.Join(" ", strides.Where(s => s.Product is not null).Select(s => $"{operand}{s.Name} = {WideProduct(s.Product!.Value)},"));

    /// <summary>C's columns are next to each other: else rows and columns, and with them A and B, change roles.</summary>
    private static Contraction Normal(Contraction spec)
    {
        bool columns = !spec.N.IsEmpty && Unit(spec.N[spec.N.Count - 1].C!.Value);
        bool rows = !spec.M.IsEmpty && Unit(spec.M[spec.M.Count - 1].C!.Value);
        if (columns || !rows) return spec;
        Axis Turned(Axis a) => a with { A = a.B, B = a.A };
        return new Contraction(spec.B, spec.A, spec.Batch.Map(Turned), spec.N.Map(Turned), spec.M.Map(Turned), spec.K.Map(Turned));
    }

    private static bool Unit(Seq<Atom> stride) => stride.All(a => a is Const { AsLong: 1 });

    private string Count(MergedAxis? axis) => axis is null ? "1"
        : axis.Axes.Select(a => NotNegative(a.Extent)).Aggregate(One, Times).Text;

    private Expr Step(Expr index, Seq<Atom> stride)
    {
        var distance = Product(stride);
        return distance.Text == "1" ? index : Times(Wide(index), distance);
    }

    private string Start(Operand operand, List<Axis> outer, Func<Axis, Seq<Atom>?> stride, bool empty)
    {
        var array = ArrayOf(operand.Array);
        if (empty) return array.Name;
        var offset = Zero;
        for (int d = 0; d < operand.Offset.Count; d++)
            if (operand.Offset[d] is not Const { AsLong: 0 })
                offset = Plus(offset, Step(Stable(operand.Offset[d]), array.Strides[d]));
        return Start(array.Name, outer, stride, offset);
    }

    private string Start(string array, List<Axis> outer, Func<Axis, Seq<Atom>?> stride, Expr offset)
    {
        foreach (var axis in outer)
            if (stride(axis) is { } s) offset = Plus(offset, Step(Scalars[axis.Index], s));
        return offset.Text == "0" ? array : Expr.Infix(Expr.Name(array), "+", offset).Text;
    }

    private void Around(List<Axis> axes, Action body) => Loops(axes.Select(a => new Dim(a.Index, a.Extent)).ToList(), body);
}

/// <summary>Axes that act as one: the strides are those of the innermost.</summary>
internal sealed record MergedAxis(Seq<Axis> Axes, Seq<Atom>? A, Seq<Atom>? B, Seq<Atom>? C)
{
    /// <summary>The axes as one, the outer ones that do not merge moved to <paramref name="outer"/>; null for no axis.</summary>
    public static MergedAxis? Merge(Seq<Axis> axes, List<Axis> outer)
    {
        if (axes.IsEmpty) return null;
        int first = axes.Count - 1;
        while (first > 0 && Mergeable(axes[first - 1], axes[first])) first--;
        outer.AddRange(axes.Take(first));
        var last = axes[axes.Count - 1];
        return new MergedAxis(axes.Skip(first).ToSeq(), last.A, last.B, last.C);
    }

    private static bool Mergeable(Axis outer, Axis inner) =>
        Fits(outer.A, inner.A, inner.Extent) && Fits(outer.B, inner.B, inner.Extent) && Fits(outer.C, inner.C, inner.Extent);

    private static bool Fits(Seq<Atom>? outer, Seq<Atom>? inner, Atom extent) =>
        outer is null ? inner is null : inner is not null && SameProduct(outer.Value, inner.Value.Add(extent));

    private static bool SameProduct(Seq<Atom> a, Seq<Atom> b)
    {
        static string Key(Seq<Atom> p) =>
            p.OfType<Const>().Aggregate(1L, (x, c) => x * c.AsLong) + "·" + string.Join("·", p.OfType<Var>().Select(v => v.Name).OrderBy(s => s, StringComparer.Ordinal));
        return Key(a) == Key(b);
    }

    /// <summary>The axes as one, and how many do not merge into it.</summary>
    public static (MergedAxis? Axis, int Apart) Of(Seq<Axis> axes)
    {
        var outer = new List<Axis>();
        return (Merge(axes, outer), outer.Count);
    }
}
