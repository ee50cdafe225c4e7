namespace AutoVec.Tests.PrngRoom;

/// <summary>The numbers of the paper and of JAX.</summary>
public class PrngTests
{
    /// <summary>Known answers of Random123 for threefry2x32 with 20 rounds. A counter with an upper word of its own is reached through no public function.</summary>
    [Fact]
    public void The_block_cipher_has_the_known_answers()
    {
        Assert.Equal(new PrngKey(0x6b200159, unchecked((int)0x99ba4efe)), Prng.FoldIn(new(0, 0), 0));
        Assert.Equal(0x6b200159 ^ unchecked((int)0x99ba4efe), Prng.Bits(new(0, 0), 0));
        Assert.Equal((unchecked((int)0x1cb996fc), unchecked((int)0xbb002be7)), Cipher(-1, -1, -1, -1));
        Assert.Equal((unchecked((int)0xc4923a9c), 0x483df7a0), Cipher(0x13198a2e, 0x03707344, 0x243f6a88, unchecked((int)0x85a308d3)));
    }

    private delegate void Threefry(int k0, int k1, ref int x0, ref int x1);

    private static (int, int) Cipher(int k0, int k1, int x0, int x1)
    {
        var method = typeof(Prng).GetMethod("Threefry", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        method.CreateDelegate<Threefry>()(k0, k1, ref x0, ref x1);
        return (x0, x1);
    }

    /// <summary>As printed in JAX's documentation for key(0) and key(42), with partitionable keys.</summary>
    [Fact]
    public void Keys_and_numbers_are_those_of_JAX()
    {
        var (first, second) = Prng.Split(Prng.Key(42));
        Assert.Equal((1832780943u, 270669613u, 64467757u, 2916123636u), ((uint)first.High, (uint)first.Low, (uint)second.High, (uint)second.Low));
        Assert.Equal(0.947667f, Prng.Uniform(Prng.Key(0), 0), 1e-6f);
        Assert.Equal(0.00729382f, Prng.Uniform(Prng.Split(Prng.Key(0)).Second, 0), 1e-8f);
        Assert.Equal(-0.028304616f, Prng.Normal(Prng.Key(42), 0), 1e-8f);
        Assert.Equal(1.6226422f, Prng.Normal(Prng.Key(0), 0), 3e-7f);
    }

    [Fact]
    public void A_seed_of_64_bits_fills_both_words()
    {
        Assert.Equal(new PrngKey(0, 5), Prng.Key(5));
        Assert.Equal(new PrngKey(0, 5), Prng.Key(5L));
        Assert.Equal(new PrngKey(0, -5), Prng.Key(-5));
        Assert.Equal(new PrngKey(-1, -5), Prng.Key(-5L));
        Assert.Equal(new PrngKey(7, int.MinValue), Prng.Key((7L << 32) + (1L << 31)));
    }

    [Fact]
    public void Uniform_numbers_are_the_upper_bits()
    {
        var key = Prng.Key(3);
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(((uint)Prng.Bits(key, i) >> 9) / (float)(1 << 23), Prng.Uniform(key, i));
            var (high, low) = Prng.FoldIn(key, i);
            Assert.Equal((((ulong)(uint)high << 32 | (uint)low) >> 12) / (double)(1L << 52), Prng.UniformDouble(key, i));
        }
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        const int n = 200_000;
        var key = Prng.Key(1);
        double[] x = [.. Enumerable.Range(0, n).Select(i => Prng.NormalDouble(key, i))];
        float[] y = [.. Enumerable.Range(0, n).Select(i => Prng.Normal(key, i))];
        foreach (double[] v in new[] { x, y.Select(a => (double)a).ToArray() })
        {
            double[] moments = [.. Enumerable.Range(1, 4).Select(k => v.Average(a => Math.Pow(a, k)))];
            Assert.InRange(moments[0], -0.01, 0.01);
            Assert.InRange(moments[1], 0.98, 1.02);
            Assert.InRange(moments[2], -0.04, 0.04);
            Assert.InRange(moments[3], 2.9, 3.1);
            Assert.InRange(v.Count(a => a > 1.959963984540054) / (double)n, 0.0235, 0.0265);
            Assert.InRange(v.Count(a => a < -3.7190164854556804), 6, 40);
        }
        Assert.InRange(Enumerable.Range(0, n - 1).Average(i => x[i] * x[i + 1]), -0.01, 0.01);
    }

    [Fact]
    public void A_normal_number_is_the_quantile_of_its_uniform_one()
    {
        // Φ⁻¹ at 2000 places by bisection of Φ, an integral of the density by Simpson's rule.
        static double phi(double t)
        {
            const int n = 400;
            double h = t / n, sum = 1 + Math.Exp(-t * t / 2);
            for (int i = 1; i < n; i++) sum += (i % 2 == 1 ? 4 : 2) * Math.Exp(-i * h * i * h / 2);
            return 0.5 + sum * h / 3 / Math.Sqrt(2 * Math.PI);
        }

        var key = Prng.Key(2);
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(Prng.UniformDouble(key, i), phi(Prng.NormalDouble(key, i)), 1e-10);
            Assert.Equal(Prng.Uniform(key, i), phi(Prng.Normal(key, i)), 3e-7);
        }
    }
}
