using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.Api;

/// <summary>Generated members against the plain method that specifies them, through the whole compiler.</summary>
public class WholeTests
{
    private const string Head = """
        using System; using System.Linq; using AutoVec;
        [Tree] public partial record Mlp(float[,] W1, float[] B1, float[,] W2, float[] B2);
        public static partial class M
        {
            [Vectorize, Differentiable]
            public static float Call(float spot, float strike, float vol = 0.2f)
            {
                float d = (MathF.Log(spot / strike) + 0.5f * vol * vol) / vol;
                return spot * MathF.Tanh(d) - strike * MathF.Exp(-vol);
            }

            [Vectorize]
            public static float Step(float w, float g, [Shared] float rate) => w - rate * g;

            [Vectorize, Differentiable]
            public static float[] Scale(float[] x, float by)
            {
                var y = new float[x.Length];
                for (int i = 0; i < x.Length; i++) y[i] = x[i] * by;
                return y;
            }

            [Vectorize(Reduce = Reduction.Mean), Differentiable]
            public static float Loss([Shared] Mlp p, [NoGrad] float[] image, int label)
            {
                var hidden = new float[p.B1.Length];
                for (int j = 0; j < hidden.Length; j++)
                {
                    float sum = p.B1[j];
                    for (int i = 0; i < image.Length; i++) sum += image[i] * p.W1[i, j];
                    hidden[j] = MathF.Max(sum, 0);
                }
                var logits = new float[p.B2.Length];
                for (int j = 0; j < logits.Length; j++)
                {
                    float sum = p.B2[j];
                    for (int i = 0; i < hidden.Length; i++) sum += hidden[i] * p.W2[i, j];
                    logits[j] = sum;
                }
                float max = float.NegativeInfinity;
                for (int j = 0; j < logits.Length; j++) max = MathF.Max(max, logits[j]);
                float total = 0;
                for (int j = 0; j < logits.Length; j++) total += MathF.Exp(logits[j] - max);
                return max + MathF.Log(total) - logits[label];
            }
        }
        public static class Test
        {
            static float[] Draw(int n, int seed) { var r = new Random(seed); return Enumerable.Range(0, n).Select(_ => (float)r.NextDouble() - 0.5f).ToArray(); }
            static float[,] Draw(int n, int m, int seed) { var a = new float[n, m]; Draw(n * m, seed).CopyTo(a.AsSpan()); return a; }
            static float[] Row(float[,] a, int i) => Enumerable.Range(0, a.GetLength(1)).Select(j => a[i, j]).ToArray();
            static bool Near(double a, double b) => Math.Abs(a - b) <= 2e-3 * Math.Max(1, Math.Abs(b));
            static readonly Mlp P = new(Draw(6, 5, 1), Draw(5, 2), Draw(5, 3, 3), Draw(3, 4));
            static readonly float[,] Images = Draw(7, 6, 5);
            static readonly int[] Labels = [0, 1, 2, 0, 1, 2, 0];
            static float Plain(Mlp p) => Enumerable.Range(0, 7).Select(b => M.Loss(p, Row(Images, b), Labels[b])).Average();
            static bool Gradient(Func<int, float> gradient, float[,] w)
            {
                for (int k = 0; k < w.Length; k++)
                {
                    float old = w.AsSpan()[k];
                    w.AsSpan()[k] = old + 1e-2f; float up = Plain(P);
                    w.AsSpan()[k] = old - 1e-2f; float down = Plain(P);
                    w.AsSpan()[k] = old;
                    if (!Near(gradient(k), (up - down) / 2e-2)) return false;
                }
                return true;
            }
            public static object Run()
            {
        """;

    private static object? Run(string body) => Generated.Run(Head + body + "\n    }\n}\n");

    [Fact]
    public void All_kernels_compile_for_sm_90() =>
        Assert.NotEmpty(Ptx.CompileAll(EndToEnd.Generated.Run(Head + "return null!;\n    }\n}\n", oneWidth: true).Load()));

    [Fact]
    public void A_scalar_function() => Assert.Equal(true, Run("""
        float[] spot = [90, 100, 110];
        var prices = M.CallBatch(spot, 100f, [0.1f, 0.2f, 0.3f]);
        var g = M.CallGradBatch(spot, 100, 0.2f);
        var one = M.CallGrad(90, 100);
        return Near(prices[2], M.Call(110, 100, 0.3f)) && Near(M.CallBatch(spot, 100f)[1], M.Call(100, 100))
            && Near(g.Spot[0], (M.Call(90.1f, 100) - M.Call(89.9f, 100)) / 0.2) && Near(one.Spot, g.Spot[0]) && Near(one.Vol, g.Vol[0]);
        """));

    [Fact]
    public void In_place_only_where_nothing_is_read_after_it_was_written() => Assert.Equal("0 0.5 | 'destination' overlaps 'spot'", Run("""
        float[] w = [1, 2];
        M.StepBatch(w, [2, 3], 0.5f, w);
        float[] spot = [90, 100];
        var g = default(M.CallGradientBatch);
        try { M.CallValueAndGradBatch(spot, 100, 0.2f, spot, ref g); return "no exception"; }
        catch (ArgumentException e) { return $"{w[0]} {w[1]} | {e.Message.Split(": ")[1].Split(" in memory")[0]}"; }
        """));

    [Fact]
    public void A_vector_function_and_its_vjp() => Assert.Equal("[2,4] [3,6] | 5 | 20 40", Run("""
        var y = M.ScaleBatch(new float[,] { { 1, 2 }, { 1, 2 } }, [2, 3]);
        var (v, g) = M.ScaleVjp([1, 2], 10, [1, 2]);
        var (w, h) = M.ScaleVjpBatch([1, 2], [10, 20], [1, 2]);
        return $"[{y[0, 0]},{y[0, 1]}] [{y[1, 0]},{y[1, 1]}] | {g.By} | {h.X[1, 0]} {h.X[1, 1]}";
        """));

    [Fact]
    public void A_loss_and_its_gradient() => Assert.Equal(true, Run("""
        float loss = M.LossBatch(P, Images, Labels);
        var (value, g) = M.LossValueAndGradBatch(P, Images, Labels);
        var one = M.LossGrad(P, Row(Images, 0), Labels[0]);
        return Near(loss, Plain(P)) && value == loss && Gradient(k => g.P.W1.AsSpan()[k], P.W1) && Gradient(k => g.P.W2.AsSpan()[k], P.W2)
            && one.P.B2.Length == 3;
        """));

    [Fact]
    public void Extents_that_differ_mean_what_the_plain_method_means() => Assert.Equal(true, Run("""
        var wide = P with { W1 = Draw(9, 5, 1) };
        var (value, g) = M.LossValueAndGradBatch(wide, Images, Labels);
        return Near(value, Plain(wide)) && g.P.W1.GetLength(0) == 9 && g.P.W1[8, 4] == 0;
        """));

    [Fact]
    public void The_emulator_agrees_with_the_cpu() => Assert.Equal(true, Run("""
        using var emulator = Device.Emulator();
        using var there = P.Upload(emulator);
        var images = emulator.Upload(Images);
        var labels = emulator.Upload(Labels);
        var (value, g) = M.LossValueAndGradBatch(P, Images, Labels);
        var (valueThere, gThere) = M.LossValueAndGradBatch(emulator, there, images, labels);
        M.LossGradBatch(emulator, there, images, labels, ref gThere);
        var wide = P with { W1 = Draw(9, 5, 1) };
        float guarded = M.LossBatch(wide, Images, Labels);
        var prices = M.CallBatch(emulator, emulator.Upload(new float[] { 90, 100 }), 100, 0.3f);
        foreach (var (w, d) in Tree.Zip<float>(there, gThere.P)) M.StepBatch(emulator, w, d, 0.5f, w);
        foreach (var (a, b) in Tree.Zip<float>(gThere.P.ToHost(), g.P))
            for (int k = 0; k < a.Length; k++) if (!Near(a[k], b[k])) throw new Exception($"{a[k]} {b[k]}");
        var empty = M.LossBatch(emulator, there, emulator.Allocate<float>(0, 6), emulator.Allocate<int>(0));
        return Near(valueThere.ToScalar(), value) && Near(prices.ToArray()[0], M.Call(90, 100, 0.3f)) && float.IsNaN(empty.ToScalar())
            && Near(M.LossBatch(emulator, wide.Upload(emulator), images, labels).ToScalar(), guarded)
            && Near(there.ToHost().B2[0], P.B2[0] - 0.5f * g.P.B2[0]);
        """));

    [Fact]
    public void Training_on_the_host_and_on_the_cpu_as_a_device() => Assert.Equal(true, Run("""
        using var device = Device.Cpu(2);
        using var there = P.Upload(device);
        var images = device.Upload(Images);
        var labels = device.Upload(Labels);
        float first = M.LossBatch(P, Images, Labels);
        var gradient = default(M.LossGradientBatch);
        var gradientThere = default(M.LossGradientBatch.OnDevice);
        var loss = device.Allocate<float>();
        long before = 0;
        for (int step = 0; step < 40; step++)
        {
            if (step == 30) before = GC.GetAllocatedBytesForCurrentThread();
            M.LossValueAndGradBatch(P, Images, Labels, ref gradient);
            foreach (var (w, g) in Tree.Zip<float>(P, gradient.P)) M.StepBatch(w, g, 0.5f, w);
            M.LossValueAndGradBatch(device, there, images, labels, loss, ref gradientThere);
            foreach (var (w, g) in Tree.Zip<float>(there, gradientThere.P)) M.StepBatch(device, w, g, 0.5f, w);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        float last = M.LossBatch(P, Images, Labels);
        if (allocated > 0 || last >= first) throw new Exception($"{allocated} bytes, loss {first} to {last}");
        return there.ToHost().W1.AsSpan().SequenceEqual(P.W1.AsSpan());
        """));
}
