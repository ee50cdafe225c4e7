using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: lanes are components, one vector of them, of which transposed copies are made once a call; the logarithms of a block of points are taken together.
internal static unsafe partial class Mixture
{
    private const int Block = 64, MostComponents = 16, MostDimensions = 16;

    public static Workload Workload { get; } = new("Gaussian mixture", [16_384], 203, Make);

    private static Problem Make(Inputs data, int n)
    {
        (int k, int d) = n < 1000 ? (13, 5) : (16, 8);
        float[,] x = data.Matrix(n, d, -2, 2), mean = data.Matrix(k, d, -2, 2), logScale = data.Matrix(k, d, -0.3f, 0.3f);
        float[] logits = data.Uniform(k), value = new float[1];
        float[][] plain = Inputs.Rows(x);
        var g = new LogLikelihoodGradientBatch(new float[k], new float[k, d], new float[k, d]);
        float* px = data.Pin(x), pm = data.Pin(mean), ps = data.Pin(logScale), pl = data.Pin(logits), pv = data.Pin(value);
        float* gl = data.Pin(g.Logits), gm = data.Pin(g.Mean), gs = data.Pin(g.LogScale);
        float* tables = data.Pin(new float[Tables.Size]), sums = data.Pin(new float[Sums.Size]);
        Output likelihood = new("log-likelihood", value);
        double terms = (double)n * k;
        return new Problem($"{n:#,0} points of {d}, {k} components",
            new(terms * (4 * d + 3 + Side.Function), 4.0 * n * d, [likelihood],
            [
                Contestant.ByGenerator(() => value[0] = LogLikelihoodBatch(x, logits, mean, logScale)),
                Contestant.ByHand(() =>
                {
                    float total = Prepare(pl, pm, ps, k, d, tables);
                    Threads.Sum(n, 1, pv, (from, to, sum) => Run(px, tables, d, from, to, sum, null));
                    *pv = *pv / n - total;
                }),
                Contestant.ByPlainLoops(() =>
                {
                    double sum = 0;
                    for (int i = 0; i < n; i++) sum += LogLikelihood(plain[i], logits, mean, logScale);
                    value[0] = (float)(sum / n);
                }),
            ]),
            new(terms * (9 * d + 5 + 2 * Side.Function), 4.0 * n * d, [likelihood, new("logits", g.Logits), new("mean", g.Mean), new("log scale", g.LogScale)],
            [
                Contestant.ByGenerator(() => value[0] = LogLikelihoodValueAndGradBatch(x, logits, mean, logScale, ref g)),
                Contestant.ByHand(() =>
                {
                    float total = Prepare(pl, pm, ps, k, d, tables);
                    Threads.Sum(n, Sums.Size, sums, (from, to, sum) => Run(px, tables, d, from, to, sum, sum + V.Count));
                    *pv = *sums / n - total;
                    for (int c = 0; c < k; c++)
                    {
                        gl[c] = sums[V.Count + c] / n - MathF.Exp(pl[c] - total);
                        for (int j = 0; j < d; j++)
                        {
                            gm[c * d + j] = sums[Sums.Mean + j * MostComponents + c] / n;
                            gs[c * d + j] = sums[Sums.Scale + j * MostComponents + c] / n;
                        }
                    }
                }),
                Contestant.ByPlainLoops(() => value[0] = PlainGradient(plain, logits, mean, logScale, g)),
            ]));
    }

    private static float PlainGradient(float[][] x, float[] logits, float[,] mean, float[,] logScale, LogLikelihoodGradientBatch g)
    {
        (int n, int k, int d) = (x.Length, logits.Length, mean.GetLength(1));
        Array.Clear(g.Logits);
        Array.Clear(g.Mean);
        Array.Clear(g.LogScale);
        float total = Np.LogSumExp(logits);
        double value = 0;
        float[] terms = new float[k];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < k; c++)
            {
                terms[c] = logits[c];
                for (int j = 0; j < d; j++)
                {
                    float u = (x[i][j] - mean[c, j]) * MathF.Exp(-logScale[c, j]);
                    terms[c] -= 0.5f * u * u + logScale[c, j];
                }
            }
            float all = Np.LogSumExp(terms);
            value += all - total;
            for (int c = 0; c < k; c++)
            {
                float share = MathF.Exp(terms[c] - all);
                g.Logits[c] += (share - MathF.Exp(logits[c] - total)) / n;
                for (int j = 0; j < d; j++)
                {
                    float inverse = MathF.Exp(-logScale[c, j]), u = (x[i][j] - mean[c, j]) * inverse;
                    g.Mean[c, j] += share * u * inverse / n;
                    g.LogScale[c, j] += share * (u * u - 1) / n;
                }
            }
        }
        return (float)(value / n);
    }

    /// <summary>Where the tables lie: for each dimension the means and 1/scales of all components, then what a component's term begins with.</summary>
    private static class Tables
    {
        public const int Mean = 0, Inverse = MostDimensions * MostComponents, Start = 2 * MostDimensions * MostComponents, Size = Start + MostComponents;
    }

    /// <summary>Where the sums lie: the value, the shares, and for each dimension those of the means and scales of all components.</summary>
    private static class Sums
    {
        public const int Mean = 16 + MostComponents, Scale = Mean + MostDimensions * MostComponents, Size = Scale + MostDimensions * MostComponents;
    }

    /// <summary>Fills the tables; components that are none have a term of −∞. Returns log Σ exp(logits).</summary>
    private static float Prepare(float* logits, float* mean, float* logScale, int k, int d, float* tables)
    {
        if (k > MostComponents || d > MostDimensions) throw new NotSupportedException($"{k} components of {d} dimensions");
        for (int c = 0; c < MostComponents; c++)
        {
            float start = c < k ? logits[c] : float.NegativeInfinity;
            for (int j = 0; j < d; j++)
            {
                tables[Tables.Mean + j * MostComponents + c] = c < k ? mean[c * d + j] : 0;
                tables[Tables.Inverse + j * MostComponents + c] = c < k ? MathF.Exp(-logScale[c * d + j]) : 1;
                if (c < k) start -= logScale[c * d + j];
            }
            tables[Tables.Start + c] = start;
        }
        float most = logits[0], sum = 0;
        for (int c = 1; c < k; c++) most = MathF.Max(most, logits[c]);
        for (int c = 0; c < k; c++) sum += MathF.Exp(logits[c] - most);
        return most + MathF.Log(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(float* x, float* tables, int d, nint from, nint to, float* value, float* sums)
    {
        float* masses = stackalloc float[Block], shifts = stackalloc float[Block];
        V total = default;
        for (nint first = from; first < to; first += Block)
        {
            int rows = (int)Math.Min(Block, to - first);
            for (int r = 0; r < rows; r++)
                Point(x + (first + r) * d, tables, d, masses + r, shifts + r, sums);
            for (int r = 0; r < rows; r += V.Count)
            {
                int lanes = Math.Min(V.Count, rows - r);
                Lanes.Load(masses + r, lanes, out V mass);
                Lanes.Load(shifts + r, lanes, out V shift);
                total += Lanes.Keep(VMath.Log(mass) + shift, lanes, V.Zero);
            }
        }
        *value += VX.Sum(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Point(float* x, float* tables, int d, float* mass, float* shift, float* sums)
    {
        V half = VX.Create(-0.5f), a = default, b = default;
        int j = 0;
        for (; j <= d - 2; j += 2)
        {
            V u = (VX.Create(x[j]) - *(V*)(tables + Tables.Mean + j * MostComponents)) * *(V*)(tables + Tables.Inverse + j * MostComponents);
            V v = (VX.Create(x[j + 1]) - *(V*)(tables + Tables.Mean + (j + 1) * MostComponents)) * *(V*)(tables + Tables.Inverse + (j + 1) * MostComponents);
            a = VX.FusedMultiplyAdd(u, u, a);
            b = VX.FusedMultiplyAdd(v, v, b);
        }
        for (; j < d; j++)
        {
            V u = (VX.Create(x[j]) - *(V*)(tables + Tables.Mean + j * MostComponents)) * *(V*)(tables + Tables.Inverse + j * MostComponents);
            a = VX.FusedMultiplyAdd(u, u, a);
        }
        V term = VX.FusedMultiplyAdd(a + b, half, *(V*)(tables + Tables.Start));
        float most = Lanes.Max(term);
        V e = VMath.Exp(term - VX.Create(most));
        float sum = VX.Sum(e);
        (*mass, *shift) = (sum, most);
        if (sums is null) return;
        V share = e * VX.Create(1 / sum);
        *(V*)sums += share;
        float* means = sums - V.Count + Sums.Mean, scales = sums - V.Count + Sums.Scale;
        for (j = 0; j < d; j++)
        {
            V inverse = *(V*)(tables + Tables.Inverse + j * MostComponents);
            V u = (VX.Create(x[j]) - *(V*)(tables + Tables.Mean + j * MostComponents)) * inverse, su = share * u;
            *(V*)(means + j * MostComponents) = VX.FusedMultiplyAdd(su, inverse, *(V*)(means + j * MostComponents));
            *(V*)(scales + j * MostComponents) = VX.FusedMultiplyAdd(su, u, *(V*)(scales + j * MostComponents) - share);
        }
    }
}
