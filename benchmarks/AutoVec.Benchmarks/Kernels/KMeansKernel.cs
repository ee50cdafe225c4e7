using System.Numerics;
using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: lanes are centroids, of which a transposed copy is made; the gradient goes to the row of the nearest.
internal static unsafe partial class KMeans
{
    private const int MostVectors = 4;

    public static Workload Workload { get; } = new("k-means", [16_384], 203, Make);

    private static Problem Make(Inputs data, int n)
    {
        (int k, int d) = n < 1000 ? (21, 7) : (32, 16);
        float[,] x = data.Matrix(n, d), centroids = data.Matrix(k, d);
        int[] index = new int[n];
        float[] distance = new float[n], cotangent = data.Uniform(n, 0.5f, 1.5f);
        float[][] plain = Inputs.Rows(x);
        var g = new NearestGradientBatch(new float[k, d]);
        float* px = data.Pin(x), pc = data.Pin(centroids), pd = data.Pin(distance), pw = data.Pin(cotangent), pg = data.Pin(g.Centroids);
        int* pi = data.PinIntegers(index);
        float* transposed = data.Pin(new float[d * MostVectors * V.Count]);
        // Two that are nearest within rounding may be exchanged.
        Output[] assignment = [new("index", index, Misses: 1e-3), new("distance", distance)];
        double operations = 3.0 * n * k * d;
        return new Problem($"{n:#,0} points of {d}, {k} centroids",
            new(operations, 4.0 * n * (d + 2), assignment,
            [
                Contestant.ByGenerator(() => NearestBatch(x, centroids, index, distance)),
                Contestant.ByHand(() =>
                {
                    Transpose(pc, k, d, transposed);
                    Threads.For(n, 64, (from, to) => Assign(px, transposed, k, d, pi, pd, from, to));
                }),
                Contestant.ByPlainLoops(() => { for (int i = 0; i < n; i++) (index[i], distance[i]) = Nearest(plain[i], centroids); }),
            ]) { Gpu = new(on =>
                {
                    var (i, v) = NearestBatch(on.Device, on[x], on[centroids]);
                    on.Take(index, i);
                    on.Take(distance, v);
                },
                gpu => gpu.For(n, Kernels.Nearest, gpu[x], gpu[centroids], gpu.Integers(index), gpu[distance], d)) },
            new(operations + 3.0 * n * d, 4.0 * n * (d + 3), [.. assignment, new("centroids", g.Centroids, 1e-3)],
            [
                Contestant.ByGenerator(() => NearestVjpBatch(x, centroids, cotangent, index, distance, ref g)),
                Contestant.ByHand(() =>
                {
                    Transpose(pc, k, d, transposed);
                    Threads.Sum(n, k * d, pg, (from, to, sums) =>
                    {
                        Assign(px, transposed, k, d, pi, pd, from, to);
                        Move(px, pc, d, pi, pw, sums, from, to);
                    });
                }),
                Contestant.ByPlainLoops(() =>
                {
                    Array.Clear(g.Centroids);
                    for (int i = 0; i < n; i++)
                    {
                        (index[i], distance[i]) = Nearest(plain[i], centroids);
                        for (int j = 0; j < d; j++) g.Centroids[index[i], j] += 2 * cotangent[i] * (centroids[index[i], j] - x[i, j]);
                    }
                }),
            ]) { Gpu = new(on =>
                {
                    var (v, bar) = NearestVjpBatch(on.Device, on[x], on[centroids], on[cotangent]);
                    on.Take(index, v.Index);
                    on.Take(distance, v.Distance);
                    on.Take(g.Centroids, bar.Centroids);
                },
                gpu =>
                {
                    gpu.For(n, Kernels.Nearest, gpu[x], gpu[centroids], gpu.Integers(index), gpu[distance], d);
                    gpu.For(k * d, Kernels.MoveCentroids, gpu[x], gpu[centroids], gpu.Integers(index), gpu[cotangent], gpu[g.Centroids], d);
                }) });
    }

    /// <summary>d rows of whole vectors; centroids that are none are infinitely far away.</summary>
    private static void Transpose(float* centroids, int k, int d, float* transposed)
    {
        for (int j = 0; j < d; j++)
            for (int c = 0; c < MostVectors * V.Count; c++)
                transposed[j * MostVectors * V.Count + c] = c < k ? centroids[c * d + j] : float.PositiveInfinity;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Assign(float* x, float* transposed, int k, int d, int* index, float* distance, nint from, nint to)
    {
        if (k > 2 * V.Count) throw new NotSupportedException($"{k} centroids: at most {2 * V.Count}");
        nint i = from;
        // Four points share each load of the centroids.
        for (; i <= to - 4; i += 4)
        {
            float* p = x + i * d, q = p + d, r = q + d, s = r + d;
            V p0 = default, p1 = default, q0 = default, q1 = default, r0 = default, r1 = default, s0 = default, s1 = default;
            for (int j = 0; j < d; j++)
            {
                V c0 = *(V*)(transposed + j * MostVectors * V.Count), c1 = *(V*)(transposed + j * MostVectors * V.Count + V.Count);
                V a = VX.Create(p[j]), b = VX.Create(q[j]), c = VX.Create(r[j]), e = VX.Create(s[j]);
                V t = a - c0;
                p0 = VX.FusedMultiplyAdd(t, t, p0);
                t = a - c1;
                p1 = VX.FusedMultiplyAdd(t, t, p1);
                t = b - c0;
                q0 = VX.FusedMultiplyAdd(t, t, q0);
                t = b - c1;
                q1 = VX.FusedMultiplyAdd(t, t, q1);
                t = c - c0;
                r0 = VX.FusedMultiplyAdd(t, t, r0);
                t = c - c1;
                r1 = VX.FusedMultiplyAdd(t, t, r1);
                t = e - c0;
                s0 = VX.FusedMultiplyAdd(t, t, s0);
                t = e - c1;
                s1 = VX.FusedMultiplyAdd(t, t, s1);
            }
            Least(p0, p1, index + i, distance + i);
            Least(q0, q1, index + i + 1, distance + i + 1);
            Least(r0, r1, index + i + 2, distance + i + 2);
            Least(s0, s1, index + i + 3, distance + i + 3);
        }
        for (; i < to; i++)
        {
            V p0 = default, p1 = default;
            for (int j = 0; j < d; j++)
            {
                V a = VX.Create(x[i * d + j]);
                V t0 = a - *(V*)(transposed + j * MostVectors * V.Count), t1 = a - *(V*)(transposed + j * MostVectors * V.Count + V.Count);
                p0 = VX.FusedMultiplyAdd(t0, t0, p0);
                p1 = VX.FusedMultiplyAdd(t1, t1, p1);
            }
            Least(p0, p1, index + i, distance + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Least(V first, V second, int* index, float* distance)
    {
        float least = Lanes.Min(VX.MinNative(first, second));
        ulong equal = VX.ExtractMostSignificantBits(VX.Equals(first, VX.Create(least))) | VX.ExtractMostSignificantBits(VX.Equals(second, VX.Create(least))) << V.Count;
        *distance = least;
        *index = BitOperations.TrailingZeroCount(equal);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(float* x, float* centroids, int d, int* index, float* cotangent, float* sums, nint from, nint to)
    {
        for (nint i = from; i < to; i++)
        {
            nint row = (nint)index[i] * d;
            float twice = 2 * cotangent[i];
            int j = 0;
            for (; j <= d - V.Count; j += V.Count)
                *(V*)(sums + row + j) = VX.FusedMultiplyAdd(VX.Create(twice), *(V*)(centroids + row + j) - *(V*)(x + i * d + j), *(V*)(sums + row + j));
            for (; j < d; j++) sums[row + j] += twice * (centroids[row + j] - x[i * d + j]);
        }
    }
}
