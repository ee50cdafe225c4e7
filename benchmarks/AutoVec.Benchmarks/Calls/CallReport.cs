using System.Globalization;
using AutoVec.Benchmarks.Workloads;
using AutoVec.Cpu;

namespace AutoVec.Benchmarks.Calls;

/// <summary>What a call costs beside its work: 16 elements, which are one or two vectors. The plain loops do the same work.</summary>
internal static class CallReport
{
    private const int Elements = 16;

    public static int Run()
    {
        float[] a = Values(), b = Values(), c = Values(), d = Values(), result = new float[Elements];
        Tiny.ParabolaGradientBatch gradient = default;
        // The first round only warms up: .NET compiles with all optimisations after a while.
        foreach (double seconds in new[] { 0.3, 1 })
        {
            var rows = new (string Call, double Plain, double Generated)[]
            {
                ("value, one argument", Clock.Best(() => PlainParabola(a, result), seconds), Clock.Best(() => Tiny.ParabolaBatch(a, result), seconds)),
                ("value, four arguments", Clock.Best(() => PlainPrice(a, b, c, d, result), seconds), Clock.Best(() => Tiny.PriceBatch(a, b, c, d, result), seconds)),
                ("gradient, one argument", Clock.Best(() => PlainSlope(a, result), seconds), Clock.Best(() => Tiny.ParabolaGradBatch(a, ref gradient), seconds)),
                ("taking and giving back the engine", 0, Clock.Best(() => CpuEngine.Shared.Begin().Dispose(), seconds)),
            };
            if (seconds < 1) continue;
            Console.WriteLine($"{Elements} floats; least time, ns{"",-9}{"plain loop",12}{"call",8}");
            foreach (var (call, plain, generated) in rows)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{call,-36}{plain * 1e9,12:F1}{generated * 1e9,8:F1}"));
        }
        return 0;
    }

    private static float[] Values() => [.. Enumerable.Range(0, Elements).Select(_ => Random.Shared.NextSingle())];

    private static void PlainParabola(float[] x, float[] result)
    {
        for (int i = 0; i < result.Length; i++) result[i] = Tiny.Parabola(x[i]);
    }

    private static void PlainPrice(float[] a, float[] b, float[] c, float[] d, float[] result)
    {
        for (int i = 0; i < result.Length; i++) result[i] = Tiny.Price(a[i], b[i], c[i], d[i]);
    }

    private static void PlainSlope(float[] x, float[] result)
    {
        for (int i = 0; i < result.Length; i++) result[i] = x[i];
    }
}
