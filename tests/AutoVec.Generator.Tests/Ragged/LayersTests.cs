using System.Reflection;
using AutoVec.Generator.Tests.EndToEnd;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.Ragged;

/// <summary>A network of any depth and widths as one scalar function: values, gradients, devices, and what happens where widths do not fit.</summary>
public class LayersTests
{
    private const string Source = """
        namespace Ragged;
        [Tree] public partial record Layer(double[,] W, double[] B, double Scale);
        [Tree] public partial record Mlp(Layer[] Layers, double[] Out);
        public static partial class Net
        {
            static double[] Hidden(Mlp p, double[] image)
            {
                var h = image;
                for (int l = 0; l < p.Layers.Length; l++)
                {
                    var layer = p.Layers[l];
                    var next = new double[layer.B.Length];
                    for (int j = 0; j < next.Length; j++)
                    {
                        double s = layer.B[j];
                        for (int i = 0; i < h.Length; i++) s += h[i] * layer.W[i, j];
                        next[j] = l < p.Layers.Length - 1 ? Math.Tanh(s) * layer.Scale : s;
                    }
                    h = next;
                }
                return h;
            }

            [Vectorize(Reduce = Reduction.Mean), Differentiable(Forward = true)]
            public static double Loss([Shared] Mlp p, double[] image, int label)
            {
                var h = Hidden(p, image);
                double sum = 0;
                for (int i = 0; i < h.Length; i++) sum += Math.Exp(h[i]);
                return Math.Log(sum) - h[label] + p.Out[0] * h[0];
            }

            [Vectorize] public static int Answer([Shared] Mlp p, double[] image)
            {
                var h = Hidden(p, image);
                int best = 0;
                for (int i = 1; i < h.Length; i++) if (h[i] > h[best]) best = i;
                return best;
            }

            [Vectorize] public static double[] Logits([Shared] Mlp p, double[] image) => Hidden(p, image);

            [Vectorize(Reduce = Reduction.Sum), Differentiable]
            public static double Norm([Shared] Mlp p, double by)
            {
                double s = 0;
                foreach (var layer in p.Layers)
                {
                    for (int i = 0; i < layer.W.GetLength(0); i++)
                        for (int j = 0; j < layer.W.GetLength(1); j++) s += layer.W[i, j] * layer.W[i, j];
                    foreach (double b in layer.B) s += b * by * layer.Scale;
                }
                return s + p.Layers[^1].B[0];
            }
        }
        """;

    private static readonly Lazy<(Generated Generated, Assembly Assembly)> Subject = new(() =>
    {
        var generated = Generated.Run(Source, oneWidth: true);
        Assert.Empty(generated.Errors);
        return (generated, generated.Load("""
            using Ragged;
            public static class Calls
            {
                static Mlp Tree(object[] p) => new([.. Enumerable.Range(0, p.Length / 3).Select(l => new Layer((double[,])p[3 * l], (double[])p[3 * l + 1], ((double[])p[3 * l + 2])[0]))], (double[])p[^1]);
                static object[] Leaves(Mlp p) => [.. p.Layers.SelectMany(l => new object[] { l.W, l.B, new[] { l.Scale } }), p.Out];

                public static double Loss(object[] p, double[] image, int label) => Net.Loss(Tree(p), image, label);
                public static double Batch(object[] p, double[,] images, int[] labels) => Net.LossBatch(Tree(p), images, labels);
                public static double[,] Logits(object[] p, double[,] images) => Net.LogitsBatch(Tree(p), images);
                public static int[] Answer(object[] p, double[,] images) => Net.AnswerBatch(Tree(p), images);
                public static int PlainAnswer(object[] p, double[] image) => Net.Answer(Tree(p), image);
                public static object[] Grad(object[] p, double[] image, int label)
                {
                    var (value, g) = Net.LossValueAndGrad(Tree(p), image, label);
                    return [value, .. Leaves(g.P), g.Image];
                }
                public static object[] GradBatch(object[] p, double[,] images, int[] labels)
                {
                    Net.LossGradientBatch g = default;
                    double value = Net.LossValueAndGradBatch(Tree(p), images, labels, ref g);
                    value = Net.LossValueAndGradBatch(Tree(p), images, labels, ref g);
                    return [value, .. Leaves(g.P), g.Image];
                }
                public static double Directional(object[] p, double[] image, int label, object[] pDot, double[] imageDot) =>
                    Net.LossJvp(Tree(p), image, label, new Net.LossGradient(Tree(pDot), imageDot)).Tangent;
                public static object[] On(Device device, object[] p, double[,] images, int[] labels)
                {
                    using var tree = Tree(p).Upload(device);
                    using DeviceArray<double> x = device.Upload(images);
                    using var y = device.Upload(labels);
                    Net.LossGradientBatch.OnDevice g = default;
                    using var value = device.Allocate<double>();
                    Net.LossValueAndGradBatch(device, tree, x, y, value, ref g);
                    Net.LossValueAndGradBatch(device, tree, x, y, value, ref g);
                    object[] result = [value.ToScalar(), .. Leaves(g.P.ToHost()), g.Image.ToArray2()];
                    int pairs = 0;
                    foreach (var (w, b) in AutoVec.Tree.Zip<double>(tree, g.P)) pairs++;
                    g.Dispose();
                    return [.. result, pairs];
                }
                public static double[] Sizes(object[] p)
                {
                    var tree = Tree(p);
                    var sizes = new List<double>();
                    foreach (var (a, b) in AutoVec.Tree.Zip<double>(tree, tree)) sizes.Add(a.Length);
                    return [.. sizes];
                }
                public static object[] RoundTrip(Device device, object[] p, object[] q)
                {
                    using var on = Tree(q).Upload(device);
                    on.CopyFrom(Tree(p));
                    return Leaves(on.ToHost());
                }
                public static double Norm(object[] p, double by) => Net.Norm(Tree(p), by);
                public static object[] NormGrad(object[] p, double[] by)
                {
                    var (value, g) = Net.NormValueAndGradBatch(Tree(p), by);
                    return [value, .. Leaves(g.P), g.By];
                }
            }
            """));
    });

    private static T Call<T>(string name, params object[] arguments)
    {
        try
        {
            return (T)Subject.Value.Assembly.GetType("Calls")!.GetMethod(name)!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    private static object[] Parameters(int[] widths, System.Random random)
    {
        double next() => random.NextDouble() - 0.5;
        var all = new List<object>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            var w = new double[widths[l], widths[l + 1]];
            foreach (ref double x in w.AsSpan()) x = next();
            all.Add(w);
            all.Add(Enumerable.Range(0, widths[l + 1]).Select(_ => next()).ToArray());
            all.Add(new[] { 1 + next() });
        }
        all.Add(new[] { next(), next() });
        return [.. all];
    }

    private static Span<double> Elements(object array) => array is double[] one ? one : ((double[,])array).AsSpan();

    public static TheoryData<int[]> Widths() => [[5, 4], [5, 6, 3], [5, 7, 2, 6], [5, 3, 8, 4, 9, 2], [5, 1, 1], [5]];

    [Theory, MemberData(nameof(Widths))]
    public void Values_gradients_and_devices_agree(int[] widths)
    {
        const int Batch = 7;
        var random = new System.Random(widths.Sum());
        object[] p = Parameters(widths, random);
        var images = new double[Batch, widths[0]];
        foreach (ref double x in images.AsSpan()) x = random.NextDouble();
        int[] labels = [.. Enumerable.Range(0, Batch).Select(_ => random.Next(widths[^1]))];
        double[] image(int b) => [.. Enumerable.Range(0, widths[0]).Select(i => images[b, i])];
        double mean() => Enumerable.Range(0, Batch).Average(b => Call<double>("Loss", p, image(b), labels[b]));

        Assert.Equal(mean(), Call<double>("Batch", p, images, labels), 10);
        Assert.Equal(Enumerable.Range(0, Batch).Select(b => Call<int>("PlainAnswer", p, image(b))), Call<int[]>("Answer", p, images));
        Assert.Equal(widths[^1], Call<double[,]>("Logits", p, images).GetLength(1));

        var got = Call<object[]>("GradBatch", p, images, labels);
        Assert.Equal(mean(), (double)got[0], 10);
        object[] leaves = [.. p, images];
        for (int k = 0; k < leaves.Length; k++)
            for (int e = 0; e < Elements(leaves[k]).Length; e++)
            {
                double moved(double by)
                {
                    Elements(leaves[k])[e] += by;
                    double loss = mean();
                    Elements(leaves[k])[e] -= by;
                    return loss;
                }
                const double h = 1e-4;
                Assert.Equal((8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h), Elements(got[k + 1])[e], 7);
            }

        using var emulator = Device.Emulator();
        using var cpu = Device.Cpu(2);
        foreach (var device in new[] { emulator, cpu })
        {
            var on = Call<object[]>("On", device, p, images, labels);
            Assert.Equal((double)got[0], (double)on[0], 10);
            for (int k = 1; k < got.Length; k++) Assert.Equal(Elements(got[k]).ToArray(), Elements(on[k]).ToArray(), (a, b) => Math.Abs(a - b) < 1e-10);
            Assert.Equal(4, on[^1]);
            var back = Call<object[]>("RoundTrip", device, p, Parameters(widths, random));
            for (int k = 0; k < p.Length; k++) Assert.Equal(Elements(p[k]).ToArray(), Elements(back[k]).ToArray());
        }

        // One sample, and forward mode along the gradient.
        var one = Call<object[]>("Grad", p, image(0), labels[0]);
        Assert.Equal(Call<double>("Loss", p, image(0), labels[0]), (double)one[0], 10);
        double square = one.Skip(1).Sum(g => Elements(g).ToArray().Sum(x => x * x));
        Assert.Equal(square, Call<double>("Directional", p, image(0), labels[0], one[1..^1], one[^1]), 8);
        Assert.Equal(2 * (widths.Length - 1) + 1, Call<double[]>("Sizes", [p]).Length);
    }

    [Fact]
    public void A_sum_over_all_trees()
    {
        object[] p = Parameters([3, 4, 2], new System.Random(1));
        double[] by = [0.5, -2, 1];
        var got = Call<object[]>("NormGrad", p, by);
        Assert.Equal(by.Sum(x => Call<double>("Norm", p, x)), (double)got[0], 10);
        Assert.Equal(Elements(p[0]).ToArray().Select(x => 2 * 3 * x), Elements(got[1]).ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(-0.5 * ((double[])p[5])[0] + 3, ((double[])got[5])[0], 12);
    }

    /// <summary>What C# allows is right, by the version that takes nothing for granted; where it throws, so does the batch.</summary>
    [Fact]
    public void Widths_that_do_not_fit()
    {
        object[] p = Parameters([5, 4, 3], new System.Random(2));
        double[,] shorter = { { 1, 2, 3 }, { 4, 5, 6 } }, longer = new double[2, 6];
        Assert.Equal((Call<double>("Loss", p, new double[] { 1, 2, 3 }, 0) + Call<double>("Loss", p, new double[] { 4, 5, 6 }, 1)) / 2, Call<double>("Batch", p, shorter, new[] { 0, 1 }), 10);
        Assert.Throws<IndexOutOfRangeException>(() => Call<double>("Loss", p, new double[6], 0));
        Assert.Throws<IndexOutOfRangeException>(() => Call<double>("Batch", p, longer, new[] { 0, 1 }));
        Assert.Throws<IndexOutOfRangeException>(() => Call<object[]>("GradBatch", p, longer, new[] { 0, 1 }));
    }

    [Fact]
    public void Every_trip_is_a_matrix_product_forwards_and_two_backwards()
    {
        string[] text = Subject.Value.Generated.File("Ragged.Net.Loss.g.cs").Split('\n');
        string plan = string.Join("\n", text.SkipWhile(l => !l.StartsWith("// LossGradient", StringComparison.Ordinal)).TakeWhile(l => l.Length > 2));
        Assert.Equal(3, System.Text.RegularExpressions.Regex.Matches(plan, "GEMM").Count);
    }

    [Fact]
    public void A_batch_of_trees_with_arrays_of_trees_is_refused()
    {
        var refused = Generated.Run(Source.Replace("[Shared] Mlp p, double by", "Mlp p, double by", StringComparison.Ordinal));
        Assert.Equal("AV0014", Assert.Single(refused.Errors).Id);
    }

    [Fact]
    public void All_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(Subject.Value.Assembly, optimize: false));
}
