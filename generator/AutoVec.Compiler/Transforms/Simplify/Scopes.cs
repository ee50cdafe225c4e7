using System.Runtime.CompilerServices;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Simplify;

/// <summary>
/// The blocks that are open while the function is walked, outermost first: their statements so far, and the values already computed in
/// them. A twin is looked up in every open block, never in one that is closed: its names are out of scope.
/// </summary>
internal sealed class Scopes(int names)
{
    private sealed record Frame(bool IsBranch, List<Stmt> Stmts, List<object> Keys);

    private readonly List<Frame> _open = [];
    private readonly Dictionary<Var, int> _depth = new(names);
    private readonly Dictionary<object, Seq<Var>> _values = [];

    public int Depth => _open.Count - 1;

    public void Open(bool isBranch, IEnumerable<Var> binds)
    {
        _open.Add(new Frame(isBranch, [], []));
        foreach (var v in binds) _depth[v] = Depth;
    }

    /// <summary>Closes the innermost block.</summary>
    /// <param name="original">What is handed back if the block holds just these.</param>
    public Seq<Stmt> Close(Seq<Stmt> original)
    {
        var frame = _open[Depth];
        foreach (var key in frame.Keys) _values.Remove(key);
        _open.RemoveAt(Depth);
        return original.Or(frame.Stmts);
    }

    /// <summary>False for what a block that is closed by now has bound.</summary>
    public bool IsInScope(Atom atom) => atom is not Var v || DepthOf(v) <= Depth;

    /// <summary>The block in which the statement's operands are all bound; moving stops where <paramref name="mayLeave"/> says no.</summary>
    public int Outermost(Compute c, Func<bool, bool> mayLeave)
    {
        int least = 0;
        foreach (var a in c.Args)
            if (a is Var v) least = Math.Max(least, DepthOf(v));
        return Outermost(least, mayLeave);
    }

    /// <summary>The same for a statement that reads these names, at any depth.</summary>
    public int Outermost(Seq<Var> free, Func<bool, bool> mayLeave)
    {
        int least = 0;
        foreach (var v in free) least = Math.Max(least, DepthOf(v));
        return Outermost(least, mayLeave);
    }

    private int Outermost(int least, Func<bool, bool> mayLeave)
    {
        int depth = Depth;
        while (depth > least && mayLeave(_open[depth].IsBranch)) depth--;
        return depth;
    }

    private int DepthOf(Var v) => _depth.TryGetValue(v, out int depth) ? depth : 0;

    public void Append(Stmt stmt, int depth)
    {
        _open[depth].Stmts.Add(stmt);
        foreach (var o in stmt.Outs) _depth[o] = depth;
    }

    public bool TryFind(object key, out Seq<Var> outs) => _values.TryGetValue(key, out outs);

    public void Remember(object key, Seq<Var> outs, int depth)
    {
        _values[key] = outs;
        _open[depth].Keys.Add(key);
    }

    // ---- keys

    private sealed record OpKey(Op Op, Seq<Atom> Args)
    {
        // That of a record goes through the hashes of its types.
        public override int GetHashCode() => unchecked(RuntimeHelpers.GetHashCode(Op) * 31 + Args.GetHashCode());
    }

    private sealed record ReadKey(Var Array, Seq<Atom> Index);

    private sealed record TextKey(string Text)
    {
        private readonly int _hash = Text.GetHashCode();

        public bool Equals(TextKey? other) => ReferenceEquals(this, other) || other is not null && _hash == other._hash && Text == other.Text;
        public override int GetHashCode() => _hash;
    }

    /// <summary>Equal for computations with equal values: by affine form where there is one, so that i + 1 - 1 + j is j + i.</summary>
    public static object Key(Compute c, Facts facts)
    {
        if (c.Op != OpTable.Length && Affine.OfCompute(c, facts.Forms) is { } form) return form;
        var args = c.Args;
        bool commutes = c.Op == OpTable.Add || c.Op == OpTable.Mul || c.Op == OpTable.And || c.Op == OpTable.Or || c.Op == OpTable.Xor
            || c.Op == OpTable.Eq || c.Op == OpTable.Ne || c.Op == OpTable.Min || c.Op == OpTable.Max;
        if (commutes && Order(args[0], args[1]) > 0) args = [args[1], args[0]];
        return new OpKey(c.Op, args);
    }

    private static int Order(Atom a, Atom b) => string.CompareOrdinal(a is Var v ? v.Name : a.ToString(), b is Var w ? w.Name : b.ToString());

    public static object Key(Read r) => new ReadKey(r.Array, r.Index);

    /// <summary>Of a statement that no round changes, found once.</summary>
    public static object Key(Stmt stmt) => stmt is Nested nested ? (nested.Facts.Known ??= new()).Key ??= new TextKey(Canonical.Of(stmt)) : new TextKey(Canonical.Of(stmt));
}
