using System.Reflection;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Derivatives inside of methods: values, gradients of what holds them, batches; as plain C# and generated.</summary>
public class AdTests
{
    private static Assembly Load(string methods, string calls = "")
    {
        var generated = Generated.Run($$"""
            public static partial class M
            {
            {{methods}}
            }
            """, oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        return generated.Load(calls);
    }

    private static object? Call(Assembly assembly, string name, params object?[] args) =>
        assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .First(m => m.Name == name && m.GetParameters().Length == args.Length).Invoke(null, args);

    private static double Number(object? value) => Convert.ToDouble(value);

    private static double Property(object? gradient, string name) => Number(gradient!.GetType().GetProperty(name)!.GetValue(gradient));

    [Fact]
    public void The_derivative_of_a_method_has_a_value_and_a_gradient()
    {
        var a = Load("""
            static double Cube(double x, double k) => k * x * x * x;

            [Vectorize, Differentiable]
            public static double F(double x, double k) => x + Ad.Grad(Cube, x, k);
            """, """
            public static class Calls { public static double[] Batch(double[] x, double[] k) => M.FBatch(x, k); }
            """);
        // F = x + 3 k x²
        var g = Call(a, "FGrad", 2.0, 5.0);
        Assert.Equal(1 + 6 * 5 * 2, Property(g, "X"), 12);
        Assert.Equal(12, Property(g, "K"), 12);
        Assert.Equal([16.0, 3 + 27 * 2], (double[])Call(a, "Batch", new[] { 1.0, 3 }, new[] { 5.0, 2 })!);
    }

    [Fact]
    public void A_lambda_captures_and_nests()
    {
        var a = Load("""
            [Differentiable]
            public static double F(double x, double y)
            {
                double s = x * y;
                double outer = Ad.Grad(u => u * Ad.Grad(v => v * v * u * s, y), x);
                return outer + Ad.StopGradient(x) * y;
            }
            """);
        // inner = 2 y u s; outer = d/du (2 y s u²) = 4 y s u = 4 y² x² at u = x, with s = x y; plus x y.
        var g = Call(a, "FGrad", 2.0, 3.0);
        Assert.Equal(8 * 9 * 2, Property(g, "X"), 9);
        Assert.Equal(8 * 3 * 4 + 2, Property(g, "Y"), 9);
    }

    /// <summary>The plain method is the specification, so it runs too; and so do calls from code that is not annotated at all.</summary>
    [Fact]
    public void Plain_calls_run_what_was_generated()
    {
        var a = Load("""
            static double Cube(double x, double k) => k * x * x * x;

            [Differentiable]
            private static double Square(double x) => x * x;

            [Differentiable]
            public static double F(double x, double[] w, double a, int b)
            {
                double s = x * w[0];
                double Local(double y) => y * y * s * b;
                double sum = Ad.Grad(Cube, x, 5.0) + Ad.Grad(Local, x) + Ad.Grad(Square, x);
                {
                    double t = s + 1;
                    var (value, gradient) = Ad.ValueAndGrad((double[] v) => v[0] * v[1] * t + v.Length * s, w);
                    sum += value + gradient[0] * 10 + gradient[1] * 100;
                }
                return sum + Ad.Grad(y => Ad.Grad(z => z * z * z * y, x), 1.0) + a;
            }
            """, """
            public static class Calls
            {
                public static double Plain(double x) => Ad.Grad(M.F, x, new double[] { 2, 3 }, 0.5, 4);
                public static double Unknown(double x) => Ad.Grad(y => y * y, x);
            }
            """);
        double[] w = [2, 3];
        object[] args = [1.5, w, 0.5, 4];
        double plain = Number(Call(a, "F", args));
        // s = 3: 3·5·x² + 2·x·s·b + 2x + (w0 w1 t + 2 s) + 10 w1 t + 100 w0 t + 3x² + a, t = 4
        Assert.Equal(33.75 + 36 + 3 + (24 + 6) + 120 + 800 + 6.75 + 0.5, plain, 9);
        var generated = Call(a, "FValueAndGrad", args)!;
        Assert.Equal(plain, Number(generated.GetType().GetField("Item1")!.GetValue(generated)), 9);
        // s' = w0 = 2, t' = 2: 30 x + 2 s b + 2 x s' b + 2 + (6·2 + 2·2) + 60 + 400 + 6 x
        Assert.Equal(45 + 24 + 24 + 2 + 16 + 60 + 400 + 9, Number(Call(a, "Plain", 1.5)), 9);
        var e = Assert.Throws<TargetInvocationException>(() => Call(a, "Unknown", 1.5)).InnerException;
        Assert.Contains("no derivative of 'y => y * y' was generated", Assert.IsType<InvalidOperationException>(e).Message, StringComparison.Ordinal);
    }
}
