namespace AutoVec;

// One of several values: by a condition, by bounds, by an index.
public static partial class Np
{
    /// <summary>x where the condition holds, else y. The derivative belongs to the one chosen; the other's is 0.</summary>
    [Composable]
    public static double Where(bool condition, double x, double y) => condition ? x : y;

    /// <summary>x[i] where condition[i] holds, else y[i]. The derivative belongs to the one chosen; the other's is 0.</summary>
    /// <param name="condition">n elements, which give the result its length.</param>
    /// <param name="x">n elements.</param>
    /// <param name="y">n elements.</param>
    /// <exception cref="IndexOutOfRangeException">The condition picks an element that x or y does not have.</exception>
    [Composable]
    public static double[] Where(ReadOnlySpan<bool> condition, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var result = new double[condition.Length];
        for (int i = 0; i < condition.Length; i++) result[i] = condition[i] ? x[i] : y[i];
        return result;
    }

    /// <inheritdoc cref="Where(ReadOnlySpan{bool}, ReadOnlySpan{double}, ReadOnlySpan{double})"/>
    [Composable]
    public static double[] Where(bool[] condition, double[] x, double[] y) => Where(condition.AsSpan(), x.AsSpan(), y.AsSpan());

    /// <summary>
    /// min(max(x, lo), hi): hi where lo &gt; hi, NaN if one is NaN. The derivative belongs to the one that won; where x is at a bound it
    /// is 0 for x if the bound is a constant, else ½ each.
    /// </summary>
    [Composable]
    public static double Clip(double x, double lo, double hi) => Math.Min(Math.Max(x, lo), hi);

    /// <summary>min(max(x[i], lo), hi), element by element, as <see cref="Clip(double, double, double)"/>.</summary>
    [Composable]
    public static double[] Clip(ReadOnlySpan<double> x, double lo, double hi)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Clip(x[i], lo, hi);
        return result;
    }

    /// <inheritdoc cref="Clip(ReadOnlySpan{double}, double, double)"/>
    [Composable]
    public static double[] Clip(double[] x, double lo, double hi) => Clip(x.AsSpan(), lo, hi);

    /// <summary>1 at the index, 0 elsewhere. <see cref="OneHot"/> is the same in float.</summary>
    /// <param name="index">From 0 to count − 1.</param>
    /// <param name="count">The length of the result.</param>
    /// <exception cref="IndexOutOfRangeException">The index is not below the count, or negative.</exception>
    [Composable]
    public static double[] OneHotDouble(int index, int count)
    {
        var result = new double[count];
        result[index] = 1;
        return result;
    }
}
