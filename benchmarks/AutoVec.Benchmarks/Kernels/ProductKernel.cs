using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;

namespace AutoVec.Benchmarks.Workloads;

// Beside the generated code: the runtime's own product called by hand, and libraries where they are installed.
internal static unsafe partial class Product
{
    public static Workload Workload { get; } = new("matrix product", [128, 512], 5, Make);

    private static Problem Make(Inputs data, int m)
    {
        (int k, int n) = m < 10 ? (13, 7) : (512, 512);
        float[,] x = data.Matrix(m, k), w = data.Matrix(k, n), value = new float[m, n], cotangent = data.Matrix(m, n);
        float[][] plain = Inputs.Rows(x);
        var g = new ApplyGradientBatch(new float[m, k], new float[k, n]);
        float* px = data.Pin(x), pw = data.Pin(w), py = data.Pin(value), pc = data.Pin(cotangent), gx = data.Pin(g.X), gw = data.Pin(g.W);
        Output y = new("y", value);
        Kernels.Shape forward = new() { Columns = n, Inner = k, RowOfA = k, InnerOfA = 1, InnerOfB = n, ColumnOfB = 1 };
        double operations = 2.0 * m * n * k, bytes = 4.0 * (m * k + k * n + m * n);
        return new Problem($"{m} × {k} · {k} × {n}",
            new(operations, bytes, [y], With(multiply => multiply(px, false, pw, false, py, m, n, k),
                [Contestant.ByGenerator(() => ApplyBatch(x, w, value)),
                Contestant.ByPlainLoops(() => { for (int i = 0; i < m; i++) Apply(plain[i], w).CopyTo(Inputs.Flat(value).Slice(i * n, n)); }), .. Torch.Peer("product", [x, w], [value])])) { Gpu = new(
                on => on.Take(value, ApplyBatch(on.Device, on[x], on[w])),
                gpu => gpu.For(m * n, Kernels.Multiply, gpu[x], gpu[w], gpu[value], forward)) },
            new(3 * operations, 2 * bytes + 4.0 * m * n, [y, new("x", g.X), new("w", g.W)], With(multiply =>
                {
                    multiply(px, false, pw, false, py, m, n, k);
                    multiply(pc, false, pw, true, gx, m, k, n);
                    multiply(px, true, pc, false, gw, k, n, m);
                },
                [Contestant.ByGenerator(() => ApplyVjpBatch(x, w, cotangent, value, ref g)),
                Contestant.ByPlainLoops(() =>
                {
                    Array.Clear(g.X);
                    Array.Clear(g.W);
                    for (int i = 0; i < m; i++)
                    {
                        Apply(plain[i], w).CopyTo(Inputs.Flat(value).Slice(i * n, n));
                        for (int l = 0; l < k; l++)
                            for (int j = 0; j < n; j++)
                            {
                                g.X[i, l] += cotangent[i, j] * w[l, j];
                                g.W[l, j] += cotangent[i, j] * x[i, l];
                            }
                    }
                }), .. Torch.Peer("product gradient", [x, w, cotangent], [value, g.X, g.W])])) { Gpu = new(
                on =>
                {
                    var (v, d) = ApplyVjpBatch(on.Device, on[x], on[w], on[cotangent]);
                    on.Take(value, v);
                    on.Take(g.X, d.X);
                    on.Take(g.W, d.W);
                },
                gpu =>
                {
                    gpu.For(m * n, Kernels.Multiply, gpu[x], gpu[w], gpu[value], forward);
                    gpu.For(m * k, Kernels.Multiply, gpu[cotangent], gpu[w], gpu[g.X], new Kernels.Shape { Columns = k, Inner = n, RowOfA = n, InnerOfA = 1, InnerOfB = 1, ColumnOfB = n });
                    gpu.For(k * n, Kernels.Multiply, gpu[x], gpu[cotangent], gpu[g.W], new Kernels.Shape { Columns = n, Inner = m, RowOfA = 1, InnerOfA = k, InnerOfB = n, ColumnOfB = 1 });
                }) });
    }

    /// <summary>C[rows × columns] = A·B of dense arrays, either of which may be stored transposed.</summary>
    private delegate void Multiply(float* a, bool transposedA, float* b, bool transposedB, float* c, int rows, int columns, int inner);

    private static Contestant[] With(Action<Multiply> run, Contestant[] others)
    {
        List<Contestant> all = [.. others, Contestant.ByHand(() => run(Contract))];
        if (Blas.IsThere) all.Add(new(Contestant.OpenBlas, () => run((a, ta, b, tb, c, m, n, k) => Blas.Multiply(m, n, k, a, ta, b, tb, c))));
        if (OneDnn.IsThere) all.Add(new(Contestant.OneDnn, () => run((a, ta, b, tb, c, m, n, k) => OneDnn.Multiply(m, n, k, a, ta, b, tb, c))));
        return [.. all];
    }

    private static void Contract(float* a, bool transposedA, float* b, bool transposedB, float* c, int m, int n, int k) =>
        Threads.Engine.Contract(new Contraction<float>
        {
            Batch = 1, M = m, N = n, K = k, A = a, B = b, C = c, CM = n,
            AM = transposedA ? 1 : k, AK = transposedA ? m : 1, BK = transposedB ? 1 : n, BN = transposedB ? k : 1,
        });
}
