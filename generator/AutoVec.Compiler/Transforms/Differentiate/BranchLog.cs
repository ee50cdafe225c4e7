using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// What an if must remember so that its updates of one array can be undone: which side ran, and of each update the element it
/// overwrote and where. The if returns it beside its own results, zeros for the side that did not run.
/// <code>
/// x1 = if c { x' = x with [i] = v; yield x' } else { yield x }
///   ⇒  x1, old, at = if c { o = x[i]; x' = x with [i] = v; yield x', o, i } else { yield x, 0.0, 0 }
/// undone:  x = if c { y = x1 with [at] = old; yield y } else { yield x1 }
/// </code>
/// </summary>
/// <param name="Result">Which result of the if the array is.</param>
/// <param name="Array">The array as it comes in.</param>
internal sealed record BranchLog(int Result, Var Array, Seq<LogItem> Then, Seq<LogItem> Else)
{
    public static BranchLog? Of(If branch, Var version, Func<Atom, bool> isKnown)
    {
        int result = Enumerable.Range(0, branch.Results.Count).First(k => branch.Results[k].Equals(version));
        if (Items(branch.Then, branch.Then.Results[result], isKnown, out var start) is not { } then) return null;
        if (Items(branch.Else, branch.Else.Results[result], isKnown, out var other) is not { } otherwise) return null;
        return start.Equals(other) ? new(result, start, then, otherwise) : null;
    }

    /// <summary>The statements of a block that lead to a version of an array from the version that comes in; null if there is anything but updates between them.</summary>
    private static Seq<LogItem>? Items(Block block, Atom end, Func<Atom, bool> isKnown, out Var start)
    {
        var items = new List<LogItem>();
        start = (Var)end;
        while (true)
        {
            var version = start;
            int at = block.Stmts.ToList().FindIndex(s => s.Outs.Contains(version));
            if (at < 0) return items.ToSeq();
            switch (block.Stmts[at])
            {
                case Write or Accumulate:
                    var (array, index) = Reverse.Target(block.Stmts[at]);
                    if (!index.All(i => i.IsPosition())) return null;
                    items.Insert(0, new LoggedUpdate(at, index.Map(i => isKnown(i) ? i : null)));
                    start = array;
                    break;
                case If inner when Of(inner, version, isKnown) is { } log:
                    items.Insert(0, new LoggedBranch(at, log));
                    start = log.Array;
                    break;
                default: return null;
            }
        }
    }

    /// <summary>How many values it takes: the condition, then those of both sides.</summary>
    public int Count => 1 + Then.Sum(i => i.Count) + Else.Sum(i => i.Count);

    // ---- writing

    /// <summary>The if with what it remembers, and that, the condition first.</summary>
    public (If Branch, Seq<Atom> Values) Remembering(If branch, Names names)
    {
        var (then, first) = Remembering(branch.Then, Then, names);
        var (otherwise, second) = Remembering(branch.Else, Else, names);
        static IEnumerable<Atom> nothing(Seq<Atom> of) => of.Select(a => Const.Of(a.Type.Scalar, 0));
        var outs = first.Concat(second).Select(a => names.Fresh(a is Var v ? v.Base : "at", a.Type)).ToSeq();
        var logged = new If([.. branch.Results, .. outs], branch.Condition,
            then with { Results = [.. then.Results, .. first, .. nothing(second)] },
            otherwise with { Results = [.. otherwise.Results, .. nothing(first), .. second] });
        return (logged, [branch.Condition, .. outs]);
    }

    private static (Block Block, Seq<Atom> Values) Remembering(Block block, Seq<LogItem> items, Names names)
    {
        var b = new Builder(names);
        var values = new List<Atom>();
        for (int at = 0; at < block.Stmts.Count; at++)
        {
            var stmt = block.Stmts[at];
            switch (items.FirstOrDefault(i => i.Statement == at))
            {
                case LoggedUpdate update:
                    var (array, index) = Reverse.Target(stmt);
                    values.Add(b.Read(array, index, array.Base));
                    values.AddRange(index.Where((_, d) => update.Known[d] is null));
                    b.Append(stmt);
                    break;
                case LoggedBranch inner:
                    var (logged, remembered) = inner.Log.Remembering((If)stmt, names);
                    values.AddRange(remembered);
                    b.Append(logged);
                    break;
                default:
                    b.Append(stmt);
                    break;
            }
        }
        return (b.Block(block.Results), values.ToSeq());
    }

    /// <summary>The array as it came in, from the one that came out.</summary>
    /// <param name="values">What was remembered.</param>
    /// <param name="known">Parts of indices that were not, by what they are here.</param>
    public Var Undone(Builder b, Var array, Seq<Atom> values, Func<Atom, Atom> known)
    {
        var sides = new[] { (Then, 1), (Else, 1 + Then.Sum(i => i.Count)) }.Select(side =>
        {
            var inner = b.Nested();
            var (items, at) = side;
            var offsets = items.Map(i => (at += i.Count) - i.Count);
            var version = array;
            for (int k = items.Count - 1; k >= 0; k--)
            {
                var own = values.Skip(offsets[k]).Take(items[k].Count).ToSeq();
                version = items[k] switch
                {
                    LoggedUpdate update => update.Undone(inner, version, own, known),
                    LoggedBranch branch => branch.Log.Undone(inner, version, own, known),
                    _ => throw new InvalidOperationException("a log of updates and branches"),
                };
            }
            return inner.Block(version);
        }).ToList();
        return b.If(values[0], sides[0], sides[1], array.Name)[0];
    }
}

/// <summary>One statement of a side.</summary>
internal abstract record LogItem(int Statement)
{
    public abstract int Count { get; }
}

/// <param name="Known">The parts of the index that need not be remembered; null for the others.</param>
internal sealed record LoggedUpdate(int Statement, Seq<Atom?> Known) : LogItem(Statement)
{
    public override int Count => 1 + Known.Count(k => k is null);

    public Var Undone(Builder b, Var array, Seq<Atom> values, Func<Atom, Atom> known)
    {
        int next = 1;
        var index = Known.Map(k => k is null ? values[next++] : known(k));
        return b.Write(array, index, values[0], array.Name);
    }
}

internal sealed record LoggedBranch(int Statement, BranchLog Log) : LogItem(Statement)
{
    public override int Count => Log.Count;
}
