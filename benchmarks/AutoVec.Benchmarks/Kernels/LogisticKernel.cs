using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: rows in blocks that stay in the cache, first their products with the weights, then all losses in lanes, then the sums of the gradient.
internal static unsafe partial class Logistic
{
    private const int Block = 128;

    public static Workload Workload { get; } = new("logistic regression", [8192], 301, Make);

    private static Problem Make(Inputs data, int rows)
    {
        int n = rows < 1000 ? 37 : 128;
        float[,] x = data.Matrix(rows, n);
        float[] w = data.Uniform(n, -0.3f, 0.3f), y = Array.ConvertAll(data.Integers(rows, 2), i => (float)i), loss = new float[1], slope = new float[1];
        float bias = 0.1f;
        float[][] plain = Inputs.Rows(x);
        float[] gw = new float[n];
        var g = new LossGradientBatch(gw, 0);
        float* px = data.Pin(x), pw = data.Pin(w), py = data.Pin(y), pl = data.Pin(loss), pg = data.Pin(gw), ps = data.Pin(slope);
        float[] sums = new float[n + 2], losses = new float[rows], slopes = new float[rows];
        float* psums = data.Pin(sums);
        Output value = new("loss", loss);
        double count = (double)rows * n;
        return new Problem($"{rows:#,0} × {n}",
            new(2 * count + (5 + 2.0 * Side.Function) * rows, 4 * count, [value],
            [
                Contestant.ByGenerator(() => loss[0] = LossBatch(w, bias, x, y)),
                Contestant.ByHand(() =>
                {
                    Threads.Sum(rows, 1, pl, (from, to, sum) => Run(px, py, pw, bias, n, from, to, sum, null, null));
                    *pl /= rows;
                }),
                Contestant.ByPlainLoops(() =>
                {
                    double sum = 0;
                    for (int r = 0; r < rows; r++) sum += Loss(w, bias, plain[r], y[r]);
                    loss[0] = (float)(sum / rows);
                }),
            ]) { Gpu = new(on => on.Take(loss, LossBatch(on.Device, on[w], bias, on[x], on[y])),
                gpu =>
                {
                    gpu.For(rows, Kernels.LogisticRow, gpu[x], gpu[y], gpu[w], gpu[losses], gpu[slopes], bias);
                    gpu.For(1, Kernels.Mean, gpu[losses], gpu[loss]);
                }) },
            new(4 * count + (9 + 2.0 * Side.Function) * rows, 4 * count, [value, new("w", gw), new("b", slope)],
            [
                Contestant.ByGenerator(() =>
                {
                    loss[0] = LossValueAndGradBatch(w, bias, x, y, ref g);
                    slope[0] = g.B;
                }),
                Contestant.ByHand(() =>
                {
                    Threads.Sum(rows, n + 2, psums, (from, to, sum) => Run(px, py, pw, bias, n, from, to, sum + n, sum + n + 1, sum));
                    for (int i = 0; i < n; i++) pg[i] = psums[i] / rows;
                    (*pl, *ps) = (psums[n] / rows, psums[n + 1] / rows);
                }),
                Contestant.ByPlainLoops(() =>
                {
                    double sum = 0, sumSlope = 0;
                    Array.Clear(gw);
                    for (int r = 0; r < rows; r++)
                    {
                        float z = bias;
                        for (int i = 0; i < n; i++) z += w[i] * plain[r][i];
                        float e = MathF.Exp(-MathF.Abs(z)), d = (z > 0 ? 1 / (1 + e) : e / (1 + e)) - y[r];
                        sum += MathF.Max(z, 0) - y[r] * z + MathF.Log(1 + e);
                        sumSlope += d;
                        for (int i = 0; i < n; i++) gw[i] += d * plain[r][i];
                    }
                    for (int i = 0; i < n; i++) gw[i] /= rows;
                    (loss[0], slope[0]) = ((float)(sum / rows), (float)(sumSlope / rows));
                }),
            ]) { Gpu = new(on =>
                {
                    var (v, d) = LossValueAndGradBatch(on.Device, on[w], bias, on[x], on[y]);
                    on.Take(loss, v);
                    on.Take(gw, d.W);
                    on.Take(slope, d.B);
                },
                gpu =>
                {
                    gpu.For(rows, Kernels.LogisticRow, gpu[x], gpu[y], gpu[w], gpu[losses], gpu[slopes], bias);
                    gpu.For(1, Kernels.Mean, gpu[losses], gpu[loss]);
                    gpu.For(1, Kernels.Mean, gpu[slopes], gpu[slope]);
                    gpu.For(n, Kernels.LogisticWeights, gpu[x], gpu[slopes], gpu[gw]);
                }) });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(float* x, float* y, float* w, float bias, int n, nint from, nint to, float* loss, float* slope, float* gradient)
    {
        float* z = stackalloc float[Block];
        V losses = default, slopes = default;
        for (nint first = from; first < to; first += Block)
        {
            int rows = (int)Math.Min(Block, to - first);
            for (int r = 0; r < rows; r++) z[r] = bias + Dot(x + (first + r) * n, w, n);
            for (int r = 0; r < rows; r += V.Count)
            {
                int lanes = Math.Min(V.Count, rows - r);
                Lanes.Load(z + r, lanes, out V zs);
                Lanes.Load(y + first + r, lanes, out V ys);
                V e = VMath.Exp(-VX.Abs(zs)), e1 = V.One + e;
                losses += Lanes.Keep(VX.Max(zs, V.Zero) - ys * zs + VMath.Log(e1), lanes, V.Zero);
                if (gradient is null) continue;
                V d = Lanes.Keep(VX.ConditionalSelect(VX.GreaterThan(zs, V.Zero), V.One, e) / e1 - ys, lanes, V.Zero);
                slopes += d;
                Lanes.Store(d, z + r, lanes);
            }
            if (gradient is null) continue;
            int i = 0;
            for (; i <= n - 4 * V.Count; i += 4 * V.Count)
            {
                float* p = gradient + i;
                V a = *(V*)p, b = *(V*)(p + V.Count), c = *(V*)(p + 2 * V.Count), d = *(V*)(p + 3 * V.Count);
                for (int r = 0; r < rows; r++)
                {
                    float* row = x + (first + r) * n + i;
                    V s = VX.Create(z[r]);
                    a = VX.FusedMultiplyAdd(*(V*)row, s, a);
                    b = VX.FusedMultiplyAdd(*(V*)(row + V.Count), s, b);
                    c = VX.FusedMultiplyAdd(*(V*)(row + 2 * V.Count), s, c);
                    d = VX.FusedMultiplyAdd(*(V*)(row + 3 * V.Count), s, d);
                }
                *(V*)p = a;
                *(V*)(p + V.Count) = b;
                *(V*)(p + 2 * V.Count) = c;
                *(V*)(p + 3 * V.Count) = d;
            }
            for (; i < n; i++)
                for (int r = 0; r < rows; r++) gradient[i] += z[r] * x[(first + r) * n + i];
        }
        *loss += VX.Sum(losses);
        if (slope is not null) *slope += VX.Sum(slopes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* x, float* w, int n)
    {
        V a = default, b = default;
        int i = 0;
        for (; i <= n - 2 * V.Count; i += 2 * V.Count)
        {
            a = VX.FusedMultiplyAdd(*(V*)(x + i), *(V*)(w + i), a);
            b = VX.FusedMultiplyAdd(*(V*)(x + i + V.Count), *(V*)(w + i + V.Count), b);
        }
        float sum = VX.Sum(a + b);
        for (; i < n; i++) sum += x[i] * w[i];
        return sum;
    }
}
