using System.Numerics;
using System.Runtime.Intrinsics;
using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

public unsafe class LanesTests
{
    [Fact]
    public void ATailRepeatsElementZeroAndTouchesNothingBehindIt()
    {
        using var memory = new GuardedMemory<byte>(64);
        byte* end = memory.Pointer + memory.Count;
        for (int rest = 1; rest <= 16; rest++)
        {
            // The page behind the last element cannot be read or written.
            float* p = (float*)end - rest;
            for (int i = 0; i < rest; i++) p[i] = i + 1;
            Lanes.LoadTail(p, rest, out Vector512<float> v);
            for (int i = 0; i < 16; i++) Assert.Equal(i < rest ? i + 1 : 1, v[i]);
            Lanes.StoreTail(v + Vector512.Create(10f), p, rest);
            for (int i = 0; i < rest; i++) Assert.Equal(i + 11, p[i]);
            if (rest > 8) continue;
            double* d = (double*)end - rest;
            for (int i = 0; i < rest; i++) d[i] = i + 1;
            Lanes.LoadTail(d, rest, out Vector512<double> w);
            for (int i = 0; i < 8; i++) Assert.Equal(i < rest ? i + 1 : 1, w[i]);
            Lanes.StoreTail(w, d, rest);
            int* k = (int*)end - rest;
            for (int i = 0; i < rest; i++) k[i] = i + 1;
            Lanes.LoadTail(k, rest, out Vector256<int> q);
            for (int i = 0; i < 8; i++) Assert.Equal(i < rest ? i + 1 : 1, q[i]);
            Lanes.StoreTail(q, k, rest);
            if (rest > 4) continue;
            float* f = (float*)end - rest;
            Lanes.LoadTail(f, rest, out Vector128<float> u);
            Lanes.StoreTail(u, f, rest);
            if (rest > 2) continue;
            Lanes.LoadTail(d, rest, out Vector128<double> t);
            Lanes.StoreTail(t, d, rest);
            Lanes.LoadTail(k, rest, out Vector64<int> s);
            Lanes.StoreTail(s, k, rest);
        }
    }

    [Fact]
    public void OnlyActiveLanesAreLoaded()
    {
        using var memory = new GuardedMemory<byte>(64);
        byte* end = memory.Pointer + memory.Count;
        for (int k = 0; k < 16; k++) ((float*)memory.Pointer)[k] = k + 1;
        for (int lanes = 1; lanes <= 16; lanes++)
            for (int first = 0; first < lanes; first++)
            {
                // Elements from lane `first` on lie before the page that cannot be read.
                float* p = (float*)end - lanes;
                var active = Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(first)).AsSingle();
                Lanes.LoadActive(p, active, lanes, out Vector512<float> v);
                for (int k = 0; k < lanes; k++) Assert.Equal(k >= first ? p[k] : 0, v[k]);
                for (int k = lanes; k < 16; k++) Assert.Equal(v[0], v[k]);
                if (lanes > 8) continue;
                Lanes.LoadActive(p, active.GetLower(), lanes, out Vector256<float> w);
                for (int k = 0; k < 8; k++) Assert.Equal(k < lanes ? k >= first ? p[k] : 0 : w[0], w[k]);
                double* d = (double*)end - lanes;
                var wide = Vector512.GreaterThanOrEqual(Vector512<long>.Indices, Vector512.Create((long)first)).AsDouble();
                Lanes.LoadActive(d, wide, lanes, out Vector512<double> x);
                for (int k = 0; k < 8; k++) Assert.Equal(k < lanes ? k >= first ? d[k] : 0 : x[0], x[k]);
                if (lanes > 4) continue;
                Lanes.LoadActive(p, active.GetLower().GetLower(), lanes, out Vector128<float> u);
                for (int k = 0; k < 4; k++) Assert.Equal(k < lanes ? k >= first ? p[k] : 0 : u[0], u[k]);
                Lanes.LoadActive(d, wide.GetLower(), lanes, out Vector256<double> y);
                for (int k = 0; k < 4; k++) Assert.Equal(k < lanes ? k >= first ? d[k] : 0 : y[0], y[k]);
                if (lanes > 2) continue;
                Lanes.LoadActive(d, wide.GetLower().GetLower(), lanes, out Vector128<double> z);
                for (int k = 0; k < 2; k++) Assert.Equal(k < lanes ? k >= first ? d[k] : 0 : z[0], z[k]);
            }
        // Before the first element too.
        Lanes.LoadActive((float*)memory.Pointer - 3, Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(3)).AsSingle(), 16, out Vector512<float> before);
        for (int k = 0; k < 16; k++) Assert.Equal(k < 3 ? 0 : k - 2, before[k]);
    }

    [Fact]
    public void MasksCrossBetweenFloatsIntegersAndBools()
    {
        var odd = Vector512.Equals(Vector512<int>.Indices & Vector512.Create(1), Vector512.Create(1));
        var half = Vector256.Equals(Vector256<int>.Indices & Vector256.Create(1), Vector256.Create(1));
        Assert.Equal(odd, Lanes.MaskI32(Lanes.MaskF32(odd)));
        Assert.Equal(half, Lanes.MaskI32(Lanes.MaskF64(half)));
        Assert.Equal(half.GetLower(), Lanes.MaskI32(Lanes.MaskF64(half.GetLower())));
        Assert.Equal(half.GetLower().GetLower(), Lanes.MaskI32(Lanes.MaskF64(half.GetLower().GetLower())));
        Assert.Equal(0b10101010u, Vector512.ExtractMostSignificantBits(Lanes.MaskF64(half)));

        bool[] bools = [false, true, true, false, true, false, false, true];
        var back = new bool[8];
        fixed (bool* p = bools, q = back)
        {
            Lanes.LoadMask(p, out Vector512<double> mask);
            Lanes.StoreMask(mask, q);
            Assert.Equal(bools, back);
            Lanes.LoadMaskTail(p + 1, 3, out Vector256<float> tail);
            Lanes.StoreMask(tail, q);
            Assert.Equal([true, true, false, true, true, true, true, true], back);
        }
        Lanes.First(3, out Vector512<float> first);
        Assert.Equal(0b111u, Vector512.ExtractMostSignificantBits(first));
        Lanes.First(1, out Vector128<double> one);
        Assert.Equal(0b1u, Vector128.ExtractMostSignificantBits(one));
        Assert.True(Lanes.Any(first));
        Assert.False(Lanes.All(first));
        Assert.True(Lanes.All(Vector256<float>.AllBitsSet));
    }

    [Fact]
    public void CastsAreThoseOfCSharp()
    {
        float[] f = [0, -0f, 1.9f, -1.9f, 3e9f, -3e9f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 2147483520f, 1e-40f, 0.5f, -2147483648f, 7, 8, 9];
        var i = Lanes.ToI32(Vector512.Create<float>(f));
        for (int k = 0; k < 16; k++) Assert.Equal((int)f[k], i[k]);
        double[] d = [2147483647.9, -2147483648.9, double.NaN, 1e300, -1e300, 5.99, -5.99, double.NegativeInfinity];
        var j = Lanes.ToI32(Vector512.Create<double>(d));
        for (int k = 0; k < 8; k++)
        {
            Assert.Equal((int)d[k], j[k]);
            Assert.Equal((int)d[k], Lanes.ToI32(Vector256.Create(d[k]))[1]);
            Assert.Equal((int)d[k], Lanes.ToI32(Vector128.Create(d[k]))[1]);
        }
        int[] n = [0, 1, -1, int.MaxValue, int.MinValue, 16777217, 5, 6];
        var w = Lanes.ToF64(Vector256.Create<int>(n));
        var s = Lanes.ToF32(Vector256.Create<int>(n));
        for (int k = 0; k < 8; k++)
        {
            Assert.Equal(n[k], w[k]);
            Assert.Equal((float)n[k], s[k]);
            Assert.Equal(n[k], Lanes.ToF64(Vector64.Create(n[k]))[1]);
        }
    }

    [Fact]
    public void ShiftsTakeTheCountModulo32()
    {
        int[] x = [1, -1, 12345, int.MinValue, 7, -8, 255, 3], n = [0, 1, 31, 32, 33, -1, 40, 5];
        Vector256<int> a = Vector256.Create<int>(x), b = Vector256.Create<int>(n);
        for (int k = 0; k < 8; k++)
        {
            Assert.Equal(x[k] << n[k], Lanes.ShiftLeft(a, b)[k]);
            Assert.Equal(x[k] >> n[k], Lanes.ShiftRight(a, b)[k]);
            Assert.Equal(x[k] >>> n[k], Lanes.ShiftRightLogical(a, b)[k]);
            Assert.Equal(x[k] >>> n[k], Lanes.ShiftRightLogical(Vector512.Create(a, a), Vector512.Create(b, b))[k + 8]);
            Assert.Equal(x[k] << n[k], Lanes.ShiftLeft(Vector64.Create(x[k]), Vector64.Create(n[k]))[1]);
        }
    }

    [Fact]
    public void GathersAndStrides()
    {
        float[] f = [.. Enumerable.Range(0, 64).Select(i => i * 1.5f)];
        double[] d = [.. f.Select(v => (double)v)];
        int[] at = [5, 0, 63, 5, 17, 2, 2, 40, 1, 3, 9, 27, 33, 60, 12, 8];
        fixed (float* p = f)
        fixed (double* q = d)
        fixed (int* k = at)
        {
            var index = Vector512.Create<int>(at);
            Assert.Equal(at.Select(i => f[i]), Elements(Lanes.Gather(p, index)));
            Assert.Equal(at.Take(8).Select(i => d[i]), Elements(Lanes.Gather(q, index.GetLower())));
            Assert.Equal(at.Take(2).Select(i => d[i]), [Lanes.Gather(q, index.GetLower().GetLower().GetLower())[0], Lanes.Gather(q, index.GetLower().GetLower().GetLower())[1]]);
            Assert.Equal(at[5], Lanes.Gather(k, Vector128.Create(5))[0]);
            Lanes.LoadStrided(p + 1, 3, out Vector512<float> v);
            Assert.Equal(Enumerable.Range(0, 16).Select(i => f[1 + 3 * i]), Elements(v));
            Lanes.LoadStridedTail(q, 7, 3, out Vector512<double> w);
            Assert.Equal([d[0], d[7], d[14], d[0], d[0], d[0], d[0], d[0]], Elements(w));
            Lanes.StoreStrided(Vector128.Create(-1f, -2, -3, -4), p, 5, 3);
            Assert.Equal([-1, -2, -3, 22.5f], [f[0], f[5], f[10], f[15]]);
        }
        var bad = Vector256.Create(0, 1, 2, 9, 4, -1, 6, 7);
        Assert.True(Lanes.AnyOutside(bad, 9));
        Assert.Equal(3, Lanes.FirstOutside(bad, 9));
        Assert.Equal(5, Lanes.FirstOutside(bad, 10));
        Assert.False(Lanes.AnyOutside(Vector256<int>.Indices, 8));
        Assert.Equal(-1, Lanes.FirstOutside(Vector256<int>.Indices, 8));
    }

    /// <summary>As the loop that takes the first element as it is, and then what beats the best: with ties, zeros of both signs and NaNs anywhere.</summary>
    [Fact]
    public void WinnersAreThoseOfTheLoop()
    {
        var random = new Random(5);
        double[] values = [0, -0.0, 1, 2, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        for (int k = 0; k < 2000; k++)
        {
            int few = random.Next(1, values.Length + 1);
            double[] x = [.. Enumerable.Range(0, 48).Select(_ => values[random.Next(few)])];
            float[] y = [.. x.Select(v => (float)v)];
            foreach (bool max in (bool[])[true, false])
            {
                int expected = -1;
                double top = 0;
                for (int i = 0; i < x.Length; i++)
                    if (expected < 0 || (max ? x[i] > top : x[i] < top)) (expected, top) = (i, x[i]);
                Assert.Equal(expected, Winner512(y, max));
                Assert.Equal(expected, Winner256(y, max));
                Assert.Equal(expected, Winner128(y, max));
                Assert.Equal(expected, Winner512(x, max));
                Assert.Equal(expected, Winner256(x, max));
                Assert.Equal(expected, Winner128(x, max));
            }
        }
    }

    /// <summary>Whole numbers, so that no order of a sum shows.</summary>
    [Fact]
    public void RunningSumsAreThoseOfTheLoop()
    {
        float[] x = [.. Enumerable.Range(0, 16).Select(i => (float)(i * i % 7 - 2))];
        double[] y = [.. x.Select(v => (double)v)];
        T[] Sums<T>(T[] terms) where T : INumber<T> => [.. terms.Select((_, i) => terms.Take(i + 1).Aggregate(T.Zero, (a, b) => a + b))];
        Assert.Equal(Vector512.Create<float>(Sums(x)), Lanes.RunningSum(Vector512.Create<float>(x)));
        Assert.Equal(Vector256.Create<float>(Sums(x)), Lanes.RunningSum(Vector256.Create<float>(x)));
        Assert.Equal(Vector128.Create<float>(Sums(x)), Lanes.RunningSum(Vector128.Create<float>(x)));
        Assert.Equal(Vector512.Create<double>(Sums(y)), Lanes.RunningSum(Vector512.Create<double>(y)));
        Assert.Equal(Vector256.Create<double>(Sums(y)), Lanes.RunningSum(Vector256.Create<double>(y)));
        Assert.Equal(Vector128.Create<double>(Sums(y)), Lanes.RunningSum(Vector128.Create<double>(y)));
        Assert.Equal(Vector512.Create(x[15]), Lanes.Last(Vector512.Create<float>(x)));
        Assert.Equal(Vector256.Create(y[3]), Lanes.Last(Vector256.Create<double>(y)));
        Assert.Equal(Vector128.Create(y[1]), Lanes.Last(Vector128.Create<double>(y)));
        Assert.Equal(Vector512.Create<float>([9f, .. x.Take(15)]), Lanes.Before(Vector512.Create(9f), Vector512.Create<float>(x)));
        Assert.Equal(Vector256.Create<double>([9.0, .. y.Take(3)]), Lanes.Before(Vector256.Create(9.0), Vector256.Create<double>(y)));
        Assert.Equal(Vector128.Create(9.0, y[0]), Lanes.Before(Vector128.Create(9.0), Vector128.Create<double>(y)));
    }

    [Fact]
    public unsafe void NeighboursAreTurnedAround()
    {
        int[] x = [.. Enumerable.Range(0, 32)];
        int[] y = new int[32];
        fixed (int* px = x, py = y)
            for (int lanes = 1; lanes <= 16; lanes++)
            {
                int Expected(int k) => 20 - (k < lanes ? k : 0);
                Lanes.LoadReversed(px + 20, lanes, out Vector512<int> v);
                for (int k = 0; k < 16; k++) Assert.Equal(Expected(k), v[k]);
                Array.Clear(y);
                Lanes.StoreReversed(v, py + 20, lanes);
                Assert.All(y, (e, i) => Assert.Equal(i <= 20 && i > 20 - lanes ? i : 0, e));
                if (lanes > 8) continue;
                Lanes.LoadReversed(px + 20, lanes, out Vector256<int> w);
                for (int k = 0; k < 8; k++) Assert.Equal(Expected(k), w[k]);
                if (lanes > 2) continue;
                Lanes.LoadReversed((long*)px + 10, lanes, out Vector128<long> u);
                Assert.Equal(((long*)px)[lanes == 2 ? 9 : 10], u[1]);
                Array.Clear(y);
                Lanes.StoreReversed(u, (long*)py + 10, lanes);
                Assert.Equal(20, y[20]);
                Lanes.LoadReversed(px + 20, lanes, out Vector64<int> t);
                Assert.Equal(Expected(1), t[1]);
            }
    }

    [Fact]
    public unsafe void RowsLieInLanes()
    {
        const int stride = 41;
        float[] x = [.. Enumerable.Range(0, 16 * stride).Select(i => (float)i)];
        double[] y = [.. x.Select(v => (double)v)];
        Vector512<float>* a = stackalloc Vector512<float>[stride];
        Vector256<float>* b = stackalloc Vector256<float>[stride];
        Vector512<double>* c = stackalloc Vector512<double>[stride];
        Vector128<double>* d = stackalloc Vector128<double>[stride];
        fixed (float* px = x)
        fixed (double* py = y)
            foreach (int count in (int[])[0, 1, 5, 8, 16, 19, 40])
                for (int lanes = 1; lanes <= 16; lanes++)
                {
                    Lanes.LoadRows(px, stride, count, lanes, a);
                    if (lanes <= 8) Lanes.LoadRows(px, stride, count, lanes, b);
                    if (lanes <= 8) Lanes.LoadRows(py, stride, count, lanes, c);
                    if (lanes <= 2) Lanes.LoadRows(py, stride, count, lanes, d);
                    for (int k = 0; k < count; k++)
                        for (int l = 0; l < 16; l++)
                        {
                            float expected = x[((l < lanes ? l : 0) * stride) + k];
                            Assert.Equal(expected, a[k][l]);
                            if (lanes <= 8 && l < 8) Assert.Equal((expected, expected), (b[k][l], c[k][l]));
                            if (lanes <= 2 && l < 2) Assert.Equal(expected, d[k][l]);
                        }
                }
    }

    [Fact]
    public void SumsOfRowsAreLanes()
    {
        var v = Vector512<float>.Indices;
        var sums = Vector512.Create(-1f);
        Lanes.PutSums(v, v + v, Vector512<float>.One, Vector512.Create(3f), 4, ref sums);
        Assert.Equal([-1, -1, -1, -1, 120, 240, 16, 48, -1, -1], Elements(sums).Take(10));
        var two = Vector128<double>.Zero;
        Lanes.PutSums(Vector128.Create(1.0, 2), Vector128.Create(3.0, 4), Vector128.Create(9.0), Vector128.Create(9.0), 0, ref two);
        Assert.Equal(Vector128.Create(3.0, 7), two);
        Assert.Equal(Vector256.Create(5.0, 6, 5, 5), Lanes.Filled(Vector256.Create(5.0, 6, 7, 8), 2));
    }

    private static int Winner512<T>(T[] all, bool max) where T : unmanaged, INumber<T>
    {
        int winner = -1;
        Vector512<T> best = default, place = default;
        for (int i = 0; i < all.Length; i += Vector512<T>.Count)
        {
            if (max) Lanes.ArgMax(Vector512.Create(all, i), i, ref best, ref place, ref winner);
            else Lanes.ArgMin(Vector512.Create(all, i), i, ref best, ref place, ref winner);
        }
        return max ? Lanes.ArgMax(best, place, winner) : Lanes.ArgMin(best, place, winner);
    }

    private static int Winner256<T>(T[] all, bool max) where T : unmanaged, INumber<T>
    {
        int winner = -1;
        Vector256<T> best = default, place = default;
        for (int i = 0; i < all.Length; i += Vector256<T>.Count)
        {
            if (max) Lanes.ArgMax(Vector256.Create(all, i), i, ref best, ref place, ref winner);
            else Lanes.ArgMin(Vector256.Create(all, i), i, ref best, ref place, ref winner);
        }
        return max ? Lanes.ArgMax(best, place, winner) : Lanes.ArgMin(best, place, winner);
    }

    private static int Winner128<T>(T[] all, bool max) where T : unmanaged, INumber<T>
    {
        int winner = -1;
        Vector128<T> best = default, place = default;
        for (int i = 0; i < all.Length; i += Vector128<T>.Count)
        {
            if (max) Lanes.ArgMax(Vector128.Create(all, i), i, ref best, ref place, ref winner);
            else Lanes.ArgMin(Vector128.Create(all, i), i, ref best, ref place, ref winner);
        }
        return max ? Lanes.ArgMax(best, place, winner) : Lanes.ArgMin(best, place, winner);
    }

    [Fact]
    public void ReductionsFoldHalves()
    {
        float[] x = [.. Enumerable.Range(0, 16).Select(i => MathF.Sin(i) * 100)];
        float[] fold = x;
        while (fold.Length > 1) fold = [.. fold.Take(fold.Length / 2).Select((v, i) => v + fold[i + fold.Length / 2])];
        Assert.Equal(fold[0], Lanes.Sum(Vector512.Create<float>(x)));
        Assert.Equal(x.Max(), Lanes.Max(Vector512.Create<float>(x)));
        Assert.Equal(x.Min(), Lanes.Min(Vector512.Create<float>(x)));
        Assert.Equal(x.Take(8).Max(), Lanes.Max(Vector256.Create<float>(x)));
        Assert.True(float.IsNaN(Lanes.Max(Vector512.Create<float>(x).WithElement(11, float.NaN))));
        Assert.True(double.IsNegative(Lanes.Min(Vector512.Create(0.0).WithElement(5, -0.0))));
        Assert.False(float.IsNegative(Lanes.Max(Vector256.Create(-0f).WithElement(6, 0f))));
        Assert.True(double.IsNaN(Lanes.Min(Vector128.Create(1.0, double.NaN))));
        Assert.Equal(24.0, Lanes.Product(Vector256.Create(1.0, 2, 3, 4)));
        Assert.Equal(7.0, Lanes.Sum(Vector128.Create(3.0, 4)));
        Assert.Equal(28, Lanes.Sum(Vector256<int>.Indices));
        Assert.Equal(9, Lanes.Max(Vector64.Create(9, -3)));
        Assert.Equal(-3, Lanes.Min(Vector64.Create(9, -3)));
    }

    private static T[] Elements<T>(Vector512<T> v) => [.. Enumerable.Range(0, Vector512<T>.Count).Select(i => v[i])];
}
