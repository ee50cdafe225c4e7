using System.Globalization;
using AutoVec;
using AutoVec.Samples.Mnist;
using Spectre.Console;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
try
{
    var parsed = Options.Command(RunAsync).Parse(args);
    parsed.InvocationConfiguration.EnableDefaultExceptionHandler = false;
    return await parsed.InvokeAsync();
}
catch (Exception e) when (e is UsageException or IOException or InvalidDataException or NotSupportedException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("stopped");
    return 130;
}

static async Task<int> RunAsync(Options options, CancellationToken cancellation)
{
    using var device = Open(options);
    var data = await MnistFiles.LoadAsync(options.Data, warning => Console.Error.WriteLine($"warning: {warning}"), cancellation);
    using var trainer = new Trainer(options, device, data);
    Console.WriteLine($"{string.Join('-', options.Layers)} on {device.Name}: {data.Train.Count} training and {data.Test.Count} test images "
        + $"from {data.Source}, {options.Batch} a step, learning rate {options.Rate}");

    var epochs = new List<EpochResult>();
    for (int epoch = 1; epoch <= options.Epochs; epoch++)
    {
        var result = await WithProgress(trainer, epoch, options.Epochs, cancellation);
        epochs.Add(result);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch,2}  loss {result.Loss:0.0000}  train {result.TrainAccuracy:0.00%}  test {result.TestAccuracy:0.00%}  "
            + $"{result.Seconds * 1000:0} ms  {result.SamplesPerSecond:#,0} samples/s  waiting {result.WaitingShare:0.0%}"));
    }
    int[] answers = trainer.Predict(data.Test);
    int[] wrong = [.. Enumerable.Range(0, answers.Length).Where(k => answers[k] != data.Test.Labels[k]).Take(1)];
    int[] shown = [.. Enumerable.Range(0, Math.Min(4 - wrong.Length, answers.Length)), .. wrong];
    Console.WriteLine();
    Console.WriteLine(Picture.Draw(data.Test, shown, answers));
    if (options.Summary is { } file)
        new Summary(options.Device, options.Threads, options.Layers, options.Batch, options.Seed, epochs, trainer.WeightsSha256()).Write(file);
    return 0;
}

static Device Open(Options options) => options.Device switch
{
    "cpu" => Device.Cpu(options.Threads),
    "cuda" => Device.Cuda(0),
    "opencl" => Device.OpenCL(0),
    "emulator" => Device.Emulator(),
    var other => throw new UsageException($"--device {other}: expected cpu, cuda, opencl or emulator"),
};

static async Task<EpochResult> WithProgress(Trainer trainer, int epoch, int epochs, CancellationToken cancellation)
{
    if (Console.IsOutputRedirected) return await trainer.EpochAsync(epoch, _ => { }, cancellation);
    EpochResult? result = null;
    await AnsiConsole.Progress().AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask($"epoch {epoch} of {epochs}", maxValue: trainer.Steps);
            result = await trainer.EpochAsync(epoch, step => bar.Value = step, cancellation);
        });
    return result!;
}
