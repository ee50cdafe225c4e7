using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: the states before all steps are kept; each step is computed again on the way back, then its adjoint by the chain rule.
internal static unsafe partial class RungeKutta
{
    public static Workload Workload { get; } = new("Runge-Kutta", [4096], 203, Make);

    private static Problem Make(Inputs data, int n)
    {
        const float dt = 0.01f;
        int steps = 100;
        float[] u = data.Uniform(n, 0.5f, 1.5f), v = data.Uniform(n, 0.5f, 1.5f), a = data.Uniform(n, 0.8f, 1.2f), b = data.Uniform(n, 0.8f, 1.2f),
            c = data.Uniform(n, 0.8f, 1.2f), d = data.Uniform(n, 0.8f, 1.2f), value = new float[n];
        var g = new SolveGradientBatch(new float[n], new float[n], new float[n], new float[n], new float[n], new float[n]);
        float* pu = data.Pin(u), pv = data.Pin(v), pa = data.Pin(a), pb = data.Pin(b), pc = data.Pin(c), pd = data.Pin(d), y = data.Pin(value);
        float* gu = data.Pin(g.U), gv = data.Pin(g.V), ga = data.Pin(g.A), gb = data.Pin(g.B), gc = data.Pin(g.C), gd = data.Pin(g.D);
        Output prey = new("prey", value);
        float[] tape = new float[2 * n * steps];
        Populations starts(IlgpuArrays gpu) => new() { U = gpu[u], V = gpu[v], A = gpu[a], B = gpu[b], C = gpu[c], D = gpu[d] };
        Populations slopes(IlgpuArrays gpu) => new() { U = gpu[g.U], V = gpu[g.V], A = gpu[g.A], B = gpu[g.B], C = gpu[g.C], D = gpu[g.D] };
        double work = (double)n * steps;
        return new Problem($"{n:#,0}, {steps} steps",
            new(54 * work, 28.0 * n, [prey],
            [
                Contestant.ByGenerator(() => SolveBatch(u, v, a, b, c, d, dt, steps, value)),
                Contestant.ByHand(() => Threads.For(n, 2 * V.Count, (from, to) => Forward(pu, pv, pa, pb, pc, pd, dt, steps, y, from, to))),
                Contestant.ByPlainLoops(() => { for (int i = 0; i < n; i++) value[i] = Solve(u[i], v[i], a[i], b[i], c[i], d[i], dt, steps); }),
            ]) { Gpu = new(on => on.Take(value, SolveBatch(on.Device, on[u], on[v], on[a], on[b], on[c], on[d], dt, steps)),
                gpu => gpu.For(n, Kernels.Solve, starts(gpu), gpu[value], dt, steps)) },
            new(170 * work, 52.0 * n,
                [prey, new("u", g.U), new("v", g.V), new("a", g.A), new("b", g.B), new("c", g.C), new("d", g.D)],
            [
                Contestant.ByGenerator(() => SolveValueAndGradBatch(u, v, a, b, c, d, dt, steps, value, ref g)),
                Contestant.ByHand(() => Threads.For(n, V.Count, (from, to) =>
                    Backward(pu, pv, pa, pb, pc, pd, dt, steps, y, gu, gv, ga, gb, gc, gd, from, to))),
                Contestant.ByPlainLoops(() =>
                {
                    float[] tape = new float[2 * steps];
                    for (int i = 0; i < n; i++)
                        (value[i], g.U[i], g.V[i], g.A[i], g.B[i], g.C[i], g.D[i]) = PlainBackward(u[i], v[i], a[i], b[i], c[i], d[i], dt, steps, tape);
                }),
            ]) { Gpu = new(on =>
                {
                    var (w, bar) = SolveValueAndGradBatch(on.Device, on[u], on[v], on[a], on[b], on[c], on[d], dt, steps);
                    on.Take(value, w);
                    on.Take(g.U, bar.U);
                    on.Take(g.V, bar.V);
                    on.Take(g.A, bar.A);
                    on.Take(g.B, bar.B);
                    on.Take(g.C, bar.C);
                    on.Take(g.D, bar.D);
                },
                gpu => gpu.For(n, Kernels.SolveAndGradient, starts(gpu), slopes(gpu), gpu[value], gpu[tape], dt, steps)) });
    }

    private static (float, float, float, float, float, float, float) PlainBackward(float u, float v, float a, float b, float c, float d, float dt, int steps, float[] tape)
    {
        for (int s = 0; s < steps; s++)
        {
            (tape[2 * s], tape[2 * s + 1]) = (u, v);
            (float k1, float l1) = Rates(u, v, a, b, c, d);
            (float k2, float l2) = Rates(u + 0.5f * dt * k1, v + 0.5f * dt * l1, a, b, c, d);
            (float k3, float l3) = Rates(u + 0.5f * dt * k2, v + 0.5f * dt * l2, a, b, c, d);
            (float k4, float l4) = Rates(u + dt * k3, v + dt * l3, a, b, c, d);
            u += dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
            v += dt / 6 * (l1 + 2 * l2 + 2 * l3 + l4);
        }
        float uBar = 1, vBar = 0, aBar = 0, bBar = 0, cBar = 0, dBar = 0;
        for (int s = steps - 1; s >= 0; s--)
        {
            (float u1, float v1) = (tape[2 * s], tape[2 * s + 1]);
            (float k1, float l1) = Rates(u1, v1, a, b, c, d);
            (float u2, float v2) = (u1 + 0.5f * dt * k1, v1 + 0.5f * dt * l1);
            (float k2, float l2) = Rates(u2, v2, a, b, c, d);
            (float u3, float v3) = (u1 + 0.5f * dt * k2, v1 + 0.5f * dt * l2);
            (float k3, float l3) = Rates(u3, v3, a, b, c, d);
            (float u4, float v4) = (u1 + dt * k3, v1 + dt * l3);
            (float sumU, float sumV) = (uBar, vBar);
            (float pu, float pv) = back(u4, v4, dt / 6 * uBar, dt / 6 * vBar);
            (sumU, sumV) = (sumU + pu, sumV + pv);
            (pu, pv) = back(u3, v3, dt / 3 * uBar + dt * pu, dt / 3 * vBar + dt * pv);
            (sumU, sumV) = (sumU + pu, sumV + pv);
            (pu, pv) = back(u2, v2, dt / 3 * uBar + dt / 2 * pu, dt / 3 * vBar + dt / 2 * pv);
            (sumU, sumV) = (sumU + pu, sumV + pv);
            (pu, pv) = back(u1, v1, dt / 6 * uBar + dt / 2 * pu, dt / 6 * vBar + dt / 2 * pv);
            (uBar, vBar) = (sumU + pu, sumV + pv);
        }
        return (u, uBar, vBar, aBar, bBar, cBar, dBar);

        (float, float) back(float x, float y, float kBar, float lBar)
        {
            float xy = x * y;
            aBar += kBar * x;
            bBar -= kBar * xy;
            cBar += lBar * xy;
            dBar -= lBar * y;
            return (kBar * (a - b * y) + lBar * c * y, lBar * (c * x - d) - kBar * b * x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rates(V u, V v, V a, V b, V c, V d, out V k, out V l)
    {
        V uv = u * v;
        k = VX.FusedMultiplyAdd(a, u, -(b * uv));
        l = VX.FusedMultiplyAdd(c, uv, -(d * v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(ref V u, ref V v, V a, V b, V c, V d, float dt)
    {
        V half = VX.Create(dt / 2), whole = VX.Create(dt), sixth = VX.Create(dt / 6), two = VX.Create(2f);
        Rates(u, v, a, b, c, d, out V k1, out V l1);
        Rates(VX.FusedMultiplyAdd(half, k1, u), VX.FusedMultiplyAdd(half, l1, v), a, b, c, d, out V k2, out V l2);
        Rates(VX.FusedMultiplyAdd(half, k2, u), VX.FusedMultiplyAdd(half, l2, v), a, b, c, d, out V k3, out V l3);
        Rates(VX.FusedMultiplyAdd(whole, k3, u), VX.FusedMultiplyAdd(whole, l3, v), a, b, c, d, out V k4, out V l4);
        u = VX.FusedMultiplyAdd(sixth, VX.FusedMultiplyAdd(two, k2 + k3, k1 + k4), u);
        v = VX.FusedMultiplyAdd(sixth, VX.FusedMultiplyAdd(two, l2 + l3, l1 + l4), v);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(float* us, float* vs, float* aa, float* bb, float* cc, float* dd, float dt, int steps, float* value, nint from, nint to)
    {
        nint i = from;
        // Two vectors at a time: each chain waits for its own latency.
        for (; i <= to - 2 * V.Count; i += 2 * V.Count)
        {
            nint j = i + V.Count;
            V u = *(V*)(us + i), v = *(V*)(vs + i), a = *(V*)(aa + i), b = *(V*)(bb + i), c = *(V*)(cc + i), d = *(V*)(dd + i);
            V u1 = *(V*)(us + j), v1 = *(V*)(vs + j), a1 = *(V*)(aa + j), b1 = *(V*)(bb + j), c1 = *(V*)(cc + j), d1 = *(V*)(dd + j);
            for (int s = 0; s < steps; s++)
            {
                Step(ref u, ref v, a, b, c, d, dt);
                Step(ref u1, ref v1, a1, b1, c1, d1, dt);
            }
            *(V*)(value + i) = u;
            *(V*)(value + j) = u1;
        }
        for (; i < to; i += V.Count)
        {
            int lanes = (int)Math.Min(V.Count, to - i);
            Lanes.Load(us + i, lanes, out V u);
            Lanes.Load(vs + i, lanes, out V v);
            Lanes.Load(aa + i, lanes, out V a);
            Lanes.Load(bb + i, lanes, out V b);
            Lanes.Load(cc + i, lanes, out V c);
            Lanes.Load(dd + i, lanes, out V d);
            for (int s = 0; s < steps; s++) Step(ref u, ref v, a, b, c, d, dt);
            Lanes.Store(u, value + i, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Back(V x, V y, V kBar, V lBar, V a, V b, V c, V d, ref V aBar, ref V bBar, ref V cBar, ref V dBar, out V xBar, out V yBar)
    {
        V xy = x * y;
        aBar = VX.FusedMultiplyAdd(kBar, x, aBar);
        bBar = VX.FusedMultiplyAdd(-kBar, xy, bBar);
        cBar = VX.FusedMultiplyAdd(lBar, xy, cBar);
        dBar = VX.FusedMultiplyAdd(-lBar, y, dBar);
        V cl = c * lBar, bk = b * kBar, difference = cl - bk;
        xBar = VX.FusedMultiplyAdd(difference, y, kBar * a);
        yBar = VX.FusedMultiplyAdd(difference, x, -(lBar * d));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward(float* us, float* vs, float* aa, float* bb, float* cc, float* dd, float dt, int steps, float* value,
        float* gu, float* gv, float* ga, float* gb, float* gc, float* gd, nint from, nint to)
    {
        var mark = Scratch.Mark();
        float* tape = Scratch.Rent<float>(2 * V.Count * (nint)steps);
        V half = VX.Create(dt / 2), whole = VX.Create(dt), third = VX.Create(dt / 3), sixth = VX.Create(dt / 6);
        for (nint i = from; i < to; i += V.Count)
        {
            int lanes = (int)Math.Min(V.Count, to - i);
            Lanes.Load(us + i, lanes, out V u);
            Lanes.Load(vs + i, lanes, out V v);
            Lanes.Load(aa + i, lanes, out V a);
            Lanes.Load(bb + i, lanes, out V b);
            Lanes.Load(cc + i, lanes, out V c);
            Lanes.Load(dd + i, lanes, out V d);
            for (int s = 0; s < steps; s++)
            {
                *(V*)(tape + 2 * V.Count * s) = u;
                *(V*)(tape + 2 * V.Count * s + V.Count) = v;
                Step(ref u, ref v, a, b, c, d, dt);
            }
            Lanes.Store(u, value + i, lanes);
            V uBar = V.One, vBar = default, aBar = default, bBar = default, cBar = default, dBar = default;
            for (int s = steps - 1; s >= 0; s--)
            {
                V u1 = *(V*)(tape + 2 * V.Count * s), v1 = *(V*)(tape + 2 * V.Count * s + V.Count);
                Rates(u1, v1, a, b, c, d, out V k, out V l);
                V u2 = VX.FusedMultiplyAdd(half, k, u1), v2 = VX.FusedMultiplyAdd(half, l, v1);
                Rates(u2, v2, a, b, c, d, out k, out l);
                V u3 = VX.FusedMultiplyAdd(half, k, u1), v3 = VX.FusedMultiplyAdd(half, l, v1);
                Rates(u3, v3, a, b, c, d, out k, out l);
                V u4 = VX.FusedMultiplyAdd(whole, k, u1), v4 = VX.FusedMultiplyAdd(whole, l, v1);
                V uSixth = sixth * uBar, vSixth = sixth * vBar, uThird = third * uBar, vThird = third * vBar;
                Back(u4, v4, uSixth, vSixth, a, b, c, d, ref aBar, ref bBar, ref cBar, ref dBar, out V pu, out V pv);
                V sumU = uBar + pu, sumV = vBar + pv;
                Back(u3, v3, VX.FusedMultiplyAdd(whole, pu, uThird), VX.FusedMultiplyAdd(whole, pv, vThird), a, b, c, d,
                    ref aBar, ref bBar, ref cBar, ref dBar, out pu, out pv);
                sumU += pu;
                sumV += pv;
                Back(u2, v2, VX.FusedMultiplyAdd(half, pu, uThird), VX.FusedMultiplyAdd(half, pv, vThird), a, b, c, d,
                    ref aBar, ref bBar, ref cBar, ref dBar, out pu, out pv);
                sumU += pu;
                sumV += pv;
                Back(u1, v1, VX.FusedMultiplyAdd(half, pu, uSixth), VX.FusedMultiplyAdd(half, pv, vSixth), a, b, c, d,
                    ref aBar, ref bBar, ref cBar, ref dBar, out pu, out pv);
                uBar = sumU + pu;
                vBar = sumV + pv;
            }
            Lanes.Store(uBar, gu + i, lanes);
            Lanes.Store(vBar, gv + i, lanes);
            Lanes.Store(aBar, ga + i, lanes);
            Lanes.Store(bBar, gb + i, lanes);
            Lanes.Store(cBar, gc + i, lanes);
            Lanes.Store(dBar, gd + i, lanes);
        }
        Scratch.Release(mark);
    }
}
