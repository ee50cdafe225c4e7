using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// A step for several vectors of lanes side by side (unroll and jam): they go through the same loops together, so that what all lanes share is loaded once,
/// and none waits for its own last operation. Each lane does what it does in a step for one vector, in the same order.
/// </summary>
/// <remarks>
/// <code>
/// s = loop (s0 = a) for t&lt;n {              s, s' = loop (s0 = a, s0' = a') for t&lt;n {
///   w = c[t]                                  w = c[t]
///   s1 = s0 * w                    ⇒          s1 = s0 * w
///   yield s1 }                                s1' = s0' * w
///                                             yield s1, s1' }
/// </code>
/// </remarks>
internal sealed class Jam
{
    /// <summary>Vector registers, less those that constants and addresses take.</summary>
    private const int Registers = 28, FewRegisters = 14;

    /// <summary>A trip of more operations than this hides its own latency, or does not fit into what a processor looks ahead.</summary>
    private const int MostOps = 90;

    private readonly LaneAnalysis _lanes;
    private readonly Substitution[] _copies;
    private readonly Dictionary<Var, Var> _laneOf = [];
    private readonly HashSet<Var> _shared = [];

    private Jam(LaneAnalysis lanes, int copies)
    {
        _lanes = lanes;
        _copies = [.. Enumerable.Range(0, copies).Select(_ => new Substitution())];
        Lanes = Enumerable.Range(0, copies).Select(c => c == 0 ? lanes.Lane : Named(lanes.Lane, c)).ToSeq();
    }

    /// <summary>The index of the lanes of each vector.</summary>
    public Seq<Var> Lanes { get; }

    /// <summary>Its results are those of all vectors, one vector's after the other's.</summary>
    public Block Body { get; private set; } = new([], []);

    public LaneAnalysis Analysis { get; private set; } = null!;

    /// <summary>Of a name that a vector has of its own, the index of that vector's lanes.</summary>
    public IReadOnlyDictionary<Var, Var> LaneOf => _laneOf;

    /// <summary>Does it take 32 registers?</summary>
    public bool IsWide { get; private set; }

    /// <summary>The types of the arrays that each vector has of its own.</summary>
    public Seq<IrType> Own { get; private set; } = [];

    /// <summary>Null where lanes go ways of their own, or nothing is gained.</summary>
    public static Jam? Of(Block body, LaneAnalysis lanes, int copies = 2)
    {
        if (lanes.Reason is not null || lanes.IsLong || !body.Stmts.All(s => IsLegal(s, lanes))) return null;
        var pressure = Loops(body, lanes).Select(l => Pressure.Of(l, lanes, copies)).ToList();
        if (pressure.Count == 0 || pressure.Any(p => p.Live > Registers || p.Ops > MostOps) || !Loops(body, lanes).Any(l => Gains(l, lanes))) return null;
        var jam = new Jam(lanes, copies) { IsWide = pressure.Any(p => p.Live > FewRegisters) };
        jam.Write(body);
        return jam;
    }

    /// <summary>What is known of indices, of those of each vector.</summary>
    public IEnumerable<(Atom Index, Atom? Below)> Each(IEnumerable<(Atom Index, Atom? Below)> known) =>
        known.SelectMany(k => _copies.Select(c => (c.Apply(k.Index), k.Below is null ? null : c.Apply(k.Below))));

    // ---- may it, and what for

    private static bool Differs(Stmt s, LaneAnalysis lanes) => s.Outs.Any(lanes.Varies) || s.Blocks.Any(b => b.Stmts.Any(i => Differs(i, lanes)));

    private static bool IsLoop(Stmt s) => s is Build or Reduce or For or While;
    private static bool HasLoops(Stmt s) => s.Walk().Any(IsLoop);

    /// <summary>All lanes make the same trips, and no loop is only for some of them.</summary>
    private static bool IsLegal(Stmt s, LaneAnalysis lanes)
    {
        if (!Differs(s, lanes)) return true;
        if (s.Outs.Concat(s.Inner).Any(v => v.Type.Extents.Any(lanes.Varies)) || UseMap.Dims(s).Any(d => lanes.Varies(d.Extent))) return false;
        return s switch
        {
            Compute c => c.Op.Fault is null && c.Op.IsTotal,
            Scatter => false,
            While w => !lanes.Varies(w.Condition.Results[0]),
            If i => !lanes.Varies(i.Condition) || !HasLoops(i),
            Reduce r => RowSum.Of(r, lanes) is null,
            _ => true,
        } && s.Blocks.All(b => b.Stmts.All(inner => IsLegal(inner, lanes)));
    }

    /// <summary>The innermost loops that lanes do work in.</summary>
    private static IEnumerable<Stmt> Loops(Block body, LaneAnalysis lanes) => body.Stmts.SelectMany(s =>
    {
        var inner = s.Blocks.SelectMany(b => Loops(b, lanes)).ToList();
        return inner.Count == 0 && IsLoop(s) && Differs(s, lanes) ? [s] : inner;
    });

    /// <summary>Each trip waits for the one before it, or reads what all lanes share.</summary>
    private static bool Gains(Stmt loop, LaneAnalysis lanes) =>
        loop is For or While || loop is Reduce r && !LaneEmitter.IsShort(r, lanes.Varies)
        || loop.Walk().Any(s => s is Read { Out.Type: { IsFloat: true, IsArray: false } } read && !lanes.Varies(read.Out));

    // ---- the copies

    private static Var Named(Var v, int copy) => new($"{v.Name}.{copy}", v.Type);

    private bool Varies(Atom a) => _lanes.Varies(a);

    private void Write(Block body)
    {
        for (int c = 1; c < _copies.Length; c++) _copies[c][_lanes.Lane] = Lanes[c];
        var stmts = Rewrite(body.Stmts);
        Body = new Block(stmts, [.. _copies.SelectMany(c => body.Results.Map(c.Apply))]);
        Own = Body.Walk().Where(s => s is Build or Read).SelectMany(s => s.Outs).Where(v => v.Type.IsArray && Varies(v)).Select(v => v.Type).ToSeq();
        Share(Body);
        Analysis = _lanes.With([.. Lanes, .. _laneOf.Keys, .. _shared], _copies.Length);
    }

    private Seq<Stmt> Rewrite(Seq<Stmt> block)
    {
        var (stmts, run) = (new List<Stmt>(), new List<Stmt>());
        void Flush()
        {
            // One vector after the other, so that few values are alive at a time.
            for (int c = 0; c < _copies.Length; c++)
                stmts.AddRange(run.Where(s => c == 0 || Differs(s, _lanes)).Select(s => Copy(s, c)));
            run.Clear();
        }
        foreach (var s in block)
        {
            if (!Differs(s, _lanes) || !HasLoops(s) || s is Reduce { Kind: ReduceKind.ArgMax or ReduceKind.ArgMin })
            {
                run.Add(s);
                continue;
            }
            Flush();
            stmts.Add(Together(s));
        }
        Flush();
        return stmts.ToSeq();
    }

    private Stmt Copy(Stmt s, int copy)
    {
        if (copy == 0 || !Differs(s, _lanes)) return s;
        foreach (var v in s.Walk().SelectMany(i => i.Outs.Concat(i.Inner)).OrderBy(v => v.Type.IsArray ? 1 : 0)) Rename(v, copy);
        return _copies[copy].Apply(s);
    }

    private Var Rename(Var v, int copy)
    {
        if (copy == 0) return v;
        var name = Named(new Var(v.Name, _copies[copy].Apply(v.Type)), copy);
        _copies[copy][v] = name;
        if (Varies(v)) _laneOf[name] = Lanes[copy];
        return name;
    }

    /// <summary>What differs between lanes, once for each vector; anything else once.</summary>
    private Seq<T> Each<T>(Seq<T> all, Func<int, bool> differs, Func<T, int, T> copy) =>
        [.. Enumerable.Range(0, all.Count).SelectMany(k => Enumerable.Range(0, differs(k) ? _copies.Length : 1).Select(c => c == 0 ? all[k] : copy(all[k], c)))];

    private Block Inside(Block block, Func<int, bool> differs)
    {
        var stmts = Rewrite(block.Stmts);
        return new Block(stmts, Each(block.Results, differs, (a, c) => _copies[c].Apply(a)));
    }

    private Stmt Together(Stmt s)
    {
        Seq<Var> Names(Seq<Var> names) => Each(names, k => Varies(names[k]), Rename);
        bool Differ(Seq<Carry> state, int k) => Varies(state[k].Param);
        Seq<Carry> State(Seq<Carry> state) => Each(state, k => Differ(state, k), (carry, c) => new(Rename(carry.Param, c), _copies[c].Apply(carry.Init)));
        switch (s)
        {
            case For f:
                var counted = State(f.State);
                return new For(Each(f.Results, k => Differ(f.State, k), Rename), counted, f.Dim, Inside(f.Body, k => Differ(f.State, k))) { Place = f.Place };
            case While w:
                var open = State(w.State);
                return new While(Each(w.Results, k => Differ(w.State, k), Rename), open, Inside(w.Condition, _ => false), Inside(w.Body, k => Differ(w.State, k)));
            case Build b:
                return new Build(Names(b.Results), b.Dims, Inside(b.Body, k => Varies(b.Results[k])));
            case Reduce r:
                return new Sums(Names([r.Out]), r.Kind, r.Dims, Inside(r.Body, _ => true), LaneEmitter.IsShort(r, Varies));
            case If i:
                return new If(Names(i.Results), i.Condition, Inside(i.Then, k => Varies(i.Results[k])), Inside(i.Else, k => Varies(i.Results[k]))) { IsForSpeed = i.IsForSpeed };
            default: throw new NotSupportedException($"a {s.GetType().Name} is no loop");
        }
    }

    /// <summary>An element that all lanes read, and only lanes compute with, is loaded into a vector: once for all of them.</summary>
    private void Share(Block body)
    {
        var uses = new Dictionary<Var, (int All, int Lanes)>();
        void Count(Block block)
        {
            foreach (var s in block.Stmts)
            {
                bool lanes = s is Compute { Op.IsTotal: true } c && Known(c.Out);
                foreach (var v in s.Reads.OfType<Var>())
                {
                    uses.TryGetValue(v, out var n);
                    uses[v] = (n.All + 1, n.Lanes + (lanes ? 1 : 0));
                }
                foreach (var inner in s.Blocks) Count(inner);
            }
            foreach (var v in block.Results.OfType<Var>()) uses[v] = (int.MaxValue, 0);
        }
        bool Known(Var v) => Varies(v) || _laneOf.ContainsKey(v);
        Count(body);
        foreach (var r in body.Walk().OfType<Read>())
            if (r.Out.Type is { IsFloat: true, IsArray: false } && !Known(r.Out) && uses.TryGetValue(r.Out, out var n) && n.Lanes > 1 && n.All == n.Lanes)
                _shared.Add(r.Out);
    }
}
