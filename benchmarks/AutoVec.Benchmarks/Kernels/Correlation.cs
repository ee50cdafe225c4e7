using System.Runtime.CompilerServices;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

/// <summary>By hand: sums of products of a window and what lies under it, in one and two dimensions. Columns lie side by side.</summary>
internal static unsafe class Correlation
{
    /// <summary>y[i, j] = Σ x[i + k, j + l]·w[k, l]: four vectors of a row at a time share each weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Valid(float* x, nint stride, float* w, int windowRows, int windowColumns, float* y, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            int j = 0;
            for (; j <= columns - 4 * V.Count; j += 4 * V.Count)
            {
                V a = default, b = default, c = default, d = default;
                float* weight = w;
                for (int k = 0; k < windowRows; k++)
                {
                    float* p = x + (i + k) * stride + j;
                    for (int l = 0; l < windowColumns; l++, p++, weight++)
                    {
                        V factor = VX.Create(*weight);
                        a = VX.FusedMultiplyAdd(*(V*)p, factor, a);
                        b = VX.FusedMultiplyAdd(*(V*)(p + V.Count), factor, b);
                        c = VX.FusedMultiplyAdd(*(V*)(p + 2 * V.Count), factor, c);
                        d = VX.FusedMultiplyAdd(*(V*)(p + 3 * V.Count), factor, d);
                    }
                }
                float* to = y + (nint)i * columns + j;
                *(V*)to = a;
                *(V*)(to + V.Count) = b;
                *(V*)(to + 2 * V.Count) = c;
                *(V*)(to + 3 * V.Count) = d;
            }
            for (; j < columns; j += V.Count)
            {
                int lanes = Math.Min(V.Count, columns - j);
                V a = default;
                float* weight = w;
                for (int k = 0; k < windowRows; k++)
                    for (int l = 0; l < windowColumns; l++, weight++)
                    {
                        Lanes.Load(x + (i + k) * stride + j + l, lanes, out V under);
                        a = VX.FusedMultiplyAdd(under, VX.Create(*weight), a);
                    }
                Lanes.Store(a, y + (nint)i * columns + j, lanes);
            }
        }
    }

    /// <summary>x̄[i + k, j + l] += ȳ[i, j]·w[k, l]: the correlation of ȳ in a frame of zeros with the window turned around.</summary>
    public static void Full(float* y, int rows, int columns, float* w, int windowRows, int windowColumns, float* x)
    {
        int height = rows + 2 * (windowRows - 1), width = columns + 2 * (windowColumns - 1), taps = windowRows * windowColumns;
        var mark = Scratch.Mark();
        float* framed = Scratch.Rent<float>((nint)height * width), turned = Scratch.Rent<float>(taps);
        new Span<float>(framed, height * width).Clear();
        for (int i = 0; i < rows; i++)
            new Span<float>(y + (nint)i * columns, columns).CopyTo(new Span<float>(framed + (nint)(i + windowRows - 1) * width + windowColumns - 1, columns));
        for (int t = 0; t < taps; t++) turned[t] = w[taps - 1 - t];
        Valid(framed, width, turned, windowRows, windowColumns, x, rows + windowRows - 1, columns + windowColumns - 1);
        Scratch.Release(mark);
    }

    /// <summary>w̄[k, l] += Σ ȳ[i, j]·x[i + k, j + l]: five weights of a row at a time share each ȳ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights(float* x, nint stride, float* y, int rows, int columns, int windowRows, int windowColumns, float* w)
    {
        for (int k = 0; k < windowRows; k++)
        {
            int l = 0;
            for (; l <= windowColumns - 5; l += 5)
            {
                V a = default, b = default, c = default, d = default, e = default;
                for (int i = 0; i < rows; i++)
                {
                    float* p = x + (i + k) * stride + l, q = y + (nint)i * columns;
                    int j = 0;
                    for (; j <= columns - V.Count; j += V.Count)
                    {
                        V bar = *(V*)(q + j);
                        a = VX.FusedMultiplyAdd(bar, *(V*)(p + j), a);
                        b = VX.FusedMultiplyAdd(bar, *(V*)(p + j + 1), b);
                        c = VX.FusedMultiplyAdd(bar, *(V*)(p + j + 2), c);
                        d = VX.FusedMultiplyAdd(bar, *(V*)(p + j + 3), d);
                        e = VX.FusedMultiplyAdd(bar, *(V*)(p + j + 4), e);
                    }
                    if (j == columns) continue;
                    int rest = columns - j;
                    Lanes.LoadTail(q + j, rest, out V last);
                    last = Lanes.Keep(last, rest, V.Zero);
                    Lanes.LoadTail(p + j, rest, out V p0);
                    Lanes.LoadTail(p + j + 1, rest, out V p1);
                    Lanes.LoadTail(p + j + 2, rest, out V p2);
                    Lanes.LoadTail(p + j + 3, rest, out V p3);
                    Lanes.LoadTail(p + j + 4, rest, out V p4);
                    a = VX.FusedMultiplyAdd(last, p0, a);
                    b = VX.FusedMultiplyAdd(last, p1, b);
                    c = VX.FusedMultiplyAdd(last, p2, c);
                    d = VX.FusedMultiplyAdd(last, p3, d);
                    e = VX.FusedMultiplyAdd(last, p4, e);
                }
                float* to = w + k * windowColumns + l;
                to[0] += VX.Sum(a);
                to[1] += VX.Sum(b);
                to[2] += VX.Sum(c);
                to[3] += VX.Sum(d);
                to[4] += VX.Sum(e);
            }
            for (; l < windowColumns; l++)
            {
                V a = default;
                float rest = 0;
                for (int i = 0; i < rows; i++)
                {
                    float* p = x + (i + k) * stride + l, q = y + (nint)i * columns;
                    int j = 0;
                    for (; j <= columns - V.Count; j += V.Count) a = VX.FusedMultiplyAdd(*(V*)(q + j), *(V*)(p + j), a);
                    for (; j < columns; j++) rest += q[j] * p[j];
                }
                w[k * windowColumns + l] += VX.Sum(a) + rest;
            }
        }
    }
}
