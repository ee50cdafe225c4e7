using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <inheritdoc cref="IBlock{T}"/>
internal unsafe struct Block256<T> : IBlock<T> where T : unmanaged
{
    public static int Lanes => Vector256<T>.Count;

    // 24 sums, two vectors of B and one element of A want 27 registers. Where there are 16, half the rows want 15.
    public static int MaxRows => Avx512F.VL.IsSupported || AdvSimd.IsSupported ? 12 : 6;

    public static int InnerRows(int columns) => MaxRows > 6 || columns <= 3 ? 4 : columns == 4 ? 3 : 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply<TRows, TVectors, TKeep>(nint strips, T* a, T* b, nint bStride, nint terms, T* c, nint cStride, bool add, T* kept)
        where TRows : struct, ICount where TVectors : struct, ICount where TKeep : struct, ICount
    {
        for (; strips != 0; strips--, c += TRows.Value * cStride)
        {
            Vector256<T> x0 = default, y0 = default, x1 = default, y1 = default, x2 = default, y2 = default,
                   x3 = default, y3 = default, x4 = default, y4 = default, x5 = default, y5 = default,
                   x6 = default, y6 = default, x7 = default, y7 = default, x8 = default, y8 = default,
                   x9 = default, y9 = default, x10 = default, y10 = default, x11 = default, y11 = default;
            // What the sums go to comes from afar while they are taken.
            if (Sse.IsSupported && terms >= 32)
                for (nint i = 0; i < TRows.Value; i++)
                {
                    Sse.Prefetch0(c + (i * cStride));
                    if (TVectors.Value > 1) Sse.Prefetch0(c + (i * cStride) + Lanes);
                }

            T* row = b;
            for (nint k = terms; k != 0; k--)
            {
                Vector256<T> b0 = Vector256.Load(row), b1 = TVectors.Value > 1 ? Vector256.Load(row + Lanes) : default, e;
                e = Vector256.Create(a[0]); x0 = MultiplyAdd(e, b0, x0); if (TVectors.Value > 1) y0 = MultiplyAdd(e, b1, y0);
                if (TRows.Value > 1) { e = Vector256.Create(a[1]); x1 = MultiplyAdd(e, b0, x1); if (TVectors.Value > 1) y1 = MultiplyAdd(e, b1, y1); }
                if (TRows.Value > 2) { e = Vector256.Create(a[2]); x2 = MultiplyAdd(e, b0, x2); if (TVectors.Value > 1) y2 = MultiplyAdd(e, b1, y2); }
                if (TRows.Value > 3) { e = Vector256.Create(a[3]); x3 = MultiplyAdd(e, b0, x3); if (TVectors.Value > 1) y3 = MultiplyAdd(e, b1, y3); }
                if (TRows.Value > 4) { e = Vector256.Create(a[4]); x4 = MultiplyAdd(e, b0, x4); if (TVectors.Value > 1) y4 = MultiplyAdd(e, b1, y4); }
                if (TRows.Value > 5) { e = Vector256.Create(a[5]); x5 = MultiplyAdd(e, b0, x5); if (TVectors.Value > 1) y5 = MultiplyAdd(e, b1, y5); }
                if (TRows.Value > 6) { e = Vector256.Create(a[6]); x6 = MultiplyAdd(e, b0, x6); if (TVectors.Value > 1) y6 = MultiplyAdd(e, b1, y6); }
                if (TRows.Value > 7) { e = Vector256.Create(a[7]); x7 = MultiplyAdd(e, b0, x7); if (TVectors.Value > 1) y7 = MultiplyAdd(e, b1, y7); }
                if (TRows.Value > 8) { e = Vector256.Create(a[8]); x8 = MultiplyAdd(e, b0, x8); if (TVectors.Value > 1) y8 = MultiplyAdd(e, b1, y8); }
                if (TRows.Value > 9) { e = Vector256.Create(a[9]); x9 = MultiplyAdd(e, b0, x9); if (TVectors.Value > 1) y9 = MultiplyAdd(e, b1, y9); }
                if (TRows.Value > 10) { e = Vector256.Create(a[10]); x10 = MultiplyAdd(e, b0, x10); if (TVectors.Value > 1) y10 = MultiplyAdd(e, b1, y10); }
                if (TRows.Value > 11) { e = Vector256.Create(a[11]); x11 = MultiplyAdd(e, b0, x11); if (TVectors.Value > 1) y11 = MultiplyAdd(e, b1, y11); }
                if (TKeep.Value > 0)
                {
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch1(row + (IBlock<T>.Ahead * bStride));
                        if (TVectors.Value > 1) Sse.Prefetch1(row + (IBlock<T>.Ahead * bStride) + Lanes);
                    }

                    Store<TVectors>(kept, b0, b1);
                    kept += TVectors.Value * Lanes;
                }

                a += TRows.Value;
                row += bStride;
            }

            if (add)
            {
                Add<TVectors>(c, x0, y0);
                if (TRows.Value > 1) Add<TVectors>(c + cStride, x1, y1);
                if (TRows.Value > 2) Add<TVectors>(c + (2 * cStride), x2, y2);
                if (TRows.Value > 3) Add<TVectors>(c + (3 * cStride), x3, y3);
                if (TRows.Value > 4) Add<TVectors>(c + (4 * cStride), x4, y4);
                if (TRows.Value > 5) Add<TVectors>(c + (5 * cStride), x5, y5);
                if (TRows.Value > 6) Add<TVectors>(c + (6 * cStride), x6, y6);
                if (TRows.Value > 7) Add<TVectors>(c + (7 * cStride), x7, y7);
                if (TRows.Value > 8) Add<TVectors>(c + (8 * cStride), x8, y8);
                if (TRows.Value > 9) Add<TVectors>(c + (9 * cStride), x9, y9);
                if (TRows.Value > 10) Add<TVectors>(c + (10 * cStride), x10, y10);
                if (TRows.Value > 11) Add<TVectors>(c + (11 * cStride), x11, y11);
            }
            else
            {
                Store<TVectors>(c, x0, y0);
                if (TRows.Value > 1) Store<TVectors>(c + cStride, x1, y1);
                if (TRows.Value > 2) Store<TVectors>(c + (2 * cStride), x2, y2);
                if (TRows.Value > 3) Store<TVectors>(c + (3 * cStride), x3, y3);
                if (TRows.Value > 4) Store<TVectors>(c + (4 * cStride), x4, y4);
                if (TRows.Value > 5) Store<TVectors>(c + (5 * cStride), x5, y5);
                if (TRows.Value > 6) Store<TVectors>(c + (6 * cStride), x6, y6);
                if (TRows.Value > 7) Store<TVectors>(c + (7 * cStride), x7, y7);
                if (TRows.Value > 8) Store<TVectors>(c + (8 * cStride), x8, y8);
                if (TRows.Value > 9) Store<TVectors>(c + (9 * cStride), x9, y9);
                if (TRows.Value > 10) Store<TVectors>(c + (10 * cStride), x10, y10);
                if (TRows.Value > 11) Store<TVectors>(c + (11 * cStride), x11, y11);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Row(T* a, T* b, nint bStride, nint k, T* c)
    {
        Vector256<T> x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default;
        for (; k != 0; k--, a++, b += bStride)
        {
            Vector256<T> e = Vector256.Create(*a);
            x0 = MultiplyAdd(e, Vector256.Load(b), x0);
            x1 = MultiplyAdd(e, Vector256.Load(b + Lanes), x1);
            x2 = MultiplyAdd(e, Vector256.Load(b + (2 * Lanes)), x2);
            x3 = MultiplyAdd(e, Vector256.Load(b + (3 * Lanes)), x3);
            x4 = MultiplyAdd(e, Vector256.Load(b + (4 * Lanes)), x4);
            x5 = MultiplyAdd(e, Vector256.Load(b + (5 * Lanes)), x5);
            x6 = MultiplyAdd(e, Vector256.Load(b + (6 * Lanes)), x6);
            x7 = MultiplyAdd(e, Vector256.Load(b + (7 * Lanes)), x7);
        }

        x0.Store(c);
        x1.Store(c + Lanes);
        x2.Store(c + (2 * Lanes));
        x3.Store(c + (3 * Lanes));
        x4.Store(c + (4 * Lanes));
        x5.Store(c + (5 * Lanes));
        x6.Store(c + (6 * Lanes));
        x7.Store(c + (7 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Dots(T* a, T* b, nint bStride, nint k, T* last, T* c)
    {
        Vector256<T> x0 = default, y0 = default, x1 = default, y1 = default, x2 = default, y2 = default, x3 = default, y3 = default;
        T* b1 = b + bStride, b2 = b1 + bStride, b3 = b2 + bStride;
        nint i = 0;
        for (; i <= k - (2 * Lanes); i += 2 * Lanes)
        {
            Vector256<T> e = Vector256.Load(a + i), f = Vector256.Load(a + i + Lanes);
            x0 = MultiplyAdd(e, Vector256.Load(b + i), x0);
            y0 = MultiplyAdd(f, Vector256.Load(b + i + Lanes), y0);
            x1 = MultiplyAdd(e, Vector256.Load(b1 + i), x1);
            y1 = MultiplyAdd(f, Vector256.Load(b1 + i + Lanes), y1);
            x2 = MultiplyAdd(e, Vector256.Load(b2 + i), x2);
            y2 = MultiplyAdd(f, Vector256.Load(b2 + i + Lanes), y2);
            x3 = MultiplyAdd(e, Vector256.Load(b3 + i), x3);
            y3 = MultiplyAdd(f, Vector256.Load(b3 + i + Lanes), y3);
        }

        // What is left, a vector at a time; the last one ends with the rows, and what it repeats of the one before counts as 0 · 0.
        for (; i < k; i += Lanes)
        {
            nint at = Math.Min(i, k - Lanes);
            Vector256<T> mask = Vector256.Load(last + (at == i ? Lanes : k - i)), e = Vector256.Load(a + at) & mask;
            x0 = MultiplyAdd(e, Vector256.Load(b + at) & mask, x0);
            x1 = MultiplyAdd(e, Vector256.Load(b1 + at) & mask, x1);
            x2 = MultiplyAdd(e, Vector256.Load(b2 + at) & mask, x2);
            x3 = MultiplyAdd(e, Vector256.Load(b3 + at) & mask, x3);
        }

        c[0] = Vector256.Sum(x0 + y0);
        c[1] = Vector256.Sum(x1 + y1);
        c[2] = Vector256.Sum(x2 + y2);
        c[3] = Vector256.Sum(x3 + y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Inner<TRows, TColumns>(T* a, nint aStride, T* b, nint bStride, nint k, T* last, T* c, nint cRow, nint cColumn, bool add)
        where TRows : struct, ICount where TColumns : struct, ICount
    {
        Vector256<T> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, q0 = default, q1 = default, q2 = default, q3 = default, q4 = default,
               r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, s0 = default, s1 = default, s2 = default, s3 = default, s4 = default;
        T* spare = last + (2 * Lanes);
        nint rest = k & (Lanes - 1);
        k -= rest;
        while (true)
        {
            T* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, b1 = b + bStride, b2 = b1 + bStride, b3 = b2 + bStride, b4 = b3 + bStride;
            for (nint i = 0; i != k; i += Lanes)
            {
                Vector256<T> e0 = Vector256.Load(a + i), e1 = TRows.Value > 1 ? Vector256.Load(a1 + i) : default,
                    e2 = TRows.Value > 2 ? Vector256.Load(a2 + i) : default, e3 = TRows.Value > 3 ? Vector256.Load(a3 + i) : default, f = Vector256.Load(b + i);
                p0 = MultiplyAdd(e0, f, p0); if (TRows.Value > 1) q0 = MultiplyAdd(e1, f, q0); if (TRows.Value > 2) r0 = MultiplyAdd(e2, f, r0); if (TRows.Value > 3) s0 = MultiplyAdd(e3, f, s0);
                if (TColumns.Value > 1)
                {
                    f = Vector256.Load(b1 + i);
                    p1 = MultiplyAdd(e0, f, p1); if (TRows.Value > 1) q1 = MultiplyAdd(e1, f, q1); if (TRows.Value > 2) r1 = MultiplyAdd(e2, f, r1); if (TRows.Value > 3) s1 = MultiplyAdd(e3, f, s1);
                }
                if (TColumns.Value > 2)
                {
                    f = Vector256.Load(b2 + i);
                    p2 = MultiplyAdd(e0, f, p2); if (TRows.Value > 1) q2 = MultiplyAdd(e1, f, q2); if (TRows.Value > 2) r2 = MultiplyAdd(e2, f, r2); if (TRows.Value > 3) s2 = MultiplyAdd(e3, f, s2);
                }
                if (TColumns.Value > 3)
                {
                    f = Vector256.Load(b3 + i);
                    p3 = MultiplyAdd(e0, f, p3); if (TRows.Value > 1) q3 = MultiplyAdd(e1, f, q3); if (TRows.Value > 2) r3 = MultiplyAdd(e2, f, r3); if (TRows.Value > 3) s3 = MultiplyAdd(e3, f, s3);
                }
                if (TColumns.Value > 4)
                {
                    f = Vector256.Load(b4 + i);
                    p4 = MultiplyAdd(e0, f, p4); if (TRows.Value > 1) q4 = MultiplyAdd(e1, f, q4); if (TRows.Value > 2) r4 = MultiplyAdd(e2, f, r4); if (TRows.Value > 3) s4 = MultiplyAdd(e3, f, s4);
                }
            }

            if (rest == 0) break;
            // What is left becomes a vector of its own, in which zeros stand for what has been summed: 0 · 0 even where that is infinite.
            Vector256<T> mask = Vector256.Load(last + rest);
            nint end = k + rest - Lanes;
            for (nint i = 0; i < TRows.Value; i++) (Vector256.Load(a + end + (i * aStride)) & mask).Store(spare + (i * Lanes));
            for (nint j = 0; j < TColumns.Value; j++) (Vector256.Load(b + end + (j * bStride)) & mask).Store(spare + ((TRows.Value + j) * Lanes));
            a = spare;
            b = spare + (TRows.Value * Lanes);
            aStride = bStride = k = Lanes;
            rest = 0;
        }

        Horizontal.Sum(p0, p1, p2, p3, spare);
        if (TRows.Value > 1) Horizontal.Sum(q0, q1, q2, q3, spare + 4);
        if (TRows.Value > 2) Horizontal.Sum(r0, r1, r2, r3, spare + 8);
        if (TRows.Value > 3) Horizontal.Sum(s0, s1, s2, s3, spare + 12);
        if (TColumns.Value > 4) Horizontal.Sum(p4, q4, r4, s4, spare + 16);
        for (nint i = 0; i < TRows.Value; i++)
        {
            T* row = spare + (4 * i), to = c + (i * cRow);
            Put(row[0], to, add);
            if (TColumns.Value > 1) Put(row[1], to + cColumn, add);
            if (TColumns.Value > 2) Put(row[2], to + (2 * cColumn), add);
            if (TColumns.Value > 3) Put(row[3], to + (3 * cColumn), add);
            if (TColumns.Value > 4) Put(spare[16 + i], to + (4 * cColumn), add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Scaled(T a, T* b, nint n, T* c, bool add)
    {
        Vector256<T> e = Vector256.Create(a);
        nint j = 0;
        for (; j <= n - Lanes; j += Lanes)
        {
            Vector256<T> x = MultiplyAdd(e, Vector256.Load(b + j), Vector256<T>.Zero);
            (add ? Vector256.Load(c + j) + x : x).Store(c + j);
        }

        for (; j < n; j++)
        {
            Vector256<T> x = MultiplyAdd(e, Vector256.CreateScalar(b[j]), Vector256<T>.Zero);
            c[j] = (add ? Vector256.CreateScalar(c[j]) + x : x).ToScalar();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T x, T* to, bool add) =>
        *to = add ? (Vector256.CreateScalarUnsafe(*to) + Vector256.CreateScalarUnsafe(x)).ToScalar() : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(T* c, Vector256<T> x, Vector256<T> y) where TVectors : struct, ICount
    {
        x.Store(c);
        if (TVectors.Value > 1) y.Store(c + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVectors>(T* c, Vector256<T> x, Vector256<T> y) where TVectors : struct, ICount
    {
        (Vector256.Load(c) + x).Store(c);
        if (TVectors.Value > 1) (Vector256.Load(c + Lanes) + y).Store(c + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd(Vector256<T> x, Vector256<T> y, Vector256<T> sum) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), sum.AsDouble()).As<double, T>();
}
