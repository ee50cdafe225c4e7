using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: eight sums at once, for the latency of an addition.
internal static unsafe partial class Reductions
{
    public static Workload DotWorkload { get; } = new("dot", [64, 1024], 7, MakeDot);
    public static Workload SumWorkload { get; } = new("sum", [64, 1024], 7, MakeSum);

    private static Problem MakeDot(Inputs data, int rows)
    {
        int n = rows < 10 ? 301 : 4096;
        float[,] x = data.Matrix(rows, n), y = data.Matrix(rows, n);
        float[] value = new float[rows];
        float[][] px = Inputs.Rows(x), py = Inputs.Rows(y);
        var g = new DotGradientBatch(new float[rows, n], new float[rows, n]);
        float* ax = data.Pin(x), ay = data.Pin(y), pv = data.Pin(value), gx = data.Pin(g.X), gy = data.Pin(g.Y);
        Output dot = new("dot", value, 1e-3);
        double count = (double)rows * n;
        return new Problem($"{rows:#,0} × {n:#,0}",
            new(2 * count, 8 * count, [dot],
            [
                Contestant.ByGenerator(() => DotBatch(x, y, value)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) => { for (nint r = from; r < to; r++) pv[r] = DotOf(ax + r * n, ay + r * n, n); })),
                Contestant.ByPlainLoops(() => { for (int r = 0; r < rows; r++) value[r] = Dot(px[r], py[r]); }),
            ]) { Gpu = new(on => on.Take(value, DotBatch(on.Device, on[x], on[y])), gpu => gpu.For(rows, Kernels.Dot, gpu[x], gpu[y], gpu[value], n)) },
            new(2 * count, 16 * count, [dot, new("x", g.X), new("y", g.Y)],
            [
                Contestant.ByGenerator(() => DotValueAndGradBatch(x, y, value, ref g)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) =>
                {
                    for (nint r = from; r < to; r++)
                    {
                        pv[r] = DotOf(ax + r * n, ay + r * n, n);
                        Unsafe.CopyBlockUnaligned(gx + r * n, ay + r * n, (uint)(n * sizeof(float)));
                        Unsafe.CopyBlockUnaligned(gy + r * n, ax + r * n, (uint)(n * sizeof(float)));
                    }
                })),
                Contestant.ByPlainLoops(() =>
                {
                    for (int r = 0; r < rows; r++)
                    {
                        value[r] = Dot(px[r], py[r]);
                        for (int i = 0; i < n; i++) (g.X[r, i], g.Y[r, i]) = (py[r][i], px[r][i]);
                    }
                }),
            ]) { Gpu = new(on =>
                {
                    var (v, d) = DotValueAndGradBatch(on.Device, on[x], on[y]);
                    on.Take(value, v);
                    on.Take(g.X, d.X);
                    on.Take(g.Y, d.Y);
                },
                gpu =>
                {
                    gpu.For(rows, Kernels.Dot, gpu[x], gpu[y], gpu[value], n);
                    gpu.For(rows * n, Kernels.Copy, gpu[y], gpu[g.X]);
                    gpu.For(rows * n, Kernels.Copy, gpu[x], gpu[g.Y]);
                }) });
    }

    private static Problem MakeSum(Inputs data, int rows)
    {
        int n = rows < 10 ? 301 : 4096;
        float[,] x = data.Matrix(rows, n);
        float[] value = new float[rows];
        float[][] plain = Inputs.Rows(x);
        var g = new SumGradientBatch(new float[rows, n]);
        float* px = data.Pin(x), pv = data.Pin(value), gx = data.Pin(g.X);
        Output sum = new("sum", value, 1e-3);
        double count = (double)rows * n;
        return new Problem($"{rows:#,0} × {n:#,0}",
            new(count, 4 * count, [sum],
            [
                Contestant.ByGenerator(() => SumBatch(x, value)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) => { for (nint r = from; r < to; r++) pv[r] = SumOf(px + r * n, n); })),
                Contestant.ByPlainLoops(() => { for (int r = 0; r < rows; r++) value[r] = Sum(plain[r]); }),
            ]) { Gpu = new(on => on.Take(value, SumBatch(on.Device, on[x])), gpu => gpu.For(rows, Kernels.Sum, gpu[x], gpu[value], n)) },
            new(count, 8 * count, [sum, new("x", g.X)],
            [
                Contestant.ByGenerator(() => SumValueAndGradBatch(x, value, ref g)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) =>
                {
                    for (nint r = from; r < to; r++)
                    {
                        pv[r] = SumOf(px + r * n, n);
                        new Span<float>(gx + r * n, n).Fill(1);
                    }
                })),
                Contestant.ByPlainLoops(() =>
                {
                    for (int r = 0; r < rows; r++)
                    {
                        value[r] = Sum(plain[r]);
                        for (int i = 0; i < n; i++) g.X[r, i] = 1;
                    }
                }),
            ]) { Gpu = new(on =>
                {
                    var (v, d) = SumValueAndGradBatch(on.Device, on[x]);
                    on.Take(value, v);
                    on.Take(g.X, d.X);
                },
                gpu =>
                {
                    gpu.For(rows, Kernels.Sum, gpu[x], gpu[value], n);
                    gpu.For(rows * n, Kernels.Fill, gpu[g.X], 1f);
                }) });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float DotOf(float* x, float* y, int n)
    {
        V a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        int i = 0;
        for (; i <= n - 8 * V.Count; i += 8 * V.Count)
        {
            float* p = x + i, q = y + i;
            a = VX.FusedMultiplyAdd(*(V*)p, *(V*)q, a);
            b = VX.FusedMultiplyAdd(*(V*)(p + V.Count), *(V*)(q + V.Count), b);
            c = VX.FusedMultiplyAdd(*(V*)(p + 2 * V.Count), *(V*)(q + 2 * V.Count), c);
            d = VX.FusedMultiplyAdd(*(V*)(p + 3 * V.Count), *(V*)(q + 3 * V.Count), d);
            e = VX.FusedMultiplyAdd(*(V*)(p + 4 * V.Count), *(V*)(q + 4 * V.Count), e);
            f = VX.FusedMultiplyAdd(*(V*)(p + 5 * V.Count), *(V*)(q + 5 * V.Count), f);
            g = VX.FusedMultiplyAdd(*(V*)(p + 6 * V.Count), *(V*)(q + 6 * V.Count), g);
            h = VX.FusedMultiplyAdd(*(V*)(p + 7 * V.Count), *(V*)(q + 7 * V.Count), h);
        }
        for (; i <= n - V.Count; i += V.Count) a = VX.FusedMultiplyAdd(*(V*)(x + i), *(V*)(y + i), a);
        float sum = VX.Sum(a + b + (c + d) + (e + f + (g + h)));
        for (; i < n; i++) sum += x[i] * y[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumOf(float* x, int n)
    {
        V a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        int i = 0;
        for (; i <= n - 8 * V.Count; i += 8 * V.Count)
        {
            float* p = x + i;
            a += *(V*)p;
            b += *(V*)(p + V.Count);
            c += *(V*)(p + 2 * V.Count);
            d += *(V*)(p + 3 * V.Count);
            e += *(V*)(p + 4 * V.Count);
            f += *(V*)(p + 5 * V.Count);
            g += *(V*)(p + 6 * V.Count);
            h += *(V*)(p + 7 * V.Count);
        }
        for (; i <= n - V.Count; i += V.Count) a += *(V*)(x + i);
        float sum = VX.Sum(a + b + (c + d) + (e + f + (g + h)));
        for (; i < n; i++) sum += x[i];
        return sum;
    }
}
