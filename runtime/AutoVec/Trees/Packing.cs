using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace AutoVec.Trees;

/// <summary>
/// For generated code: an array of trees as flat arrays, one a leaf, with the extents of each element and where it starts; and back. Packing copies every
/// element once a call; on a device the arrays are packed already.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Packing
{
    /// <summary>All elements of a leaf, one after the other, each row-major.</summary>
    public static T[] Flat<TTree, T>(TTree[] trees, Func<TTree, Array> leaf) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(trees);
        int total = 0;
        foreach (var tree in trees) total = checked(total + leaf(tree).Length);
        var flat = new T[total];
        int at = 0;
        foreach (var tree in trees)
        {
            var from = HostArrays.Elements<T>(leaf(tree));
            from.CopyTo(flat.AsSpan(at));
            at += from.Length;
        }
        return flat;
    }

    /// <summary>One extent of a leaf in each tree.</summary>
    public static int[] Extent<TTree>(TTree[] trees, Func<TTree, Array> leaf, int dimension)
    {
        ArgumentNullException.ThrowIfNull(trees);
        return Array.ConvertAll(trees, tree => leaf(tree).GetLength(dimension));
    }

    /// <summary>Where each tree's elements start in the flat array.</summary>
    public static int[] Start<TTree>(TTree[] trees, Func<TTree, Array> leaf)
    {
        ArgumentNullException.ThrowIfNull(trees);
        int at = 0;
        return Array.ConvertAll(trees, tree =>
        {
            int start = at;
            at += leaf(tree).Length;
            return start;
        });
    }

    /// <summary>A scalar leaf in each tree.</summary>
    public static T[] Scalars<TTree, T>(TTree[] trees, Func<TTree, T> leaf)
    {
        ArgumentNullException.ThrowIfNull(trees);
        return Array.ConvertAll(trees, tree => leaf(tree));
    }

    /// <summary>A part of a flat array.</summary>
    public static T[] Array1<T>(T[] flat, int start, int n) => flat.AsSpan(start, n).ToArray();

    /// <summary>A part of a flat array, as a matrix.</summary>
    public static T[,] Array2<T>(T[] flat, int start, int rows, int columns) => (T[,])Fill(new T[rows, columns], flat, start);

    /// <summary>A part of a flat array, with three dimensions.</summary>
    public static T[,,] Array3<T>(T[] flat, int start, int n, int rows, int columns) => (T[,,])Fill(new T[n, rows, columns], flat, start);

    /// <summary>Overwrites an array with a part of a flat one.</summary>
    public static Array Fill<T>(Array array, T[] flat, int start)
    {
        flat.AsSpan(start, array.Length).CopyTo(HostArrays.Elements<T>(array));
        return array;
    }
}
