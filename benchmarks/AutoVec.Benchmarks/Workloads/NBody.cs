namespace AutoVec.Benchmarks.Workloads;

/// <summary>The potential at a point among many masses; its gradient is the force, all pairs of them.</summary>
internal static partial class NBody
{
    /// <summary>Σ −mⱼ / √(‖pⱼ − x‖² + ε)</summary>
    [Vectorize, Differentiable]
    public static float Potential(float x, float y, float z,
        [Shared, NoGrad] float[] px, [Shared, NoGrad] float[] py, [Shared, NoGrad] float[] pz, [Shared, NoGrad] float[] mass)
    {
        float sum = 0;
        for (int j = 0; j < px.Length; j++)
        {
            float dx = px[j] - x, dy = py[j] - y, dz = pz[j] - z;
            sum -= mass[j] / MathF.Sqrt(dx * dx + dy * dy + dz * dz + 1e-3f);
        }
        return sum;
    }
}
