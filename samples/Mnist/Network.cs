namespace AutoVec.Samples.Mnist;

/// <summary>A layer's weights, inputs × outputs, and biases.</summary>
[Tree]
public partial record Layer(float[,] W, float[] B);

/// <summary>A network of any number of layers.</summary>
[Tree]
public partial record Mlp(Layer[] Layers)
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
        return new Mlp([.. widths.Zip(widths.Skip(1), (inputs, outputs) => new Layer(weights(inputs, outputs), new float[outputs]))]);
    }
}

/// <summary>The network, for one image; AutoVec makes the batch, the gradient and the kernels from it.</summary>
public static partial class Network
{
    /// <summary>One number for each digit; the largest is the answer.</summary>
    public static float[] Logits(Mlp p, float[] image)
    {
        var h = image;   // its length changes from layer to layer
        for (int l = 0; l < p.Layers.Length; l++)
        {
            var layer = p.Layers[l];
            var next = new float[layer.B.Length];
            for (int j = 0; j < next.Length; j++)
            {
                float sum = layer.B[j];
                for (int i = 0; i < h.Length; i++) sum += h[i] * layer.W[i, j];
                next[j] = l < p.Layers.Length - 1 ? MathF.Max(sum, 0) : sum;
            }
            h = next;
        }
        return h;
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
