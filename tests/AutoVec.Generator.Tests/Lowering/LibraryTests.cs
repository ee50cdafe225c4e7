using AutoVec.Compiler.Ir;
using AutoVec.Generator.Tests.Kit;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Tests.Lowering;

/// <summary>Functions of referenced assemblies reach a user's compilation as IR text in their metadata.</summary>
public class LibraryTests
{
    private static readonly Lazy<Lowered> Subject = new(() => Lowered.FromMethods("""
        [Vectorize] public static float Everything(float[] x, float[] y, float[,] a)
        {
            var p = Np.Softmax(x);
            var z = Np.MatVec(a, Np.Relu(y));
            var m = Np.MatMul(a, Np.Outer(p, z));
            z[0] += Np.Tanh(z)[0] + Np.Sigmoid(x[0]);
            return Np.Dot(p, z) + Np.LogSumExp(y) + Np.Max(x) * Np.Min(y) + Np.ArgMax(x) + Np.ArgMin(y) + Np.Mean(x) + Np.Sum(m) + Np.Norm(p)
                + Np.Log(Np.Exp(x[0])) + Np.Sqrt(Np.Abs(x))[0];
        }
        [Vectorize] public static float Turned(float[] y, float[] x, float[,] b, float[,] a) => Np.Sum(Np.Outer(y, x)) + Np.Sum(Np.MatMul(b, a));
        [Vectorize] public static float Shifted(float[] z, float[] x, float[] y) => Np.Sum(Np.Outer(y, z)) + Np.Outer(y, x)[0, 1] + Np.Outer(z, y)[1, 0];
        [Vectorize] public static double Double(double[] x) => Np.LogSumExp(x) - Np.Sum(Np.LogSoftmax(x));
        [Vectorize] public static float Overloads(float[] x, double[] y) => Np.Sum(x) + (float)Np.Sum(y) + Np.Sum(x);
        """));

    [Theory, InlineData("Everything"), InlineData("Turned"), InlineData("Shifted"), InlineData("Double"), InlineData("Overloads")]
    public void Np_in_annotated_methods_is_the_plain_Np(string name)
    {
        var random = new Random(7);
        for (int k = 0; k < 40; k++) Agreement.Check(Subject.Value, name, Agreement.Draw(Subject.Value.Plain(name), random));
    }

    [Fact]
    public void A_call_stays_a_call_and_overloads_are_told_apart()
    {
        var f = Subject.Value["Overloads"];
        Assert.Equal(["Np.Sum", "Np.Sum.2"], f.Callees.Select(c => c.Name));
        Assert.Equal(3, f.Body.Walk().OfType<Call>().Count());
    }

    private static MetadataReference Library(string source)
    {
        var compilation = Lowered.Compile(source, "Library.cs");
        Lowered.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        Assert.Empty(diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        var image = new MemoryStream();
        var emitted = output.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        image.Position = 0;
        return MetadataReference.CreateFromStream(image);
    }

    private const string Tools = """
        using AutoVec;
        namespace Tools;
        public static class Signal
        {
            [Composable] public static float[] Convolve(float[] x, float[] w)
            {
                var o = new float[x.Length - w.Length + 1];
                for (int i = 0; i < o.Length; i++)
                    for (int j = 0; j < w.Length; j++) o[i] += x[i + j] * w[j];
                return o;
            }
            [Composable] public static (float[] Twice, int Count) Repeat(float[] x, int n) { var r = new float[x.Length * n]; r[0] = n; return (r, n); }
            [Composable] public static float[] Same(float[] x) => x;
            [Composable] public static float Norm1(Weights w) { float s = w.Bias; foreach (var v in w.W) s += v; return s; }
            public static float Hidden(float x) => x;
            [Composable] public static float Cumulate(float[] x, System.Span<float> sums) { float s = 0; for (int i = 0; i < x.Length; i++) { s += x[i]; sums[i] += s; } return s; }
            [Composable] public static void Negate(System.Span<float> x) { for (int i = 0; i < x.Length; i++) x[i] = -x[i]; }
        }
        [Tree] public partial record Weights(float[] W, float Bias);
        """;

    [Fact]
    public void Outputs_of_a_library_s_method_are_written_where_the_caller_has_them()
    {
        var user = Lowered.From("""
            using AutoVec;
            public static partial class Subject
            {
                [Vectorize] public static float F(float[] x, System.Span<float> y)
                {
                    float last = 0;
                    for (int k = 0; k < 2; k++)
                    {
                        last += Tools.Signal.Cumulate(x, y[1..]);
                        Tools.Signal.Negate(y[..2]);
                    }
                    return last;
                }
            }
            """, more: [Library(Tools)]);
        Assert.Empty(user.Diagnostics);
        float[] x = [1, 2], y = [10, 20, 30];
        var result = Interpreter.Run(user["F"], Value.From(x), Value.From(y));
        Assert.Equal(6, result[0].AsDouble);
        // 10 21 33 → -10 -21 33 → -10 -20 36 → 10 20 36
        Assert.Equal([10, 20, 36], result[1].ToDoubles());
    }

    [Fact]
    public void An_output_of_a_library_s_method_is_no_other_argument_of_it()
    {
        var user = Lowered.From("""
            using AutoVec;
            public static partial class Subject
            {
                [Vectorize] public static float F(float x) { var y = new float[2]; y[0] = x; return Tools.Signal.Cumulate(y, y); }
            }
            """, more: [Library(Tools)]);
        Assert.Equal("AV0161", Assert.Single(user.Diagnostics).Id);
    }

    [Fact]
    public void Halves_cross_the_border_of_a_library_by_their_values()
    {
        var user = Lowered.From("""
            using System; using AutoVec;
            public static partial class Subject
            {
                [Vectorize] public static Half F(Half[] x, float k) => Tools.Store.Scaled(x, (Half)k)[0];
            }
            """, more: [Library("""
            using System; using AutoVec;
            namespace Tools;
            public static class Store
            {
                [Composable] public static Half[] Scaled(Half[] x, Half k) { var y = new Half[x.Length]; for (int i = 0; i < y.Length; i++) y[i] = (Half)((float)x[i] * (float)k); return y; }
            }
            """)]);
        Assert.Empty(user.Diagnostics);
        var result = Interpreter.Run(user["F"], Value.From(new[] { 3f }), Value.From(0.1f));
        Assert.Equal((double)(Half)(3 * (float)(Half)0.1f), result[0].AsDouble);
    }

    [Fact]
    public void Extents_that_only_the_callee_knows_come_back_as_results()
    {
        var user = Lowered.From("""
            using AutoVec;
            public static partial class Subject
            {
                [Vectorize] public static float[] F(float[] x, float[] w) => Tools.Signal.Convolve(x, w);
            }
            """, more: [Library(Tools)]);
        Assert.StartsWith("""
            fun F(x: f32[x_0], w: f32[w_0]) {
              result.1: f32[n.1], n.1: i32 = call Signal.Convolve x w
              yield result.1
            }
            """, user["F"].ToString());
        var result = Interpreter.Run(user["F"], Value.From(new float[] { 0, 1, 2, 3 }), Value.From(new float[] { 3, 1, 3 }));
        Assert.Equal([7, 14], result[0].ToDoubles());
    }

    [Fact]
    public void Tuples_trees_and_returned_parameters_keep_their_meaning()
    {
        var user = Lowered.From("""
            using AutoVec;
            public static partial class Subject
            {
                [Vectorize] public static float F(float[] x, int n)
                {
                    var (twice, count) = Tools.Signal.Repeat(x, n);
                    var a = new float[2];
                    Tools.Signal.Same(a)[1] = 5;
                    var w = new Tools.Weights(twice, a[1]);
                    return Tools.Signal.Norm1(w) + twice.Length * 100 + count * 1000;
                }
            }
            """, more: [Library(Tools)]);
        Assert.Equal(2 + 5 + 600 + 2000, Interpreter.Run(user["F"], Value.From(new float[] { 1, 2, 3 }), Value.Of(2))[0].AsDouble);
    }

    /// <summary>In the text of its IR a parameter may be called as a constant is spelled.</summary>
    [Fact]
    public void A_parameter_called_inf_is_not_infinity()
    {
        var user = Lowered.From("""
            using AutoVec;
            public static partial class Subject { [Vectorize] public static float F(float[] x) => Tools.Signal.Least(x, 2, 0.5f, true); }
            """, more: [Library("""
            using AutoVec;
            namespace Tools;
            public static class Signal
            {
                [Composable] public static float Least(float[] x, float inf, float nothing, bool @true)
                {
                    float least = float.PositiveInfinity;
                    foreach (float v in x) least = System.MathF.Min(least, @true ? v : float.NaN);
                    return least + inf + nothing;
                }
            }
            """)]);
        Assert.Empty(user.Diagnostics);
        Assert.Equal(9.5f, (float)Interpreter.Run(user["F"], Value.From(new float[] { 8, 7 }))[0].AsDouble);
    }

    [Fact]
    public void A_library_method_without_IR_is_rejected()
    {
        var user = Lowered.From("""
            using AutoVec;
            public static partial class Subject { [Vectorize] public static float F(float x) => Tools.Signal.Hidden(x); }
            """, more: [Library(Tools)]);
        Assert.Equal("AV0120", Assert.Single(user.Diagnostics).Id);
    }

    [Fact]
    public void A_library_of_another_version_is_rejected()
    {
        var user = Lowered.From("""
            using AutoVec;
            public static partial class Subject { [Vectorize] public static float F(float x) => Old.Tool.Twice(x); }
            """, more: [Library("""
            [assembly: AutoVec.CompilerServices.FunctionIr(99, "M:Old.Tool.Twice(System.Single)", "fun Twice(x: f32) { yield x }")]
            namespace Old { public static class Tool { public static float Twice(float x) => 2 * x; } }
            """)]);
        Assert.Equal("AV0124", Assert.Single(user.Diagnostics).Id);
    }

    private const string Calculus = """
        using System;
        using AutoVec;
        namespace Tools;
        public static partial class Calculus
        {
            [Composable] public static double[] Copy(double[] x) => (double[])x.Clone();
            static double Cube(double x) => x * x * x;
            [Composable] public static double Slope(double x, double k) => Ad.Grad(Cube, x) + Ad.Grad(y => y * Clipped(y) * k, x);
            [Composable, CustomGrad(nameof(ClippedRule))] public static double Clipped(double x) => x;
            static double ClippedRule(double x, double cotangent) => Math.Min(cotangent, 2);
        }
        """;

    /// <summary>A library's derivatives and rules travel as text.</summary>
    [Fact]
    public void Derivatives_and_rules_of_a_library()
    {
        var user = Lowered.From("""
            using AutoVec;
            public static partial class Subject
            {
                [Differentiable] public static double F(double x, double k) => Tools.Calculus.Slope(x, k);
                [Differentiable] public static double G(double x) => Tools.Calculus.Clipped(x * 5);
                [Differentiable] public static double H(double[] x) { var y = Tools.Calculus.Copy(x); y[0] = 7; return y[0] * x[0]; }
            }
            """, more: [Library(Calculus)]);
        Assert.Empty(user.Diagnostics);
        // 3x² + k (x + min(k x, 2)): the outer derivative sees the clipped cotangent of the inner one.
        Assert.Equal(3 * 4 + 0.5 * 2 + 0.5 * 2, Interpreter.Run(user["F"], Value.Of(2.0), Value.Of(0.5))[0].AsDouble);
        var text = Parser.Parse(Printer.Print(user["F"]));
        Assert.Equal(14, Interpreter.Run(text, Value.Of(2.0), Value.Of(0.5))[0].AsDouble);
        var g = Compiler.Transforms.Pipelines.GradientBatch(user["G"], user["G"].Params, [], Compiler.Emit.Reduction.None, Compiler.Transforms.Differentiate.Seed.One, false);
        Assert.Equal([5.0], Interpreter.Run(g, Value.From(new[] { 1.0 }))[0].ToDoubles());
        Assert.Equal(21, Interpreter.Run(user["H"], Value.From(new[] { 3.0 }))[0].AsDouble);
    }
}
