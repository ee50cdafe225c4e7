using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// A loop that carries running sums, and otherwise what each trip has for itself: lanes lie along its trips. A vector of terms becomes sums by shifted copies of itself,
/// and what came before is the same for all lanes. It rounds as a sum that has lanes; where a comparison hangs on such a sum the loop stays as it is.
/// </summary>
/// <remarks>
/// <code>
/// s, y = loop (s0 = 0.0, y0 = ..) for thread i&lt;n {        for (; i &lt;= n - V.Count; i += V.Count)
///   v = x[i]                                                  {
///   s1 = s0 + v                                        ⇒          V sums = Lanes.RunningSum(x[i]), s1 = sums + s;
///   y1 = y0 with [i] = s1                                         y[i] = s1;
///   yield s1, y1 }                                                s += Lanes.Last(sums); }
/// </code>
/// </remarks>
internal sealed record Scan(Block Terms, Seq<RunningSum> Sums, Block Rest, Seq<ScanStore> Stores, Block Whole, LaneAnalysis Lanes)
{
    /// <summary>Shifts and additions of one running sum.</summary>
    public const int Cost = 12;

    public static Scan? Of(For f, Scalar? required)
    {
        if (!f.Body.Stmts.All(s => s is Read { Out.Type.IsArray: false } or Compute { Op.IsTotal: true } or Write or Accumulate)) return null;
        var (sums, stores) = (new List<RunningSum>(), new List<ScanStore>());
        var own = new HashSet<Stmt>();
        for (int k = 0; k < f.State.Count; k++)
        {
            var param = f.State[k].Param;
            // The very statement that makes what the next trip gets.
            if (f.Body.Results[k] is not Var next || f.Body.Stmts.FirstOrDefault(s => s.Outs.Contains(next)) is not { } stmt || !own.Add(stmt)) return null;
            if (param.Type.IsArray)
            {
                if (Store(f, k, stmt) is not { } store) return null;
                stores.Add(store);
            }
            else if (param.Type.IsFloat && stmt is Compute { Args.Count: 2 } c && c.Op == OpTable.Add && c.Args.Count(a => a.Equals(param)) == 1)
                sums.Add(new(k, param, next, c.Args[0].Equals(param) ? c.Args[1] : c.Args[0]));
            else return null;
        }
        if (sums.Count == 0) return null;

        var dependent = new HashSet<Var>(sums.SelectMany(s => new[] { s.Param, s.Next }));
        var (terms, rest) = (new List<Stmt>(), new List<Stmt>());
        foreach (var s in f.Body.Stmts)
        {
            if (own.Contains(s)) continue;
            bool after = s.Reads.OfType<Var>().Any(dependent.Contains);
            // What decides has the bits of plain C#.
            if (after && (s is Read || s is Compute c && !c.Out.Type.IsFloat)) return null;
            if (after) dependent.UnionWith(s.Outs);
            (after ? rest : terms).Add(s);
        }
        if (sums.Any(s => s.Term is not Var v || dependent.Contains(v))) return null;

        // For the analyses: the sums vary as their terms do.
        var stand = sums.SelectMany(s => new Stmt[]
        {
            new Compute(s.Param, OpTable.Add, [s.Term, s.Term]),
            new Compute(s.Next, OpTable.Add, [s.Param, s.Term]),
        });
        var whole = new Block([.. terms, .. stand, .. rest], [.. stores.Select(s => s.Value), .. sums.Select(s => (Atom)s.Next)]);
        var lanes = LaneAnalysis.Of(whole, f.Dim.Index, required);
        if (lanes.Reason is not null || sums.Any(s => !lanes.Varies(s.Term) || s.Param.Type.Scalar != lanes.Float)) return null;
        if (lanes.ScatteredLoads > 0 && lanes.Ops < 6 * lanes.ScatteredLoads) return null;
        if (!stores.All(s => LaneRead.Of(s.Index, ArrayPlace.DenseStrides(s.Array.Type.Extents), f.Dim.Index, lanes.Varies, whole.Definitions()).Access is var way
            && (way == LaneAccess.Contiguous || way == LaneAccess.Reversed && s.Array.Type.Scalar != Scalar.Bool))) return null;
        return new(new Block(terms.ToSeq(), []), sums.ToSeq(), new Block(rest.ToSeq(), []), stores.ToSeq(), whole, lanes);
    }

    /// <summary>An update of the trip's own element, which nothing else in the loop touches.</summary>
    private static ScanStore? Store(For f, int k, Stmt update)
    {
        var array = f.State[k].Param;
        var (from, index, value) = update switch
        {
            Write w => (w.Array, w.Index, w.Value),
            Accumulate a => (a.Array, a.Index, a.Value),
            _ => (array, default, Const.I32(0)),
        };
        if (index.IsEmpty || !from.Equals(array) || value.Type.IsArray || index.Any(i => !i.IsPosition()) || f.Body.Results.Contains(array)) return null;
        bool alone = f.Body.Stmts.All(s => ReferenceEquals(s, update) || !s.Reads.Any(a => a.Equals(update.Outs[0]))
            && (!s.Reads.Any(a => a.Equals(array)) || s is Read r && r.Index.SequenceEqual(index)));
        return alone ? new(k, array, index, value, update is Accumulate) : null;
    }
}

/// <summary>State k: before the trip, after it, and what the trip adds.</summary>
internal sealed record RunningSum(int State, Var Param, Var Next, Atom Term);

/// <summary>State k: what goes to, or is added to, an element.</summary>
internal sealed record ScanStore(int State, Var Array, Seq<Atom> Index, Atom Value, bool Adds);
