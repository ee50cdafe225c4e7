using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.LastTrip;

/// <summary>
/// What a host loop computes only for its next trip is not computed in the last one: state that nobody reads after the loop gets its next value in
/// a branch. (A network's reverse loop hands the adjoint of a layer's input to the layer before; the first layer's input is the data, and its
/// adjoint is a matrix product that nobody asked for.)
/// <code>
/// g, h = loop (.. h0 = ..) for host t&lt;n {        g, h = loop (.. h0 = ..) for host t&lt;n { ..
///   ..  h1 = build .. { reduce .. h0 .. }    ⇒      last = n - 1   more = t &lt; last
///   yield g1, h1 }                                 h2 = if more { h1 = build .. yield h1 } else { yield h0 }
///                                                  yield g1, h2 }
/// </code>
/// As with all dead code, what would have thrown there throws no more.
/// </summary>
public static class LastTrip
{
    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(new Names(f));
        var body = pass.Host(f.Body);
        return pass.Notes.Count == 0 ? f : f with { Body = body, Notes = [.. f.Notes, .. pass.Notes] };
    }

    private sealed class Pass(Names names)
    {
        public List<string> Notes { get; } = [];

        public Block Host(Block block)
        {
            var used = new HashSet<Var>(block.Results.OfType<Var>());
            var stmts = new List<Stmt>();
            for (int at = block.Stmts.Count - 1; at >= 0; at--)
            {
                var s = block.Stmts[at];
                if (s is For or While or If) s = s.Map(v => v, a => a, Host);
                if (s is For { Place: LoopPlace.Host } loop) s = Shortened(loop, used);
                stmts.Add(s);
                used.UnionWith(block.Stmts[at].Free());
            }
            stmts.Reverse();
            return new(stmts.ToSeq(), block.Results);
        }

        private For Shortened(For loop, HashSet<Var> usedLater)
        {
            var body = loop.Body;
            var unread = Enumerable.Range(0, loop.State.Count).Where(k => !usedLater.Contains(loop.Results[k]) && !body.Results[k].Equals(loop.State[k].Param)).ToList();
            if (unread.Count == 0) return loop;
            var needed = new HashSet<Var>(body.Results.Where((_, k) => !unread.Contains(k)).OfType<Var>());
            var isNeeded = new bool[body.Stmts.Count];
            for (int at = body.Stmts.Count - 1; at >= 0; at--)
            {
                var s = body.Stmts[at];
                if (!(isNeeded[at] = s.Outs.Any(needed.Contains))) continue;
                needed.UnionWith(s.Free());
                needed.UnionWith(s.Outs.SelectMany(o => o.Type.Extents).OfType<Var>());
            }
            var only = body.Stmts.Where((_, at) => !isNeeded[at]).ToSeq();
            // Whose next value the other state needs too, or is made by the same statement, is not spared; nor is what costs nothing.
            var made = new HashSet<Var>(body.Stmts.Where((_, at) => isNeeded[at]).SelectMany(s => s.Outs));
            unread.RemoveAll(k => body.Results[k] is not Var v || needed.Contains(v) || made.Contains(v));
            if (unread.Count == 0 || !only.SelectMany(s => s.Walk()).Any(s => s is Reduce)) return loop;

            var inner = new Builder(names);
            int place = Array.LastIndexOf(isNeeded, false);
            inner.Append(body.Stmts.Where((_, at) => at <= place && isNeeded[at]));
            var more = inner.Compute(OpTable.Lt, loop.Dim.Index, inner.Compute(OpTable.Sub, loop.Dim.Extent, Const.I32(1), "last"), "more");
            var outs = inner.If(more, new Block(only, unread.Select(k => body.Results[k]).ToSeq()),
                new Block([], unread.Select(k => (Atom)loop.State[k].Param).ToSeq()), "next");
            inner.Append(body.Stmts.Skip(place + 1));
            var results = body.Results;
            for (int n = 0; n < unread.Count; n++) results = results.With(unread[n], outs[n]);
            Notes.Add($"the last trip of the loop over {loop.Dim.Index.Base} computes no {string.Join(", ", unread.Select(k => $"'{loop.State[k].Param.Base}'"))}: nobody would read it");
            return loop with { Body = inner.Block(results) };
        }
    }
}
