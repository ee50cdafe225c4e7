namespace AutoVec;

// One of several values: by a condition, by bounds, by an index.
public static partial class Np
{
    /// <summary>x where the condition holds, else y. The derivative belongs to the one chosen; the other's is 0.</summary>
    [Composable]
    public static float Where(bool condition, float x, float y) => condition ? x : y;

    /// <summary>x[i] where condition[i] holds, else y[i]. The derivative belongs to the one chosen; the other's is 0.</summary>
    /// <param name="condition">n elements, which give the result its length.</param>
    /// <param name="x">n elements.</param>
    /// <param name="y">n elements.</param>
    /// <exception cref="IndexOutOfRangeException">The condition picks an element that x or y does not have.</exception>
    [Composable]
    public static float[] Where(ReadOnlySpan<bool> condition, ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var result = new float[condition.Length];
        for (int i = 0; i < condition.Length; i++) result[i] = condition[i] ? x[i] : y[i];
        return result;
    }

    /// <inheritdoc cref="Where(ReadOnlySpan{bool}, ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Where(bool[] condition, float[] x, float[] y) => Where(condition.AsSpan(), x.AsSpan(), y.AsSpan());

    /// <summary>
    /// min(max(x, lo), hi): hi where lo &gt; hi, NaN if one is NaN. The derivative belongs to the one that won; where x is at a bound it
    /// is 0 for x if the bound is a constant, else ½ each.
    /// </summary>
    [Composable]
    public static float Clip(float x, float lo, float hi) => MathF.Min(MathF.Max(x, lo), hi);

    /// <summary>min(max(x[i], lo), hi), element by element, as <see cref="Clip(float, float, float)"/>.</summary>
    [Composable]
    public static float[] Clip(ReadOnlySpan<float> x, float lo, float hi)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = Clip(x[i], lo, hi);
        return result;
    }

    /// <inheritdoc cref="Clip(ReadOnlySpan{float}, float, float)"/>
    [Composable]
    public static float[] Clip(float[] x, float lo, float hi) => Clip(x.AsSpan(), lo, hi);

    /// <summary>1 at the index, 0 elsewhere. <see cref="OneHotDouble"/> is the same in double.</summary>
    /// <param name="index">From 0 to count − 1.</param>
    /// <param name="count">The length of the result.</param>
    /// <exception cref="IndexOutOfRangeException">The index is not below the count, or negative.</exception>
    [Composable]
    public static float[] OneHot(int index, int count)
    {
        var result = new float[count];
        result[index] = 1;
        return result;
    }
}
