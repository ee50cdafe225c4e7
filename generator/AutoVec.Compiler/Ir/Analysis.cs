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
        if (stmt is Nested nested)
            foreach (var block in nested.Blocks) Collect(block, all);
    }

    /// <summary>Every name bound in the block, at any depth.</summary>
    public static IReadOnlyList<Var> AllBinders(this Block block)
    {
        var facts = FactsOf(block);
        if (facts.Binders is { } known) return known;
        var all = new List<Var>();
        Binders(block, all);
        return facts.Binders = all;
    }

    private static BlockFacts FactsOf(Block block) => block.Facts.Known ??= new();

    private static void Binders(Block block, List<Var> all)
    {
        foreach (var stmt in block.Stmts)
        {
            if (stmt is Simple simple) all.Add(simple.Out);
            else foreach (var o in stmt.Outs) all.Add(o);
            foreach (var v in stmt.Inner) all.Add(v);
            foreach (var inner in stmt.Blocks) Binders(inner, all);
        }
    }

    /// <summary>How often each name is read, nested blocks included; extents inside types do not count. Not to be changed: it is kept.</summary>
    public static Dictionary<Var, int> Uses(this Block block)
    {
        var facts = FactsOf(block);
        if (facts.Uses is { } known) return known;
        var count = new Dictionary<Var, int>(block.AllBinders().Count);
        Uses(block, count);
        Add(block.Results, count);
        return facts.Uses = count;
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
    /// <param name="bound">Names that are not free either: indices of a loop around it.</param>
    public static Seq<Var> Free(this Block block, IEnumerable<Var>? bound = null)
    {
        var facts = FactsOf(block);
        if (facts.Free is not { } free)
        {
            var names = new NameList();
            foreach (var stmt in block.Stmts)
            {
                if (stmt is Nested nested)
                    foreach (var v in Free(nested)) names.Add(v);
                else names.Add(stmt.Reads);
            }
            names.Add(block.Results);
            facts.Free = free = names.Without(block.Stmts, []);
        }
        if (bound is null) return free;
        var outside = new HashSet<Var>(bound);
        return free.Any(outside.Contains) ? free.Where(v => !outside.Contains(v)).ToSeq() : free;
    }

    public static Seq<Var> Free(this Stmt stmt)
    {
        if (stmt is Nested nested) return Free(nested);
        var names = new NameList();
        names.Add(stmt.Reads);
        return names.Without([stmt], []);
    }

    private static Seq<Var> Free(Nested stmt)
    {
        var facts = FactsOf(stmt);
        if (facts.Free is { } known) return known;
        var names = new NameList();
        names.Add(stmt.Reads);
        foreach (var block in stmt.Blocks) names.Add(block.Results);
        foreach (var block in stmt.Blocks)
            foreach (var v in Free(block)) names.Add(v);
        facts.Free = names.Without(stmt.Blocks.SelectMany(b => b.Stmts), stmt.Inner);
        return facts.Free.Value;
    }

    private static NestedFacts FactsOf(Nested stmt) => stmt.Facts.Known ??= new();

    /// <summary>Names in order of first use.</summary>
    private readonly struct NameList()
    {
        private readonly List<Var> _names = [];
        private readonly HashSet<Var> _seen = [];

        public void Add(Var name)
        {
            if (_seen.Add(name)) _names.Add(name);
        }

        public void Add(Seq<Atom> atoms)
        {
            foreach (var a in atoms)
                if (a is Var v) Add(v);
        }

        public Seq<Var> Without(IEnumerable<Stmt> binders, Seq<Var> inner)
        {
            foreach (var stmt in binders)
                foreach (var o in stmt.Outs) _seen.Remove(o);
            foreach (var v in inner) _seen.Remove(v);
            var free = _seen;
            if (free.Count < _names.Count) _names.RemoveAll(v => !free.Contains(v));
            return new([.. _names]);
        }
    }

    /// <summary>Does the statement, at any depth, read the name?</summary>
    public static bool Mentions(this Stmt stmt, Var name) => stmt is Nested nested ? Mentioned(nested).Contains(name) : stmt.Reads.Contains(name);

    /// <summary>Every name that the statement reads, at any depth. Not to be changed: it is kept.</summary>
    public static HashSet<Var> Mentioned(this Nested stmt)
    {
        var facts = FactsOf(stmt);
        if (facts.Mentioned is { } known) return known;
        var all = new HashSet<Var>();
        Mentioned(stmt, all);
        return facts.Mentioned = all;
    }

    private static void Mentioned(Stmt stmt, HashSet<Var> all)
    {
        foreach (var a in stmt.Reads)
            if (a is Var v) all.Add(v);
        foreach (var block in stmt.Blocks)
        {
            foreach (var r in block.Results)
                if (r is Var v) all.Add(v);
            foreach (var inner in block.Stmts)
            {
                if (inner is Nested { Facts.Known.Mentioned: { } known }) all.UnionWith(known);
                else Mentioned(inner, all);
            }
        }
    }

    /// <summary>The defining statement of each name bound in the block, at any depth. Not to be changed: it is kept.</summary>
    public static Dictionary<Var, Stmt> Definitions(this Block block)
    {
        var facts = FactsOf(block);
        if (facts.Definitions is { } known) return known;
        var defs = new Dictionary<Var, Stmt>(block.AllBinders().Count);
        Definitions(block, defs);
        return facts.Definitions = defs;
    }

    private static void Definitions(Block block, Dictionary<Var, Stmt> defs)
    {
        foreach (var stmt in block.Stmts)
        {
            if (stmt is Simple simple) defs[simple.Out] = stmt;
            else foreach (var o in stmt.Outs) defs[o] = stmt;
            foreach (var inner in stmt.Blocks) Definitions(inner, defs);
        }
    }
}

/// <summary>What has been found out about a block.</summary>
internal sealed class BlockFacts
{
    public IReadOnlyList<Var>? Binders;
    public Dictionary<Var, int>? Uses;
    public Dictionary<Var, Stmt>? Definitions;
    public Seq<Var>? Free;

    /// <summary>The greatest number of each base of a name that is bound in the block.</summary>
    public Dictionary<string, int>? LastNames;
}

/// <summary>What has been found out about a statement with blocks.</summary>
internal sealed class NestedFacts
{
    public Seq<Var>? Free;
    public HashSet<Var>? Mentioned;

    /// <summary>What statements that differ in the names they bind alone have in common.</summary>
    public object? Key;
}
