using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// A sum along a row, one row in each lane: neighbours lie along the rows, not from lane to lane. A few rows at a time have lanes along their terms and share what
/// all rows read; then the lanes of each are put together, and the sums are lanes like any other.
/// </summary>
/// <remarks>
/// <code>
/// z = reduce + i&lt;n {            for (int k = 0; k &lt; lanes; k += 4)
///   v = x[b, i]                     for (; i &lt;= n - V.Count; i += V.Count)     four totals: x[b + k, i..] * w[i..], x[b + k + 1, i..] * w[i..], ..
///   a = w[i]               ⇒        Lanes.PutSums(.., k, ref z);
///   e = v * a  yield e }
/// </code>
/// </remarks>
internal sealed record RowSum(Block Body, Seq<Var> Rows, LaneAnalysis Lanes)
{
    /// <summary>Rows at a time: sums wait for themselves, and what they share is loaded once.</summary>
    public const int Together = 4;

    /// <summary>Shorter rows fill no vector.</summary>
    private const int Least = 8;

    public static RowSum? Of(Reduce r, LaneAnalysis lanes)
    {
        if (r is not { Kind: ReduceKind.Sum, Dims: [var dim] } || r.Out.Type.Scalar != lanes.Float || lanes.Varies(dim.Extent) || dim.Extent is Const { AsLong: < Least }) return null;
        if (!r.Body.Stmts.All(s => s is Read { Out.Type.IsArray: false } or Compute { Op.IsTotal: true })) return null;
        if (!r.Body.Stmts.OfType<Read>().Any(s => lanes.Varies(s.Out) && !lanes.Varies(s.Array) && lanes.Classify(s).Access == LaneAccess.Strided)) return null;
        // Of what differs between lanes only their own place, and that only as an index.
        if (r.Body.Free([dim.Index]).Any(v => lanes.Varies(v) && !v.Equals(lanes.Lane)) || r.Body.Stmts.Any(s => s is Compute && s.Reads.Contains(lanes.Lane))) return null;

        var rows = Enumerable.Range(0, Together).Select(k => new Var($"{lanes.Lane.Name}.{k}", lanes.Lane.Type)).ToSeq();
        var own = new HashSet<Var>(r.Body.AllBinders());
        var (stmts, terms) = (new List<Stmt>(), new List<Atom>());
        for (int k = 0; k < Together; k++)
        {
            Var Named(Var v) => new($"{v.Name}.{k}", v.Type);
            Atom Renamed(Atom a) => a is not Var v ? a : v.Equals(lanes.Lane) ? rows[k] : own.Contains(v) ? Named(v) : v;
            stmts.AddRange(r.Body.Stmts.Select(s => s.Map(Named, Renamed, b => b)));
            terms.Add(Renamed(r.Body.Results[0]));
        }
        var body = Twins.Remove(new Block(stmts.ToSeq(), terms.ToSeq()));
        var along = LaneAnalysis.Of(body, dim.Index, lanes.Float);
        return along is { Reason: null, ScatteredLoads: 0 } && body.Results.All(along.Varies) ? new(body, rows, along) : null;
    }
}
