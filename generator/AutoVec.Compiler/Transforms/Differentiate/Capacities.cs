using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// Room for arrays whose lengths differ from trip to trip: the greatest of all trips' lengths, computed before the loop. There is one where the
/// length is computed from the trip and what is known before the loop alone.
/// <code>
/// loop .. for l&lt;L { n = widths[l]; a = build j&lt;n { .. } }     ⇒     most = reduce max l&lt;L { n = widths[l]; yield n }
/// </code>
/// </summary>
/// <param name="loop">As it was.</param>
/// <param name="body">Its copy in the forward sweep.</param>
/// <param name="before">Where the loop will stand.</param>
internal sealed class Capacities(For loop, Block body, Builder before, Names names)
{
    private readonly HashSet<Var> _own = [.. body.AllBinders()];
    private readonly Dictionary<Var, Atom?> _known = [];
    private readonly Dictionary<Var, Var> _original = body.AllBinders().Zip(loop.Body.AllBinders(), (copy, of) => (copy, of)).ToDictionary(p => p.copy, p => p.of);

    public bool Holds(IrType type) => type.Extents.All(e => Of(e) is not null);

    public IrType Of(IrType type) => type.IsArray ? new IrType(type.Scalar, type.Extents.Map(e => Of(e)!)) : type;

    private Atom? Of(Atom extent)
    {
        if (extent is not Var v || !_own.Contains(v)) return extent;
        if (_known.TryGetValue(v, out var known)) return known;
        return _known[v] = Most(_original[v]);
    }

    private Atom? Most(Var extent)
    {
        var code = Simplify.DeadCode.Remove(new Block(loop.Body.Stmts, [extent]), out _);
        bool scalars = code.Walk().All(s => s is If or Compute { Op.IsTotal: true } || s is Read r && !r.Out.Type.IsArray);
        if (!scalars || code.Free().Any(v => loop.State.Any(c => c.Param.Equals(v)))) return null;
        var trip = names.Fresh(loop.Dim.Index);
        var most = before.Reduce(ReduceKind.Max, [new Dim(trip, loop.Dim.Extent)], new Substitution { [loop.Dim.Index] = trip }.Copy(code, names), extent.Name);
        return before.Compute(OpTable.Max, most, Const.I32(0), extent.Name);
    }
}
