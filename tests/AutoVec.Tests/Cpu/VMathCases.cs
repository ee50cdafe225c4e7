using System.Runtime.Intrinsics;
using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

/// <summary>The vector functions by name, run over arrays at any width, and what Math says in double.</summary>
internal static class VMathCases
{
    public static readonly string[] OfOne =
    [
        "Exp", "Exp2", "ExpM1", "Log", "Log2", "Log10", "Log1P", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan",
        "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh", "Cbrt",
    ];

    public static readonly string[] OfTwo = ["Atan2", "Hypot", "Pow", "Rem"];

    public static readonly int[] Widths = [128, 256, 512];


    /// <summary>As a delegate: reflection per element would take minutes.</summary>
    public static Func<double, double> Reference(string name) => name switch
    {
        "Exp2" => x => Math.Pow(2, x),
        "ExpM1" => VMath.ExpM1,
        "Log1P" => VMath.Log1P,
        _ => typeof(Math).GetMethod(name, [typeof(double)])!.CreateDelegate<Func<double, double>>(),
    };

    public static Func<double, double, double> Reference2(string name) =>
        name == "Rem" ? (x, y) => x % y : name == "Hypot" ? double.Hypot : typeof(Math).GetMethod(name, [typeof(double), typeof(double)])!.CreateDelegate<Func<double, double, double>>();

    public static T[] Run<T>(string name, int width, T[] x) where T : unmanaged
    {
        var y = new T[x.Length];
        switch (width)
        {
            case 512:
                var f512 = typeof(VMath).GetMethod(name, [typeof(Vector512<T>)])!.CreateDelegate<Func<Vector512<T>, Vector512<T>>>();
                for (int i = 0; i < x.Length; i += Vector512<T>.Count) f512(Vector512.Create(x.AsSpan(i))).CopyTo(y, i);
                break;
            case 256:
                var f256 = typeof(VMath).GetMethod(name, [typeof(Vector256<T>)])!.CreateDelegate<Func<Vector256<T>, Vector256<T>>>();
                for (int i = 0; i < x.Length; i += Vector256<T>.Count) f256(Vector256.Create(x.AsSpan(i))).CopyTo(y, i);
                break;
            default:
                var f128 = typeof(VMath).GetMethod(name, [typeof(Vector128<T>)])!.CreateDelegate<Func<Vector128<T>, Vector128<T>>>();
                for (int i = 0; i < x.Length; i += Vector128<T>.Count) f128(Vector128.Create(x.AsSpan(i))).CopyTo(y, i);
                break;
        }
        return y;
    }

    public static T[] Run<T>(string name, int width, T[] a, T[] b) where T : unmanaged
    {
        var y = new T[a.Length];
        switch (width)
        {
            case 512:
                var f512 = typeof(VMath).GetMethod(name, [typeof(Vector512<T>), typeof(Vector512<T>)])!.CreateDelegate<Func<Vector512<T>, Vector512<T>, Vector512<T>>>();
                for (int i = 0; i < a.Length; i += Vector512<T>.Count) f512(Vector512.Create(a.AsSpan(i)), Vector512.Create(b.AsSpan(i))).CopyTo(y, i);
                break;
            case 256:
                var f256 = typeof(VMath).GetMethod(name, [typeof(Vector256<T>), typeof(Vector256<T>)])!.CreateDelegate<Func<Vector256<T>, Vector256<T>, Vector256<T>>>();
                for (int i = 0; i < a.Length; i += Vector256<T>.Count) f256(Vector256.Create(a.AsSpan(i)), Vector256.Create(b.AsSpan(i))).CopyTo(y, i);
                break;
            default:
                var f128 = typeof(VMath).GetMethod(name, [typeof(Vector128<T>), typeof(Vector128<T>)])!.CreateDelegate<Func<Vector128<T>, Vector128<T>, Vector128<T>>>();
                for (int i = 0; i < a.Length; i += Vector128<T>.Count) f128(Vector128.Create(a.AsSpan(i)), Vector128.Create(b.AsSpan(i))).CopyTo(y, i);
                break;
        }
        return y;
    }

    public static readonly double[] Special =
    [
        0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon,
        float.Epsilon, -float.Epsilon, 1e-40, -1e-40, 1e-310, float.MaxValue, -float.MaxValue, double.MaxValue, -double.MaxValue, 88.72, 88.73, -87.4, -103.9, -104.1,
        709.78, 709.79, 710.4, 710.5, -745.1, -745.2, 128, 127.99, -149, -149.5, 1024, -1074, -1075, 0.75, 1.5, 0.7499999, 1.4999999, 1e5, 1e6, -1e6, 1e9, 1e10, 1e22, 3e38, 1e300,
        Math.PI, Math.PI / 2, Math.PI / 4, 0.999999, 1.000001, -0.999999, 16777216, 16777217,
    ];

    /// <summary>Bit patterns over the whole format, numbers of every moderate size, and special values; a multiple of 16 of them.</summary>
    public static float[] Floats(int seed, int count)
    {
        var random = new Random(seed);
        var special = Special.Select(s => (float)s).ToArray();
        return Enumerable.Range(0, count).Select(i =>
            i < special.Length ? special[i]
            : i % 2 == 0 ? BitConverter.Int32BitsToSingle((int)(uint)random.NextInt64(1L << 32))
            : (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4)))).ToArray();
    }

    public static double[] Doubles(int seed, int count)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(i =>
            i < Special.Length ? Special[i]
            : i % 2 == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
            : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4))).ToArray();
    }

    /// <summary>The error in units of the last place of the rounded result; infinite where a special value is missed.</summary>
    public static double UlpF32(float actual, double exact)
    {
        float rounded = (float)exact;
        if (!float.IsFinite(rounded) || !float.IsFinite(actual) || rounded == 0)
            return Same(actual, rounded) ? 0 : double.PositiveInfinity;
        float size = Math.Abs(rounded);
        double ulp = size == float.MaxValue ? size - (double)MathF.BitDecrement(size) : (double)MathF.BitIncrement(size) - size;
        return Math.Abs(actual - exact) / ulp;
    }

    /// <inheritdoc cref="UlpF32"/>
    public static double UlpF64(double actual, double expected)
    {
        if (!double.IsFinite(expected) || !double.IsFinite(actual) || expected == 0)
            return Same(actual, expected) ? 0 : double.PositiveInfinity;
        double size = Math.Abs(expected);
        return Math.Abs(actual - expected) / (size == double.MaxValue ? size - Math.BitDecrement(size) : Math.BitIncrement(size) - size);
    }

    private static bool Same(double a, double b) => double.IsNaN(a) ? double.IsNaN(b) : a == b && double.IsNegative(a) == double.IsNegative(b);
}
