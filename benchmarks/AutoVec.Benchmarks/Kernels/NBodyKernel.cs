using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: 32 points at a time, so that two chains hide each other's latency. 1/√ is the processor's estimate and a step of Newton's,
// which is as exact as a root and a division.
internal static unsafe partial class NBody
{
    public static Workload Workload { get; } = new("n-body", [2048], 77, Make);

    private static Problem Make(Inputs data, int n)
    {
        float[] x = data.Uniform(n), y = data.Uniform(n), z = data.Uniform(n), mass = data.Uniform(n, 0.5f, 1), value = new float[n];
        var g = new PotentialGradientBatch(new float[n], new float[n], new float[n]);
        float* px = data.Pin(x), py = data.Pin(y), pz = data.Pin(z), pm = data.Pin(mass), pv = data.Pin(value);
        float* gx = data.Pin(g.X), gy = data.Pin(g.Y), gz = data.Pin(g.Z);
        Output potential = new("potential", value);
        double pairs = (double)n * n;
        return new Problem($"{n:#,0}² pairs",
            new(12 * pairs, 20.0 * n, [potential],
            [
                Contestant.ByGenerator(() => PotentialBatch(x, y, z, x, y, z, mass, value)),
                Contestant.ByHand(() => Threads.For(n, 2 * V.Count, (from, to) => Potentials(px, py, pz, pm, n, pv, from, to))),
                Contestant.ByPlainLoops(() => { for (int i = 0; i < n; i++) value[i] = Potential(x[i], y[i], z[i], x, y, z, mass); }),
            ]) { Gpu = new(on => on.Take(value, PotentialBatch(on.Device, on[x], on[y], on[z], on[x], on[y], on[z], on[mass])),
                gpu => gpu.For(n, Kernels.Potential, gpu[x], gpu[y], gpu[z], gpu[mass], gpu[value])) },
            new(20 * pairs, 32.0 * n, [potential, new("x", g.X), new("y", g.Y), new("z", g.Z)],
            [
                Contestant.ByGenerator(() => PotentialValueAndGradBatch(x, y, z, x, y, z, mass, value, ref g)),
                Contestant.ByHand(() => Threads.For(n, 2 * V.Count, (from, to) => Forces(px, py, pz, pm, n, pv, gx, gy, gz, from, to))),
                Contestant.ByPlainLoops(() => PlainForces(x, y, z, mass, value, g)),
            ]) { Gpu = new(on =>
                {
                    var (v, d) = PotentialValueAndGradBatch(on.Device, on[x], on[y], on[z], on[x], on[y], on[z], on[mass]);
                    on.Take(value, v);
                    on.Take(g.X, d.X);
                    on.Take(g.Y, d.Y);
                    on.Take(g.Z, d.Z);
                },
                gpu => gpu.For(n, Kernels.Forces, gpu[x], gpu[y], gpu[z], gpu[mass],
                    new Kernels.Force { Value = gpu[value], X = gpu[g.X], Y = gpu[g.Y], Z = gpu[g.Z] })) });
    }

    private static void PlainForces(float[] x, float[] y, float[] z, float[] mass, float[] value, PotentialGradientBatch g)
    {
        for (int i = 0; i < x.Length; i++)
        {
            float sum = 0, sx = 0, sy = 0, sz = 0;
            for (int j = 0; j < x.Length; j++)
            {
                float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
                float square = dx * dx + dy * dy + dz * dz + 1e-3f, p = mass[j] / MathF.Sqrt(square), f = p / square;
                sum -= p;
                sx -= f * dx;
                sy -= f * dy;
                sz -= f * dz;
            }
            (value[i], g.X[i], g.Y[i], g.Z[i]) = (sum, sx, sy, sz);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Potentials(float* px, float* py, float* pz, float* mass, int n, float* value, nint from, nint to)
    {
        for (nint i = from; i < to; i += 2 * V.Count)
        {
            int lanes = (int)Math.Min(V.Count, to - i), more = (int)Math.Min(V.Count, to - i - lanes);
            nint second = more > 0 ? i + V.Count : i;
            int secondLanes = more > 0 ? more : lanes;
            Lanes.Load(px + i, lanes, out V x0);
            Lanes.Load(py + i, lanes, out V y0);
            Lanes.Load(pz + i, lanes, out V z0);
            Lanes.Load(px + second, secondLanes, out V x1);
            Lanes.Load(py + second, secondLanes, out V y1);
            Lanes.Load(pz + second, secondLanes, out V z1);
            V sum0 = default, sum1 = default;
            for (nint j = 0; j < n; j++)
            {
                V xj = VX.Create(px[j]), yj = VX.Create(py[j]), zj = VX.Create(pz[j]), m = VX.Create(mass[j]);
                sum0 -= m * InverseRoot(Square(xj - x0, yj - y0, zj - z0));
                sum1 -= m * InverseRoot(Square(xj - x1, yj - y1, zj - z1));
            }
            Lanes.Store(sum0, value + i, lanes);
            if (more > 0) Lanes.Store(sum1, value + second, more);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forces(float* px, float* py, float* pz, float* mass, int n, float* value, float* gx, float* gy, float* gz, nint from, nint to)
    {
        for (nint i = from; i < to; i += V.Count)
        {
            int lanes = (int)Math.Min(V.Count, to - i);
            Lanes.Load(px + i, lanes, out V x);
            Lanes.Load(py + i, lanes, out V y);
            Lanes.Load(pz + i, lanes, out V z);
            V sum = default, sx = default, sy = default, sz = default;
            for (nint j = 0; j < n; j++)
            {
                V dx = VX.Create(px[j]) - x, dy = VX.Create(py[j]) - y, dz = VX.Create(pz[j]) - z;
                V inverse = InverseRoot(Square(dx, dy, dz)), p = VX.Create(mass[j]) * inverse, f = p * (inverse * inverse);
                sum -= p;
                sx = VX.FusedMultiplyAdd(-f, dx, sx);
                sy = VX.FusedMultiplyAdd(-f, dy, sy);
                sz = VX.FusedMultiplyAdd(-f, dz, sz);
            }
            Lanes.Store(sum, value + i, lanes);
            Lanes.Store(sx, gx + i, lanes);
            Lanes.Store(sy, gy + i, lanes);
            Lanes.Store(sz, gz + i, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Square(V dx, V dy, V dz) => VX.FusedMultiplyAdd(dx, dx, VX.FusedMultiplyAdd(dy, dy, VX.FusedMultiplyAdd(dz, dz, VX.Create(1e-3f))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V InverseRoot(V x)
    {
        if (!Avx512F.IsSupported) return V.One / VX.Sqrt(x);
        V e = Avx512F.ReciprocalSqrt14(x);
        return e * VX.FusedMultiplyAdd(x * e, e * VX.Create(-0.5f), VX.Create(1.5f));
    }
}
