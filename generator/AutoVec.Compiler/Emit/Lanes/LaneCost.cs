using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// Are the lanes better filled by neighbouring samples, or by neighbours in the rows of one? An estimate of both, in operations for one
/// vector of samples.
/// </summary>
/// <remarks>
/// <code>
/// m = build b&lt;B { r = reduce max j&lt;c { v = z[b, j]  yield v }  yield r }      rows: neighbours in memory, where samples are c apart
/// s = build b&lt;B { y = loop (y = 0) for i&lt;n { v = z[b, i]  ... } yield y }      samples: a loop has no neighbours of its own
/// </code>
/// Trips that are not known count as <see cref="Trips"/>. Across samples, branches cost both sides, and what lies a row apart is fetched lane by
/// lane.
/// </remarks>
internal sealed class LaneCost
{
    private const double Trips = 16;

    /// <summary>The same text is for 256 and for 512 bits: what is better on the whole.</summary>
    private static readonly double[] Widths = [8, 16];

    private readonly double _width;

    /// <summary>Elements that are stored far apart, one of each lane: as many stores, and as many lines of the cache.</summary>
    private double Apart => 1.5 * _width;

    /// <summary>An element of a row that becomes the lane's own: rows are turned in squares.</summary>
    private const double Turned = 3;

    /// <summary>Calling a row's step, its tail, and putting its lanes together.</summary>
    private const double RowStart = 6;

    /// <summary>The lanes of a search put together: their best, and the first of those that have it.</summary>
    private const double Winner = 4;

    /// <summary>An index of each lane: masked, compared.</summary>
    private const double Checking = 4;

    /// <summary>A division of integers outside of lanes, mostly by a constant.</summary>
    private const double Division = 4;

    /// <summary>A mask: whether any lane is left, and what those that left keep.</summary>
    private const double Leaving = 4;

    /// <summary>The longest of all lanes takes as many times the trips of the average one.</summary>
    private const double Uneven = 2.5;

    /// <summary>A branch that neighbours in time take differently.</summary>
    private const double Mispredicted = 4;

    /// <summary>Long rows stay in cache where samples do not: in doubt, rows.</summary>
    private const double Margin = 1.5;

    /// <summary>Operations for each element that a sample has of its own: with more, memory is no matter.</summary>
    private const double Busy = 64;

    private readonly LaneAnalysis _lead;
    private readonly Scalar? _required;

    private LaneCost(LaneAnalysis lead, Scalar? required, double width) => (_lead, _required, _width) = (lead, required, width);

    private LaneCost Along(LaneAnalysis lead) => new(lead, _required, _width);

    public static bool FavoursSamples(ThreadFunction thread, LaneAnalysis lead, Scalar? required)
    {
        double own = thread.Whole.Walk().OfType<Read>().Where(r => r.Index.Contains(thread.Index)).GroupBy(r => r.Array).Sum(g => Times(g.Key.Type.Extents.Skip(1)))
            + thread.Whole.Results.Sum(r => Times(r.Type.Extents));
        bool isBusy = new LaneCost(lead, required, Widths[0]).Samples(thread.Whole) > Busy * own;
        return IsLess(isBusy ? 1 : Margin, width =>
        {
            var cost = new LaneCost(lead, required, width);
            double samples = cost.Samples(thread.Whole), rows = cost.Rows(thread.Body);
            // Rows of results are put together from lanes, element by element; made in place they cost nothing more.
            foreach (var r in thread.Whole.Results.Where(r => r.Type.IsArray)) samples += Times(r.Type.Extents) * cost.Apart;
            return (samples, rows);
        });
    }

    /// <summary>Of a build or sum with loops inside: its own neighbours, or those of the inner loops?</summary>
    public static bool FavoursOuter(Block body, LaneAnalysis outer, Scalar? required) => IsLess(1, width =>
    {
        var cost = new LaneCost(outer, required, width);
        return (cost.Samples(body), cost.Rows(body));
    });

    /// <summary>Is a vector of samples less than as many samples one by one? In the geometric mean over the widths.</summary>
    private static bool IsLess(double margin, Func<double, (double Samples, double Rows)> costs)
    {
        double ratio = 1;
        foreach (double width in Widths)
        {
            var (samples, rows) = costs(width);
            ratio *= samples * margin / (width * rows);
        }
        return ratio < 1;
    }

    private static double Times(IEnumerable<Atom> extents) => extents.Aggregate(1.0, (n, e) => n * (e is Const c ? Math.Max(c.AsLong, 1) : Trips));

    /// <summary>A loop in place of a branch makes one trip at the most.</summary>
    private double Count(For loop) => _lead.IsBranch(loop) ? 1 : Times(loop);

    private static double Times(Stmt stmt) => Times(UseMap.Dims(stmt).Select(d => d.Extent));

    /// <summary>One vector of samples.</summary>
    private double Samples(Block block) => Samples(block, uneven: false);

    private double Samples(Block block, bool uneven) => block.Stmts.Sum(stmt => stmt switch
    {
        Compute c => LaneAnalysis.CostOf(c),
        Read { Out.Type.IsArray: true } r when r.Index[0].Equals(_lead.Lane) && r.Index.Skip(1).All(i => i is All) => Times(r.Out.Type.Extents) * Turned,
        Read { Out.Type.IsArray: true } r => r.Index.Any(_lead.Varies) ? Times(r.Out.Type.Extents) * Apart : 0,
        Read r when _lead.Varies(r.Array) => r.Index.Any(_lead.Varies) ? _width + Checking : 1,
        Read r => _lead.Varies(r.Out) && _lead.Classify(r).Access is LaneAccess.Strided or LaneAccess.Gather ? _width : 1,
        Write w => w.Index.Any(_lead.Varies) ? 2 * _width + Checking : 1,
        Accumulate a => a.Index.Any(_lead.Varies) ? 3 * _width + Checking : 1,
        While w when _lead.Varies(w.Condition.Results[0]) => Trips * Uneven * (Leaving + Samples(w.Condition, true) + Samples(w.Body, true)),
        While w => Trips * (Samples(w.Condition, uneven) + Samples(w.Body, uneven)),
        // Trips that an uneven loop counted: what is run again for a derivative is uneven once.
        For f when _lead.Varies(f.Dim.Extent) =>
            Count(f) * (uneven || f.Dim.Extent is Var n && _lead.IsCounter(n) ? 1 : Uneven) * (Leaving + Samples(f.Body, true)),
        For f => Count(f) * Samples(f.Body, uneven),
        Reduce r when RowSum.Of(r, _lead) is { } rows => Times(r) * Along(rows.Lanes).Samples(rows.Body) / RowSum.Together + _width * RowStart / 2,
        If i when _lead.Varies(i.Condition) => Leaving + Samples(i.Then, uneven) + Samples(i.Else, uneven),
        If i => (Samples(i.Then, uneven) + Samples(i.Else, uneven)) / 2,
        _ => Times(stmt) * stmt.Blocks.Sum(b => Samples(b, uneven)),
    });

    /// <summary>One sample.</summary>
    private double Rows(Block block) => block.Stmts.Sum(stmt =>
    {
        switch (stmt)
        {
            case Compute c: return c.Op == OpTable.IntDiv || c.Op == OpTable.IntRem ? Division : LaneAnalysis.CostOf(c);
            case Read { Out.Type.IsArray: true }: return 0;
            case Read or Write or Accumulate: return 1;
            case Build { Body.Stmts.IsEmpty: true }: return RowStart + Times(stmt) / _width;
            case If i: return Mispredicted + (Rows(i.Then) + Rows(i.Else)) / 2;
            case While w: return Trips * (Rows(w.Condition) + Rows(w.Body));
            case For f when Scan.Of(f, _required) is { } scan:
                return RowStart + Times(f) * (Along(scan.Lanes).Samples(scan.Whole) + scan.Sums.Count * Scan.Cost) / _width;
            default:
                double times = stmt is For loop ? Count(loop) : Times(stmt);
                if (RowLanes.Of(stmt, _required) is not { Lanes: { } lanes }) return times * stmt.Blocks.Sum(Rows);
                double inner = Times([UseMap.Dims(stmt)[UseMap.Dims(stmt).Count - 1].Extent]);
                double start = stmt is Reduce { Kind: ReduceKind.ArgMax or ReduceKind.ArgMin } ? RowStart * Winner : RowStart;
                return times / inner * start + times * stmt.Blocks.Sum(Along(lanes).Samples) / _width;
        }
    });
}
