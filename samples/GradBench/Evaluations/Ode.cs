using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>y₀′ = x₀, yᵢ′ = xᵢ·yᵢ₋₁ from y(0) = 0 to t = 2, by the classic Runge–Kutta method of order 4 in s equal steps.</summary>
public static partial class Ode
{
    public sealed record Input(double[] X, int S);

    public static Module Module { get; } = new("ode",
        Function.Of<Input, Input, double[], double[]>("primal", Check, i => Solve(i.X, i.S), y => y),
        Function.Of<Input, Input, double[], double[]>("gradient", Check, i => LastGrad(i.X, i.S).X, y => y));

    private static Input Check(Input i)
    {
        ToolException.Unless(i.X.Length > 0, "x is empty");
        ToolException.Unless(i.S > 0, $"s {i.S}: expected 1 or more steps");
        return i;
    }

    /// <summary>y(2).</summary>
    public static double[] Solve(double[] x, int s)
    {
        int n = x.Length;
        double h = 2.0 / s;
        var y = new double[n];
        for (int step = 0; step < s; step++)
        {
            double[] k1 = Slope(x, y);
            double[] k2 = Slope(x, Along(y, h / 2, k1));
            double[] k3 = Slope(x, Along(y, h / 2, k2));
            double[] k4 = Slope(x, Along(y, h, k3));
            for (int i = 0; i < n; i++) y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
        }
        return y;
    }

    /// <summary>The last component of y(2).</summary>
    [Differentiable]
    public static double Last(double[] x, int s) => Solve(x, s)[x.Length - 1];

    private static double[] Slope(double[] x, double[] y)
    {
        var slope = new double[x.Length];
        for (int i = 0; i < x.Length; i++) slope[i] = i == 0 ? x[0] : x[i] * y[i - 1];
        return slope;
    }

    private static double[] Along(double[] y, double h, double[] slope)
    {
        var moved = new double[y.Length];
        for (int i = 0; i < y.Length; i++) moved[i] = y[i] + h * slope[i];
        return moved;
    }
}
