using System.Reflection;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Generator.Tests.Kit;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>A network of three layers, each with its own text, in double: gradients of all six arrays by three roads.</summary>
public class MlpTests
{
    private const int Batch = 5;
    private static readonly int[] Widths = [7, 6, 5, 4];
    private static readonly Lazy<Type> Calls = new(Compile);

    private static string Source =>
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "AutoVec.Generator.Tests", "EndToEnd", "ThreeLayers.txt")).Replace("float", "double").Replace("MathF", "Math");

    private static Type Compile()
    {
        var generated = Generated.Run(Source);
        Assert.Empty(generated.Errors);
        return generated.Load("""
            using AutoVec.Samples.Mnist;

            public static class Calls
            {
                private static Mlp Tree(object[] p) => new((double[,])p[0], (double[])p[1], (double[,])p[2], (double[])p[3], (double[,])p[4], (double[])p[5]);

                public static double Loss(object[] p, double[] image, int label) => Network.Loss(Tree(p), image, label);

                public static object[] Host(object[] p, double[,] images, int[] labels)
                {
                    var (value, g) = Network.LossValueAndGradBatch(Tree(p), images, labels);
                    return [value, g.P.W1, g.P.B1, g.P.W2, g.P.B2, g.P.W3, g.P.B3];
                }

                public static object[] On(Device device, object[] p, double[,] images, int[] labels)
                {
                    using var onDevice = Tree(p).Upload(device);
                    using var x = device.Upload(images);
                    using var y = device.Upload(labels);
                    var (value, g) = Network.LossValueAndGradBatch(device, onDevice, x, y);
                    return [value.ToScalar(), g.P.W1.ToArray2(), g.P.B1.ToArray(), g.P.W2.ToArray2(), g.P.B2.ToArray(), g.P.W3.ToArray2(), g.P.B3.ToArray()];
                }
            }
            """).GetType("Calls")!;
    }

    private static T Call<T>(string name, params object[] arguments)
    {
        try
        {
            return (T)Calls.Value.GetMethod(name)!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    private static (object[] Parameters, double[,] Images, int[] Labels) Inputs()
    {
        var random = new System.Random(3);
        double next() => random.NextDouble() - 0.5;
        var parameters = new List<object>();
        for (int l = 0; l < 3; l++)
        {
            var w = new double[Widths[l], Widths[l + 1]];
            foreach (ref double x in w.AsSpan()) x = next();
            parameters.Add(w);
            parameters.Add(Enumerable.Range(0, Widths[l + 1]).Select(_ => next()).ToArray());
        }
        var images = new double[Batch, Widths[0]];
        foreach (ref double x in images.AsSpan()) x = random.NextDouble();
        return ([.. parameters], images, [.. Enumerable.Range(0, Batch).Select(_ => random.Next(Widths[3]))]);
    }

    private static Span<double> Elements(object array) => array is double[] one ? one : ((double[,])array).AsSpan();

    private static double Mean(object[] parameters, double[,] images, int[] labels)
    {
        double sum = 0;
        for (int b = 0; b < Batch; b++)
            sum += Call<double>("Loss", parameters, Enumerable.Range(0, Widths[0]).Select(i => images[b, i]).ToArray(), labels[b]);
        return sum / Batch;
    }

    [Fact]
    public void All_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(Calls.Value.Assembly));

    [Fact]
    public void Six_gradients_match_differences_of_the_plain_method()
    {
        var (parameters, images, labels) = Inputs();
        var got = Call<object[]>("Host", parameters, images, labels);
        Assert.Equal(Mean(parameters, images, labels), (double)got[0], 12);
        for (int k = 0; k < parameters.Length; k++)
        {
            int count = Elements(parameters[k]).Length;
            for (int e = 0; e < count; e++)
            {
                double moved(double by)
                {
                    Elements(parameters[k])[e] += by;
                    double loss = Mean(parameters, images, labels);
                    Elements(parameters[k])[e] -= by;
                    return loss;
                }
                const double h = 1e-4;
                double difference = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
                Assert.Equal(difference, Elements(got[k + 1])[e], 8);
            }
        }
    }

    [Fact]
    public void The_interpreter_agrees()
    {
        var (parameters, images, labels) = Inputs();
        var expected = Call<object[]>("Host", parameters, images, labels);
        var f = Lowered.From("using System;\n" + Source)["Loss"];
        var tree = f.Params.Take(parameters.Length).ToSeq();
        var gradient = Pipelines.GradientBatch(f, tree, tree, Compiler.Emit.Reduction.Mean, Seed.One, keepValue: true);
        var got = Interpreter.Run(gradient, [.. parameters.Select(Value.From), Value.From(images), Value.From(labels)]);
        Assert.Equal((double)expected[0], got[0].AsDouble, 12);
        for (int k = 1; k < expected.Length; k++)
            Assert.Equal(Elements(expected[k]).ToArray(), got[k].ToDoubles(), (x, y) => Math.Abs(x - y) < 1e-12);
    }

    [Theory]
    [InlineData("cpu"), InlineData("emulator")]
    public void Devices_agree_with_the_host(string name)
    {
        var (parameters, images, labels) = Inputs();
        var expected = Call<object[]>("Host", parameters, images, labels);
        using var device = name == "cpu" ? Device.Cpu(2) : Device.Emulator();
        var got = Call<object[]>("On", device, parameters, images, labels);
        Assert.Equal((double)expected[0], (double)got[0], 12);
        for (int k = 1; k < expected.Length; k++)
            for (int e = 0; e < Elements(expected[k]).Length; e++)
                Assert.Equal(Elements(expected[k])[e], Elements(got[k])[e], 12);
    }
}
