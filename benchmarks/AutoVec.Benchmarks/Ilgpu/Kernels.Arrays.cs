using ILGPU;
using ILGPU.Algorithms;

namespace AutoVec.Benchmarks.Ilgpu;

/// <summary>By hand: a thread for each row, or for each element of a result.</summary>
internal static partial class Kernels
{
    public static void SoftmaxRow(Index1D r, ArrayView<float> x, ArrayView<float> y, int n)
    {
        int row = r * n;
        float max = float.NegativeInfinity, sum = 0;
        for (int i = 0; i < n; i++) max = XMath.Max(max, x[row + i]);
        for (int i = 0; i < n; i++)
        {
            float e = XMath.Exp(x[row + i] - max);
            y[row + i] = e;
            sum += e;
        }
        for (int i = 0; i < n; i++) y[row + i] /= sum;
    }

    public static void SoftmaxRowBack(Index1D r, ArrayView<float> y, ArrayView<float> cotangent, ArrayView<float> gradient, int n)
    {
        int row = r * n;
        float dot = 0;
        for (int i = 0; i < n; i++) dot += y[row + i] * cotangent[row + i];
        for (int i = 0; i < n; i++) gradient[row + i] = y[row + i] * (cotangent[row + i] - dot);
    }

    /// <summary>Sizes of images, of a window and of what it leaves.</summary>
    public struct Window
    {
        public int Rows, Columns, WindowRows, WindowColumns;

        public readonly int ResultRows => Rows - WindowRows + 1;
        public readonly int ResultColumns => Columns - WindowColumns + 1;
    }

    /// <summary>A thread for each result.</summary>
    public static void Convolve(Index1D at, ArrayView<float> x, ArrayView<float> w, ArrayView<float> y, Window s)
    {
        int column = at % s.ResultColumns, row = at / s.ResultColumns % s.ResultRows, image = at / (s.ResultColumns * s.ResultRows);
        float sum = 0;
        for (int k = 0; k < s.WindowRows; k++)
            for (int l = 0; l < s.WindowColumns; l++)
                sum += x[(image * s.Rows + row + k) * s.Columns + column + l] * w[k * s.WindowColumns + l];
        y[at] = sum;
    }

    /// <summary>A thread for each pixel: what of the results around it comes back.</summary>
    public static void ConvolveBack(Index1D at, ArrayView<float> bar, ArrayView<float> w, ArrayView<float> xBar, Window s)
    {
        int column = at % s.Columns, row = at / s.Columns % s.Rows, image = at / (s.Columns * s.Rows);
        float sum = 0;
        for (int k = 0; k < s.WindowRows; k++)
            for (int l = 0; l < s.WindowColumns; l++)
            {
                int i = row - k, j = column - l;
                if (i >= 0 && i < s.ResultRows && j >= 0 && j < s.ResultColumns)
                    sum += bar[(image * s.ResultRows + i) * s.ResultColumns + j] * w[k * s.WindowColumns + l];
            }
        xBar[at] = sum;
    }

    /// <summary>A thread for each weight.</summary>
    public static void ConvolveWeights(Index1D at, ArrayView<float> x, ArrayView<float> bar, ArrayView<float> wBar, Window s)
    {
        int k = at / s.WindowColumns, l = at % s.WindowColumns, images = x.IntLength / (s.Rows * s.Columns);
        float sum = 0;
        for (int b = 0; b < images; b++)
            for (int i = 0; i < s.ResultRows; i++)
                for (int j = 0; j < s.ResultColumns; j++)
                    sum += bar[(b * s.ResultRows + i) * s.ResultColumns + j] * x[(b * s.Rows + i + k) * s.Columns + j + l];
        wBar[at] = sum;
    }

    /// <summary>The row's loss, and its derivative by what comes before the logistic function.</summary>
    public static void LogisticRow(Index1D r, ArrayView<float> x, ArrayView<float> y, ArrayView<float> w, ArrayView<float> losses, ArrayView<float> slopes, float bias)
    {
        float z = bias;
        for (int i = 0; i < w.IntLength; i++) z += w[i] * x[r * w.IntLength + i];
        float e = XMath.Exp(-XMath.Abs(z));
        losses[r] = XMath.Max(z, 0) - y[r] * z + XMath.Log(1 + e);
        slopes[r] = (z > 0 ? 1 : e) / (1 + e) - y[r];
    }

    /// <summary>A thread for each weight: the mean of slopes and inputs.</summary>
    public static void LogisticWeights(Index1D i, ArrayView<float> x, ArrayView<float> slopes, ArrayView<float> wBar)
    {
        int rows = slopes.IntLength;
        float sum = 0;
        for (int r = 0; r < rows; r++) sum += slopes[r] * x[r * wBar.IntLength + i];
        wBar[i] = sum / rows;
    }

    /// <summary>One thread.</summary>
    public static void Mean(Index1D at, ArrayView<float> values, ArrayView<float> mean)
    {
        float sum = 0;
        for (int r = 0; r < values.IntLength; r++) sum += values[r];
        mean[at] = sum / values.IntLength;
    }

    public static void Nearest(Index1D i, ArrayView<float> x, ArrayView<float> centroids, ArrayView<int> index, ArrayView<float> distance, int d)
    {
        int best = 0;
        float least = float.PositiveInfinity;
        for (int k = 0; k < centroids.IntLength / d; k++)
        {
            float sum = 0;
            for (int j = 0; j < d; j++)
            {
                float difference = x[i * d + j] - centroids[k * d + j];
                sum += difference * difference;
            }
            if (sum < least)
            {
                least = sum;
                best = k;
            }
        }
        index[i] = best;
        distance[i] = least;
    }

    /// <summary>A thread for each number of each centroid.</summary>
    public static void MoveCentroids(Index1D at, ArrayView<float> x, ArrayView<float> centroids, ArrayView<int> index, ArrayView<float> cotangent, ArrayView<float> bar, int d)
    {
        int k = at / d, j = at % d;
        float sum = 0;
        for (int i = 0; i < index.IntLength; i++)
            if (index[i] == k) sum += 2 * cotangent[i] * (centroids[at] - x[i * d + j]);
        bar[at] = sum;
    }

    public static void Dot(Index1D r, ArrayView<float> x, ArrayView<float> y, ArrayView<float> value, int n)
    {
        float sum = 0;
        for (int i = 0; i < n; i++) sum += x[r * n + i] * y[r * n + i];
        value[r] = sum;
    }

    public static void Sum(Index1D r, ArrayView<float> x, ArrayView<float> value, int n)
    {
        float sum = 0;
        for (int i = 0; i < n; i++) sum += x[r * n + i];
        value[r] = sum;
    }

    public static void Copy(Index1D i, ArrayView<float> from, ArrayView<float> to) => to[i] = from[i];

    public static void Fill(Index1D i, ArrayView<float> to, float value) => to[i] = value;

    public static void PrefixSums(Index1D r, ArrayView<float> x, ArrayView<float> y, int n)
    {
        float sum = 0;
        for (int i = 0; i < n; i++)
        {
            sum += x[r * n + i];
            y[r * n + i] = sum;
        }
    }

    public static void SuffixSums(Index1D r, ArrayView<float> x, ArrayView<float> y, int n)
    {
        float sum = 0;
        for (int i = n - 1; i >= 0; i--)
        {
            sum += x[r * n + i];
            y[r * n + i] = sum;
        }
    }

    /// <summary>Sizes and strides of a product.</summary>
    public struct Shape
    {
        public int Columns, Inner, RowOfA, InnerOfA, InnerOfB, ColumnOfB;
    }

    /// <summary>A thread for each result.</summary>
    public static void Multiply(Index1D at, ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, Shape s)
    {
        int row = at / s.Columns, column = at % s.Columns;
        float sum = 0;
        for (int k = 0; k < s.Inner; k++) sum += a[row * s.RowOfA + k * s.InnerOfA] * b[k * s.InnerOfB + column * s.ColumnOfB];
        c[at] = sum;
    }
}
