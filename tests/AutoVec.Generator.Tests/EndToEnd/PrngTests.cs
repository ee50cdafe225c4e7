using System.Reflection;
using AutoVec.Tests.Gpu;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Random numbers inside annotated methods: the bits of the plain method in every batch and on every device; constants to derivatives.</summary>
public class PrngTests
{
    private static readonly Lazy<Assembly> s_generated = new(() =>
    {
        var generated = Generated.Run("""
            public static partial class Draws
            {
                [Vectorize] public static int Bits(PrngKey key, int index) => Prng.Bits(Prng.FoldIn(Prng.Split(key).Second, index), index + 1);
                [Vectorize] public static (int High, int Low) Seeded(long wide, int narrow) => (Prng.Key(wide).High ^ Prng.Key(narrow).Low, Prng.Key(wide).Low);
                [Vectorize] public static float Uniform(PrngKey key, int index) => Prng.Uniform(key, index);
                [Vectorize] public static double UniformDouble(PrngKey key, int index) => Prng.UniformDouble(key, index);
                [Vectorize] public static float Normal(PrngKey key, int index) => Prng.Normal(key, index);
                [Vectorize] public static double NormalDouble(PrngKey key, int index) => Prng.NormalDouble(key, index);

                [Vectorize, Differentiable] public static double Noise(double[] x, PrngKey key, int round)
                {
                    var k = Prng.FoldIn(key, round);
                    double sum = 0;
                    for (int i = 0; i < x.Length; i++)
                        if (Prng.UniformDouble(k, i) < 0.7) sum += x[i] * x[i] * Prng.NormalDouble(k, x.Length + i);
                    return sum;
                }
            }
            """, oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        return generated.Load("""
            public static class Calls
            {
                public static Array[] All(PrngKey.Batch keys, int[] index, long[] wide)
                {
                    var (high, low) = Draws.SeededBatch(wide, index);
                    return [Draws.BitsBatch(keys, index), high, low, Draws.UniformBatch(keys, index), Draws.UniformDoubleBatch(keys, index),
                        Draws.NormalBatch(keys, index), Draws.NormalDoubleBatch(keys, index)];
                }
                public static Array[] OnDevice(Device device, PrngKey.Batch keys, int[] index, long[] wide)
                {
                    using var k = keys.Upload(device);
                    using var i = device.Upload(index);
                    using var w = device.Upload(wide);
                    var (high, low) = Draws.SeededBatch(device, w, i);
                    return [Draws.BitsBatch(device, k, i).ToArray(), high.ToArray(), low.ToArray(), Draws.UniformBatch(device, k, i).ToArray(),
                        Draws.UniformDoubleBatch(device, k, i).ToArray(), Draws.NormalBatch(device, k, i).ToArray(), Draws.NormalDoubleBatch(device, k, i).ToArray()];
                }
                public static Array[] One(PrngKey key, int index, long wide) => [new[] { Draws.Bits(key, index) }, new[] { Draws.Seeded(wide, index).High }, new[] { Draws.Seeded(wide, index).Low },
                    new[] { Draws.Uniform(key, index) }, new[] { Draws.UniformDouble(key, index) }, new[] { Draws.Normal(key, index) }, new[] { Draws.NormalDouble(key, index) }];
                public static (double[], double[,]) Noise(double[,] x, PrngKey key, int[] round)
                {
                    var (value, gradient) = Draws.NoiseValueAndGradBatch(x, key, round);
                    return (value, gradient.X);
                }
            }
            """);
    });

    private static T Call<T>(string type, string name, params object[] arguments) => (T)s_generated.Value.GetType(type)!.GetMethod(name)!.Invoke(null, arguments)!;

    /// <summary>Words of all kinds: the numbers below are drawn from hundreds of keys, the extreme ones among them.</summary>
    private static (PrngKey.Batch Keys, int[] Index, long[] Wide) Inputs(int n)
    {
        var random = new System.Random(n);
        int word(int k) => k switch { 0 => 0, 1 => -1, 2 => int.MinValue, 3 => int.MaxValue, _ => random.Next(int.MinValue, int.MaxValue) };
        return (new([.. Enumerable.Range(0, n).Select(word)], [.. Enumerable.Range(0, n).Select(k => word(k / 4))]), [.. Enumerable.Range(0, n).Select(k => word(k / 2))],
            [.. Enumerable.Range(0, n).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))]);
    }

    /// <summary>All but the normal numbers agree to the last bit; those to the rounding of the logarithm.</summary>
    private static void Agree(Array[] expected, Array[] got)
    {
        for (int k = 0; k < expected.Length; k++)
            if (k < 5) Assert.Equal(expected[k], got[k]);
            else
            {
                double tolerance = k == 5 ? 2e-6 : 1e-14;
                Assert.Equal(expected[k].Cast<IConvertible>().Select(v => v.ToDouble(null)), got[k].Cast<IConvertible>().Select(v => v.ToDouble(null)),
                    (e, g) => Math.Abs(e - g) <= tolerance * Math.Max(1, Math.Abs(e)));
            }
    }

    [Theory, InlineData(1), InlineData(33), InlineData(500)]
    public void A_batch_draws_the_bits_of_the_plain_method(int n)
    {
        var (keys, index, wide) = Inputs(n);
        var batch = Call<Array[]>("Calls", "All", keys, index, wide);
        var plain = Enumerable.Range(0, n).Select(k => Call<Array[]>("Calls", "One", new PrngKey(keys.High[k], keys.Low[k]), index[k], wide[k])).ToList();
        Agree([.. Enumerable.Range(0, batch.Length).Select(k => (Array)plain.Select(p => p[k].GetValue(0)).ToArray())], [.. batch.Select(b => (Array)b.Cast<object>().ToArray())]);
    }

    [Fact]
    public void The_emulator_draws_the_same_bits()
    {
        var (keys, index, wide) = Inputs(40);
        using var emulator = Device.Emulator();
        Agree(Call<Array[]>("Calls", "All", keys, index, wide), Call<Array[]>("Calls", "OnDevice", emulator, keys, index, wide));
    }

    [Fact]
    public void Random_numbers_are_constants_to_a_derivative()
    {
        double[,] x = { { 0.5, -1, 2, 0.25 }, { 1, 3, -0.5, 0.125 } };
        var key = Prng.Key(9);
        var (value, gradient) = Call<(double[], double[,])>("Calls", "Noise", x, key, new[] { 4, -7 });
        for (int b = 0; b < 2; b++)
        {
            var k = Prng.FoldIn(key, b == 0 ? 4 : -7);
            double sum = 0;
            for (int i = 0; i < 4; i++)
            {
                double factor = Prng.UniformDouble(k, i) < 0.7 ? Prng.NormalDouble(k, 4 + i) : 0;
                sum += x[b, i] * x[b, i] * factor;
                Assert.Equal(2 * x[b, i] * factor, gradient[b, i], 1e-13);
            }
            Assert.Equal(sum, value[b], 1e-13);
        }
    }

    [Fact]
    public void All_kernels_compile_for_sm_90() => Assert.NotEmpty(Ptx.CompileAll(s_generated.Value));
}
