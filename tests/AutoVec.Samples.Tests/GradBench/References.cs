namespace AutoVec.Samples.Tests.GradBench;

/// <summary>The evaluations' values once more, by other roads than the sample's where there are some.</summary>
internal static class References
{
    public static double Lse(double[] x)
    {
        double max = x.Max();
        return max + Math.Log(x.Order().Sum(v => Math.Exp(v - max)));
    }

    public static double Llsq(double[] x, int n) => 0.5 * Residuals(x, n).Sum(r => r * r);

    /// <summary>−Σ rᵢ tᵢʲ.</summary>
    public static double[] LlsqGradient(double[] x, int n)
    {
        double[] r = Residuals(x, n);
        return [.. x.Select((_, j) => -r.Select((v, i) => v * Math.Pow(Point(i, n), j)).Sum())];
    }

    private static double Point(int i, int n) => -1 + 2.0 * i / (n - 1);
    private static double[] Residuals(double[] x, int n) =>
        [.. Enumerable.Range(0, n).Select(i => Math.Sign(Point(i, n)) - x.Select((c, j) => c * Math.Pow(Point(i, n), j)).Sum())];

    /// <summary>By Gaussian elimination with pivoting.</summary>
    public static double Det(double[] a, int n)
    {
        double[][] rows = [.. a.Chunk(Math.Max(n, 1)).Select(r => r.ToArray())];
        double det = 1;
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(rows[i][k]));
            if (rows[pivot][k] == 0) return 0;
            if (pivot != k)
            {
                (rows[pivot], rows[k]) = (rows[k], rows[pivot]);
                det = -det;
            }
            det *= rows[k][k];
            for (int i = k + 1; i < n; i++)
            {
                double factor = rows[i][k] / rows[k][k];
                for (int j = k; j < n; j++) rows[i][j] -= factor * rows[k][j];
            }
        }
        return det;
    }

    /// <summary>The derivatives of the determinant: the determinants of what is left without a row and a column.</summary>
    public static double[] Cofactors(double[] a, int n) =>
    [
        .. Enumerable.Range(0, n * n).Select(e => ((e / n + e % n) % 2 == 0 ? 1 : -1) * Det(
            [.. a.Where((_, at) => at / n != e / n && at % n != e % n)], n - 1)),
    ];

    /// <summary>Runge–Kutta on a linear equation: y ← Σ (hM)ᵏ/k! y over k ≤ 4, with the constant x₀ as a component that stays 1.</summary>
    public static double[] Ode(double[] x, int s)
    {
        int n = x.Length;
        double h = 2.0 / s;
        var y = new double[n + 1];
        y[0] = 1;
        for (int step = 0; step < s; step++)
        {
            double[] term = [.. y];
            for (int k = 1; k <= 4; k++)
            {
                var next = new double[n + 1];
                for (int i = 0; i < n; i++) next[i + 1] = h / k * x[i] * term[i];
                term = next;
                for (int i = 0; i <= n; i++) y[i] += term[i];
            }
        }
        return y[1..];
    }

    public static double Gmm(int d, int k, int n, int m, double gamma, double[] x, double[] alpha, double[] mu, double[] q, double[] l)
    {
        var matrices = new double[k][,];
        double priors = 0;
        for (int c = 0; c < k; c++)
        {
            var matrix = matrices[c] = new double[d, d];
            int next = c * d * (d - 1) / 2;
            for (int j = 0; j < d; j++)
            {
                matrix[j, j] = Math.Exp(q[c * d + j]);
                for (int i = j + 1; i < d; i++) matrix[i, j] = l[next++];
            }
            priors += gamma * gamma / 2 * matrix.Cast<double>().Sum(v => v * v) - m * q.Skip(c * d).Take(d).Sum();
        }
        double likelihood = 0;
        for (int i = 0; i < n; i++)
        {
            var beta = new double[k];
            for (int c = 0; c < k; c++)
            {
                double distance = 0;
                for (int r = 0; r < d; r++)
                {
                    double sum = 0;
                    for (int j = 0; j <= r; j++) sum += matrices[c][r, j] * (x[i * d + j] - mu[c * d + j]);
                    distance += sum * sum;
                }
                beta[c] = alpha[c] + q.Skip(c * d).Take(d).Sum() - distance / 2;
            }
            likelihood += Lse(beta);
        }
        int freedom = d + m + 1;
        double logGamma = d * (d - 1) / 4.0 * Math.Log(Math.PI) + Enumerable.Range(1, d).Sum(j => LogGammaOfHalves(freedom + 1 - j));
        return -n * (d / 2.0 * Math.Log(2 * Math.PI) + Lse(alpha)) + likelihood
            + k * (freedom * d * Math.Log(gamma / Math.Sqrt(2)) - logGamma) - priors;
    }

    /// <summary>log Γ(n/2), by Γ(x + 1) = x Γ(x) from Γ(1) = 1 or Γ(½) = √π.</summary>
    public static double LogGammaOfHalves(int n)
    {
        double sum = n % 2 == 0 ? 0 : 0.5 * Math.Log(Math.PI);
        for (int k = n - 2; k > 0; k -= 2) sum += Math.Log(k / 2.0);
        return sum;
    }

    /// <summary>By assignment: the Newton step of a centroid is its distance from the mean of its points.</summary>
    public static double KMeans(double[] points, double[] centroids, int d, out double[] direction)
    {
        double[][] p = [.. points.Chunk(d)], c = [.. centroids.Chunk(d)];
        double square(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
        int[] nearest = [.. p.Select(x => Enumerable.Range(0, c.Length).MinBy(k => square(x, c[k])))];
        direction = [.. c.SelectMany((centre, k) => centre.Select((v, j) => v - p.Where((_, i) => nearest[i] == k).Average(x => x[j])))];
        return p.Select((x, i) => square(x, c[nearest[i]])).Sum();
    }

    /// <summary>Gradient descent of a² + b², as both halves of the saddle do it.</summary>
    public static (double, double) Descend(double a, double b)
    {
        double rate = 1e-5, value = a * a + b * b;
        for (int accepted = 0; 2 * Math.Sqrt(a * a + b * b) > 1e-5;)
        {
            double nextA = a - rate * 2 * a, nextB = b - rate * 2 * b;
            if (Math.Sqrt((nextA - a) * (nextA - a) + (nextB - b) * (nextB - b)) <= 1e-5) break;
            if (nextA * nextA + nextB * nextB < value)
            {
                (a, b) = (nextA, nextB);
                value = a * a + b * b;
                if (++accepted < 10) continue;
                rate *= 2;
            }
            else rate /= 2;
            accepted = 0;
        }
        return (a, b);
    }

    /// <summary>With the rotation as a quaternion.</summary>
    public static double[] Ba(double[] cam, double[] x, double w, double[] feat)
    {
        double[] y = [x[0] - cam[3], x[1] - cam[4], x[2] - cam[5]];
        double angle = Math.Sqrt(cam[0] * cam[0] + cam[1] * cam[1] + cam[2] * cam[2]);
        double c = Math.Cos(angle / 2), s = angle < 1e-3 ? 0.5 - angle * angle / 48 : Math.Sin(angle / 2) / angle;
        double[] v = [s * cam[0], s * cam[1], s * cam[2]];
        double[] t = [.. Cross(v, y).Select(e => 2 * e)], u = Cross(v, t);
        double[] z = [y[0] + c * t[0] + u[0], y[1] + c * t[1] + u[1], y[2] + c * t[2] + u[2]];
        double p1 = z[0] / z[2], p2 = z[1] / z[2], square = p1 * p1 + p2 * p2;
        double distortion = 1 + square * (cam[9] + square * cam[10]);
        return [w * (cam[6] * p1 * distortion + cam[7] - feat[0]), w * (cam[6] * p2 * distortion + cam[8] - feat[1]), 1 - w * w];
    }

    private static double[] Cross(double[] a, double[] b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

    /// <summary>One unit at a time: a layer's units do not see each other.</summary>
    public static double Lstm(int layers, int count, int b, double[] main, double[] extra, double[] state, double[] sequence)
    {
        double at(int row, int column) => main[row * 4 * b + column];
        var y = new double[count - 1, b];
        for (int j = 0; j < b; j++)
        {
            double[] h = [.. Enumerable.Range(0, layers).Select(i => state[2 * i * b + j])], cell = [.. Enumerable.Range(0, layers).Select(i => state[(2 * i + 1) * b + j])];
            for (int t = 0; t < count - 1; t++)
            {
                double flow = sequence[t * b + j] * extra[j];
                for (int i = 0; i < layers; i++)
                {
                    double gate(int k, double x) => x * at(2 * i, k * b + j) + at(2 * i + 1, k * b + j);
                    double forget = Logistic(gate(0, flow)), into = Logistic(gate(1, h[i])), outOf = Logistic(gate(2, flow));
                    cell[i] = cell[i] * forget + into * Math.Tanh(gate(3, h[i]));
                    flow = h[i] = outOf * Math.Tanh(cell[i]);
                }
                y[t, j] = flow * extra[b + j] + extra[2 * b + j];
            }
        }
        double sum = 0;
        for (int t = 0; t < count - 1; t++)
        {
            double norm = Math.Log(2 + Enumerable.Range(0, b).Sum(j => Math.Exp(y[t, j])));
            for (int j = 0; j < b; j++) sum += sequence[(t + 1) * b + j] * (y[t, j] - norm);
        }
        return -sum / ((count - 1) * b);
    }

    private static double Logistic(double x) => 0.5 + 0.5 * Math.Tanh(x / 2);
}
