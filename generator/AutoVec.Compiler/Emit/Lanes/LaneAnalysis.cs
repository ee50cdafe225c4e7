using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// Can a block run over lanes, one value of the lane variable in each? Finds which names differ between lanes, and the reason
/// if something has no lane form.
/// </summary>
internal sealed class LaneAnalysis
{
    /// <summary>A call of a vector function counts as many ops as it inlines.</summary>
    public const int FunctionCost = 18;
    public const int MostOps = 400;

    public bool IsLong => Ops > MostOps;

    /// <summary>The ops of a statement with all inside it.</summary>
    public static int CostOf(Stmt stmt) => stmt.Walk().Sum(s => s switch
    {
        Compute c => CostOf(c),
        Read or Write or Accumulate => 1,
        _ => 0,
    });

    public static int CostOf(Compute c) =>
        c.Op == OpTable.IntDiv || c.Op == OpTable.IntRem || (c.Op.SimdFor(c.Args[c.Args.Count - 1].Type) ?? "").Contains("VMath.") ? FunctionCost : 1;

    public const string TooLong = "its operations are more than one method holds in registers";

    private readonly Var _lane;
    private HashSet<Var> _varying = [];
    private readonly Dictionary<Var, Stmt> _definitions;
    private readonly HashSet<Var> _own;
    private readonly Dictionary<Var, Var> _backwards = [];
    private bool _changed;

    private LaneAnalysis(Block body, Var lane)
    {
        _lane = lane;
        _definitions = body.Definitions();
        _own = [.. body.AllBinders()];
        foreach (var f in body.Walk().OfType<For>())
            if (f.Body.Stmts.OfType<Compute>().FirstOrDefault(c => IsBackwards(f.Dim, c)) is { } at) _backwards[f.Dim.Index] = at.Out;
    }

    /// <summary>Is it <c>n - 1 - t</c> in the loop <c>t &lt; n</c>?</summary>
    private bool IsBackwards(Dim dim, Compute c) =>
        dim.Extent is Var n && c is { Args: [Var last, Var t] } && c.Op == OpTable.Sub && t.Equals(dim.Index)
        && _definitions.TryGetValue(last, out var before) && before is Compute { Args: [var all, Const { AsLong: 1 }] } d && d.Op == OpTable.Sub && all.Equals(n);

    /// <summary>
    /// Of a loop whose trips differ between lanes, the name of <c>n - 1 - t</c>. Such a loop runs backwards: all lanes end at 0 together, so that
    /// they are at the same place though each started at its own.
    /// </summary>
    public Var? Backwards(For f) => Varies(f.Dim.Extent) && _backwards.TryGetValue(f.Dim.Index, out var at) ? at : null;

    /// <summary>Does the loop make one trip, or none?</summary>
    public bool IsBranch(For loop) =>
        loop.Dim.Extent is Var n && _definitions.TryGetValue(n, out var made) && made is Compute { Args: [_, Const { AsLong: 1 }] } least && least.Op == OpTable.Min;

    public Var Lane => _lane;

    /// <summary>The kernel's float type.</summary>
    public Scalar Float { get; private set; } = Scalar.F32;

    /// <summary>Does any value over lanes have a float type?</summary>
    public bool HasFloat { get; private set; }

    public int Ops { get; private set; }

    /// <summary>Loads that are not from neighbouring addresses.</summary>
    public int ScatteredLoads { get; private set; }
    public int NestedScatteredLoads { get; private set; }

    /// <summary>Why not; null: it can.</summary>
    public string? Reason { get; private set; }

    public bool Varies(Atom a) => a is Window w ? Varies(w.From) || w.Extents.Any(Varies) : a is Var v && (v.Equals(_lane) || _varying.Contains(v));

    public LaneRead Classify(Read r) => LaneRead.Of(r.Index, ArrayPlace.DenseStrides(r.Array.Type.Extents), _lane, Varies, _definitions);

    /// <param name="cut">A long body will be cut into parts.</param>
    public static LaneAnalysis Of(Block body, Var lane, Scalar? required = null, bool cut = false)
    {
        var analysis = new LaneAnalysis(body, lane);
        do
        {
            analysis._changed = false;
            analysis.Spread(body, divergent: false);
        }
        while (analysis._changed);
        analysis.Floats(body, required);
        analysis.Check(body, depth: 0);
        if (analysis.IsLong && !cut) analysis.Fail(TooLong);
        return analysis;
    }

    /// <summary>The same of a body in which so many copies of these lanes have these names.</summary>
    public LaneAnalysis With(IEnumerable<Var> varying, int copies)
    {
        var all = (LaneAnalysis)MemberwiseClone();
        all._varying = [.. _varying, .. varying];
        all.Ops = Ops * copies;
        return all;
    }

    private void Mark(Var v, bool varies)
    {
        if (varies && _varying.Add(v)) _changed = true;
    }

    /// <summary>Names that are one piece of memory hold lanes all or none. What comes from outside is copied before it is written.</summary>
    private void Same(params Atom[] arrays)
    {
        var own = arrays.Cast<Var>().Where(_own.Contains).ToList();
        bool varies = own.Any(Varies);
        foreach (var a in own) Mark(a, varies);
    }

    private void Spread(Block block, bool divergent)
    {
        foreach (var stmt in block.Stmts)
        {
            foreach (var o in stmt.Outs) Mark(o, o.Type.Extents.Any(Varies));
            switch (stmt)
            {
                case Compute c: Mark(c.Out, !_backwards.ContainsValue(c.Out) && c.Args.Any(Varies)); break;
                case Read { Out.Type.IsArray: true } r:
                    // A slice at a place of its own in each lane is a copy, any other a view.
                    if (r.Index.Any(Varies)) Mark(r.Out, true);
                    else if (_own.Contains(r.Array)) Same(r.Out, r.Array);
                    break;
                case Read r: Mark(r.Out, Varies(r.Array) || r.Index.Any(Varies)); break;
                case Write w:
                    Mark(w.Out, divergent || Varies(w.Value) || w.Index.Any(Varies));
                    Same(w.Out, w.Array);
                    break;
                case Accumulate a:
                    Mark(a.Out, divergent || Varies(a.Value) || a.Index.Any(Varies));
                    Same(a.Out, a.Array);
                    break;
                case Build b:
                    Spread(b.Body, divergent || Splits(b.Dims));
                    for (int k = 0; k < b.Results.Count; k++)
                    {
                        if (b.Body.Results[k].Type.IsArray) Same(b.Results[k], b.Body.Results[k]);
                        else Mark(b.Results[k], Varies(b.Body.Results[k]));
                    }
                    break;
                case Reduce r:
                    Spread(r.Body, divergent || Splits(r.Dims));
                    Mark(r.Out, Splits(r.Dims) || Varies(r.Body.Results[0]));
                    break;
                case Scatter s: Spread(s.Body, divergent); break;
                case For f:
                    if (Backwards(f) is not null) Mark(f.Dim.Index, true);
                    Loop(f.State, f.Results, f.Body, divergent || Splits([f.Dim]), Splits([f.Dim]));
                    break;
                case While w:
                    Spread(w.Condition, divergent);
                    Loop(w.State, w.Results, w.Body, divergent || Varies(w.Condition.Results[0]), Varies(w.Condition.Results[0]));
                    break;
                case If i:
                    bool splits = Varies(i.Condition);
                    Spread(i.Then, divergent || splits);
                    Spread(i.Else, divergent || splits);
                    for (int k = 0; k < i.Results.Count; k++)
                    {
                        if (i.Results[k].Type.IsArray)
                        {
                            Mark(i.Results[k], splits);
                            Same(i.Results[k], i.Then.Results[k], i.Else.Results[k]);
                        }
                        else Mark(i.Results[k], splits || Varies(i.Then.Results[k]) || Varies(i.Else.Results[k]));
                    }
                    break;
            }
        }
    }

    /// <summary>Does each lane make its own number of trips?</summary>
    private bool Splits(IEnumerable<Dim> dims) => dims.Any(d => Varies(d.Extent));

    private void Loop(Seq<Carry> state, Seq<Var> results, Block body, bool divergent, bool splits = false)
    {
        for (int k = 0; k < state.Count; k++)
        {
            if (state[k].Param.Type.IsArray)
            {
                Mark(state[k].Param, splits);
                Same(state[k].Param, state[k].Init, results[k], body.Results[k]);
                continue;
            }
            Mark(state[k].Param, splits || Varies(state[k].Init) || Varies(body.Results[k]));
            Mark(results[k], Varies(state[k].Param));
        }
        Spread(body, divergent);
        for (int k = 0; k < state.Count; k++)
            if (!state[k].Param.Type.IsArray) Mark(state[k].Param, Varies(body.Results[k]));
    }

    /// <summary>Is the name an index that counts the lanes?</summary>
    public bool IsCounter(Var v) => LaneRead.AffineIn(v, _lane, Varies, _definitions) is not null;

    private void Fail(string reason) => Reason ??= reason;

    private void Floats(Block body, Scalar? required)
    {
        var kinds = _varying.Select(v => v.Type.Scalar).Where(s => s is Scalar.F32 or Scalar.F64).Distinct().ToList();
        HasFloat = kinds.Count > 0;
        foreach (var v in _varying)
            if (v.Type.IsArray && !_own.Contains(v)) Fail($"'{v.Base}' becomes an array of each lane");
        if (kinds.Count > 1) Fail("it mixes float and double");
        var results = body.Results.Select(r => r.Type.Scalar).Where(s => s is Scalar.F32 or Scalar.F64).Distinct().ToList();
        Float = kinds.Concat(results).Append(required ?? Scalar.F32).First();
        if (results.Any(s => s != Float)) Fail("it mixes float and double");
        if (Float == Scalar.F64 && (_varying.Any(v => v.Type.Scalar == Scalar.F16) || body.Results.Any(r => r.Type.Scalar == Scalar.F16))) Fail("lanes of double hold no Half");
        if (body.Results.Any(r => r.Type.Scalar == Scalar.I64)) Fail("lanes hold no long");
        if (required is { } r && (HasFloat || results.Count > 0) && Float != r) Fail("its float type is not that of the rest of its kernel");
        if (_varying.Any(v => v.Type.Scalar == Scalar.I64)) Fail("lanes hold no long");
    }

    private void Check(Block block, int depth)
    {
        foreach (var stmt in block.Stmts)
        {
            bool touches = stmt.Outs.Any(Varies), splits = Splits(UseMap.Dims(stmt));
            switch (stmt)
            {
                case Compute c when touches:
                    if (c.Op.SimdFor(c.Args[c.Args.Count - 1].Type) is null) Fail($"{c.Op} has no vector form here");
                    else Ops += CostOf(c);
                    if (c.Out.Type.IsFloat && c.Out.Type.Scalar != Float) Fail("it mixes float and double");
                    if (c.Args.Any(a => a.Type.IsFloat && a.Type.Scalar != Float || a.Type.Scalar == Scalar.I64)) Fail("it mixes float and double");
                    break;
                case Read r: Check(r, depth); break;
                case Write w: Update(w.Array, w.Index); break;
                case Accumulate a: Update(a.Array, a.Index); break;
                case Scatter s: Fail($"'{s.Out.Base}' is a scatter inside the thread"); break;
                case Build b: Check(b.Body, depth + 1); break;
                case Reduce r:
                    if (splits && r.Kind is ReduceKind.ArgMax or ReduceKind.ArgMin) Fail($"the trips of '{r.Dims[0].Index.Base}' differ between lanes");
                    Check(r.Body, depth + 1);
                    break;
                case For f: Check(f.Body, depth + 1); break;
                case While w:
                    Check(w.Condition, depth + 1);
                    Check(w.Body, depth + 1);
                    break;
                case If i:
                    Check(i.Then, depth);
                    Check(i.Else, depth);
                    break;
            }
        }
    }

    private void Check(Read r, int depth)
    {
        if (!Varies(r.Out)) return;
        if (r.Out.Type.IsArray && r.Index.Any(i => i is Window w && (Varies(w) || r.Index.Any(Varies))))
            Fail($"each lane has its own window of '{r.Array.Base}'");
        Ops++;
        if (Varies(r.Array)) return;
        if (r.Out.Type.IsFloat && r.Out.Type.Scalar != Float) Fail("it mixes float and double");
        var access = Classify(r).Access;
        if (access == LaneAccess.Reversed && r.Out.Type.Scalar == Scalar.Bool) Fail($"bools of '{r.Array.Base}' lie backwards");
        if (access is LaneAccess.Gather or LaneAccess.Strided)
        {
            ScatteredLoads++;
            if (depth > 0) NestedScatteredLoads++;
            if (r.Out.Type.Scalar == Scalar.Bool) Fail($"bools of '{r.Array.Base}' are not next to each other");
        }
    }

    private void Update(Var array, Seq<Atom> index)
    {
        Ops++;
        if (index.Any(i => i is Window && Varies(i))) Fail($"each lane has its own window of '{array.Base}'");
    }
}
