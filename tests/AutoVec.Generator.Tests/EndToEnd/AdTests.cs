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

    /// <summary>The functions of this class: each as plain C#, generated, as a batch on SIMD and emulator; and its gradient against differences.</summary>
    private const string Functions = """
        static double Rosenbrock(double[] x)
        {
            double sum = 0;
            for (int i = 0; i + 1 < x.Length; i++)
            {
                double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
                sum += 100 * a * a + b * b;
            }
            return sum;
        }

        // Hessian times vector, in all four combinations of modes.
        [Vectorize, Differentiable]
        public static double ReverseOverReverse(double[] x, double[] v)
        {
            double[] h = Ad.Grad(y =>
            {
                double[] g = Ad.Grad(Rosenbrock, y);
                double dot = 0;
                for (int i = 0; i < g.Length; i++) dot += g[i] * v[i];
                return dot;
            }, x);
            double sum = 0;
            for (int i = 0; i < h.Length; i++) sum += h[i] * (i + 1);
            return sum;
        }

        [Vectorize, Differentiable]
        public static double ForwardOverReverse(double[] x, double[] v)
        {
            double[] h = Ad.Jvp(y => Ad.Grad(Rosenbrock, y), x, v).Tangent;
            double sum = 0;
            for (int i = 0; i < h.Length; i++) sum += h[i] * (i + 1);
            return sum;
        }

        [Differentiable]
        public static double ReverseOverForward(double[] x, double[] v)
        {
            double[] h = Ad.Grad(y => Ad.Jvp(Rosenbrock, y, v).Tangent, x);
            double sum = 0;
            for (int i = 0; i < h.Length; i++) sum += h[i] * (i + 1);
            return sum;
        }

        [Differentiable]
        public static double ForwardOverForward(double[] x, double[] v)
        {
            double[] e = new double[x.Length];
            for (int i = 0; i < x.Length; i++) e[i] = i + 1;
            return Ad.Jvp(y => Ad.Jvp(Rosenbrock, y, v).Tangent, x, e).Tangent;
        }

        static double Kepler(double e, double mean, double ecc) => e - ecc * Math.Sin(e) - mean;

        [Vectorize, Differentiable]
        public static double Newton(double mean, double ecc)
        {
            double e = mean;
            for (int k = 0; k < 30; k++)
            {
                var (value, slope) = Ad.ValueAndGrad(Kepler, e, mean, ecc);
                double step = value / slope;
                e -= step;
                if (Math.Abs(step) < 1e-13) break;
            }
            return e;
        }

        // A force from a potential, integrated; the potential's parameter is what the outer derivative is by.
        [Differentiable]
        public static double Orbit(double[] start, double stiffness)
        {
            var x = (double[])start.Clone();
            var v = new double[x.Length];
            for (int t = 0; t < 5; t++)
            {
                double[] force = Ad.Grad(y =>
                {
                    double potential = 0;
                    for (int i = 0; i < y.Length; i++) potential += stiffness * y[i] * y[i] / 2 + Math.Cos(y[i]) * y[(i + 1) % y.Length];
                    return potential;
                }, x);
                for (int i = 0; i < x.Length; i++) v[i] -= 0.1 * force[i];
                for (int i = 0; i < x.Length; i++) x[i] += 0.1 * v[i];
            }
            double sum = 0;
            for (int i = 0; i < x.Length; i++) sum += x[i] * x[i];
            return sum;
        }

        [Differentiable]
        public static double HessianDiagonal(double[,] points, double[,] centroids)
        {
            int d = centroids.GetLength(1);
            var one = new double[centroids.GetLength(0), d];
            for (int k = 0; k < centroids.GetLength(0); k++)
                for (int i = 0; i < d; i++) one[k, i] = 1;
            double[,] g = Ad.Grad(c => Cost(points, c), centroids);
            double[,] h = Ad.Jvp(c => Ad.Grad(b => Cost(points, b), c), centroids, one).Tangent;
            double sum = 0;
            for (int k = 0; k < g.GetLength(0); k++)
                for (int i = 0; i < d; i++) sum += g[k, i] / (1 + h[k, i]) * (k + 1 - i);
            return sum;
        }

        static double Cost(double[,] points, double[,] centroids)
        {
            double cost = 0;
            for (int p = 0; p < points.GetLength(0); p++)
            {
                double best = double.PositiveInfinity;
                for (int k = 0; k < centroids.GetLength(0); k++)
                {
                    double distance = 0;
                    for (int i = 0; i < points.GetLength(1); i++)
                    {
                        double a = points[p, i] - centroids[k, i];
                        distance += a * a;
                    }
                    best = Math.Min(best, distance);
                }
                cost += best;
            }
            return cost;
        }

        // GradBench's saddle in small: the minimum by x of the maximum by y, both by gradient descent.
        static double Saddle(double x, double y) => (x - 0.3) * (x - 0.3) + 0.5 * x * y - y * y;

        static double Best(double x, double start)
        {
            double y = start;
            double eta = 0.1;
            int accepted = 0;
            while (true)
            {
                double g = -Ad.Grad((b, a) => Saddle(a, b), y, x);
                if (Math.Abs(g) <= 1e-7) break;
                double next = y - eta * g;
                if (Math.Abs(next - y) <= 1e-9) break;
                if (Saddle(x, next) > Saddle(x, y))
                {
                    y = next;
                    if (++accepted == 10) { eta *= 2; accepted = 0; }
                }
                else { eta /= 2; accepted = 0; }
            }
            return Saddle(x, y);
        }

        [Vectorize, Differentiable]
        public static double Descend(double start, double inner)
        {
            double x = start;
            for (int k = 0; k < 4; k++) x -= 0.2 * Ad.Grad(Best, x, inner);
            return x * x;
        }
        """;

    private static readonly Lazy<Assembly> All = new(() => Load(Functions, """
        public static class Calls
        {
            public static double[] ReverseOverReverseMany(double[,] x, double[] v) => M.ReverseOverReverseBatch(x, v);
            public static double[] ForwardOverReverseMany(double[,] x, double[] v) => M.ForwardOverReverseBatch(x, v);
            public static double[] NewtonMany(double[] mean, double ecc) => M.NewtonBatch(mean, ecc);
            public static double[] DescendMany(double[] start, double y) => M.DescendBatch(start, y);
            static T Emulated<T>(Func<Device, T> f) { using var device = Device.Emulator(); return f(device); }
            public static double[] NewtonEmulated(double[] mean, double ecc) => Emulated(d => { using var m = d.Upload(mean); using var r = M.NewtonBatch(d, m, ecc); return (double[])r.ToArray(); });
            public static double[] DescendEmulated(double[] start, double y) => Emulated(d => { using var m = d.Upload(start); using var r = M.DescendBatch(d, m, y); return (double[])r.ToArray(); });
        }
        """));

    public static TheoryData<string, object[]> Cases => new()
    {
        { "ReverseOverReverse", [new[] { 0.3, -0.7, 1.1 }, new[] { 1.0, 0.5, -2 }] },
        { "ForwardOverReverse", [new[] { 0.3, -0.7, 1.1 }, new[] { 1.0, 0.5, -2 }] },
        { "ReverseOverForward", [new[] { 0.3, -0.7, 1.1 }, new[] { 1.0, 0.5, -2 }] },
        { "ForwardOverForward", [new[] { 0.3, -0.7, 1.1 }, new[] { 1.0, 0.5, -2 }] },
        { "Newton", [1.2, 0.6] },
        { "Orbit", [new[] { 0.3, -0.7, 1.1, 0.2 }, 1.5] },
        { "HessianDiagonal", [new[,] { { 0.0, 1 }, { 2, 0.5 }, { -1, 0.3 } }, new[,] { { 0.1, 0.9 }, { 1.5, 0.2 } }] },
        { "Descend", [0.9, 0.4] },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Agrees(string name, object[] args)
    {
        var a = All.Value;
        double plain = Number(Call(a, name, args));
        var generated = Call(a, name + "ValueAndGrad", args)!;
        Assert.Equal(plain, Number(generated.GetType().GetField("Item1")!.GetValue(generated)), Tolerance);
        var gradient = generated.GetType().GetField("Item2")!.GetValue(generated)!;
        var properties = gradient.GetType().GetProperties();
        for (int k = 0; k < args.Length; k++)
        {
            double[] actual = Flat(properties[k].GetValue(gradient)!);
            for (int e = 0; e < actual.Length; e++)
            {
                double At(double step) => Number(Call(a, name, [.. args.Select((x, n) => n == k ? Moved(x, e, step) : x)]));
                const double h = 1e-4;
                double expected = (8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h);
                Assert.True(Math.Abs(expected - actual[e]) <= 1e-5 * Math.Max(1, Math.Abs(expected)), $"{name}: d:{k}[{e}] is {actual[e]}, not {expected}");
            }
        }
    }

    private static readonly Close Tolerance = new();

    private sealed class Close : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= 1e-9 * Math.Max(1, Math.Abs(x));
        public int GetHashCode(double x) => 0;
    }

    private static double[] Flat(object value) => value is Array a ? [.. a.Cast<double>()] : [(double)value];

    private static object Moved(object value, int element, double step)
    {
        if (value is not Array a) return (double)value + step;
        var copy = (Array)a.Clone();
        int[] at = new int[a.Rank];
        for (int d = a.Rank - 1, rest = element; d >= 0; rest /= a.GetLength(d--)) at[d] = rest % a.GetLength(d);
        copy.SetValue((double)copy.GetValue(at)! + step, at);
        return copy;
    }

    [Theory]
    [InlineData("ReverseOverReverse")]
    [InlineData("ForwardOverReverse")]
    [InlineData("ReverseOverForward")]
    [InlineData("ForwardOverForward")]
    public void All_modes_give_the_same_Hessian(string name)
    {
        double[] x = [0.3, -0.7, 1.1], v = [1, 0.5, -2];
        // d²/dx0² = 1200 x0² - 400 x1 + 2, d²/dx0dx1 = -400 x0, d²/dx1² = 202 + 1200 x1² - 400 x2, ..., d²/dx2² = 200
        double[,] h = { { 1200 * .09 + 280 + 2, -120, 0 }, { -120, 202 + 1200 * .49 - 440, 280 }, { 0, 280, 200 } };
        double expected = 0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) expected += (i + 1) * h[i, j] * v[j];
        Assert.Equal(expected, Number(Call(All.Value, name, x, v)), 9);
        if (name.EndsWith("Forward", StringComparison.Ordinal)) return;
        double[,] many = { { 0.3, -0.7, 1.1 }, { 0, 1, 2 }, { 0.3, -0.7, 1.1 } };
        var batch = (double[])Call(All.Value, name + "Many", many, v)!;
        Assert.Equal([expected, Number(Call(All.Value, name, new[] { 0.0, 1, 2 }, v)), expected], batch, Tolerance);
    }

    [Fact]
    public void Batches_agree_with_the_plain_method()
    {
        double[] mean = [.. Enumerable.Range(0, 37).Select(k => 0.1 + k * 0.07)];
        Assert.Equal(mean.Select(m => Number(Call(All.Value, "Newton", m, 0.6))), (double[])Call(All.Value, "NewtonMany", mean, 0.6)!, Tolerance);
        double[] few = mean[..5];
        Assert.Equal(few.Select(m => Number(Call(All.Value, "Newton", m, 0.6))), (double[])Call(All.Value, "NewtonEmulated", few, 0.6)!, Tolerance);
        Assert.Equal(mean.Select(m => Number(Call(All.Value, "Descend", m, 0.4))), (double[])Call(All.Value, "DescendMany", mean, 0.4)!, Tolerance);
        Assert.Equal(few.Select(m => Number(Call(All.Value, "Descend", m, 0.4))), (double[])Call(All.Value, "DescendEmulated", few, 0.4)!, Tolerance);
    }

    [Theory]
    [InlineData("static float F(float x, Func<float, float> f) => x;", "")]
    [InlineData("[Differentiable] public static float F(float x) { Func<float, float> f = y => y; return Ad.Grad(f, x); }", "AV0125")]
    [InlineData("[Differentiable] public static float F(float x) { float s = 0; float g = Ad.Grad(y => { s += y; return y; }, x); return g + s; }", "AV0125")]
    [InlineData("[Differentiable] public static float F(float x) { var a = new float[2]; float g = Ad.Grad(y => { a[0] = y; return y; }, x); return g + a[0]; }", "AV0125")]
    [InlineData("[Differentiable] public static float F(float[] x) => Ad.Grad(y => { y[0] = 1; return y[1]; }, x)[0];", "AV0160")]
    [InlineData("[Differentiable] public static float F(float x) => Ad.Grad((float y) => y > 0, x);", "AV0125")]
    [InlineData("[Differentiable] public static float F(float x) => Ad.Grad((int n) => n * x, 3);", "AV0125")]
    [InlineData("[Differentiable] public static float F(float x) => Ad.Grad(MathF.Sin, x);", "AV0125")]
    [InlineData("[Differentiable] public static float F(float x) => Ad.Grad(F, x);", "AV0121")]
    [InlineData("[Differentiable] public static float G(float x) => x * x; [Differentiable] public static float F(float x) => GGrad(x).X;", "AV0123")]
    public void What_has_no_derivative_is_rejected(string methods, string id)
    {
        var lowered = Kit.Lowered.FromMethods(methods);
        Assert.Equal(id, string.Join(" ", lowered.Diagnostics.Select(d => d.Id)));
    }
}
