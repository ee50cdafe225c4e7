using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Fuse;

/// <summary>
/// A host loop that only adds to an array of every sample, of which only the sum over the batch is used, carries the sum:
/// the gradient of a shared weight in a recurrent loop is then [h×h], and a contraction per step, not [B×h×h].
/// <code>
/// g = loop (g0: f32[B, h] = z) for k&lt;t { g1 = build b, j { g0[b, j] + e }; yield g1 }
/// r = build j { reduce + b { g[b, j] } }
///   ⇒
/// z' = build j { reduce + b { z[b, j] } }
/// r = loop (g0: f32[h] = z') for k&lt;t { s = build j { reduce + b { e } }; g1 = build j { g0[j] + s[j] }; yield g1 }
/// </code>
/// </summary>
internal static class SumThroughLoop
{
    /// <summary>Rewrites the statements in place and says so, or returns null.</summary>
    public static string? Try(For loop, Seq<Atom> results, List<Stmt> stmts, Names names)
    {
        for (int k = 0; k < loop.State.Count; k++)
        {
            var o = loop.Results[k];
            if (!o.Type.IsArray || results.Contains(o)) continue;
            var users = stmts.Where(s => !ReferenceEquals(s, loop) && s.Mentions(o)).ToList();
            if (users.Count != 1 || BatchOf(users[0], o) is not { } batch) continue;
            if (Chain(loop, k, batch) is not { } chain || loop.State[k].Init is not Var) continue;
            Rewrite(loop, k, chain, users[0], batch, stmts, names);
            return $"the sum over {batch} of '{o.Base}' is taken inside the loop over {loop.Dim.Index.Base}";
        }
        return null;
    }

    /// <summary>The leading extent, if the statement is the sum over it of the whole array.</summary>
    private static Atom? BatchOf(Stmt user, Var array)
    {
        var dims = user is Build b ? b.Dims : [];
        var sum = user switch
        {
            Build { Body: { Stmts: { Count: 1 } one } body } when body.Results[0].Equals(one[0].Outs[0]) => one[0] as Reduce,
            Reduce r => r,
            _ => null,
        };
        if (sum is not { Kind: ReduceKind.Sum, Dims.Count: 1, Body.Stmts.Count: 1 } || sum.Body.Stmts[0] is not Read read || !read.Array.Equals(array)) return null;
        Seq<Atom> own = [sum.Dims[0].Index, .. dims.Select(d => d.Index)];
        Seq<Atom> extents = [sum.Dims[0].Extent, .. dims.Select(d => d.Extent)];
        return sum.Body.Results[0].Equals(read.Out) && read.Index == own && array.Type.Extents == extents ? sum.Dims[0].Extent : null;
    }

    /// <summary>
    /// A statement that adds: an Accumulate of whole slices (no terms), a build of the old element plus the terms, or a loop inside (a
    /// segment of this one, say) one piece of whose state is only added to.
    /// </summary>
    private sealed record Step(Stmt Stmt, Seq<Atom> Terms)
    {
        public int State { get; init; }
        public List<Step> Inside { get; init; } = [];
        public Var Out => Stmt.Outs[State];
    }

    /// <summary>The statements that lead from the state to its next value, each of which only adds; null if anything else happens to it.</summary>
    private static List<Step>? Chain(For loop, int k, Atom batch)
    {
        var chain = new List<Step>();
        var version = loop.State[k].Param;
        while (!loop.Body.Results[k].Equals(version))
        {
            var users = loop.Body.Stmts.Where(s => s.Mentions(version)).ToList();
            if (users.Count != 1 || loop.Body.Results.Contains(version)) return null;
            Step? step = users[0] switch
            {
                Accumulate a when a.Array.Equals(version) && !a.Value.Equals(version) && a.Index[0] is All => new(a, []),
                Build { Results.Count: 1 } b when b.Dims[0].Extent.Equals(batch) && Terms(b, version) is { } terms => new(b, terms.ToSeq()),
                For f => Inside(f, version, batch),
                _ => null,
            };
            if (step is null) return null;
            chain.Add(step);
            version = step.Out;
        }
        bool once = loop.Body.Results.Count(r => r.Equals(version)) == 1 && !loop.Body.Stmts.Any(s => s.Mentions(version));
        return chain.Count > 0 && once ? chain : null;
    }

    private static Step? Inside(For loop, Var version, Atom batch)
    {
        var places = Enumerable.Range(0, loop.State.Count).Where(k => loop.State[k].Init.Equals(version)).ToList();
        if (places.Count != 1 || loop.Body.Free().Contains(version)) return null;
        return Chain(loop, places[0], batch) is { } chain ? new Step(loop, []) { State = places[0], Inside = chain } : null;
    }

    /// <summary>The e, e', ... of <c>((old + e) + e') ...</c>, where old is the array's element at the build's own index.</summary>
    private static List<Atom>? Terms(Build build, Var old)
    {
        var body = build.Body;
        var uses = body.Uses();
        if (uses[old] != 1 || body.Stmts.OfType<Read>().FirstOrDefault(r => r.Array.Equals(old)) is not { } load) return null;
        if (load.Index != build.Dims.Map(d => (Atom)d.Index) || old.Type.Extents != build.Dims.Map(d => d.Extent)) return null;
        var terms = new List<Atom>();
        var defs = body.Definitions();
        var at = body.Results[0];
        while (!at.Equals(load.Out))
        {
            if (at is not Var v || uses[v] != 1 || !defs.TryGetValue(v, out var s) || s is not Compute c || c.Op != OpTable.Add) return null;
            var reaching = c.Args.Where(a => Reaches(a, load.Out, defs)).ToList();
            if (reaching.Count != 1) return null;
            terms.Add(c.Args[0].Equals(reaching[0]) ? c.Args[1] : c.Args[0]);
            at = reaching[0];
        }
        return uses[load.Out] == 1 ? terms : null;
    }

    private static bool Reaches(Atom a, Var goal, Dictionary<Var, Stmt> defs) =>
        a.Equals(goal) || a is Var v && defs.TryGetValue(v, out var s) && s is Compute c && c.Args.Any(x => Reaches(x, goal, defs));

    private static void Rewrite(For loop, int k, List<Step> chain, Stmt user, Atom batch, List<Stmt> stmts, Names names)
    {
        var before = new Builder(names);
        var init = (Var)loop.State[k].Init;
        var start = Sum(before, batch, init.Type, loop.State[k].Param.Name, (b, at) => b.Read(init, at));
        int place = stmts.FindIndex(s => ReferenceEquals(s, loop));
        stmts[place] = Summed(loop, k, chain, start, user.Outs[0], batch, names);
        stmts.RemoveAt(stmts.FindIndex(s => ReferenceEquals(s, user)));
        stmts.InsertRange(place, before.Stmts);
    }

    private static For Summed(For loop, int k, List<Step> chain, Atom start, Var result, Atom batch, Names names)
    {
        var param = names.Fresh(loop.State[k].Param.Name, start.Type);
        Atom version = param;
        var body = new Builder(names);
        foreach (var s in loop.Body.Stmts)
        {
            if (chain.FirstOrDefault(c => ReferenceEquals(c.Stmt, s)) is { } step) version = Added(body, version, step, batch, names);
            else body.Append(s);
        }
        return loop with
        {
            Results = loop.Results.With(k, result),
            State = loop.State.With(k, new Carry(param, start)),
            Body = body.Block(loop.Body.Results.With(k, version)),
        };
    }

    /// <summary>The sum's next version: the old one plus the sum over the batch of what the step adds.</summary>
    private static Atom Added(Builder body, Atom old, Step step, Atom batch, Names names)
    {
        if (step.Stmt is For inner)
        {
            var sum = names.Fresh(step.Out.Name, old.Type);
            body.Append(Summed(inner, step.State, step.Inside, old, sum, batch, names));
            return sum;
        }
        if (step.Stmt is Accumulate { Value: Var value } a)
        {
            var slices = Sum(body, batch, value.Type, value.Name, (b, at) => b.Read(value, at));
            return old is Var { Type.IsArray: true } array ? body.Accumulate(array, a.Index.Skip(1), slices) : body.Compute(OpTable.Add, old, slices);
        }
        var build = (Build)step.Stmt;
        var added = Sum(body, batch, build.Results[0].Type, build.Results[0].Name, (b, at) =>
        {
            var code = Needed(build.Body.Stmts, step.Terms);
            var copy = new Substitution(build.Dims.Select((d, n) => (d.Index, at[n]))).Copy(code, names);
            b.Append(copy.Stmts);
            return copy.Results.Aggregate((x, y) => b.Compute(OpTable.Add, x, y));
        });
        return body.Build(old.Type.Extents, (b, at) => b.Compute(OpTable.Add, Element(b, old, at), Element(b, added, at)), build.Results[0].Name);
    }

    private static Atom Element(Builder b, Atom whole, Seq<Var> at) => whole is Var { Type.IsArray: true } array ? b.Read(array, at) : whole;

    private static Atom Sum(Builder host, Atom batch, IrType type, string name, Func<Builder, Seq<Atom>, Atom> element) =>
        host.Build(type.Extents.Skip(1), (inner, at) =>
        {
            var sample = inner.Fresh("b", IrType.I32);
            var sum = inner.Nested();
            var e = element(sum, [sample, .. at]);
            return inner.Reduce(ReduceKind.Sum, [new Dim(sample, batch)], sum.Block(e), name);
        }, name);

    /// <summary>Without what the terms do not need, the old element above all.</summary>
    private static Block Needed(Seq<Stmt> stmts, Seq<Atom> terms)
    {
        var needed = new HashSet<Var>(terms.OfType<Var>());
        var kept = new List<Stmt>();
        foreach (var s in stmts.Reverse())
        {
            if (!s.Outs.Any(needed.Contains)) continue;
            kept.Add(s);
            needed.UnionWith(s.Free());
        }
        kept.Reverse();
        return new(kept.ToSeq(), terms);
    }
}
