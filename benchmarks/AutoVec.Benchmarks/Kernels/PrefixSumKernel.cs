using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VI = System.Runtime.Intrinsics.Vector512<int>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: within a vector sums of 2, 4, 8 and 16 by shifted copies, and what came before as a broadcast.
internal static unsafe partial class PrefixSum
{
    public static Workload Workload { get; } = new("prefix sum", [64], 7, Make);

    private static Problem Make(Inputs data, int rows)
    {
        int n = rows < 10 ? 301 : 4096;
        float[,] x = data.Matrix(rows, n), value = new float[rows, n], cotangent = data.Matrix(rows, n);
        float[][] plain = Inputs.Rows(x);
        var g = new OfGradientBatch(new float[rows, n]);
        float* px = data.Pin(x), py = data.Pin(value), pc = data.Pin(cotangent), gx = data.Pin(g.X);
        Output y = new("y", value);
        double count = (double)rows * n;
        return new Problem($"{rows} × {n:#,0}",
            new(count, 8 * count, [y],
            [
                Contestant.ByGenerator(() => OfBatch(x, value)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) => { for (nint r = from; r < to; r++) Forward(px + r * n, py + r * n, n); })),
                Contestant.ByPlainLoops(() => { for (int r = 0; r < rows; r++) Of(plain[r]).CopyTo(Inputs.Flat(value).Slice(r * n, n)); }),
            ]) { Gpu = new(on => on.Take(value, OfBatch(on.Device, on[x])), gpu => gpu.For(rows, Kernels.PrefixSums, gpu[x], gpu[value], n)) },
            new(2 * count, 16 * count, [y, new("x", g.X)],
            [
                Contestant.ByGenerator(() => OfVjpBatch(x, cotangent, value, ref g)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) =>
                {
                    for (nint r = from; r < to; r++)
                    {
                        Forward(px + r * n, py + r * n, n);
                        Backward(pc + r * n, gx + r * n, n);
                    }
                })),
                Contestant.ByPlainLoops(() =>
                {
                    for (int r = 0; r < rows; r++)
                    {
                        Of(plain[r]).CopyTo(Inputs.Flat(value).Slice(r * n, n));
                        float sum = 0;
                        for (int i = n - 1; i >= 0; i--) g.X[r, i] = sum += cotangent[r, i];
                    }
                }),
            ]) { Gpu = new(on =>
                {
                    var (v, d) = OfVjpBatch(on.Device, on[x], on[cotangent]);
                    on.Take(value, v);
                    on.Take(g.X, d.X);
                },
                gpu =>
                {
                    gpu.For(rows, Kernels.PrefixSums, gpu[x], gpu[value], n);
                    gpu.For(rows, Kernels.SuffixSums, gpu[cotangent], gpu[g.X], n);
                }) });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(float* x, float* y, int n)
    {
        VI last = VX.Create(15);
        V carry = default;
        int i = 0;
        for (; i <= n - V.Count; i += V.Count)
        {
            V v = *(V*)(x + i);
            v += VX.Shuffle(v, VX.Create(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14));
            v += VX.Shuffle(v, VX.Create(-1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
            v += VX.Shuffle(v, VX.Create(-1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
            v += VX.Shuffle(v, VX.Create(-1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7));
            *(V*)(y + i) = v + carry;
            carry += VX.Shuffle(v, last);
        }
        float sum = carry[0];
        for (; i < n; i++) y[i] = sum += x[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward(float* yBar, float* xBar, int n)
    {
        V carry = default;
        int i = n;
        float sum = 0;
        for (; i % V.Count != 0; i--) xBar[i - 1] = sum += yBar[i - 1];
        carry = VX.Create(sum);
        for (i -= V.Count; i >= 0; i -= V.Count)
        {
            V v = *(V*)(yBar + i);
            v += VX.Shuffle(v, VX.Create(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1));
            v += VX.Shuffle(v, VX.Create(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1, -1));
            v += VX.Shuffle(v, VX.Create(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1));
            v += VX.Shuffle(v, VX.Create(8, 9, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1));
            *(V*)(xBar + i) = v + carry;
            carry += VX.Shuffle(v, VI.Zero);
        }
    }
}
