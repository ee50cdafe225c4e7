using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;

namespace AutoVec.Benchmarks.Workloads;

internal static unsafe partial class Convolution1D
{
    public static Workload Workload { get; } = new("convolution 1-D", [64], 5, Make);

    private static Problem Make(Inputs data, int rows)
    {
        (int length, int taps) = rows < 10 ? (77, 7) : (4096, 10);
        int n = length - taps + 1;
        float[,] x = data.Matrix(rows, length), value = new float[rows, n], cotangent = data.Matrix(rows, n);
        float[] w = data.Uniform(taps);
        float[][] plain = Inputs.Rows(x);
        var g = new ConvolveGradientBatch(new float[rows, length], new float[taps]);
        float* px = data.Pin(x), pw = data.Pin(w), py = data.Pin(value), pc = data.Pin(cotangent), gx = data.Pin(g.X), gw = data.Pin(g.W);
        Output y = new("y", value);
        Kernels.Window sizes = new() { Rows = 1, Columns = length, WindowRows = 1, WindowColumns = taps };
        double products = 2.0 * rows * n * taps;
        return new Problem($"{rows} × {length:#,0}, window {taps}",
            new(products, 8.0 * rows * length, [y],
            [
                Contestant.ByGenerator(() => ConvolveBatch(x, w, value)),
                Contestant.ByHand(() => Threads.For(rows, 1, (from, to) =>
                {
                    for (nint r = from; r < to; r++) Correlation.Valid(px + r * length, length, pw, 1, taps, py + r * n, 1, n);
                })),
                Contestant.ByPlainLoops(() => { for (int r = 0; r < rows; r++) Convolve(plain[r], w).CopyTo(Inputs.Flat(value).Slice(r * n, n)); }),
            ]) { Gpu = new(on => on.Take(value, ConvolveBatch(on.Device, on[x], on[w])), gpu => gpu.For(rows * n, Kernels.Convolve, gpu[x], gpu[w], gpu[value], sizes)) },
            new(3 * products, 16.0 * rows * length, [y, new("x", g.X), new("w", g.W)],
            [
                Contestant.ByGenerator(() => ConvolveVjpBatch(x, w, cotangent, value, ref g)),
                Contestant.ByHand(() => Threads.Sum(rows, taps, gw, (from, to, sums) =>
                {
                    for (nint r = from; r < to; r++)
                    {
                        Correlation.Valid(px + r * length, length, pw, 1, taps, py + r * n, 1, n);
                        Correlation.Full(pc + r * n, 1, n, pw, 1, taps, gx + r * length);
                        Correlation.Weights(px + r * length, length, pc + r * n, 1, n, 1, taps, sums);
                    }
                })),
                Contestant.ByPlainLoops(() =>
                {
                    Array.Clear(g.X);
                    Array.Clear(g.W);
                    for (int r = 0; r < rows; r++)
                    {
                        Convolve(plain[r], w).CopyTo(Inputs.Flat(value).Slice(r * n, n));
                        for (int i = 0; i < n; i++)
                            for (int k = 0; k < taps; k++)
                            {
                                g.X[r, i + k] += cotangent[r, i] * w[k];
                                g.W[k] += cotangent[r, i] * x[r, i + k];
                            }
                    }
                }),
            ]) { Gpu = new(on =>
                {
                    var (v, d) = ConvolveVjpBatch(on.Device, on[x], on[w], on[cotangent]);
                    on.Take(value, v);
                    on.Take(g.X, d.X);
                    on.Take(g.W, d.W);
                },
                gpu =>
                {
                    gpu.For(rows * n, Kernels.Convolve, gpu[x], gpu[w], gpu[value], sizes);
                    gpu.For(x.Length, Kernels.ConvolveBack, gpu[cotangent], gpu[w], gpu[g.X], sizes);
                    gpu.For(w.Length, Kernels.ConvolveWeights, gpu[x], gpu[cotangent], gpu[g.W], sizes);
                }) });
    }
}
