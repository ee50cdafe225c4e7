using ILGPU;
using ILGPU.Algorithms;

namespace AutoVec.Benchmarks.Ilgpu;

/// <summary>What options are priced from.</summary>
internal struct Market
{
    public ArrayView<float> Spot, Strike, Rate, Vol, Time;
}

/// <summary>The price and the greeks.</summary>
internal struct Greeks
{
    public ArrayView<float> Price, Delta, Dual, Rho, Vega, Theta;
}

/// <summary>Starts and rates of populations.</summary>
internal struct Populations
{
    public ArrayView<float> U, V, A, B, C, D;
}

/// <summary>By hand: a thread for each sample of functions without arrays.</summary>
internal static partial class Kernels
{
    public static void Price(Index1D i, Market m, ArrayView<float> price) => price[i] = Option(m.Spot[i], m.Strike[i], m.Rate[i], m.Vol[i], m.Time[i], out _, out _, out _, out _);

    public static void PriceAndGreeks(Index1D i, Market m, Greeks g)
    {
        float spot = m.Spot[i], vol = m.Vol[i], time = m.Time[i], root = XMath.Sqrt(time);
        g.Price[i] = Option(spot, m.Strike[i], m.Rate[i], vol, time, out float d1, out float n1, out float n2, out float discount);
        float second = discount * n2, money = m.Strike[i] * second, likely = spot * Density(d1);
        g.Delta[i] = n1;
        g.Dual[i] = -second;
        g.Rho[i] = money * time;
        g.Vega[i] = likely * root;
        g.Theta[i] = 0.5f * likely * vol / root + m.Rate[i] * money;
    }

    private static float Option(float spot, float strike, float rate, float vol, float time, out float d1, out float n1, out float n2, out float discount)
    {
        float deviation = vol * XMath.Sqrt(time);
        d1 = (XMath.Log(spot / strike) + (rate + 0.5f * vol * vol) * time) / deviation;
        float d2 = d1 - deviation;
        n1 = Cdf(d1);
        n2 = Cdf(d2);
        discount = XMath.Exp(-rate * time);
        return spot * n1 - strike * discount * n2;
    }

    private static float Density(float x) => 0.39894228f * XMath.Exp(-0.5f * x * x);

    private static float Cdf(float x)
    {
        float t = 1 / (1 + 0.2316419f * XMath.Abs(x));
        float tail = Density(x) * (t * (0.31938153f + t * (-0.356563782f + t * (1.781477937f + t * (-1.821255978f + t * 1.330274429f)))));
        return x > 0 ? 1 - tail : tail;
    }

    public static void Potential(Index1D i, ArrayView<float> x, ArrayView<float> y, ArrayView<float> z, ArrayView<float> mass, ArrayView<float> value)
    {
        float sum = 0;
        for (int j = 0; j < x.IntLength; j++)
        {
            float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
            sum -= mass[j] * XMath.Rsqrt(dx * dx + dy * dy + dz * dz + 1e-3f);
        }
        value[i] = sum;
    }

    /// <summary>Where the forces go.</summary>
    public struct Force
    {
        public ArrayView<float> Value, X, Y, Z;
    }

    public static void Forces(Index1D i, ArrayView<float> x, ArrayView<float> y, ArrayView<float> z, ArrayView<float> mass, Force force)
    {
        float sum = 0, sx = 0, sy = 0, sz = 0;
        for (int j = 0; j < x.IntLength; j++)
        {
            float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
            float inverse = XMath.Rsqrt(dx * dx + dy * dy + dz * dz + 1e-3f), p = mass[j] * inverse, f = p * inverse * inverse;
            sum -= p;
            sx -= f * dx;
            sy -= f * dy;
            sz -= f * dz;
        }
        force.Value[i] = sum;
        force.X[i] = sx;
        force.Y[i] = sy;
        force.Z[i] = sz;
    }

    public static void Escape(Index1D i, ArrayView<float> cr, ArrayView<float> ci, ArrayView<float> value, int limit)
    {
        float zr = 0, zi = 0, r = cr[i], c = ci[i];
        int n = 0;
        while (n < limit && zr * zr + zi * zi <= 4)
        {
            float next = zr * zr - zi * zi + r;
            zi = 2 * zr * zi + c;
            zr = next;
            n++;
        }
        value[i] = n + 0.1f * (zr * zr + zi * zi);
    }

    public static void EscapeAndSlope(Index1D i, ArrayView<float> cr, ArrayView<float> ci, ArrayView<float> value, ArrayView<float> gr, ArrayView<float> gi, int limit)
    {
        float zr = 0, zi = 0, wr = 0, wi = 0, r = cr[i], c = ci[i];
        int n = 0;
        while (n < limit && zr * zr + zi * zi <= 4)
        {
            float nextW = 2 * (zr * wr - zi * wi) + 1;
            wi = 2 * (zr * wi + zi * wr);
            wr = nextW;
            float next = zr * zr - zi * zi + r;
            zi = 2 * zr * zi + c;
            zr = next;
            n++;
        }
        value[i] = n + 0.1f * (zr * zr + zi * zi);
        gr[i] = 0.2f * (zr * wr + zi * wi);
        gi[i] = 0.2f * (zi * wr - zr * wi);
    }

    public static void Solve(Index1D i, Populations p, ArrayView<float> value, float dt, int steps)
    {
        float u = p.U[i], v = p.V[i], a = p.A[i], b = p.B[i], c = p.C[i], d = p.D[i];
        for (int s = 0; s < steps; s++) RungeKuttaStep(ref u, ref v, a, b, c, d, dt);
        value[i] = u;
    }

    private static void RungeKuttaStep(ref float u, ref float v, float a, float b, float c, float d, float dt)
    {
        float k1 = a * u - b * u * v, l1 = c * u * v - d * v;
        float x = u + 0.5f * dt * k1, y = v + 0.5f * dt * l1;
        float k2 = a * x - b * x * y, l2 = c * x * y - d * y;
        x = u + 0.5f * dt * k2;
        y = v + 0.5f * dt * l2;
        float k3 = a * x - b * x * y, l3 = c * x * y - d * y;
        x = u + dt * k3;
        y = v + dt * l3;
        float k4 = a * x - b * x * y, l4 = c * x * y - d * y;
        u += dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        v += dt / 6 * (l1 + 2 * l2 + 2 * l3 + l4);
    }

    /// <summary>The tape holds the states before all steps, samples side by side.</summary>
    public static void SolveAndGradient(Index1D i, Populations p, Populations g, ArrayView<float> value, ArrayView<float> tape, float dt, int steps)
    {
        int n = value.IntLength;
        float u = p.U[i], v = p.V[i], a = p.A[i], b = p.B[i], c = p.C[i], d = p.D[i];
        for (int s = 0; s < steps; s++)
        {
            tape[2 * s * n + i] = u;
            tape[(2 * s + 1) * n + i] = v;
            RungeKuttaStep(ref u, ref v, a, b, c, d, dt);
        }
        value[i] = u;
        float uBar = 1, vBar = 0, aBar = 0, bBar = 0, cBar = 0, dBar = 0;
        for (int s = steps - 1; s >= 0; s--)
        {
            float u1 = tape[2 * s * n + i], v1 = tape[(2 * s + 1) * n + i];
            float u2 = u1 + 0.5f * dt * (a * u1 - b * u1 * v1), v2 = v1 + 0.5f * dt * (c * u1 * v1 - d * v1);
            float u3 = u1 + 0.5f * dt * (a * u2 - b * u2 * v2), v3 = v1 + 0.5f * dt * (c * u2 * v2 - d * v2);
            float u4 = u1 + dt * (a * u3 - b * u3 * v3), v4 = v1 + dt * (c * u3 * v3 - d * v3);
            float sumU = uBar, sumV = vBar, x = u4, y = v4, kBar = dt / 6 * uBar, lBar = dt / 6 * vBar;
            for (int stage = 0; stage < 4; stage++)
            {
                aBar += kBar * x;
                bBar -= kBar * x * y;
                cBar += lBar * x * y;
                dBar -= lBar * y;
                float pu = kBar * (a - b * y) + lBar * c * y, pv = lBar * (c * x - d) - kBar * b * x;
                sumU += pu;
                sumV += pv;
                float weight = stage < 2 ? dt / 3 : dt / 6, step = stage == 0 ? dt : dt / 2;
                kBar = weight * uBar + step * pu;
                lBar = weight * vBar + step * pv;
                x = stage == 0 ? u3 : stage == 1 ? u2 : u1;
                y = stage == 0 ? v3 : stage == 1 ? v2 : v1;
            }
            uBar = sumU;
            vBar = sumV;
        }
        g.U[i] = uBar;
        g.V[i] = vBar;
        g.A[i] = aBar;
        g.B[i] = bBar;
        g.C[i] = cBar;
        g.D[i] = dBar;
    }
}
