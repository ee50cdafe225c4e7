using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>The determinant by expansion along rows. Every minor of the first rows is computed once, in the order of its set of columns.</summary>
public static partial class Det
{
    public sealed record Input([property: System.Text.Json.Serialization.JsonPropertyName("A")] double[] A, int Ell);

    public static Module Module { get; } = new("det",
        Function.Of<Input, Input, double, double>("primal", Check, i => Primal(i.A, i.Ell), y => y),
        Function.Of<Input, Input, double[], double[]>("gradient", Check, i => PrimalGrad(i.A, i.Ell).A, y => y));

    private static Input Check(Input i)
    {
        ToolException.Unless(i.Ell is >= 0 and < 25, $"ell {i.Ell}: expected 0 to 24");
        ToolException.Unless(i.A.Length == i.Ell * i.Ell, $"A has {i.A.Length} numbers, ell² is {i.Ell * i.Ell}");
        return i;
    }

    /// <param name="a">Row-major, ell × ell.</param>
    [Differentiable]
    public static double Primal(double[] a, int ell)
    {
        // minors[s] is of the columns whose bits are set in s, and of as many rows from the top.
        var minors = new double[1 << ell];
        minors[0] = 1;
        for (int s = 1; s < minors.Length; s++)
        {
            int row = -1;
            for (int j = 0; j < ell; j++) row += (s >> j) & 1;
            double sign = (row & 1) == 0 ? 1 : -1;
            double sum = 0;
            for (int j = 0; j < ell; j++)
            {
                if (((s >> j) & 1) == 0) continue;
                sum += sign * a[row * ell + j] * minors[s ^ (1 << j)];
                sign = -sign;
            }
            minors[s] = sum;
        }
        return minors[minors.Length - 1];
    }
}
