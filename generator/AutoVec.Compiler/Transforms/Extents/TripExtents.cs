using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Extents;

/// <summary>What a function takes for granted of the numbers that it is called with: a block that yields whether it holds.</summary>
/// <param name="Arguments">The parameters that the block reads.</param>
/// <param name="Sizes">The extents of parameters that it reads.</param>
public sealed record Assumption(Block Block, Seq<Var> Arguments, Seq<Var> Sizes)
{
    /// <summary>Both.</summary>
    public static Assumption? Both(FunctionIr f, Assumption? a, Assumption? b)
    {
        if (a is null || b is null) return a ?? b;
        var names = new Names(f);
        var both = new Builder(names);
        Atom One(Block block)
        {
            var copy = new Substitution().Copy(block, names);
            both.Append(copy.Stmts);
            return copy.Results[0];
        }
        var all = both.Block(both.Compute(OpTable.And, One(a.Block), One(b.Block), "ok"));
        return new(all, [.. a.Arguments.Concat(b.Arguments).Distinct()], [.. a.Sizes.Concat(b.Sizes).Distinct()]);
    }
}

/// <summary>
/// As <see cref="Extents"/>, for extents that differ from trip to trip: takes a function, gives the version for loops in which what a loop runs over is
/// what it indexes, in every trip, and the test that the host makes on entry.
/// <code>
/// loop .. for l&lt;L { h = hs[l]; r = rows[l]; w = W[at:r*c]        ⇒    loop .. for l&lt;L { h = hs[l]; w = W[at:h*c]
///   build .. { reduce + i&lt;h { x[i]·w[i, j] } } }                          build .. { reduce + i&lt;h { x[i]·w[i, j] } } }    where min l&lt;L { hs[l] == rows[l] }
/// </code>
/// </summary>
public static class TripExtents
{
    public static (FunctionIr Function, Assumption? Holds) Unify(FunctionIr f)
    {
        var tests = new Builder(new Names(f));
        var oks = new List<Atom>();
        var before = new List<Stmt>();
        var stmts = f.Body.Stmts.Map(s =>
        {
            var made = s is For loop ? Loop(f, loop, before, tests, oks) : s;
            before.Add(s);
            return made;
        }).ToSeq();
        if (oks.Count == 0) return (f, null);
        var all = tests.Compute(OpTable.Eq, oks.Aggregate((a, b) => tests.Compute(OpTable.Min, a, b, "ok")), Const.I32(1), "ok");
        var code = Simplify.DeadCode.Remove(new Block([.. f.Body.Stmts.Where(s => s is not For), .. tests.Stmts], [all]), out _);
        var free = new HashSet<Var>(code.Free());
        var holds = new Assumption(code, f.Params.Where(free.Contains).ToSeq(), f.Sizes.Where(free.Contains).ToSeq());
        return (f with { Body = f.Body with { Stmts = stmts } }, holds);
    }

    private static For Loop(FunctionIr f, For loop, List<Stmt> before, Builder tests, List<Atom> oks)
    {
        var order = new Dictionary<Var, int>();
        foreach (var s in loop.Body.Stmts)
            if (s is Compute or Read { Out.Type.IsArray: false } or If { Results.Count: 1 }) order[s.Outs[0]] = order.Count;
        bool hasWindows = loop.Body.Stmts.Any(s => s is Read r && r.Index.HasWindow());
        if (!hasWindows) return loop;

        var parent = new Dictionary<Var, Var>();
        Var Root(Var v) => parent.TryGetValue(v, out var p) ? Root(p) : v;
        foreach (var (dimension, extent) in Guesses(loop))
        {
            if (!order.ContainsKey(dimension) || !order.ContainsKey(extent)) continue;
            var (a, b) = (Root(dimension), Root(extent));
            if (a.Equals(b)) continue;
            if (order[a] > order[b]) (a, b) = (b, a);
            if (IsKnown(f, loop, before, a) && IsKnown(f, loop, before, b)) parent[b] = a;
        }
        if (parent.Count == 0 || !IsScalar(f, before, loop.Dim.Extent)) return loop;

        // The test: every pair is equal, in every trip.
        var pairs = parent.Keys.Select(v => (v, Root: Root(v))).ToList();
        var code = Simplify.DeadCode.Remove(new Block(loop.Body.Stmts, pairs.SelectMany(p => new Atom[] { p.v, p.Root }).ToSeq()), out _);
        var trip = tests.Fresh(loop.Dim.Index.Base, IrType.I32);
        var copy = new Substitution { [loop.Dim.Index] = trip }.Copy(code, tests.Names);
        var inner = tests.Nested();
        inner.Append(copy.Stmts);
        Atom same = Const.Bool(true);
        for (int k = 0; k < copy.Results.Count; k += 2)
        {
            var equal = inner.Compute(OpTable.Eq, copy.Results[k], copy.Results[k + 1], "same");
            same = same is Const ? equal : inner.Compute(OpTable.And, same, equal, "same");
        }
        var ok = inner.Compute(OpTable.Select, same, Const.I32(1), Const.I32(0), "ok");
        oks.Add(tests.Reduce(ReduceKind.Min, [new Dim(trip, loop.Dim.Extent)], inner.Block(ok), "ok"));

        var equalTo = new Substitution(pairs.Select(p => (p.v, (Atom)p.Root)));
        var kept = loop.Body.Stmts.Where(s => s.Outs.Count != 1 || !parent.ContainsKey(s.Outs[0])).ToSeq();
        return loop with { Body = equalTo.Apply(loop.Body with { Stmts = kept }) };
    }

    /// <summary>Dimensions that an index runs through, and the extent it runs over.</summary>
    private static IEnumerable<(Var Dimension, Var Extent)> Guesses(For loop)
    {
        var extents = new Dictionary<Var, Atom>();
        foreach (var s in loop.Body.Walk())
            foreach (var d in Flatten.StmtDims.Dims(s)) extents[d.Index] = d.Extent;
        foreach (var s in loop.Body.Walk())
        {
            var (array, index) = s switch
            {
                Read r => (r.Array, r.Index),
                Write w => (w.Array, w.Index),
                Accumulate a => (a.Array, a.Index),
                _ => (null, []),
            };
            for (int d = 0; d < index.Count; d++)
                if (index[d] is Var i && extents.TryGetValue(i, out var over) && over is Var extent && array!.Type.Extents[d] is Var dimension && !extent.Equals(dimension))
                    yield return (dimension, extent);
        }
    }

    /// <summary>Is it computed from the trip, and numbers that the host has on entry?</summary>
    private static bool IsKnown(FunctionIr f, For loop, List<Stmt> before, Var v)
    {
        var code = Simplify.DeadCode.Remove(new Block(loop.Body.Stmts, [v]), out _);
        return code.Walk().All(IsScalar) && code.Free().All(x => x.Equals(loop.Dim.Index) || IsScalar(f, before, x));
    }

    private static bool IsScalar(FunctionIr f, List<Stmt> before, Atom atom)
    {
        if (atom is not Var v || f.Sizes.Contains(v)) return true;
        if (f.Params.Contains(v)) return v.Type.IsInteger;
        var code = Simplify.DeadCode.Remove(new Block(before.ToSeq(), [v]), out _);
        return code.Stmts.Any(s => s.Outs.Contains(v)) && code.Walk().All(IsScalar) && code.Free().All(x => f.Sizes.Contains(x) || f.Params.Contains(x) && x.Type.IsInteger);
    }

    private static bool IsScalar(Stmt s) => s is If or Compute { Op.IsTotal: true, Out.Type.IsFloat: false } or Read { Out.Type: { IsArray: false, IsFloat: false } };
}
