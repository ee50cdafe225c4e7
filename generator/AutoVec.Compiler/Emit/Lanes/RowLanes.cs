using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>Is the last dimension of a build or reduction worth running over lanes?</summary>
/// <param name="Parts">A body that is too long for one method, cut.</param>
internal sealed record RowLanes(LaneAnalysis? Lanes, string? Reason, LaneParts? Parts = null)
{
    /// <summary>Null where the question does not arise.</summary>
    public static RowLanes? Of(Stmt stmt, Scalar? required)
    {
        var (dims, body, name) = stmt switch
        {
            Build b => (b.Dims, b.Body, b.Results[0].Base),
            Reduce r => (r.Dims, r.Body, r.Out.Base),
            _ => ([], null, ""),
        };
        if (body is null) return null;
        if (stmt is Reduce { Kind: ReduceKind.ArgMax or ReduceKind.ArgMin, Dims.Count: > 1 }) return new(null, $"'{name}' looks for a position");
        if (body.Results.Any(r => r.Type.IsArray)) return new(null, $"the elements of '{name}' are arrays");
        if (body.Results.Any(r => r.Type.Scalar is Scalar.I64)) return new(null, "lanes hold no long");
        if (stmt is Reduce && body.Results[0].Type.Scalar is not (Scalar.F32 or Scalar.F64)) return new(null, $"'{name}' adds integers");
        var last = dims[dims.Count - 1];
        if (last.Extent is Const { AsLong: < 4 }) return new(null, $"'{last.Index.Base}' has few trips");
        var lanes = LaneAnalysis.Of(body, last.Index, required ?? Required(body), cut: stmt is Build);
        var parts = lanes is { Reason: null, IsLong: true } ? LaneParts.Of(body, lanes, lanes.IsCounter) : null;
        if (lanes is { Reason: null, IsLong: true } && parts is null) return new(null, LaneAnalysis.TooLong);
        if (lanes.Reason is { } reason) return new(null, reason);
        if (body.Results.Any(r => r.Type.IsFloat && r.Type.Scalar != lanes.Float)) return new(null, "it mixes float and double");
        if (stmt is Reduce && !lanes.Varies(body.Results[0])) return new(null, $"'{name}' adds equal values");
        // Elements that are far apart are fetched one by one anyway: lanes pay only if there is work to do with them.
        if (lanes.ScatteredLoads > 0 && lanes.Ops < 6 * lanes.ScatteredLoads) return new(null, $"neighbours along '{last.Index.Base}' are not neighbours in memory");
        if (body.Walk().Any(s => s is Build or Reduce or For or While) && !LaneCost.FavoursOuter(body, lanes, lanes.Float)) return new(null, $"what is inside '{last.Index.Base}' has better neighbours");
        return new(lanes, null, parts);
    }

    private static Scalar? Required(Block body) => body.Results.Select(r => r.Type).Where(t => t.IsFloat).Select(t => (Scalar?)t.Scalar).FirstOrDefault();
}
