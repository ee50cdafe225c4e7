namespace AutoVec.Benchmarks.Workloads;

/// <summary>The log-likelihood of points under a mixture of Gaussians with diagonal covariances, but for a constant.</summary>
internal static partial class Mixture
{
    /// <summary>log Σ softmax(logits)ₖ N(x; meanₖ, exp(logScaleₖ)).</summary>
    [Vectorize(Reduce = Reduction.Mean), Differentiable]
    public static float LogLikelihood([NoGrad] float[] x, [Shared] float[] logits, [Shared] float[,] mean, [Shared] float[,] logScale)
    {
        var terms = new float[logits.Length];
        for (int k = 0; k < terms.Length; k++)
        {
            float sum = logits[k];
            for (int j = 0; j < x.Length; j++)
            {
                float u = (x[j] - mean[k, j]) * MathF.Exp(-logScale[k, j]);
                sum -= 0.5f * u * u + logScale[k, j];
            }
            terms[k] = sum;
        }
        return Np.LogSumExp(terms) - Np.LogSumExp(logits);
    }
}
