using System.Reflection;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>
/// Derivatives of methods that hold halves, in every form: each program is compiled for Half and for float, and what the first gives is what the second gives,
/// rounded to a half.
/// </summary>
public class HalfTests
{
    private const string Template = """
        namespace Of_T
        {
            [Tree] public partial record Net(T[,] W, T[] B, T K, int[] N);
            [Tree] public partial record Layer(T[,] W, T[] B, T Scale);
            [Tree] public partial record Deep(Layer[] Layers, T Last);

            public static partial class M
            {
                [Vectorize(Reduce = Reduction.Mean), Differentiable(Forward = true)]
                public static float Loss([Shared] Net p, T[] x, T target)
                {
                    float loss = 0;
                    for (int j = 0; j < p.B.Length; j++)
                    {
                        float sum = (float)p.B[j];
                        for (int i = 0; i < x.Length; i++) sum += (float)x[i] * (float)p.W[i, j];
                        float d = sum * (float)p.K - (float)target;
                        loss += d * d;
                    }
                    return loss;
                }

                [Vectorize, Differentiable(Forward = true)]
                public static T[] Dense(T[] x, [Shared] T[,] w)
                {
                    var y = new T[w.GetLength(1)];
                    for (int j = 0; j < y.Length; j++)
                    {
                        float sum = 0;
                        for (int i = 0; i < x.Length; i++) sum += (float)x[i] * (float)w[i, j];
                        y[j] = (T)sum;
                    }
                    return y;
                }

                [Vectorize, Differentiable(Forward = true)]
                public static void Axpy(T a, ReadOnlySpan<T> x, Span<T> y)
                {
                    for (int i = 0; i < x.Length; i++) y[i] = (T)((float)y[i] + (float)a * (float)x[i]);
                }

                [Differentiable]
                public static float Through(Deep p, T[] x)
                {
                    var h = new float[x.Length];
                    for (int i = 0; i < h.Length; i++) h[i] = (float)x[i];
                    for (int l = 0; l < p.Layers.Length; l++)
                    {
                        var next = new float[p.Layers[l].B.Length];
                        for (int j = 0; j < next.Length; j++)
                        {
                            float sum = (float)p.Layers[l].B[j];
                            for (int i = 0; i < h.Length; i++) sum += h[i] * (float)p.Layers[l].W[i, j];
                            next[j] = MathF.Max(sum, 0) * (float)p.Layers[l].Scale;
                        }
                        h = next;
                    }
                    float total = 0;
                    foreach (float v in h) total += v * v * (float)p.Last;
                    return total;
                }

                [Vectorize, Differentiable(Forward = true)]
                public static float Nested(T x, float s) => (float)Ad.Grad(h => (float)h * (float)h * s, x) + Ad.Grad(v => (float)Cube((T)v) * s, (float)x);
                static T Cube(T x) => (T)((float)x * (float)x * (float)x);

                [Vectorize, Differentiable(Forward = true)]
                public static (T, float) Pair(T x, T y) => ((T)((float)x * 2 + (float)y), (float)x * (float)y);

                [Vectorize, Differentiable]
                public static T Scalar(T x, [NoGrad] T y, bool b) => b ? (T)((float)x * (float)y) : x;

                [Vectorize(Reduce = Reduction.Sum), Differentiable(Forward = true)]
                public static T Total(T x, [Shared] T w) => (T)((float)x * (float)w);

                [Vectorize(Reduce = Reduction.Mean), Differentiable(Forward = true)]
                public static T Average(T x, [Shared] T w, T unused) => (T)((float)x * (float)w);

                [CustomGrad(nameof(ClipRule))]
                static T[] Clip(T[] x) => (T[])x.Clone();
                static T[] ClipRule(T[] x, T[] cotangent)
                {
                    var bar = new T[x.Length];
                    for (int i = 0; i < bar.Length; i++) bar[i] = (T)MathF.Min((float)cotangent[i], 2);
                    return bar;
                }

                [Vectorize, Differentiable]
                public static float Clipped(T[] x)
                {
                    T[] y = Clip(x);
                    float s = 0;
                    for (int i = 0; i < y.Length; i++) s += (float)y[i] * (i + 1);
                    return s;
                }

                [Vectorize, Differentiable]
                public static float Recurrent(T[] x, [Shared] T w, int trips)
                {
                    float h = 0.5f;
                    var seen = new float[x.Length];
                    for (int t = 0; t < trips; t++)
                    {
                        h = h * (float)w + (float)x[t % x.Length];
                        if (h > 2) h = 2 / h;
                        seen[t % x.Length] += h;
                    }
                    float s = 0;
                    foreach (float v in seen) s += v * v;
                    return s;
                }

                [Vectorize, Differentiable]
                public static float Dot(T[] x, T[] y) { float s = 0; for (int i = 0; i < Math.Min(x.Length, y.Length); i++) s += (float)x[i] * (float)y[i]; return s; }

                [Vectorize, Differentiable]
                public static float Sized([Shared] T n, T[] x)
                {
                    var y = new float[2 * (int)(float)n];
                    for (int i = 0; i < x.Length; i++) y[i] = (float)x[i] * (float)x[i];
                    float s = 0;
                    foreach (float v in y) s += v * (float)n;
                    return s;
                }

                [Vectorize, Differentiable]
                public static float Equal(T[] x, T[] y) { float s = 0; for (int i = 0; i < x.Length; i++) s += (float)x[i] * (float)y[i]; return s; }
            }

            public static class Calls
            {
                static T[] Row(int n, int seed) { var r = new Random(seed); var x = new T[n]; for (int i = 0; i < n; i++) x[i] = (T)(float)(Half)(r.NextSingle() * 2 - 1); return x; }
                static T[,] Table(int n, int m, int seed) { var r = Row(n * m, seed); var x = new T[n, m]; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) x[i, j] = r[i * m + j]; return x; }
                static Net Weights => new(Table(7, 5, 1), Row(5, 2), (T)0.5f, [1]);

                public static IEnumerable<object> Cpu()
                {
                    var (x, t) = (Table(9, 7, 3), Row(9, 4));
                    var (value, g) = M.LossValueAndGradBatch(Weights, x, t);
                    foreach (object o in new object[] { value, g.P.W, g.P.B, g.P.K, g.X, g.Target }) yield return o;
                    M.LossGradientBatch reused = default;
                    M.LossValueAndGradBatch(Weights, x, t, ref reused);
                    yield return reused.X; yield return reused.P.W;
                    var one = M.LossGrad(Weights, Row(7, 5), (T)0.25f);
                    yield return one.P.W; yield return one.X; yield return one.Target;
                    var (v, d) = M.LossJvp(Weights, Row(7, 5), (T)0.25f, one);
                    yield return v; yield return d;

                    var w = Table(7, 6, 6);
                    yield return M.DenseBatch(x, w);
                    var into = new T[9, 6];
                    M.DenseBatch(x, w, into);
                    yield return into;
                    var (dense, dg) = M.DenseVjpBatch(x, w, Table(9, 6, 7));
                    yield return dense; yield return dg.X; yield return dg.W;
                    var (value1, g1) = M.DenseVjp(Row(7, 8), w, Row(6, 9));
                    yield return value1; yield return g1.X; yield return g1.W;
                    var (tv, td) = M.DenseJvp(Row(7, 8), w, new(Row(7, 9), Table(7, 6, 10)));
                    yield return tv; yield return td;

                    var y = Table(9, 7, 11);
                    M.AxpyBatch(t, x, y);
                    yield return y;
                    var back = M.AxpyVjpBatch(t, x, Table(9, 7, 11), Table(9, 7, 12));
                    yield return back.A; yield return back.X; yield return back.Y;

                    var deep = new Deep([new(Table(7, 5, 13), Row(5, 14), (T)0.5f), new(Table(5, 4, 15), Row(4, 16), (T)2)], (T)0.75f);
                    var (pv, pg) = M.ThroughValueAndGrad(deep, Row(7, 17));
                    foreach (object o in new object[] { pv, pg.P.Layers[0].W, pg.P.Layers[1].W, pg.P.Layers[1].B, pg.P.Layers[0].Scale, pg.P.Last, pg.X }) yield return o;

                    yield return M.NestedBatch(t, 1.5f);
                    var nested = M.NestedGradBatch(t, 1.5f);
                    yield return nested.X; yield return nested.S;
                    var ((p0, p1), pairs) = M.PairVjpBatch(t, Row(9, 18), Row(9, 19), new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 });
                    yield return p0; yield return p1; yield return pairs.X; yield return pairs.Y;
                    var (sv, sg) = M.ScalarValueAndGradBatch(t, (T)0.75f, new[] { true, false, true, true, false, true, false, false, true });
                    yield return sv; yield return sg.X;
                    yield return M.ScalarGrad((T)3, (T)0.5f, true).X;
                    yield return M.TotalBatch(t, (T)0.5f);
                    var (total, totals) = M.TotalValueAndGradBatch(t, (T)0.5f);
                    yield return total; yield return totals.X; yield return totals.W;
                    yield return M.AverageBatch(t, (T)0.5f, t);
                    var (average, averages) = M.AverageVjpBatch(t, (T)0.5f, t, (T)3);
                    yield return average; yield return averages.X; yield return averages.W; yield return averages.Unused;
                    var (av, ad) = M.AverageJvpBatch(t, (T)0.5f, t, new(Row(9, 30), (T)2, Row(9, 31)));
                    yield return av; yield return ad;
                    yield return M.AverageBatch(new T[0], (T)0.5f, new T[0]);
                    yield return M.AverageGradBatch(new T[0], (T)0.5f, new T[0]).W;
                    yield return M.ClippedGradBatch(x).X;
                    var (rv, rg) = M.RecurrentValueAndGradBatch(x, (T)0.5f, 12);
                    yield return rv; yield return rg.X; yield return rg.W;
                    foreach (int n in new[] { 3, 5 })
                    {
                        var (zv, zg) = M.SizedValueAndGradBatch((T)(float)n, Table(9, 6, 3));
                        yield return zv; yield return zg.X; yield return zg.N;
                    }
                    var unequal = M.DotGradBatch(x, Table(9, 5, 20));
                    yield return unequal.X; yield return unequal.Y;
                    yield return M.EqualGradBatch(x, Table(9, 7, 20)).Y;
                    yield return M.EqualGradBatch(x, Table(9, 8, 20)).Y;
                }

                public static IEnumerable<object> On(Device device)
                {
                    var (x, t) = (Table(9, 7, 3), Row(9, 4));
                    using var p = Weights.Upload(device);
                    var (value, g) = M.LossValueAndGradBatch(device, p, device.Upload(x), device.Upload(t));
                    foreach (object o in new object[] { value.ToArray(), g.P.W.ToArray(), g.P.B.ToArray(), g.P.K.ToArray(), g.X.ToArray(), g.Target.ToArray() }) yield return o;
                    var w = device.Upload(Table(7, 6, 6));
                    yield return M.DenseBatch(device, device.Upload(x), w).ToArray();
                    var (dense, dg) = M.DenseVjpBatch(device, device.Upload(x), w, device.Upload(Table(9, 6, 7)));
                    yield return dense.ToArray(); yield return dg.X.ToArray(); yield return dg.W.ToArray();
                    yield return M.NestedBatch(device, device.Upload(t), 1.5f).ToArray();
                    var (sv, sg) = M.ScalarValueAndGradBatch(device, device.Upload(t), (T)0.75f, true);
                    yield return sv.ToArray(); yield return sg.X.ToArray();
                    yield return M.TotalBatch(device, device.Upload(t), (T)0.5f).ToArray();
                    yield return M.ClippedGradBatch(device, device.Upload(x)).X.ToArray();
                    var rg = M.RecurrentGradBatch(device, device.Upload(x), (T)0.5f, 12);
                    yield return rg.X.ToArray(); yield return rg.W.ToArray();
                }

                /// <summary>In plain C#.</summary>
                public static IEnumerable<object> Plain()
                {
                    yield return Ad.Grad(M.Scalar, (T)3, (T)0.5f, true);
                    yield return M.Nested((T)0.3f, 1.5f);
                    yield return Ad.Grad(M.Clipped, Row(4, 1));
                }
            }
        }
        """;

    private static readonly Lazy<Assembly> s_assembly = new(() =>
    {
        string source = string.Concat(new[] { "Half", "float" }.Select(t => System.Text.RegularExpressions.Regex.Replace(Template, @"(?<![A-Za-z])T(?![A-Za-z])|(?<=Of_)T", t) + "\n"));
        var generated = Generated.Run(source, oneWidth: true);
        Assert.Empty(generated.Errors);
        return generated.Load();
    });

    [Theory]
    [InlineData("Cpu")]
    [InlineData("Plain")]
    public void Halves_are_the_floats_rounded(string member) => Compare(member, []);

    [Fact]
    public void On_devices_too()
    {
        using var emulator = Device.Emulator();
        Compare("On", [emulator]);
        using var cpu = Device.Cpu(2);
        Compare("On", [cpu]);
    }

    [Fact]
    public void The_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(s_assembly.Value, optimize: false));

    [Fact]
    public void Debug_mode_names_a_cast_that_overflows()
    {
        var generated = Generated.Run("""
            public static partial class M
            {
                [Vectorize, Differentiable]
                public static Half F(Half x) => (Half)((float)x * 40000);
            }
            public static class Calls { public static object Run(float second) => M.FBatch(new[] { (Half)1f, (Half)second }); }
            """, "Model.cs", properties: new Dictionary<string, string> { ["build_property.AutoVecDebug"] = "True" });
        Assert.Empty(generated.Errors);
        var run = generated.Load().GetType("Calls")!.GetMethod("Run")!;
        Assert.Equal([(Half)40000f, (Half)60000f], (Half[])run.Invoke(null, [1.5f])!);
        var thrown = Assert.Throws<ArithmeticException>(() => Language.Differences.Invoke(run, 2f));
        Assert.Equal("F: the value of '(Half)((float)x * 40000)' at Model.cs:4 is ∞ (sample 1 of the batch).", thrown.Message);
    }

    [Fact]
    public void Generated_code_runs_over_lanes_and_products_are_products()
    {
        var generated = Generated.Run("""
            public static partial class M
            {
                [Vectorize] public static Half Map(Half x) => (Half)((float)x * 3 + 1);
                [Vectorize] public static float Sum(Half[] x) { float s = 0; foreach (Half h in x) s += (float)h; return s; }
                [Vectorize(Reduce = Reduction.Sum), Differentiable]
                public static float Product([Shared] Half[,] w, Half[] x)
                {
                    float t = 0;
                    for (int j = 0; j < w.GetLength(1); j++)
                    {
                        float s = 0;
                        for (int i = 0; i < x.Length; i++) s += (float)w[i, j] * (float)x[i];
                        t += s * s;
                    }
                    return t;
                }
            }
            """);
        Assert.Empty(generated.Errors);
        Assert.Contains("Lanes.Load(x + b, lanes, out V ", generated.File("M.Map.g.cs"), StringComparison.Ordinal);
        Assert.Contains("Lanes.Load(", generated.File("M.Sum.g.cs"), StringComparison.Ordinal);
        string product = generated.File("M.Product.g.cs");
        string core = product[product.IndexOf("class ProductGradientCore", StringComparison.Ordinal)..product.IndexOf("ProductGradientCore_F32_512", StringComparison.Ordinal)];
        Assert.Equal(3, core.Split("engine.Contract(").Length - 1);
    }

    private static void Compare(string member, object[] args)
    {
        IEnumerable<object> Of(string type) => (IEnumerable<object>)s_assembly.Value.GetType($"Of_{type}.Calls")!.GetMethod(member)!.Invoke(null, args)!;
        int k = 0;
        foreach (var (half, single) in Of("Half").Zip(Of("float")))
        {
            var (h, f) = (Language.Differences.Flat(half), Language.Differences.Flat(single));
            bool isHalf = half is Half || half.GetType().GetElementType() == typeof(Half);
            Assert.Equal(f.Length, h.Length);
            for (int i = 0; i < h.Length; i++)
            {
                double expected = isHalf ? (double)(Half)f[i] : f[i], tolerance = isHalf ? Math.Max(Math.Abs(expected), 1.0 / (1 << 14)) / 1024 : 2e-3 * Math.Max(1, Math.Abs(expected));
                Assert.True(Math.Abs(expected - h[i]) <= tolerance || expected.Equals(h[i]), $"{member}, result {k}, element {i}: {h[i]:R}, expected {expected:R}");
            }
            k++;
        }
        Assert.True(k > 2);
    }
}
