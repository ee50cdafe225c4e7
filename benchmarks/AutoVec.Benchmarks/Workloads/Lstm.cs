namespace AutoVec.Benchmarks.Workloads;

/// <summary>Weights of inputs (inputs × 4 units) and of the state (units × 4 units), and biases; the gates are input, forget, candidate, output.</summary>
[Tree]
internal partial record LstmWeights(float[,] Wx, float[,] Wh, float[] B);

/// <summary>A cell of long short-term memory over a sequence (Hochreiter and Schmidhuber 1997).</summary>
internal static partial class Lstm
{
    /// <summary>Half the squared distance of the last output from the target.</summary>
    [Vectorize(Reduce = Reduction.Mean), Differentiable]
    public static float Loss([Shared] LstmWeights p, [NoGrad] float[,] x, [NoGrad] float[] target)
    {
        int units = target.Length;
        var h = new float[units];
        var c = new float[units];
        for (int t = 0; t < x.GetLength(0); t++)
        {
            var gates = new float[4 * units];
            for (int j = 0; j < gates.Length; j++)
            {
                float sum = p.B[j];
                for (int i = 0; i < x.GetLength(1); i++) sum += x[t, i] * p.Wx[i, j];
                for (int i = 0; i < units; i++) sum += h[i] * p.Wh[i, j];
                gates[j] = sum;
            }
            var nextC = new float[units];
            var nextH = new float[units];
            for (int j = 0; j < units; j++)
            {
                float cell = Sigmoid(gates[units + j]) * c[j] + Sigmoid(gates[j]) * MathF.Tanh(gates[2 * units + j]);
                nextC[j] = cell;
                nextH[j] = Sigmoid(gates[3 * units + j]) * MathF.Tanh(cell);
            }
            c = nextC;
            h = nextH;
        }
        float loss = 0;
        for (int j = 0; j < units; j++) loss += (h[j] - target[j]) * (h[j] - target[j]);
        return loss / 2;
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
