using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: lanes run until none is left. The derivative of z by c goes along, w ← 2zw + 1: no trip need be remembered.
internal static unsafe partial class Mandelbrot
{
    public static Workload Workload { get; } = new("Mandelbrot", [256], 19, Make);

    private static Problem Make(Inputs data, int side)
    {
        int n = side * side, limit = 64;
        float[] cr = new float[n], ci = new float[n], value = new float[n], shift = data.Uniform(2, -0.01f, 0.01f);
        for (int i = 0; i < n; i++) (cr[i], ci[i]) = (-2.1f + shift[0] + 2.8f * (i % side) / side, -1.3f + shift[1] + 2.6f * (i / side) / side);
        var g = new EscapeGradientBatch(new float[n], new float[n]);
        float* pr = data.Pin(cr), pi = data.Pin(ci), pv = data.Pin(value), gr = data.Pin(g.Cr), gi = data.Pin(g.Ci);
        double trips = 0;
        for (int i = 0; i < n; i++) trips += Math.Floor(Escape(cr[i], ci[i], limit));
        // Close to the border of the set derivatives are in the thousands, and the rounding of each trip decides about their third digit.
        Output escape = new("value", value, 1e-3, Alone: true, Misses: 1e-3);
        return new Problem($"{side}², {limit} trips",
            new(9 * trips, 12.0 * n, [escape],
            [
                Contestant.ByGenerator(() => EscapeBatch(cr, ci, limit, value)),
                Contestant.ByHand(() => Threads.For(n, 4 * V.Count, (from, to) => Run(pr, pi, limit, pv, from, to))),
                Contestant.ByPlainLoops(() => { for (int i = 0; i < n; i++) value[i] = Escape(cr[i], ci[i], limit); }),
            ]) { Gpu = new(on => on.Take(value, EscapeBatch(on.Device, on[cr], on[ci], limit)), gpu => gpu.For(n, Kernels.Escape, gpu[cr], gpu[ci], gpu[value], limit)) },
            new(17 * trips, 20.0 * n, [escape, new("cr", g.Cr, 2e-3, Alone: true, Misses: 1e-2), new("ci", g.Ci, 2e-3, Alone: true, Misses: 1e-2)],
            [
                Contestant.ByGenerator(() => EscapeValueAndGradBatch(cr, ci, limit, value, ref g)),
                Contestant.ByHand(() => Threads.For(n, 4 * V.Count, (from, to) => RunWithSlope(pr, pi, limit, pv, gr, gi, from, to))),
                Contestant.ByPlainLoops(() => { for (int i = 0; i < n; i++) (value[i], g.Cr[i], g.Ci[i]) = PlainSlope(cr[i], ci[i], limit); }),
            ]) { Gpu = new(on =>
                {
                    var (v, d) = EscapeValueAndGradBatch(on.Device, on[cr], on[ci], limit);
                    on.Take(value, v);
                    on.Take(g.Cr, d.Cr);
                    on.Take(g.Ci, d.Ci);
                },
                gpu => gpu.For(n, Kernels.EscapeAndSlope, gpu[cr], gpu[ci], gpu[value], gpu[g.Cr], gpu[g.Ci], limit)) });
    }

    private static (float, float, float) PlainSlope(float cr, float ci, int limit)
    {
        float zr = 0, zi = 0, wr = 0, wi = 0;
        int n = 0;
        while (n < limit && zr * zr + zi * zi <= 4)
        {
            (wr, wi) = (2 * (zr * wr - zi * wi) + 1, 2 * (zr * wi + zi * wr));
            (zr, zi) = (zr * zr - zi * zi + cr, 2 * zr * zi + ci);
            n++;
        }
        return (n + 0.1f * (zr * zr + zi * zi), 0.2f * (zr * wr + zi * wi), 0.2f * (zi * wr - zr * wi));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(float* cr, float* ci, int limit, float* value, nint from, nint to)
    {
        for (nint i = from; i < to; i += V.Count)
        {
            int lanes = (int)Math.Min(V.Count, to - i);
            Lanes.Load(cr + i, lanes, out V r);
            Lanes.Load(ci + i, lanes, out V c);
            V zr = default, zi = default, n = default, live = VX.Equals(n, n), rr = default, ii = default;
            for (int trip = 0; trip < limit; trip++)
            {
                live &= VX.LessThanOrEqual(rr + ii, VX.Create(4f));
                if (VX.ExtractMostSignificantBits(live) == 0) break;
                V next = rr - ii + r;
                zi = VX.ConditionalSelect(live, (zr + zr) * zi + c, zi);
                zr = VX.ConditionalSelect(live, next, zr);
                n += live & V.One;
                rr = zr * zr;
                ii = zi * zi;
            }
            Lanes.Store(n + VX.Create(0.1f) * (rr + ii), value + i, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunWithSlope(float* cr, float* ci, int limit, float* value, float* gr, float* gi, nint from, nint to)
    {
        for (nint i = from; i < to; i += V.Count)
        {
            int lanes = (int)Math.Min(V.Count, to - i);
            Lanes.Load(cr + i, lanes, out V r);
            Lanes.Load(ci + i, lanes, out V c);
            V zr = default, zi = default, wr = default, wi = default, n = default, live = VX.Equals(n, n), rr = default, ii = default;
            for (int trip = 0; trip < limit; trip++)
            {
                live &= VX.LessThanOrEqual(rr + ii, VX.Create(4f));
                if (VX.ExtractMostSignificantBits(live) == 0) break;
                V zr2 = zr + zr, zi2 = zi + zi;
                V nextW = VX.FusedMultiplyAdd(zr2, wr, VX.FusedMultiplyAdd(-zi2, wi, V.One));
                wi = VX.ConditionalSelect(live, VX.FusedMultiplyAdd(zr2, wi, zi2 * wr), wi);
                wr = VX.ConditionalSelect(live, nextW, wr);
                V next = rr - ii + r;
                zi = VX.ConditionalSelect(live, zr2 * zi + c, zi);
                zr = VX.ConditionalSelect(live, next, zr);
                n += live & V.One;
                rr = zr * zr;
                ii = zi * zi;
            }
            Lanes.Store(n + VX.Create(0.1f) * (rr + ii), value + i, lanes);
            Lanes.Store(VX.Create(0.2f) * VX.FusedMultiplyAdd(zr, wr, zi * wi), gr + i, lanes);
            Lanes.Store(VX.Create(0.2f) * (zi * wr - zr * wi), gi + i, lanes);
        }
    }
}
