using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>log Σ exp(xᵢ), shifted by the greatest x so that nothing overflows.</summary>
public static partial class Lse
{
    public sealed record Input(double[] X);

    public static Module Module { get; } = new("lse",
        Function.Of<Input, double>("primal", i => Primal(i.X)),
        Function.Of<Input, double[]>("gradient", i => PrimalGrad(i.X).X));

    [Differentiable]
    public static double Primal(double[] x)
    {
        double max = double.NegativeInfinity;
        for (int i = 0; i < x.Length; i++) max = Math.Max(max, x[i]);
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += Math.Exp(x[i] - max);
        return max + Math.Log(sum);
    }
}
