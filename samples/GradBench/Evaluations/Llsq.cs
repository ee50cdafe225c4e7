using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>Least squares: the polynomial with coefficients x against the sign function, at n points of [−1, 1].</summary>
public static partial class Llsq
{
    public sealed record Input(double[] X, int N);

    public static Module Module { get; } = new("llsq",
        Function.Of<Input, double>("primal", i => Primal(i.X, i.N)),
        Function.Of<Input, double[]>("gradient", i => PrimalGrad(i.X, i.N).X));

    [Differentiable]
    public static double Primal(double[] x, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double t = -1 + i * 2.0 / (n - 1);
            double sign = t > 0 ? 1 : t < 0 ? -1 : 0;
            double fit = 0;
            double power = 1;
            for (int j = 0; j < x.Length; j++)
            {
                fit += x[j] * power;
                power *= t;
            }
            sum += (sign - fit) * (sign - fit);
        }
        return 0.5 * sum;
    }
}
