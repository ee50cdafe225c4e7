using System.CommandLine;

namespace AutoVec.Samples.Mnist;

/// <summary>A mistake of the user's: its message is all there is to say.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>What the command line says.</summary>
public sealed record Options(
    string Data, int[] Layers, int Epochs, int Batch, float Rate, string Device, int Threads, int Seed, string? Summary)
{
    public static RootCommand Command(Func<Options, CancellationToken, Task<int>> run)
    {
        var data = new Option<string>("--data") { DefaultValueFactory = _ => "auto", HelpName = "auto|synthetic|FOLDER|gs://…", Description = "where the digits come from" };
        var layers = new Option<string>("--layers") { DefaultValueFactory = _ => "512,512", HelpName = "H1,H2,…", Description = "the widths of the hidden layers, any number of them" };
        var epochs = new Option<int>("--epochs") { DefaultValueFactory = _ => 10, Description = "passes over the training images" };
        var batch = new Option<int>("--batch") { DefaultValueFactory = _ => 128, Description = "images a step" };
        var rate = new Option<float>("--lr") { DefaultValueFactory = _ => 0.3f, Description = "learning rate of SGD" };
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu", HelpName = "cpu|cuda|opencl|emulator", Description = "where the steps run" };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount, Description = "threads of the cpu device" };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "of the initial weights and the shuffles" };
        var summary = new Option<string?>("--summary") { HelpName = "FILE", Description = "write the results as JSON" };
        var command = new RootCommand("Trains a network, written as a scalar C# method, to read digits.")
        {
            data, layers, epochs, batch, rate, device, threads, seed, summary,
        };
        command.SetAction((parsed, cancellation) => run(new Options(
            parsed.GetValue(data)!, Widths(parsed.GetValue(layers)!), AtLeast("--epochs", parsed.GetValue(epochs), 1),
            AtLeast("--batch", parsed.GetValue(batch), 1), parsed.GetValue(rate), parsed.GetValue(device)!,
            AtLeast("--threads", parsed.GetValue(threads), 1), parsed.GetValue(seed), parsed.GetValue(summary)), cancellation));
        return command;
    }

    private static int AtLeast(string name, int value, int least) =>
        value >= least ? value : throw new UsageException($"{name} {value}: expected {least} or more");

    /// <summary>What is written between the 784 pixels and the 10 digits; these may be written too: 784-512-512-10.</summary>
    private static int[] Widths(string text)
    {
        string wrong = $"--layers {text}: expected widths such as 512,512, or 784-512-512-10";
        int[] widths = [.. text.Split('-', ',').Where(w => w.Length > 0).Select(w => int.TryParse(w, out int n) && n > 0 ? n : throw new UsageException(wrong))];
        if (!text.Contains('-')) return [784, .. widths, 10];
        if (widths.Length < 2) throw new UsageException(wrong);
        return widths[^1] == 10 ? widths : throw new UsageException($"--layers {text}: the last width is 10, one for each digit");
    }
}
