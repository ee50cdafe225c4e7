using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;

namespace AutoVec.Benchmarks.Workloads;

internal static unsafe partial class Convolution2D
{
    public static Workload Workload { get; } = new("convolution 2-D", [32], 3, Make);

    private static Problem Make(Inputs data, int images)
    {
        (int side, int window) = images < 10 ? (23, 3) : (64, 5);
        int n = side - window + 1, pixels = side * side, results = n * n, taps = window * window;
        float[,,] x = data.Batch(images, side, side), value = new float[images, n, n], cotangent = data.Batch(images, n, n);
        float[,] w = data.Matrix(window, window);
        float[][,] plain = Inputs.Matrices(x);
        var g = new ConvolveGradientBatch(new float[images, side, side], new float[window, window]);
        float* px = data.Pin(x), pw = data.Pin(w), py = data.Pin(value), pc = data.Pin(cotangent), gx = data.Pin(g.X), gw = data.Pin(g.W);
        Output y = new("y", value);
        Kernels.Window sizes = new() { Rows = side, Columns = side, WindowRows = window, WindowColumns = window };
        double products = 2.0 * images * results * taps;
        return new Problem($"{images} × {side}², window {window}²",
            new(products, 8.0 * images * pixels, [y],
            [
                Contestant.ByGenerator(() => ConvolveBatch(x, w, value)),
                Contestant.ByHand(() => Threads.For(images, 1, (from, to) =>
                {
                    for (nint b = from; b < to; b++) Correlation.Valid(px + b * pixels, side, pw, window, window, py + b * results, n, n);
                })),
                Contestant.ByPlainLoops(() => { for (int b = 0; b < images; b++) Inputs.Flat(Convolve(plain[b], w)).CopyTo(Inputs.Flat(value)[(b * results)..]); }),
            ]) { Gpu = new(on => on.Take(value, ConvolveBatch(on.Device, on[x], on[w])), gpu => gpu.For(images * results, Kernels.Convolve, gpu[x], gpu[w], gpu[value], sizes)) },
            new(3 * products, 16.0 * images * pixels, [y, new("x", g.X), new("w", g.W)],
            [
                Contestant.ByGenerator(() => ConvolveVjpBatch(x, w, cotangent, value, ref g)),
                Contestant.ByHand(() => Threads.Sum(images, taps, gw, (from, to, sums) =>
                {
                    for (nint b = from; b < to; b++)
                    {
                        Correlation.Valid(px + b * pixels, side, pw, window, window, py + b * results, n, n);
                        Correlation.Full(pc + b * results, n, n, pw, window, window, gx + b * pixels);
                        Correlation.Weights(px + b * pixels, side, pc + b * results, n, n, window, window, sums);
                    }
                })),
                Contestant.ByPlainLoops(() =>
                {
                    Array.Clear(g.X);
                    Array.Clear(g.W);
                    for (int b = 0; b < images; b++)
                    {
                        Inputs.Flat(Convolve(plain[b], w)).CopyTo(Inputs.Flat(value)[(b * results)..]);
                        for (int i = 0; i < n; i++)
                            for (int j = 0; j < n; j++)
                                for (int k = 0; k < window; k++)
                                    for (int l = 0; l < window; l++)
                                    {
                                        g.X[b, i + k, j + l] += cotangent[b, i, j] * w[k, l];
                                        g.W[k, l] += cotangent[b, i, j] * x[b, i + k, j + l];
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
                    gpu.For(images * results, Kernels.Convolve, gpu[x], gpu[w], gpu[value], sizes);
                    gpu.For(x.Length, Kernels.ConvolveBack, gpu[cotangent], gpu[w], gpu[g.X], sizes);
                    gpu.For(w.Length, Kernels.ConvolveWeights, gpu[x], gpu[cotangent], gpu[g.W], sizes);
                }) });
    }
}
