using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>
/// The body of a step for vectors that lie inside: branches that ask only whether an index is in range are taken by all lanes in all trips, so nothing
/// is masked, and what lies next to each other is loaded as such. Which vectors those are is one test of the first lane's index.
/// </summary>
/// <remarks>
/// <code>
/// r = reduce + k&lt;w { i = a - k                             r = reduce + k&lt;w { i = a - k
///   c = i &gt;= 0 and i &lt; n                          ⇒          g = y[i]
///   g = if c { v = y[i]  yield v } else { yield 0 }          yield g }
///   yield g }                                              where a - (w - 1) &gt;= 0 and a + (lanes - 1) &lt; n
/// </code>
/// </remarks>
internal sealed class Interior
{
    private readonly Var _lane;
    private readonly LaneAnalysis _lanes;
    private readonly Dictionary<Var, Stmt> _definitions;
    private readonly HashSet<Var> _own;
    private readonly List<Dim> _dims = [];
    private readonly Substitution _taken = new();
    private readonly List<Bound> _bounds = [];

    /// <summary>What must hold of an index: at least 0, or below <paramref name="Below"/>; over all trips of the loops around it.</summary>
    private sealed record Bound(Atom Index, Atom? Below, Affine Form, Seq<Dim> Loops);

    private Interior(Block body, Var lane, LaneAnalysis lanes) => (_lane, _lanes, _definitions, _own) = (lane, lanes, body.Definitions(), [.. body.AllBinders()]);

    public Block Body { get; private set; } = new([], []);

    /// <summary>The indices that are in range: at least 0 where no extent is named, else below it.</summary>
    public IEnumerable<(Atom Index, Atom? Below)> Known => _bounds.Select(b => (b.Index, b.Below));

    /// <summary>Null where no branch asks for a range.</summary>
    public static Interior? Of(Block body, Var lane, LaneAnalysis lanes)
    {
        var interior = new Interior(body, lane, lanes);
        var inside = interior.Rewrite(body);
        if (interior._bounds.Count == 0) return null;
        interior.Body = Transforms.Simplify.DeadCode.Remove(inside, out _);
        return interior;
    }

    private Block Rewrite(Block block)
    {
        var stmts = new List<Stmt>();
        foreach (var old in block.Stmts)
        {
            if (old is If i && _lanes.Varies(i.Condition) && !i.Results.Any(r => r.Type.IsArray) && BoundsOf(i.Condition) is { } bounds)
            {
                _bounds.AddRange(bounds);
                var then = Rewrite(i.Then);
                stmts.AddRange(then.Stmts);
                for (int k = 0; k < i.Results.Count; k++) _taken[i.Results[k]] = then.Results[k];
                continue;
            }
            var dims = UseMap.Dims(old);
            _dims.AddRange(dims);
            stmts.Add(old.Map(_taken.Retype, _taken.Apply, Rewrite));
            _dims.RemoveRange(_dims.Count - dims.Count, dims.Count);
        }
        return new(stmts.ToSeq(), block.Results.Map(_taken.Apply));
    }

    /// <summary>The bounds that a condition is a conjunction of; null if it asks for anything else.</summary>
    private List<Bound>? BoundsOf(Atom condition)
    {
        if (condition is not Var v || !_definitions.TryGetValue(v, out var stmt) || stmt is not Compute { Args.Count: 2 } c) return null;
        if (c.Op == OpTable.And)
        {
            var both = c.Args.Select(BoundsOf).ToList();
            return both.Any(b => b is null) ? null : [.. both.SelectMany(b => b!)];
        }
        if (c.Args[0] is not Var { Type.IsArray: false } index || index.Type != IrType.I32) return null;
        bool least = c.Op == OpTable.Ge && c.Args[1] is Const { AsLong: 0 };
        if (!least && (c.Op != OpTable.Lt || !IsOutside(c.Args[1]))) return null;
        var form = Affine.Of(index, _definitions, _ => true);
        // Each term is the lane's index, a loop's around it, or what the caller knows.
        if (!form.Terms.Keys.All(t => t.Equals(_lane) || _dims.Any(d => d.Index.Equals(t) && IsOutside(d.Extent)) || IsOutside(t))) return null;
        return [new(index, least ? null : c.Args[1], form, _dims.ToSeq())];
    }

    private bool IsOutside(Atom a) => a is Const || a is Var v && !v.Equals(_lane) && !_own.Contains(v);

    /// <summary>The test, as C# text, of a whole vector whose first lane has the index <c>{0}</c>.</summary>
    /// <param name="vectors">So many lie side by side.</param>
    public string Test(Func<Atom, string> name, int vectors = 1) => string.Join(" & ", _bounds.Select(b => Text(b, name, vectors)).Distinct());

    private string Text(Bound bound, Func<Atom, string> name, int vectors)
    {
        // At its least, or at its most.
        bool most = bound.Below is not null;
        string text = "";
        void Add(long factor, string what)
        {
            string term = factor is 1 or -1 ? what : $"{Math.Abs(factor)}L * {what}";
            text = text.Length == 0 ? $"{(factor < 0 ? "-" : "")}(long){term}" : $"{text} {(factor < 0 ? "-" : "+")} {term}";
        }
        long constant = bound.Form.Constant;
        foreach (var t in bound.Form.Terms.OrderBy(t => t.Key.Equals(_lane) ? 0 : 1))
        {
            bool atEnd = t.Value > 0 == most;
            if (t.Key.Equals(_lane)) Add(t.Value, atEnd ? $"({{0}} + {(vectors == 1 ? "" : $"{vectors} * ")}V.Count - 1)" : "{0}");
            else if (bound.Loops.FirstOrDefault(d => d.Index.Equals(t.Key)) is not { } loop) Add(t.Value, name(t.Key));
            else if (atEnd && loop.Extent is Const c) constant += t.Value * (c.AsLong - 1);
            else if (atEnd) Add(t.Value, $"({name(loop.Extent)} - 1)");
        }
        if (text.Length == 0) text = "0L";
        if (constant != 0) text += constant < 0 ? $" - {-constant}" : $" + {constant}";
        return most ? $"{text} < {name(bound.Below!)}" : $"{text} >= 0";
    }
}
