using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Generator.Tests.EndToEnd;
using AutoVec.Generator.Tests.Kit;
using AutoVec.Generator.Tests.Language;

namespace AutoVec.Generator.Tests.Ragged;

/// <summary>Lengths that follow from the length before: the plain method, the IR, batches and gradients on all devices, and both modes against each other.</summary>
public class RecurrenceTests
{
    private static readonly Lazy<Lowered> Subject = new(() => Lowered.FromMethods(Methods.Replace("[V]", "[Vectorize]", StringComparison.Ordinal)));

    public static TheoryData<string> Names() => [.. System.Text.RegularExpressions.Regex.Matches(Methods, @"\[V\] public static \S+ (?<name>\w+)\(").Select(m => m.Groups["name"].Value)];

    private static Random Seeded(string name) => new(name.Aggregate(17, (h, c) => h * 31 + c));

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_plain_method(string name)
    {
        var method = Subject.Value.Plain(name);
        var random = Seeded(name);
        for (int k = 0; k < 60; k++) Agreement.Check(Subject.Value, name, Agreement.Draw(method, random, 1 + k % 13));
    }

    [Theory, MemberData(nameof(Names))]
    public void Both_modes_agree(string name)
    {
        var method = Subject.Value.Plain(name);
        if (!Differences.HasGradient(method)) return;
        var f = Subject.Value[name];
        var wrt = f.Params.Where(p => p.Type.Scalar == Scalar.F64).ToSeq();
        var gradient = Pipelines.GradientBatch(f, wrt, [], Compiler.Emit.Reduction.None, Seed.One, keepValue: false);
        var forward = Pipelines.JvpBatch(f, wrt, [], Compiler.Emit.Reduction.None);
        var random = Seeded(name);
        for (int k = 0; k < 12; k++)
        {
            object[] args = Agreement.Draw(method, random, 2 + k);
            if (Differences.Value(method, args) is not { } value || !double.IsFinite(value)) continue;
            Value[] batch = [.. args.Select(a => Value.From(a)).Select(v => Value.Of(v.ElementType, [1, .. v.Shape], v.Data))];
            Value[] dots = [.. wrt.Select(p => batch[f.Params.ToList().IndexOf(p)]).Select(v => Value.Of(v.ElementType, v.Shape, Enumerable.Range(0, v.Data.Length).Select(_ => random.NextDouble() - 0.5).ToArray()))];
            double backwards = Interpreter.Run(gradient, batch).Zip(dots, (g, d) => g.ToDoubles().Zip(d.ToDoubles(), (a, b) => a * b).Sum()).Sum();
            Differences.Close("the directional derivative", backwards, Interpreter.Run(forward, [.. batch, .. dots])[1].AsDouble);
        }
    }

    [Fact]
    public void Batches_and_gradients_on_all_devices()
    {
        string source = Programs.Of(Methods);
        var generated = Generated.Run(source, oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        var plain = Lowered.From(source);
        var calls = new BatchCalls(generated, generated.Functions.Keys.Select(plain.Plain));
        using var emulator = Device.Emulator();
        foreach (string name in generated.Functions.Keys)
            for (int seed = 0; seed < 3; seed++) calls.Check(name, new Random(seed), emulator);
    }

    [Theory]
    [InlineData("trips there are hangs on what an array holds", "while (h[0] < 10) { var y = new double[h.Length + 1]; y[0] = h[0] + 1; h = y; }")]
    [InlineData("length hangs on what an array holds", "for (int l = 0; l < 3; l++) h = new double[1 + (int)h[0]];")]
    [InlineData("trips there are hangs on the floating-point number 'e'", "double e = 1; while (e > x[0]) { e *= 0.5; h = new double[h.Length + 1]; }")]
    [InlineData("length hangs on the floating-point number 's'", "double s = 1; for (int l = 0; l < 3; l++) { s += 0.5; h = new double[(int)s]; }")]
    [InlineData("length hangs on what 'w' holds", "var w = new int[4]; for (int l = 0; l < 3; l++) { w[l + 1] = w[l] + 2; h = new double[w[l + 1]]; }")]
    public void Other_lengths_are_refused(string reason, string body)
    {
        var lowered = Lowered.FromMethods($"[Vectorize] public static double F(double[] x) {{ var h = x; {body} return h.Length; }}");
        var error = Assert.Single(lowered.Diagnostics, d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
        Assert.Equal("AV0162", error.Id);
        Assert.Contains(reason, error.GetMessage(), StringComparison.Ordinal);
    }

    private const string Methods = """
        [V] public static double HalvesUntilOneIsLeft(double[] x)
        {
            var h = x;
            while (h.Length > 1)
            {
                var y = new double[(h.Length + 1) / 2];
                for (int j = 0; j < y.Length; j++) y[j] = h[2 * j] * 0.9 + (2 * j + 1 < h.Length ? h[2 * j + 1] * h[2 * j] : 0);
                h = y;
            }
            return h.Length == 0 ? 0 : h[0];
        }
        [V] public static double HalvesByACounter(double[] x)
        {
            var h = x;
            for (int n = x.Length; n > 1; n = (n + 1) / 2)
            {
                var y = new double[(n + 1) / 2];
                for (int j = 0; j < y.Length; j++) y[j] = h[2 * j] * 0.9 + (2 * j + 1 < h.Length ? h[2 * j + 1] * h[2 * j] : 0);
                h = y;
            }
            return h.Length == 0 ? 0 : h[0];
        }
        [V] public static double ValidConvolutions(double[] x, double[] k, int layers)
        {
            var h = x;
            for (int l = 0; l < layers && h.Length > 2; l++)
            {
                var y = new double[h.Length - 2];
                for (int j = 0; j < y.Length; j++) y[j] = h[j] * k[0] + h[j + 1] * 0.5 + Math.Tanh(h[j + 2]);
                h = y;
            }
            double s = 0;
            for (int i = 0; i < h.Length; i++) s += h[i] * h[i];
            return s;
        }
        [V] public static double GrowsByOne(double[] x, int n)
        {
            var h = x;
            for (int l = 0; l < n; l++)
            {
                var y = new double[h.Length + 1];
                for (int j = 0; j < h.Length; j++) y[j] = h[j] * h[j] * 0.3;
                y[h.Length] = h[0];
                h = y;
            }
            return h[h.Length - 1] + h[0];
        }
        [V] public static double[] DoublesIntoAResult(double[] x, int n)
        {
            var h = x;
            for (int l = 0; l < n; l++)
            {
                var y = new double[h.Length * 2];
                for (int j = 0; j < y.Length; j++) y[j] = h[j / 2] + l;
                h = y;
            }
            return h;
        }
        [V] public static double TwoLikeFibonacci(double[] x)
        {
            double[] a = x, b = new double[1];
            b[0] = 2;
            for (int l = 0; l < 4; l++)
            {
                var c = new double[a.Length + b.Length];
                for (int i = 0; i < c.Length; i++) c[i] = i < a.Length ? a[i] * 0.5 : b[i - a.Length] * x[0];
                (a, b) = (b, c);
            }
            return a[0] + b[b.Length - 1] * b[0];
        }
        [V] public static double PoolsInTwoDimensions(double[,] x)
        {
            var h = x;
            while (h.GetLength(0) > 1 && h.GetLength(1) > 1)
            {
                var y = new double[h.GetLength(0) / 2, h.GetLength(1) - 1];
                for (int i = 0; i < y.GetLength(0); i++)
                    for (int j = 0; j < y.GetLength(1); j++) y[i, j] = h[2 * i, j] * h[2 * i + 1, j + 1] + 0.5 * h[2 * i, j + 1];
                h = y;
            }
            double s = 0;
            foreach (double v in h) s += v * v;
            return s + h.GetLength(0);
        }
        [V] public static double ShrinksInsideAndGrowsOutside(double[] x, int k)
        {
            var h = x;
            for (int e = 0; e < 3; e++)
            {
                while (h.Length > 2)
                {
                    var y = new double[h.Length / 2];
                    for (int j = 0; j < y.Length; j++) y[j] = h[2 * j] * h[j + 1];
                    h = y;
                }
                var z = new double[h.Length + 2];
                for (int j = 0; j < h.Length; j++) z[j + 1] = h[j] + x[0] * e;
                h = z;
            }
            return h[1] * h[h.Length - 2];
        }
        [V] public static double ShrinksByDo(double[] x)
        {
            var h = x;
            do
            {
                var y = new double[h.Length - 1];
                for (int j = 0; j < y.Length; j++) y[j] = 0.4 * h[j + 1] + h[j] * Math.Cos(h[j + 1]);
                h = y;
            } while (h.Length > 1);
            double s = 0; foreach (double v in h) s += v;
            return s;
        }
        [V] public static double Swaps(double[] x, int n)
        {
            double[] a = (double[])x.Clone(), b = new double[2];
            for (int l = 0; l < n; l++)
            {
                var c = new double[b.Length + 1];
                for (int i = 0; i < c.Length; i++) c[i] = a[i % a.Length] * 0.5 + l;
                (a, b) = (c, a);
            }
            return a[0] + 2 * b[b.Length - 1] + a.Length;
        }
        [V] public static double LengthsOfAGenerator(double[] x, int[] n)
        {
            var h = x;
            int s = 1;
            for (int l = 0; l < 5; l++)
            {
                s = s * 3 % 5;
                var y = new double[s + n[l % n.Length]];
                for (int i = 0; i < y.Length; i++) y[i] = h[i % h.Length] * (0.3 + s);
                h = y;
            }
            return h[h.Length - 1] + s;
        }
        [V] public static double Negative(double[] x)
        {
            var h = x;
            for (int l = 0; l < 3; l++)
            {
                var y = new double[h.Length - 2];
                for (int i = 0; i < y.Length; i++) y[i] = h[i] + h[i + 2];
                h = y;
            }
            return h.Length;
        }
        """;
}
