using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// What one thread of a kernel computes, at one leading index: the stage's builds with their leading dimension taken off, in
/// one block. <c>Body.Results[k]</c> is the scalar, or the array, that goes to <c>Stores[k]</c> at that index.
/// </summary>
/// <remarks>
/// <code>
/// m = build b&lt;B { r = reduce max j&lt;c { v = z[b, j]  yield v }  yield r }       at b:  zRow = z[b, :]
/// e = build b&lt;B, j&lt;c { v = z[b, j]  n = m[b]  d = v - n  x = exp d  yield x }          r = reduce max j&lt;c { v = zRow[j]  yield v }
///                                                                                      eRow = build j&lt;c { v = zRow[j]  d = v - r  ... }
/// </code>
/// What only the stage itself reads is not stored: a value of one thread needs no memory for all of them.
/// </remarks>
public sealed record ThreadFunction(Var Index, Atom Extent, Block Body, Seq<Var> Stores)
{
    /// <summary>The body with arrays indexed whole, for lanes along the thread index.</summary>
    public Block Whole { get; init; } = Body;

    public static ThreadFunction Of(KernelStage stage, Func<Var, bool> isReadElsewhere, Names names)
    {
        var first = (Build)stage.Stmts[0];
        return new Peeling(first.Dims[0].Index, first.Dims[0].Extent, names).Run(stage, isReadElsewhere);
    }

    private sealed class Peeling(Var index, Atom extent, Names names)
    {
        private readonly Substitution _replaced = new();
        private readonly Dictionary<Var, Atom> _rows = [];

        public ThreadFunction Run(KernelStage stage, Func<Var, bool> isReadElsewhere)
        {
            var stmts = new List<Stmt>();
            var stores = new List<(Var Array, Atom Value)>();
            foreach (var build in stage.Stmts.Cast<Build>())
            {
                if (!build.Dims[0].Index.Equals(index)) _replaced[build.Dims[0].Index] = index;
                var body = Rewrite(build.Body);
                if (build.Dims.Count == 1)
                {
                    stmts.AddRange(body.Stmts);
                    for (int k = 0; k < build.Results.Count; k++) _rows[build.Results[k]] = body.Results[k];
                }
                else
                {
                    var dims = build.Dims.Skip(1).ToSeq();
                    var rows = build.Results.Map(r => names.Fresh(r.Base + "Row", new IrType(r.Type.Scalar, r.Type.Extents.Skip(1).ToSeq())));
                    stmts.Add(new Build(rows, dims, body));
                    for (int k = 0; k < rows.Count; k++) _rows[build.Results[k]] = rows[k];
                }
                stores.AddRange(build.Results.Where(isReadElsewhere).Select(r => (r, _rows[r])));
            }
            var block = new Block(stmts.ToSeq(), stores.Select(s => s.Value).ToSeq());
            var whole = Twins.Remove(block);
            return new ThreadFunction(index, extent, Twins.Remove(Views(whole)), stores.Select(s => s.Array).ToSeq()) { Whole = Twins.Remove(RowViews.Run(JoinedSums.Run(Contests.Run(OwnRows(Twins.Remove(WithoutNeighbours(whole))), names), names), names)) };
        }

        private Block Rewrite(Block block)
        {
            var stmts = new List<Stmt>();
            foreach (var old in block.Stmts)
            {
                var stmt = old.Map(_replaced.Retype, _replaced.Apply, Rewrite);
                if (stmt is Read r && _rows.TryGetValue(r.Array, out var row) && index.Equals(r.Index[0]))
                {
                    var rest = r.Index.Skip(1).ToSeq();
                    if (rest.All(i => i is All)) _replaced[r.Out] = row;
                    else stmts.Add(new Read(r.Out, (Var)row, rest));
                }
                else stmts.Add(stmt);
            }
            return new Block(stmts.ToSeq(), block.Results.Map(_replaced.Apply));
        }

        /// <summary>Lanes along the threads have no use for neighbours along a row: the arrays as they are.</summary>
        private static Block WithoutNeighbours(Block block)
        {
            var replaced = new Substitution();
            Block Inside(Block inner)
            {
                var stmts = new List<Stmt>();
                foreach (var stmt in inner.Stmts)
                {
                    if (stmt is not If { IsForSpeed: true } i)
                    {
                        stmts.Add(stmt.Map(replaced.Retype, replaced.Apply, Inside));
                        continue;
                    }
                    var side = Inside(i.Else);
                    stmts.AddRange(side.Stmts);
                    for (int k = 0; k < i.Results.Count; k++) replaced[i.Results[k]] = side.Results[k];
                }
                return new Block(stmts.ToSeq(), inner.Results.Map(replaced.Apply));
            }
            return Inside(block);
        }

        /// <summary>
        /// Rows that loops read again and again, <c>x[b, j]</c> in <c>k &lt; n, j &lt; d</c>, are read once: lanes along the threads then hold rows of their own, where their
        /// elements lie side by side.
        /// </summary>
        private Block OwnRows(Block block)
        {
            // What is cut into several methods keeps no arrays from one to the next.
            if (block.Stmts.Sum(Lanes.LaneAnalysis.CostOf) > Lanes.LaneAnalysis.MostOps) return block;
            var own = new HashSet<Var>(block.AllBinders());
            var rows = new Dictionary<Var, Var>();
            void Find(Block inside, Seq<Var> loops)
            {
                foreach (var stmt in inside.Stmts)
                {
                    if (stmt is Read r && IsRead(r, loops) && !rows.ContainsKey(r.Array))
                        rows[r.Array] = names.Fresh(r.Array.Base + "Row", new IrType(r.Array.Type.Scalar, r.Array.Type.Extents.Skip(1).ToSeq()));
                    foreach (var b in stmt.Blocks) Find(b, [.. loops, .. UseMap.Dims(stmt).Select(d => d.Index)]);
                }
            }
            bool IsRead(Read r, Seq<Var> loops) =>
                r is { Out.Type.IsArray: false, Index.Count: > 1 } && r.Out.Type.Scalar is Scalar.F32 or Scalar.F64 && index.Equals(r.Index[0]) && !own.Contains(r.Array)
                && r.Array.Type.Extents[0].Equals(extent) && r.Index.Skip(1).All(i => i is Const || i is Var v && loops.Contains(v))
                && loops.Any(l => !r.Index.Contains(l));
            Block Replace(Block inside, Seq<Var> loops) => inside with
            {
                Stmts = inside.Stmts.Map(stmt => stmt is Read r && rows.TryGetValue(r.Array, out var row) && index.Equals(r.Index[0]) && r.Out.Type is { IsArray: false }
                    && r.Index.Skip(1).All(i => i is Const || i is Var v && loops.Contains(v))
                    ? new Read(r.Out, row, r.Index.Skip(1).ToSeq())
                    : stmt.Map(v => v, a => a, b => Replace(b, [.. loops, .. UseMap.Dims(stmt).Select(d => d.Index)]))),
            };
            Find(block, []);
            if (rows.Count == 0) return block;
            var replaced = Replace(block, []);
            var top = rows.Select(r => (Stmt)new Read(r.Value, r.Key, [index, .. r.Value.Type.Extents.Map(_ => (Atom)All.Dimension)]));
            return replaced with { Stmts = [.. top, .. replaced.Stmts] };
        }

        /// <summary>Arrays that inner loops read at the thread's own index are narrowed once to that row.</summary>
        private Block Views(Block block)
        {
            var own = new HashSet<Var>(block.AllBinders());
            var views = new Dictionary<Var, Var>();
            foreach (var (read, inner) in Reads(block, inner: false))
                if (inner && read.Index.Count > 1 && index.Equals(read.Index[0]) && !own.Contains(read.Array)
                    && read.Array.Type.Extents[0].Equals(extent) && !views.ContainsKey(read.Array))
                    views[read.Array] = names.Fresh(read.Array.Base + "Row", new IrType(read.Array.Type.Scalar, read.Array.Type.Extents.Skip(1).ToSeq()));
            if (views.Count == 0) return block;
            var narrowed = Narrow(block, views);
            var top = views.Select(v => (Stmt)new Read(v.Value, v.Key, [index, .. v.Value.Type.Extents.Map(_ => (Atom)All.Dimension)]));
            return narrowed with { Stmts = [.. top, .. narrowed.Stmts] };
        }

        private static IEnumerable<(Read, bool Inner)> Reads(Block block, bool inner)
        {
            foreach (var stmt in block.Stmts)
            {
                if (stmt is Read r) yield return (r, inner);
                foreach (var b in stmt.Blocks)
                    foreach (var found in Reads(b, inner || stmt is not If)) yield return found;
            }
        }

        private Block Narrow(Block block, Dictionary<Var, Var> views)
        {
            var stmts = new List<Stmt>();
            foreach (var old in block.Stmts)
            {
                var stmt = old.Map(_replaced.Retype, _replaced.Apply, b => Narrow(b, views));
                if (stmt is Read r && views.TryGetValue(r.Array, out var view) && index.Equals(r.Index[0]))
                {
                    var rest = r.Index.Skip(1).ToSeq();
                    if (rest.All(i => i is All)) _replaced[r.Out] = view;
                    else stmts.Add(new Read(r.Out, view, rest));
                }
                else stmts.Add(stmt);
            }
            return new Block(stmts.ToSeq(), block.Results.Map(_replaced.Apply));
        }
    }
}

/// <summary>Merging builds leaves twins behind: the same load or op on the same operands is computed once.</summary>
internal static class Twins
{
    private readonly record struct Key(object Kind, Seq<Atom> Args, IrType? Type);

    public static Block Remove(Block block) => Remove(block, [], new Substitution());

    private static Block Remove(Block block, Dictionary<Key, Var> known, Substitution same)
    {
        var stmts = new List<Stmt>(block.Stmts.Count);
        var own = new List<Key>();
        foreach (var old in block.Stmts)
        {
            var stmt = old.Map(same.Retype, same.Apply, b => Remove(b, known, same));
            if (stmt is not (Compute { Op.IsTotal: true } or Read))
            {
                stmts.Add(stmt);
                continue;
            }
            var key = stmt is Compute c ? new Key(c.Op, c.Args, c.Out.Type) : new Key(((Read)stmt).Array, ((Read)stmt).Index, null);
            if (known.TryGetValue(key, out var twin)) same[stmt.Outs[0]] = twin;
            else
            {
                known.Add(key, stmt.Outs[0]);
                own.Add(key);
                stmts.Add(stmt);
            }
        }
        var rest = block.Of(block.Stmts.Or(stmts), block.Results.Replace(same.Apply));
        foreach (var key in own) known.Remove(key);
        return rest;
    }
}
