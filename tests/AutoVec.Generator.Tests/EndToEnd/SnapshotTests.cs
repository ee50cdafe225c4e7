using Snapshooter.Xunit;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>What a reader of the generated code sees: whole files, but for the narrower copies of the same kernels.</summary>
public class SnapshotTests
{
    private const string Scalar = """
        namespace Finance;

        public static partial class Pricing
        {
            /// <summary>The value today of one unit paid after some years, at least a floor.</summary>
            [Vectorize, Differentiable]
            public static float Discount(float rate, float years, [Shared] float floor)
            {
                float factor = MathF.Exp(-rate * years);
                return factor < floor ? floor : factor;
            }
        }
        """;

    [Fact]
    public void A_scalar_function() => Match(Scalar, "Finance.Pricing.Discount.g.cs");

    [Fact]
    public void A_convolution() => Match(Sample("Convolve", "Signal.cs"), "AutoVec.Samples.Convolve.Signal.Convolve.g.cs");

    [Fact]
    public void The_loss_of_a_network() => Match(Sample("Mnist", "Network.cs"), "AutoVec.Samples.Mnist.Network.Loss.g.cs");

    [Fact]
    public void A_tree() => Match(Sample("Mnist", "Network.cs"), "AutoVec.Samples.Mnist.Mlp.g.cs");

    private static string Sample(string name, string file) => File.ReadAllText(Path.Combine(Repository.Root, "samples", name, file));

    private static void Match(string source, string hint)
    {
        var generated = Generated.Run(source);
        Assert.Empty(generated.Errors);
        Snapshot.Match(Widest(generated.File(hint)), SnapshotFullName(hint));
    }

    private static Snapshooter.SnapshotFullName SnapshotFullName(string hint) =>
        new($"{hint}.snap", Path.Combine(Repository.Root, "tests", "AutoVec.Generator.Tests", "EndToEnd"));

    /// <summary>Kernels are the same text for 512, 256 and 128 bits: one is enough to read.</summary>
    private static string Widest(string text)
    {
        var kept = new List<string>();
        bool skipped = false;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("namespace ", StringComparison.Ordinal)) skipped = line.EndsWith("_256", StringComparison.Ordinal) || line.EndsWith("_128", StringComparison.Ordinal);
            if (!skipped) kept.Add(line);
        }
        return string.Join("\n", kept);
    }
}
