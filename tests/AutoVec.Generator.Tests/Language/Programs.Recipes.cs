namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    /// <summary>Numerical recipes, as somebody writes them who does not think of the compiler.</summary>
    private const string Recipes = """
        public struct Taker { public double Taken; public double[] From; public Taker(double[] d, int k) { From = d; Taken = d[k & 1]; d[k & 1] += 1; } public double Next { get { From[0] += 2; return From[0]; } } public static double operator +(Taker a, double k) { a.From[1] += k; return a.From[1]; } }
        [V] public static double WritingConstructor(double x, int n) { var d = new double[2]; d[0] = x; double s = 0; for (int i = 0; i < (n & 7); i++) s += new Taker(d, i).Taken; return s + d[0] * 10 + d[1]; }
        [V] public static double WritingGetter(double x, int n) { var t = new Taker(new[] { x, 0 }, 0); double s = 0; for (int i = 0; i < (n & 7); i++) s += t.Next; return s + t.From[0]; }
        [V] public static double WritingOperator(double x, int n) { var d = new double[2]; d[0] = x; var t = new Taker(d, 0); double s = 0; for (int i = 0; i < (n & 7); i++) s += t + i; return s + d[1]; }
        static double Poly(double[] c, double x) { double y = 0; for (int i = c.Length - 1; i >= 0; i--) y = y * x + c[i]; return y; }

        [V] public static double[] Bisection(double a, double b)
        {
            double lo = -10, hi = 10; double f(double x) => x * x * x + (a * a + 1) * x - b;
            while (hi - lo > 1e-12) { double mid = 0.5 * (lo + hi); if (f(mid) > 0) hi = mid; else lo = mid; }
            return [0.5 * (lo + hi)];   // whose derivative is lost in comparisons
        }
        [V] public static double Newton(double a, double b) { double x = 1; for (int k = 0; k < 50; k++) { double f = x * x * x + x * (a * a + 1) - b, d = 3 * x * x + a * a + 1; double step = f / d; x -= step; if (Math.Abs(step) < 1e-14) break; } return x; }
        [V] public static double Secant(double a) { double x0 = 0, x1 = 1, f0 = -1 - a * a; for (int k = 0; k < 30 && Math.Abs(x1 - x0) > 1e-13; k++) { double f1 = x1 * x1 * x1 + x1 - 1 - a * a; if (f1 == f0) break; double x2 = x1 - f1 * (x1 - x0) / (f1 - f0); x0 = x1; f0 = f1; x1 = x2; } return x1; }
        [V] public static double Gauss(double[] x, double y)
        {
            int n = x.Length; var a = new double[n, n]; var b = new double[n];
            for (int i = 0; i < n; i++) { b[i] = x[i] + y; for (int j = 0; j < n; j++) a[i, j] = 1.0 / (1 + i + j) + (i == j ? 0.5 + x[i] * x[i] : 0); }
            for (int k = 0; k < n; k++)
            {
                int p = k; double best = Math.Abs(a[k, k]);
                for (int i = k + 1; i < n; i++) if (Math.Abs(a[i, k]) > best) { best = Math.Abs(a[i, k]); p = i; }
                if (best < 1e-300) return double.NaN;
                if (p != k) { for (int j = k; j < n; j++) { double t = a[k, j]; a[k, j] = a[p, j]; a[p, j] = t; } (b[k], b[p]) = (b[p], b[k]); }
                for (int i = k + 1; i < n; i++) { double f = a[i, k] / a[k, k]; if (f == 0) continue; for (int j = k; j < n; j++) a[i, j] -= f * a[k, j]; b[i] -= f * b[k]; }
            }
            for (int i = n - 1; i >= 0; i--) { double s = b[i]; for (int j = i + 1; j < n; j++) s -= a[i, j] * b[j]; b[i] = s / a[i, i]; }
            return b[0] + 2 * b[n - 1];
        }
        [V] public static double CholeskyRows(double[] x)
        {
            int n = x.Length; var l = new double[n][]; double log = 0;
            for (int i = 0; i < n; i++)
            {
                l[i] = new double[i + 1];
                for (int j = 0; j <= i; j++)
                {
                    double s = i == j ? 2 + x[i] * x[i] : 0.1 * x[i] * x[j];
                    for (int k = 0; k < j; k++) s -= l[i][k] * l[j][k];
                    l[i][j] = i == j ? Math.Sqrt(s) : s / l[j][j];
                }
                log += 2 * Math.Log(l[i][i]);
            }
            return log;
        }
        [V] public static double[] Histogram(double[] x, int bins) { bins = Math.Clamp(bins, 1, 5); var h = new double[5]; foreach (double v in x) { int b = (int)Math.Floor((v + 3) / 6 * bins); if (b < 0) b = 0; else if (b >= bins) b = bins - 1; h[b]++; } return h; }
        [V] public static double Stencil(double[] u0, double k, int steps)
        {
            int n = u0.Length; var u = (double[])u0.Clone(); var next = new double[n];
            for (int t = 0; t < (steps & 3); t++) { for (int i = 0; i < n; i++) { double left = i > 0 ? u[i - 1] : 0, right = i < n - 1 ? u[i + 1] : 0; next[i] = u[i] + 0.1 * k * (left - 2 * u[i] + right); } var tmp = u; u = next; next = tmp; }
            double s = 0; for (int i = 0; i < n; i++) s += u[i] * (i + 1); return s;
        }
        [V] public static int Longest(int[] x) { int n = x.Length, best = 0; var d = new int[n]; for (int i = 0; i < n; i++) { d[i] = 1; for (int j = 0; j < i; j++) if (x[j] < x[i] && d[j] + 1 > d[i]) d[i] = d[j] + 1; best = Math.Max(best, d[i]); } return best; }
        [V] public static double Knapsack(double[] values, int[] weights) { var best = new double[9]; for (int i = 0; i < values.Length; i++) for (int w = 8; w >= weights[i]; w--) best[w] = Math.Max(best[w], best[w - weights[i]] + Math.Abs(values[i])); return best[8]; }
        [V] public static double Fft(double[] x)
        {
            const int n = 8; var re = new double[n]; var im = new double[n]; for (int i = 0; i < n; i++) re[i] = x[i % x.Length] * (1 + 0.1 * i);
            for (int i = 1, j = 0; i < n; i++) { int bit = n >> 1; for (; (j & bit) != 0; bit >>= 1) j ^= bit; j ^= bit; if (i < j) { (re[i], re[j]) = (re[j], re[i]); (im[i], im[j]) = (im[j], im[i]); } }
            for (int len = 2; len <= n; len <<= 1)
            {
                double angle = -2 * Math.PI / len;
                for (int i = 0; i < n; i += len)
                    for (int k = 0; k < len / 2; k++)
                    {
                        double c = Math.Cos(angle * k), s = Math.Sin(angle * k); int a = i + k, b = a + len / 2;
                        double tr = re[b] * c - im[b] * s, ti = re[b] * s + im[b] * c;
                        re[b] = re[a] - tr; im[b] = im[a] - ti; re[a] += tr; im[a] += ti;
                    }
            }
            double power = 0; for (int i = 0; i < n; i++) power += (re[i] * re[i] + im[i] * im[i]) * (i + 1); return power;
        }
        [V] public static double Simpson(double a, double b, int n) { n = 2 * (1 + (n & 3)); double h = (b - a) / n, s = 0; for (int i = 0; i <= n; i++) { double x = a + i * h; int w = i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2; s += w * Math.Exp(-x * x); } return s * h / 3; }
        [V] public static double RungeKutta(double x, double v, double dt) { dt = 0.1 * Math.Tanh(dt); for (int k = 0; k < 6; k++) { (double, double) F(double p, double q) => (q, -Math.Sin(p) - 0.1 * q); var (a1, b1) = F(x, v); var (a2, b2) = F(x + dt / 2 * a1, v + dt / 2 * b1); var (a3, b3) = F(x + dt / 2 * a2, v + dt / 2 * b2); var (a4, b4) = F(x + dt * a3, v + dt * b3); x += dt / 6 * (a1 + 2 * a2 + 2 * a3 + a4); v += dt / 6 * (b1 + 2 * b2 + 2 * b3 + b4); } return x + 2 * v; }
        [V] public static double Thomas(double[] d) { int n = d.Length; var c = new double[n]; var x = new double[n]; c[0] = 0.3; x[0] = d[0] / 2; for (int i = 1; i < n; i++) { double m = 1 / (2 - 0.3 * c[i - 1]); c[i] = 0.3 * m; x[i] = (d[i] - 0.3 * x[i - 1]) * m; } for (int i = n - 2; i >= 0; i--) x[i] -= c[i] * x[i + 1]; double s = 0; foreach (double v in x) s += v * v; return s; }
        [V] public static double InsertionSort(double[] x) { var a = (double[])x.Clone(); for (int i = 1; i < a.Length; i++) { double v = a[i]; int j = i - 1; while (j >= 0 && a[j] > v) { a[j + 1] = a[j]; j--; } a[j + 1] = v; } double s = 0; for (int i = 0; i < a.Length; i++) s += a[i] * (i + 1); return s; }
        [V] public static double Median(double[] x) { var a = (double[])x.Clone(); int n = a.Length; for (int i = 0; i < n; i++) for (int j = 0; j + 1 < n - i; j++) if (a[j] > a[j + 1]) (a[j], a[j + 1]) = (a[j + 1], a[j]); return n % 2 == 1 ? a[n / 2] : 0.5 * (a[n / 2 - 1] + a[n / 2]); }
        [V] public static int BinarySearch(double[] x, double y) { var a = (double[])x.Clone(); for (int i = 1; i < a.Length; i++) a[i] = a[i - 1] + Math.Abs(a[i]); int lo = 0, hi = a.Length - 1; while (lo <= hi) { int mid = lo + (hi - lo) / 2; if (a[mid] == y) return mid; if (a[mid] < y) lo = mid + 1; else hi = mid - 1; } return ~lo; }
        [V] public static double Interpolated(double[] x, double t) { int n = x.Length; t = 0.37 + 0.41 * t; if (n == 1 || t <= 0) return x[0]; if (t >= n - 1) return x[n - 1]; int i = (int)t; double f = t - i; return x[i] * (1 - f) + x[i + 1] * f; }
        [V] public static double Lagrange(double[] y, double t) { double s = 0; for (int i = 0; i < y.Length; i++) { double l = y[i]; for (int j = 0; j < y.Length; j++) if (j != i) l *= (t - j) / (i - j); s += l; } return s; }
        [V] public static double Horner(double[] c, double x) => Poly(c, x) + Poly(c[..1], x) * c.Length;
        [V] public static double PowerIteration(double[] x) { int n = x.Length; var v = new double[n]; for (int i = 0; i < n; i++) v[i] = 1; double value = 0; for (int k = 0; k < 8; k++) { var w = new double[n]; for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) w[i] += (i == j ? 3 + x[i] * x[i] : 0.2 * x[i] * x[j]) * v[j]; double norm = 0; foreach (double e in w) norm += e * e; norm = Math.Sqrt(norm); for (int i = 0; i < n; i++) w[i] /= norm; v = w; value = norm; } return value; }
        [V] public static int Collatz(int n) { n = Math.Abs(n) + 1; int steps = 0; while (n != 1) { n = (n & 1) == 0 ? n / 2 : 3 * n + 1; steps++; } return steps; }
        [V] public static int Gcd(int a, int b) { while (b != 0) (a, b) = (b, a % b); return Math.Abs(a); }
        [V] public static int Primes(int n) { n = (n & 7) * 3; var composite = new bool[n + 1]; int count = 0; for (int p = 2; p <= n; p++) { if (composite[p]) continue; count++; for (int q = p * p; q <= n; q += p) composite[q] = true; } return count; }
        [V] public static double Dijkstra(double[] x)
        {
            int n = x.Length; var dist = new double[n]; var done = new bool[n]; Array.Fill(dist, double.PositiveInfinity); dist[0] = 0;
            for (int round = 0; round < n; round++)
            {
                int u = -1; for (int i = 0; i < n; i++) if (!done[i] && (u < 0 || dist[i] < dist[u])) u = i;
                done[u] = true;
                for (int v = 0; v < n; v++) { double w = Math.Abs(x[u] - x[v]) + 1 + 0.1 * ((u * 7 + v * 3) % 5); if (dist[u] + w < dist[v]) dist[v] = dist[u] + w; }
            }
            return dist[n - 1];
        }
        [V] public static double Stack(double[] x) { var stack = new double[x.Length + 1]; int top = 0; foreach (double v in x) { while (top > 0 && stack[top - 1] < v) top--; stack[top++] = v; } double s = 0; while (top > 0) s = s * 0.5 + stack[--top]; return s; }
        [V] public static double Queue(double[] x) { var q = new double[4]; int head = 0, tail = 0; double s = 0; foreach (double v in x) { q[tail] = v; tail = (tail + 1) % q.Length; if ((tail - head + 4) % 4 == 3) { s += q[head] * 2; head = (head + 1) % 4; } } return s + q[head]; }
        [V] public static double Ema(double[] x, double a) { a = 1 / (1 + Math.Exp(-a)); double m = x[0], v = 0; for (int i = 1; i < x.Length; i++) { double d = x[i] - m; m += a * d; v = (1 - a) * (v + a * d * d); } return m + Math.Sqrt(v + 1e-3); }
        [V] public static double KMeans(double[] x) { var c = new[] { x[0], x[^1] }; for (int t = 0; t < 3; t++) { var sum = new double[2]; var count = new int[2]; foreach (double v in x) { int k = Math.Abs(v - c[0]) <= Math.Abs(v - c[1]) ? 0 : 1; sum[k] += v; count[k]++; } for (int k = 0; k < 2; k++) if (count[k] > 0) c[k] = sum[k] / count[k]; } return c[0] * 2 + c[1]; }
        [V] public static double Viterbi(double[] x) { var p = new double[3]; var back = new int[x.Length, 3]; for (int t = 0; t < x.Length; t++) { var q = new double[3]; for (int j = 0; j < 3; j++) { double best = double.NegativeInfinity; for (int i = 0; i < 3; i++) { double s = p[i] - (i == j ? 0 : 0.5) - (x[t] - j) * (x[t] - j); if (s > best) { best = s; back[t, j] = i; } } q[j] = best; } p = q; } int at = p[0] > p[1] ? p[0] > p[2] ? 0 : 2 : p[1] > p[2] ? 1 : 2; double path = p[at]; for (int t = x.Length - 1; t > 0; t--) { at = back[t, at]; path += 0.01 * at * x[t]; } return path; }
        [V] public static double Differences(double[] x) { var d = (double[])x.Clone(); for (int k = 1; k < d.Length; k++) for (int i = d.Length - 1; i >= k; i--) d[i] = (d[i] - d[i - 1]) / k; double s = 0; foreach (double v in d) s = s * 0.7 + v; return s; }
        [V] public static double GoldenSection(double a, double b) { double f(double x) => (x - Math.Tanh(a)) * (x - Math.Tanh(a)) + 0.1 * b; double lo = -2, hi = 2, g = (Math.Sqrt(5) - 1) / 2; double c = hi - g * (hi - lo), d = lo + g * (hi - lo); do { if (f(c) < f(d)) { hi = d; d = c; c = hi - g * (hi - lo); } else { lo = c; c = d; d = lo + g * (hi - lo); } } while (hi - lo > 1e-6); return f(0.5 * (lo + hi)); }
        [V] public static double Convolved(double[] x, double[] k) { var y = new double[x.Length + k.Length - 1]; for (int i = 0; i < x.Length; i++) for (int j = 0; j < k.Length; j++) y[i + j] += x[i] * k[j]; double s = 0; for (int i = 0; i < y.Length; i++) s += y[i] * y[i] * (i + 1); return s; }
        [V] public static double Prefix(double[] x) { var p = new double[x.Length + 1]; for (int i = 0; i < x.Length; i++) p[i + 1] = p[i] + x[i]; double best = double.MinValue; for (int i = 0; i < x.Length; i++) for (int j = i; j < x.Length; j++) best = Math.Max(best, p[j + 1] - p[i]); return best; }
        """;
}
