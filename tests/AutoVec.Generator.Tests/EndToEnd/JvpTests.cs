using System.Reflection;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Forward mode: one sample, batches, destinations, devices, against differences of the plain method and against reverse mode.</summary>
public class JvpTests
{
    private const string Source = """
        namespace Forward;
        [Tree] public partial record Layer(double[,] W, double[] B, double Scale, int Kind);
        [Tree] public readonly partial record struct Pair(double A, double[] V);
        public static partial class M
        {
            /// <summary>A scalar function.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static double Wave(double x, double y, [NoGrad] double z, int k) => Math.Sin(x * y) + z * k * x + Math.Max(x, y);

            /// <summary>The loss of a small network.</summary>
            [Vectorize(Reduce = Reduction.Mean), Differentiable(Forward = true)]
            public static double Loss([Shared] Layer p, double[] image, int label)
            {
                var logits = new double[p.B.Length];
                for (int j = 0; j < logits.Length; j++)
                {
                    double sum = p.B[j];
                    for (int i = 0; i < image.Length; i++) sum += image[i] * p.W[i, j];
                    logits[j] = Math.Tanh(sum) * p.Scale;
                }
                double max = double.NegativeInfinity;
                for (int j = 0; j < logits.Length; j++) max = Math.Max(max, logits[j]);
                double total = 0;
                for (int j = 0; j < logits.Length; j++) total += Math.Exp(logits[j] - max);
                return max + Math.Log(total) - logits[label];
            }

            /// <summary>Explicit steps in place, then as many more as it takes.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static double[] Evolve(double[] x, [Shared] double rate, [Shared] int steps)
            {
                var u = new double[x.Length];
                for (int i = 0; i < u.Length; i++) u[i] = x[i];
                for (int s = 0; s < steps; s++)
                    for (int i = 1; i < u.Length; i++) u[i] += rate * (u[i - 1] - u[i] * u[i]);
                while (u[0] > 1)
                {
                    u[0] = u[0] * 0.5 + 0.1 * rate;
                    for (int i = 1; i < u.Length; i++) u[i] *= u[i - 1];
                }
                return u;
            }

            /// <summary>A tuple, with a result that has no derivative.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static (double Sum, double[] Parts, int Count) Split(Pair p, double[] x)
            {
                var parts = new double[x.Length];
                double product = 1;
                int count = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    parts[i] = x[i] > 0 ? Math.Sqrt(x[i]) * p.A : x[i] * p.V[i];
                    product *= x[i];
                    if (parts[i] > 1) count++;
                }
                return (product + p.A, parts, count);
            }

            /// <summary>A tree of results.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static Layer Grow(Layer p, double t)
            {
                var b = new double[p.B.Length];
                for (int i = 0; i < b.Length; i++) b[i] = p.B[i] * t + p.W[0, i];
                return new Layer(p.W, b, p.Scale * p.Scale + t, p.Kind + 1);
            }

            [Vectorize(Reduce = Reduction.Sum), Differentiable(Forward = true)]
            public static (double A, double[] B) Sums(double x, double[] y)
            {
                var z = new double[y.Length];
                for (int i = 0; i < z.Length; i++) z[i] = y[i] * x;
                return (x * x, z);
            }

            [Differentiable(Forward = true)]
            public static float Plain(float x, float[] a) { float s = 0; for (int i = 0; i < a.Length; i++) s += a[i] * x; return s; }

            public static double Energy(double[] x, double k)
            {
                double e = 0;
                for (int i = 0; i < x.Length; i++) e += k * x[i] * x[i] * x[i] + Math.Cos(x[i] * x[(i + 1) % x.Length]);
                return e;
            }

            /// <summary>A gradient: its tangent is a product with the Hessian.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static double[] Force(double[] x, double k) => Ad.Grad(Energy, x, k);

            [Differentiable]
            public static float Reverse(float x) => x * x;
        }
        public static class Calls
        {
            public static readonly Random Random = new(3);
            public static double[] Row(int n) { var r = new double[n]; for (int k = 0; k < n; k++) r[k] = Random.NextDouble() * 2 - 1; return r; }
            public static double[,] Table(int n, int m) { var r = new double[n, m]; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) r[i, j] = Random.NextDouble() * 2 - 1; return r; }
            public static double[] Flat(params object[] all) => all.SelectMany(a => a is Array x ? x.Cast<object>() : [a]).Select(Convert.ToDouble).ToArray();
            public static double[] At(double[,] a, int b) => Enumerable.Range(0, a.GetLength(1)).Select(k => a[b, k]).ToArray();
            public static double[] Moved(double[] x, double[] v, double h) => x.Zip(v, (a, b) => a + h * b).ToArray();
            public static double[,] Moved(double[,] x, double[,] v, double h) { var r = (double[,])x.Clone(); for (int i = 0; i < r.GetLength(0); i++) for (int j = 0; j < r.GetLength(1); j++) r[i, j] += h * v[i, j]; return r; }
            public static Layer Moved(Layer p, Layer v, double h) => new(Moved(p.W, v.W, h), Moved(p.B, v.B, h), p.Scale + h * v.Scale, p.Kind);
            public static Layer Draw(int n, int m) => new(Table(n, m), Row(m), 1.3, 2);
            public static double[] Slope(Func<double, double[]> f)
            {
                const double h = 1e-4;
                double[] a = f(h), b = f(-h), c = f(2 * h), d = f(-2 * h);
                return a.Select((_, k) => (8 * (a[k] - b[k]) - (c[k] - d[k])) / (12 * h)).ToArray();
            }

            public static double[][] Wave()
            {
                var (value, tangent) = M.WaveJvp(0.4, 0.9, 2, 3, new(X: 0.5, Y: -2));
                return [[value, tangent], [M.Wave(0.4, 0.9, 2, 3), Slope(h => [M.Wave(0.4 + 0.5 * h, 0.9 - 2 * h, 2, 3)])[0]]];
            }
            public static double[][] Tie() => [[M.WaveJvp(1, 1, 0, 0, new(3, 5)).Tangent], [8 * Math.Cos(1) + 4]];
            public static double[][] WaveBatch(int n)
            {
                double[] x = Row(n), y = Row(n), xDot = Row(n), yDot = Row(n);
                var (value, tangent) = M.WaveJvpBatch(x, y, 2, 3, new(xDot, yDot));
                var into = new double[n];
                var dotInto = new double[n];
                M.WaveJvpBatch(x, y, 2, 3, new(xDot, yDot), into, dotInto);
                var singles = x.Select((_, k) => M.WaveJvp(x[k], y[k], 2, 3, new(xDot[k], yDot[k]))).ToArray();
                var half = M.WaveJvpBatch(x, 0.5, 2, 3, new(xDot, null)).Tangent;
                var halves = x.Select((_, k) => M.WaveJvp(x[k], 0.5, 2, 3, new(xDot[k], 0)).Tangent).ToArray();
                return [Flat(value, tangent, into, dotInto, half), Flat(
                    singles.Select(s => s.Value).ToArray(), singles.Select(s => s.Tangent).ToArray(), singles.Select(s => s.Value).ToArray(), singles.Select(s => s.Tangent).ToArray(), halves)];
            }

            /// <summary>The mean over the batch, of shared weights and of images: differences, and ⟨∇, v⟩.</summary>
            public static double[][] Loss(int n, bool exact)
            {
                Layer p = Draw(exact ? 3 : 4, 5), v = Draw(exact ? 3 : 4, 5);
                double[,] x = Table(n, 3), xDot = Table(n, 3);
                var labels = Enumerable.Range(0, n).Select(k => k % 5).ToArray();
                var (value, tangent) = M.LossJvpBatch(p, x, labels, new(v, xDot));
                var (_, g) = M.LossValueAndGradBatch(p, x, labels);
                double dual = Flat(g.P.W, g.P.B, g.P.Scale, g.Image).Zip(Flat(v.W, v.B, v.Scale, xDot), (a, b) => a * b).Sum();
                double still = M.LossJvpBatch(p, x, labels, default).Tangent, weights = M.LossJvpBatch(p, x, labels, new(new(v.W, null!, 0, 0), null)).Tangent;
                double weightsDual = Flat(g.P.W).Zip(Flat(v.W), (a, b) => a * b).Sum();
                return [[value, tangent, tangent, still, weights], [
                    M.LossBatch(p, x, labels), dual, Slope(h => [M.LossBatch(Moved(p, v, h), Moved(x, xDot, h), labels)])[0], 0, weightsDual]];
            }
            public static double[][] EmptyLoss()
            {
                var (value, tangent) = M.LossJvpBatch(Draw(3, 5), new double[0, 3], new int[0], new(Draw(3, 5), new double[0, 3]));
                var (none, noTangents) = M.WaveJvpBatch(new double[0], 1, 2, 3, default);
                return [[value, tangent, none.Length, noTangents.Length], [double.NaN, 0, 0, 0]];
            }
            public static double[][] OneLoss()
            {
                Layer p = Draw(3, 5), v = Draw(3, 5);
                double[] x = Row(3), xDot = Row(3);
                var (value, tangent) = M.LossJvp(p, x, 2, new(v, xDot));
                return [[value, tangent, M.LossJvp(p, x, 2, default).Tangent], [M.Loss(p, x, 2), Slope(h => [M.Loss(Moved(p, v, h), Moved(x, xDot, h), 2)])[0], 0]];
            }

            public static double[][] Evolve(int n, int steps)
            {
                double[,] x = Moved(Table(n, 4), Table(n, 4), 0), xDot = Table(n, 4);
                for (int b = 0; b < n; b++) x[b, 0] = 0.7 + 1.1 * b;
                var (value, tangent) = M.EvolveJvpBatch(x, 0.2, steps, new(xDot, 0.5));
                var expected = Enumerable.Range(0, n).Select(b => M.EvolveJvp(At(x, b), 0.2, steps, new(At(xDot, b), 0.5))).ToArray();
                var slopes = Enumerable.Range(0, n).SelectMany(b => Slope(h => M.Evolve(Moved(At(x, b), At(xDot, b), h), 0.2 + 0.5 * h, steps))).ToArray();
                return [Flat(value, tangent, tangent), [.. expected.SelectMany(e => e.Value), .. expected.SelectMany(e => e.Tangent), .. slopes]];
            }

            public static double[][] Split()
            {
                double[] x = [0.5, -0.7, 2], xDot = [1, 2, 3], v = [0.1, 0.2, 0.3], vDot = [-1, -2, -3];
                var (value, tangent) = M.SplitJvp(new(1.2, v), x, new(new(0.7, vDot), xDot));
                var slope = Slope(h => { var r = M.Split(new(1.2 + 0.7 * h, Moved(v, vDot, h)), Moved(x, xDot, h)); return [r.Sum, .. r.Parts]; });
                var batch = M.SplitJvpBatch(new Pair(1.2, v), new double[,] { { 0.5, -0.7, 2 }, { 0, 0, 2 } }, new(new Pair.Batch([0.7, 0.7], new double[,] { { -1, -2, -3 }, { -1, -2, -3 } }), new double[,] { { 1, 2, 3 }, { 1, 2, 3 } }));
                return [[value.Sum, .. value.Parts, value.Count, tangent.Sum, .. tangent.Parts, tangent.Count, batch.Tangent.Sum[0], batch.Tangent.Parts[0, 1], batch.Tangent.Sum[1], batch.Tangent.Parts[1, 0], batch.Tangent.Count[1]],
                    [-0.7 + 1.2, Math.Sqrt(0.5) * 1.2, -0.14, Math.Sqrt(2) * 1.2, 1, .. slope, 0, slope[0], slope[2], 0.7, 0.1, 0]];
            }

            public static double[][] Grow()
            {
                Layer p = Draw(2, 3), v = Draw(2, 3);
                var (value, tangent) = M.GrowJvp(p, 0.6, new(v, 2));
                var slope = Slope(h => { var r = M.Grow(Moved(p, v, h), 0.6 + 2 * h); return Flat(r.W, r.B, r.Scale); });
                var batch = M.GrowJvpBatch(p, new double[] { 0.6, 0.7 }, new(null, new double[] { 2, 1 }));
                return [Flat(value.B, value.Kind, tangent.W, tangent.B, tangent.Scale, tangent.Kind, batch.Tangent.Scale, batch.Tangent.W, batch.Tangent.Kind),
                    Flat(M.Grow(p, 0.6).B, 3, slope, 0, 2, 1, new double[12], 0, 0)];
            }

            public static double[][] Hessian(int n)
            {
                double[,] x = Table(n, 3), xDot = Table(n, 3);
                var (value, tangent) = M.ForceJvpBatch(x, 0.7, new(xDot, Enumerable.Repeat(0.3, n).ToArray()));
                var one = M.ForceJvp(At(x, 0), 0.7, new(At(xDot, 0), 0.3));
                return [Flat(value, tangent, one.Tangent), [
                    .. Enumerable.Range(0, n).SelectMany(b => M.Force(At(x, b), 0.7)),
                    .. Enumerable.Range(0, n).SelectMany(b => Slope(h => M.Force(Moved(At(x, b), At(xDot, b), h), 0.7 + 0.3 * h))),
                    .. Slope(h => M.Force(Moved(At(x, 0), At(xDot, 0), h), 0.7 + 0.3 * h))]];
            }

            public static double[][] Sums()
            {
                double[] x = [1, 2], xDot = [3, 4];
                double[,] y = { { 1, 2, 3 }, { 4, 5, 6 } };
                var (value, tangent) = M.SumsJvpBatch(x, y, new(xDot, null));
                double[] z = new double[3], zDot = new double[3];
                var (a, aDot) = M.SumsJvpBatch(x, y, new(xDot, null), z, zDot);
                return [Flat(value.A, value.B, tangent.A, tangent.B, a, aDot, z, zDot), Flat(5, 9, 12, 15, 22, 19, 26, 33, 5, 22, 9, 12, 15, 19, 26, 33)];
            }

            public static double[][] Plain() => [Flat(M.PlainJvp(2, [1, 2], new(3, null)).Tangent, M.PlainJvp(2, [1, 2], new(0, [1, 1])).Tangent), [9, 4]];

            public static void WrongColumns() => M.LossJvpBatch(Draw(3, 5), Table(2, 3), [0, 1], new(Draw(3, 5), Table(2, 4)));
            public static void WrongRows() => M.LossJvpBatch(Draw(3, 5), Table(2, 3), [0, 1], new(Draw(3, 5), Table(3, 3)));
            public static void WrongLeaf() => M.LossJvp(Draw(3, 5), Row(3), 1, new(Draw(3, 4), Row(3)));
            public static void WrongPlain() => M.PlainJvp(2, [1, 2], new(3, [1, 2, 3]));
            public static void Missing() => M.PlainJvp(2, null!, new(3, [1, 2, 3]));

            public static double[][] On(Device device)
            {
                Layer p = Draw(3, 5), v = Draw(3, 5);
                double[,] x = Table(4, 3), xDot = Table(4, 3);
                int[] labels = [0, 1, 2, 3];
                var expected = M.LossJvpBatch(p, x, labels, new(v, xDot));
                var still = M.LossJvpBatch(p, x, labels, new(v, null));
                var evolved = M.EvolveJvpBatch(x, 0.2, 3, new(xDot, 0.5));
                using var there = p.Upload(device);
                using var moves = v.Upload(device);
                using DeviceArray<double> dx = device.Upload(x), dxDot = device.Upload(xDot);
                using var dl = device.Upload(labels);
                var got = M.LossJvpBatch(device, there, dx, dl, new(moves, dxDot));
                var gotStill = M.LossJvpBatch(device, there, dx, dl, new(moves, null));
                var none = M.LossJvpBatch(device, there, dx, dl, default);
                var e = M.EvolveJvpBatch(device, dx, 0.2, 3, new(dxDot, device.UploadScalar(0.5)));
                using DeviceArray<double> u = device.Upload(new double[4, 3]), uDot = device.Upload(new double[4, 3]);
                M.EvolveJvpBatch(device, dx, 0.2, 3, new(dxDot, null), u, uDot);
                return [
                    Flat(got.Value.ToScalar(), got.Tangent.ToScalar(), gotStill.Tangent.ToScalar(), none.Tangent.ToScalar(), e.Value.ToArray(), e.Tangent.ToArray(), u.ToArray(), uDot.ToArray()),
                    Flat(expected.Value, expected.Tangent, still.Tangent, 0, evolved.Value, evolved.Tangent, evolved.Value, M.EvolveJvpBatch(x, 0.2, 3, new(xDot, 0)).Tangent)];
            }

            /// <summary>A gradient of a batch of structs holds classes; the default holds none.</summary>
            public static double[][] Reuse()
            {
                M.SplitGradientBatch gradient = default;
                M.SplitVjpBatch(new Pair(2, [1, 1]), new double[,] { { 4, -1 } }, 1, new double[,] { { 0, 1 } }, new double[1], new double[1, 2], new int[1], ref gradient);
                return [[gradient.P.A[0], gradient.P.V[0, 1]], [1, -1]];
            }
        }
        """;

    private static readonly Lazy<(Generated Generated, Assembly Assembly)> s_made = new(() =>
    {
        var generated = Generated.Run(Source, oneWidth: true);
        return generated.Errors.Any() ? throw new InvalidOperationException(string.Join("\n", generated.Errors)) : (generated, generated.Load());
    });

    private static void Agree(string name, params object[] arguments)
    {
        var got = (double[][])Call(name, arguments)!;
        Assert.Equal(got[1].Length, got[0].Length);
        for (int k = 0; k < got[0].Length; k++)
            Assert.True(got[1][k].Equals(got[0][k]) || Math.Abs(got[1][k] - got[0][k]) <= 1e-8 * Math.Max(1, Math.Abs(got[1][k])),
                $"element {k}: expected {got[1][k]:R}, got {got[0][k]:R}");
    }

    private static object? Call(string name, params object[] arguments)
    {
        try
        {
            return s_made.Value.Assembly.GetType("Forward.Calls")!.GetMethod(name)!.Invoke(null, arguments);
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    [Theory]
    [InlineData("Wave"), InlineData("Tie"), InlineData("EmptyLoss"), InlineData("OneLoss"), InlineData("Split"), InlineData("Grow")]
    [InlineData("Sums"), InlineData("Plain"), InlineData("Reuse")]
    public void Values_and_tangents(string call) => Agree(call);

    [Theory]
    [InlineData(1), InlineData(7), InlineData(17)]
    public void A_batch_is_its_samples(int n) => Agree("WaveBatch", n);

    [Theory]
    [InlineData(1, true), InlineData(6, true), InlineData(6, false)]
    public void The_mean_of_a_batch_by_shared_weights_and_images(int n, bool exact) => Agree("Loss", n, exact);

    [Theory]
    [InlineData(1), InlineData(9)]
    public void The_tangent_of_a_gradient_is_a_product_with_the_Hessian(int n) => Agree("Hessian", n);

    [Theory]
    [InlineData(1, 0), InlineData(5, 3)]
    public void Loops_that_write_in_place_and_leave_one_by_one(int n, int steps) => Agree("Evolve", n, steps);

    [Theory]
    [InlineData("WrongColumns", "Loss: 'tangents.Image' is [4] but 'image' is [3]")]
    [InlineData("WrongRows", "Loss: 'image' has 2 rows but 'tangents.Image' has 3")]
    [InlineData("WrongLeaf", "Loss: 'tangents.P.W' is [3, 4] but 'p.W' is [3, 5]")]
    [InlineData("WrongPlain", "Plain: 'tangents.A' is [3] but 'a' is [2]")]
    [InlineData("Missing", "Plain: 'a' is missing")]
    public void A_tangent_of_another_shape_is_named(string call, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => Call(call)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cpu"), InlineData("emulator")]
    public void Devices_agree_with_the_host(string name)
    {
        using var device = name == "cpu" ? Device.Cpu(2) : Device.Emulator();
        Agree("On", device);
    }

    [Fact]
    public void A_tangent_may_be_null_without_a_warning() => Assert.Empty(s_made.Value.Generated.Warnings);

    [Fact]
    public void All_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(s_made.Value.Assembly));

    [Fact]
    public void Forward_mode_is_generated_where_it_is_asked_for()
    {
        var m = s_made.Value.Assembly.GetType("Forward.M")!;
        Assert.DoesNotContain(m.GetMethods(), x => x.Name is "ReverseJvp" or "PlainJvpBatch");
        Assert.Contains(m.GetMethods(), x => x.Name == "ReverseGrad");
    }

    [Fact]
    public void A_dense_layer_and_its_tangent_are_products_of_matrices()
    {
        string text = s_made.Value.Generated.File("Forward.M.Loss.g.cs");
        string plan = text[text.IndexOf("// LossJvp", StringComparison.Ordinal)..text.IndexOf("#nullable", StringComparison.Ordinal)];
        Assert.Equal(3, plan.Split("GEMM").Length - 1);
    }
}
