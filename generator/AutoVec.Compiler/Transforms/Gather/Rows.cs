using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Flatten;

namespace AutoVec.Compiler.Transforms.Gather;

/// <summary>
/// In a sequential loop, a scatter into a part of an array that is only added to a whole one is added where it lies: a trip then costs what it
/// contributes, not what the array holds. Takes a function with scatters, gives one with fewer; Gather solves the rest.
/// <code>
/// s = scatter [n, m] j&lt;m { e; yield k, j, e }        row = build j&lt;m { e; yield e }
/// y = build a, b { x[a, b] + s[a, b] }          ⇒    y = x at [k, :] += row
/// </code>
/// Each variable of the scatter is an entry of its index, from an offset on, or is summed over. What is not proven to lie inside is cut to what
/// does: <c>y = x at [k':c, from:len] += row[lo:c*len]</c>; the rest is zeros, as a scatter promises. Rows over one extent that stand together are
/// for <see cref="OneThread.Siblings"/>, or the planner, to compute in one go.
/// </summary>
public static class Rows
{
    public static FunctionIr Run(FunctionIr f) => new Pass(f).Run();

    /// <summary>An entry of the index: from an offset on over a variable, or at one place for all.</summary>
    private sealed record Entry(Affine From, Dim? Over, bool IsInside);

    private sealed class Pass
    {
        private readonly FunctionIr _function;
        private readonly Names _names;
        private readonly Dependence _dependence;
        private readonly Ranges _ranges;
        private readonly List<string> _notes;

        public Pass(FunctionIr f)
        {
            (_function, _names, _dependence, _notes) = (f, new Names(f), new Dependence(f.Body), f.Notes.ToList());
            var extents = f.Body.Walk().SelectMany(s => s.Dims()).ToDictionary(d => d.Index, d => d.Extent);
            var sizes = new HashSet<Var>(f.Sizes);
            _ranges = new Ranges(a => Affine.Of(a, _dependence.Definition), v => extents.TryGetValue(v, out var n) ? n : null, sizes.Contains, _dependence.Definition);
        }

        public FunctionIr Run() => _function with { Body = Outside(_function.Body), Notes = _notes.Distinct().ToSeq() };

        private Block Outside(Block block) => block with { Stmts = block.Stmts.Map(s => s.Map(v => v, a => a, s is For or While ? InLoop : Outside)) };

        private Block InLoop(Block block)
        {
            var stmts = Outside(block).Stmts.ToList();
            var uses = block.Uses();
            for (int k = 0; k < stmts.Count; k++)
            {
                if (stmts[k] is not Scatter s || uses[s.Out] != 1 || stmts.FindIndex(t => t.Mentions(s.Out) && !ReferenceEquals(t, s)) is not (>= 0 and var at)) continue;
                if (Other(stmts[at], s.Out) is not { } array || Entries(s) is not { } entries) continue;
                var rows = new Builder(_names);
                var (index, value) = Contribution(s, entries, rows);
                stmts[at] = new Accumulate(stmts[at].Outs[0], array, index, value);
                stmts.RemoveAt(k);
                stmts.InsertRange(k, rows.Stmts);
                k += rows.Stmts.Count - 1;
                _notes.Add($"{s.Out.Base}: added to its part of the array, in place");
            }
            return block with { Stmts = stmts.ToSeq() };
        }

        /// <summary>The x of <c>build a { x[a] + s[a] }</c>.</summary>
        private static Var? Other(Stmt stmt, Var scattered)
        {
            if (stmt is not Build { Results.Count: 1, Body.Stmts: { Count: 3 } body } b || b.Dims.Map(d => d.Extent) != scattered.Type.Extents) return null;
            if (body[2] is not Compute { Op: var op } sum || op != OpTable.Add || !b.Body.Results[0].Equals(sum.Out)) return null;
            var own = b.Dims.Map(d => (Atom)d.Index);
            if (body[0] is not Read x || body[1] is not Read y || x.Index != own || y.Index != own) return null;
            bool both = sum.Args.Contains(x.Out) && sum.Args.Contains(y.Out);
            var other = x.Array.Equals(scattered) ? y.Array : x.Array;
            return both && !other.Equals(scattered) && other.Type.Extents == scattered.Type.Extents ? other : null;
        }

        /// <summary>What the scatter's index says of each dimension; null where a row would gain nothing, or does not exist.</summary>
        private Seq<Entry>? Entries(Scatter s)
        {
            var inside = new HashSet<Var>(s.Body.AllBinders());
            var variables = s.Dims.Map(d => d.Index);
            var open = variables.ToList();
            var entries = new List<Entry>();
            for (int d = 0; d < s.Extents.Count; d++)
            {
                var index = s.Body.Results[d];
                if (Affine.In(index, _dependence, variables.ToList()) is not { } form) return null;
                var own = form.Terms.Where(t => variables.Contains(t.Name)).ToList();
                if (own.Count > 1 || own.Count == 1 && (own[0].Factor != 1 || !open.Remove(own[0].Name))) return null;
                var from = own.Count == 0 ? form : form.Without(own[0].Name);
                if (from.Terms.Any(t => inside.Contains(t.Name))) return null;
                entries.Add(new Entry(from, own.Count == 0 ? null : s.Dims.First(x => x.Index.Equals(own[0].Name)), _ranges.Inside(index, s.Extents[d])));
            }
            bool part = entries.Any(e => e.Over is null || !e.From.IsConstant);
            bool fits = entries.Any(e => e.Over is not null) || entries.All(e => e.IsInside);
            // Extents that the sum's own code would have to know.
            bool known = s.Dims.All(d => d.Extent is not Var v || !inside.Contains(v));
            return part && fits && known ? entries.ToSeq() : null;
        }

        private (Seq<Atom> Index, Atom Value) Contribution(Scatter s, Seq<Entry> entries, Builder b)
        {
            var row = Row(s, entries, b);
            if (entries.All(e => e.Over is null)) return (entries.Map(e => e.From.Emit(b)), row);
            // The cuts first: they hold all together or nothing is added.
            Atom? all = null;
            void And(Atom c) => all = all is null ? c : b.Compute(OpTable.And, all, c, "c");
            var cuts = entries.Select<Entry, (Atom From, Atom Skipped, Atom Count)>((e, d) =>
            {
                if (e.IsInside) return default;
                var from = e.From.Emit(b, "from");
                if (e.Over is null)
                {
                    And(b.Compute(OpTable.Ge, from, Const.I32(0), "c"));
                    And(b.Compute(OpTable.Lt, from, s.Extents[d], "c"));
                    return (from, Const.I32(0), Const.I32(1));
                }
                Atom skipped = b.Compute(OpTable.Max, b.Compute(OpTable.Sub, Const.I32(0), from, "lo"), Const.I32(0), "lo");
                var end = b.Compute(OpTable.Min, e.Over.Extent, b.Compute(OpTable.Sub, s.Extents[d], from, "hi"), "hi");
                And(b.Compute(OpTable.Lt, skipped, end, "c"));
                return (b.Compute(OpTable.Add, from, skipped, "from"), skipped, b.Compute(OpTable.Sub, end, skipped, "len"));
            }).ToList();
            Atom IfAll(Atom a) => all is null ? a : b.Compute(OpTable.Select, all, a, Const.I32(0), "at");

            var (index, view, ones) = (new List<Atom>(), new List<Atom>(), new List<Atom>());
            for (int d = 0; d < entries.Count; d++)
            {
                var (e, cut) = (entries[d], cuts[d]);
                if (e.IsInside && e.Over is null)
                {
                    index.Add(e.From.Emit(b));
                    continue;
                }
                if (e.Over is null)
                {
                    var one = IfAll(cut.Count);
                    index.Add(new Window(IfAll(cut.From), [one]));
                    if (entries.Skip(d + 1).Any(x => x.Over is not null)) ones.Add(one);
                    else view[^1] = view[^1] is Window w ? new Window(w.From, [.. w.Extents, one]) : view[^1];
                    continue;
                }
                bool whole = e.IsInside && e.From.AsAtom is Const { AsLong: 0 } && e.Over.Extent.Equals(s.Extents[d]);
                // One length that is 0 where not all cuts hold is enough.
                bool last = !entries.Skip(d + 1).Any(x => x.Over is not null);
                var count = e.IsInside ? e.Over.Extent : cut.Count;
                if (last || !e.IsInside) count = IfAll(count);
                bool isAll = count.Equals(e.Over.Extent);
                index.Add(whole && isAll ? All.Dimension : new Window(e.IsInside ? e.From.Emit(b, "from") : IfAll(cut.From), [count]));
                view.Add(isAll && e.IsInside && ones.Count == 0 ? All.Dimension
                    : new Window(e.IsInside ? Const.I32(0) : IfAll(cut.Skipped), [.. ones, count]));
                ones.Clear();
            }
            return (index.ToSeq(), view.All(v => v is All) ? row : b.Read((Var)row, view, row is Var r ? r.Name : "row"));
        }

        /// <summary>The values, over the variables in the order of the index; those that are no entry are summed over.</summary>
        private Atom Row(Scatter s, Seq<Entry> entries, Builder b)
        {
            var dims = entries.Where(e => e.Over is not null).Select(e => e.Over!).ToSeq();
            var summed = s.Dims.Where(d => !dims.Any(x => x.Index.Equals(d.Index))).ToSeq();
            var body = Simplify.DeadCode.Remove(new Block(s.Body.Stmts, [s.Body.Results[^1]]), out _);
            if (!summed.IsEmpty)
            {
                var sum = b.Nested();
                var total = sum.Reduce(ReduceKind.Sum, summed, body);
                body = sum.Block(total);
            }
            if (!dims.IsEmpty) return b.BuildNamed(dims, body)[0];
            b.Append(body.Stmts);
            return body.Results[0];
        }
    }
}
