using System.Reflection;
using AutoVec.Generator.Tests.EndToEnd;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.Lang;

/// <summary>
/// <c>Span&lt;T&gt;</c> parameters are outputs, or in-out: batches, derivatives, devices. The plain method is the specification, differences of it the derivative.
/// </summary>
public class OutputTests
{
    private const string Source = """
        namespace Outputs;
        public static partial class M
        {
            /// <summary>Reads and writes a part of y; what it does not write stays.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static double Mix(double[] x, Span<double> y, double t)
            {
                double sum = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    y[i] = y[i] * t + Math.Sin(x[i]);
                    sum += y[i] * y[i] * x[i];
                }
                return sum;
            }

            [Vectorize, Differentiable(Forward = true)]
            public static void Axpy(double a, ReadOnlySpan<double> x, Span<double> y)
            {
                for (int i = 0; i < x.Length; i++) y[i] += a * x[i];
            }

            /// <summary>Writes all of y and reads none of it.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static void Scale(double a, double[] x, [NoGrad] Span<double> y)
            {
                for (int i = 0; i < y.Length; i++) y[i] = a * x[i];
            }

            /// <summary>Order matters: a recurrence, and two outputs.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static (double Last, int Steps) Scan(Span<double> x, [NoGrad] Span<double> products, int limit)
            {
                double p = 1;
                for (int i = 0; i < x.Length; i++)
                {
                    if (i >= limit) return (p, i);
                    if (i > 0) x[i] += 0.5 * x[i - 1];
                    p *= x[i];
                    products[i] = p;
                }
                return (p, x.Length);
            }

            [Vectorize]
            public static void Histogram(int[] x, Span<int> counts, Span<bool> seen)
            {
                seen.Clear();
                foreach (int k in x) { counts[k]++; seen[k] = true; }
            }

            /// <summary>The parameter itself moves along; slices and calls write through.</summary>
            [Vectorize]
            public static void Walk(float x, Span<float> y)
            {
                Halves(y[1..]);
                while (y.Length > 1 && y[0] > x)
                {
                    y[1] += y[0] - x;
                    y[0] = x;
                    y = y.Slice(1);
                }
                if (y.Length == 1) { y[0] = -1; return; }
                y[^1] = 7;
            }
            static void Halves(Span<float> s) { for (int i = 0; i < s.Length; i++) s[i] /= 2; }

            [Vectorize] public static float Nothing(float x, Span<float> y) => y.Length > 0 ? x * y[0] : x;

            [Differentiable] public static double Plain(double[] x, Span<double> y) { double s = 0; for (int i = 0; i < x.Length; i++) { y[i] *= x[i]; s += y[i]; } return s * s; }
        }
        public static class Calls
        {
            static readonly Random s_random = new(5);
            public static double[] Row(int n) { var r = new double[n]; for (int k = 0; k < n; k++) r[k] = s_random.NextDouble() * 2 - 1; return r; }
            public static double[,] Table(int n, int m) { var r = new double[n, m]; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) r[i, j] = s_random.NextDouble() * 2 - 1; return r; }
            public static double[] At(double[,] a, int b) => Enumerable.Range(0, a.GetLength(1)).Select(k => a[b, k]).ToArray();
            public static void Put(double[,] a, int b, double[] row) { for (int k = 0; k < row.Length; k++) a[b, k] = row[k]; }
            public static double[] Flat(params object[] all) => all.SelectMany(a => a is Array x ? x.Cast<object>() : [a]).Select(Convert.ToDouble).ToArray();
            public static double[] Moved(double[] x, double[] v, double h) => x.Zip(v, (a, b) => a + h * b).ToArray();
            static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
            static double Slope(Func<double, double> f) { const double h = 1e-3; return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h); }

            public static double[][] Batch(int rows, int n, int m)
            {
                double[,] x = Table(rows, n), y = Table(rows, m), expected = (double[,])y.Clone();
                double[] t = Row(rows), values = new double[rows];
                for (int b = 0; b < rows; b++) { var row = At(expected, b); values[b] = M.Mix(At(x, b), row, t[b]); Put(expected, b, row); }
                var again = (double[,])y.Clone();
                var into = new double[rows];
                M.MixBatch(x, again, t, into);
                var z = (double[,])y.Clone();
                var got = M.MixBatch(x, z, t);
                return [Flat(got, z, into, again), Flat(values, expected, values, expected)];
            }

            public static double[][] Axpy(int n, int m)
            {
                double[,] x = Table(4, n), y = Table(4, m), expected = (double[,])y.Clone();
                for (int b = 0; b < 4; b++) { var row = At(expected, b); M.Axpy(0.5, At(x, b), row); Put(expected, b, row); }
                M.AxpyBatch(0.5, x, y);
                return [Flat(y), Flat(expected)];
            }

            public static double[][] Integers()
            {
                int[,] x = { { 0, 2, 2 }, { 1, 1, 1 } }, counts = { { 0, 10, 0 }, { 1, 0, 5 } };
                bool[,] seen = { { true, true, true }, { false, true, false } };
                M.HistogramBatch(x, counts, seen);
                return [Flat(counts, seen), [1, 10, 2, 1, 3, 5, 1, 0, 1, 0, 1, 0]];
            }

            public static double[][] Walk()
            {
                float[] xs = [0, 10, 0.5f];
                var y = new float[3, 4];
                for (int b = 0; b < 3; b++) for (int k = 0; k < 4; k++) y[b, k] = b == 2 ? 1 - k : k + 1;
                var expected = new List<float>();
                for (int b = 0; b < 3; b++) { var row = Enumerable.Range(0, 4).Select(k => y[b, k]).ToArray(); M.Walk(xs[b], row); expected.AddRange(row); }
                M.WalkBatch(xs, y);
                return [Flat(y), Flat(expected.ToArray())];
            }

            public static double[][] Untouched()
            {
                float[,] y = { { 2, 3 }, { 4, 5 } };
                var r = M.NothingBatch(10, y);
                return [Flat(r, y), [20, 40, 2, 3, 4, 5]];
            }

            public static double[][] Gradient()
            {
                double[] x = Row(3), y = Row(4);
                double t = 0.7;
                var after = (double[])y.Clone();
                var (value, g) = M.MixValueAndGrad(x, after, t);
                var plain = (double[])y.Clone();
                double[] dx = Row(3), dy = Row(4);
                double dt = 0.3;
                double slope = Slope(h => M.Mix(Moved(x, dx, h), Moved(y, dy, h), t + h * dt));
                return [Flat(value, after, Dot(g.X, dx) + Dot(g.Y, dy) + g.T * dt, g.Y[3]), Flat(M.Mix(x, plain, t), plain, slope, 0)];
            }

            public static double[][] Products()
            {
                double[] x = Row(3), y = Row(4), wy = Row(4), dx = Row(3), dy = Row(4);
                double t = 0.7, w = 1.5, dt = -0.4;
                double Along(double h) { var z = Moved(y, dy, h); return w * M.Mix(Moved(x, dx, h), z, t + h * dt) + Dot(wy, z); }
                var after = (double[])y.Clone();
                var (value, g) = M.MixVjp(x, after, t, w, wy);
                double[] forward = (double[])y.Clone(), tangent = new double[4];
                var (same, moved) = M.MixJvp(x, forward, t, new(dx, dy, dt), tangent);
                double slope = Slope(Along);
                var plain = (double[])y.Clone();
                double expected = M.Mix(x, plain, t);
                return [Flat(value, same, after, forward, Dot(g.X, dx) + Dot(g.Y, dy) + g.T * dt, w * moved + Dot(wy, tangent)),
                    Flat(expected, expected, plain, plain, slope, slope)];
            }

            public static double[][] BatchProducts(int rows)
            {
                double[,] x = Table(rows, 3), y = Table(rows, 4), wy = Table(rows, 4), dx = Table(rows, 3), dy = Table(rows, 4);
                double[] t = Row(rows), w = Row(rows), dt = Row(rows);
                double[,] back = (double[,])y.Clone(), forward = (double[,])y.Clone(), tangent = new double[rows, 4];
                var (value, g) = M.MixVjpBatch(x, back, t, w, wy);
                var (same, moved) = M.MixJvpBatch(x, forward, t, new(dx, dy, dt), tangent);
                var got = new List<object> { value, same, back, forward, tangent, moved };
                var expected = new List<object>();
                double[] values = new double[rows], moves = new double[rows];
                double[,] ends = new double[rows, 4], ways = new double[rows, 4];
                for (int b = 0; b < rows; b++)
                {
                    var end = At(y, b);
                    values[b] = M.Mix(At(x, b), end, t[b]);
                    Put(ends, b, end);
                    var way = new double[4];
                    (_, moves[b]) = M.MixJvp(At(x, b), At(y, b), t[b], new(At(dx, b), At(dy, b), dt[b]), way);
                    Put(ways, b, way);
                    var (_, one) = M.MixVjp(At(x, b), At(y, b), t[b], w[b], At(wy, b));
                    got.AddRange([At(g.X, b), At(g.Y, b), g.T[b]]);
                    expected.AddRange([one.X, one.Y, one.T]);
                }
                expected.InsertRange(0, [values, values, ends, ends, ways, moves]);
                return [Flat(got.ToArray()), Flat(expected.ToArray())];
            }

            public static double[][] Void()
            {
                double[] x = Row(3), y = Row(5), w = Row(5), dx = Row(3), dy = Row(5), tangent = new double[5];
                double Along(double h) { var z = Moved(y, dy, h); M.Axpy(2 + h, Moved(x, dx, h), z); return Dot(w, z); }
                var g = M.AxpyVjp(2, x, (double[])y.Clone(), w);
                M.AxpyJvp(2, x, (double[])y.Clone(), new(1, dx, dy), tangent);
                double slope = Slope(Along);
                var end = new double[3];
                var s = M.ScaleVjp(2, x, end, [1, 10, 100]);
                return [Flat(g.A + Dot(g.X, dx) + Dot(g.Y, dy), Dot(w, tangent), s.X, end), Flat(slope, slope, 2, 20, 200, x.Select(v => 2 * v).ToArray())];
            }

            public static double[][] Recurrence(int limit)
            {
                double[] x = Row(6), w = Row(6), wp = Row(6), dx = Row(6), tangentX = new double[6], tangentP = new double[6];
                double Along(double h) { double[] z = Moved(x, dx, h), p = new double[6]; var r = M.Scan(z, p, limit); return 1.5 * r.Last + Dot(w, z) + Dot(wp, p); }
                double[] end = (double[])x.Clone(), products = new double[6];
                var ((last, steps), g) = M.ScanVjp(end, products, limit, (1.5, 0), w, wp);
                double[] plain = (double[])x.Clone(), plainProducts = new double[6];
                var expected = M.Scan(plain, plainProducts, limit);
                var (_, moved) = M.ScanJvp((double[])x.Clone(), new double[6], limit, new(dx), tangentX, tangentP);
                return [Flat(last, steps, end, products, Dot(g.X, dx), 1.5 * moved.Last + Dot(w, tangentX) + Dot(wp, tangentP)),
                    Flat(expected.Last, expected.Steps, plain, plainProducts, Slope(Along), Slope(Along))];
            }

            public static double[][] NoBatch()
            {
                double[] x = [2, 3], y = [5, 7];
                var (value, g) = M.PlainValueAndGrad(x, y);
                return [Flat(value, y, g.X, g.Y), [31 * 31, 10, 21, 2 * 31 * 5, 2 * 31 * 7, 2 * 31 * 2, 2 * 31 * 3]];
            }

            public static double[][] On(Device device)
            {
                double[,] x = Table(5, 3), y = Table(5, 4), wy = Table(5, 4), dx = Table(5, 3), dy = Table(5, 4);
                double[] t = Row(5), w = Row(5), dt = Row(5);
                double[,] host = (double[,])y.Clone(), back = (double[,])y.Clone(), forward = (double[,])y.Clone(), tangent = new double[5, 4], axpy = (double[,])y.Clone();
                var expected = M.MixBatch(x, host, t);
                var (_, g) = M.MixVjpBatch(x, back, t, w, wy);
                var (_, moved) = M.MixJvpBatch(x, forward, t, new(dx, dy, dt), tangent);
                M.AxpyBatch(t, x, axpy);
                using DeviceArray<double> ux = device.Upload(x), uy = device.Upload(y), uback = device.Upload(y), uforward = device.Upload(y), uaxpy = device.Upload(y);
                using DeviceArray<double> ut = device.Upload(t), uw = device.Upload(w), uwy = device.Upload(wy), utangent = device.Upload(new double[5, 4]);
                using DeviceArray<double> udx = device.Upload(dx), udy = device.Upload(dy), udt = device.Upload(dt);
                using var got = M.MixBatch(device, ux, uy, ut);
                var (_, ug) = M.MixVjpBatch(device, ux, uback, ut, uw, uwy);
                var (_, umoved) = M.MixJvpBatch(device, ux, uforward, ut, new(udx, udy, udt), utangent);
                M.AxpyBatch(device, ut, ux, uaxpy);
                return [
                    Flat(got.ToArray(), uy.ToArray(), ug.X.ToArray(), ug.Y.ToArray(), ug.T.ToArray(), uback.ToArray(), umoved.ToArray(), utangent.ToArray(), uforward.ToArray(), uaxpy.ToArray()),
                    Flat(expected, host, g.X, g.Y, g.T, back, moved, tangent, forward, axpy)];
            }

            public static void Overlap() { var y = new double[2, 3]; M.AxpyBatch(1, y, y); }
            public static void OverlapOutputs() { var y = new int[2, 3]; M.HistogramBatch([0], Out<int>.Of(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref y[0, 0], 6), 2, 3), default); }
            public static void OverlapSingle() { double[] x = [1, 2, 3, 4]; M.PlainValueAndGrad(x, x); }
            public static void OverlapTangent() { double[] x = [1, 2], y = [3, 4]; M.MixJvp(x, y, 1, default, y); }
            public static void NoLead() => M.AxpyBatch(1, new double[3], new double[3]);
            public static void OneForAll() => M.AxpyBatch(new double[2], new double[3], new double[3]);
            public static void Rows() => M.AxpyBatch(1, new double[3, 2], new double[4, 2]);
            public static void Rank() => M.AxpyBatch(1, new double[3, 2], new double[2, 2, 2]);
            public static void Index() => M.AxpyBatch(1, new double[3, 2], new double[3, 1]);
            public static void Cotangent() => M.AxpyVjp(1, [1, 2], new double[2], [1]);
        }
        """;

    private static readonly Lazy<(Generated Generated, Assembly Assembly)> s_made = new(() =>
    {
        var generated = Generated.Run(Source, oneWidth: true);
        return generated.Errors.Any() ? throw new InvalidOperationException(string.Join("\n", generated.Errors)) : (generated, generated.Load());
    });

    private static object? Call(string name, params object[] arguments)
    {
        try
        {
            return s_made.Value.Assembly.GetType("Outputs.Calls")!.GetMethod(name)!.Invoke(null, arguments);
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    private static void Agree(string name, params object[] arguments)
    {
        var got = (double[][])Call(name, arguments)!;
        Assert.Equal(got[1].Length, got[0].Length);
        for (int k = 0; k < got[0].Length; k++)
            Assert.True(got[1][k].Equals(got[0][k]) || Math.Abs(got[1][k] - got[0][k]) <= 1e-8 * Math.Max(1, Math.Abs(got[1][k])),
                $"element {k}: expected {got[1][k]:R}, got {got[0][k]:R}");
    }

    [Theory]
    [InlineData(1, 3, 3), InlineData(7, 3, 5), InlineData(17, 8, 8), InlineData(0, 2, 2), InlineData(3, 0, 2)]
    public void A_batch_is_its_samples_and_what_is_not_written_stays(int rows, int n, int m) => Agree("Batch", rows, n, m);

    [Theory, InlineData(3, 3), InlineData(3, 5), InlineData(0, 2)]
    public void A_void_method(int n, int m) => Agree("Axpy", n, m);

    [Theory, InlineData("Integers"), InlineData("Walk"), InlineData("Untouched")]
    public void Integers_slices_and_outputs_that_are_only_read(string call) => Agree(call);

    [Theory, InlineData("Gradient"), InlineData("Products"), InlineData("Void"), InlineData("NoBatch")]
    public void Derivatives_go_through_what_comes_in_and_what_is_left(string call) => Agree(call);

    [Theory, InlineData(0), InlineData(3), InlineData(9)]
    public void Two_outputs_beside_a_tuple(int limit) => Agree("Recurrence", limit);

    [Theory, InlineData(1), InlineData(6)]
    public void Derivatives_of_a_batch_are_those_of_its_samples(int rows) => Agree("BatchProducts", rows);

    [Theory, InlineData("cpu"), InlineData("emulator")]
    public void Devices_agree_with_the_host(string name)
    {
        using var device = name == "cpu" ? Device.Cpu(2) : Device.Emulator();
        Agree("On", device);
    }

    [Fact]
    public void All_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(s_made.Value.Assembly));

    [Theory]
    [InlineData("Overlap", "Axpy: 'y' overlaps 'x'")]
    [InlineData("OverlapSingle", "Plain: 'y' overlaps 'x'")]
    [InlineData("OverlapTangent", "Mix: 'tangentY' overlaps 'y'")]
    [InlineData("OverlapOutputs", "Histogram: 'seen' is missing")]
    [InlineData("NoLead", "Axpy: no argument is a batch")]
    [InlineData("OneForAll", "Axpy: 'y' is [3] but the result is [2, 3]")]
    [InlineData("Rows", "Axpy: 'x' has 3 rows but 'y' has 4")]
    [InlineData("Rank", "'y' is [2, 2, 2]; a batch of it has rank 2")]
    [InlineData("Cotangent", "Axpy: 'cotangentY' is [1] per sample but the result is [2]")]
    public void What_does_not_fit_is_named(string call, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => Call(call)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_index_outside_of_an_output_throws() => Assert.Throws<IndexOutOfRangeException>(() => Call("Index"));

    [Fact]
    public void Generated_members_compile_without_a_warning() => Assert.Empty(s_made.Value.Generated.Warnings);

    [Fact]
    public void An_output_that_is_only_written_is_not_copied()
    {
        string text = s_made.Value.Generated.File("Outputs.M.Scale.g.cs");
        Assert.Contains("if (", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Call.Copy", text[..text.IndexOf("ScaleVjpHost", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("Call.Copy", s_made.Value.Generated.File("Outputs.M.Axpy.g.cs"), StringComparison.Ordinal);
    }
}
