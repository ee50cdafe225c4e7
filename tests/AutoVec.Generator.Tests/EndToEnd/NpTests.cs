using System.Reflection;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Np inside annotated methods: batches against the plain method, gradients against its differences, in both precisions.</summary>
public class NpTests
{
    private const int Samples = 11, Length = 5;
    private static readonly string[] Names = ["Products", "Reductions", "Functions", "Choices", "Correlation", "Image", "Combined", "Spans"];

    internal const string Methods = """
        public static partial class Double
        {
            [Vectorize, Differentiable] public static double Products(double[] x, double[] y, bool[] c, int at)
            {
                var m = Np.MatMul(Np.Outer(x, y), Np.Outer(y, x));
                double sum = 0;
                for (int i = 0; i < x.Length; i++)
                    for (int j = 0; j < x.Length; j++) sum += (i + 2 * j + 1) * m[i, j];
                return sum;
            }

            [Vectorize, Differentiable] public static double Reductions(double[] x, double[] y, bool[] c, int at) =>
                Np.Mean(x) * Np.Min(y) + y[Np.ArgMin(x)] * Np.Norm(x);

            [Vectorize, Differentiable] public static double Functions(double[] x, double[] y, bool[] c, int at) =>
                Np.Dot(Np.Sigmoid(x), Np.Tanh(y)) + Np.Sigmoid(1000 * x[0]) * y[0];

            [Vectorize, Differentiable] public static double Choices(double[] x, double[] y, bool[] c, int at) =>
                Np.Dot(Np.Where(c, x, y), Np.Clip(x, -0.5, 0.6)) + Np.Dot(Np.OneHot(at, y.Length), y) * Np.Where(c[0], x[1], y[1]) * Np.Clip(x[2], y[3], 0.7);

            [Vectorize, Differentiable] public static double Correlation(double[] x, double[] y, bool[] c, int at)
            {
                var w = new double[3];
                for (int k = 0; k < 3; k++) w[k] = y[k + 1];
                var z = Np.Conv1D(x, w);
                double sum = Np.Sum(Np.Conv1D(w, x));
                for (int i = 0; i < z.Length; i++) sum += (i + 1) * z[i];
                return sum;
            }

            [Vectorize, Differentiable] public static double Image(double[] x, double[] y, bool[] c, int at)
            {
                var w = new double[2, 3];
                for (int k = 0; k < 2; k++)
                    for (int l = 0; l < 3; l++) w[k, l] = y[k + l] * (1 + k);
                var z = Np.Conv2D(Np.Outer(x, y), w);
                double sum = Np.Sum(Np.Conv2D(w, Np.Outer(x, y)));
                for (int i = 0; i < z.GetLength(0); i++)
                    for (int j = 0; j < z.GetLength(1); j++) sum += (i + 2 * j + 1) * z[i, j];
                return sum;
            }

            [Vectorize, Differentiable] public static double Spans(double[] x, double[] y, bool[] c, int at)
            {
                ReadOnlySpan<double> part = x.AsSpan(1, 3);
                var own = new double[4];
                for (int i = 0; i < 4; i++) own[i] = x[i] * y[i + 1];
                Span<double> back = own.AsSpan(1);
                var m = Np.Outer(part, back);
                return Np.Sum(part) * Np.Max(y.AsSpan(2)) + Np.Dot(Np.Softmax(part), back) + Np.Norm(Np.Row(m, 1)) + Np.LogSumExp(back[..2])
                    + Np.Dot(Np.Where(c.AsSpan(0, 3), part, back), Np.Tanh(back)) + Np.Sum(Np.Conv1D(y, part)) + Np.Mean(Np.Clip(back, -0.5, 0.6));
            }

            [Vectorize, Differentiable] public static double Combined(double[] x, double[] y, bool[] c, int at)
            {
                var z = Np.MatVec(Np.MatMul(Np.Outer(x, y), Np.Outer(y, x)), Np.Sigmoid(y));
                var v = Np.Where(c, Np.Tanh(z), Np.Clip(x, -0.5, 0.6));
                return Np.Dot(Np.Conv1D(v, y), Np.Conv1D(y, v)) + Np.Norm(v) * Np.Dot(Np.OneHot(at, y.Length), y) + Np.Mean(x) * Np.Min(v) + y[Np.ArgMin(v)];
            }
        }
        """;

    private static string Calls(string type, string t) =>
        $"public static class {type}Calls\n{{\n" + string.Concat(Names.Select(f => $$"""
            public static {{t}}[][] {{f}}({{t}}[,] x, {{t}}[,] y, bool[,] c, int[] at)
            {
                var (value, g) = {{type}}.{{f}}ValueAndGradBatch(x, y, c, at);
                return [value, [.. g.X.Cast<{{t}}>()], [.. g.Y.Cast<{{t}}>()], {{type}}.{{f}}Batch(x, y, c, at)];
            }
            public static {{t}}[][] {{f}}On(Device device, {{t}}[,] x, {{t}}[,] y, bool[,] c, int[] at)
            {
                var (value, g) = {{type}}.{{f}}ValueAndGradBatch(device, device.Upload(x), device.Upload(y), device.Upload(c), device.Upload(at));
                return [value.ToArray(), g.X.ToArray(), g.Y.ToArray(), {{type}}.{{f}}Batch(device, device.Upload(x), device.Upload(y), device.Upload(c), device.Upload(at)).ToArray()];
            }

            """)) + "}\n";

    internal static string Narrow(string text) => System.Text.RegularExpressions.Regex.Replace(
        text.Replace("double", "float").Replace("Double", "Single"), @"\d\.\d", "$0f");

    private static readonly Lazy<Assembly> s_generated = new(() =>
    {
        var generated = Generated.Run(Methods.Replace("OneHot(", "OneHotDouble(") + Narrow(Methods), oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        return generated.Load(Calls("Double", "double") + Calls("Single", "float"));
    });

    public static TheoryData<string> All => [.. Names];

    private static object Call(string type, string name, params object[] arguments) => s_generated.Value.GetType(type)!.GetMethod(name)!.Invoke(null, arguments)!;

    private static double[][] Wide(object result) =>
        result as double[][] ?? [.. ((float[][])result).Select(a => a.Select(v => (double)v).ToArray())];

    private static (double[,] X, double[,] Y, bool[,] C, int[] At) Inputs()
    {
        var random = new System.Random(9);
        var (x, y, c) = (new double[Samples, Length], new double[Samples, Length], new bool[Samples, Length]);
        foreach (ref double v in x.AsSpan()) v = (float)(2 * random.NextDouble() - 1);
        foreach (ref double v in y.AsSpan()) v = (float)(2 * random.NextDouble() - 1);
        foreach (ref bool v in c.AsSpan()) v = random.Next(2) == 0;
        return (x, y, c, [.. Enumerable.Range(0, Samples).Select(_ => random.Next(Length))]);
    }

    private static float[,] Narrow(double[,] x)
    {
        var y = new float[x.GetLength(0), x.GetLength(1)];
        for (int k = 0; k < x.Length; k++) y.AsSpan()[k] = (float)x.AsSpan()[k];
        return y;
    }

    private static T[] Row<T>(T[,] x, int row) => [.. x.AsSpan().Slice(row * x.GetLength(1), x.GetLength(1))];

    [Theory, MemberData(nameof(All))]
    public void Batch_and_gradient_are_those_of_the_plain_method(string name)
    {
        var (x, y, c, at) = Inputs();
        double[][] got = Wide(Call("DoubleCalls", name, x, y, c, at));
        for (int b = 0; b < Samples; b++)
        {
            double[][] rows = [Row(x, b), Row(y, b)];
            double plain() => (double)Call("Double", name, rows[0], rows[1], Row(c, b), at[b]);
            Assert.Equal(plain(), got[0][b], 12);
            Assert.Equal(plain(), got[3][b], 12);
            for (int k = 0; k < 2 * Length; k++)
            {
                ref double moved = ref rows[k / Length][k % Length];
                double x0 = moved;
                double slope(ref double v, double h)
                {
                    v = x0 + h;
                    double above = plain();
                    v = x0 - h;
                    double below = plain();
                    v = x0;
                    return (above - below) / (2 * h);
                }
                const double h = 1e-5;
                double difference = (4 * slope(ref moved, h) - slope(ref moved, 2 * h)) / 3;
                double gradient = got[1 + k / Length][b * Length + k % Length];
                Assert.True(Math.Abs(difference - gradient) <= 1e-6 * Math.Max(1, Math.Abs(difference)),
                    $"{name}, sample {b}, {(k < Length ? "x" : "y")}[{k % Length}]: difference {difference:R}, gradient {gradient:R}");
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Float_is_double_rounded(string name)
    {
        var (x, y, c, at) = Inputs();
        Close(Wide(Call("DoubleCalls", name, x, y, c, at)), Wide(Call("SingleCalls", name, Narrow(x), Narrow(y), c, at)), 2e-5);
    }

    [Fact]
    public void The_emulator_agrees_on_the_combined_function()
    {
        var (x, y, c, at) = Inputs();
        using var emulator = Device.Emulator();
        Close(Wide(Call("DoubleCalls", "Combined", x, y, c, at)), Wide(Call("DoubleCalls", "CombinedOn", emulator, x, y, c, at)), 1e-12);
        Close(Wide(Call("SingleCalls", "Combined", Narrow(x), Narrow(y), c, at)), Wide(Call("SingleCalls", "CombinedOn", emulator, Narrow(x), Narrow(y), c, at)), 2e-5);
    }

    [Fact]
    public void A_label_out_of_range_throws_on_every_device()
    {
        var (x, y, c, at) = Inputs();
        at[3] = Length;
        Assert.IsType<IndexOutOfRangeException>(Assert.Throws<TargetInvocationException>(() => Call("SingleCalls", "Choices", Narrow(x), Narrow(y), c, at)).InnerException);
        using var emulator = Device.Emulator();
        Assert.IsType<IndexOutOfRangeException>(Assert.Throws<TargetInvocationException>(() => Call("SingleCalls", "ChoicesOn", emulator, Narrow(x), Narrow(y), c, at)).InnerException);
    }

    [Fact]
    public void All_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(s_generated.Value));

    private static void Close(double[][] expected, double[][] got, double tolerance)
    {
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], got[k], (e, g) => Math.Abs(e - g) <= tolerance * Math.Max(1, Math.Abs(e)));
    }
}
