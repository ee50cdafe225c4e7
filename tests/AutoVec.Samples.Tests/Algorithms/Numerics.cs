using AutoVec;

namespace AutoVec.Samples.Tests.Algorithms;

/// <summary>Loops whose trips differ from sample to sample, arrays updated in place, pivots.</summary>
public static partial class Numerics
{
    [Vectorize, Differentiable(Forward = true)]
    public static double Determinant(double[] x, double p)
    {
        const int n = 3;
        var a = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) a[i, j] = x[(i * n + j) % x.Length] * (i == j ? p : 1) + i * j;
        double det = 1;
        for (int k = 0; k < n; k++)
        {
            int best = k;
            for (int i = k + 1; i < n; i++)
                if (Math.Abs(a[i, k]) > Math.Abs(a[best, k])) best = i;
            if (a[best, k] == 0) return 0;
            if (best != k)
            {
                for (int j = 0; j < n; j++) (a[k, j], a[best, j]) = (a[best, j], a[k, j]);
                det = -det;
            }
            det *= a[k, k];
            for (int i = k + 1; i < n; i++)
            {
                double f = a[i, k] / a[k, k];
                for (int j = k; j < n; j++) a[i, j] -= f * a[k, j];
            }
        }
        return det;
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double CubeRoots(double[] x, double p)
    {
        double total = 0;
        foreach (double v in x)
        {
            double y = 1 + Math.Abs(p);
            int trips = 0;
            while (true)
            {
                double f = y * y * y - v * v - 1;
                if (Math.Abs(f) < 1e-12 || ++trips > 60) break;
                y -= f / (3 * y * y);
            }
            total += y * p;
        }
        return total;
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double Fourier(double[] x, double p)
    {
        const int n = 8;
        Span<double> re = stackalloc double[n], im = stackalloc double[n];
        for (int i = 0; i < n; i++)
        {
            re[i] = i < x.Length ? x[i] : 0;
            im[i] = p * i;
        }
        for (int i = 1, j = 0; i < n; i++)
        {
            int bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i >= j) continue;
            (re[i], re[j]) = (re[j], re[i]);
            (im[i], im[j]) = (im[j], im[i]);
        }
        for (int length = 2; length <= n; length <<= 1)
        {
            double angle = 2 * Math.PI / length;
            for (int i = 0; i < n; i += length)
                for (int k = 0; k < length / 2; k++)
                {
                    double c = Math.Cos(angle * k), s = Math.Sin(angle * k);
                    int even = i + k, odd = even + length / 2;
                    double vr = re[odd] * c - im[odd] * s, vi = re[odd] * s + im[odd] * c;
                    (re[odd], im[odd]) = (re[even] - vr, im[even] - vi);
                    (re[even], im[even]) = (re[even] + vr, im[even] + vi);
                }
        }
        double sum = 0;
        for (int i = 0; i < n; i++) sum += Math.Sqrt(re[i] * re[i] + im[i] * im[i] + 1) * (i + 1);
        return sum;
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double GaussSeidel(double[] x, double p)
    {
        int n = x.Length;
        var u = new double[n + 2];
        for (int sweep = 0; sweep < 6; sweep++)
            for (int i = 1; i <= n; i++) u[i] = 0.5 * (u[i - 1] + u[i + 1] + x[i - 1] * p);
        double sum = 0;
        for (int i = 1; i <= n; i++) sum += u[i] * u[i];
        return sum;
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double Kalman(double[] x, double p)
    {
        double mean = 0, variance = 1, likelihood = 0;
        foreach (double z in x)
        {
            variance += p * p;
            double s = variance + 0.3, gain = variance / s, error = z - mean;
            likelihood -= 0.5 * (Math.Log(s) + error * error / s);
            mean += gain * error;
            variance *= 1 - gain;
        }
        return likelihood;
    }

    [Vectorize, Differentiable(Forward = true)]
    public static double Collatz(double[] x, double p)
    {
        int n = (int)(Math.Abs(x[0]) * 20) + 1, steps = 0;
        double v = x[1];
        while (n != 1 && steps < 200)
        {
            if (n % 2 == 0)
            {
                n /= 2;
                v = v * 0.9 + p;
            }
            else
            {
                n = 3 * n + 1;
                v = Math.Sin(v);
            }
            steps++;
        }
        return v * steps;
    }

    /// <summary>Each of <paramref name="people"/> gets as much, and the rest goes to the first.</summary>
    [Vectorize]
    public static int Share(int total, int people) => people == 0 ? -1 : total / people + total % people;

    [Vectorize]
    public static float Part(float whole, int parts) => whole * (100 / parts);
}
