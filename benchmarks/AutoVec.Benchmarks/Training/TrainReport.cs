using System.Globalization;
using AutoVec.Cpu;
using AutoVec.Samples.Mnist;

namespace AutoVec.Benchmarks.Training;

/// <summary>
/// The step of the MNIST sample (its own <c>Network.cs</c>: a loss with a loop over layers, and SGD) beside the FMA limit and beside its matrix
/// products alone. Data are made before.
/// </summary>
internal static class TrainReport
{
    private static readonly (int[] Widths, int Batch)[] Networks =
        [([784, 512, 512, 10], 128), ([784, 1024, 1024, 10], 128), ([3072, 2048, 2048, 1024, 10], 256)];

    public static int Run(string[] args)
    {
        int threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        using var device = Device.Cpu(threads);
        using var engine = new CpuEngine(threads);
        double limit = Limits.Fma(engine);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, FMA limit {limit:F0} GFLOP/s; median and least, us a step"));
        Console.WriteLine($"{"",-36}{"limit",9}{"products",10}{"gradient",10}{"step",10}{"least",10}{"of limit",10}{"least",8}");
        foreach (var (widths, batch) in Networks)
        {
            using var step = new TrainStep(device, widths, batch);
            double operations = Enumerable.Range(0, widths.Length - 1).Sum(l => 2.0 * batch * widths[l] * widths[l + 1] * (l == 0 ? 2 : 3));
            double ideal = operations / limit / 1e9;
            var (products, _) = Clock.Median(Products(engine, widths, batch), 0.8);
            var (gradient, _) = Clock.Median(step.Gradient, 0.8);
            var (whole, least) = Clock.Median(() => { step.Gradient(); step.Descend(); }, 0.8);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{string.Join('-', widths) + " batch " + batch,-36}{ideal * 1e6,9:F0}{products * 1e6,10:F0}{gradient * 1e6,10:F0}{whole * 1e6,10:F0}{least * 1e6,10:F0}{ideal / whole,10:P0}{ideal / least,8:P0}"));
        }

        return 0;
    }

    /// <summary>What the step multiplies, and nothing else.</summary>
    private static Action Products(CpuEngine engine, int[] widths, int batch)
    {
        var all = new List<Action>();
        for (int l = 0; l < widths.Length - 1; l++)
        {
            all.Add(GemmReport.Product(engine, new GemmShape("forward", batch, widths[l + 1], widths[l]), 1f));
            all.Add(GemmReport.Product(engine, new GemmShape("weights", widths[l], widths[l + 1], batch, TransposedA: true), 1f));
            if (l > 0) all.Add(GemmReport.Product(engine, new GemmShape("input", batch, widths[l], widths[l + 1], TransposedB: true), 1f));
        }

        return () => all.ForEach(product => product());
    }
}

/// <summary>Weights, a batch, and the sample's two calls.</summary>
internal sealed class TrainStep : IDisposable
{
    private readonly Device device;
    private readonly Mlp.OnDevice weights;
    private readonly DeviceArray<float> images, loss;
    private readonly DeviceArray<int> labels;
    private Network.LossGradientBatch.OnDevice gradient;

    public TrainStep(Device device, int[] widths, int batch)
    {
        this.device = device;
        var random = new Random(1);
        weights = Mlp.Random(widths, 1).Upload(device);
        var pixels = new float[batch, widths[0]];
        for (int b = 0; b < batch; b++)
            for (int i = 0; i < widths[0]; i++) pixels[b, i] = random.NextSingle();
        images = device.Upload(pixels);
        labels = device.Upload(Enumerable.Range(0, batch).Select(_ => random.Next(widths[^1])).ToArray());
        loss = device.Allocate<float>();
    }

    public void Gradient() => Network.LossValueAndGradBatch(device, weights, images, labels, loss, ref gradient);

    public void Descend()
    {
        foreach (var (weight, slope) in Tree.Zip<float>(weights, gradient.P)) Network.SgdBatch(device, weight, slope, 1e-3f, weight);
    }

    public void Dispose()
    {
        weights.Dispose();
        images.Dispose();
        labels.Dispose();
        loss.Dispose();
        gradient.Dispose();
    }
}
