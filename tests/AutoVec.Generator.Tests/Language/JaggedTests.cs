using AutoVec.Generator.Tests.EndToEnd;

namespace AutoVec.Generator.Tests.Language;

/// <summary>Where all rows get one length, which cannot be negative, a jagged array costs what a matrix costs: the plans are the same.</summary>
public class JaggedTests
{
    private const string Rectangular = """
        var h = new double[n, m];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < m; j++)
            {
                double s = 0;
                for (int k = 0; k < x.Length; k++) s += w[i, k] * Math.Sin(x[k] * (j + 1));
                h[i, j] = Math.Tanh(s);
            }
        }
        double sum = 0;
        for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) sum += h[i, j] * h[i, j];
        return sum;
        """;

    private static readonly string Jagged = Rectangular.Replace("new double[n, m]", "new double[n][]", StringComparison.Ordinal)
        .Replace("for (int i = 0; i < n; i++)\n{", "for (int i = 0; i < n; i++)\n{ h[i] = new double[m];", StringComparison.Ordinal).Replace("h[i, j]", "h[i][j]", StringComparison.Ordinal);

    [Fact]
    public void Rows_of_one_length_are_a_matrix()
    {
        Assert.Contains("h[i] = new double[m]", Jagged, StringComparison.Ordinal);
        string Source(string body) => $$"""
            using System;
            using AutoVec;
            public static partial class Subject
            {
                [Vectorize, Differentiable] public static double F([Shared] double[,] w, double[] x)
                {
                    int n = w.GetLength(0), m = x.Length;
                    {{body}}
                }
            }
            """;
        Assert.Equal(Plan(Source(Rectangular)), Plan(Source(Jagged)));
    }

    private static string Plan(string source)
    {
        var generated = Generated.Run(source, oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        var lines = generated.File("Subject.F.g.cs").Split('\n');
        return string.Join("\n", lines.Where(l => l.StartsWith("//   ", StringComparison.Ordinal)).Select(l => l.Trim()));
    }
}
