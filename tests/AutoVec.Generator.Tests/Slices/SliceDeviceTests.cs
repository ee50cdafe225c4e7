using System.Reflection;
using AutoVec.Generator.Tests.EndToEnd;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.Slices;

/// <summary>Slices as SIMD, on the emulator and as PTX; gradients against differences of the plain method.</summary>
public class SliceDeviceTests
{
    private static readonly string[] Names =
        ["Windowed", "Sectioned", "Layered", "Mutated", "Shifted", "Halves", "Blocks", "ByData", "Copied", "RowNorms"];

    private static readonly Lazy<(Generated Generated, Assembly Assembly)> Subject = new(() =>
    {
        var generated = Generated.Run($$"""
            namespace Slices;
            public static partial class P
            {
                static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
                {
                    double s = 0;
                    for (int i = 0; i < a.Length; i++) s += a[i] * b[i];
                    return s;
                }
                static void Scale(Span<double> a, double by) { for (int i = 0; i < a.Length; i++) a[i] *= by; }

                [Vectorize, Differentiable] public static double Windowed(double[] x, double[] w, int a)
                {
                    double s = 0;
                    for (int k = 0; k + 2 <= x.Length; k++) s += Math.Sin(Dot(w.AsSpan(0, 2), x.AsSpan(k, 2)));
                    return s;
                }
                [Vectorize, Differentiable] public static double Sectioned(double[] x, double[] w, int a)
                {
                    var (low, high) = (a, x.Length - a);
                    return Dot(x.AsSpan(0, low), w) + Dot(x.AsSpan(low), w.AsSpan(0, high)) * x[^1];
                }
                // The weights of a layer in a flat array: an offset, then a matrix product.
                [Vectorize, Differentiable] public static double Layered(double[] x, [Shared] double[] w, [Shared] int a)
                {
                    var bias = w.AsSpan(a, x.Length);
                    double s = 0;
                    for (int j = 0; j < bias.Length; j++) s += Math.Tanh(bias[j] + x[j]) * (j + 1);
                    return s;
                }
                [Vectorize, Differentiable] public static double Mutated(double[] x, double[] w, int a)
                {
                    var y = (double[])x.Clone();
                    var s = y.AsSpan(a);
                    for (int i = 0; i < s.Length; i++) s[i] = Math.Sin(s[i]) * w[i];
                    Scale(y.AsSpan(0, a), w[0]);
                    s[0] += y[0] * y[^1];
                    double sum = 0;
                    foreach (double v in y) sum += v * v;
                    return sum;
                }
                [Vectorize, Differentiable] public static double Shifted(double[] x, double[] w, int a)
                {
                    var y = new double[x.Length];
                    x.AsSpan(1).CopyTo(y);
                    y[^1] = x[0];
                    y.AsSpan(0, x.Length - 1).CopyTo(y.AsSpan(1));
                    return Dot(y, w);
                }
                [Vectorize, Differentiable] public static double Halves(double[] x, double[] w, int a)
                {
                    ReadOnlySpan<double> rest = x;
                    double s = 1;
                    while (rest.Length > 1)
                    {
                        rest = rest.Slice(rest.Length / 2);
                        s = s * rest[0] + w[0];
                    }
                    return s;
                }
                [Vectorize, Differentiable] public static double Blocks(double[] x, [Shared] double[] w, [Shared] int a)
                {
                    var h = new double[2];
                    for (int t = 0; t < x.Length / 2; t++)
                    {
                        var (block, next) = (t * 2, new double[2]);
                        var v = x.AsSpan(block, 2);
                        for (int j = 0; j < 2; j++) next[j] = Math.Tanh(v[j] * w[j] + h[1 - j]);
                        h = next;
                    }
                    return h[0] + 2 * h[1];
                }
                [Vectorize, Differentiable] public static double ByData(double[] x, double[] w, int a)
                {
                    int at = x[0] > 0 ? 1 : 0;
                    var s = x.AsSpan(at, 2);
                    return s[0] * s[1] + (a > 1 ? x.AsSpan(a - 1)[0] : w[a]);
                }
                [Vectorize, Differentiable] public static double Copied(double[] x, double[] w, int a)
                {
                    var y = x[1..];
                    y[0] = w[a];
                    return Dot(y, w.AsSpan(1)) + x[1];
                }
                [Vectorize, Differentiable] public static double RowNorms(double[] x, double[] w, int a)
                {
                    var m = new double[x.Length, 3];
                    for (int i = 0; i < x.Length; i++)
                    {
                        var row = Np.Row(m, i);
                        for (int j = 0; j < 3; j++) row[j] = x[i] * (j + 1) + w[0];
                    }
                    double s = 0;
                    for (int i = 0; i < x.Length; i++) s += Math.Sqrt(Dot(Np.Row(m, i), Np.Row(m, i)) + 1);
                    return s;
                }
                [Vectorize] public static double Element([Shared] double[] x, int a, int n, int i) => x.AsSpan(a, n)[i];
                // A crop of each image times a matrix: a matrix product that starts at an offset.
                [Vectorize(Reduce = Reduction.Mean), Differentiable] public static double Cropped([NoGrad] double[] image, [Shared] double[,] w, [Shared] int from)
                {
                    var crop = image.AsSpan(from, w.GetLength(0));
                    var h = new double[w.GetLength(1)];
                    for (int j = 0; j < h.Length; j++)
                    {
                        double s = 0;
                        for (int i = 0; i < crop.Length; i++) s += crop[i] * w[i, j];
                        h[j] = s;
                    }
                    double sum = 0;
                    foreach (double v in h) sum += Math.Tanh(v);
                    return sum;
                }
            }
            """, oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        string shared(string name) => name is "Layered" or "Blocks" ? "" : "[]";
        string calls = string.Concat(Names.Select(n => $$"""
            public static double Plain{{n}}(double[] x, double[] w, int a) => P.{{n}}(x, w, a);
            public static object[] Batch{{n}}(double[,] x, double{{(shared(n) == "" ? "[]" : "[,]")}} w, int{{shared(n)}} a)
            {
                var (value, g) = P.{{n}}ValueAndGradBatch(x, w, a);
                return [P.{{n}}Batch(x, w, a), value, g.X, g.W];
            }
            public static object[] On{{n}}(Device device, double[,] x, double{{(shared(n) == "" ? "[]" : "[,]")}} w, int{{shared(n)}} a)
            {
                using DeviceArray<double> dx = device.Upload(x), dw = device.Upload(w);
                {{(shared(n) == "" ? "" : "using DeviceArray<int> da = device.Upload(a);")}}
                var (value, g) = P.{{n}}ValueAndGradBatch(device, dx, dw, {{(shared(n) == "" ? "a" : "da")}});
                return [P.{{n}}Batch(device, dx, dw, {{(shared(n) == "" ? "a" : "da")}}).ToArray(), value.ToArray(), g.X.ToArray(), g.W.ToArray()];
            }

            """));
        return (generated, generated.Load("using Slices;\npublic static class Calls\n{\n" + calls + """
            public static double[] Element(double[] x, int[] a, int[] n, int[] i) => P.ElementBatch(x, a, n, i);
            public static double[] OnElement(Device device, double[] x, int[] a, int[] n, int[] i)
            {
                using DeviceArray<double> dx = device.Upload(x);
                using DeviceArray<int> da = device.Upload(a), dn = device.Upload(n), di = device.Upload(i);
                return P.ElementBatch(device, dx, da, dn, di).ToArray();
            }
            }
            """));
    });

    private static object Call(string name, params object[] arguments)
    {
        try
        {
            return Subject.Value.Assembly.GetType("Calls")!.GetMethod(name)!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    public static TheoryData<string> Functions() => [.. Names];

    [Theory, MemberData(nameof(Functions))]
    public void Batches_gradients_and_devices_agree(string name)
    {
        bool shared = name is "Layered" or "Blocks";
        const int Batch = 11, N = 6;
        var random = new System.Random(5);
        double next() => random.NextDouble() * 2 - 1;
        double[,] x = new double[Batch, N], ws = new double[Batch, N];
        int lengths = shared ? 2 * N : N;
        double[] w = [.. Enumerable.Range(0, lengths).Select(_ => next())];
        int[] a = [.. Enumerable.Range(0, Batch).Select(b => shared ? 3 : 3)];
        for (int b = 0; b < Batch; b++)
            for (int i = 0; i < N; i++) (x[b, i], ws[b, i]) = (next(), shared ? w[i] : next());
        object[] arguments = shared ? [x, w, a[0]] : [x, ws, a];

        double plain(double[] xs, double[] v, int b) => (double)Call("Plain" + name, xs, v, a[b]);
        double[] row(double[,] m, int b) => [.. Enumerable.Range(0, N).Select(i => m[b, i])];
        double[] weights(int b) => shared ? w : row(ws, b);

        var batch = (object[])Call("Batch" + name, arguments);
        double[] expected = [.. Enumerable.Range(0, Batch).Select(b => plain(row(x, b), weights(b), b))];
        Assert.Equal(expected, (double[])batch[0], Near(1e-10));
        Assert.Equal(expected, (double[])batch[1], Near(1e-10));

        var gx = (double[,])batch[2];
        double[] gw = new double[lengths];
        for (int b = 0; b < Batch; b++)
        {
            double[] dx = Differences(v => plain(v, weights(b), b), row(x, b)), dw = Differences(v => plain(row(x, b), v, b), weights(b));
            Assert.Equal(dx, row(gx, b), Near(1e-6));
            if (shared) gw = [.. gw.Zip(dw, (p, q) => p + q)];
            else Assert.Equal(dw, row((double[,])batch[3], b), Near(1e-6));
        }
        if (shared) Assert.Equal(gw, (double[])batch[3], Near(1e-6));

        using var emulator = Device.Emulator();
        var emulated = (object[])Call("On" + name, [emulator, .. arguments]);
        for (int k = 0; k < batch.Length; k++)
            Assert.Equal(((Array)batch[k]).Cast<double>(), (double[])emulated[k], Near(1e-10));
    }

    private static double[] Differences(Func<double[], double> f, double[] at) => [.. at.Select((_, k) =>
    {
        double moved(double by)
        {
            double[] v = [.. at];
            v[k] += by;
            return f(v);
        }
        const double h = 1e-4;
        return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
    })];

    private static Func<double, double, bool> Near(double tolerance) => (p, q) => Math.Abs(p - q) <= tolerance * Math.Max(1, Math.Abs(p));

    [Theory]
    [InlineData(1, 2, 2, typeof(IndexOutOfRangeException))]
    [InlineData(1, 2, -1, typeof(IndexOutOfRangeException))]
    [InlineData(-1, 2, 0, typeof(ArgumentOutOfRangeException))]
    [InlineData(2, 3, 0, typeof(ArgumentOutOfRangeException))]
    [InlineData(5, 0, 0, typeof(ArgumentOutOfRangeException))]
    [InlineData(1, -1, 0, typeof(ArgumentOutOfRangeException))]
    public void Outside_a_slice_is_an_exception_on_every_device(int a, int n, int i, Type exception)
    {
        object[] arguments = [new double[4], new[] { 0, a }, new[] { 1, n }, new[] { 0, i }];
        Assert.IsType(exception, Record.Exception(() => Call("Element", arguments)));
        using var emulator = Device.Emulator();
        Assert.IsType(exception, Record.Exception(() => Call("OnElement", [emulator, .. arguments])));
    }

    [Fact]
    public void A_slice_times_a_matrix_is_a_matrix_product_and_so_is_its_gradient()
    {
        string[] plan = Subject.Value.Generated.File("Slices.P.Cropped.g.cs").Split('\n');
        Assert.Contains(plan, l => l.Contains("= image[B×image_0]·w[", StringComparison.Ordinal));
        Assert.Contains(plan, l => l.Contains("GEMM ∂w[", StringComparison.Ordinal));
    }

    [Fact]
    public void All_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(Subject.Value.Assembly, optimize: false));
}
