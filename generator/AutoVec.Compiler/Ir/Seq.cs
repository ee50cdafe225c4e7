using System.Collections;
using System.Runtime.CompilerServices;

namespace AutoVec.Compiler.Ir;

/// <summary>An immutable list with structural equality, so that records that hold one compare by value.</summary>
[CollectionBuilder(typeof(Seq), nameof(Seq.Create))]
public readonly struct Seq<T> : IReadOnlyList<T>, IEquatable<Seq<T>>
{
    private readonly T[]? _items;

    internal Seq(T[] items) => _items = items;

    private T[] Items => _items ?? [];
    public int Count => Items.Length;
    public T this[int index] => Items[index];
    public bool IsEmpty => Items.Length == 0;

    /// <summary>The very same list. Names are equal whatever their types, so equal lists of names need not be.</summary>
    internal bool IsSame(Seq<T> other) => ReferenceEquals(_items, other._items);

    public bool Equals(Seq<T> other)
    {
        if (ReferenceEquals(_items, other._items)) return true;
        var (items, others) = (Items, other.Items);
        if (items.Length != others.Length) return false;
        for (int k = 0; k < items.Length; k++)
            if (!EqualityComparer<T>.Default.Equals(items[k], others[k])) return false;
        return true;
    }

    public override bool Equals(object? obj) => obj is Seq<T> other && Equals(other);

    public override int GetHashCode()
    {
        int hash = Items.Length;
        foreach (var item in Items) hash = unchecked(hash * 31 + (item?.GetHashCode() ?? 0));
        return hash;
    }

    public static bool operator ==(Seq<T> left, Seq<T> right) => left.Equals(right);
    public static bool operator !=(Seq<T> left, Seq<T> right) => !left.Equals(right);

    public Seq<R> Map<R>(Func<T, R> map)
    {
        var items = Items;
        if (items.Length == 0) return default;
        var mapped = new R[items.Length];
        for (int k = 0; k < items.Length; k++) mapped[k] = map(items[k]);
        return new(mapped);
    }

    /// <summary>As <see cref="Map{R}"/>; this very list where every item stays the very same.</summary>
    public Seq<T> Replace(Func<T, T> map)
    {
        var items = Items;
        for (int k = 0; k < items.Length; k++)
        {
            var item = map(items[k]);
            if (ReferenceEquals(item, items[k])) continue;
            var replaced = new T[items.Length];
            Array.Copy(items, replaced, k);
            for (replaced[k++] = item; k < items.Length; k++) replaced[k] = map(items[k]);
            return new(replaced);
        }
        return this;
    }

    /// <summary>The items; this very list if it has the very same.</summary>
    internal Seq<T> Or(List<T> items)
    {
        bool same = items.Count == Count;
        for (int k = 0; same && k < items.Count; k++) same = ReferenceEquals(items[k], this[k]);
        return same ? this : new([.. items]);
    }

    // As Linq's, which would box the list and its enumerator: passes ask these of every statement.
    public bool Any(Func<T, bool> test)
    {
        foreach (var item in Items)
            if (test(item)) return true;
        return false;
    }

    public bool All(Func<T, bool> test)
    {
        foreach (var item in Items)
            if (!test(item)) return false;
        return true;
    }

    public bool Contains(T item) => Array.IndexOf(Items, item) >= 0;

    public Seq<T> Add(T item) => [.. Items, item];
    public Seq<T> With(int index, T item)
    {
        var copy = (T[])Items.Clone();
        copy[index] = item;
        return new(copy);
    }

    public Enumerator GetEnumerator() => new(Items);
    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => Items.GetEnumerator();
    public override string ToString() => string.Join(", ", Items);

    /// <summary>What <c>foreach</c> uses: on the stack.</summary>
    public struct Enumerator
    {
        private readonly T[] _items;
        private int _at;

        internal Enumerator(T[] items) => (_items, _at) = (items, -1);

        public readonly T Current => _items[_at];
        public bool MoveNext() => ++_at < _items.Length;
    }
}

/// <summary>Makes <see cref="Seq{T}"/>s; also the target of collection expressions.</summary>
public static class Seq
{
    public static Seq<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
    public static Seq<T> ToSeq<T>(this IEnumerable<T> items) => items is Seq<T> seq ? seq : new(items.ToArray());
}
