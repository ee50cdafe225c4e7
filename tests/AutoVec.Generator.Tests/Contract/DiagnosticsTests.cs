using System.Text.RegularExpressions;
using AutoVec.Generator.Tests.Kit;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Tests.Contract;

/// <summary>Each diagnostic at its token: the text between « and » is where the error must be.</summary>
public class DiagnosticsTests
{
    private static void Expect(string id, string source)
    {
        var marked = Regex.Match(source, "«(.*?)»", RegexOptions.Singleline);
        string plain = source.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);
        var lowered = Lowered.From("using System;using AutoVec;" + plain);
        var broken = lowered.Compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(broken.Count == 0, string.Join("\n", broken));
        var errors = lowered.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 1, $"expected one {id}, got\n{string.Join("\n", errors)}");
        string text = lowered.Compilation.SyntaxTrees[0].ToString().Substring(errors[0].Location.SourceSpan.Start, errors[0].Location.SourceSpan.Length);
        Assert.True((id, marked.Groups[1].Value) == (errors[0].Id, text), $"expected {id} at '{marked.Groups[1].Value}', got {errors[0]} at '{text}'");
    }

    private static void InMethods(string id, string methods) => Expect(id, $"public static partial class Subject {{ {methods} }}");
    private static void InBody(string id, string body) => InMethods(id, $"[Vectorize] public static float F(float x, float[] a, int n) {{ {body} return x; }}");

    [Theory]
    [InlineData("AV0001", "public partial class C { [Vectorize] public float «F»(float x) => x; }")]
    [InlineData("AV0002", "public static partial class C { [Vectorize] public static float «F»<T>(float x) => x; }")]
    [InlineData("AV0003", "public static partial class C { [Vectorize] public static float «F»(float x) => x; public static int F(int x) => x; }")]
    [InlineData("AV0004", "public static class «C» { [Vectorize] public static float F(float x) => x; }")]
    [InlineData("AV0004", "public class «Outer» { public static partial class C { [Vectorize] public static float F(float x) => x; } }")]
    [InlineData("AV0005", "file static partial class «C» { [Vectorize] public static float F(float x) => x; }")]
    [InlineData("AV0005", "public static partial class «C»<T> { [Vectorize] public static float F(float x) => x; }")]
    public void Methods_and_their_types(string id, string source) => Expect(id, source);

    [Theory]
    [InlineData("AV0006", "[Vectorize] public static float F(in «float» x) => x;")]
    [InlineData("AV0006", "[Vectorize] public static float F(ref «float» x) => x;")]
    [InlineData("AV0007", "[Vectorize] public static float F(«float?» x) => 1;")]
    [InlineData("AV0007", "[Vectorize] public static «float?» F(float x) => 1;")]
    [InlineData("AV0008", "[Vectorize] public static float F(«string» x) => 1;")]
    [InlineData("AV0008", "[Vectorize] public static float F(«float[][]» x) => 1;")]
    [InlineData("AV0110", "[Vectorize] public static float F(float x) «{ while (true) { x += 1; } }»")]
    [InlineData("AV0110", "[Vectorize] public static float[] F(float[] x) «{ while (true) { x = new float[3]; } }»")]
    [InlineData("AV0101", "struct P { public float X, Y; public void Deconstruct(out float a, out float b) { a = Y; b = X; } } [Vectorize] public static float F(float x) { P p; p.X = x; p.Y = 1; «var (a, b) = p»; return a - 2 * b; }")]
    [InlineData("AV0108", "struct P { public float X, Y; public void Deconstruct(out float a, out float b) { a = Y; b = X; } } [Vectorize] public static float F(float x) { P p; p.X = x; p.Y = 1; return p is «(> 0, var b)» ? b : 0; }")]
    [InlineData("AV0008", "[Tree] public partial record W(float A) { public float A { get; init; } = A * 2; } [Vectorize] public static float F(«W» w) => w.A;")]
    [InlineData("AV0101", "struct P { public float X, Y; public void Deconstruct(out float a, out float b) { a = Y; b = X; } } [Vectorize] public static float F(float x) { var s = new P[2]; s[0].X = x; foreach («var (a, b)» in s) x += a - 2 * b; return x; }")]
    [InlineData("AV0008", "[Vectorize] public static float F(float x, «Func<float, float>» f) => f(x);")]
    [InlineData("AV0008", "[Vectorize] public static float F(«(float, int)[]» x) => 1;")]
    [InlineData("AV0008", "[Vectorize] public static «(float, int)[]» F(float x) => [(x, 1)];")]
    [InlineData("AV0008", "[Vectorize] public static «float[][]» F(float x) => [[x]];")]
    [InlineData("AV0008", "[Vectorize] public static «(float, float[][])» F(float x) => (x, [[x]]);")]
    [InlineData("AV0008", "[Vectorize] public static float F(«float[,,,]» x) => 1;")]
    [InlineData("AV0008", "[Vectorize] public static float F(params «float[]» x) => 1;")]
    [InlineData("AV0008", "public struct P { public float A; } [Vectorize] public static float F(«P» x) => 1;")]
    [InlineData("AV0008", "[Vectorize] public static «void» F(float x) { }")]
    [InlineData("AV0009", "[Vectorize] public static float F(«(float, float)» x) => 1;")]
    [InlineData("AV0010", "[Vectorize] public static float «F»([Shared] float x) => x;")]
    [InlineData("AV0010", "[Vectorize] public static float «F»() => 1;")]
    [InlineData("AV0011", "[Vectorize(Reduce = Reduction.Mean)] public static «int» F(float x) => 1;")]
    [InlineData("AV0011", "[Vectorize(Reduce = Reduction.Sum)] public static «bool» F(float x) => true;")]
    [InlineData("AV0013", "[Differentiable] public static float «F»(int x) => 1;")]
    [InlineData("AV0013", "[Differentiable] public static float «F»([NoGrad] float x) => 1;")]
    [InlineData("AV0013", "[Differentiable] public static int «F»(float x) => 1;")]
    [InlineData("AV0016", "[Differentiable, «CustomGrad(nameof(F))»] public static float F(float x) => x;")]
    [InlineData("AV0017", "[Vectorize] public static float F(float x, [Shared] «Span<float>» y) => x;")]
    [InlineData("AV0017", "[Vectorize(Reduce = Reduction.Mean)] public static float F(float x, «Span<float>» y) => x;")]
    [InlineData("AV0017", "[Differentiable, CustomGrad(nameof(R))] public static float F(float x, «Span<float>» y) => x; static float R(float x, Span<float> y, float c) => c;")]
    [InlineData("AV0008", "[Vectorize] public static float F(float x, «Span<byte>» y) => x;")]
    [InlineData("AV0013", "[Differentiable] public static void «F»(float x, Span<int> y) { }")]
    [InlineData("AV0031", "[Differentiable] public static void F(float «cotangentY», Span<float> y) { }")]
    [InlineData("AV0031", "[Vectorize] public static (float A, float B) F(float «destinationA») => (1, 2);")]
    [InlineData("AV0016", "[Vectorize] public static float F(float x) => G(x, new float[1]); [«CustomGrad(nameof(R))»] static float G(float x, Span<float> y) => x; static (float, float[]) R(float x, Span<float> y, float c) => (c, y.ToArray());")]
    [InlineData("AV0015", "[Differentiable(MemoryBudget = «\"64\"»)] public static float F(float x) => x;")]
    [InlineData("AV0015", "[Differentiable(MemoryBudget = «\"lots of MB\"»)] public static float F(float x) => x;")]
    [InlineData("AV0008", "[Vectorize] public static float F(«uint» x) => x;")]
    [InlineData("AV0008", "[Vectorize] public static «byte[]» F(float x) => new byte[1];")]
    public void Parameters_results_attributes(string id, string methods) => InMethods(id, methods);

    [Theory]
    [InlineData("AV0030", "[Vectorize] public static float «F»(float x) => x; public static int FBatch;")]
    [InlineData("AV0030", "[Vectorize] public static float «F»(float x) => x; public static float FBatch(In<float> x) => 1;")]
    [InlineData("AV0030", "[Differentiable] public static float «F»(float x) => x; public static float FGrad(float x) => x;")]
    [InlineData("AV0030", "[Differentiable] public static float «F»(float x) => x; public struct FGradient { }")]
    [InlineData("AV0030", "[Differentiable(Forward = true)] public static float «F»(float x) => x; public static int FJvp;")]
    [InlineData("AV0031", "[Vectorize] public static float F(float «device») => 1;")]
    [InlineData("AV0031", "[Differentiable] public static float F(float x, float «tangentDestination») => 1;")]
    [InlineData("AV0031", "[Vectorize] public static float F(float x, float «gradient») => 1;")]
    [InlineData("AV0032", "[Differentiable] public static float F(float x, float «X») => x;")]
    public void Collisions(string id, string methods) => InMethods(id, methods);

    [Fact]
    public void Another_overload_of_a_generated_name_is_no_collision() =>
        Assert.Empty(Lowered.FromMethods("[Vectorize] public static float F(float x) => x; public static float FBatch(string x) => 1;").Diagnostics);

    [Theory]
    [InlineData("AV0020", "[Tree] public partial class «T» { }")]
    [InlineData("AV0020", "[Tree] public partial record «T»;")]
    [InlineData("AV0020", "[Tree] public partial record T(float[] W) { public float «More»; }")]
    [InlineData("AV0004", "[Tree] public record «T»(float[] W);")]
    [InlineData("AV0021", "[Tree] public partial record T(string «W»);")]
    [InlineData("AV0021", "[Tree] public partial record T(float[][] «W»);")]
    [InlineData("AV0021", "[Tree] public partial record T((float A, int B)[] «W»);")]
    [InlineData("AV0021", "[Tree] public partial record T((float, float) «W»);")]
    [InlineData("AV0033", "[Tree] public partial record T(float[] «Batch»);")]
    public void Trees(string id, string source) => Expect(id, source);

    [Theory]
    [InlineData("AV0100", "«lock (a) { }»")]
    [InlineData("AV0101", "x = «a.GetHashCode()»;")]
    [InlineData("AV0102", "decimal «d = 1»;")]
    [InlineData("AV0102", "nint «k = 3»;")]
    [InlineData("AV0103", "«throw new Exception();»")]
    [InlineData("AV0103", "«try { x = 1; } finally { }»")]
    [InlineData("AV0103", "x = n > 0 ? 1 : «throw new Exception()»;")]
    [InlineData("AV0104", "if (n > 0) «goto end;» x = 1; end: x = 2;")]
    [InlineData("AV0104", "switch (n) { case 0: goto case 1; case 1: x = 1; «goto case 0;» }")]
    [InlineData("AV0105", "Action<float> f = «v => x += v»;")]
    [InlineData("AV0105", "float k = 0; void Add(float v) => k += v; Action<float> f = «Add»; f(x); x = k;")]
    [InlineData("AV0105", "float k = 0; float Both(float v) { void Add() => k += v; Add(); return v; } Func<float, float> f = «Both»; x = f(k);")]
    [InlineData("AV0105", "float k = 0; Func<float, float> f = «v => { k = v; return v; }»;")]
    [InlineData("AV0101", "Func<float, float> f = v => v; «f» = v => 2 * v;")]
    [InlineData("AV0106", "long l = n; l = checked(«l * n»);")]
    [InlineData("AV0106", "checked { n = «(int)x»; }")]
    [InlineData("AV0106", "uint u = 3; u = checked(«u + 1»);")]
    [InlineData("AV0101", "x = «Math.Clamp(x, 2f, 1f)»;")]
    [InlineData("AV0107", "«unsafe { int k = 1; }»")]
    [InlineData("AV0108", "if (a is «[var first, ..]») x = 1;")]
    [InlineData("AV0120", "x = «Math.ReciprocalEstimate(x)» > 0 ? 1 : 0;")]
    [InlineData("AV0120", "x = «MathF.ReciprocalEstimate(x)»;")]
    [InlineData("AV0120", "«Console.WriteLine(x)»;")]
    [InlineData("AV0122", "x = «n.GetHashCode()»;")]
    [InlineData("AV0140", "x = «Environment.ProcessorCount»;")]
    [InlineData("AV0160", "«a[0]» = 1;")]
    [InlineData("AV0160", "var b = a; «b[0]» += 1;")]
    [InlineData("AV0160", "var b = new float[a.Length]; if (n > 0) b = a; «b[0]» = 1;")]
    [InlineData("AV0161", "var b = new float[2]; var c = new float[2]; var d = b; if (n > 0) d = c; «d[0]» = 1;")]
    [InlineData("AV0161", "var b = new float[2]; var c = new float[2]; var d = b; if (n > 0) d = c; «b[0]» = 1;")]
    [InlineData("AV0161", "var b = new float[2]; var c = b; for (int i = 0; i < n; i++) { «b[0]» = 1; b = new float[2]; } x = c[0];")]
    [InlineData("AV0165", "var b = new float[2]; var c = new float[2]; «for (int i = 0; i < n; i++) { b = c; }» x = b[0] + c[0];")]
    [InlineData("AV0162", "var b = new float[2]; «for (int i = 0; i < n; i++) { b = new float[b.Length + (int)b[i]]; }» x = b[0];")]
    [InlineData("AV0110", "float[] b; if (n > 0) b = new float[1]; else b = new float[(int)a[0]]; x = «b[0]»;")]
    [InlineData("AV0110", "float[,] b; if (n > 0) b = new float[1, 2]; else b = new float[2, 2]; x = «b[0, 0]»;")]
    [InlineData("AV0164", "Span<float> s = stackalloc float[4]; var t = «s.Slice(1)»; for (int i = 0; i < t.Length; i++) t[i] = s[i] + 1;")]
    [InlineData("AV0102", "float[][][] «w = new float[2][][]»;")]
    [InlineData("AV0102", "var «w = new (float A, float[] B)[2]»;")]
    [InlineData("AV0101", "var w = new (float A, int B)[2]; (float, int)[] v = [«..w»];")]
    [InlineData("AV0110", "float[][] w = [new float[2], new float[2]]; var r = w[0]; w[0] = new float[3]; x = «r[0]»;")]
    [InlineData("AV0110", "var w = new float[2][]; x = «w[0][0]»;")]
    [InlineData("AV0161", "float[][] w = [a, new float[2]]; «w[1][0]» = 1;")]
    [InlineData("AV0162", "var w = new float[2][]; «for (int i = 0; i < 2; i++) { w[i] = new float[(int)x]; x = w[i].Length + 1; }»")]
    [InlineData("AV0165", "var r = new float[2]; var w = new float[2][]; «for (int i = 0; i < 2; i++) { r[0] = i; w[i] = r; }» x = w[0][0];")]
    [InlineData("AV0166", "float[][] w = [new float[2], new float[2]]; «w[0]» = w[1];")]
    [InlineData("AV0166", "float[][] w = [new float[2], new float[2]]; var r = new float[2]; w[0] = r; «w[1]» = r;")]
    [InlineData("AV0101", "float[][] w = [new float[2], new float[2]]; w[0] = «null»;")]
    public void Bodies(string id, string body) => InBody(id, body);

    [Theory]
    [InlineData("h = «h + g[0]»;")]
    [InlineData("h = «-h»;")]
    [InlineData("«h += g[0]»;")]
    [InlineData("«h++»;")]
    [InlineData("«--g[0]»;")]
    [InlineData("if («h < g[0]») x = 1;")]
    [InlineData("if («h == g[0]») x = 1;")]
    [InlineData("for (Half k = h; «k < g[0]»; ) x = 1;")]
    [InlineData("h = «Half.Max(h, g[0])»;")]
    [InlineData("x = «Half.IsNaN(h)» ? 1 : 0;")]
    [InlineData("x = «h.CompareTo(g[0])»;")]
    [InlineData("h = (Half)«Half.Sqrt(h)»;")]
    [InlineData("x = (float)(«h * g[1]»);")]
    public void Halves_are_storage(string body) =>
        InMethods("AV0111", $"[Vectorize] public static float F(float x, Half h, Span<Half> g) {{ {body} return x; }}");

    [Theory]
    [InlineData("AV0106", "[Vectorize] public static int F(Half h) => checked(«(int)h»);")]
    [InlineData("AV0102", "[Vectorize] public static float F(Half h) { decimal «d = (decimal)h»; return 1; }")]
    [InlineData("AV0160", "[Vectorize] public static Half F(Half[] h) { «h[0]» = (Half)1f; return h[0]; }")]
    [InlineData("AV0120", "[Vectorize] public static int F(Half h) => «BitConverter.HalfToInt16Bits(h)»;")]
    [InlineData("AV0011", "[Vectorize(Reduce = Reduction.Mean)] public static «(Half, int)» F(Half h) => (h, 1);")]
    public void Other_rules_hold_for_halves(string id, string methods) => InMethods(id, methods);

    [Theory]
    [InlineData("AV0109", "[Vectorize] public static float F(int k) => «k switch { 0 => 1f, 1 => 2f }»;")]
    [InlineData("AV0121", "[Vectorize] public static int F(int n) => n < 0 ? 0 : «F(n - 1)»;")]
    [InlineData("AV0121", "[Vectorize] public static int F(int n) => G(n); private static int G(int n) => H(n); private static int H(int n) => n < 0 ? 0 : «G(n - 1)»;")]
    [InlineData("AV0008", "[CustomGrad(nameof(R))] private static float G(float x, float[][] «w») => x; private static float R(float x, float[][] w, float bar) => bar; [Vectorize] public static float F(float x) => G(x, [[x]]);")]
    [InlineData("AV0140", "private static float s_k; [Vectorize] public static float F(float x) => x * «s_k»;")]
    [InlineData("AV0141", "private static float s_k; [Vectorize] public static float F(float x) { «s_k» = x; return x; }")]
    [InlineData("AV0160", "[Vectorize] public static float F(float[] a) { G(a); return 1; } private static void G(float[] b) { «b[0]» = 1; }")]
    [InlineData("AV0122", "private interface I { float Twice(); } private struct P : I { public float A; public float Twice() => 2 * A; } [Vectorize] public static float F(float x) { var p = new P { A = x }; return «p.GetHashCode()»; }")]
    [InlineData("AV0101", "private struct P(float a) { public float A => a; } [Vectorize] public static float F(float x) { var p = «new P(x)»; return 1; }")]
    public void Methods_that_call_and_share(string id, string methods) => InMethods(id, methods);

    [Fact]
    public void A_generated_member_in_a_body_says_to_use_Ad()
    {
        var lowered = Lowered.FromMethods("[Vectorize, Differentiable] public static float F(float x) => x; [Vectorize] public static float G(float x) => FGrad(x).X;");
        Assert.Equal("AV0123", Assert.Single(lowered.Diagnostics).Id);
    }

    [Theory]
    [InlineData("double y = Math.Floor(x); return y;", "Math.Floor(x)")]
    [InlineData("int k = (int)(x * 2); return k;", "(int)(x * 2)")]
    [InlineData("double s = 0; for (int i = 0; i < a.Length; i++) { s += a[i]; if (s > 1) s = s * 0.5; } return s;", "s > 1")]
    [InlineData("return Math.Round(c) + n * x;", null)]
    [InlineData("return n > 1 ? x : c < 2 ? 2 * x : (int)c;", null)]
    [InlineData("double t = 0; while (t < 1) t += 0.25; return t * x;", null)]
    public void A_derivative_that_is_lost_is_said(string body, string? at)
    {
        var lowered = Lowered.FromMethods($"[Differentiable] public static double F(double x, double[] a, int n, [NoGrad] double c) {{ {body} }}");
        Assert.DoesNotContain(lowered.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        var lost = lowered.Diagnostics.Where(d => d.Id == "AV0150").ToList();
        if (at is null)
        {
            Assert.Empty(lost);
            return;
        }
        var span = Assert.Single(lost).Location.SourceSpan;
        Assert.Equal(at, lowered.Compilation.SyntaxTrees[0].ToString().Substring(span.Start, span.Length));
    }

    /// <summary>Where C# itself reports an error, AutoVec adds none.</summary>
    [Theory]
    [InlineData("var y = a + a;")]
    [InlineData("var y = a.Lenght;")]
    [InlineData("foreach (var y in Missing(a)) x += y;")]
    [InlineData("var y = new[] { };")]
    [InlineData("var y = a[0] > 0 ? x : a;")]
    [InlineData("var (y, z) = x;")]
    public void Errors_of_the_language_are_reported_once(string body)
    {
        var lowered = Lowered.From($"using System;using AutoVec; public static partial class Subject {{ [Vectorize] public static float F(float x, float[] a, int n) {{ {body} return x; }} }}");
        Assert.Contains(lowered.Compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        Assert.DoesNotContain(lowered.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
    }
}
