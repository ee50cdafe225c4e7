namespace AutoVec;

/// <summary>
/// Random numbers without state: a function of a key and an index, hence the same in every batch, on every device and on any number of
/// threads. The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: <i>Parallel random numbers: as easy as 1, 2, 3</i>,
/// 2011), as in JAX, and so are keys and numbers: <c>Uniform(Key(0), 0)</c> is <c>jax.random.uniform(jax.random.key(0))</c> with JAX's
/// default of partitionable keys. Annotated methods may call all of it; the numbers are constants to their derivatives.
/// </summary>
public static partial class Prng
{
    /// <summary>The key of a seed.</summary>
    [Composable]
    public static PrngKey Key(int seed) => new(0, seed);

    /// <summary>The key of a seed of 64 bits; of a seed from 0 to 2³¹ − 1, that of the same <c>int</c>.</summary>
    [Composable]
    public static PrngKey Key(long seed) => new((int)(seed >> 32), (int)seed);

    /// <summary>Two keys whose numbers are independent of one another's. The key that was split is used no more.</summary>
    [Composable]
    public static (PrngKey First, PrngKey Second) Split(PrngKey key) => (FoldIn(key, 0), FoldIn(key, 1));

    /// <summary>One of 2³² keys that the key and a number determine: key <paramref name="data"/> of a split into many.</summary>
    [Composable]
    public static PrngKey FoldIn(PrngKey key, int data)
    {
        int x0 = 0, x1 = data;
        Threefry(key.High, key.Low, ref x0, ref x1);
        return new(x0, x1);
    }

    /// <summary>32 random bits.</summary>
    /// <param name="key">Names the sequence.</param>
    /// <param name="index">The place in the sequence; each may be drawn alone.</param>
    [Composable]
    public static int Bits(PrngKey key, int index)
    {
        int x0 = 0, x1 = index;
        Threefry(key.High, key.Low, ref x0, ref x1);
        return x0 ^ x1;
    }

    /// <summary>Uniform in [0, 1): a multiple of 2⁻²³, from 23 bits of <see cref="Bits"/>.</summary>
    /// <inheritdoc cref="Bits"/>
    [Composable]
    public static float Uniform(PrngKey key, int index) => (Bits(key, index) >>> 9) * (1f / (1 << 23));

    /// <summary>Uniform in [0, 1): a multiple of 2⁻⁵². <see cref="Uniform"/> is the same in float, of other bits.</summary>
    /// <inheritdoc cref="Bits"/>
    [Composable]
    public static double UniformDouble(PrngKey key, int index)
    {
        int x0 = 0, x1 = index;
        Threefry(key.High, key.Low, ref x0, ref x1);
        // The upper 52 of 64 bits; 33 − 1 and 20 of them, since an int with all its bits set would be −1.
        return (x0 >>> 1) * (1.0 / (1L << 31)) + (((x0 & 1) << 20) + (x1 >>> 12)) * (1.0 / (1L << 52));
    }

    /// <summary>The block cipher: the counter (x0, x1) under a key of two words.</summary>
    private static void Threefry(int k0, int k1, ref int x0, ref int x1)
    {
        int k2 = k0 ^ k1 ^ 0x1BD11BDA;
        x0 += k0;
        x1 += k1;
        Mix(13, 15, 26, 6, ref x0, ref x1);
        x0 += k1;
        x1 += k2 + 1;
        Mix(17, 29, 16, 24, ref x0, ref x1);
        x0 += k2;
        x1 += k0 + 2;
        Mix(13, 15, 26, 6, ref x0, ref x1);
        x0 += k0;
        x1 += k1 + 3;
        Mix(17, 29, 16, 24, ref x0, ref x1);
        x0 += k1;
        x1 += k2 + 4;
        Mix(13, 15, 26, 6, ref x0, ref x1);
        x0 += k2;
        x1 += k0 + 5;
    }

    /// <summary>Four rounds.</summary>
    private static void Mix(int r0, int r1, int r2, int r3, ref int x0, ref int x1)
    {
        x0 += x1;
        x1 = (x1 << r0 | x1 >>> 32 - r0) ^ x0;
        x0 += x1;
        x1 = (x1 << r1 | x1 >>> 32 - r1) ^ x0;
        x0 += x1;
        x1 = (x1 << r2 | x1 >>> 32 - r2) ^ x0;
        x0 += x1;
        x1 = (x1 << r3 | x1 >>> 32 - r3) ^ x0;
    }
}
