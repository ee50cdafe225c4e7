using System.Reflection;
using AutoVec.Tests.Gpu;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Kernels on ILGPU's emulator: what they compute, what they report where C# throws; and that all of them compile for sm_90.</summary>
public class EmulatorTests(ITestOutputHelper output)
{
    private const string Source = """
        namespace Kernels;
        [Tree] public partial record Layer(float[,] W, float[] B);
        public static partial class M
        {
            [Vectorize(Reduce = Reduction.Mean), Differentiable]
            public static float Loss([Shared] Layer p, [NoGrad] float[] image, int label)
            {
                var logits = new float[p.B.Length];
                for (int j = 0; j < logits.Length; j++)
                {
                    float sum = p.B[j];
                    for (int i = 0; i < image.Length; i++) sum += image[i] * p.W[i, j];
                    logits[j] = MathF.Max(sum, 0);
                }
                float max = float.NegativeInfinity;
                for (int j = 0; j < logits.Length; j++) max = MathF.Max(max, logits[j]);
                float total = 0;
                for (int j = 0; j < logits.Length; j++) total += MathF.Exp(logits[j] - max);
                return max + MathF.Log(total) - logits[label];
            }

            [Vectorize] public static float Step(float w, float g, [Shared] float rate) => w - rate * g;
            [Vectorize] public static int Quotient(int x, int y) => x / y + x % y;
            [Vectorize] public static int Magnitude(int x) => Math.Abs(x);
            [Vectorize] public static float Pick([Shared] float[] table, int i) => table[i];
            [Vectorize] public static bool Above(float x, [Shared] bool strict, bool negate) => (strict ? x > 0 : x >= 0) != negate;
            [Vectorize] public static double Remainder(double x, double y) => x % y;

            [Vectorize]
            public static float[] Repeat(float x, [Shared] int[] counts)
            {
                var y = new float[counts[0] + 1];
                for (int i = 0; i < y.Length; i++) y[i] = x + i;
                return y;
            }

            [Vectorize]
            public static float Median(float a, float b, float c)
            {
                var s = new float[3];
                s[0] = a; s[1] = b; s[2] = c;
                int swaps = 1;
                while (swaps > 0)
                {
                    swaps = 0;
                    for (int i = 0; i < 2; i++)
                    {
                        if (s[i] > s[i + 1])
                        {
                            float t = s[i];
                            s[i] = s[i + 1];
                            s[i + 1] = t;
                            swaps++;
                        }
                    }
                }
                return s[1];
            }
        }
        public static class Calls
        {
            public static float[][] Loss(Device device, Layer p, float[,] images, int[] labels)
            {
                using var there = p.Upload(device);
                var (value, g) = M.LossValueAndGradBatch(device, there, device.Upload(images), device.Upload(labels));
                return [[value.ToScalar()], g.P.W.ToArray(), g.P.B.ToArray(), [M.LossBatch(device, there, device.Upload(images), device.Upload(labels)).ToScalar()]];
            }
            public static float[][] MakeLoss(Device device, int samples, int inputs, int outputs, bool exact)
            {
                var random = new Random(5);
                float[,] Draw(int n, int m) { var a = new float[n, m]; for (int k = 0; k < a.Length; k++) a[k / m, k % m] = (float)random.NextDouble() - 0.5f; return a; }
                var w = Draw(exact ? inputs : inputs + 2, outputs);
                return Loss(device, new Layer(w, Draw(1, outputs).Cast<float>().ToArray()), Draw(samples, inputs), Enumerable.Range(0, samples).Select(k => k % outputs).ToArray());
            }
            public static float[] Step(Device device)
            {
                var w = device.Upload(new float[] { 1, 2, 3 });
                M.StepBatch(device, w, device.Upload(new float[] { 1, 1, 2 }), 0.5f, w);
                return w.ToArray();
            }
            public static int[] Quotient(Device device, int[] x, int[] y) => M.QuotientBatch(device, device.Upload(x), device.Upload(y)).ToArray();
            public static int[] Magnitude(Device device, int[] x) => M.MagnitudeBatch(device, device.Upload(x)).ToArray();
            public static float[] Pick(Device device, float[] table, int[] i) => M.PickBatch(device, device.Upload(table), device.Upload(i)).ToArray();
            public static bool[] Above(Device device, float[] x, bool strict, bool[] negate) => M.AboveBatch(device, device.Upload(x), strict, device.Upload(negate)).ToArray();
            public static double[] Remainder(Device device, double[] x, double y) => M.RemainderBatch(device, device.Upload(x), y).ToArray();
            public static float[] Repeat(Device device, float[] x, int[] counts) => M.RepeatBatch(device, device.Upload(x), device.Upload(counts)).ToArray();
            public static float[] Median(Device device, float[] a, float[] b, float c) => M.MedianBatch(device, device.Upload(a), device.Upload(b), c).ToArray();
        }
        """;

    private static readonly Lazy<Assembly> s_generated = new(() =>
    {
        var generated = Generated.Run(Source);
        return generated.Errors.Any() ? throw new InvalidOperationException(string.Join("\n", generated.Errors)) : generated.Load();
    });

    private static T On<T>(Device device, string name, params object[] arguments)
    {
        try
        {
            return (T)s_generated.Value.GetType("Kernels.Calls")!.GetMethod(name)!.Invoke(null, [device, .. arguments])!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    [Theory]
    [InlineData(7, 6, 5, true)]
    [InlineData(4, 5, 3, false)]
    public void A_dense_layer_and_its_gradient_are_those_of_the_cpu(int samples, int inputs, int outputs, bool exact)
    {
        using Device cpu = Device.Cpu(1), emulator = Device.Emulator();
        var expected = On<float[][]>(cpu, "MakeLoss", samples, inputs, outputs, exact);
        var got = On<float[][]>(emulator, "MakeLoss", samples, inputs, outputs, exact);
        for (int k = 0; k < expected.Length; k++)
            Assert.All(expected[k].Zip(got[k]), p => Assert.Equal(p.First, p.Second, 1e-5f));
    }

    [Fact]
    public void A_step_in_place()
    {
        using var emulator = Device.Emulator();
        Assert.Equal([0.5f, 1.5f, 2f], On<float[]>(emulator, "Step"));
    }

    [Fact]
    public void Values()
    {
        using var emulator = Device.Emulator();
        Assert.Equal([3 + 1, -3 - 1, 0 + 5], On<int[]>(emulator, "Quotient", new[] { 7, -7, 5 }, new[] { 2, 2, 7 }));
        Assert.Equal([false, true, true, false], On<bool[]>(emulator, "Above", new float[] { 0, 1, 0, 1 }, true, new[] { false, false, true, true }));
        Assert.Equal([5.5 % 0.3, -1e300 % 0.3, double.NaN, -0.25 % 0.3], On<double[]>(emulator, "Remainder", new[] { 5.5, -1e300, double.NaN, -0.25 }, 0.3));
        Assert.Equal([1f, 2, 3, 5, 6, 7], On<float[]>(emulator, "Repeat", new float[] { 1, 5 }, new[] { 2 }));
        Assert.Equal([2f, 2.5f], On<float[]>(emulator, "Median", new float[] { 1, 9 }, new float[] { 2, 1 }, 2.5f));
    }

    [Fact]
    public void Where_the_method_throws_so_does_the_kernel()
    {
        using var emulator = Device.Emulator();
        Assert.Contains("sample 1", Assert.Throws<DivideByZeroException>(() => On<int[]>(emulator, "Quotient", new[] { 1, 2 }, new[] { 1, 0 })).Message);
        Assert.Throws<OverflowException>(() => On<int[]>(emulator, "Quotient", new[] { 1, int.MinValue }, new[] { 1, -1 }));
        Assert.Throws<OverflowException>(() => On<int[]>(emulator, "Magnitude", new[] { int.MinValue }));
        Assert.Contains("table", Assert.Throws<IndexOutOfRangeException>(() => On<float[]>(emulator, "Pick", new float[3], new[] { 0, 3 })).Message);
        Assert.Equal([4, 5], On<int[]>(emulator, "Magnitude", new[] { -4, 5 }));
    }

    [Fact]
    public void All_kernels_compile_for_sm_90()
    {
        var kernels = Ptx.CompileAll(s_generated.Value);
        output.WriteLine($"{kernels.Count} kernels");
        Assert.True(kernels.Count > 15);
        Assert.All(kernels, k => Assert.DoesNotContain(".approx", k, StringComparison.Ordinal));
    }
}
