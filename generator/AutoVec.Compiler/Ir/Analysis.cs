namespace AutoVec.Compiler.Ir;

/// <summary>Questions every pass asks about blocks. Lists and loops, no iterators in iterators: most of a compiler's time goes by here.</summary>
public static class Analysis
{
    /// <summary>Every statement, outer before inner, in order.</summary>
    public static List<Stmt> Walk(this Block block)
    {
        var all = new List<Stmt>(block.Stmts.Count);
        Collect(block, all);
        return all;
    }

    /// <summary>The statement and all inside it.</summary>
    public static List<Stmt> Walk(this Stmt stmt)
    {
        var all = new List<Stmt>();
        Collect(stmt, all);
        return all;
    }

    private static void Collect(Block block, List<Stmt> all)
    {
        foreach (var stmt in block.Stmts) Collect(stmt, all);
    }

    private static void Collect(Stmt stmt, List<Stmt> all)
    {
        all.Add(stmt);
        foreach (var block in stmt.Blocks) Collect(block, all);
    }

    /// <summary>Every name bound in the block, at any depth.</summary>
    public static List<Var> AllBinders(this Block block)
    {
        var all = new List<Var>();
        Binders(block, all);
        return all;
    }

    private static void Binders(Block block, List<Var> all)
    {
        foreach (var stmt in block.Stmts)
        {
            if (stmt is Compute c) all.Add(c.Out);
            else foreach (var o in stmt.Outs) all.Add(o);
            foreach (var v in stmt.Inner) all.Add(v);
            foreach (var inner in stmt.Blocks) Binders(inner, all);
        }
    }

    /// <summary>How often each name is read, nested blocks included; extents inside types do not count.</summary>
    public static Dictionary<Var, int> Uses(this Block block)
    {
        var count = new Dictionary<Var, int>();
        Uses(block, count);
        Add(block.Results, count);
        return count;
    }

    private static void Uses(Block block, Dictionary<Var, int> count)
    {
        foreach (var stmt in block.Stmts)
        {
            Add(stmt.Reads, count);
            var blocks = stmt.Blocks;
            foreach (var inner in blocks) Add(inner.Results, count);
            foreach (var inner in blocks) Uses(inner, count);
        }
    }

    private static void Add(Seq<Atom> atoms, Dictionary<Var, int> count)
    {
        foreach (var a in atoms)
            if (a is Var v) count[v] = count.TryGetValue(v, out int n) ? n + 1 : 1;
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
    public static bool Mentions(this Stmt stmt, Var name)
    {
        if (stmt.Reads.Contains(name)) return true;
        foreach (var block in stmt.Blocks)
        {
            if (block.Results.Contains(name)) return true;
            foreach (var inner in block.Stmts)
                if (Mentions(inner, name)) return true;
        }
        return false;
    }

    /// <summary>The defining statement of each name bound in the block, at any depth.</summary>
    public static Dictionary<Var, Stmt> Definitions(this Block block)
    {
        var defs = new Dictionary<Var, Stmt>();
        foreach (var stmt in block.Walk())
            foreach (var o in stmt.Outs) defs[o] = stmt;
        return defs;
    }
}
