using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>A sum of which whole trips of the outer loops add nothing: those in which a guard, the same for all lanes, does not hold.</summary>
/// <remarks>
/// <code>
/// s = reduce + k&lt;w, l&lt;w { i = a - k                        s = reduce + k&lt;w, if i = a - k  c = i &gt;= 0 and i &lt; n  yield c,
///   c = i &gt;= 0 and i &lt; n and more                 ⇒                l&lt;w { e = if more { .. } else { yield 0 }
///   e = if c { .. } else { yield 0 }                                yield e }
///   yield e }
/// </code>
/// Nothing is added instead of 0: a sum is never -0.0, so its bits are the same. Lanes need no mask for what holds for all of them.
/// </remarks>
/// <param name="Outer">The loops around the guard.</param>
/// <param name="Holds">What the guard says of indices: at least 0 where no extent is named, else below it.</param>
internal sealed record GuardedSum(Var Out, Seq<Dim> Outer, Block Guard, Seq<Dim> Dims, Block Body, Seq<(Atom Index, Atom? Below)> Holds) : Nested
{
    private protected override Lists List() => new([Out], [.. Outer.Map(d => d.Extent), .. Dims.Map(d => d.Extent)], [Guard, Body], [.. Outer.Map(d => d.Index), .. Dims.Map(d => d.Index)]);

    public override Stmt Map(Func<Var, Var> binder, Func<Atom, Atom> atom, Func<Block, Block> block) =>
        new GuardedSum(binder(Out), MapDims(Outer, binder, atom), block(Guard), MapDims(Dims, binder, atom), block(Body),
            Holds.Map(h => (atom(h.Index), h.Below is null ? null : atom(h.Below))));

    /// <summary>All sums of the body that have such a guard.</summary>
    public static (Block Body, LaneAnalysis Lanes) In(Block body, LaneAnalysis lanes)
    {
        var masks = new List<Var>();
        var guarded = In(body, lanes, masks);
        return ReferenceEquals(guarded, body) ? (body, lanes) : (guarded, lanes.With(masks, 1));
    }

    private static Block In(Block block, LaneAnalysis lanes, List<Var> masks) =>
        block.Of(block.Stmts.Replace(s => s is Reduce r && Of(r, lanes, masks) is { } sum ? sum : s.Map(v => v, a => a, b => In(b, lanes, masks))), block.Results);

    private static GuardedSum? Of(Reduce r, LaneAnalysis lanes, List<Var> masks)
    {
        if (r.Kind != ReduceKind.Sum || !r.Out.Type.IsFloat || !lanes.Varies(r.Out) || r.Dims.Any(d => lanes.Varies(d.Extent))) return null;
        var i = r.Body.Stmts.OfType<If>().FirstOrDefault(s => s.Results.Count == 1 && s.Results[0].Equals(r.Body.Results[0]));
        if (i is not { Else: { Stmts.IsEmpty: true, Results: [Const { AsDouble: 0 }] } }) return null;
        // What is not summed up is not computed: nothing else may fail.
        if (!r.Body.Stmts.All(s => ReferenceEquals(s, i) || s is Compute { Op.IsTotal: true })) return null;

        var computed = r.Body.Stmts.OfType<Compute>().ToDictionary(c => c.Out);
        var parts = Parts(i.Condition, computed).Distinct().ToList();
        var same = parts.Where(p => !lanes.Varies(p)).ToList();
        if (same.Count == 0) return null;
        var needed = new HashSet<Var>();
        void Need(Atom a)
        {
            if (a is not Var v || !needed.Add(v) || !computed.TryGetValue(v, out var c)) return;
            foreach (var arg in c.Args) Need(arg);
        }
        foreach (var p in same) Need(p);
        int depth = Enumerable.Range(0, r.Dims.Count).Where(d => needed.Contains(r.Dims[d].Index)).DefaultIfEmpty(-1).Max() + 1;
        if (depth == 0) return null;

        var own = new Substitution(needed.Where(computed.ContainsKey).Select(v => (v, (Atom)new Var(v.Name + ".guard", v.Type))));
        var guard = r.Body.Stmts.OfType<Compute>().Where(c => needed.Contains(c.Out)).Select(own.Apply).ToList();
        var holds = All([.. same.Select(own.Apply)], $"inside.{r.Out.Name}.guard", guard);

        var stmts = new List<Stmt>();
        var replaced = new Substitution();
        foreach (var s in r.Body.Stmts)
        {
            if (!ReferenceEquals(s, i)) stmts.Add(s);
            else if (parts.Count == same.Count)
            {
                stmts.AddRange(i.Then.Stmts);
                replaced[i.Results[0]] = i.Then.Results[0];
            }
            else
            {
                int before = stmts.Count;
                var mask = All([.. parts.Except(same)], $"inside.{r.Out.Name}.mask", stmts);
                masks.AddRange(stmts.Skip(before).SelectMany(m => m.Outs));
                stmts.Add(new If(i.Results, mask, i.Then, i.Else));
            }
        }
        return new(r.Out, r.Dims.Take(depth).ToSeq(), new Block(guard.ToSeq(), [holds]), r.Dims.Skip(depth).ToSeq(),
            In(new Block(stmts.ToSeq(), r.Body.Results.Map(replaced.Apply)), lanes, masks), same.SelectMany(p => Says(computed, p)).ToSeq());
    }

    /// <summary>What a condition is the conjunction of.</summary>
    private static IEnumerable<Atom> Parts(Atom condition, Dictionary<Var, Compute> computed) =>
        condition is Var v && computed.TryGetValue(v, out var c) && c.Op == OpTable.And ? c.Args.SelectMany(a => Parts(a, computed)) : [condition];

    private static Atom All(List<Atom> parts, string name, List<Stmt> to)
    {
        var all = parts[0];
        for (int k = 1; k < parts.Count; k++)
        {
            var both = new Var($"{name}.{k}", IrType.Bool);
            to.Add(new Compute(both, OpTable.And, [all, parts[k]]));
            all = both;
        }
        return all;
    }

    private static IEnumerable<(Atom Index, Atom? Below)> Says(Dictionary<Var, Compute> computed, Atom part)
    {
        if (part is not Var v || !computed.TryGetValue(v, out var c) || c.Args is not [Var index, var bound] || index.Type != IrType.I32) return [];
        return c.Op == OpTable.Ge && bound is Const { AsLong: 0 } ? [(index, null)] : c.Op == OpTable.Lt ? [(index, bound)] : [];
    }
}
