namespace AutoVec;

// Vectors to scalars.
public static partial class Np
{
    /// <summary>Σ x[i]. The empty sum is 0.</summary>
    [Composable]
    public static double Sum(ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i];
        return sum;
    }

    /// <inheritdoc cref="Sum(ReadOnlySpan{double})"/>
    [Composable]
    public static double Sum(double[] x) => Sum(x.AsSpan());

    /// <summary>Σ x[i, j].</summary>
    [Composable]
    public static double Sum(double[,] x)
    {
        double sum = 0;
        for (int i = 0; i < x.GetLength(0); i++)
            for (int j = 0; j < x.GetLength(1); j++) sum += x[i, j];
        return sum;
    }

    /// <summary>Σ x[i] / n. The mean of nothing is NaN.</summary>
    [Composable]
    public static double Mean(ReadOnlySpan<double> x) => Sum(x) / x.Length;

    /// <inheritdoc cref="Mean(ReadOnlySpan{double})"/>
    [Composable]
    public static double Mean(double[] x) => Mean(x.AsSpan());

    /// <summary>The greatest element; −∞ of an empty array, NaN if one is NaN. Its derivative belongs to the first of equals.</summary>
    [Composable]
    public static double Max(ReadOnlySpan<double> x)
    {
        double max = double.NegativeInfinity;
        for (int i = 0; i < x.Length; i++) max = Math.Max(max, x[i]);
        return max;
    }

    /// <inheritdoc cref="Max(ReadOnlySpan{double})"/>
    [Composable]
    public static double Max(double[] x) => Max(x.AsSpan());

    /// <summary>The least element; +∞ of an empty array, NaN if one is NaN. Its derivative belongs to the first of equals.</summary>
    [Composable]
    public static double Min(ReadOnlySpan<double> x)
    {
        double min = double.PositiveInfinity;
        for (int i = 0; i < x.Length; i++) min = Math.Min(min, x[i]);
        return min;
    }

    /// <inheritdoc cref="Min(ReadOnlySpan{double})"/>
    [Composable]
    public static double Min(double[] x) => Min(x.AsSpan());

    /// <summary>The index of the greatest element, the first of equals; 0 if there is none above −∞. NaN is passed by.</summary>
    [Composable]
    public static int ArgMax(ReadOnlySpan<double> x)
    {
        double best = double.NegativeInfinity;
        int at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double candidate = x[i];
            if (candidate > best)
            {
                best = candidate;
                at = i;
            }
        }
        return at;
    }

    /// <inheritdoc cref="ArgMax(ReadOnlySpan{double})"/>
    [Composable]
    public static int ArgMax(double[] x) => ArgMax(x.AsSpan());

    /// <summary>The index of the least element, the first of equals; 0 if there is none below +∞. NaN is passed by.</summary>
    [Composable]
    public static int ArgMin(ReadOnlySpan<double> x)
    {
        double best = double.PositiveInfinity;
        int at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double candidate = x[i];
            if (candidate < best)
            {
                best = candidate;
                at = i;
            }
        }
        return at;
    }

    /// <inheritdoc cref="ArgMin(ReadOnlySpan{double})"/>
    [Composable]
    public static int ArgMin(double[] x) => ArgMin(x.AsSpan());

    /// <summary>The Euclidean norm, √Σ x[i]². Its derivative at 0 is NaN.</summary>
    [Composable]
    public static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(Dot(x, x));

    /// <inheritdoc cref="Norm(ReadOnlySpan{double})"/>
    [Composable]
    public static double Norm(double[] x) => Norm(x.AsSpan());
}
