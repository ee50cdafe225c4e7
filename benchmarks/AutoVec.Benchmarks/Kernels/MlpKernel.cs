using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: the runtime's product with epilogues that add biases, cut off below 0, mask adjoints and take the step of the weights.
internal static unsafe partial class Mlp
{
    private const float Rate = 0.1f;

    public static Workload Workload { get; } = new("MLP step", [128], 5, Make);

    private static Problem Make(Inputs data, int batch)
    {
        int[] widths = batch < 10 ? [17, 13, 11, 7] : [784, 512, 512, 10];
        float[,] images = data.Matrix(batch, widths[0], 0, 1);
        int[] labels = data.Integers(batch, widths[3]);
        float[] loss = new float[1];
        MlpWeights New(Func<int, int, float[,]> w, Func<int, float[]> b) =>
            new(w(widths[0], widths[1]), b(widths[1]), w(widths[1], widths[2]), b(widths[2]), w(widths[2], widths[3]), b(widths[3]));
        var p = New((rows, columns) => data.Matrix(rows, columns, -0.05f, 0.05f), n => data.Uniform(n, -0.05f, 0.05f));
        var next = New((rows, columns) => new float[rows, columns], n => new float[n]);
        var g = new LossGradientBatch(New((rows, columns) => new float[rows, columns], n => new float[n]));
        float[][] plain = Inputs.Rows(images);
        LayerArrays layer(int l, float[,] w, float[] b, float[,] wNext, float[] bNext) => new()
        {
            Inputs = widths[l], Outputs = widths[l + 1], W = data.Pin(w), B = data.Pin(b), WNext = data.Pin(wNext), BNext = data.Pin(bNext),
            Y = data.Pin(new float[batch * widths[l + 1]]), YBar = data.Pin(new float[batch * widths[l + 1]]), BBar = data.Pin(new float[widths[l + 1]]),
        };
        LayerArrays[] layers = [layer(0, p.W1, p.B1, next.W1, next.B1), layer(1, p.W2, p.B2, next.W2, next.B2), layer(2, p.W3, p.B3, next.W3, next.B3)];
        float* x = data.Pin(images), pl = data.Pin(loss);
        int* py = data.PinIntegers(labels);
        Output value = new("loss", loss);
        double products = Enumerable.Range(0, 3).Sum(l => 2.0 * batch * widths[l] * widths[l + 1]), weights = products / 2 / batch;
        return new Problem($"{string.Join('-', widths)}, batch {batch}",
            new(products, 4 * (weights + images.Length), [value],
            [
                Contestant.ByGenerator(() => loss[0] = LossBatch(p, images, labels)),
                Contestant.ByHand(() => Forward(layers, x, py, batch, pl)),
                Contestant.ByPlainLoops(() =>
                {
                    double sum = 0;
                    for (int i = 0; i < batch; i++) sum += Loss(p, plain[i], labels[i]);
                    loss[0] = (float)(sum / batch);
                }),
            ]),
            new(3 * products - 2.0 * batch * widths[0] * widths[1], 4 * (2 * weights + images.Length),
                [value, new("W1", next.W1), new("b1", next.B1), new("W2", next.W2), new("b2", next.B2), new("W3", next.W3), new("b3", next.B3)],
            [
                Contestant.ByGenerator(() =>
                {
                    loss[0] = LossValueAndGradBatch(p, images, labels, ref g);
                    step(p.W1, g.P.W1, next.W1);
                    step(p.B1, g.P.B1, next.B1);
                    step(p.W2, g.P.W2, next.W2);
                    step(p.B2, g.P.B2, next.B2);
                    step(p.W3, g.P.W3, next.W3);
                    step(p.B3, g.P.B3, next.B3);

                    static void step(Array w, Array slope, Array to) => SgdBatch(Inputs.Flat(w), Inputs.Flat(slope), Rate, Inputs.Flat(to));
                }),
                Contestant.ByHand(() =>
                {
                    Forward(layers, x, py, batch, pl);
                    Backward(layers, x, batch);
                }),
                Contestant.ByPlainLoops(() => loss[0] = PlainStep(p, plain, labels, next)),
            ]));
    }

    private static float PlainStep(MlpWeights p, float[][] images, int[] labels, MlpWeights next)
    {
        (float[,] W, float[] B, float[,] Next, float[] NextB)[] layers = [(p.W1, p.B1, next.W1, next.B1), (p.W2, p.B2, next.W2, next.B2), (p.W3, p.B3, next.W3, next.B3)];
        foreach (var (w, b, wNext, bNext) in layers)
        {
            Array.Copy(w, wNext, w.Length);
            Array.Copy(b, bNext, b.Length);
        }
        double total = 0;
        for (int s = 0; s < images.Length; s++)
        {
            float[][] xs = new float[4][];
            xs[0] = images[s];
            for (int l = 0; l < 3; l++) xs[l + 1] = l < 2 ? Relu(Layer(xs[l], layers[l].W, layers[l].B)) : Layer(xs[l], layers[l].W, layers[l].B);
            total += Np.LogSumExp(xs[3]) - xs[3][labels[s]];
            float[] bar = Np.Softmax(xs[3]);
            bar[labels[s]] -= 1;
            for (int l = 2; l >= 0; l--)
            {
                float[] below = new float[xs[l].Length];
                var (w, _, wNext, bNext) = layers[l];
                for (int j = 0; j < bar.Length; j++) bNext[j] -= Rate / images.Length * bar[j];
                for (int i = 0; i < below.Length; i++)
                {
                    float sum = 0, step = Rate / images.Length * xs[l][i];
                    for (int j = 0; j < bar.Length; j++)
                    {
                        sum += w[i, j] * bar[j];
                        wNext[i, j] -= step * bar[j];
                    }
                    below[i] = l > 0 && xs[l][i] <= 0 ? 0 : sum;
                }
                bar = below;
            }
        }
        return (float)(total / images.Length);
    }

    private struct LayerArrays
    {
        public int Inputs, Outputs;
        public float* W, B, WNext, BNext, Y, YBar, BBar;
    }

    private struct BiasArgs
    {
        public float* B, Y;
        public int Outputs;
        public bool Relu;
    }

    private struct MaskArgs
    {
        public float* Y, YBar;
        public int Outputs;
    }

    private struct StepArgs
    {
        public float* W, WNext;
        public int Outputs;
        public float Factor;
    }

    private static void Forward(LayerArrays[] layers, float* x, int* labels, int batch, float* loss)
    {
        for (int l = 0; l < layers.Length; l++)
        {
            ref var layer = ref layers[l];
            var args = new BiasArgs { B = layer.B, Y = layer.Y, Outputs = layer.Outputs, Relu = l + 1 < layers.Length };
            Threads.Engine.Contract(new Contraction<float>
            {
                Batch = 1, M = batch, N = layer.Outputs, K = layer.Inputs, A = l == 0 ? x : layers[l - 1].Y, AM = layer.Inputs, AK = 1, B = layer.W, BK = layer.Outputs, BN = 1,
                Epilogue = &Bias, EpilogueArgs = &args,
            });
        }
        ref var top = ref layers[^1];
        (float sum, float scale) = (0, 1f / batch);
        for (int b = 0; b < batch; b++)
        {
            float* y = top.Y + b * top.Outputs, bar = top.YBar + b * top.Outputs;
            float most = y[0], mass = 0;
            for (int j = 1; j < top.Outputs; j++) most = MathF.Max(most, y[j]);
            for (int j = 0; j < top.Outputs; j++) mass += bar[j] = MathF.Exp(y[j] - most);
            for (int j = 0; j < top.Outputs; j++) bar[j] *= scale / mass;
            bar[labels[b]] -= scale;
            sum += most + MathF.Log(mass) - y[labels[b]];
        }
        *loss = sum * scale;
    }

    private static void Backward(LayerArrays[] layers, float* x, int batch)
    {
        for (int l = layers.Length - 1; l >= 0; l--)
        {
            LayerArrays layer = layers[l];
            float* below = l == 0 ? x : layers[l - 1].Y;
            if (l > 0)
            {
                var mask = new MaskArgs { Y = below, YBar = layers[l - 1].YBar, Outputs = layer.Inputs };
                Threads.Engine.Contract(new Contraction<float>
                {
                    Batch = 1, M = batch, N = layer.Inputs, K = layer.Outputs, A = layer.YBar, AM = layer.Outputs, AK = 1, B = layer.W, BK = 1, BN = layer.Outputs,
                    Epilogue = &Mask, EpilogueArgs = &mask,
                });
            }
            var step = new StepArgs { W = layer.W, WNext = layer.WNext, Outputs = layer.Outputs, Factor = Rate };
            Threads.Engine.Contract(new Contraction<float>
            {
                Batch = 1, M = layer.Inputs, N = layer.Outputs, K = batch, A = below, AM = 1, AK = layer.Inputs, B = layer.YBar, BK = layer.Outputs, BN = 1,
                Epilogue = &Step, EpilogueArgs = &step,
            });
            Threads.For(layer.Outputs, V.Count, (from, to) => Biases(layer, batch, from, to));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Biases(LayerArrays layer, int batch, nint from, nint to)
    {
        for (nint j = from; j < to; j += V.Count)
        {
            int lanes = (int)Math.Min(V.Count, to - j);
            V sum = default;
            for (int b = 0; b < batch; b++)
            {
                Lanes.Load(layer.YBar + (nint)b * layer.Outputs + j, lanes, out V bar);
                sum += bar;
            }
            Lanes.Load(layer.B + j, lanes, out V bias);
            Lanes.Store(bias - VX.Create(Rate) * sum, layer.BNext + j, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Bias(void* args, float* tile, nint stride, int batch, int row, int column, int rows, int columns)
    {
        var a = (BiasArgs*)args;
        V floor = VX.Create(a->Relu ? 0 : float.NegativeInfinity);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j += V.Count)
            {
                int lanes = Math.Min(V.Count, columns - j);
                Lanes.Load(tile + i * stride + j, lanes, out V sum);
                Lanes.Load(a->B + column + j, lanes, out V bias);
                Lanes.Store(VX.Max(sum + bias, floor), a->Y + (nint)(row + i) * a->Outputs + column + j, lanes);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mask(void* args, float* tile, nint stride, int batch, int row, int column, int rows, int columns)
    {
        var a = (MaskArgs*)args;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j += V.Count)
            {
                int lanes = Math.Min(V.Count, columns - j);
                nint at = (nint)(row + i) * a->Outputs + column + j;
                Lanes.Load(tile + i * stride + j, lanes, out V sum);
                Lanes.Load(a->Y + at, lanes, out V y);
                Lanes.Store(VX.ConditionalSelect(VX.GreaterThan(y, V.Zero), sum, V.Zero), a->YBar + at, lanes);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(void* args, float* tile, nint stride, int batch, int row, int column, int rows, int columns)
    {
        var a = (StepArgs*)args;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j += V.Count)
            {
                int lanes = Math.Min(V.Count, columns - j);
                nint at = (nint)(row + i) * a->Outputs + column + j;
                Lanes.Load(tile + i * stride + j, lanes, out V slope);
                Lanes.Load(a->W + at, lanes, out V w);
                Lanes.Store(w - VX.Create(a->Factor) * slope, a->WNext + at, lanes);
            }
    }
}
