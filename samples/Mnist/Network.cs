namespace AutoVec.Samples.Mnist;

/// <summary>The weights of a network with two hidden layers; Wk is inputs × outputs.</summary>
[Tree]
public partial record Mlp(float[,] W1, float[] B1, float[,] W2, float[] B2, float[,] W3, float[] B3)
{
    /// <summary>Weights uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010), biases 0.</summary>
    public static Mlp Random(int[] widths, int seed)
    {
        var random = new Random(seed);
        float[,] weights(int inputs, int outputs)
        {
            var w = new float[inputs, outputs];
            double limit = Math.Sqrt(6.0 / (inputs + outputs));
            for (int i = 0; i < inputs; i++)
                for (int j = 0; j < outputs; j++)
                    w[i, j] = (float)(limit * (2 * random.NextDouble() - 1));
            return w;
        }
        return new Mlp(
            weights(widths[0], widths[1]), new float[widths[1]],
            weights(widths[1], widths[2]), new float[widths[2]],
            weights(widths[2], widths[3]), new float[widths[3]]);
    }
}

/// <summary>The network, for one image; AutoVec makes the batch, the gradient and the kernels from it.</summary>
public static partial class Network
{
    /// <summary>One number for each digit; the largest is the answer.</summary>
    public static float[] Logits(Mlp p, float[] image)
    {
        var h1 = new float[p.B1.Length];
        for (int j = 0; j < h1.Length; j++)
        {
            float sum = p.B1[j];
            for (int i = 0; i < image.Length; i++) sum += image[i] * p.W1[i, j];
            h1[j] = MathF.Max(sum, 0);
        }
        var h2 = new float[p.B2.Length];
        for (int j = 0; j < h2.Length; j++)
        {
            float sum = p.B2[j];
            for (int i = 0; i < h1.Length; i++) sum += h1[i] * p.W2[i, j];
            h2[j] = MathF.Max(sum, 0);
        }
        var logits = new float[p.B3.Length];
        for (int j = 0; j < logits.Length; j++)
        {
            float sum = p.B3[j];
            for (int i = 0; i < h2.Length; i++) sum += h2[i] * p.W3[i, j];
            logits[j] = sum;
        }
        return logits;
    }

    /// <summary>The cross-entropy of the right digit: −log softmax(logits)[label].</summary>
    [Vectorize(Reduce = Reduction.Mean), Differentiable]
    public static float Loss([Shared] Mlp p, [NoGrad] float[] image, int label)
    {
        var logits = Logits(p, image);
        return Np.LogSumExp(logits) - logits[label];
    }

    /// <summary>The digit the network sees.</summary>
    [Vectorize]
    public static int Predict([Shared] Mlp p, float[] image) => Np.ArgMax(Logits(p, image));

    /// <summary>One weight's step of gradient descent.</summary>
    [Vectorize]
    public static float Sgd(float weight, float slope, [Shared] float rate) => weight - rate * slope;
}
