using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Lanes;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>The body of a stage's method: a range of the outermost dimension, its inner builds and sums over lanes where they have a lane form.</summary>
internal sealed partial class KernelEmitter(KernelWriter kernel, Identifiers names, Block body, CodeWriter to)
    : BodyEmitter(kernel.Function.Name, new CpuDialect(), names, body, kernel.Function.Sizes, to)
{
    /// <summary>One thread after another.</summary>
    public void Rows(ThreadFunction thread, IReadOnlyList<ArrayPlace> places, bool isBatch, Func<string, string> header)
    {
        var dim = new Dim(thread.Index, thread.Extent);
        string i = Names.Fresh(thread.Index.Base);
        if (isBatch) Sample = i;
        Repeat(() => header(i), () =>
        {
            Bind(thread.Index, Expr.Name(i));
            Ranges.Enter(dim);
            Elements(new Build(thread.Stores, [dim], thread.Body), places);
            Ranges.Leave(dim);
        });
    }

    /// <summary>One thread in each lane; a long one in several methods, one after the other.</summary>
    public void LeadLanes(ThreadFunction thread, IReadOnlyList<ArrayPlace> places, bool isBatch, LaneAnalysis lanes, LaneParts? parts)
    {
        var dim = new Dim(thread.Index, thread.Extent);
        if (parts is null)
        {
            string Step(Block body, LaneAnalysis analysis, Interior? inside, Jam? jam) => kernel.Step(this, Like(inside, jam), body, dim, analysis, isBatch, places, "void",
                emitter => emitter.Block(body, () => emitter.StoreAll(places, [thread.Index], body.Results)), inside, jam: jam);
            var (whole, guarded) = GuardedSum.In(thread.Whole, lanes);
            string step = Step(whole, guarded, null, null);
            var (inner, side) = Faster(thread.Whole, dim, lanes, thread.Stores, Step);
            Vectors(Names.Fresh(thread.Index.Base), "(int)from", "to", call => call + ";", [step], wide: true, inner: inner, side: side);
            return;
        }
        var steps = PartSteps("Part", parts, dim, lanes, isBatch, places, [thread.Index]);
        Vectors(Names.Fresh(thread.Index.Base), "(int)from", "to", call => call + ";", steps, wide: true);
    }

    private static string Like(Interior? inside, Jam? jam) => (inside is null ? "" : "Inner") + (jam is null ? "" : "Pair");

    private void Vectors(string i, string first, string end, Func<string, string> use, string step, bool noTail = false, (string Test, string Step)? inner = null,
        (string? Test, string Step)? side = null) => Vectors(i, first, end, use, [step], wide: false, noTail, inner, side);

    /// <summary>A step of its own for vectors in which every index is in range, and the test that finds them.</summary>
    private (string Test, string Step)? Inner(Block body, Dim lane, LaneAnalysis lanes, Func<Block, LaneAnalysis, Interior?, string> step) =>
        Inside(body, lane, lanes) is var (inside, analysis) ? (inside.Test(a => Stable(a).At(Precedence.Unary)), step(inside.Body, analysis, inside)) : null;

    private static (Interior Inside, LaneAnalysis Lanes)? Inside(Block body, Dim lane, LaneAnalysis lanes) =>
        Interior.Of(body, lane.Index, lanes) is { } inside && LaneAnalysis.Of(inside.Body, lane.Index, lanes.Float) is { Reason: null } analysis ? (inside, analysis) : null;

    /// <summary>Steps for vectors in which every index is in range, and for two vectors side by side (of those, where there are any), with the tests that find them.</summary>
    private ((string Test, string Step)? Inner, (string? Test, string Step)? Side) Faster(Block body, Dim lane, LaneAnalysis lanes, Seq<Var> stores,
        Func<Block, LaneAnalysis, Interior?, Jam?, string> step)
    {
        var inside = Inside(body, lane, lanes);
        var inner = Inner(body, lane, lanes, (b, l, i) => step(b, l, i, null));
        var jam = kernel.IsAlone ? null : inside is { } i ? Jam.Of(i.Inside.Body, i.Lanes) : Jam.Of(body, lanes);
        if (jam is null || !jam.Own.All(t => t.Extents.All(e => e is Const || Scalars.ContainsKey((Var)e)))) return (inner, null);
        kernel.Know(jam.Body, [.. jam.Lanes.SelectMany(_ => stores)]);
        var tests = new List<string>();
        if (jam.IsWide) tests.Add($"V.Count == {(lanes.Float == Scalar.F32 ? 16 : 8)}");
        // The arrays of all vectors stay in the first level of the cache.
        if (!jam.Own.IsEmpty) tests.Add($"{string.Join(" + ", jam.Own.Map(t => $"(long){Length(t).At(Precedence.Multiplicative)}"))} <= {MostOwn}");
        if (inside is { Inside: var bounds }) tests.Add(bounds.Test(a => Stable(a).At(Precedence.Unary), jam.Lanes.Count));
        return (inner, (tests.Count == 0 ? null : string.Join(" & ", tests), step(jam.Body, jam.Analysis, inside?.Inside, jam)));
    }

    /// <summary>Vectors that each of two side by side may have in arrays of its own.</summary>
    private const int MostOwn = 192;

    /// <summary>The loop over full vectors, and the call for what is left.</summary>
    private void Vectors(string i, string first, string end, Func<string, string> use, IReadOnlyList<string> steps, bool wide, bool noTail = false,
        (string Test, string Step)? inner = null, (string? Test, string Step)? side = null)
    {
        static string Call(string step, string at, string lanes) => string.Format(System.Globalization.CultureInfo.InvariantCulture, step, at, lanes);
        if (first.Length > 0) Out.Declare($"int {i} = {first};");
        var (loop, tail) = (new CodeWriter(), new CodeWriter());
        string rest = wide ? $"(int)({end} - {i})" : $"{end} - {i}", two = $"{i} <= {end} - 2 * V.Count";
        if (inner is { } inside)
        {
            if (side is { Test: { } beside } both)
            {
                var pair = new CodeWriter();
                pair.Line(use(Call(both.Step, i, "V.Count")));
                pair.Line($"{i} += V.Count;");
                loop.Nest($"if ({two} & {Call(beside, i, "")})", pair);
            }
            loop.Line($"{(side is null ? "" : "else ")}if ({Call(inside.Test, i, "")}) {use(Call(inside.Step, i, "V.Count"))}");
            loop.Line($"else {use(Call(steps[0], i, "V.Count"))}");
            tail.Line(use(Call(steps[0], i, rest)));
        }
        else
        {
            if (side is { } both)
            {
                var pair = new CodeWriter();
                pair.Line(use(Call(both.Step, i, "V.Count")));
                string header = $"for (; {two}; {i} += 2 * V.Count)";
                if (both.Test is null) Out.Nest(header, pair);
                else
                {
                    var pairs = new CodeWriter();
                    pairs.Nest(header, pair);
                    Out.Nest($"if ({both.Test})", pairs);
                }
            }
            foreach (string step in steps)
            {
                loop.Line(use(Call(step, i, "V.Count")));
                tail.Line(use(Call(step, i, rest)));
            }
        }
        Out.Nest($"for (; {i} <= {end} - V.Count; {i} += V.Count)", loop);
        if (!noTail) Out.Nest($"if ({i} < {end})", tail);
    }

    private string Range(Dim dim, out string first, out bool noTail)
    {
        noTail = dim.Extent is Const c && c.AsLong % 16 == 0;
        first = "0";
        if (BetweenOf(dim) is not { } range) return Stable(dim.Extent).At(Precedence.Additive);
        noTail = false;
        first = range.First;
        return range.End;
    }

    protected override void Build(Build b)
    {
        // All one constant: a fill.
        if (b.Body.Stmts.IsEmpty && b.Results.Count == 1 && b.Body.Results[0] is Const value && Uses.IsUsed(b.Results[0]) && Place(b.Results[0]) is { IsDense: true } filled)
        {
            if (!value.IsUndefined) Fill(filled, value);
            Bind(b.Results[0], filled);
            return;
        }
        if (Try(b) is not { Lanes: { } lanes } way)
        {
            base.Build(b);
            return;
        }
        var places = b.Results.Select(r => Uses.IsUsed(r) ? Place(r) : null).ToList();
        var last = b.Dims[b.Dims.Count - 1];
        if (!kernel.IsAlone && Terms(b, last) is { } terms)
        {
            // A few sums of many terms, or many sums of a few: that is seen when it runs.
            var (outer, sums, elements) = (Out, new CodeWriter(), new CodeWriter());
            string n = Stable(last.Extent).At(Precedence.Multiplicative), m = Stable(terms).At(Precedence.Multiplicative);
            // Vectors that each way takes; lanes of terms are put together once a sum.
            string few = $"{n} * ({m} / V.Count + 2L) < ({n} + V.Count - 1L) / V.Count * {m}";
            Out = sums;
            Loops(b.Dims, () => Elements(b, places));
            Out = elements;
            Vectorized(b, places, last, lanes, null);
            Out = outer;
            Out.Nest($"if ({few})", sums);
            Out.Nest("else", elements);
        }
        else Vectorized(b, places, last, lanes, way.Parts);
        for (int k = 0; k < places.Count; k++)
            if (places[k] is { } place) Bind(b.Results[k], place);
    }

    /// <summary>How many neighbours in memory each element sums up, if nothing but that is to be done; null where the elements have the better neighbours anyway.</summary>
    private Atom? Terms(Build b, Dim last) =>
        last.Extent is Var && b.Body.Stmts.LastOrDefault() is Reduce { Kind: ReduceKind.Sum } sum && b.Body.Results.Count == 1 && b.Body.Results[0].Equals(sum.Out)
        && b.Body.Stmts.Take(b.Body.Stmts.Count - 1).All(s => s is Read || s is Compute { Out.Type.IsFloat: false })
        && sum.Dims[sum.Dims.Count - 1].Extent is Var terms && Scalars.ContainsKey(terms) && !sum.Body.Stmts.Any(s => s.Blocks.Any())
        && RowLanes.Of(sum, kernel.Float) is { Lanes.ScatteredLoads: 0 } ? terms : null;

    /// <summary>Lanes along the last dimension.</summary>
    private void Vectorized(Build b, List<ArrayPlace?> places, Dim last, LaneAnalysis lanes, LaneParts? parts)
    {
        Loops(b.Dims.Take(b.Dims.Count - 1).ToList(), () =>
        {
            if (parts is not null)
            {
                var steps = PartSteps(Pascal(b.Results[0]), parts, last, lanes, false, places, b.Dims.Map(d => (Atom)d.Index));
                string to = Range(last, out string from, out bool isWhole);
                Vectors(Names.Fresh(last.Index.Base), from, to, call => call + ";", steps, wide: false, isWhole);
                return;
            }
            string Step(Block body, LaneAnalysis analysis, Interior? inside, Jam? jam) => kernel.Step(this, Pascal(b.Results[0]) + Like(inside, jam), body, last, analysis, false, places, "void",
                emitter => emitter.Block(body, () => emitter.StoreAll(places, b.Dims.Map(d => (Atom)d.Index), body.Results)), inside, jam: jam);
            var (body, guarded) = GuardedSum.In(b.Body, lanes);
            string step = Step(body, guarded, null, null);
            string end = Range(last, out string first, out bool noTail);
            if (kernel.IsAlone) Out.Line(string.Format(System.Globalization.CultureInfo.InvariantCulture, step, first, end) + ";");
            else
            {
                var (inner, side) = Faster(b.Body, last, lanes, b.Results, Step);
                Vectors(Names.Fresh(last.Index.Base), first, end, call => call + ";", step, noTail, inner, side);
            }
        });
    }

    protected override void Reduce(Reduce r)
    {
        if (Try(r) is not { Lanes: { } lanes })
        {
            base.Reduce(r);
            return;
        }
        if (r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin)
        {
            Winner(r, lanes);
            return;
        }
        var unit = Interpreter.Unit(r.Kind, r.Out.Type.Scalar);
        string neutral = unit.Is(0) ? "V.Zero" : $"VX.Create({Literals.Of(unit)})";
        string total = Names.Fresh(r.Out.Base + "Lanes");
        Out.Declare($"V {total} = {neutral};");
        var last = r.Dims[r.Dims.Count - 1];
        // Of a few operations each sum waits for the one before it.
        var totals = r.Kind == ReduceKind.Sum && lanes.Ops <= 8 && !kernel.IsAlone ? Enumerable.Range(0, 3).Select(_ => Names.Fresh(r.Out.Base + "Lanes")).ToList() : [];
        foreach (string t in totals) Out.Declare($"V {t} = V.Zero;");
        Loops(r.Dims.Take(r.Dims.Count - 1).ToList(), () =>
        {
            string Step(Block body, LaneAnalysis analysis, Interior? inside) => kernel.Step(this, Pascal(r.Out) + (inside is null ? "" : "Inner"), body, last, analysis, false, [], "V",
                emitter => emitter.Block(body, () => emitter.Return(r with { Body = body }, neutral)), inside);
            string step = Step(r.Body, lanes, null);
            string end = Range(last, out string first, out bool noTail);
            string i = Names.Fresh(last.Index.Base);
            if (totals.Count > 0)
            {
                Out.Declare($"int {i} = {first};");
                var four = new CodeWriter();
                for (int k = 0; k <= totals.Count; k++)
                    four.Line($"{(k == 0 ? total : totals[k - 1])} += {string.Format(System.Globalization.CultureInfo.InvariantCulture, step, k == 0 ? i : k == 1 ? $"{i} + V.Count" : $"{i} + {k} * V.Count", "V.Count")};");
                Out.Nest($"for (; {i} <= {end} - {totals.Count + 1} * V.Count; {i} += {totals.Count + 1} * V.Count)", four);
                first = "";
            }
            Vectors(i, first, end, call => Combined(r.Kind, total, call), step, noTail, Inner(r.Body, last, lanes, Step));
        });
        if (totals.Count > 0) Out.Line($"{total} = {total} + {totals[0]} + ({totals[1]} + {totals[2]});");
        Total(r, total);
    }

    /// <summary>The position of the first that beats all before it: each lane keeps its own best and where it was, and the first of the best lanes wins.</summary>
    private void Winner(Reduce r, LaneAnalysis lanes)
    {
        string at = Names.Fresh(r.Out.Base), best = Names.Fresh("best"), place = Names.Fresh("place"), i = Names.Fresh(r.Dims[0].Index.Base);
        Out.Declare($"int {at} = -1;");
        Out.Declare($"V {best} = V.Zero;");
        Out.Declare($"V {place} = V.Zero;");
        string step = kernel.Step(this, Pascal(r.Out), r.Body, r.Dims[0], lanes, false, [], "V", emitter => emitter.Block(r.Body, () => emitter.Return(r, "")));
        string end = Range(r.Dims[0], out string first, out bool noTail);
        Vectors(i, first, end, call => $"Lanes.{r.Kind}({call}, {i}, ref {best}, ref {place}, ref {at});", step, noTail: noTail);
        Out.Line($"{at} = Lanes.{r.Kind}({best}, {place}, {at});");
        Bind(r.Out, Expr.Name(at));
    }

    private RowLanes? Try(Stmt stmt)
    {
        if (!kernel.UsesLanes) return null;
        var way = RowLanes.Of(stmt, kernel.Float);
        if (way?.Reason is { } reason) kernel.Reasons.Add(reason);
        return way;
    }

    public static string Pascal(Var v)
    {
        string text = Identifiers.Of(v.Base).TrimStart('@', '_');
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text.Substring(1);
    }

    public void Parts(Block block, string n, string size, string partial)
    {
        var r = (Reduce)block.Stmts[0];
        string part = Names.Fresh("part"), first = Names.Fresh("first"), last = Names.Fresh("last");
        Repeat(() => $"for (int {part} = (int)from; {part} < to; {part}++)", () =>
        {
            Out.Declare($"int {first} = {part} * {size}, {last} = {first} + Math.Min({size}, {n} - {first});");
            Between(r.Dims[0], first, last);
            Block(block, () => Out.Line($"{partial}[{part}] = {Use(r.Out)};"));
        });
    }

    // ---- tiles

    public void Tile(TileFunction tile, IReadOnlyList<ArrayPlace> places, MergedAxis? batch, MergedAxis? m, MergedAxis? n)
    {
        Split(batch, "batch");
        string r = Names.Fresh("r"), sums = Names.Fresh("sums");
        Repeat(() => $"for (int {r} = 0; {r} < rows; {r}++)", () =>
        {
            Split(m, $"row + {r}");
            Out.Declare($"{CSharp.Of(tile.Sum.Type.Scalar)}* {sums} = tile + {r} * stride - col;");
            foreach (var row in tile.Rows) Read(row);
            Columns(tile, places, n, sums);
        });
    }

    /// <summary>The columns of one row of a tile: <c>sums[j]</c> is the sum of column j.</summary>
    private void Columns(TileFunction tile, IReadOnlyList<ArrayPlace> places, MergedAxis? n, string sums)
    {
        var at = tile.Index.Map(v => (Atom)v);
        if (kernel.UsesLanes && n is { Axes.Count: 1 } && n.Axes[0].Index.Equals(tile.Index[tile.Index.Count - 1]))
        {
            // The sums are an array of columns like any other.
            var dim = new Dim(n.Axes[0].Index, n.Axes[0].Extent);
            var array = new Var(sums + ".sums", new IrType(tile.Sum.Type.Scalar, [dim.Extent]));
            Bind(array, ArrayPlace.Dense(sums, array.Type, new Memory(false)));
            var body = new Block([new Read(tile.Sum, array, [dim.Index]), .. tile.Body.Stmts], tile.Body.Results);
            var lanes = LaneAnalysis.Of(body, dim.Index, kernel.Float ?? tile.Sum.Type.Scalar);
            if (lanes.Reason is null)
            {
                string step = kernel.Step(this, "", body, dim, lanes, false, places, "void", emitter => emitter.Block(body, () => emitter.StoreAll(places, at, body.Results)));
                string i = Names.Fresh(dim.Index.Base);
                Vectors(i, "col", "col + cols", call => call + ";", step);
                return;
            }
            kernel.Reasons.Add(lanes.Reason);
        }
        string j = Names.Fresh(n is { Axes.Count: 1 } ? n.Axes[0].Index.Base : "c");
        Repeat(() => $"for (int {j} = col; {j} < col + cols; {j}++)", () =>
        {
            if (n is { Axes.Count: 1 })
            {
                Bind(n.Axes[0].Index, Expr.Name(j));
                Ranges.Enter(new Dim(n.Axes[0].Index, n.Axes[0].Extent));
            }
            else Split(n, j);
            var sum = Expr.Name($"{sums}[{j}]");
            if (Uses.Count(tile.Sum) == 1) Bind(tile.Sum, sum);
            else Declare(tile.Sum, sum);
            Block(tile.Body, () =>
            {
                if (places.Count > 1) Barrier();
                for (int k = 0; k < places.Count; k++) Out.Line($"{Element(places[k], at)} = {Use(tile.Body.Results[k])};");
            });
        });
    }

    /// <summary>The indices of merged axes, from the position along them.</summary>
    private void Split(MergedAxis? merged, string at)
    {
        if (merged is null) return;
        var axes = merged.Axes;
        foreach (var axis in axes) Ranges.Enter(new Dim(axis.Index, axis.Extent));
        if (axes.Count == 1 && at.IndexOf(' ') < 0)
        {
            Bind(axes[0].Index, Expr.Name(at));
            return;
        }
        string rest = at.IndexOf(' ') < 0 ? at : $"({at})";
        for (int k = axes.Count - 1; k >= 0; k--)
        {
            string i = Names.Fresh(axes[k].Index.Base), n = Stable(axes[k].Extent).At(Precedence.Unary);
            Out.Declare($"int {i} = {(axes.Count == 1 ? at : k == 0 ? rest : $"{rest} % {n}")};");
            rest = $"{rest} / {n}";
            Bind(axes[k].Index, Expr.Name(i));
        }
    }
}
