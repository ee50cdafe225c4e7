using System.ComponentModel;
using System.Numerics;
using ILGPU;

namespace AutoVec.Gpu;

/// <summary>C[b, i, j] = (accumulate ? C : 0) + Σ_k A[b, i, k] · B[b, k, j] over strided views; strides in elements.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct GpuContraction<T> where T : unmanaged
{
    /// <summary>Extents; <see cref="Accumulate"/> is 0 or 1.</summary>
    public int Batch, M, N, K, Accumulate;

    /// <summary>The distance in elements between neighbours of A along batch, m and k.</summary>
    public int ABatch, AM, AK;

    /// <summary>As for A, along batch, k and n.</summary>
    public int BBatch, BK, BN;

    /// <summary>As for A, along batch, m and n.</summary>
    public int CBatch, CM, CN;

    /// <summary>The memory, from the first element that takes part.</summary>
    public ArrayView<T> A, B, C;
}

/// <summary>The kernels of contractions.</summary>
internal static class GpuContractions
{
    /// <summary>A group computes a tile of 64 × 64, each of its 16 × 16 threads 4 × 4 elements, 16 apart.</summary>
    public const int GroupSide = 16;
    private const int Tile = 64;
    private const int Depth = 16;

    public static int Tiles(int extent) => (extent + Tile - 1) / Tile;

    /// <summary>One thread an element, its sum in order of k.</summary>
    public static void Naive<T>(Index1D index, GpuContraction<T> g) where T : unmanaged, INumber<T>
    {
        int j = index % g.N, row = index / g.N;
        int i = row % g.M, b = row / g.M;
        int c = b * g.CBatch + i * g.CM + j * g.CN;
        T sum = g.Accumulate != 0 ? g.C[c] : T.Zero;
        for (int k = 0; k < g.K; k++) sum += g.A[b * g.ABatch + i * g.AM + k * g.AK] * g.B[b * g.BBatch + k * g.BK + j * g.BN];
        g.C[c] = sum;
    }

    /// <summary>Tiles of A and B go through shared memory; sums stay in registers, in order of k.</summary>
    public static void Tiled<T>(GpuContraction<T> g) where T : unmanaged, INumber<T>
    {
        var a = SharedMemory.Allocate<T>(Tile * Depth);
        var b = SharedMemory.Allocate<T>(Depth * Tile);
        int x = Group.IdxX, y = Group.IdxY, batch = Grid.IdxZ;
        int row0 = Grid.IdxY * Tile, col0 = Grid.IdxX * Tile;
        T s00 = T.Zero, s01 = T.Zero, s02 = T.Zero, s03 = T.Zero, s10 = T.Zero, s11 = T.Zero, s12 = T.Zero, s13 = T.Zero;
        T s20 = T.Zero, s21 = T.Zero, s22 = T.Zero, s23 = T.Zero, s30 = T.Zero, s31 = T.Zero, s32 = T.Zero, s33 = T.Zero;
        for (int k0 = 0; k0 < g.K; k0 += Depth)
        {
            for (int r = 0; r < Tile; r += GroupSide)
            {
                int i = row0 + r + y, k = k0 + x;
                a[(r + y) * Depth + x] = i < g.M && k < g.K ? g.A[batch * g.ABatch + i * g.AM + k * g.AK] : T.Zero;
                int j = col0 + r + x;
                k = k0 + y;
                b[y * Tile + r + x] = j < g.N && k < g.K ? g.B[batch * g.BBatch + k * g.BK + j * g.BN] : T.Zero;
            }
            Group.Barrier();
            for (int k = 0; k < Depth; k++)
            {
                T a0 = a[y * Depth + k], a1 = a[(y + 16) * Depth + k], a2 = a[(y + 32) * Depth + k], a3 = a[(y + 48) * Depth + k];
                T b0 = b[k * Tile + x], b1 = b[k * Tile + x + 16], b2 = b[k * Tile + x + 32], b3 = b[k * Tile + x + 48];
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
            }
            Group.Barrier();
        }
        Store(g, batch, row0 + y, col0 + x, s00, s01, s02, s03);
        Store(g, batch, row0 + y + 16, col0 + x, s10, s11, s12, s13);
        Store(g, batch, row0 + y + 32, col0 + x, s20, s21, s22, s23);
        Store(g, batch, row0 + y + 48, col0 + x, s30, s31, s32, s33);
    }

    private static void Store<T>(GpuContraction<T> g, int batch, int i, int j, T s0, T s1, T s2, T s3) where T : unmanaged, INumber<T>
    {
        if (i >= g.M) return;
        int at = batch * g.CBatch + i * g.CM + j * g.CN;
        if (j < g.N) Store(g, at, s0);
        if (j + 16 < g.N) Store(g, at + 16 * g.CN, s1);
        if (j + 32 < g.N) Store(g, at + 32 * g.CN, s2);
        if (j + 48 < g.N) Store(g, at + 48 * g.CN, s3);
    }

    private static void Store<T>(GpuContraction<T> g, int at, T sum) where T : unmanaged, INumber<T> =>
        g.C[at] = g.Accumulate != 0 ? g.C[at] + sum : sum;
}
