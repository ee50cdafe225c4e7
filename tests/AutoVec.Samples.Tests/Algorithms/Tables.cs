using AutoVec;

namespace AutoVec.Samples.Tests.Algorithms;

/// <summary>Dynamic programming: tables that later entries read, minima of neighbours, early ends.</summary>
public static partial class Tables
{
    [Vectorize, Differentiable(Forward = true)]
    public static double Warping(double[] x, double p)
    {
        int n = x.Length;
        var d = new double[n + 1, n + 1];
        for (int i = 0; i <= n; i++)
            for (int j = 0; j <= n; j++) d[i, j] = 1e9;
        d[0, 0] = 0;
        for (int i = 1; i <= n; i++)
            for (int j = 1; j <= n; j++)
            {
                double gap = x[i - 1] - p * x[n - j];
                d[i, j] = gap * gap + Math.Min(d[i - 1, j], Math.Min(d[i, j - 1], d[i - 1, j - 1]));
            }
        return d[n, n];
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double Common(double[] x, double p)
    {
        int n = x.Length;
        var previous = new double[n + 1];
        var current = new double[n + 1];
        for (int i = 1; i <= n; i++)
        {
            for (int j = 1; j <= n; j++)
                current[j] = Math.Abs(x[i - 1] - x[j - 1] + p) < 0.8 ? previous[j - 1] + x[i - 1] * x[j - 1] : Math.Max(previous[j], current[j - 1]);
            for (int j = 0; j <= n; j++) previous[j] = current[j];
        }
        return previous[n];
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double Viterbi(double[] x, double p)
    {
        var current = new double[3];
        var next = new double[3];
        foreach (double z in x)
        {
            for (int k = 0; k < 3; k++)
            {
                double best = double.NegativeInfinity;
                for (int j = 0; j < 3; j++) best = Math.Max(best, current[j] - Math.Abs(k - j) * p);
                next[k] = best - (z - k + 1) * (z - k + 1);
            }
            (current, next) = (next, current);
        }
        return Math.Max(current[0], Math.Max(current[1], current[2]));
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double FirstPair(double[] x, double p)
    {
        for (int i = 0; i < x.Length; i++)
            for (int j = i + 1; j < x.Length; j++)
            {
                if (x[i] + x[j] > 1.2) return x[i] * x[j] * p;
                if (x[i] - x[j] > 2.5) break;
                if (x[j] < -1.8) i++;
            }
        return p * p;
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double Windows(double[] x, double p)
    {
        double sum = 0;
        for (int length = 1; length <= x.Length; length++)
        {
            ReadOnlySpan<double> tail = x.AsSpan(x.Length - length, length);
            double mean = 0, variance = 0;
            foreach (double v in tail) mean += v / tail.Length;
            for (int i = 0; i < tail.Length; i++) variance += (tail[i] - mean) * (tail[i] - mean);
            sum += Math.Sqrt(variance + p * p) * (length & 1) + tail[0];
        }
        return sum;
    }
}
