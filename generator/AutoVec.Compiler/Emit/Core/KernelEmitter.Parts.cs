using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Lanes;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>Bodies that are too long for one method: a vector goes through several, one after the other.</summary>
/// <remarks>
/// <code>
/// for (; i &lt;= n - V.Count; i += V.Count)
/// {
///     Part(x, parked, i, V.Count);            computes, parks what the next part needs
///     Part2(parked, y, i, V.Count);           goes on with it, and stores
/// }
/// </code>
/// </remarks>
internal sealed partial class KernelEmitter
{
    private List<string> PartSteps(string like, LaneParts parts, Dim dim, LaneAnalysis lanes, bool isBatch, IReadOnlyList<ArrayPlace?> places, Seq<Atom> at)
    {
        // Vectors of the kernel's float type (masks among them), and of int.
        static string Type(Var v) => v.Type.Scalar == Scalar.I32 ? "VI" : "V";
        var parks = parts.Slots.Keys.Select(Type).Distinct().OrderBy(t => t, StringComparer.Ordinal)
            .ToDictionary(t => t, t => Rent(t == "V" ? "parked" : "parkedInts", new IrType(Scalar.F32, [Const.I32(parts.Slots.Count)]), t));
        string Slot(Var v) => $"{parks[Type(v)].Name}[{Literals.Of(parts.Slots[v])}]";
        return parts.Parts.Select(part => kernel.Step(this, like, part.Body, dim, lanes, isBatch, [.. places, .. parks.Values], "void", emitter =>
        {
            var here = new HashSet<Var>(part.Body.Stmts.SelectMany(s => s.Outs));
            foreach (var v in parts.Slots.Keys)
                if (!here.Contains(v)) emitter.Bind(v, Expr.Name(Slot(v)));
            emitter.Block(part.Body, () =>
            {
                emitter.Park(part.Body.Results.Take(part.Parked), Slot);
                emitter.StoreAll(part.Stored.Map(k => places[k]), at, part.Body.Results.Skip(part.Parked).ToSeq());
            });
        }, each: true)).ToList();
    }
}
