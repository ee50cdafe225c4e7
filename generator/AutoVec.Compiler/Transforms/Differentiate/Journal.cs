using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// The undo log of an array that a loop updates at any depth: in loops inside, under conditions, after an early end. Every update of the forward
/// sweep appends the element that it overwrites and where it was; the reverse goes back over what a trip has appended, last first, in place.
/// <code>
/// a = loop (a0 = z) for i&lt;n { a3 = loop (a1 = a0) while { .. } { a2 = a1 with [k] = v; yield a2 }; yield a3 }
///   ⇒
/// a, c, old, at = loop (a0 = z, c0 = 0, old0, at0) for i&lt;n {
///   a3, c3, .. = loop (a1 = a0, c1 = c0, ..) while { .. } { v0 = a1[k]; old2 = old1 with [c1] = v0; at2 = at1 with [c1] = k; c2 = c1 + 1; .. } }
/// undone:  a0 = loop (x = a3) for t&lt;c3 - c0 { x1 = x with [at[c3 - 1 - t]] = old[c3 - 1 - t]; yield x1 }
/// </code>
/// </summary>
/// <param name="State">Which piece of the loop's state the array is.</param>
/// <param name="Versions">The names of the array from the state at entry to the next: results of updates, branches and loops.</param>
/// <param name="Depth">How many loops of unknown length, <c>while</c> apart, stand around an update: about n to that power are made in a trip.</param>
internal sealed record Journal(int State, IrType Type, HashSet<Var> Versions, int Depth)
{
    /// <summary>A log beyond so many entries is not kept: numbers of entries saturate above.</summary>
    public const int MostEntries = 1 << 24;

    private const int Saturated = 1 << 28;

    /// <summary>The types of what one entry holds: the element, and where it was.</summary>
    public Seq<IrType> Entry => [Type.Element, .. Type.Extents.Map(_ => IrType.I32)];

    /// <summary>The journal of a loop's k-th state; null where there is anything but updates of elements, branches and loops between it and the next.</summary>
    public static Journal? Of(Seq<Carry> state, Block body, int k)
    {
        if (!state[k].Param.Type.IsArray) return null;
        var versions = new HashSet<Var>();
        int deepest = 0;
        return Origin(body, body.Results[k], versions, 0, ref deepest) is { } start && start.Equals(state[k].Param)
            ? new(k, state[k].Param.Type, versions, deepest) : null;
    }

    /// <summary>The version outside of a block that a version at its end is made from.</summary>
    private static Var? Origin(Block block, Atom end, HashSet<Var> versions, int depth, ref int deepest)
    {
        var version = end as Var;
        while (version is not null)
        {
            var v = version;
            if (block.Stmts.FirstOrDefault(s => s.Outs.Contains(v)) is not { } stmt) return v;
            versions.Add(v);
            int k = Enumerable.Range(0, stmt.Outs.Count).First(n => stmt.Outs[n].Equals(v));
            switch (stmt)
            {
                case Write or Accumulate:
                    var (array, index) = Reverse.Target(stmt);
                    deepest = Math.Max(deepest, depth);
                    version = index.All(i => i.IsPosition()) ? array : null;
                    break;
                case If i:
                    var then = Origin(i.Then, i.Then.Results[k], versions, depth, ref deepest);
                    version = then is not null && then.Equals(Origin(i.Else, i.Else.Results[k], versions, depth, ref deepest)) ? then : null;
                    break;
                case For f:
                    version = f.State[k].Param.Equals(Origin(f.Body, f.Body.Results[k], versions, f.Dim.Extent is Const ? depth : depth + 1, ref deepest))
                        ? f.State[k].Init as Var : null;
                    break;
                case While w:
                    version = w.State[k].Param.Equals(Origin(w.Body, w.Body.Results[k], versions, depth, ref deepest)) ? w.State[k].Init as Var : null;
                    break;
                default: return null;
            }
        }
        return null;
    }

    /// <summary>The same of a copy of the loop.</summary>
    public Journal Renamed(Substitution map) =>
        this with { Type = map.Apply(Type), Versions = [.. Versions.Select(v => map.TryGet(v, out var to) ? (Var)to : v)] };

    // ---- counting

    /// <summary>
    /// Appends a block that nothing else reads, and gives the number of updates that it makes, or a little more: of a branch whose sides both make a known
    /// number, the greater. What this needs not is dead code.
    /// </summary>
    public Atom Counted(Builder b, Block block)
    {
        Atom count = Const.I32(0);
        foreach (var stmt in block.Stmts) count = Sum(b, count, Counted(b, stmt));
        return count;
    }

    private Atom Counted(Builder b, Stmt stmt)
    {
        if (!stmt.Outs.Any(Versions.Contains))
        {
            b.Append(stmt);
            return Const.I32(0);
        }
        switch (stmt)
        {
            case If i:
                var sides = i.Blocks.Select(side =>
                {
                    var inner = b.Nested();
                    return (Count: Counted(inner, side), Builder: inner, side.Results);
                }).ToList();
                if (sides.All(s => s.Count is Const))
                {
                    b.Append(i);
                    return Const.I32(sides.Max(s => ((Const)s.Count).AsInt));
                }
                var both = b.Fresh("count", IrType.I32);
                b.Append(new If([.. i.Results, both], i.Condition, sides[0].Builder.Block([.. sides[0].Results, sides[0].Count]),
                    sides[1].Builder.Block([.. sides[1].Results, sides[1].Count])));
                return both;
            case For f:
                var body = b.Nested();
                var one = Counted(body, f.Body);
                if (Closed(b, one, f.Dim.Extent) is { } closed)
                {
                    b.Append(f);
                    return closed;
                }
                var (param, total) = (b.Fresh("count", IrType.I32), b.Fresh("count", IrType.I32));
                b.Append(new For([.. f.Results, total], [.. f.State, new Carry(param, Const.I32(0))], f.Dim,
                    Summed(body, f.Body.Results, param, one)) { Place = f.Place });
                return total;
            case While w:
                var inside = b.Nested();
                var each = Counted(inside, w.Body);
                var (carried, all) = (b.Fresh("count", IrType.I32), b.Fresh("count", IrType.I32));
                b.Append(new While([.. w.Results, all], [.. w.State, new Carry(carried, Const.I32(0))], w.Condition, Summed(inside, w.Body.Results, carried, each)));
                return all;
            default:
                b.Append(stmt);
                return Const.I32(1);
        }
    }

    private static Block Summed(Builder body, Seq<Atom> results, Var param, Atom more)
    {
        var next = Sum(body, param, more);
        return body.Block([.. results, next]);
    }

    public static Atom Sum(Builder b, Atom x, Atom y)
    {
        if (x is Const c && y is Const d) return Const.I32(Math.Min(c.AsInt + d.AsInt, Saturated));
        if (x is Const { AsLong: 0 }) return y;
        if (y is Const { AsLong: 0 }) return x;
        return b.Compute(OpTable.Min, b.Compute(OpTable.Add, x, y, "count"), Const.I32(Saturated), "count");
    }

    /// <summary>The same number in each of so many trips; null if it is not, or may overflow.</summary>
    public static Atom? Closed(Builder b, Atom each, Atom trips)
    {
        if (each is not Const c) return null;
        if (trips is Const n) return Const.I32((int)Math.Min((long)c.AsInt * Math.Max(0, n.AsLong), Saturated));
        if (c.AsInt > Saturated / MostEntries) return null;
        var count = b.Compute(OpTable.Min, b.Compute(OpTable.Max, trips, Const.I32(0), "count"), Const.I32(MostEntries), "count");
        return c.AsInt == 1 ? count : b.Compute(OpTable.Mul, count, c, "count");
    }

    // ---- writing

    /// <summary>Appends a statement of the forward sweep. What the logs of all journals of the loop hold goes with it.</summary>
    /// <param name="pens">For each journal: where the next entry goes, the tapes of elements and of the parts of their indices.</param>
    public static void Append(Builder b, Stmt stmt, Pen[] pens)
    {
        if (!stmt.Outs.Any(o => pens.Any(p => p.Journal.Versions.Contains(o))))
        {
            b.Append(stmt);
            return;
        }
        switch (stmt)
        {
            case If i:
                var (then, otherwise) = (Inside(b, i.Then, pens), Inside(b, i.Else, pens));
                var outs = Fresh(b, pens);
                b.Append(i with { Results = [.. i.Results, .. outs.SelectMany(p => p.Atoms).Cast<Var>()], Then = then, Else = otherwise });
                outs.CopyTo(pens, 0);
                break;
            case For f:
                var state = Fresh(b, pens);
                var body = Inside(b, f.Body, state);
                var after = Fresh(b, pens);
                b.Append(f with { Results = [.. f.Results, .. Vars(after)], State = [.. f.State, .. Carried(state, pens)], Body = body });
                after.CopyTo(pens, 0);
                break;
            case While w:
                var carried = Fresh(b, pens);
                var inside = Inside(b, w.Body, carried);
                var left = Fresh(b, pens);
                b.Append(new While([.. w.Results, .. Vars(left)], [.. w.State, .. Carried(carried, pens)], w.Condition, inside));
                left.CopyTo(pens, 0);
                break;
            default:
                int at = Array.FindIndex(pens, p => p.Journal.Versions.Contains(stmt.Outs[0]));
                pens[at] = pens[at].Push(b, stmt);
                b.Append(stmt);
                break;
        }
    }

    private static Block Inside(Builder b, Block block, Pen[] pens)
    {
        var inner = b.Nested();
        var own = pens.ToArray();
        foreach (var stmt in block.Stmts) Append(inner, stmt, own);
        return inner.Block([.. block.Results, .. own.SelectMany(p => p.Atoms)]);
    }

    private static Pen[] Fresh(Builder b, Pen[] pens) => [.. pens.Select(p => p.Fresh(b))];
    private static IEnumerable<Var> Vars(Pen[] pens) => pens.SelectMany(p => p.Atoms).Cast<Var>();
    private static IEnumerable<Carry> Carried(Pen[] state, Pen[] init) => Vars(state).Zip(init.SelectMany(p => p.Atoms), (param, start) => new Carry(param, start));
}

/// <summary>Where a journal is being written.</summary>
/// <param name="Logged">Whether it is kept at all, decided before the loop.</param>
internal sealed record Pen(Journal Journal, Atom Logged, Atom Next, Seq<Var> Logs)
{
    public IEnumerable<Atom> Atoms => [Next, .. Logs];

    public Pen Fresh(Builder b) => this with { Next = b.Fresh("entries", IrType.I32), Logs = Logs.Map(l => b.Fresh("log", l.Type)) };

    public Pen Push(Builder b, Stmt update)
    {
        var (array, index) = Reverse.Target(update);
        if (Logged is Const { AsBool: true }) return Written(b, array, index);
        var then = b.Nested();
        var written = Written(then, array, index);
        var outs = Fresh(b);
        b.Append(new If(outs.Atoms.Cast<Var>().ToSeq(), Logged, then.Block(written.Atoms), b.Nested().Block(Atoms)));
        return outs;
    }

    private Pen Written(Builder b, Var array, Seq<Atom> index)
    {
        Seq<Atom> entry = [b.Read(array, index, "old"), .. index];
        var logs = Logs.Select((log, k) => b.Write(log, [Next], entry[k], "log")).ToSeq();
        return this with { Next = b.Compute(OpTable.Add, Next, Const.I32(1), "entries"), Logs = logs };
    }
}
