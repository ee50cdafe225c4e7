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

    public bool Equals(Seq<T> other) => ReferenceEquals(_items, other._items) || Count == other.Count && Items.SequenceEqual(other.Items);
    public override bool Equals(object? obj) => obj is Seq<T> other && Equals(other);

    public override int GetHashCode()
    {
        int hash = Items.Length;
        foreach (var item in Items) hash = unchecked(hash * 31 + (item?.GetHashCode() ?? 0));
        return hash;
    }

    public static bool operator ==(Seq<T> left, Seq<T> right) => left.Equals(right);
    public static bool operator !=(Seq<T> left, Seq<T> right) => !left.Equals(right);

    public Seq<R> Map<R>(Func<T, R> map) => new(Array.ConvertAll(Items, x => map(x)));
    public Seq<T> Add(T item) => [.. Items, item];
    public Seq<T> With(int index, T item)
    {
        var copy = (T[])Items.Clone();
        copy[index] = item;
        return new(copy);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => Items.GetEnumerator();
    public override string ToString() => string.Join(", ", Items);
}

/// <summary>Makes <see cref="Seq{T}"/>s; also the target of collection expressions.</summary>
public static class Seq
{
    public static Seq<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
    public static Seq<T> ToSeq<T>(this IEnumerable<T> items) => new(items.ToArray());
}
