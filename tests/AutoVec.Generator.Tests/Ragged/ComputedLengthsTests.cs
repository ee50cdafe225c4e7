using AutoVec.Generator.Tests.EndToEnd;

namespace AutoVec.Generator.Tests.Ragged;

/// <summary>Arrays whose length is computed from sizes: products of matrices where the parameters are as long, and right where they are not.</summary>
public class ComputedLengthsTests
{
    private const string Source = """
        namespace Computed;
        public static partial class Cell
        {
            [Vectorize(Reduce = Reduction.Sum), Differentiable]
            public static double Loss([Shared] double[,] w, [Shared] double[] bias, double[] x, [NoGrad, Shared] double[] h)
            {
                var state = new double[h.Length];
                for (int i = 0; i < state.Length; i++) state[i] = h[i];
                for (int t = 0; t < x.Length; t++)
                {
                    var gates = new double[2 * state.Length];
                    for (int j = 0; j < gates.Length; j++)
                    {
                        double s = bias[j];
                        for (int i = 0; i < state.Length; i++) s += state[i] * w[i, j];
                        gates[j] = Math.Tanh(s) + x[t];
                    }
                    var next = new double[h.Length];
                    for (int i = 0; i < next.Length; i++) next[i] = gates[i] * Math.Exp(-gates[state.Length + i] * gates[state.Length + i]);
                    state = next;
                }
                double sum = 0;
                for (int i = 0; i < state.Length; i++) sum += state[i] * (i + 1);
                return sum;
            }

            [Vectorize] public static float Long([Shared] float[] a, float x, [Shared] float[] b)
            {
                var y = new float[b.Length * 16384];
                for (int i = 0; i < y.Length; i++) y[i] = a[i] * x;
                return y.Length == 0 ? -1 : y[b.Length - 1];
            }
        }
        """;

    private const string Calls = """
        namespace Computed;
        public static class Calls
        {
            static double[] Some(int n, int seed) { var r = new Random(seed); return Enumerable.Range(0, n).Select(_ => r.NextDouble() - 0.5).ToArray(); }

            public static string Check(int n, int more, int samples, int steps)
            {
                int m = 2 * n + more;
                var w = new double[n, m];
                var flat = Some(n * m, 1);
                for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) w[i, j] = flat[i * m + j];
                double[] bias = Some(m, 2), h = Some(n, 3);
                var x = new double[samples, steps];
                var rows = Enumerable.Range(0, samples).Select(b => Some(steps, 4 + b)).ToArray();
                for (int b = 0; b < samples; b++) for (int t = 0; t < steps; t++) x[b, t] = rows[b][t];
                double plain = rows.Sum(r => Cell.Loss(w, bias, r, h));
                Near(plain, Cell.LossBatch(w, bias, x, h), 1e-12);
                var g = Cell.LossGradBatch(w, bias, x, h);
                double Moved(ref double at, double by) { double old = at; at += by; double y = rows.Sum(r => Cell.Loss(w, bias, r, h)); at = old; return y; }
                for (int j = 0; j < m; j++) Near((Moved(ref bias[j], 1e-5) - Moved(ref bias[j], -1e-5)) / 2e-5, g.Bias[j], 1e-8);
                for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) Near((Moved(ref w[i, j], 1e-5) - Moved(ref w[i, j], -1e-5)) / 2e-5, g.W[i, j], 1e-8);
                return Cell.LossBatch(w, bias, x, h) == plain ? "same" : "close";
            }

            static void Near(double expected, double actual, double by) { if (!(Math.Abs(expected - actual) <= by * (1 + Math.Abs(expected)))) throw new Exception($"{expected} is {actual}"); }

            public static Exception Thrown(int m, int n, int b)
            {
                try { Cell.LossBatch(new double[n, m], new double[m], new double[b, 2], new double[n]); return null; } catch (Exception e) { return e; }
            }

            // 131072 · 16384 is 2³¹: a negative length. 262144 · 16384 is 2³²: no length at all.
            public static string Overflow(int n, int samples)
            {
                try { return Cell.LongBatch(new float[0], new float[samples], new float[n])[0].ToString(); } catch (Exception e) { return e.GetType().Name; }
            }
        }
        """;

    private static readonly Lazy<Type> Subject = new(() =>
    {
        var generated = Generated.Run(Source);
        Assert.Empty(generated.Errors);
        return generated.Load(Calls).GetType("Computed.Calls")!;
    });

    private static object? Call(string name, params object[] args) => Subject.Value.GetMethod(name)!.Invoke(null, args);

    [Theory]
    [InlineData(3, 0, 5, 3), InlineData(17, 0, 2, 2), InlineData(1, 0, 1, 1), InlineData(4, 0, 3, 0)]
    [InlineData(3, 2, 5, 3), InlineData(1, 7, 2, 2)]
    public void Agrees_with_the_plain_method(int n, int more, int samples, int steps) => Call("Check", n, more, samples, steps);

    [Fact]
    public void Parameters_that_are_too_short_throw() => Assert.IsType<IndexOutOfRangeException>(Call("Thrown", 5, 3, 2));

    [Theory]
    [InlineData(131072, 1, "OverflowException"), InlineData(262144, 2, "-1")]
    public void A_length_that_overflows_is_no_length(int n, int samples, string result) => Assert.Equal(result, Call("Overflow", n, samples));
}
