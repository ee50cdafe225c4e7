using System.Reflection;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Gradients within a memory budget: the same numbers as without one, in lanes, element by element and on the emulator, in bounded memory.</summary>
public class BudgetTests
{
    private static string Methods(string name, string budget) => $$"""
        public static partial class {{name}}
        {
            // One trip for each step, which all samples share: lanes.
            [Vectorize, Differentiable{{budget}}]
            public static float Orbit(float x, float v, [Shared] int steps)
            {
                for (int t = 0; t < steps; t++)
                {
                    float a = -x + 0.1f * x * x;
                    v += 0.01f * a;
                    x += 0.01f * v;
                }
                return x * v;
            }

            // The data decides how many.
            [Vectorize, Differentiable{{budget}}]
            public static double Decay(double x, double rate, double floor)
            {
                int k = 0;
                // A third number: of one or two nothing is kept.
                double gain = 1 + 0 * rate;
                while (x > floor && k < 5000000)
                {
                    x -= rate * x * x * gain;
                    k++;
                }
                return x * x;
            }

            // Arrays: a state that is made anew in each trip, and one of which elements are overwritten.
            [Vectorize, Differentiable{{budget}}]
            public static double Chain(double[] y, double h, [Shared] int steps)
            {
                var now = new double[y.Length];
                for (int i = 0; i < now.Length; i++) now[i] = y[i];
                double sum = 0;
                for (int t = 0; t < steps; t++)
                {
                    var next = new double[y.Length];
                    for (int i = 0; i < next.Length; i++) next[i] = now[i] + h * Math.Sin(now[i] + now[0]);
                    now[t % now.Length] = next[t % now.Length] * 0.99;
                    sum += now[(t + 1) % now.Length];
                }
                return sum;
            }

            // A loop of the host, in which samples share weights: matrix products, also where it is run again.
            [Vectorize(Reduce = Reduction.Sum), Differentiable{{budget}}]
            public static double Recurrent([Shared] double[,] w, double[] x, [Shared] int steps)
            {
                var h = new double[x.Length];
                for (int t = 0; t < steps; t++)
                {
                    var next = new double[x.Length];
                    for (int j = 0; j < next.Length; j++)
                    {
                        double sum = x[j];
                        for (int i = 0; i < h.Length; i++) sum += h[i] * w[i, j];
                        next[j] = Math.Tanh(sum);
                    }
                    h = next;
                }
                double y = 0;
                for (int j = 0; j < h.Length; j++) y += h[j] * h[j];
                return y;
            }

            // A derivative inside: it counts on the budget of the method around it.
            static double Swing(double x, double pull, int steps)
            {
                double v = 0.3;
                for (int t = 0; t < steps; t++)
                {
                    v -= 1e-3 * pull * Math.Sin(x);
                    x += 1e-3 * v;
                }
                return x * v;
            }

            [Vectorize, Differentiable{{budget}}]
            public static double Slope(double x, double pull, int steps)
            {
                var (value, slope) = Ad.ValueAndGrad(Swing, x, pull, steps);
                return value + 2 * slope;
            }
        }
        """;

    private static readonly Lazy<Assembly> Compiled = new(() =>
    {
        var generated = Generated.Run($$"""
            namespace Budgets;
            {{Methods("Whole", "")}}
            {{Methods("Cut", "(MemoryBudget = \"600 B\")")}}
            """, oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        return generated.Load("""
            namespace Budgets;
            public static class Calls
            {
                public static double[] Orbit(bool cut, Device device, int steps)
                {
                    float[] x = Enumerable.Range(0, 37).Select(k => 0.02f * k).ToArray(), v = Enumerable.Range(0, 37).Select(k => 1 - 0.03f * k).ToArray();
                    if (device == null)
                    {
                        var (value, g) = cut ? Cut(steps) : Whole(steps);
                        return [.. value, .. g.X, .. g.V];
                        (float[], Budgets.Cut.OrbitGradientBatch) Cut(int n) => Budgets.Cut.OrbitValueAndGradBatch(x, v, n);
                        (float[], Budgets.Cut.OrbitGradientBatch) Whole(int n) { var (f, h) = Budgets.Whole.OrbitValueAndGradBatch(x, v, n); return (f, new(h.X, h.V)); }
                    }
                    using DeviceArray<float> dx = device.Upload(x), dv = device.Upload(v);
                    if (cut) { var (f, h) = Budgets.Cut.OrbitValueAndGradBatch(device, dx, dv, steps); return [.. f.ToArray(), .. h.X.ToArray(), .. h.V.ToArray()]; }
                    else { var (f, h) = Budgets.Whole.OrbitValueAndGradBatch(device, dx, dv, steps); return [.. f.ToArray(), .. h.X.ToArray(), .. h.V.ToArray()]; }
                }
                // Samples of 0, 1, and some other numbers of trips.
                public static double[] Decay(bool cut, Device device)
                {
                    double[] x = [1, 1, 1, 2, 3, 0.5, 1.5, 1, 1.25], floor = [1, 0.999, 0.97, 0.5, 0.2, 0.4, 0.11, 0.3, 0.6];
                    if (device == null)
                    {
                        if (cut) { var (f, h) = Budgets.Cut.DecayValueAndGradBatch(x, 0.01, floor); return [.. f, .. h.X, .. h.Rate, .. h.Floor]; }
                        else { var (f, h) = Budgets.Whole.DecayValueAndGradBatch(x, 0.01, floor); return [.. f, .. h.X, .. h.Rate, .. h.Floor]; }
                    }
                    using DeviceArray<double> dx = device.Upload(x), df = device.Upload(floor);
                    if (cut) { var (f, h) = Budgets.Cut.DecayValueAndGradBatch(device, dx, 0.01, df); return [.. f.ToArray(), .. h.X.ToArray(), .. h.Rate.ToArray()]; }
                    else { var (f, h) = Budgets.Whole.DecayValueAndGradBatch(device, dx, 0.01, df); return [.. f.ToArray(), .. h.X.ToArray(), .. h.Rate.ToArray()]; }
                }
                public static double[] Chain(bool cut, Device device, int steps)
                {
                    var y = new double[3, 4];
                    for (int k = 0; k < 12; k++) y[k / 4, k % 4] = 0.3 * k - 1;
                    if (device == null)
                    {
                        if (cut) { var (f, h) = Budgets.Cut.ChainValueAndGradBatch(y, 0.05, steps); return [.. f, .. h.Y.Cast<double>(), .. h.H]; }
                        else { var (f, h) = Budgets.Whole.ChainValueAndGradBatch(y, 0.05, steps); return [.. f, .. h.Y.Cast<double>(), .. h.H]; }
                    }
                    using DeviceArray<double> dy = device.Upload(y);
                    if (cut) { var (f, h) = Budgets.Cut.ChainValueAndGradBatch(device, dy, 0.05, steps); return [.. f.ToArray(), .. h.Y.ToArray(), .. h.H.ToArray()]; }
                    else { var (f, h) = Budgets.Whole.ChainValueAndGradBatch(device, dy, 0.05, steps); return [.. f.ToArray(), .. h.Y.ToArray(), .. h.H.ToArray()]; }
                }
                public static double[] Recurrent(bool cut, int steps)
                {
                    var w = new double[5, 5];
                    var x = new double[7, 5];
                    for (int k = 0; k < 25; k++) w[k / 5, k % 5] = Math.Sin(k);
                    for (int k = 0; k < 35; k++) x[k / 5, k % 5] = 0.3 * Math.Cos(k);
                    if (cut) { var (f, h) = Budgets.Cut.RecurrentValueAndGradBatch(w, x, steps); return [f, .. h.W.Cast<double>(), .. h.X.Cast<double>()]; }
                    else { var (f, h) = Budgets.Whole.RecurrentValueAndGradBatch(w, x, steps); return [f, .. h.W.Cast<double>(), .. h.X.Cast<double>()]; }
                }
                public static double[] Slope(bool cut, Device device)
                {
                    double[] x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
                    int[] steps = [0, 1, 2, 24, 25, 26, 100, 333, 7];
                    if (device == null)
                        return [.. cut ? Budgets.Cut.SlopeBatch(x, 1.5, steps) : Budgets.Whole.SlopeBatch(x, 1.5, steps), .. cut ? Budgets.Cut.SlopeGradBatch(x, 1.5, steps).X : Budgets.Whole.SlopeGradBatch(x, 1.5, steps).X];
                    using DeviceArray<double> dx = device.Upload(x);
                    using DeviceArray<int> ds = device.Upload(steps);
                    return [.. (cut ? Budgets.Cut.SlopeBatch(device, dx, 1.5, ds) : Budgets.Whole.SlopeBatch(device, dx, 1.5, ds)).ToArray()];
                }
                public static double[] PlainSlope()
                {
                    double[] x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
                    int[] steps = [0, 1, 2, 24, 25, 26, 100, 333, 7];
                    return [.. x.Select((v, k) => Budgets.Cut.Slope(v, 1.5, steps[k]))];
                }
                public static double LongSlope(int steps) => Budgets.Cut.SlopeBatch(new[] { 0.7 }, 1.5, steps)[0];
                public static double[] Long(double floor)
                {
                    var (f, h) = Budgets.Cut.DecayValueAndGrad(1, 1e-6, floor);
                    return [f, h.X, h.Rate, h.Floor];
                }
                public static double Trips(double floor)
                {
                    double x = 1, k = 0;
                    for (; x > floor; k++) x -= 1e-6 * x * x;
                    return k;
                }
            }
            """);
    });

    private static T Call<T>(string name, params object?[] args) => (T)Compiled.Value.GetType("Budgets.Calls")!.GetMethod(name)!.Invoke(null, args)!;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(97)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Lanes_and_arrays_give_the_same_bits(int steps)
    {
        Assert.Equal(Call<double[]>("Orbit", false, null, steps), Call<double[]>("Orbit", true, null, steps));
        Assert.Equal(Call<double[]>("Chain", false, null, steps), Call<double[]>("Chain", true, null, steps));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(400)]
    public void Matrix_products_give_the_same_bits(int steps) => Assert.Equal(Call<double[]>("Recurrent", false, steps), Call<double[]>("Recurrent", true, steps));

    [Fact]
    public void All_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(Compiled.Value, optimize: false));

    [Fact]
    public void Samples_with_their_own_trips_give_the_same_bits() => Assert.Equal(Call<double[]>("Decay", false, null), Call<double[]>("Decay", true, null));

    [Fact]
    public void The_emulator_gives_the_same_bits()
    {
        using var device = Device.Emulator();
        Assert.Equal(Call<double[]>("Orbit", false, device, 26), Call<double[]>("Orbit", true, device, 26));
        Assert.Equal(Call<double[]>("Chain", false, device, 26), Call<double[]>("Chain", true, device, 26));
        Assert.Equal(Call<double[]>("Decay", false, device), Call<double[]>("Decay", true, device));
    }

    [Fact]
    public void A_derivative_inside_gives_the_same_bits()
    {
        double[] whole = Call<double[]>("Slope", false, null), plain = Call<double[]>("PlainSlope");
        Assert.Equal(whole, Call<double[]>("Slope", true, null));
        for (int k = 0; k < plain.Length; k++) Assert.Equal(plain[k], whole[k], 1e-9);
        using var device = Device.Emulator();
        Assert.Equal(Call<double[]>("Slope", false, device), Call<double[]>("Slope", true, device));
    }

    [Fact]
    public void A_derivative_inside_of_a_million_trips_has_bounded_memory() =>
        Assert.InRange(HeldBy(() => Assert.True(double.IsFinite(Call<double>("LongSlope", 1_000_000)))), 1, 2_000_000);

    /// <summary>A while of a million trips in 600 bytes: a stack of states, and the tape of a few trips.</summary>
    [Fact]
    public void A_while_of_a_million_trips_has_a_gradient_in_bounded_memory()
    {
        Assert.InRange(Call<double>("Trips", 0.5), 900_000, 1_100_000);
        double[] result = [];
        long held = HeldBy(() => result = Call<double[]>("Long", 0.5));
        // x is 1 / (1/x0 + rate · trips) but for rounding: the derivative of x² by x0 is 2 x · (x / x0)².
        Assert.Equal(2 * 0.5 * 0.25, result[1], 5);
        Assert.InRange(held, 1, 2_000_000);
    }

    /// <summary>The memory that a new thread needs for it.</summary>
    private static long HeldBy(Action run)
    {
        long held = 0;
        var thread = new Thread(() =>
        {
            run();
            held = Held();
        });
        thread.Start();
        thread.Join();
        return held;
    }

    /// <summary>What this thread's stack of native memory has ever needed.</summary>
    private static long Held()
    {
        object arena = typeof(AutoVec.Cpu.Scratch).GetProperty("Arena", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        return (nint)arena.GetType().GetMethod("Total", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(arena, null)!;
    }
}
