using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: the products of all inputs at once, one product a time step, gates in lanes; backwards one product a step, those of the weights at the end.
internal static unsafe partial class Lstm
{
    public static Workload Workload { get; } = new("LSTM", [64], 5, Make);

    private static Problem Make(Inputs data, int batch)
    {
        (int steps, int inputs, int units) = batch < 10 ? (3, 5, 7) : (16, 32, 64);
        int gates = 4 * units;
        float[,,] x = data.Batch(batch, steps, inputs);
        float[,] target = data.Matrix(batch, units);
        var p = new LstmWeights(data.Matrix(inputs, gates, -0.2f, 0.2f), data.Matrix(units, gates, -0.2f, 0.2f), data.Uniform(gates, -0.2f, 0.2f));
        var g = new LossGradientBatch(new LstmWeights(new float[inputs, gates], new float[units, gates], new float[gates]));
        float[] loss = new float[1];
        float[][,] plainX = Inputs.Matrices(x);
        float[][] plainTarget = Inputs.Rows(target);
        float* Rent(int count) => data.Pin(new float[count]);
        var run = new Cell
        {
            Batch = batch, Steps = steps, Inputs = inputs, Units = units,
            X = data.Pin(x), Target = data.Pin(target), Wx = data.Pin(p.Wx), Wh = data.Pin(p.Wh), B = data.Pin(p.B), Loss = data.Pin(loss),
            WxBar = data.Pin(g.P.Wx), WhBar = data.Pin(g.P.Wh), BBar = data.Pin(g.P.B),
            Gates = Rent(batch * steps * gates), Before = Rent(batch * steps * units), C = Rent(batch * steps * units), Last = Rent(batch * units),
            HBar = Rent(batch * units), CBar = Rent(batch * units),
        };
        Output value = new("loss", loss);
        double cells = (double)batch * steps * units, products = 2.0 * batch * steps * gates * (inputs + units);
        return new Problem($"batch {batch}, {steps} steps, {inputs} inputs, {units} units",
            new(products + cells * (13 + 5 * Side.Function), 4.0 * (x.Length + p.Wx.Length + p.Wh.Length), [value],
            [
                Contestant.ByGenerator(() => loss[0] = LossBatch(p, x, target)),
                Contestant.ByHand(() => run.Forward()),
                Contestant.ByPlainLoops(() =>
                {
                    double sum = 0;
                    for (int b = 0; b < batch; b++) sum += Loss(p, plainX[b], plainTarget[b]);
                    loss[0] = (float)(sum / batch);
                }),
            ]),
            new(3 * products + cells * (40 + 5 * Side.Function), 8.0 * (x.Length + p.Wx.Length + p.Wh.Length), [value, new("Wx", g.P.Wx), new("Wh", g.P.Wh), new("b", g.P.B)],
            [
                Contestant.ByGenerator(() => loss[0] = LossValueAndGradBatch(p, x, target, ref g)),
                Contestant.ByHand(() =>
                {
                    run.Forward();
                    run.Backward();
                }),
                Contestant.ByPlainLoops(() => loss[0] = PlainGradient(p, plainX, plainTarget, g.P)),
            ]));
    }

    private static float PlainGradient(LstmWeights p, float[][,] xs, float[][] targets, LstmWeights g)
    {
        (int inputs, int units, int steps) = (p.Wx.GetLength(0), p.Wh.GetLength(0), xs[0].GetLength(0));
        Array.Clear(g.Wx);
        Array.Clear(g.Wh);
        Array.Clear(g.B);
        double total = 0;
        float[,] gates = new float[steps, 4 * units], h = new float[steps + 1, units], c = new float[steps + 1, units];
        for (int b = 0; b < xs.Length; b++)
        {
            var x = xs[b];
            for (int t = 0; t < steps; t++)
            {
                for (int j = 0; j < 4 * units; j++)
                {
                    float sum = p.B[j];
                    for (int i = 0; i < inputs; i++) sum += x[t, i] * p.Wx[i, j];
                    for (int i = 0; i < units; i++) sum += h[t, i] * p.Wh[i, j];
                    gates[t, j] = j / units == 2 ? MathF.Tanh(sum) : Sigmoid(sum);
                }
                for (int j = 0; j < units; j++)
                {
                    c[t + 1, j] = gates[t, units + j] * c[t, j] + gates[t, j] * gates[t, 2 * units + j];
                    h[t + 1, j] = gates[t, 3 * units + j] * MathF.Tanh(c[t + 1, j]);
                }
            }
            float[] hBar = new float[units], cBar = new float[units], slope = new float[4 * units];
            for (int j = 0; j < units; j++)
            {
                float difference = h[steps, j] - targets[b][j];
                total += difference * difference / 2;
                hBar[j] = difference / xs.Length;
            }
            for (int t = steps - 1; t >= 0; t--)
            {
                for (int j = 0; j < units; j++)
                {
                    (float i, float f, float z, float o) = (gates[t, j], gates[t, units + j], gates[t, 2 * units + j], gates[t, 3 * units + j]);
                    float s = MathF.Tanh(c[t + 1, j]), bar = cBar[j] + hBar[j] * o * (1 - s * s);
                    slope[j] = bar * z * i * (1 - i);
                    slope[units + j] = bar * c[t, j] * f * (1 - f);
                    slope[2 * units + j] = bar * i * (1 - z * z);
                    slope[3 * units + j] = hBar[j] * s * o * (1 - o);
                    cBar[j] = bar * f;
                }
                Array.Clear(hBar);
                for (int j = 0; j < 4 * units; j++)
                {
                    g.B[j] += slope[j];
                    for (int i = 0; i < inputs; i++) g.Wx[i, j] += x[t, i] * slope[j];
                    for (int i = 0; i < units; i++)
                    {
                        g.Wh[i, j] += h[t, i] * slope[j];
                        hBar[i] += p.Wh[i, j] * slope[j];
                    }
                }
            }
        }
        return (float)(total / xs.Length);
    }

    /// <summary>The arrays of a batch. Sample and step are the rows of gates, states before and states of the cell.</summary>
    private sealed class Cell
    {
        public required int Batch, Steps, Inputs, Units;
        public required float* X, Target, Wx, Wh, B, Loss, WxBar, WhBar, BBar;
        public required float* Gates, Before, C, Last, HBar, CBar;

        public void Forward()
        {
            int gates = 4 * Units;
            Threads.Engine.Contract(new Contraction<float>
            {
                Batch = 1, M = Batch * Steps, N = gates, K = Inputs, A = X, AM = Inputs, AK = 1, B = Wx, BK = gates, BN = 1, C = Gates, CM = gates,
            });
            for (int t = 0; t < Steps; t++)
            {
                if (t > 0)
                    Threads.Engine.Contract(new Contraction<float>
                    {
                        Batch = 1, M = Batch, N = gates, K = Units, A = Before + t * Units, AM = Steps * Units, AK = 1, B = Wh, BK = gates, BN = 1,
                        C = Gates + t * gates, CM = Steps * gates, Accumulate = true,
                    });
                int step = t;
                Threads.For(Batch, 8, (from, to) => Step(step, from, to));
            }
            Threads.Sum(Batch, 1, Loss, Losses);
            *Loss /= 2 * Batch;
        }

        public void Backward()
        {
            int gates = 4 * Units;
            new Span<float>(CBar, Batch * Units).Clear();
            for (int i = 0; i < Batch * Units; i++) HBar[i] = (Last[i] - Target[i]) / Batch;
            for (int t = Steps - 1; t >= 0; t--)
            {
                int step = t;
                Threads.For(Batch, 8, (from, to) => Slopes(step, from, to));
                if (t > 0)
                    Threads.Engine.Contract(new Contraction<float>
                    {
                        Batch = 1, M = Batch, N = Units, K = gates, A = Gates + t * gates, AM = Steps * gates, AK = 1, B = Wh, BK = 1, BN = gates, C = HBar, CM = Units,
                    });
            }
            Threads.Engine.Contract(new Contraction<float>
            {
                Batch = 1, M = Units, N = gates, K = Batch * Steps, A = Before, AM = 1, AK = Units, B = Gates, BK = gates, BN = 1, C = WhBar, CM = gates,
            });
            Threads.Engine.Contract(new Contraction<float>
            {
                Batch = 1, M = Inputs, N = gates, K = Batch * Steps, A = X, AM = 1, AK = Inputs, B = Gates, BK = gates, BN = 1, C = WxBar, CM = gates,
            });
            Threads.Sum(Batch * Steps, gates, BBar, Columns);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Step(int t, nint from, nint to)
        {
            (int units, int steps) = (Units, Steps);
            for (nint b = from; b < to; b++)
            {
                nint row = b * steps + t;
                float* gates = Gates + row * 4 * units, c = C + row * units, before = C + (row - 1) * units, h = t + 1 < steps ? Before + (row + 1) * units : Last + b * units;
                if (t == 0) new Span<float>(Before + row * units, units).Clear();
                for (int j = 0; j < units; j += V.Count)
                {
                    int lanes = Math.Min(V.Count, units - j);
                    Lanes.Load(gates + j, lanes, out V i);
                    Lanes.Load(gates + units + j, lanes, out V f);
                    Lanes.Load(gates + 2 * units + j, lanes, out V z);
                    Lanes.Load(gates + 3 * units + j, lanes, out V o);
                    Lanes.Load(B + j, lanes, out V bi);
                    Lanes.Load(B + units + j, lanes, out V bf);
                    Lanes.Load(B + 2 * units + j, lanes, out V bz);
                    Lanes.Load(B + 3 * units + j, lanes, out V bo);
                    i = Logistic(i + bi);
                    f = Logistic(f + bf);
                    z = VMath.Tanh(z + bz);
                    o = Logistic(o + bo);
                    V old = default;
                    if (t > 0) Lanes.Load(before + j, lanes, out old);
                    V cell = VX.FusedMultiplyAdd(f, old, i * z);
                    Lanes.Store(i, gates + j, lanes);
                    Lanes.Store(f, gates + units + j, lanes);
                    Lanes.Store(z, gates + 2 * units + j, lanes);
                    Lanes.Store(o, gates + 3 * units + j, lanes);
                    Lanes.Store(cell, c + j, lanes);
                    Lanes.Store(o * VMath.Tanh(cell), h + j, lanes);
                }
            }
        }

        /// <summary>Replaces the gates of a step by their adjoints before the nonlinearity.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Slopes(int t, nint from, nint to)
        {
            (int units, int steps) = (Units, Steps);
            V one = V.One;
            for (nint b = from; b < to; b++)
            {
                nint row = b * steps + t;
                float* gates = Gates + row * 4 * units, c = C + row * units, before = C + (row - 1) * units, hBar = HBar + b * units, cBar = CBar + b * units;
                for (int j = 0; j < units; j += V.Count)
                {
                    int lanes = Math.Min(V.Count, units - j);
                    Lanes.Load(gates + j, lanes, out V i);
                    Lanes.Load(gates + units + j, lanes, out V f);
                    Lanes.Load(gates + 2 * units + j, lanes, out V z);
                    Lanes.Load(gates + 3 * units + j, lanes, out V o);
                    Lanes.Load(c + j, lanes, out V cell);
                    Lanes.Load(hBar + j, lanes, out V dh);
                    Lanes.Load(cBar + j, lanes, out V dc);
                    V old = default;
                    if (t > 0) Lanes.Load(before + j, lanes, out old);
                    V s = VMath.Tanh(cell), bar = VX.FusedMultiplyAdd(dh * o, one - s * s, dc);
                    Lanes.Store(bar * z * (i - i * i), gates + j, lanes);
                    Lanes.Store(bar * old * (f - f * f), gates + units + j, lanes);
                    Lanes.Store(bar * i * (one - z * z), gates + 2 * units + j, lanes);
                    Lanes.Store(dh * s * (o - o * o), gates + 3 * units + j, lanes);
                    Lanes.Store(bar * f, cBar + j, lanes);
                }
            }
        }

        private void Losses(nint from, nint to, float* sum)
        {
            for (nint i = from * Units; i < to * Units; i++) *sum += (Last[i] - Target[i]) * (Last[i] - Target[i]);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Columns(nint from, nint to, float* sums)
        {
            int n = 4 * Units;
            for (nint r = from; r < to; r++)
            {
                float* row = Gates + r * n;
                int j = 0;
                for (; j <= n - V.Count; j += V.Count) *(V*)(sums + j) += *(V*)(row + j);
                for (; j < n; j++) sums[j] += row[j];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Logistic(V x) => V.One / (V.One + VMath.Exp(-x));
    }
}
