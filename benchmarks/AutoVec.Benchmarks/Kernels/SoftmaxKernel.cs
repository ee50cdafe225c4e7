using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: three passes over a row that is in the cache, two more backwards.
internal static unsafe partial class Softmax
{
    public static Workload Workload { get; } = new("softmax rows", [512], 9, Make);

    private static Problem Make(Inputs data, int rows)
    {
        int n = rows < 100 ? 37 : 1000;
        float[,] x = data.Matrix(rows, n, -4, 4), cotangent = data.Matrix(rows, n), value = new float[rows, n];
        float[][] plain = Inputs.Rows(x);
        var g = new RowGradientBatch(new float[rows, n]);
        float* px = data.Pin(x), pc = data.Pin(cotangent), py = data.Pin(value), pg = data.Pin(g.X);
        Output y = new("softmax", value);
        double count = (double)rows * n;
        return new Problem($"{rows} × {n:#,0}",
            new((4 + Side.Function) * count, 8 * count, [y],
            [
                Contestant.ByGenerator(() => RowBatch(x, value)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) => { for (nint r = from; r < to; r++) Forward(px + r * n, py + r * n, n); })),
                Contestant.ByPlainLoops(() => { for (int r = 0; r < rows; r++) Row(plain[r]).CopyTo(Inputs.Flat(value).Slice(r * n, n)); }),
                .. Torch.Peer("softmax", [x], [value]),
            ]) { Gpu = new(on => on.Take(value, RowBatch(on.Device, on[x])), gpu => gpu.For(rows, Kernels.SoftmaxRow, gpu[x], gpu[value], n)) },
            new((8 + Side.Function) * count, 16 * count, [y, new("x", g.X)],
            [
                Contestant.ByGenerator(() => RowVjpBatch(x, cotangent, value, ref g)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) =>
                {
                    for (nint r = from; r < to; r++)
                    {
                        Forward(px + r * n, py + r * n, n);
                        Backward(py + r * n, pc + r * n, pg + r * n, n);
                    }
                })),
                Contestant.ByPlainLoops(() =>
                {
                    for (int r = 0; r < rows; r++)
                    {
                        float[] s = Row(plain[r]);
                        s.CopyTo(Inputs.Flat(value).Slice(r * n, n));
                        float dot = 0;
                        for (int i = 0; i < n; i++) dot += s[i] * cotangent[r, i];
                        for (int i = 0; i < n; i++) g.X[r, i] = s[i] * (cotangent[r, i] - dot);
                    }
                }),
                .. Torch.Peer("softmax gradient", [x, cotangent], [value, g.X]),
            ]) { Gpu = new(on =>
                {
                    var (v, d) = RowVjpBatch(on.Device, on[x], on[cotangent]);
                    on.Take(value, v);
                    on.Take(g.X, d.X);
                },
                gpu =>
                {
                    gpu.For(rows, Kernels.SoftmaxRow, gpu[x], gpu[value], n);
                    gpu.For(rows, Kernels.SoftmaxRowBack, gpu[value], gpu[cotangent], gpu[g.X], n);
                }) });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(float* x, float* y, int n)
    {
        V most = VX.Create(float.NegativeInfinity), most1 = most;
        int full = n / V.Count * V.Count, rest = n - full, i = 0;
        for (; i <= full - 2 * V.Count; i += 2 * V.Count)
        {
            most = VX.Max(most, *(V*)(x + i));
            most1 = VX.Max(most1, *(V*)(x + i + V.Count));
        }
        for (; i < full; i += V.Count) most = VX.Max(most, *(V*)(x + i));
        if (rest > 0)
        {
            Lanes.LoadTail(x + full, rest, out V tail);
            most = VX.Max(most, tail);
        }
        V max = VX.Create(Lanes.Max(VX.Max(most, most1)));
        V sum = default, sum1 = default;
        for (i = 0; i <= full - 2 * V.Count; i += 2 * V.Count)
        {
            V e = VMath.Exp(*(V*)(x + i) - max), e1 = VMath.Exp(*(V*)(x + i + V.Count) - max);
            *(V*)(y + i) = e;
            *(V*)(y + i + V.Count) = e1;
            sum += e;
            sum1 += e1;
        }
        for (; i < full; i += V.Count)
        {
            V e = VMath.Exp(*(V*)(x + i) - max);
            *(V*)(y + i) = e;
            sum += e;
        }
        if (rest > 0)
        {
            Lanes.LoadTail(x + full, rest, out V tail);
            V e = Lanes.Keep(VMath.Exp(tail - max), rest, V.Zero);
            Lanes.Store(e, y + full, rest);
            sum += e;
        }
        V scale = VX.Create(1 / VX.Sum(sum + sum1));
        for (i = 0; i < full; i += V.Count) *(V*)(y + i) *= scale;
        for (; i < n; i++) y[i] *= scale[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward(float* y, float* cotangent, float* gradient, int n)
    {
        V a = default, b = default;
        int i = 0;
        for (; i <= n - 2 * V.Count; i += 2 * V.Count)
        {
            a = VX.FusedMultiplyAdd(*(V*)(y + i), *(V*)(cotangent + i), a);
            b = VX.FusedMultiplyAdd(*(V*)(y + i + V.Count), *(V*)(cotangent + i + V.Count), b);
        }
        float dot = VX.Sum(a + b);
        for (; i < n; i++) dot += y[i] * cotangent[i];
        for (i = 0; i <= n - V.Count; i += V.Count) *(V*)(gradient + i) = *(V*)(y + i) * (*(V*)(cotangent + i) - VX.Create(dot));
        for (; i < n; i++) gradient[i] = y[i] * (cotangent[i] - dot);
    }
}
