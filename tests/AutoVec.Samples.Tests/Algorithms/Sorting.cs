using AutoVec;

namespace AutoVec.Samples.Tests.Algorithms;

/// <summary>Data decides where is written, and how often.</summary>
public static partial class Sorting
{
    [Vectorize, Differentiable(Forward = true)]
    public static double Bubbles(double[] x, double p)
    {
        var a = new double[x.Length];
        for (int i = 0; i < x.Length; i++) a[i] = x[i];
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j + 1 < a.Length - i; j++)
                if (a[j] > a[j + 1]) (a[j], a[j + 1]) = (a[j + 1], a[j]);
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * (i + 1) * p;
        return sum;
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double HeapMedian(double[] x, double p)
    {
        int n = x.Length;
        var a = new double[n];
        for (int i = 0; i < n; i++) a[i] = x[i] * x[i] + p * i;
        for (int start = n / 2 - 1; start >= 0; start--) Sift(a, start, n);
        for (int end = n - 1; end > 0; end--)
        {
            (a[0], a[end]) = (a[end], a[0]);
            Sift(a, 0, end);
        }
        return n % 2 == 1 ? a[n / 2] : 0.5 * (a[n / 2] + a[n / 2 - 1]);
    }

    private static void Sift(Span<double> a, int i, int n)
    {
        while (true)
        {
            int larger = 2 * i + 1;
            if (larger >= n) return;
            if (larger + 1 < n && a[larger + 1] > a[larger]) larger++;
            if (a[larger] <= a[i]) return;
            (a[i], a[larger]) = (a[larger], a[i]);
            i = larger;
        }
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double Stack(double[] x, double p)
    {
        var stack = new double[16];
        int top = 0;
        for (int i = 0; i < x.Length; i++)
        {
            stack[top++] = x[i];
            while (top >= 2 && stack[top - 1] > stack[top - 2])
            {
                double last = stack[--top];
                stack[top - 1] = stack[top - 1] * p + last;
                if (top == 1) break;
            }
        }
        double sum = 0;
        while (top > 0) sum = sum * 0.5 + stack[--top];
        return sum;
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double Histogram(double[] x, double p)
    {
        var bins = new double[5];
        for (int i = 0; i < x.Length; i++)
        {
            int b = (int)(Math.Abs(x[i]) * 3) % 5;
            bins[b] += x[i] * p;
            bins[4 - b] *= x[i];
        }
        double sum = 0;
        for (int i = 0; i < 5; i++) sum += bins[i] * bins[i * 2 % 5];
        return sum;
    }
}
