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

    private const string Layer = """
        namespace Networks;

        public static partial class Dense
        {
            /// <summary>One layer, as many units as there are biases.</summary>
            [Vectorize, Differentiable(Forward = true)]
            public static float[] Layer(float[] x, [Shared] float[,] w, [Shared] float[] b)
            {
                var y = new float[b.Length];
                for (int j = 0; j < y.Length; j++)
                {
                    float sum = b[j];
                    for (int i = 0; i < x.Length; i++) sum += x[i] * w[i, j];
                    y[j] = MathF.Max(sum, 0);
                }
                return y;
            }
        }
        """;

    [Fact]
    public void The_tangent_of_a_layer() => Match(Layer, "Networks.Dense.Layer.g.cs", only: "Jvp");

    [Fact]
    public void A_convolution() => Match(Sample("Convolve", "Signal.cs"), "AutoVec.Samples.Convolve.Signal.Convolve.g.cs");

    [Fact]
    public void The_loss_of_a_network() => Match(Sample("Mnist", "Network.cs"), "AutoVec.Samples.Mnist.Network.Loss.g.cs");

    [Fact]
    public void A_tree() => Match(Sample("Mnist", "Network.cs"), "AutoVec.Samples.Mnist.Mlp.g.cs");

    private static string Sample(string name, string file) => File.ReadAllText(Path.Combine(Repository.Root, "samples", name, file));

    private static void Match(string source, string hint, string only = "")
    {
        var generated = Generated.Run(source);
        Assert.Empty(generated.Errors);
        Snapshot.Match(ToRead(generated.File(hint), only), SnapshotFullName(hint));
    }

    private static Snapshooter.SnapshotFullName SnapshotFullName(string hint) =>
        new($"{hint}.snap", Path.Combine(Repository.Root, "tests", "AutoVec.Generator.Tests", "EndToEnd"));

    /// <summary>
    /// What there is to read once: not the narrower copies of the kernels, not the guarded versions, not the classes around
    /// the vector-Jacobian product, which read like those around the gradient.
    /// </summary>
    /// <param name="only">Of the members, hosts and cores, those that have this in their names.</param>
    private static string ToRead(string text, string only)
    {
        var root = CSharpSyntaxTree.ParseText(text.ReplaceLineEndings("\n")).GetRoot();
        var twice = root.DescendantNodes().Where(n => n switch
        {
            NamespaceDeclarationSyntax ns => ns.Name.ToString() is var name && (name.StartsWith("AutoVec.Generated.", StringComparison.Ordinal) && name.Count(c => c == '.') > 2 && !name.Contains(only, StringComparison.Ordinal) || name.EndsWith("_256", StringComparison.Ordinal)
                || name.EndsWith("_128", StringComparison.Ordinal) || name.Contains("Guarded", StringComparison.Ordinal) || name.Contains("VjpCore", StringComparison.Ordinal)),
            MethodDeclarationSyntax { Parent: ClassDeclarationSyntax { Parent: NamespaceDeclarationSyntax ns } } m => !ns.Name.ToString().StartsWith("AutoVec.Generated", StringComparison.Ordinal)
                && !m.Identifier.Text.Contains(only, StringComparison.Ordinal),
            ClassDeclarationSyntax c when !c.Modifiers.Any(SyntaxKind.PartialKeyword) && c.Identifier.Text != "Kernels" && !c.Identifier.Text.Contains(only, StringComparison.Ordinal) => true,
            ClassDeclarationSyntax c => c.Identifier.Text is var name && (name.Contains("Guarded", StringComparison.Ordinal) || name.Contains("VjpCore", StringComparison.Ordinal)
                || name.Contains("VjpHost", StringComparison.Ordinal)),
            _ => false,
        });
        var kept = root.RemoveNodes(twice, SyntaxRemoveOptions.KeepNoTrivia)!;
        var empty = kept.DescendantNodes().OfType<NamespaceDeclarationSyntax>().Where(ns => ns.Members.Count == 0);
        return kept.RemoveNodes(empty, SyntaxRemoveOptions.KeepNoTrivia)!.ToFullString();
    }
}
