using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// What is still read after the statement at hand, here and in the blocks around. In a block that runs again and again
/// everything it reads from outside stays alive.
/// </summary>
public sealed class Liveness
{
    private readonly Liveness? _outer;
    private readonly Dictionary<Var, int> _last = [];
    private readonly HashSet<Var> _always;
    private readonly IReadOnlyList<Stmt>[] _items;
    private int _at = -1;

    /// <param name="items">What runs in order, each a statement or a stage's statements.</param>
    /// <param name="always">Names read again by a later run of the block.</param>
    public Liveness(Liveness? outer, IEnumerable<IReadOnlyList<Stmt>> items, Seq<Atom> results, IEnumerable<Var> always)
    {
        _outer = outer;
        _always = [.. always];
        _items = [.. items];
        for (int k = 0; k < _items.Length; k++)
        {
            foreach (var stmt in _items[k])
            {
                if (stmt is Nested nested)
                    foreach (var v in nested.Mentioned()) _last[v] = k;
                else
                    foreach (var a in stmt.Reads)
                        if (a is Var v) _last[v] = k;
            }
        }
        foreach (var r in results)
            if (r is Var v) _last[v] = int.MaxValue;
    }

    public void MoveTo(int item) => _at = item;

    public bool IsLive(Var v) =>
        _last.TryGetValue(v, out int last) && last > _at || _always.Contains(v) || _outer is not null && _outer.IsLive(v);

    /// <summary>Is the name read by the statement at hand?</summary>
    public bool IsMentionedNow(Var v) => _at >= 0 && _at < _items.Length && _items[_at].Any(s => s.Mentions(v));

    /// <summary>What the statement reads, at any depth, as often as it does.</summary>
    public static List<Var> Mentioned(Stmt stmt)
    {
        var all = new List<Var>();
        Mentioned(stmt, all.Add);
        return all;
    }

    /// <summary>How often the statements read the name.</summary>
    public static int Count(Var name, IEnumerable<Stmt> stmts)
    {
        int count = 0;
        foreach (var stmt in stmts)
            Mentioned(stmt, v =>
            {
                if (v.Equals(name)) count++;
            });
        return count;
    }

    private static void Mentioned(Stmt stmt, Action<Var> found)
    {
        foreach (var a in stmt.Reads)
            if (a is Var v) found(v);
        foreach (var block in stmt.Blocks)
        {
            foreach (var r in block.Results)
                if (r is Var v) found(v);
            foreach (var inner in block.Stmts) Mentioned(inner, found);
        }
    }
}
