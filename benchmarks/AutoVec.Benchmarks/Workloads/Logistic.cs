namespace AutoVec.Benchmarks.Workloads;

/// <summary>Logistic regression: the mean negative log-likelihood, and its gradient by the weights.</summary>
internal static partial class Logistic
{
    /// <summary>log(1 + eᶻ) − y·z of z = w·x + b.</summary>
    [Vectorize(Reduce = Reduction.Mean), Differentiable]
    public static float Loss([Shared] float[] w, [Shared] float b, [NoGrad] float[] x, [NoGrad] float y)
    {
        float z = b;
        for (int i = 0; i < w.Length; i++) z += w[i] * x[i];
        return MathF.Max(z, 0) - y * z + MathF.Log(1 + MathF.Exp(-MathF.Abs(z)));
    }
}
