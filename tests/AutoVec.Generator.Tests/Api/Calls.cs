using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using static AutoVec.Generator.Tests.Api.Models;
using Reduce = AutoVec.Compiler.Emit.Reduction;

namespace AutoVec.Generator.Tests.Api;

/// <summary>Call sites, as users write them, run against cores written by hand.</summary>
public class Calls
{
    // float Sum2(float x, float y) => x + y, and its derivatives.
    private static readonly MethodModel s_add = Method("Add", A("float"), [P("x", A("float")), P("y", A("float"), def: "10f")]);

    private static readonly string s_addFile = GeneratedFile.Method(s_add, kind => FakeCore.Of(s_add, kind, kind switch
    {
        CoreKind.Batch => "for (int b = 0; b < B; b++) out0[b] = x[b] + y[b];",
        CoreKind.Gradient => "for (int b = 0; b < B; b++) { out0[b] = x[b] + y[b]; out1[b] = 1; out2[b] = 1; }",
        _ => "for (int b = 0; b < B; b++) { out0[b] = x[b] + y[b]; out1[b] = value_bar[b]; out2[b] = value_bar[b]; }",
    })).Text;

    // float Loss([Shared] Mlp p, [NoGrad] float[] image, int label) => p.B1[0] * image[0] + label, the mean over the batch.
    private static readonly MethodModel s_loss = Method("Loss", A("float"),
        [P("p", Mlp, shared: true), P("image", A("float[]"), noGrad: true), P("label", A("int"))], reduce: Reduce.Mean);

    private static readonly string s_lossFile = GeneratedFile.Method(s_loss, kind =>
    {
        const string Value = "float s = 0; for (int b = 0; b < B; b++) s += p_B1[0] * image[b * image_0] + label[b]; *out0 = s / B;";
        const string Gradient = " for (int k = 0; k < p_W1_0 * p_W1_1; k++) out1[k] = 0; for (int k = 0; k < p_B1_0; k++) out2[k] = 0;"
            + " for (int b = 0; b < B; b++) out2[0] += image[b * image_0] / B;";
        return FakeCore.Of(s_loss, kind, kind == CoreKind.Batch ? Value : Value + Gradient + (kind == CoreKind.Vjp ? " out2[0] *= value_bar;" : ""));
    }).Text;

    private static object? Add(string body) => Compiled.Run(s_addFile, TreesSource, Test(body));
    private static object? Loss(string body) => Compiled.Run([s_lossFile, .. TreeFiles, Test(body)]);

    private static string Test(string body) => $$"""
        using System; using System.Linq; using System.Numerics.Tensors; using AutoVec; using Demo;
        public static class Test
        {
            static string Show<T>(params System.Collections.Generic.IEnumerable<T> values) => string.Join(" ", values);
            static string Fails(Action action) { try { action(); return "no exception"; } catch (Exception e) { return e.GetType().Name + ": " + e.Message.Split(" (Parameter")[0]; } }
            public static object Run()
            {
                {{body}}
            }
        }
        """;

    [Theory]
    [InlineData("M.AddBatch(new float[] { 1, 2 }, new float[] { 3, 4 })", "4 6")]
    [InlineData("M.AddBatch([1, 2], 3)", "4 5")]
    [InlineData("M.AddBatch(1, [3f, 4f])", "4 5")]
    [InlineData("M.AddBatch([1, 2])", "11 12")]
    [InlineData("M.AddBatch(new float[] { 1, 2 }.AsSpan(), new float[] { 3, 4 }.AsMemory())", "4 6")]
    [InlineData("M.AddBatch((ReadOnlySpan<float>)[1, 2], new ReadOnlyMemory<float>([3, 4]))", "4 6")]
    [InlineData("M.AddBatch(Tensor.Create(new float[] { 1, 2 }), new TensorSpan<float>(new float[] { 3, 4 }))", "4 6")]
    [InlineData("M.AddBatch(new float[0], 1)", "")]
    public void One_value_or_a_batch(string call, string result) => Assert.Equal(result, Add($"return Show({call});"));

    [Fact]
    public void Destinations_are_filled() => Assert.Equal("4 6 | 7 8 | 8 9", Add("""
        var a = new float[2];
        M.AddBatch(new float[] { 1, 2 }, new float[] { 3, 4 }, a);
        var b = new float[2];
        M.AddBatch(1, [6, 7], b.AsSpan());
        var c = new float[2, 1];
        M.AddBatch(1, 7, c.AsSpan());
        M.AddBatch(c.AsSpan(), [0, 1], c.AsSpan());
        return Show(a) + " | " + Show(b) + " | " + Show(c.Cast<float>());
        """));

    [Theory]
    [InlineData("M.AddBatch([1, 2], [3])", "ArgumentException: Add: 'x' has 2 rows but 'y' has 1")]
    [InlineData("M.AddBatch(1, 2)", "ArgumentException: Add: no argument is a batch. Give one of 'x', 'y' a leading dimension, or pass a destination")]
    [InlineData("M.AddBatch((float[])null!, 2)", "ArgumentNullException: Add: 'x' is missing (null or default)")]
    [InlineData("M.AddBatch([1, 2], 2, new float[3])", "ArgumentException: Add: 'x' has 2 rows but 'destination' has 3")]
    [InlineData("M.AddBatch([1, 2], 2, new float[2, 1])", "ArgumentException: Add: 'destination' is [2, 1] but the result is [2]")]
    [InlineData("var a = new float[3]; M.AddBatch(a.AsSpan(0, 2), 2, a.AsSpan(1, 2))", "ArgumentException: Add: 'destination' overlaps 'x' in memory, which would be read after it was written")]
    [InlineData("M.AddBatch(Tensor.Create(new float[4], [2, 2]), 2)", "ArgumentException: a tensor of rank 2 is neither one value (rank 0) nor a batch (rank 1)")]
    public void What_is_wrong_is_named(string call, string message) => Assert.Equal(message, Add($"return Fails(() => {{ {call}; }});"));

    [Fact]
    public void One_sample() => Assert.Equal("AddGradient { X = 1, Y = 1 } | (3, AddGradient { X = 1, Y = 1 }) | (3, AddGradient { X = 5, Y = 5 })", Add("""
        return M.AddGrad(1) + " | " + M.AddValueAndGrad(1, 2) + " | " + M.AddVjp(1, 2, 5);
        """));

    [Fact]
    public void Gradients_of_a_batch() => Assert.Equal("1 1 | 4 5 1 1 | 4 5 7 8", Add("""
        var g = M.AddGradBatch([1, 2], 3);
        var (v, h) = M.AddValueAndGradBatch([1, 2], 3);
        var (w, k) = M.AddVjpBatch([1, 2], 3, [7, 8]);
        return Show(g.X) + " | " + Show(v) + " " + Show(h.Y) + " | " + Show(w) + " " + Show(k.X);
        """));

    [Fact]
    public void Gradients_are_reused_if_they_fit() => Assert.Equal("True 1 1 | False 1 1 1", Add("""
        var g = default(M.AddGradientBatch);
        var value = new float[2];
        M.AddValueAndGradBatch([1, 2], 3, value, ref g);
        var first = g.X;
        M.AddGradBatch([1, 2], 3, ref g);
        string text = ReferenceEquals(first, g.X) + " " + Show(g.X);
        M.AddGradBatch([1, 2, 3], 3, ref g);
        return text + " | " + ReferenceEquals(first, g.X) + " " + Show(g.X);
        """));

    [Fact]
    public void On_the_cpu_as_a_device() => Assert.Equal("4 6 | 2 3 | 4 6 1 1", Add("""
        using var device = Device.Cpu(threads: 1);
        using var x = device.Upload(new float[] { 1, 2 });
        using var y = device.Upload(new float[] { 3, 4 });
        using var sum = M.AddBatch(device, x, y);
        var z = device.Allocate<float>(2);
        M.AddBatch(device, x, 1, z);
        var (v, g) = M.AddValueAndGradBatch(device, x, y);
        M.AddValueAndGradBatch(device, x, y, v, ref g);
        using (g) return Show(sum.ToArray()) + " | " + Show(z.ToArray()) + " | " + Show(v.ToArray()) + " " + Show(g.Y.ToArray());
        """));

    [Theory]
    [InlineData("M.AddBatch(device, other.Upload(new float[2]), 1)", "ArgumentException: Add: 'x' is float[2] on cpu (1 thread), but the call runs on cpu (2 threads)")]
    [InlineData("var x = device.Upload(new float[2]); x.Dispose(); M.AddBatch(device, x, 1)", "ObjectDisposedException: Add: 'x' (float[2] on cpu (2 threads)) has been disposed")]
    [InlineData("M.AddBatch(device, device.Upload(new float[2, 3]), 1)", "ArgumentException: Add: 'x' is float[2, 3] on cpu (2 threads); it has rank 0, a batch of it rank 1")]
    [InlineData("M.AddBatch(device, device.Upload(new float[2]), 1, device.Allocate<float>(3))", "ArgumentException: Add: 'x' has 2 rows but 'destination' has 3")]
    public void What_is_wrong_on_a_device_is_named(string call, string message) => Assert.Equal(message, ((string)Add($$"""
        using var device = Device.Cpu(threads: 2);
        using var other = Device.Cpu(threads: 1);
        return Fails(() => { {{call}}; });
        """)!).Split('\n')[0].TrimEnd());

    [Theory]
    [InlineData("M.AddBatch(Device.Default, new float[2], 1f)", "write device.Upload(array)")]
    [InlineData("M.LossBatch(new Mlp(null!, null!), new float[2][], 1)", "a batch of arrays is a T[,]")]
    [InlineData("M.LossBatch(Device.Default, new Mlp(null!, null!), (DeviceArray<float>)null!, 1)", "write tree.Upload(device)")]
    [InlineData("M.LossBatch(Device.Default, (Mlp.OnDevice)null!, new float[2, 2], 1)", "write device.Upload(array)")]
    [InlineData("Device.Default.Upload(new float[2][])", "A jagged array is not dense")]
    public void A_compile_error_says_what_to_write(string call, string says)
    {
        var errors = Compiled.Problems([s_addFile, s_lossFile, .. TreeFiles, Test($"{call}; return 0;")]);
        Assert.Contains(errors, e => e.StartsWith("CS0619") && e.Contains(says));
    }

    [Fact]
    public void A_reduced_value_with_the_gradient_of_a_tree() => Assert.Equal("7 | 7 0 0 1.5 0 | 7 True | 7 3 0 0", Loss("""
        var p = new Mlp(new float[2, 2], [2, 0]);
        var images = new float[,] { { 1, 9 }, { 2, 9 } };
        int[] labels = [3, 5];
        float value = M.LossBatch(p, images, labels);
        var (v, g) = M.LossValueAndGradBatch(p, images, labels);
        var tree = g.P;
        float w = M.LossValueAndGradBatch(p, images, labels, ref g);
        var (u, k) = M.LossVjpBatch(p, In1<float>.Batch([1, 9, 2, 9], rows: 2), labels, 2f);
        return $"{value} | {v} {Show(g.P.W1[0, 0], g.P.W1[1, 1])} {Show(g.P.B1)} | {w} {ReferenceEquals(tree, g.P)} | {u} {Show(k.P.B1)} {k.P.W1[0, 1]}";
        """));

    [Fact]
    public void The_same_on_a_device() => Assert.Equal("7 | 7 1.5 0 | 7 True | [2, 2]", Loss("""
        using var device = Device.Cpu();
        using var p = new Mlp(new float[2, 2], [2, 0]).Upload(device);
        var images = device.Upload(new float[,] { { 1, 9 }, { 2, 9 } });
        var labels = device.Upload(new[] { 3, 5 });
        using var value = M.LossBatch(device, p, images, labels);
        var (v, g) = M.LossValueAndGradBatch(device, p, images, labels);
        string text = $"{value.ToScalar()} | {v.ToScalar()} {Show(g.P.ToHost().B1)}";
        var tree = g.P;
        M.LossValueAndGradBatch(device, p, images, labels, v, ref g);
        return text + $" | {v.ToScalar()} {ReferenceEquals(tree, g.P)} | {g.P.W1.Shape}";
        """));

    [Fact]
    public void An_empty_batch() => Assert.Equal("NaN | NaN 0 0", Loss("""
        var p = new Mlp(new float[2, 2], [2, 0]);
        var (v, g) = M.LossValueAndGradBatch(p, new float[0, 2], new int[0]);
        return M.LossBatch(p, new float[0, 2], (int[])[]) + " | " + v + " " + Show(g.P.B1);
        """));

    [Fact]
    public void Nothing_is_allocated_once_warm() => Assert.Equal(0L, Loss("""
        var p = new Mlp(new float[2, 2], [2, 0]);
        var images = new float[3, 2];
        var labels = new int[3];
        using var device = Device.Cpu(1);
        using var onDevice = p.Upload(device);
        var imagesThere = device.Upload(images);
        var labelsThere = device.Upload(labels);
        var (_, gradient) = M.LossValueAndGradBatch(p, images, labels);
        var (value, gradientThere) = M.LossValueAndGradBatch(device, onDevice, imagesThere, labelsThere);
        long before = 0;
        for (int step = 0; step < 30; step++)
        {
            if (step == 20) before = GC.GetAllocatedBytesForCurrentThread();
            M.LossValueAndGradBatch(p, images, labels, ref gradient);
            M.LossGradBatch(p, images, 1, ref gradient);
            M.LossValueAndGradBatch(device, onDevice, imagesThere, labelsThere, value, ref gradientThere);
            foreach (var (w, g) in Tree.Zip<float>(p, gradient.P)) w[0] -= g[0];
            foreach (var (w, g) in Tree.Zip<float>(onDevice, gradientThere.P)) _ = w.Length;
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
        """));

    [Fact]
    public void Trees_leaf_by_leaf() => Assert.Equal("4 2 | 4 2 | 2:int[3] on cpu (1 thread)", Loss("""
        var d = new Deep(new Mlp(new float[2, 2], new float[2]), [1, 2, 3], 0.5f);
        string text = "";
        foreach (var (a, b) in Tree.Zip<float>(d, d)) text += a.Length + " ";
        using var device = Device.Cpu(1);
        using var there = d.Upload(device);
        text += "|";
        foreach (var (a, b) in Tree.Zip<float>(there, there)) text += " " + a.Length;
        foreach (var (a, b) in Tree.Zip<int>(there, there)) text += $" | {((IDeviceTree)there).LeafCount - 1}:{a}";
        var back = there.ToHost();
        return back.Rate == 0.5f && back.Steps[2] == 3 ? text : "lost";
        """));

    [Theory]
    [InlineData("new float[2, 3], new float[3]", "assumed")]
    [InlineData("new float[2, 4], new float[3]", "guarded")]
    public void Extents_that_differ_take_the_guarded_core(string arguments, string taken)
    {
        var method = Method("F", A("float"), [P("x", A("float[]")), P("w", A("float[]"), shared: true)], differentiable: false);
        string file = GeneratedFile.Method(method, kind => FakeCore.Assuming(
            FakeCore.Of(method, kind), "w_0", "x_0", "out0[0] = 1;", "out0[0] = 2;")).Text;
        Assert.Equal(taken == "assumed" ? 1f : 2f, Compiled.Run([file, .. TreeFiles, Test($"return M.FBatch({arguments})[0];")]));
    }

    [Fact]
    public void Results_of_computed_extents()
    {
        var method = Method("F", A("float[]"), [P("x", A("float")), P("n", A("int"), shared: true)], differentiable: false);
        string file = GeneratedFile.Method(method, kind => FakeCore.Of(
            method, kind, "for (int k = 0; k < B * n; k++) out0[k] = k;", _ => [new Var("n", IrType.I32)])).Text;
        Assert.Equal("0 1 2 3 4 5", Compiled.Run([file, .. TreeFiles, Test("return Show(M.FBatch([1, 2], 3).Cast<float>());")]));
    }

    [Fact]
    public void Tuples_have_one_destination_each()
    {
        var method = Method("F", Tuple(("Sum", A("float")), ("Count", A("int"))), [P("x", A("float"))], differentiable: false);
        string file = GeneratedFile.Method(method, kind => FakeCore.Of(
            method, kind, "for (int b = 0; b < B; b++) { out0[b] = x[b]; out1[b] = b; }")).Text;
        Assert.Equal("5 6 | 0 1 | 5 1", Compiled.Run([file, .. TreeFiles, Test("""
            var (sum, count) = M.FBatch([5, 6]);
            var s = new float[2]; var c = new int[2];
            M.FBatch([5, 6], s, c);
            return Show(sum) + " | " + Show(M.FBatch([5, 6]).Count) + " | " + s[0] + " " + c[1];
            """)]));
    }

    [Fact]
    public void Batched_trees_take_one_or_a_batch()
    {
        var method = Method("F", A("float"), [P("p", Mlp), P("x", A("float"))], differentiable: false);
        string file = GeneratedFile.Method(method, kind => FakeCore.Of(
            method, kind, "for (int b = 0; b < B; b++) out0[b] = p_B1[b * p_B1_0] * x[b];")).Text;
        Assert.Equal("2 4 | 3 5 | 2 4", Compiled.Run([file, .. TreeFiles, Test("""
            var one = new Mlp(new float[1, 1], [2, 7]);
            var two = new Mlp.Batch(new float[2, 1, 1], new float[,] { { 3, 7 }, { 5, 7 } });
            using var device = Device.Cpu();
            return Show(M.FBatch(one, [1, 2])) + " | " + Show(M.FBatch(two, 1)) + " | " + Show(M.FBatch(device, one.Upload(device), device.Upload(new float[] { 1, 2 })).ToArray());
            """)]));
    }
}
