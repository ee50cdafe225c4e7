using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>The statements that compute a polynomial of one number, the last of which is its value; nothing else reads what they pass on.</summary>
/// <param name="Reads">How often they read the number.</param>
internal sealed record Polynomial(Var Of, int Reads, Seq<Compute> Terms)
{
    public Var Value => Terms[^1].Out;
}

/// <summary>
/// Finds the polynomials of a block: sums and products of which one active number is all that they depend on.
/// <code>
/// a = t * 3.0   b = a + 2.0   c = t * b   d = c + k   e = t * d        ⇒   e, of t, which it reads three times (k is no input)
/// </code>
/// </summary>
internal static class Polynomials
{
    /// <summary>Below that, the adjoint is as short as the slope and its product with the adjoint.</summary>
    private const int FewestReads = 4;

    public static Dictionary<Var, Polynomial> Of(Block block, Activity activity)
    {
        var found = new Dictionary<Var, Polynomial>();
        Dictionary<Var, int>? uses = null;
        foreach (var stmt in block.Stmts)
        {
            if (stmt is not Compute c || !activity.IsActive(c.Out) || c.Op != OpTable.Add && c.Op != OpTable.Sub && c.Op != OpTable.Mul && c.Op != OpTable.Neg) continue;
            uses ??= block.Uses();
            var parts = c.Args.Where(activity.IsActive).Cast<Var>()
                .Select(v => found.TryGetValue(v, out var part) && uses[v] == 1 ? part : new Polynomial(v, 1, [])).ToList();
            if (parts.Any(p => !p.Of.Equals(parts[0].Of))) continue;
            foreach (var part in parts.Where(p => !p.Terms.IsEmpty)) found.Remove(part.Value);
            found[c.Out] = new Polynomial(parts[0].Of, parts.Sum(p => p.Reads), [.. parts.SelectMany(p => p.Terms), c]);
        }
        return found.Where(p => p.Value.Reads >= FewestReads).ToDictionary(p => p.Key, p => p.Value);
    }
}
