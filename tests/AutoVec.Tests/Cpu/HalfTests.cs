using System.Runtime.Intrinsics;
using AutoVec.Cpu;
using AutoVec.Gpu;

namespace AutoVec.Tests.Cpu;

/// <summary>Halves in lanes and in kernels: each value and each boundary of rounding is that of .NET's casts.</summary>
public unsafe class HalfTests
{
    private static ushort Bits(Half h) => BitConverter.HalfToUInt16Bits(h);
    private static Half OfBits(int bits) => BitConverter.UInt16BitsToHalf((ushort)bits);

    private static bool Same(float expected, float actual) =>
        BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(actual) || float.IsNaN(expected) && float.IsNaN(actual);

    private static bool Same(Half expected, Half actual) => Bits(expected) == Bits(actual) || Half.IsNaN(expected) && Half.IsNaN(actual);

    [Fact]
    public void EveryHalfIsWidened()
    {
        Half* p = stackalloc Half[16];
        for (int bits = 0; bits < 1 << 16; bits += 16)
        {
            for (int i = 0; i < 16; i++) p[i] = OfBits(bits + i);
            Lanes.Load(p, 16, out Vector512<float> a);
            Lanes.Load(p, 8, out Vector256<float> b);
            Lanes.Load(p + 8, 4, out Vector128<float> c);
            for (int i = 0; i < 16; i++)
            {
                Assert.True(Same((float)p[i], a[i]), $"{bits + i:x4} is {a[i]:R}, expected {(float)p[i]:R}");
                if (i < 8) Assert.True(Same((float)p[i], b[i]));
                if (i < 4) Assert.True(Same((float)p[i + 8], c[i]));
                Assert.True(Same((float)p[i], (float)(GpuHalf)p[i]));
            }
        }
    }

    /// <summary>All halves, the numbers between two of them, what lies next to these, and any bits.</summary>
    private static IEnumerable<float> Floats()
    {
        for (int bits = 0; bits < 1 << 16; bits++)
        {
            if ((bits & 0x7C00) == 0x7C00) continue;
            float h = (float)OfBits(bits), next = (bits & 0x7FFF) == 0x7BFF ? MathF.CopySign(65536, h) : (float)OfBits(bits + 1), between = (h + next) / 2;
            yield return h;
            yield return between;
            yield return MathF.BitIncrement(between);
            yield return MathF.BitDecrement(between);
        }
        foreach (float x in new[] { float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, 65519.996f, 65520f }) yield return x;
        var random = new Random(5);
        for (int n = 0; n < 1 << 18; n++) yield return BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
    }

    [Fact]
    public void FloatsAreRoundedToTheNearestHalf()
    {
        Half* h = stackalloc Half[16];
        foreach (float[] x in Floats().Chunk(16).Where(c => c.Length == 16))
        {
            var v = Vector512.Create(x);
            Lanes.Store(v, h, 16);
            var (rounded, four) = (Lanes.RoundHalf(v), Lanes.RoundHalf(Vector128.Create(x)));
            for (int i = 0; i < 16; i++)
            {
                Assert.True(Same((Half)x[i], h[i]), $"{x[i]:R} is {h[i]}, expected {(Half)x[i]}");
                Assert.True(Same((float)(Half)x[i], rounded[i]));
                if (i < 4) Assert.True(Same((float)(Half)x[i], four[i]));
                Assert.True(Same((float)(Half)x[i], (float)(GpuHalf)x[i]), $"{x[i]:R} in a kernel");
            }
            Lanes.Store(Vector256.Create(x), h, 8);
            for (int i = 0; i < 8; i++) Assert.True(Same((Half)x[i], h[i]));
            Lanes.Store(Vector128.Create(x), h, 4);
            for (int i = 0; i < 4; i++) Assert.True(Same((Half)x[i], h[i]));
        }
    }

    [Fact]
    public void DoublesAreRoundedOnceInKernels()
    {
        foreach (float f in Floats())
            foreach (double x in new[] { f, Math.BitIncrement((double)f), Math.BitDecrement((double)f) })
                Assert.True(Same((float)(Half)x, (float)(GpuHalf)x), $"{x:R} is {(float)(GpuHalf)x:R}, expected {(float)(Half)x:R}");
    }

    [Fact]
    public void TailsStridesAndGathersTouchNothingElse()
    {
        using var memory = new GuardedMemory<byte>(64);
        byte* end = memory.Pointer + memory.Count;
        for (int lanes = 1; lanes <= 16; lanes++)
        {
            // The page behind the last element cannot be read or written.
            Half* p = (Half*)end - lanes;
            for (int i = 0; i < lanes; i++) p[i] = (Half)(i + 1);
            Lanes.Load(p, lanes, out Vector512<float> v);
            for (int i = 0; i < 16; i++) Assert.Equal(i < lanes ? i + 1 : 1, v[i]);
            Lanes.LoadReversed(p + lanes - 1, lanes, out Vector512<float> r);
            for (int i = 0; i < 16; i++) Assert.Equal(i < lanes ? lanes - i : lanes, r[i]);
            Lanes.LoadStrided(p, 1, lanes, out v);
            Lanes.Gather(p, 0, Vector512.Create(lanes - 1), 1, lanes, out Vector512<float> g);
            Assert.Equal(Vector512.Create((float)lanes), g);
            Assert.Equal(g, Lanes.Gather(p, Vector512.Create(lanes - 1)));
            Lanes.Gather(p, 1, Vector512<int>.Zero, 1, lanes, out g);
            Assert.Equal(v, g);
            for (int first = 0; first < lanes; first++)
            {
                var active = Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(first)).AsSingle();
                Lanes.LoadActive(p, active, lanes, out Vector512<float> a);
                for (int i = 0; i < 16; i++) Assert.Equal(i >= lanes ? a[0] : i >= first ? i + 1 : 0, a[i]);
            }
            Lanes.Store(v + Vector512.Create(10f), p, lanes);
            for (int i = 0; i < lanes; i++) Assert.Equal(i + 11, (float)p[i]);
            Lanes.StoreReversed(v, p + lanes - 1, lanes);
            for (int i = 0; i < lanes; i++) Assert.Equal(lanes - i, (float)p[i]);
            if (lanes > 8) continue;
            Lanes.Load(p, lanes, out Vector256<float> w);
            Lanes.Store(w, p, lanes);
            if (lanes > 4) continue;
            Lanes.Load(p, lanes, out Vector128<float> u);
            Lanes.Store(u, p, lanes);
            for (int i = 0; i < lanes; i++) Assert.Equal(lanes - i, (float)p[i]);
        }
    }
}
