using System.Reflection;
using AutoVec.Generator.Tests.Kit;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>The user's own derivative rules.</summary>
public class CustomGradTests
{
    private const string Source = """
        [Tree] public partial record Pair(double A, int[] N, double[] B);

        public static partial class M
        {
            // The rules are wrong on purpose, by a factor of their own: so it is seen where they are used.
            [Vectorize, Differentiable, CustomGrad(nameof(SquareRule))]
            public static double Square(double x) => x * x;
            static double SquareRule(double x, double cotangent) => 10 * x * x * cotangent;

            [CustomGrad(nameof(ScaleRule))]
            static double[] Scale(double[] x, [NoGrad] double k, int n)
            {
                var y = new double[x.Length];
                for (int i = 0; i < y.Length; i++) y[i] = k * x[i] * n;
                return y;
            }
            static double[] ScaleRule(double[] x, double k, int n, double[] cotangent)
            {
                var bar = new double[cotangent.Length];
                for (int i = 0; i < bar.Length; i++) bar[i] = Math.Min(cotangent[i], 1) * x[i];   // a clipped cotangent: not linear
                return bar;
            }

            [CustomGrad(nameof(BothRule))]
            static (double, double) Both(Pair p, double x) => (p.A * p.B[0] * x, x + p.N[0]);
            static (Pair, double) BothRule(Pair p, double x, (double, double) cotangent) =>
                (new Pair(cotangent.Item1, p.N, [cotangent.Item2, 7]), Square(x) + cotangent.Item1);

            [Vectorize, Differentiable]
            public static double Use(double[] x, double k)
            {
                double sum = Square(k) + k;
                double[] y = Scale(x, k, 2);
                for (int i = 0; i < y.Length; i++) sum += Square(y[i]) + (x[i] > 0 ? Square(x[i]) : 0);
                return sum;
            }

            [Differentiable]
            public static double Tuple(Pair p, double x)
            {
                var (a, b) = Both(p, x);
                return 3 * a + 5 * b;
            }

            [Differentiable]
            public static double Second(double x) => Ad.Grad(Square, x) + Ad.Grad(y => Square(y) * y, x);

            [Differentiable]
            public static double WhileOf(double x)
            {
                double s = x;
                while (s < 100) s = Square(s) + 1;
                return s;
            }

            [CustomGrad(nameof(ClipRule))]
            static double[] Clip(double[] x, [NoGrad] double bound) => (double[])x.Clone();
            static double[] ClipRule(double[] x, double bound, double[] cotangent)
            {
                var bar = new double[x.Length];
                for (int i = 0; i < bar.Length; i++) bar[i] = Math.Clamp(cotangent[i], -bound, bound);
                return bar;
            }

            [Differentiable]
            public static double Clipped(double[] x)
            {
                double[] y = Clip(x, 3);
                y[0] *= 2;
                return y[0] * x[0] + 10 * y[1];
            }

            [Differentiable(Forward = true), Vectorize]
            public static double Again(double[] x, double k)
            {
                [Checkpoint]
                double Inner(double[] y, int n)
                {
                    double s = k;
                    for (int i = 0; i < n; i++) s = Math.Sin(s * y[i % y.Length] + k);
                    return s;
                }
                double[] z = Rotated(x, k);
                return Inner(x, 20) * Inner(z, 7) + z[0] + Ad.Grad(b => b * Inner(z, 3), k);
            }

            [Checkpoint]
            static double[] Rotated(double[] x, double k)
            {
                var y = (double[])x.Clone();
                for (int t = 0; t < 5; t++)
                    for (int i = 0; i < y.Length; i++) y[i] = Math.Cos(y[(i + 1) % y.Length]) * k;
                return y;
            }

            [Differentiable, CustomGrad(nameof(ShortRule))]
            public static double Short(double[] x) => x[0];
            static double[] ShortRule(double[] x, double cotangent) => new double[x.Length + 1];
        }
        """;

    private static readonly Lazy<Assembly> All = new(() =>
    {
        var generated = Generated.Run(Source, oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        return generated.Load("public static class Calls { public static (double[] Value, M.UseGradientBatch Gradient) Many(double[,] x, double[] k) => M.UseValueAndGradBatch(x, k); }");
    });

    private static object Call(string name, params object[] args) => All.Value.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .First(m => m.Name == name && m.GetParameters().Length == args.Length).Invoke(null, args)!;

    private static object Of(object record, string name) => record.GetType().GetProperty(name)?.GetValue(record) ?? record.GetType().GetField(name)!.GetValue(record)!;

    [Fact]
    public void Is_the_gradient_of_the_method_itself() => Assert.Equal(90.0, Of(Call("SquareGrad", 3.0), "X"));

    [Fact]
    public void Is_used_where_the_method_is_called()
    {
        double[] x = [0.5, -2, 3];
        double k = 0.1;
        var g = Call("UseGrad", x, k);
        // d square(k) = 10 k²; k is [NoGrad] of Scale.
        Assert.Equal(10 * k * k + 1, (double)Of(g, "K"), 12);
        double[] expected = [.. x.Select(v => Math.Min(10 * (2 * k * v) * (2 * k * v), 1) * v + (v > 0 ? 10 * v * v : 0))];
        Assert.Equal(expected, ((double[])Of(g, "X")).Select(v => v), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Is_used_in_batches()
    {
        var many = Call("Many", new[,] { { 0.5, -2, 3 }, { 1, 2, -3 } }, new[] { 0.1, 0.3 });
        for (int b = 0; b < 2; b++)
        {
            double[] x = b == 0 ? [0.5, -2, 3] : [1, 2, -3];
            double k = b == 0 ? 0.1 : 0.3;
            var one = Call("UseValueAndGrad", x, k);
            Assert.Equal((double)Of(one, "Item1"), ((double[])Of(many, "Item1"))[b], 12);
            Assert.Equal((double)Call("Use", x, k), ((double[])Of(many, "Item1"))[b], 12);
            for (int i = 0; i < 3; i++) Assert.Equal(((double[])Of(Of(one, "Item2"), "X"))[i], ((double[,])Of(Of(many, "Item2"), "X"))[b, i], 12);
        }
    }

    [Fact]
    public void Trees_and_tuples()
    {
        var pair = Activator.CreateInstance(All.Value.GetType("Pair")!, 2.0, new[] { 4 }, new[] { 3.0, 1 })!;
        var g = Call("TupleGrad", pair, 1.5);
        Assert.Equal(3.0, Of(Of(g, "P"), "A"));
        Assert.Equal([5.0, 7], (double[])Of(Of(g, "P"), "B"));
        Assert.Equal(2.25 + 3, Of(g, "X"));
    }

    /// <summary>The rule is code like any other, and has derivatives.</summary>
    [Fact]
    public void A_derivative_of_the_rule()
    {
        // Grad Square = 10 x²; Grad (square(y) y) = 10 y³ + y². The second derivative sees the rule of Square again where it is called.
        Assert.Equal(10 * 9 + 270 + 9.0, (double)Call("Second", 3.0), 9);
        Assert.Equal(20 * 3 + 3 * 10 * 9 + 10 * 9.0, (double)Of(Call("SecondGrad", 3.0), "X"), 9);
    }

    [Fact]
    public void In_a_while()
    {
        // s: 2, 5, 26, 677; ds = Π 10 s²
        Assert.Equal(10.0 * 4 * 10 * 25 * 10 * 676, (double)Of(Call("WhileOfGrad", 2.0), "X"), 3);
    }

    /// <summary>The usual use: the value passes, its cotangent is clipped.</summary>
    [Fact]
    public void A_copy_with_a_clipped_cotangent() =>
        Assert.Equal([2 * 1.25 + 2.5, 3], (double[])Of(Call("ClippedGrad", new[] { 1.25, 4 }), "X"));

    /// <summary>Computed again, not otherwise: the gradient and the tangent are those of the plain method.</summary>
    [Fact]
    public void A_checkpoint_changes_nothing()
    {
        double[] x = [0.3, -0.8, 1.2];
        double k = 0.7;
        double At(double step, int e) => (double)Call("Again", x.Select((v, i) => v + (i == e ? step : 0)).ToArray(), k + (e < 0 ? step : 0));
        var g = Call("AgainValueAndGrad", x, k);
        Assert.Equal(At(0, 0), (double)Of(g, "Item1"), 12);
        double[] bars = [(double)Of(Of(g, "Item2"), "K"), .. (double[])Of(Of(g, "Item2"), "X")];
        for (int e = -1; e < 3; e++)
        {
            const double h = 1e-4;
            Assert.Equal((8 * (At(h, e) - At(-h, e)) - (At(2 * h, e) - At(-2 * h, e))) / (12 * h), bars[e + 1], 7);
        }
        var tangents = Activator.CreateInstance(All.Value.GetType("M+AgainGradient")!, new[] { 1.0, 2, 3 }, 4.0)!;
        var jvp = Call("AgainJvp", x, k, tangents);
        Assert.Equal(4 * bars[0] + bars[1] + 2 * bars[2] + 3 * bars[3], (double)Of(jvp, "Item2"), 9);
    }

    [Fact]
    public void A_gradient_of_another_length_throws() =>
        Assert.IsType<IndexOutOfRangeException>(Assert.Throws<TargetInvocationException>(() => Call("ShortGrad", new[] { 1.0, 2 })).InnerException);

    [Theory]
    [InlineData("[Differentiable, {|}CustomGrad(\"R\")] public static double F(double x, int[] n, [NoGrad] float y) => x; static float R(double x, int[] n, float y, double c) => 1;",
        "static double R(double x, int[] n, float y, double cotangent)")]
    [InlineData("[{|}CustomGrad(\"R\")] static float H(float x, float y) => x; [Differentiable] public static float F(float x) => H(x, x);", "static (float, float) R(float x, float y, float cotangent)")]
    [InlineData("[{|}CustomGrad(\"R\")] static int H(float x) => 1; [Differentiable] public static float F(float x) => x * H(x);", "the result of the method it belongs to holds only floats")]
    public void A_wrong_rule_is_rejected_at_the_attribute(string members, string expected)
    {
        int at = members.IndexOf("{|}", StringComparison.Ordinal);
        var lowered = Lowered.FromMethods(members.Replace("{|}", "", StringComparison.Ordinal));
        var diagnostic = Assert.Single(lowered.Diagnostics);
        Assert.Equal("AV0016", diagnostic.Id);
        Assert.Contains(expected, diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.Equal(at, diagnostic.Location.GetLineSpan().StartLinePosition.Character);
    }
}
