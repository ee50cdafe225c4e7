namespace AutoVec;

// Vectors to scalars.
public static partial class Np
{
    /// <summary>Σ x[i]. The empty sum is 0.</summary>
    [Composable]
    public static float Sum(ReadOnlySpan<float> x)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i];
        return sum;
    }

    /// <inheritdoc cref="Sum(ReadOnlySpan{float})"/>
    [Composable]
    public static float Sum(float[] x) => Sum(x.AsSpan());

    /// <summary>Σ x[i, j].</summary>
    [Composable]
    public static float Sum(float[,] x)
    {
        float sum = 0;
        for (int i = 0; i < x.GetLength(0); i++)
            for (int j = 0; j < x.GetLength(1); j++) sum += x[i, j];
        return sum;
    }

    /// <summary>Σ x[i] / n. The mean of nothing is NaN.</summary>
    [Composable]
    public static float Mean(ReadOnlySpan<float> x) => Sum(x) / x.Length;

    /// <inheritdoc cref="Mean(ReadOnlySpan{float})"/>
    [Composable]
    public static float Mean(float[] x) => Mean(x.AsSpan());

    /// <summary>The greatest element; −∞ of an empty array, NaN if one is NaN. Its derivative belongs to the first of equals.</summary>
    [Composable]
    public static float Max(ReadOnlySpan<float> x)
    {
        float max = float.NegativeInfinity;
        for (int i = 0; i < x.Length; i++) max = MathF.Max(max, x[i]);
        return max;
    }

    /// <inheritdoc cref="Max(ReadOnlySpan{float})"/>
    [Composable]
    public static float Max(float[] x) => Max(x.AsSpan());

    /// <summary>The least element; +∞ of an empty array, NaN if one is NaN. Its derivative belongs to the first of equals.</summary>
    [Composable]
    public static float Min(ReadOnlySpan<float> x)
    {
        float min = float.PositiveInfinity;
        for (int i = 0; i < x.Length; i++) min = MathF.Min(min, x[i]);
        return min;
    }

    /// <inheritdoc cref="Min(ReadOnlySpan{float})"/>
    [Composable]
    public static float Min(float[] x) => Min(x.AsSpan());

    /// <summary>The index of the greatest element, the first of equals; 0 if there is none above −∞. NaN is passed by.</summary>
    [Composable]
    public static int ArgMax(ReadOnlySpan<float> x)
    {
        float best = float.NegativeInfinity;
        int at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float candidate = x[i];
            if (candidate > best)
            {
                best = candidate;
                at = i;
            }
        }
        return at;
    }

    /// <inheritdoc cref="ArgMax(ReadOnlySpan{float})"/>
    [Composable]
    public static int ArgMax(float[] x) => ArgMax(x.AsSpan());

    /// <summary>The index of the least element, the first of equals; 0 if there is none below +∞. NaN is passed by.</summary>
    [Composable]
    public static int ArgMin(ReadOnlySpan<float> x)
    {
        float best = float.PositiveInfinity;
        int at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float candidate = x[i];
            if (candidate < best)
            {
                best = candidate;
                at = i;
            }
        }
        return at;
    }

    /// <inheritdoc cref="ArgMin(ReadOnlySpan{float})"/>
    [Composable]
    public static int ArgMin(float[] x) => ArgMin(x.AsSpan());

    /// <summary>The Euclidean norm, √Σ x[i]². Its derivative at 0 is NaN.</summary>
    [Composable]
    public static float Norm(ReadOnlySpan<float> x) => MathF.Sqrt(Dot(x, x));

    /// <inheritdoc cref="Norm(ReadOnlySpan{float})"/>
    [Composable]
    public static float Norm(float[] x) => Norm(x.AsSpan());
}
