using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>Kernel stages and reductions: an args struct, a method over a range of the leading dimension, and a parallel loop.</summary>
internal sealed partial class HostEmitter
{
    private void Kernel(KernelStage stage)
    {
        var builds = stage.Stmts.Cast<Build>().ToList();
        if (builds.All(b => b.Body.Stmts.IsEmpty && b.Body.Results.All(r => r is Const)))
        {
            foreach (var b in builds)
                for (int k = 0; k < b.Results.Count; k++)
                {
                    // Room that was wanted before its turn.
                    if (Arrays.ContainsKey(b.Results[k])) continue;
                    var place = Place(b.Results[k]);
                    if (b.Body.Results[k] is Const { IsUndefined: false } value && !IsSummedFromZeros(b)) Fill(place, value);
                    Bind(b.Results[k], place);
                }
            return;
        }
        var thread = ThreadFunction.Of(stage, v => IsReadElsewhere(v, stage.Stmts), _core.IrNames);
        var places = thread.Stores.Select(v => (Array: v, Place: PlaceOf(v, stage.Stmts))).ToList();
        string name = MemberName(thread.Stores.IsEmpty ? builds[builds.Count - 1].Results[0] : thread.Stores[thread.Stores.Count - 1]);
        Barrier();
        var kernel = new KernelWriter(_core, this, name, stage.Title);
        kernel.Rows(thread, places.Select(p => p.Place).ToList(), IsBatch(thread.Extent));
        string args = Arguments(kernel);
        Out.Line($"engine.For({kernel.Call}, {args}, {Stable(thread.Extent)}, {(_core.InOrder ? $"Math.Max({Stable(thread.Extent)}, 1)" : Grain(thread, kernel.IsLead))});");
        foreach (var (array, place) in places) Bind(array, place);
    }

    /// <summary>Fills the args struct; returns the pointer to it, or null where nothing is captured.</summary>
    private string Arguments(KernelWriter kernel)
    {
        foreach (string reason in kernel.Reasons.Distinct().Take(kernel.Float is null ? 1 : 0)) _core.Notes.Add($"{kernel.Title}: element by element, because {reason}");
        if (kernel.Captured.Count == 0) return "null";
        string args = Names.Fresh(char.ToLowerInvariant(kernel.ArgsType[0]) + kernel.ArgsType.Substring(1));
        Out.Declare($"var {args} = new {kernel.ArgsType} {{ {string.Join(", ", kernel.Captured.Select(c => $"{c.Name} = {c.Name}"))} }};");
        return $"&{args}";
    }

    /// <summary>How many leading indices are worth waking a thread for: some ten thousand operations. Whole vectors in any case.</summary>
    private string Grain(ThreadFunction thread, bool lead)
    {
        int ops = Math.Max(1, thread.Body.Walk().Sum(s => s is Compute c && c.Op.CSharp.Contains(".") ? 16 : 1));
        var inner = Deepest(thread.Body);
        if (inner.Count == 0) return Literals.Of(Math.Max(64, (lead ? 8 : 1) * 32768 / ops / 64 * 64));
        var trips = inner.Where(a => a is Const || Scalars.ContainsKey((Var)a)).ToList();
        if (trips.Count < inner.Count) return "16";
        string length = Length(new IrType(Scalar.I32, trips.ToSeq())).Text;
        return lead ? $"16 * (1 + {Literals.Of(8 * 2048 / ops)} / (1 + {length}))" : $"1 + {Literals.Of(2 * 32768 / ops)} / (1 + {length})";
    }

    /// <summary>The extents of the deepest nest of counted loops.</summary>
    private static List<Atom> Deepest(Block block)
    {
        List<Atom> best = [];
        foreach (var stmt in block.Stmts)
        {
            var own = UseMap.Dims(stmt).Select(d => d.Extent).ToList();
            foreach (var b in stmt.Blocks)
            {
                List<Atom> nest = [.. own, .. Deepest(b)];
                if (nest.Count > best.Count) best = nest;
            }
        }
        return best;
    }

    /// <summary>
    /// A sum (or product, maximum, minimum) to one scalar: parts of fixed size, each in order, then the parts in order. The split
    /// depends on the extents alone, hence so do the bits of the result.
    /// </summary>
    private void Total(ReduceStage stage)
    {
        var r = stage.Statement;
        string name = MemberName(r.Out), type = CSharp.Of(r.Out.Type.Scalar);
        Barrier();
        string n = Stable(r.Dims[0].Extent).At(Precedence.Unary);
        var inner = Length(new IrType(Scalar.I32, r.Dims.Skip(1).Select(d => d.Extent).ToSeq()));
        string size = Names.Fresh("size"), parts = Names.Fresh(r.Out.Base + "Count"), partial = Names.Fresh(r.Out.Base + "Parts");
        Out.Declare(r.Dims.Count == 1 ? $"const int {size} = 4096;" : $"int {size} = (int)(1 + 4095 / (1 + (long){inner.At(Precedence.Unary)}));");
        Out.Declare($"int {parts} = (int)(((long)Math.Max({n}, 0) + {size} - 1) / {size});");
        Out.Declare($"{type}* {partial} = scope.Rent<{type}>({parts});");
        var kernel = new KernelWriter(_core, this, name, stage.Title);
        kernel.Parts(r, n, size, partial);
        Out.Line($"engine.For({kernel.Call}, {Arguments(kernel)}, {parts}, 1);");
        string total = Names.Fresh(r.Out.Base), p = Names.Fresh("p");
        Out.Declare($"{type} {total} = {Literals.Of(Interpreter.Unit(r.Kind, r.Out.Type.Scalar))};");
        var body = new CodeWriter();
        body.Line(r.Kind == ReduceKind.Sum ? $"{total} += {partial}[{p}];"
            : $"{total} = {Apply(Combine(r.Kind), [Expr.Name(total), Expr.Name($"{partial}[{p}]")], r.Out.Type.Scalar)};");
        Out.Nest($"for (int {p} = 0; {p} < {parts}; {p}++)", body);
        Bind(r.Out, Expr.Name(total));
    }
}
