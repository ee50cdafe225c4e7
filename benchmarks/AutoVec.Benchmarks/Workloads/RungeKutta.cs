namespace AutoVec.Benchmarks.Workloads;

/// <summary>An initial value problem, the predators and prey of Lotka and Volterra, solved by the classical Runge-Kutta method; the gradient is by start and rates.</summary>
internal static partial class RungeKutta
{
    /// <summary>The prey after so many steps.</summary>
    [Vectorize, Differentiable]
    public static float Solve(float u, float v, float a, float b, float c, float d, [Shared, NoGrad] float dt, [Shared] int steps)
    {
        for (int s = 0; s < steps; s++)
        {
            (float k1, float l1) = Rates(u, v, a, b, c, d);
            (float k2, float l2) = Rates(u + 0.5f * dt * k1, v + 0.5f * dt * l1, a, b, c, d);
            (float k3, float l3) = Rates(u + 0.5f * dt * k2, v + 0.5f * dt * l2, a, b, c, d);
            (float k4, float l4) = Rates(u + dt * k3, v + dt * l3, a, b, c, d);
            u += dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
            v += dt / 6 * (l1 + 2 * l2 + 2 * l3 + l4);
        }
        return u;
    }

    private static (float, float) Rates(float u, float v, float a, float b, float c, float d) => (a * u - b * u * v, c * u * v - d * v);
}
