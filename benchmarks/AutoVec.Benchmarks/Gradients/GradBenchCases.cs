using AutoVec.Samples.GradBench.Evaluations;

namespace AutoVec.Benchmarks.Gradients;

/// <summary>The evaluations at the sizes that GradBench asks for.</summary>
internal static unsafe class GradBenchCases
{
    public static IEnumerable<GradBenchCase> All()
    {
        yield return Lse(1_000);
        yield return Lse(100_000);
        yield return Llsq(16, 20_000);
        yield return Llsq(128, 4_000);
        yield return Det(5);
        yield return Det(9);
        yield return Ode(100, 100);
        yield return Ode(1_000, 1_000);
        yield return Gmm(2, 5, 1_000);
        yield return Gmm(10, 25, 1_000);
        yield return Gmm(32, 25, 1_000);
        yield return Gmm(64, 25, 1_000);
        yield return KMeans(5, 1_000, 35);
        yield return KMeans(25, 10_000, 35);
        yield return Ba(49, 7_776, 31_843);
        yield return Lstm(2, 1_024, 14);
        yield return Lstm(4, 1_024, 14);
    }

    private static double[] Random(int count, int seed = 1, double from = -1, double to = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => from + (to - from) * random.NextDouble())];
    }

    private static double[,] Matrix(int rows, int columns, int seed)
    {
        var matrix = new double[rows, columns];
        Buffer.BlockCopy(Random(rows * columns, seed), 0, matrix, 0, rows * columns * sizeof(double));
        return matrix;
    }

    private static GradBenchCase Lse(int n)
    {
        double[] x = Random(n);
        return new($"lse n={n}", 0.68, native =>
        {
            var f = (delegate* unmanaged<double*, int, double>)native["lse"];
            return () => { fixed (double* p = x) f(p, n); };
        }, () => Samples.GradBench.Evaluations.Lse.Primal(x), () => Samples.GradBench.Evaluations.Lse.PrimalGrad(x));
    }

    private static GradBenchCase Llsq(int m, int n)
    {
        double[] x = Random(m);
        return new($"llsq m={m} n={n}", 2, native =>
        {
            var f = (delegate* unmanaged<double*, int, int, double>)native["llsq"];
            return () => { fixed (double* p = x) f(p, m, n); };
        }, () => Samples.GradBench.Evaluations.Llsq.Primal(x, n), () => Samples.GradBench.Evaluations.Llsq.PrimalGrad(x, n));
    }

    private static GradBenchCase Det(int ell)
    {
        double[] a = Random(ell * ell);
        return new($"det ell={ell}", 2.9, native =>
        {
            var f = (delegate* unmanaged<double*, int, double>)native["det"];
            return () => { fixed (double* p = a) f(p, ell); };
        }, () => Samples.GradBench.Evaluations.Det.Primal(a, ell), () => Samples.GradBench.Evaluations.Det.PrimalGrad(a, ell));
    }

    private static GradBenchCase Ode(int n, int s)
    {
        double[] x = Random(n, from: 0.5, to: 1.5), y = new double[n];
        return new($"ode n={n} s={s}", double.NaN, native =>
        {
            var f = (delegate* unmanaged<double*, int, int, double*, void>)native["ode"];
            return () => { fixed (double* p = x, q = y) f(p, n, s, q); };
        }, () => Samples.GradBench.Evaluations.Ode.Solve(x, s), () => Samples.GradBench.Evaluations.Ode.LastGrad(x, s));
    }

    private static GradBenchCase Gmm(int d, int k, int n)
    {
        double[] alpha = Random(k);
        double[,] x = Matrix(n, d, 2), mu = Matrix(k, d, 3), q = Matrix(k, d, 4), l = Matrix(k, d * (d - 1) / 2, 5);
        return new($"gmm d={d} k={k} n={n}", 2.0, native =>
        {
            var f = (delegate* unmanaged<int, int, int, double*, int, double, double*, double*, double*, double*, double>)native["gmm"];
            return () => { fixed (double* px = x, pa = alpha, pm = mu, pq = q, pl = l) f(d, k, n, px, 0, 1.0, pa, pm, pq, pl); };
        }, () => Samples.GradBench.Evaluations.Gmm.Objective(alpha, mu, q, l, x, 0, 1.0), () => Samples.GradBench.Evaluations.Gmm.ObjectiveGrad(alpha, mu, q, l, x, 0, 1.0));
    }

    private static GradBenchCase KMeans(int k, int n, int d)
    {
        double[,] points = Matrix(n, d, 1), centroids = new double[k, d];
        Buffer.BlockCopy(points, 0, centroids, 0, k * d * sizeof(double));
        return new($"kmeans k={k} n={n} d={d}", 1.2, native =>
        {
            var f = (delegate* unmanaged<int, int, int, double*, double*, double>)native["kmeans"];
            return () => { fixed (double* pp = points, pc = centroids) f(n, k, d, pp, pc); };
        }, () => Samples.GradBench.Evaluations.KMeans.Cost(centroids, points), () => Samples.GradBench.Evaluations.KMeans.Direction(centroids, points));
    }

    private static GradBenchCase Ba(int n, int m, int p)
    {
        double[] cam = [0.1, 0.2, -0.3, 0.3, -0.2, -4, 1.7, 0.1, 0.2, 0.05, -0.01], x = [0.4, -0.3, 0.9], feat = [0.25, -0.15];
        var problem = BaProblem.Of(new(n, m, p, cam, x, 0.8, feat));
        double[] feats = [.. Enumerable.Repeat(feat, p).SelectMany(f => f)], errors = new double[2 * p], weightErrors = new double[p];
        return new($"ba n={n} m={m} p={p}", 7.8, native =>
        {
            var f = (delegate* unmanaged<int, int, int, double*, double*, double*, double*, double*, double*, void>)native["ba"];
            return () =>
            {
                fixed (double* pc = problem.Cameras, px = problem.Points, pw = problem.Weights, pf = feats, pe = errors, pv = weightErrors)
                    f(n, m, p, pc, px, pw, pf, pe, pv);
            };
        }, () =>
        {
            for (int i = 0; i < p; i++)
            {
                double c(int j) => problem.Cameras[problem.CameraOf(i), j];
                double y(int j) => problem.Points[problem.PointOf(i), j];
                (errors[2 * i], errors[2 * i + 1]) = Samples.GradBench.Evaluations.Ba.Reprojection(
                    new(c(0), c(1), c(2), c(3), c(4), c(5), c(6), c(7), c(8), c(9), c(10)), new(y(0), y(1), y(2)), problem.Weights[i], feat[0], feat[1]);
                weightErrors[i] = Samples.GradBench.Evaluations.Ba.WeightError(problem.Weights[i]);
            }
        }, () => Samples.GradBench.Evaluations.Ba.Jacobian(problem));
    }

    private static GradBenchCase Lstm(int layers, int count, int b)
    {
        double[,] main = Matrix(2 * layers, 4 * b, 1), extra = Matrix(3, b, 2), state = Matrix(2 * layers, b, 3), sequence = Matrix(count, b, 4);
        return new($"lstm l={layers} c={count} b={b}", 2.7, native =>
        {
            var f = (delegate* unmanaged<int, int, int, double*, double*, double*, double*, double>)native["lstm"];
            return () => { fixed (double* pm = main, pe = extra, ps = state, pq = sequence) f(layers, count, b, pm, pe, ps, pq); };
        }, () => Samples.GradBench.Evaluations.Lstm.Objective(main, extra, state, sequence), () => Samples.GradBench.Evaluations.Lstm.ObjectiveGrad(main, extra, state, sequence));
    }
}
