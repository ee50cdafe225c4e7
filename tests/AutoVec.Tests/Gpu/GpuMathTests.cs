using System.Reflection;
using AutoVec.Gpu;
using AutoVec.Tests.Cpu;
using ILGPU;

namespace AutoVec.Tests.Gpu;

/// <summary>GpuMath is plain C#: its values are checked as such, and that ILGPU compiles it to instructions and nothing else.</summary>
public class GpuMathTests
{
    private const int Count = 1 << 15;

    public static TheoryData<string> OfOne => [.. VMathCases.OfOne];

    [Theory, MemberData(nameof(OfOne))]
    public void FloatsAreWithinFourUlp(string name)
    {
        var function = typeof(GpuMath).GetMethod(name, [typeof(float)])!.CreateDelegate<Func<float, float>>();
        var reference = VMathCases.Reference(name);
        foreach (float x in VMathCases.Floats(1, Count))
            Assert.True(VMathCases.UlpF32(function(x), reference(x)) <= 4, $"{name}({x:R}) is {function(x):R}, expected {reference(x):R}");
    }

    [Theory, MemberData(nameof(OfOne))]
    public void DoublesAreWithinEightUlp(string name)
    {
        var function = typeof(GpuMath).GetMethod(name, [typeof(double)])!.CreateDelegate<Func<double, double>>();
        var reference = VMathCases.Reference(name);
        foreach (double x in VMathCases.Doubles(2, Count))
            Assert.True(VMathCases.UlpF64(function(x), reference(x)) <= 8, $"{name}({x:R}) is {function(x):R}, expected {reference(x):R}");
    }

    [Theory]
    [InlineData("Pow")]
    [InlineData("Atan2")]
    [InlineData("Hypot")]
    [InlineData("Max")]
    [InlineData("Min")]
    [InlineData("CopySign")]
    [InlineData("Rem")]
    public void FunctionsOfTwo(string name)
    {
        var f32 = typeof(GpuMath).GetMethod(name, [typeof(float), typeof(float)])!.CreateDelegate<Func<float, float, float>>();
        var f64 = typeof(GpuMath).GetMethod(name, [typeof(double), typeof(double)])!.CreateDelegate<Func<double, double, double>>();
        var reference = VMathCases.Reference2(name);
        double[] a = VMathCases.Doubles(3, 1 << 12), b = VMathCases.Doubles(4, 1 << 12);
        var points = a.Zip(b).Concat(VMathCases.Special.SelectMany(_ => VMathCases.Special, (x, y) => (x, y)));
        foreach (var (x, y) in points)
        {
            Assert.True(VMathCases.UlpF64(f64(x, y), reference(x, y)) <= 8, $"{name}({x:R}, {y:R}) is {f64(x, y):R}, expected {reference(x, y):R}");
            float c = (float)x, d = (float)y;
            Assert.True(VMathCases.UlpF32(f32(c, d), reference(c, d)) <= 4, $"{name}({c:R}f, {d:R}f) is {f32(c, d):R}, expected {reference(c, d):R}");
        }
    }

    [Fact]
    public void RoundingAndCasts()
    {
        foreach (double x in VMathCases.Doubles(5, Count).Concat([0.49999999999999994, 2.5, -2.5, 3.5, 4503599627370497.5]))
        {
            Assert.Equal(0, VMathCases.UlpF64(GpuMath.Floor(x), Math.Floor(x)));
            Assert.Equal(0, VMathCases.UlpF64(GpuMath.Ceiling(x), Math.Ceiling(x)));
            Assert.Equal(0, VMathCases.UlpF64(GpuMath.Truncate(x), Math.Truncate(x)));
            Assert.Equal(0, VMathCases.UlpF64(GpuMath.Round(x), Math.Round(x)));
            Assert.Equal((int)x, GpuMath.ToI32(x));
            Assert.Equal((long)x, GpuMath.ToI64(x));
            float f = (float)x;
            Assert.Equal(0, VMathCases.UlpF32(GpuMath.Round(f), MathF.Round(f)));
            Assert.Equal(0, VMathCases.UlpF32(GpuMath.Floor(f), MathF.Floor(f)));
            Assert.Equal((int)f, GpuMath.ToI32(f));
            Assert.Equal((long)f, GpuMath.ToI64(f));
            Assert.Equal(float.IsFinite(f), GpuMath.IsFinite(f));
        }
    }

    /// <summary>No call that nobody defines, and none of the approximations that ILGPU makes of MathF's functions.</summary>
    [Theory]
    [InlineData(nameof(AllOfFloat))]
    [InlineData(nameof(AllOfDouble))]
    public void CompilesToExactInstructions(string kernel)
    {
        string text = Ptx.Compile(typeof(GpuMathTests).GetMethod(kernel, BindingFlags.NonPublic | BindingFlags.Static)!);
        Assert.DoesNotContain(".approx", text, StringComparison.Ordinal);
    }

    private static void AllOfFloat(Index1D i, ArrayView<float> x, ArrayView<float> y, ArrayView<float> z)
    {
        float v = x[i], w = y[i];
        z[i] = GpuMath.Exp(v) + GpuMath.Exp2(v) + GpuMath.ExpM1(v) + GpuMath.Log(v) + GpuMath.Log2(v) + GpuMath.Log10(v) + GpuMath.Log1P(v)
            + GpuMath.Sin(v) + GpuMath.Cos(v) + GpuMath.Tan(v) + GpuMath.Asin(v) + GpuMath.Acos(v) + GpuMath.Atan(v) + GpuMath.Atan2(v, w)
            + GpuMath.Sinh(v) + GpuMath.Cosh(v) + GpuMath.Tanh(v) + GpuMath.Asinh(v) + GpuMath.Acosh(v) + GpuMath.Atanh(v)
            + GpuMath.Cbrt(v) + GpuMath.Pow(v, w) + GpuMath.Max(v, w) + GpuMath.Min(v, w) + GpuMath.CopySign(v, w) + GpuMath.Rem(v, w) + GpuMath.Hypot(v, w) + GpuMath.OfBits(GpuMath.Bits(v) + 1)
            + GpuMath.Floor(v) + GpuMath.Ceiling(v) + GpuMath.Round(v) + GpuMath.Truncate(v) + GpuMath.ToI32(v) + GpuMath.ToI64(v)
            + (GpuMath.IsNaN(v) || GpuMath.IsInfinity(v) || GpuMath.IsFinite(w) ? 1 : 0);
    }

    private static void AllOfDouble(Index1D i, ArrayView<double> x, ArrayView<double> y, ArrayView<double> z)
    {
        double v = x[i], w = y[i];
        z[i] = GpuMath.Exp(v) + GpuMath.Exp2(v) + GpuMath.ExpM1(v) + GpuMath.Log(v) + GpuMath.Log2(v) + GpuMath.Log10(v) + GpuMath.Log1P(v)
            + GpuMath.Sin(v) + GpuMath.Cos(v) + GpuMath.Tan(v) + GpuMath.Asin(v) + GpuMath.Acos(v) + GpuMath.Atan(v) + GpuMath.Atan2(v, w)
            + GpuMath.Sinh(v) + GpuMath.Cosh(v) + GpuMath.Tanh(v) + GpuMath.Asinh(v) + GpuMath.Acosh(v) + GpuMath.Atanh(v)
            + GpuMath.Cbrt(v) + GpuMath.Pow(v, w) + GpuMath.Max(v, w) + GpuMath.Min(v, w) + GpuMath.CopySign(v, w) + GpuMath.Rem(v, w) + GpuMath.Hypot(v, w) + GpuMath.OfBits(GpuMath.Bits(v) + 1)
            + GpuMath.Floor(v) + GpuMath.Ceiling(v) + GpuMath.Round(v) + GpuMath.Truncate(v) + GpuMath.ToI32(v) + GpuMath.ToI64(v)
            + (GpuMath.IsNaN(v) || GpuMath.IsInfinity(v) || GpuMath.IsFinite(w) ? 1 : 0);
    }
}
