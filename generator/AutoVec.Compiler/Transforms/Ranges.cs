using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms;

/// <summary>
/// Proofs that an index lies in [0, extent), from the extents of the indices around it. Forms compare modulo 2^32, hence the
/// cases that need n ≥ 0 to rule out overflow ask for it.
/// </summary>
/// <param name="form">The affine form of an i32 atom.</param>
/// <param name="extent">The extent of an index that is in scope; null for any other name.</param>
/// <param name="isSize">Is the name an extent of a parameter, and so never negative?</param>
/// <param name="definition">The statement that binds a name, for what a <c>slice</c> promises; null where it is not known.</param>
public sealed class Ranges(Func<Atom, Affine> form, Func<Var, Atom?> extent, Func<Var, bool> isSize, Func<Var, Stmt?>? definition = null)
{
    /// <summary>A slice of a slice of a slice, …</summary>
    private const int MostSlices = 8;

    /// <summary>Is 0 ≤ <paramref name="index"/> &lt; <paramref name="dimension"/> wherever both are in scope?</summary>
    /// <param name="notNegative">Does a condition around say that the number is not negative?</param>
    public bool Inside(Atom index, Atom dimension, Func<Affine, bool>? notNegative = null) => Inside(form(index), form(dimension), dimension, MostSlices, notNegative);

    private bool Inside(Affine at, Affine n, Atom dimension, int slices, Func<Affine, bool>? notNegative)
    {
        bool known = notNegative?.Invoke(at) == true;
        // n - c, where it is not negative.
        if (known && Difference(n, at) is >= 1) return true;
        if (at.IsConstant && n.IsConstant) return 0 <= at.Constant && at.Constant < n.Constant;
        foreach (var t in at.Terms)
        {
            // from = slice start length n: what is in [0, length) is, from there on, in [0, n).
            if (t.Factor == 1 && slices > 0 && definition?.Invoke(t.Name) is Compute { Args: var a } c && c.Op == OpTable.Slice
                && form(a[2]).Equals(n) && Inside(at.Without(t.Name), form(a[1]), a[1], slices - 1, notNegative)) return true;
            if (extent(t.Name) is not { } of) continue;
            var trips = form(of);
            var rest = at.Without(t.Name);
            if (t.Factor == 1)
            {
                // at = i + c, from c to trips - 1 + c; the room above is n - trips - c.
                if (Difference(rest, Affine.Of(0)) is { } low && Difference(n, trips) is { } room
                    && (low >= 0 || known) && low <= room && (room == 0 || IsNonNegative(dimension))) return true;
            }
            else if (t.Factor == -1)
            {
                // at = e - i, from e - trips + 1 to e; e must stay below n.
                if (Difference(rest, trips) is { } above && Difference(n, rest) is { } below
                    && (above >= -1 || known) && below >= 1 && (above + below == 0 || IsNonNegative(dimension))) return true;
            }
        }
        return InSegment(at, n, dimension);
    }

    /// <summary>
    /// A loop over m trips that is cut into segments (<see cref="Checkpoint"/>): i &lt; trips, trips = min(length, m - start), start = max(.., 0).
    /// Then start + i is below m, and i below length; so are start + trips - 1 - i, and trips - 1 - i.
    /// </summary>
    public bool InSegment(Atom index, Atom dimension) => InSegment(form(index), form(dimension), dimension);

    private bool InSegment(Affine at, Affine n, Atom dimension)
    {
        foreach (var t in at.Terms)
        {
            if (t.Factor is not (1 or -1) || extent(t.Name) is not Var trips || Defined(trips, OpTable.Min) is not { } min) continue;
            var rest = at.Without(t.Name);
            if (t.Factor == -1)
            {
                if (rest[trips] != 1) continue;
                rest = rest.Without(trips).Plus(Affine.Of(1));
            }
            if (rest.Equals(Affine.Of(0)) && min.Args.Any(a => form(a).Equals(n))) return true;
            // Where m is n - 1 at the least, m - start does not wrap.
            if (rest.Terms.Count != 1 || rest.Terms[0].Factor != 1 || rest.Constant is not (0 or 1)) continue;
            if (Defined(rest.Terms[0].Name, OpTable.Max) is not { } max || !max.Args.Any(a => a is Const { AsLong: 0 }) || !IsNonNegative(dimension)) continue;
            if (min.Args.Any(a => Difference(n.Minus(rest), form(a)) is 0 or 1 && Difference(n.Minus(Affine.Of(rest.Terms[0].Name)), form(a)) is 0 or 1)) return true;
        }
        return false;
    }

    private Compute? Defined(Var name, Op op) => definition?.Invoke(name) is Compute c && c.Op == op ? c : null;

    public bool IsNonNegative(Atom atom) => atom is Const c ? c.AsInt >= 0 : isSize((Var)atom) || extent((Var)atom) is not null;

    private static long? Difference(Affine a, Affine b)
    {
        var d = a.Minus(b);
        return d.IsConstant ? d.Constant : null;
    }
}
