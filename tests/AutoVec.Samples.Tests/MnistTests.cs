using AutoVec.Samples.Mnist;

namespace AutoVec.Samples.Tests;

/// <summary>The MNIST sample as a program: what it reaches, what it repeats, what it says of mistakes.</summary>
public class MnistTests
{
    private static readonly string? Data = Find();

    private static Options Options(int epochs, int[]? layers = null, int batch = 128, string device = "cpu", int threads = 2, int seed = 1) =>
        new("", layers ?? [784, 512, 512, 10], epochs, batch, Rate: 0.3f, device, threads, seed, Summary: null);

    [MnistFact]
    public async Task Reads_98_percent_of_the_test_digits_within_10_epochs()
    {
        var data = await MnistFiles.LoadAsync(Data!, _ => { }, CancellationToken.None);
        using var device = Device.Cpu(2);
        using var trainer = new Trainer(Options(10), device, data);
        double best = 0;
        for (int epoch = 1; epoch <= 10 && best < 0.98; epoch++)
            best = Math.Max(best, (await trainer.EpochAsync(epoch, _ => { }, CancellationToken.None)).TestAccuracy);
        Assert.InRange(best, 0.98, 1);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bits()
    {
        async Task<(string, double)> run(int threads, int seed)
        {
            using var device = Device.Cpu(threads);
            using var trainer = new Trainer(Options(1, [784, 64, 32, 10], seed: seed), device, SyntheticDigits.Make(2000, 200));
            var result = await trainer.EpochAsync(1, _ => { }, CancellationToken.None);
            return (trainer.WeightsSha256(), result.Loss);
        }
        var first = await run(2, 1);
        Assert.Equal(first, await run(2, 1));
        Assert.Equal(first, await run(1, 1));
        Assert.NotEqual(first, await run(2, 2));
    }

    [Fact]
    public async Task Synthetic_digits_can_be_learnt()
    {
        using var device = Device.Cpu(2);
        using var trainer = new Trainer(Options(6, [784, 64, 32, 10], batch: 32), device, SyntheticDigits.Make(4000, 500));
        EpochResult? last = null;
        for (int epoch = 1; epoch <= 6; epoch++) last = await trainer.EpochAsync(epoch, _ => { }, CancellationToken.None);
        Assert.InRange(last!.TestAccuracy, 0.9, 1);
    }

    [Fact]
    public void A_step_allocates_nothing_once_warm()
    {
        using var device = Device.Cpu(2);
        using var weights = Mlp.Random([784, 64, 32, 10], 1).Upload(device);
        using var images = device.Allocate<float>(32, 784);
        using var labels = device.Allocate<int>(32);
        using var loss = device.Allocate<float>();
        Network.LossGradientBatch.OnDevice gradient = default;
        void step()
        {
            Network.LossValueAndGradBatch(device, weights, images, labels, loss, ref gradient);
            foreach (var (w, g) in Tree.Zip<float>(weights, gradient.P)) Network.SgdBatch(device, w, g, 0.1f, w);
        }
        for (int k = 0; k < 5; k++) step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 20; k++) step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        gradient.Dispose();
    }

    [Theory]
    [InlineData("error: --device gpu: expected cpu, cuda, opencl or emulator", "--device", "gpu")]
    [InlineData("error: --layers 784-x-10: expected widths such as 512,512, or 784-512-512-10", "--layers", "784-x-10")]
    [InlineData("error: --batch 0: expected 1 or more", "--batch", "0")]
    [InlineData("error: --layers 100-8-8-10: the images of synthetic digits have 784 pixels, so the first width is 784", "--data", "synthetic", "--layers", "100-8-8-10")]
    public async Task A_mistake_is_one_line_and_an_exit_code(string says, params string[] args)
    {
        var (code, error) = await Run(args);
        Assert.Equal(says, error.Trim());
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task A_truncated_file_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("autovec").FullName;
        try
        {
            foreach (string name in new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
                await File.WriteAllBytesAsync(Path.Combine(folder, name), [0, 0, 8, 3, 0, 0, 0, 9]);
            var (code, error) = await Run("--data", folder);
            Assert.Equal("error: train-images-idx3-ubyte.gz is truncated: no room for 3 dimensions", error.Trim());
            Assert.Equal(1, code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("20,16,14,12")]
    public async Task Any_list_of_layers_is_a_network(string layers)
    {
        var (code, error) = await Run("--data", "synthetic", "--layers", layers, "--epochs", "1");
        Assert.Equal("", error);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task A_run_writes_its_summary()
    {
        string file = Path.GetTempFileName();
        var (code, _) = await Run("--data", "synthetic", "--layers", "784-16-16-10", "--epochs", "1", "--summary", file);
        Assert.Equal(0, code);
        using var summary = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.Equal(64, summary.RootElement.GetProperty("parametersSha256").GetString()!.Length);
        Assert.Equal(1, summary.RootElement.GetProperty("epochs")[0].GetProperty("epoch").GetInt32());
        File.Delete(file);
    }

    private static async Task<(int Code, string Error)> Run(params string[] args)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Mnist.dll"), .. args]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string data = Path.Combine(at.FullName, "shared", "data", "mnist");
            if (Directory.Exists(data)) return data;
        }
        return null;
    }

    private sealed class MnistFactAttribute : FactAttribute
    {
        public MnistFactAttribute()
        {
            if (Data is null) Skip = "MNIST (../shared/data/mnist) is not on this machine";
        }
    }
}
