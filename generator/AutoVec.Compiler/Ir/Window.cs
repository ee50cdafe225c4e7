namespace AutoVec.Compiler.Ir;

/// <summary>
/// A part of a dimension, allowed as an entry of an index: <c>x[from:n]</c> is the n elements from <c>from</c> on, <c>x[from:r*c]</c> the r·c elements
/// from there on as r rows of c. A view, like <see cref="All"/>. Whoever makes a window knows that it lies inside (with an extent below 1 it is
/// empty); it is never checked, and total.
/// </summary>
/// <param name="whole">
/// Printed <c>x[0:n!]</c>: of this version of the array nobody reads what lies outside. It is room, of which the window is what counts: its adjoint is
/// room too, no zeros.
/// </param>
public sealed class Window(Atom from, Seq<Atom> extents, bool whole = false) : Atom, IEquatable<Window>
{
    public Atom From { get; } = from;
    public Seq<Atom> Extents { get; } = extents;
    public bool IsWhole { get; } = whole;
    public override IrType Type => IrType.I32;

    public Window Map(Func<Atom, Atom> atom)
    {
        var (from, extents) = (atom(From), Extents.Replace(atom));
        return ReferenceEquals(from, From) && extents.IsSame(Extents) ? this : new(from, extents, IsWhole);
    }

    public bool Equals(Window? other) => other is not null && From.Equals(other.From) && Extents == other.Extents && IsWhole == other.IsWhole;
    public override bool Equals(object? obj) => obj is Window other && Equals(other);
    public override int GetHashCode() => unchecked(From.GetHashCode() * 31 + Extents.Count);
    public override string ToString() => $"{From}:{string.Join("*", Extents)}{(IsWhole ? "!" : "")}";
}

/// <summary>An index, entry by entry: a position, a whole dimension, or a window of one.</summary>
public static class Indices
{
    /// <summary>Does the entry stand for one position?</summary>
    public static bool IsPosition(this Atom entry) => entry is not (All or Window);

    /// <summary>Does nothing outside of what it stands for count?</summary>
    public static bool HoldsAll(this Seq<Atom> index) => index.Any(i => i is Window) && index.All(i => i is All or Window { IsWhole: true });

    public static bool HasWindow(this Seq<Atom> index) => index.Any(i => i is Window);

    /// <summary>The atoms that an index mentions.</summary>
    public static IEnumerable<Atom> Atoms(this Seq<Atom> index)
    {
        foreach (var i in index)
        {
            if (i is Window w)
            {
                yield return w.From;
                foreach (var e in w.Extents) yield return e;
            }
            else if (i is not All) yield return i;
        }
    }

    /// <summary>An array, the atoms of an index into it, and what is written there.</summary>
    internal static Seq<Atom> Reads(this Seq<Atom> index, Var array, Atom? value = null)
    {
        if (!index.All(i => i is not (All or Window))) return value is null ? [array, .. index.Atoms()] : [array, .. index.Atoms(), value];
        var reads = new Atom[index.Count + (value is null ? 1 : 2)];
        reads[0] = array;
        for (int k = 0; k < index.Count; k++) reads[k + 1] = index[k];
        if (value is not null) reads[reads.Length - 1] = value;
        return new(reads);
    }

    public static Seq<Atom> MapIndex(this Seq<Atom> index, Func<Atom, Atom> atom) =>
        index.Replace(i => i is All ? i : i is Window w ? w.Map(atom) : atom(i));

    /// <summary>The extents of the slice that an index denotes.</summary>
    public static IEnumerable<Atom> Extents(this IrType array, Seq<Atom> index)
    {
        for (int d = 0; d < index.Count; d++)
        {
            if (index[d] is All) yield return array.Extents[d];
            if (index[d] is not Window w) continue;
            foreach (var e in w.Extents) yield return e;
        }
    }
}
