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
}
