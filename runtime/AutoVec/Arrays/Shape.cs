using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AutoVec;

/// <summary>The extents of a dense, row-major array of rank 0 to 4, outermost first. Prints as <c>[100, 784]</c>.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    /// <summary>The greatest rank: a batch of arrays of rank 3.</summary>
    public const int MaxRank = 4;

    private readonly int _0, _1, _2, _3;

    /// <exception cref="ArgumentException">More than four extents, or a negative one.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length > MaxRank) throw new ArgumentException($"rank {extents.Length} is more than {MaxRank}", nameof(extents));
        this = new(extents.Length, At(extents, 0), At(extents, 1), At(extents, 2), At(extents, 3));

        static int At(ReadOnlySpan<int> extents, int d) => d < extents.Length ? extents[d] : 1;
    }

    private Shape(int rank, int n0, int n1, int n2, int n3)
    {
        if ((n0 | n1 | n2 | n3) < 0) throw Negative(n0, n1, n2, n3);
        Rank = rank;
        (_0, _1, _2, _3) = (n0, n1, n2, n3);
    }

    private static ArgumentException Negative(params ReadOnlySpan<int> extents)
    {
        foreach (int n in extents)
            if (n < 0) return new ArgumentException($"the extent {n} is negative", nameof(extents));
        throw new UnreachableException();
    }

    /// <summary>The shape of <paramref name="length"/> elements in a row.</summary>
    internal static Shape Row(int length) => new(1, length, 1, 1, 1);

    /// <summary>The shape of a collection expression: <c>Shape s = [2, 3];</c>.</summary>
    public static Shape Create(ReadOnlySpan<int> extents) => new(extents);

    /// <summary>The shape of a host array.</summary>
    public static Shape Of(Array array)
    {
        if (array.Rank == 1) return Row(array.Length);
        Span<int> extents = stackalloc int[array.Rank];
        for (int d = 0; d < extents.Length; d++) extents[d] = array.GetLength(d);
        return new(extents);
    }

    /// <summary>The number of dimensions; 0 for a scalar.</summary>
    public int Rank { get; }

    /// <summary>The number of dimensions, as an array of extents has it.</summary>
    public int Length => Rank;

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The number of elements; 1 for a scalar.</summary>
    public long Elements => Rank == 0 ? 1 : (long)_0 * _1 * _2 * _3;

    /// <summary>The extent of dimension <paramref name="dimension"/>.</summary>
    public int this[int dimension] => (uint)dimension >= (uint)Rank
        ? throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"the rank is {Rank}")
        : dimension switch { 0 => _0, 1 => _1, 2 => _2, _ => _3 };

    /// <summary>The same with one more dimension in front.</summary>
    public Shape Under(int leading) => Rank switch
    {
        0 => Row(leading),
        1 => new(2, leading, _0, 1, 1),
        2 => new(3, leading, _0, _1, 1),
        3 => new(4, leading, _0, _1, _2),
        _ => throw new InvalidOperationException($"an array of rank {Rank} has no batch: the greatest rank is {MaxRank}"),
    };

    /// <summary>The same without its first dimension.</summary>
    public Shape Inner() => Rank switch
    {
        <= 1 => default,
        2 => Row(_1),
        3 => new(2, _1, _2, 1, 1),
        _ => new(3, _1, _2, _3, 1),
    };

    /// <summary>The extents as an array.</summary>
    public int[] ToArray()
    {
        var extents = new int[Rank];
        for (int d = 0; d < extents.Length; d++) extents[d] = this[d];
        return extents;
    }

    /// <summary>A new, zeroed host array of this shape; of rank 1 at least.</summary>
    internal Array NewArray<T>() => Rank switch
    {
        <= 1 => new T[_0],
        2 => new T[_0, _1],
        3 => new T[_0, _1, _2],
        _ => new T[_0, _1, _2, _3],
    };

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator()
    {
        for (int d = 0; d < Rank; d++) yield return this[d];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Shape other) =>
        Rank == other.Rank && (Rank == 0 || (_0 == other._0 && _1 == other._1 && _2 == other._2 && _3 == other._3));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Rank == 0 ? 0 : HashCode.Combine(Rank, _0, _1, _2, _3);

    /// <summary>Are all extents equal?</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Does the rank or an extent differ?</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", this)}]";
}
