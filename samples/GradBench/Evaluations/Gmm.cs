using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>The log-likelihood of points under a mixture of Gaussians, with a Wishart prior on the square roots Q of their precisions.</summary>
public static partial class Gmm
{
    public sealed record Input(
        int D, int K, int N, double[,] X, int M, double Gamma, double[] Alpha, double[,] Mu, double[,] Q, double[,] L);

    public sealed record Jacobian(double[] Alpha, double[,] Mu, double[,] Q, double[,] L);

    public static Module Module { get; } = new("gmm",
        Function.Of<Input, Input, double, double>("objective", Check, i => Objective(i.Alpha, i.Mu, i.Q, i.L, i.X, i.M, i.Gamma), y => y),
        Function.Of<Input, Input, ObjectiveGradient, Jacobian>("jacobian",
            Check, i => ObjectiveGrad(i.Alpha, i.Mu, i.Q, i.L, i.X, i.M, i.Gamma), g => new Jacobian(g.Alpha, g.Mu, g.Q, g.L)));

    private static Input Check(Input i)
    {
        void shape(string name, double[,] a, int rows, int columns) => ToolException.Unless(
            a.GetLength(0) == rows && (rows == 0 || a.GetLength(1) == columns), $"{name} is {a.GetLength(0)}×{a.GetLength(1)}, expected {rows}×{columns}");
        shape("x", i.X, i.N, i.D);
        shape("mu", i.Mu, i.K, i.D);
        shape("q", i.Q, i.K, i.D);
        shape("l", i.L, i.K, i.D * (i.D - 1) / 2);
        ToolException.Unless(i.Alpha.Length == i.K, $"alpha has {i.Alpha.Length} numbers, k is {i.K}");
        return i;
    }

    /// <param name="q">The logarithms of the diagonals of the lower triangles Q, k × d.</param>
    /// <param name="l">What is below the diagonals, column by column, k × d(d−1)/2.</param>
    /// <param name="x">The points, n × d.</param>
    /// <param name="m">The prior's degrees of freedom are d + m + 1.</param>
    [Differentiable]
    public static double Objective(
        double[] alpha, double[,] mu, double[,] q, double[,] l, [NoGrad] double[,] x, int m, [NoGrad] double gamma)
    {
        int n = x.GetLength(0), d = x.GetLength(1), k = alpha.Length;
        double likelihood = -n * (d / 2.0 * Math.Log(2 * Math.PI) + Np.LogSumExp(alpha));
        var triangles = Triangles(q, l);
        for (int i = 0; i < n; i++)
        {
            var beta = new double[k];
            for (int c = 0; c < k; c++)
            {
                double logDeterminant = 0;
                for (int r = 0; r < d; r++) logDeterminant += q[c, r];
                var centred = new double[d];
                for (int j = 0; j < d; j++) centred[j] = x[i, j] - mu[c, j];
                double distance = 0;
                for (int r = 0; r < d; r++)
                {
                    double sum = 0;
                    for (int j = 0; j < d; j++) sum += triangles[c, r, j] * centred[j];
                    distance += sum * sum;
                }
                beta[c] = alpha[c] + logDeterminant - 0.5 * distance;
            }
            likelihood += Np.LogSumExp(beta);
        }
        return likelihood + LogPrior(q, l, m, gamma);
    }

    /// <summary>The matrices Q: exp(q) on the diagonal, l below it.</summary>
    private static double[,,] Triangles(double[,] q, double[,] l)
    {
        int k = q.GetLength(0), d = q.GetLength(1);
        var triangles = new double[k, d, d];
        for (int c = 0; c < k; c++)
            for (int r = 0; r < d; r++)
                for (int j = 0; j < d; j++)
                    triangles[c, r, j] = r == j ? Math.Exp(q[c, r]) : r > j ? l[c, j * d - j * (j + 1) / 2 + r - j - 1] : 0;
        return triangles;
    }

    private static double LogPrior(double[,] q, double[,] l, int m, double gamma)
    {
        int k = q.GetLength(0), d = q.GetLength(1);
        int freedom = d + m + 1;
        double penalty = 0;
        for (int c = 0; c < k; c++)
        {
            double squares = 0, logDeterminant = 0;
            for (int r = 0; r < d; r++)
            {
                squares += Math.Exp(2 * q[c, r]);
                logDeterminant += q[c, r];
            }
            for (int e = 0; e < l.GetLength(1); e++) squares += l[c, e] * l[c, e];
            penalty += gamma * gamma / 2 * squares - m * logDeterminant;
        }
        return k * (freedom * d * Math.Log(gamma / Math.Sqrt(2)) - Gamma.LogMultivariate(freedom / 2.0, d)) - penalty;
    }
}
