namespace AutoVec;

// Products of vectors and matrices. Shapes are those of the first operand; a second one that is too short throws.
public static partial class Np
{
    /// <summary>Σ x[i]·y[i].</summary>
    /// <param name="x">n elements.</param>
    /// <param name="y">n elements.</param>
    [Composable]
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <inheritdoc cref="Dot(ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    [Composable]
    public static float Dot(float[] x, float[] y) => Dot(x.AsSpan(), y.AsSpan());

    /// <summary>A·x: n elements, Σ a[i, j]·x[j].</summary>
    /// <param name="a">n×m.</param>
    /// <param name="x">m elements.</param>
    [Composable]
    public static float[] MatVec(float[,] a, ReadOnlySpan<float> x)
    {
        var result = new float[a.GetLength(0)];
        for (int i = 0; i < result.Length; i++)
        {
            float sum = 0;
            for (int j = 0; j < a.GetLength(1); j++) sum += a[i, j] * x[j];
            result[i] = sum;
        }
        return result;
    }

    /// <inheritdoc cref="MatVec(float[,], ReadOnlySpan{float})"/>
    [Composable]
    public static float[] MatVec(float[,] a, float[] x) => MatVec(a, x.AsSpan());

    /// <summary>A·B: n×m, Σ a[i, k]·b[k, j].</summary>
    /// <param name="a">n×p.</param>
    /// <param name="b">p×m.</param>
    [Composable]
    public static float[,] MatMul(float[,] a, float[,] b)
    {
        var result = new float[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < b.GetLength(1); j++)
            {
                float sum = 0;
                for (int k = 0; k < a.GetLength(1); k++) sum += a[i, k] * b[k, j];
                result[i, j] = sum;
            }
        return result;
    }

    /// <summary>x·yᵀ: n×m, x[i]·y[j].</summary>
    /// <param name="x">n elements.</param>
    /// <param name="y">m elements.</param>
    [Composable]
    public static float[,] Outer(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var result = new float[x.Length, y.Length];
        for (int i = 0; i < x.Length; i++)
            for (int j = 0; j < y.Length; j++) result[i, j] = x[i] * y[j];
        return result;
    }

    /// <inheritdoc cref="Outer(ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    [Composable]
    public static float[,] Outer(float[] x, float[] y) => Outer(x.AsSpan(), y.AsSpan());

    /// <summary>
    /// The valid correlation of x with w: n − m + 1 elements, Σ x[i + k]·w[k]. Empty where w is longer than x.
    /// </summary>
    /// <param name="x">n elements.</param>
    /// <param name="w">m elements; not reversed.</param>
    [Composable]
    public static float[] Conv1D(ReadOnlySpan<float> x, ReadOnlySpan<float> w)
    {
        var result = new float[Math.Max(x.Length - w.Length + 1, 0)];
        for (int i = 0; i < result.Length; i++)
        {
            float sum = 0;
            for (int k = 0; k < w.Length; k++) sum += x[i + k] * w[k];
            result[i] = sum;
        }
        return result;
    }

    /// <inheritdoc cref="Conv1D(ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    [Composable]
    public static float[] Conv1D(float[] x, float[] w) => Conv1D(x.AsSpan(), w.AsSpan());
    /// <summary>
    /// The valid correlation of x with w: (n − p + 1)×(m − q + 1), Σ x[i + k, j + l]·w[k, l]. Empty where w is longer than x in a dimension.
    /// </summary>
    /// <param name="x">n×m.</param>
    /// <param name="w">p×q; not reversed.</param>
    [Composable]
    public static float[,] Conv2D(float[,] x, float[,] w)
    {
        var result = new float[Math.Max(x.GetLength(0) - w.GetLength(0) + 1, 0), Math.Max(x.GetLength(1) - w.GetLength(1) + 1, 0)];
        for (int i = 0; i < result.GetLength(0); i++)
            for (int j = 0; j < result.GetLength(1); j++)
            {
                float sum = 0;
                for (int k = 0; k < w.GetLength(0); k++)
                    for (int l = 0; l < w.GetLength(1); l++) sum += x[i + k, j + l] * w[k, l];
                result[i, j] = sum;
            }
        return result;
    }
}
