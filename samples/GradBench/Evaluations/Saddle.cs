using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>Two coordinates.</summary>
[Tree]
public readonly partial record struct Pair(double A, double B);

/// <summary>
/// A saddle point: the lowest x of what is highest over y, each found by gradient descent. The slope over x is the derivative of the whole inner
/// descent, which takes slopes over y itself. The functions are called after the modes of both derivatives, the outer one first.
/// </summary>
public static partial class Saddle
{
    private const double FirstRate = 1e-5, Tolerance = 1e-5;
    private const int StepsToDouble = 10;

    public sealed record Input(double[] Start);

    public static Module Module { get; } = new("saddle",
        Find("ff", outerForward: true, innerForward: true), Find("fr", true, false), Find("rf", false, true), Find("rr", false, false));

    private static Function Find(string name, bool outerForward, bool innerForward) => Function.Of<Input, Pair, double[], double[]>(
        name, Start, start =>
        {
            Pair x = Lowest(start, outerForward, innerForward), y = HighestAt(x, start, innerForward);
            return [x.A, x.B, y.A, y.B];
        }, found => found);

    private static Pair Start(Input i)
    {
        ToolException.Unless(i.Start.Length == 2, $"start has {i.Start.Length} numbers, expected 2");
        return new Pair(i.Start[0], i.Start[1]);
    }

    public static double F(Pair x, Pair y) => x.A * x.A + x.B * x.B - (y.A * y.A + y.B * y.B);

    /// <summary>−f as a function of y: to descend it is to ascend f.</summary>
    [Differentiable(Forward = true)]
    public static double Depth(Pair y, Pair x) => -F(x, y);

    /// <summary>The highest f over y, as a function of x.</summary>
    [Differentiable(Forward = true)]
    public static double Highest(Pair x, [NoGrad] Pair start, bool forward) => F(x, HighestAt(x, start, forward));

    /// <summary>Where f is highest over y: gradient descent from <paramref name="start"/>, its slopes in the mode asked for.</summary>
    private static Pair HighestAt(Pair x, Pair start, bool forward)
    {
        Pair y = start, slope = Slope(y, x, forward);
        double depth = Depth(y, x), rate = FirstRate;
        int accepted = 0;
        while (Norm(slope.A, slope.B) > Tolerance)
        {
            var next = new Pair(y.A - rate * slope.A, y.B - rate * slope.B);
            if (Norm(next.A - y.A, next.B - y.B) <= Tolerance) break;
            double deeper = Depth(next, x);
            if (deeper < depth)
            {
                y = next;
                depth = deeper;
                slope = Slope(y, x, forward);
                accepted++;
                if (accepted == StepsToDouble)
                {
                    rate *= 2;
                    accepted = 0;
                }
            }
            else
            {
                rate /= 2;
                accepted = 0;
            }
        }
        return y;
    }

    private static Pair Slope(Pair y, Pair x, bool forward)
    {
        if (!forward) return Ad.Grad(Depth, y, x);
        double a = Ad.Jvp(Depth, y, x, new Pair(1, 0)).Tangent;
        double b = Ad.Jvp(Depth, y, x, new Pair(0, 1)).Tangent;
        return new Pair(a, b);
    }

    private static double Norm(double a, double b) => Math.Sqrt(a * a + b * b);

    /// <summary>The same descent over x, with the derivatives that were generated for <see cref="Highest"/>.</summary>
    private static Pair Lowest(Pair start, bool outerForward, bool innerForward)
    {
        (double Height, Pair Slope) evaluate(Pair x)
        {
            if (!outerForward)
            {
                var (height, gradient) = HighestValueAndGrad(x, start, innerForward);
                return (height, gradient.X);
            }
            var a = HighestJvp(x, start, innerForward, new HighestGradient(new Pair(1, 0)));
            var b = HighestJvp(x, start, innerForward, new HighestGradient(new Pair(0, 1)));
            return (a.Value, new Pair(a.Tangent, b.Tangent));
        }

        Pair x = start;
        var (height, slope) = evaluate(x);
        double rate = FirstRate;
        int accepted = 0;
        while (Norm(slope.A, slope.B) > Tolerance)
        {
            var next = new Pair(x.A - rate * slope.A, x.B - rate * slope.B);
            if (Norm(next.A - x.A, next.B - x.B) <= Tolerance) break;
            var (lower, nextSlope) = evaluate(next);
            if (lower < height)
            {
                (x, height, slope) = (next, lower, nextSlope);
                accepted++;
                if (accepted == StepsToDouble)
                {
                    rate *= 2;
                    accepted = 0;
                }
            }
            else
            {
                rate /= 2;
                accepted = 0;
            }
        }
        return x;
    }
}
