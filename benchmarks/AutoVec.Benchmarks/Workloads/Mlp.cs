namespace AutoVec.Benchmarks.Workloads;

/// <summary>Three layers, each weights (inputs × outputs) and biases.</summary>
[Tree]
internal partial record MlpWeights(float[,] W1, float[] B1, float[,] W2, float[] B2, float[,] W3, float[] B3);

/// <summary>A step of stochastic gradient descent of a network that classifies images.</summary>
internal static partial class Mlp
{
    /// <summary>The cross-entropy of the right class.</summary>
    [Vectorize(Reduce = Reduction.Mean), Differentiable]
    public static float Loss([Shared] MlpWeights p, [NoGrad] float[] image, int label)
    {
        var logits = Layer(Relu(Layer(Relu(Layer(image, p.W1, p.B1)), p.W2, p.B2)), p.W3, p.B3);
        return Np.LogSumExp(logits) - logits[label];
    }

    /// <summary>One weight's step.</summary>
    [Vectorize]
    public static float Sgd(float weight, float slope, [Shared] float rate) => weight - rate * slope;

    private static float[] Layer(float[] x, float[,] w, float[] b)
    {
        var result = new float[b.Length];
        for (int j = 0; j < result.Length; j++)
        {
            float sum = b[j];
            for (int i = 0; i < x.Length; i++) sum += x[i] * w[i, j];
            result[j] = sum;
        }
        return result;
    }

    private static float[] Relu(float[] x)
    {
        var result = new float[x.Length];
        for (int i = 0; i < x.Length; i++) result[i] = MathF.Max(x[i], 0);
        return result;
    }
}
