using System.Reflection;
using AutoVec.Generator.Tests.EndToEnd;

namespace AutoVec.Generator.Tests.Lang;

/// <summary>Debug mode: the first value or adjoint that is not finite is named by its line and sample, and arguments may not overlap.</summary>
public class DebugTests
{
    private const string Source = """
        namespace Checked;
        [Tree] public partial record Layer(double[,] W, double[] B);
        public static partial class M
        {
            [Vectorize, Differentiable(Forward = true)]
            public static double Ratio(double x, double y)
            {
                double a = x > 0 ? Math.Log(x) : 0;
                double b = Math.Sqrt(y);
                return a / b;
            }

            [Vectorize(Reduce = Reduction.Mean), Differentiable]
            public static double Loss([Shared] Layer p, double[] image, int label)
            {
                var logits = new double[p.B.Length];
                for (int j = 0; j < logits.Length; j++)
                {
                    double sum = p.B[j];
                    for (int i = 0; i < image.Length; i++) sum += image[i] * p.W[i, j];
                    logits[j] = sum;
                }
                return LogSumExp(logits) - logits[label];
            }

            static double LogSumExp(double[] x)
            {
                double max = double.NegativeInfinity;
                foreach (double v in x) max = Math.Max(max, v);
                double total = 0;
                foreach (double v in x)
                    total += Math.Exp(v - max);
                return max + Math.Log(total);
            }

            [Vectorize] public static void Walk(double[] x, [Shared] double rate, Span<double> y)
            {
                for (int i = 1; i < x.Length; i++)
                {
                    if (x[i] < 0) continue;
                    y[i] = y[i - 1] * rate + x[i];
                }
            }

            [Vectorize] public static float Step(float w, float g) => w - g;
            [Vectorize] public static double Library(double[] x) => Np.Sum(x) * 2;
            [Differentiable] public static double Single(double[] x) { double s = 1; for (int i = 0; i < x.Length; i++) s *= x[i]; return 1 / s; }
        }
        public static class Calls
        {
            static readonly Layer P = new(new double[,] { { 0.1, -0.2, 0.3 }, { 0.5, 0.4, -1 } }, [0.1, 0.2, 0.3]);
            public static object Value() => M.RatioBatch(new double[] { 1, -1, 2, 3 }, new double[] { 1, 4, 0, 0 });
            public static object Adjoint() => M.RatioGradBatch(new double[] { 1, 2, 1 }, new double[] { 1, 4, 0 });
            public static object NaN() => M.RatioBatch(new double[] { 2, 2 }, new double[] { 1, -1 });
            public static object Plain() => M.LossValueAndGradBatch(P, new double[,] { { 1, 2 }, { -1, 0.5 } }, new[] { 0, 2 });
            public static object Input() => M.LossValueAndGradBatch(P, new double[,] { { 1, 2 }, { double.NaN, 0.5 } }, new[] { 0, 2 });
            public static object Weights() => M.LossBatch(P with { B = [1e308, double.NegativeInfinity, 1] }, new double[,] { { 1, 2 } }, new[] { 0 });
            public static object Callee() => M.LossBatch(P with { B = [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity] }, new double[,] { { 1, 2 } }, new[] { 0 });
            public static object Loop() { var y = new double[2, 5]; y[1, 0] = 1e308; M.WalkBatch(new double[,] { { 1, 1, 1, 1, 1 }, { 0, 1, -1, 1, 1 } }, 1e200, y); return y; }
            public static object Works() { var y = new double[2, 3]; M.WalkBatch(new double[,] { { 1, 1, 1 }, { 0, 1, -1 } }, 2, y); return y.Cast<double>().ToArray(); }
            public static object Tangent() => M.RatioJvp(1, 0.25, new(1, double.PositiveInfinity));
            public static object Numbers() => M.LibraryBatch(new double[,] { { 1, 2 }, { 1e308, 1e308 } });
            public static object OneSample() => M.SingleGrad([2, 0, 3]);
            public static object Overlap() { var x = new double[3]; return M.RatioBatch(x, x); }
            public static object InPlace() { float[] w = [1, 2], g = [0.5f, 0.5f]; M.StepBatch(w, g, w); return w; }
            public static object Device() { using var d = AutoVec.Device.Cpu(2); using var x = d.Upload(new double[] { 1, 2 }); using var y = d.Upload(new double[] { 1, 0 }); return M.RatioBatch(d, x, y); }
        }
        """;

    private static readonly Lazy<Assembly> s_made = new(() =>
    {
        var generated = Generated.Run(Source, "Model.cs", properties: new Dictionary<string, string> { ["build_property.AutoVecDebug"] = "True" });
        return generated.Errors.Any() ? throw new InvalidOperationException(string.Join("\n", generated.Errors)) : generated.Load();
    });

    private static readonly Lazy<Assembly> s_plain = new(() => Generated.Run(Source, oneWidth: true).Load());

    private static object? Call(string name, Assembly? from = null)
    {
        try
        {
            return (from ?? s_made.Value).GetType("Checked.Calls")!.GetMethod(name)!.Invoke(null, []);
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    [Theory]
    [InlineData("Value", "Ratio: the value of 'a / b' at Model.cs:10 is ∞ (sample 2 of the batch).")]
    [InlineData("NaN", "Ratio: the value of 'Math.Sqrt(y)' at Model.cs:9 is NaN (sample 1 of the batch).")]
    [InlineData("Input", "Loss: the value of 'image[i] * p.W[i, j]' at Model.cs:20 is NaN (sample 1 of the batch).")]
    [InlineData("Callee", "Loss: the value of 'v - max' at line 7 of 'LogSumExp' is NaN (sample 0 of the batch).")]
    [InlineData("Loop", "Walk: the value of 'y[i - 1] * rate' at Model.cs:41 is ∞ (sample 0 of the batch).")]
    [InlineData("Adjoint", "Ratio: the value of 'a / b' at Model.cs:10 is NaN (sample 2 of the batch).")]
    [InlineData("Tangent", "Ratio: a derivative of 'Math.Sqrt(y)' at Model.cs:9 is ∞ (sample 0 of the batch).")]
    [InlineData("Numbers", "Library: the value of 'Np.Sum(x)' at Model.cs:46 is ∞ (sample 1 of the batch).")]
    [InlineData("OneSample", "Single: the value of '1 / s' at Model.cs:47 is ∞.")]
    [InlineData("Device", "Ratio: the value of 'a / b' at Model.cs:10 is ∞ (sample 1 of the batch).")]
    public void The_first_number_that_is_not_finite_is_named(string call, string message) =>
        Assert.Equal(message, Assert.Throws<ArithmeticException>(() => Call(call)).Message);

    [Fact]
    public void Arguments_that_overlap_are_named() =>
        Assert.Contains("Ratio: 'y' overlaps 'x'", Assert.Throws<ArgumentException>(() => Call("Overlap")).Message, StringComparison.Ordinal);

    [Theory, InlineData("Works"), InlineData("InPlace"), InlineData("Weights")]
    public void What_is_finite_is_what_it_is_without_checks(string call) =>
        Assert.Equivalent(Call(call, s_plain.Value), Call(call));

    [Fact]
    public void A_maximum_that_starts_at_minus_infinity_is_no_error() => Assert.NotNull(Call("Plain"));

    [Fact]
    public void Without_the_property_nothing_is_checked_and_code_does_not_depend_on_lines()
    {
        Assert.DoesNotContain("NotFinite", Generated.Run(Source).File("Checked.M.Ratio.g.cs"), StringComparison.Ordinal);
        Assert.Equal(Generated.Run(Source).File("Checked.M.Ratio.g.cs"), Generated.Run("\n\n" + Source).File("Checked.M.Ratio.g.cs"));
    }
}
