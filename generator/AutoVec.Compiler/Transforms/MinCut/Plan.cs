using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Checkpoint;

namespace AutoVec.Compiler.Transforms.MinCut;

/// <summary>
/// What a loop should tape for its reverse. The nodes of the graph are the numbers that the reverse reads from tapes, and those that it computes from them, from its trip and from what was there before the forward
/// loop, once (before) and once available (after): to store one costs its bytes, to compute it again costs its operation, which counts only between cuts of equal bytes. Adjoints are the sink.
/// </summary>
internal sealed class Plan
{
    /// <summary>More than all operations of a body together.</summary>
    private const long Byte = 1_000_000;

    private readonly TapedLoop _loop;
    private readonly List<Stmt> _again = [];
    private readonly Dictionary<Var, Atom> _forward = [];

    private Plan(TapedLoop loop) => _loop = loop;

    /// <summary>The numbers of the reverse loop that come from new tapes.</summary>
    public Seq<Var> Stored { get; private set; } = [];

    /// <summary>The new tapes, in the order of <see cref="Stored"/>, once they are there.</summary>
    public Var[] Tapes { get; private set; } = [];

    /// <summary>The trip's number in the reverse loop, and the statements that compute it.</summary>
    public Atom Trip { get; private set; } = Const.I32(0);

    /// <inheritdoc cref="Trip"/>
    public Seq<Stmt> Index { get; private set; } = [];

    /// <param name="late">What the block binds from the forward loop on.</param>
    /// <returns>Null if the tapes are as small as they can be.</returns>
    public static Plan? Of(TapedLoop loop, HashSet<Var> late, Dictionary<Var, Stmt> definitions)
    {
        var plan = new Plan(loop);
        var back = loop.Back!;
        var own = new HashSet<Var>([.. back.Inner, .. back.Body.AllBinders()]);
        bool isThere(Atom a) => a is not Var v || plan._forward.ContainsKey(v) || !own.Contains(v) && !late.Contains(v);
        Stmt? definition(Var v) => definitions.TryGetValue(v, out var s) ? s : null;
        var trip = Affine.Of(back.Dim.Extent, definition).Plus(Affine.Of(-1)).Minus(Affine.Of(back.Dim.Index));
        var tapes = loop.Tapes.Where(t => !t.Write.Value.Type.IsArray).ToDictionary(loop.Result);
        var reads = back.Body.Walk().OfType<Read>().Where(r => tapes.ContainsKey(r.Array)).GroupBy(r => r.Array).ToDictionary(r => r.Key, r => r.Count());

        var flow = new Flow();
        var (source, sink, nodes) = (flow.Node(), flow.Node(), new Dictionary<Var, (int Before, int After)>());
        int bytes = 0;
        foreach (var s in back.Body.Stmts)
        {
            if (s is Compute { Out.Type: var type } index && type == IrType.I32 && Affine.Of(index.Out, definition).Equals(trip))
            {
                plan._forward[index.Out] = loop.Forward.Dim.Index;
                continue;
            }
            if (s is Read { Out.Type.IsArray: false } read && tapes.TryGetValue(read.Array, out var tape))
            {
                plan._forward[read.Out] = tape.Write.Value;
                (plan.Trip, bytes) = (read.Index[0], bytes + Bytes(read.Out));
                // What is read inside blocks too stays on its tape: it costs nothing.
                if (reads[read.Array] != 1) continue;
                flow.Edge(source, Node(read.Out).Before, Flow.Infinite);
                continue;
            }
            if (IsAgain(s) && s.Reads.All(isThere))
            {
                var o = s.Outs[0];
                plan._again.Add(s);
                plan._forward[o] = o;
                var node = Node(o);
                flow.Edge(source, node.Before, Cost(s));
                foreach (var a in s.Reads.OfType<Var>().Distinct())
                    if (nodes.TryGetValue(a, out var from)) flow.Edge(from.After, node.Before, Flow.Infinite);
                continue;
            }
            foreach (var a in s.Free()) Needed(a);
        }
        foreach (var r in back.Body.Results.OfType<Var>()) Needed(r);
        if (bytes == 0) return null;

        var near = flow.Cut(source, sink);
        plan.Stored = [.. nodes.Where(n => near.Contains(n.Value.Before) && !near.Contains(n.Value.After) && plan._again.Any(s => s.Outs[0].Equals(n.Key))).Select(n => n.Key)];
        if (plan.Stored.IsEmpty || plan.Stored.Any(v => v.Type.Scalar is Scalar.I64 or Scalar.F16)) return null;
        plan.Tapes = new Var[plan.Stored.Count];
        plan.Index = Indices(back.Body, plan.Trip);
        return plan;

        (int Before, int After) Node(Var v)
        {
            var node = nodes[v] = (flow.Node(), flow.Node());
            flow.Edge(node.Before, node.After, Bytes(v) * Byte);
            return node;
        }

        void Needed(Var v)
        {
            if (nodes.TryGetValue(v, out var node)) flow.Edge(node.After, sink, Flow.Infinite);
        }
    }

    /// <summary>The code of what is stored, as the forward loop runs it, and what its names are there.</summary>
    public (Block Code, Substitution There) Again(For forward)
    {
        var map = new Substitution(_forward.Where(p => !p.Key.Equals(p.Value)).Select(p => (p.Key, p.Value)));
        return (Simplify.DeadCode.Remove(new Block(_again.ToSeq(), Stored.Map(v => (Atom)v)), out _), map);
    }

    /// <summary>The forward loop ran it in the same trip, with the same numbers: nothing is thrown that was not.</summary>
    private static bool IsAgain(Stmt s) => s is Compute { Op.IsTotal: true, Out.Type.IsArray: false } || s is Read { Out.Type.IsArray: false } r && r.Index.All(i => i is Var or Const);

    private static Seq<Stmt> Indices(Block body, Atom trip) => Simplify.DeadCode.Remove(new Block([.. body.Stmts.Where(s => s is Compute { Out.Type.IsInteger: true })], [trip]), out _).Stmts;

    private static int Bytes(Var v) => (int)ByteCount.Of(v.Type).Constant;

    private static long Cost(Stmt s) => s is not Compute c ? 4 : c.Op.Ulp > 0 ? 20 : c.Op == OpTable.Div || c.Op == OpTable.Sqrt ? 8 : 1;
}
