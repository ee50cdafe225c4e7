using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>Long short-term memory whose weight matrices are diagonal, predicting each element of a sequence from those before.</summary>
public static partial class Lstm
{
    public sealed record Input(double[,] MainParams, double[,] ExtraParams, double[,] State, double[,] Sequence);

    public static Module Module { get; } = new("lstm",
        Function.Of<Input, Input, double, double>("objective", Check, i => Objective(i.MainParams, i.ExtraParams, i.State, i.Sequence), y => y),
        Function.Of<Input, Input, ObjectiveGradient, double[]>("jacobian",
            Check, i => ObjectiveGrad(i.MainParams, i.ExtraParams, i.State, i.Sequence), g => [.. g.Main.Cast<double>(), .. g.Extra.Cast<double>()]));

    private static Input Check(Input i)
    {
        int layers = i.MainParams.GetLength(0) / 2, b = i.ExtraParams.GetLength(1);
        void shape(string name, double[,] a, int rows, int columns) => ToolException.Unless(
            a.GetLength(0) == rows && a.GetLength(1) == columns, $"{name} is {a.GetLength(0)}×{a.GetLength(1)}, expected {rows}×{columns}");
        shape("main_params", i.MainParams, 2 * layers, 4 * b);
        shape("extra_params", i.ExtraParams, 3, b);
        shape("state", i.State, 2 * layers, b);
        shape("sequence", i.Sequence, i.Sequence.GetLength(0), b);
        ToolException.Unless(i.Sequence.GetLength(0) >= 2, "sequence: expected two elements or more");
        return i;
    }

    /// <param name="main">Rows 2i and 2i + 1: weights and biases of layer i, for its gates (forget, in, out) and its change, b each.</param>
    /// <param name="extra">Rows: weights of the input, weights and biases of the output.</param>
    /// <param name="state">Rows 2i and 2i + 1: hidden state and cell of layer i before the first element.</param>
    /// <param name="sequence">One element a row.</param>
    [Differentiable]
    public static double Objective(double[,] main, double[,] extra, [NoGrad] double[,] state, [NoGrad] double[,] sequence)
    {
        int layers = main.GetLength(0) / 2, b = extra.GetLength(1), count = sequence.GetLength(0) - 1;
        var hidden = new double[layers, b];
        var cell = new double[layers, b];
        for (int i = 0; i < layers; i++)
        {
            for (int j = 0; j < b; j++)
            {
                hidden[i, j] = state[2 * i, j];
                cell[i, j] = state[2 * i + 1, j];
            }
        }
        double total = 0;
        for (int t = 0; t < count; t++)
        {
            var flow = new double[b];
            for (int j = 0; j < b; j++) flow[j] = sequence[t, j] * extra[0, j];
            for (int i = 0; i < layers; i++)
            {
                for (int j = 0; j < b; j++)
                {
                    double forget = Np.Sigmoid(flow[j] * main[2 * i, j] + main[2 * i + 1, j]);
                    double into = Np.Sigmoid(hidden[i, j] * main[2 * i, b + j] + main[2 * i + 1, b + j]);
                    double outOf = Np.Sigmoid(flow[j] * main[2 * i, 2 * b + j] + main[2 * i + 1, 2 * b + j]);
                    double change = Math.Tanh(hidden[i, j] * main[2 * i, 3 * b + j] + main[2 * i + 1, 3 * b + j]);
                    cell[i, j] = cell[i, j] * forget + into * change;
                    hidden[i, j] = outOf * Math.Tanh(cell[i, j]);
                    flow[j] = hidden[i, j];
                }
            }
            double sum = 2;
            for (int j = 0; j < b; j++) sum += Math.Exp(flow[j] * extra[1, j] + extra[2, j]);
            double norm = Math.Log(sum);
            for (int j = 0; j < b; j++) total += sequence[t + 1, j] * (flow[j] * extra[1, j] + extra[2, j] - norm);
        }
        return -total / (count * b);
    }
}
