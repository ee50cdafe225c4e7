namespace AutoVec;

// Products of vectors and matrices. Shapes are those of the first operand; a second one that is too short throws.
public static partial class Np
{
    /// <summary>Σ x[i]·y[i].</summary>
    /// <param name="x">n elements.</param>
    /// <param name="y">n elements.</param>
    [Composable]
    public static float Dot(float[] x, float[] y)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>A·x: n elements, Σ a[i, j]·x[j].</summary>
    /// <param name="a">n×m.</param>
    /// <param name="x">m elements.</param>
    [Composable]
    public static float[] MatVec(float[,] a, float[] x)
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
    public static float[,] Outer(float[] x, float[] y)
    {
        var result = new float[x.Length, y.Length];
        for (int i = 0; i < x.Length; i++)
            for (int j = 0; j < y.Length; j++) result[i, j] = x[i] * y[j];
        return result;
    }
}
