namespace AutoVec.Compiler.Ir;

/// <summary>Questions every pass asks about blocks.</summary>
public static class Analysis
{
    /// <summary>Every statement, outer before inner, in order.</summary>
    public static IEnumerable<Stmt> Walk(this Block block)
    {
        foreach (var stmt in block.Stmts)
            foreach (var inner in stmt.Walk())
                yield return inner;
    }

    /// <summary>The statement and all inside it.</summary>
    public static IEnumerable<Stmt> Walk(this Stmt stmt)
    {
        yield return stmt;
        foreach (var block in stmt.Blocks)
            foreach (var inner in block.Walk())
                yield return inner;
    }

    /// <summary>Every name bound in the block, at any depth.</summary>
    public static IEnumerable<Var> AllBinders(this Block block) => block.Walk().SelectMany(s => s.Outs.Concat(s.Inner));

    /// <summary>How often each name is read, nested blocks included; extents inside types do not count.</summary>
    public static Dictionary<Var, int> Uses(this Block block)
    {
        var count = new Dictionary<Var, int>();
        void Add(Atom a)
        {
            if (a is Var v) count[v] = count.TryGetValue(v, out int n) ? n + 1 : 1;
        }
        foreach (var stmt in block.Walk())
        {
            foreach (var a in stmt.Reads) Add(a);
            foreach (var b in stmt.Blocks)
                foreach (var r in b.Results) Add(r);
        }
        foreach (var r in block.Results) Add(r);
        return count;
    }

    /// <summary>The names a block reads and does not bind, in order of first use.</summary>
    public static Seq<Var> Free(this Block block, IEnumerable<Var>? bound = null)
    {
        var inner = new HashSet<Var>(block.AllBinders());
        if (bound is not null) inner.UnionWith(bound);
        return block.Uses().Keys.Where(v => !inner.Contains(v)).ToSeq();
    }

    public static Seq<Var> Free(this Stmt stmt) => new Block([stmt], []).Free();

    /// <summary>Does the statement, at any depth, read the name?</summary>
    public static bool Mentions(this Stmt stmt, Var name) =>
        stmt.Walk().Any(s => s.Reads.Contains(name) || s.Blocks.Any(b => b.Results.Contains(name)));

    /// <summary>The defining statement of each name bound in the block, at any depth.</summary>
    public static Dictionary<Var, Stmt> Definitions(this Block block)
    {
        var defs = new Dictionary<Var, Stmt>();
        foreach (var stmt in block.Walk())
            foreach (var o in stmt.Outs) defs[o] = stmt;
        return defs;
    }
}
