using System.Reflection;
using AutoVec.Generator.Tests.EndToEnd;

namespace AutoVec.Generator.Tests.Lang;

/// <summary>Norms of per-sample gradients and sums of clipped ones, as the user writes them: no gradient of a sample is stored, and the numbers are those of the samples.</summary>
public class ClippingTests
{
    private const string Source = """
        namespace Clipping;
        [Tree] public partial record Layer(float[,] W, float[] B);
        [Tree] public partial record Net(Layer First, Layer Second);
        public static partial class M
        {
            static float[] Dense(Layer p, float[] x)
            {
                var y = new float[p.B.Length];
                for (int j = 0; j < y.Length; j++)
                {
                    float sum = p.B[j];
                    for (int i = 0; i < x.Length; i++) sum += x[i] * p.W[i, j];
                    y[j] = sum;
                }
                return y;
            }

            [Vectorize]
            public static float Loss([Shared] Net p, float[] image, int label)
            {
                var logits = Dense(p.Second, Np.Relu(Dense(p.First, image)));
                return Np.LogSumExp(logits) - logits[label];
            }

            static float Squares(float[,] a)
            {
                float s = 0;
                for (int i = 0; i < a.GetLength(0); i++)
                    for (int j = 0; j < a.GetLength(1); j++) s += a[i, j] * a[i, j];
                return s;
            }
            static float Squares(float[] a) { float s = 0; foreach (float v in a) s += v * v; return s; }
            static float[,] Scaled(float[,] a, float k)
            {
                var r = new float[a.GetLength(0), a.GetLength(1)];
                for (int i = 0; i < a.GetLength(0); i++)
                    for (int j = 0; j < a.GetLength(1); j++) r[i, j] = a[i, j] * k;
                return r;
            }
            static float[] Scaled(float[] a, float k) { var r = new float[a.Length]; for (int i = 0; i < r.Length; i++) r[i] = a[i] * k; return r; }

            [Vectorize]
            public static float Norm([Shared] Net p, float[] image, int label)
            {
                var g = Ad.Grad(Loss, p, image, label);
                return MathF.Sqrt(Squares(g.First.W) + Squares(g.First.B) + Squares(g.Second.W) + Squares(g.Second.B));
            }

            [Vectorize(Reduce = Reduction.Sum)]
            public static Net Clipped([Shared] Net p, float[] image, int label, [Shared] float limit)
            {
                var g = Ad.Grad(Loss, p, image, label);
                float norm = MathF.Sqrt(Squares(g.First.W) + Squares(g.First.B) + Squares(g.Second.W) + Squares(g.Second.B));
                float k = MathF.Min(1, limit / norm);
                return new Net(new Layer(Scaled(g.First.W, k), Scaled(g.First.B, k)), new Layer(Scaled(g.Second.W, k), Scaled(g.Second.B, k)));
            }

            [Vectorize, Differentiable] public static float Plain([Shared] Net p, float[] image, int label) => Loss(p, image, label);
        }
        public static class Calls
        {
            public static double[][] Run(int rows, int inputs, int hidden, int outputs)
            {
                var random = new Random(rows);
                float[,] Table(int n, int m) { var r = new float[n, m]; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) r[i, j] = random.NextSingle() * 2 - 1; return r; }
                float[] Row(int n) => Enumerable.Range(0, n).Select(_ => random.NextSingle() - 0.5f).ToArray();
                var p = new Net(new Layer(Table(inputs, hidden), Row(hidden)), new Layer(Table(hidden, outputs), Row(outputs)));
                var x = Table(rows, inputs);
                var labels = Enumerable.Range(0, rows).Select(b => b % outputs).ToArray();
                var g = M.PlainGradBatch(p, x, labels);
                var norms = M.NormBatch(p, x, labels);
                var clipped = M.ClippedBatch(p, x, labels, 0.7f);
                var expected = new double[rows];
                double[] first = new double[inputs * hidden], second = new double[outputs];
                for (int b = 0; b < rows; b++)
                {
                    var one = M.PlainGradBatch(p, x, labels, b);
                    expected[b] = Math.Sqrt(one.Sum(v => (double)v * v));
                    double k = Math.Min(1, 0.7 / expected[b]);
                    for (int i = 0; i < first.Length; i++) first[i] += k * one[i];
                    for (int i = 0; i < second.Length; i++) second[i] += k * one[one.Length - outputs + i];
                }
                return [[.. norms.Select(v => (double)v), .. clipped.First.W.Cast<float>().Select(v => (double)v), .. clipped.Second.B.Select(v => (double)v)], [.. expected, .. first, .. second]];
            }
        }
        public static partial class M
        {
            /// <summary>The gradient of one sample, flat.</summary>
            public static float[] PlainGradBatch(Net p, float[,] x, int[] labels, int b)
            {
                var g = PlainGrad(p, Enumerable.Range(0, x.GetLength(1)).Select(i => x[b, i]).ToArray(), labels[b]).P;
                return [.. g.First.W.Cast<float>(), .. g.First.B, .. g.Second.W.Cast<float>(), .. g.Second.B];
            }
        }
        """;

    private static readonly Lazy<(Generated Generated, Assembly Assembly)> s_made = new(() =>
    {
        var generated = Generated.Run(Source, oneWidth: true, vjp: false);
        return generated.Errors.Any() ? throw new InvalidOperationException(string.Join("\n", generated.Errors)) : (generated, generated.Load());
    });

    [Theory, InlineData(1, 3, 4, 2), InlineData(7, 5, 6, 3), InlineData(19, 8, 16, 4)]
    public void Norms_and_clipped_sums_are_those_of_the_samples(int rows, int inputs, int hidden, int outputs)
    {
        var got = (double[][])s_made.Value.Assembly.GetType("Clipping.Calls")!.GetMethod("Run")!.Invoke(null, [rows, inputs, hidden, outputs])!;
        for (int k = 0; k < got[0].Length; k++)
            Assert.True(Math.Abs(got[0][k] - got[1][k]) <= 1e-4 * Math.Max(1, Math.Abs(got[1][k])), $"element {k}: {got[0][k]}, not {got[1][k]}");
    }

    [Theory, InlineData("Norm", 4), InlineData("Clipped", 6)]
    public void No_gradient_of_a_sample_is_stored_and_the_plan_says_so(string method, int products)
    {
        string text = s_made.Value.Generated.File($"Clipping.M.{method}.g.cs");
        string plan = text[..text.IndexOf("#nullable", StringComparison.Ordinal)];
        Assert.Contains("the squared norm of an outer product is one of sums", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("W_bar[B", plan, StringComparison.Ordinal);
        Assert.True(plan.Split("GEMM").Length - 1 >= products - 1, plan);
    }
}
