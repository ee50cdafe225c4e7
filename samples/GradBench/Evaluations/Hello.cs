using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>x² and its derivative.</summary>
public static partial class Hello
{
    public static Module Module { get; } = new("hello",
        Function.Of<double, double>("square", Square),
        Function.Of<double, double>("double", x => SquareGrad(x).X));

    [Differentiable]
    public static double Square(double x) => x * x;
}
