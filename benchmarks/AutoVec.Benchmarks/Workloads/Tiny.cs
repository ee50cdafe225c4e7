namespace AutoVec.Benchmarks.Workloads;

/// <summary>Functions that cost next to nothing.</summary>
internal static partial class Tiny
{
    /// <summary>½x² + 1, whose derivative is x.</summary>
    [Vectorize, Differentiable]
    public static float Parabola(float x) => x * x * 0.5f + 1f;

    /// <summary>Two products and their sum.</summary>
    [Vectorize]
    public static float Price(float a, float b, float c, float d) => a * b + c * d;
}
