using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Snapshooter.Xunit;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>What a reader of the generated code sees.</summary>
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
        Snapshot.Match(ToRead(generated.File(hint)), SnapshotFullName(hint));
    }

    private static Snapshooter.SnapshotFullName SnapshotFullName(string hint) =>
        new($"{hint}.snap", Path.Combine(Repository.Root, "tests", "AutoVec.Generator.Tests", "EndToEnd"));

    /// <summary>
    /// What there is to read once: not the narrower copies of the kernels, not the guarded versions, not the classes around
    /// the vector-Jacobian product, which read like those around the gradient.
    /// </summary>
    private static string ToRead(string text)
    {
        var root = CSharpSyntaxTree.ParseText(text.ReplaceLineEndings("\n")).GetRoot();
        var twice = root.DescendantNodes().Where(n => n switch
        {
            NamespaceDeclarationSyntax ns => ns.Name.ToString() is var name && (name.EndsWith("_256", StringComparison.Ordinal)
                || name.EndsWith("_128", StringComparison.Ordinal) || name.Contains("Guarded", StringComparison.Ordinal) || name.Contains("VjpCore", StringComparison.Ordinal)),
            ClassDeclarationSyntax c => c.Identifier.Text is var name && (name.Contains("Guarded", StringComparison.Ordinal) || name.Contains("VjpCore", StringComparison.Ordinal)
                || name.Contains("VjpHost", StringComparison.Ordinal)),
            _ => false,
        });
        var kept = root.RemoveNodes(twice, SyntaxRemoveOptions.KeepNoTrivia)!;
        var empty = kept.DescendantNodes().OfType<NamespaceDeclarationSyntax>().Where(ns => ns.Members.Count == 0);
        return kept.RemoveNodes(empty, SyntaxRemoveOptions.KeepNoTrivia)!.ToFullString();
    }
}
