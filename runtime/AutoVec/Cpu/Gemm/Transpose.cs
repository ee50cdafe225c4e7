using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>Transposes small squares in registers; elements are moved as bits.</summary>
internal static unsafe class Transpose
{
    /// <summary>The side of the square that one call turns; 1 if there is none for this type on this machine.</summary>
    public static int Side<T>() where T : unmanaged
    {
        int bytes = Avx512F.IsSupported ? 64 : Avx.IsSupported ? 32 : 16;
        return sizeof(T) is 4 or 8 ? bytes / sizeof(T) : 1;
    }

    /// <summary>Whether a square is written whole, with zeros for the rows that it lacks.</summary>
    public static bool IsWhole => Avx.IsSupported;

    /// <summary>
    /// d[p · dStep + i] = s[i · sStep + p] for i &lt; rows, p &lt; columns. Where <see cref="IsWhole"/> as many rows of d as the side are written, each to
    /// its full side, zeros after <paramref name="rows"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square<T>(T* s, nint sStep, int rows, int columns, T* d, nint dStep) where T : unmanaged
    {
        if (Avx512F.IsSupported && sizeof(T) == 4) Sixteen((float*)s, sStep, rows, columns, (float*)d, dStep);
        else if (Avx512F.IsSupported && sizeof(T) == 8) Eight((double*)s, sStep, rows, columns, (double*)d, dStep);
        else if (Avx.IsSupported && sizeof(T) == 4) Eight((float*)s, sStep, rows, columns, (float*)d, dStep);
        else if (Avx.IsSupported && sizeof(T) == 8) Four((double*)s, sStep, rows, columns, (double*)d, dStep);
        else if (sizeof(T) == 4 && rows == 4 && columns == 4) Four((uint*)s, sStep, (uint*)d, dStep);
        else
        {
            for (int p = 0; p < columns; p++)
                for (int i = 0; i < rows; i++) d[(p * dStep) + i] = s[(i * sStep) + p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(uint* s, nint sStep, uint* d, nint dStep)
    {
        Vector128<uint> r0 = Vector128.Load(s), r1 = Vector128.Load(s + sStep), r2 = Vector128.Load(s + (2 * sStep)), r3 = Vector128.Load(s + (3 * sStep));
        Vector128<uint> a = ZipLow(r0, r2), b = ZipHigh(r0, r2), e = ZipLow(r1, r3), f = ZipHigh(r1, r3);
        ZipLow(a, e).Store(d);
        ZipHigh(a, e).Store(d + dStep);
        ZipLow(b, f).Store(d + (2 * dStep));
        ZipHigh(b, f).Store(d + (3 * dStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ZipLow(Vector128<uint> a, Vector128<uint> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ZipHigh(Vector128<uint> a, Vector128<uint> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);

    // Four rounds: pairs of elements, pairs of those, then quarters of vectors twice. Names r, t are the rows before and after a round.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sixteen(float* s, nint step, int rows, int columns, float* d, nint dStep)
    {
        Vector512<float> mask = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(columns)).AsSingle();
        Vector512<float> r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15;
        r0 = Row(s, 0, step, rows, columns, mask); r1 = Row(s, 1, step, rows, columns, mask);
        r2 = Row(s, 2, step, rows, columns, mask); r3 = Row(s, 3, step, rows, columns, mask);
        r4 = Row(s, 4, step, rows, columns, mask); r5 = Row(s, 5, step, rows, columns, mask);
        r6 = Row(s, 6, step, rows, columns, mask); r7 = Row(s, 7, step, rows, columns, mask);
        r8 = Row(s, 8, step, rows, columns, mask); r9 = Row(s, 9, step, rows, columns, mask);
        r10 = Row(s, 10, step, rows, columns, mask); r11 = Row(s, 11, step, rows, columns, mask);
        r12 = Row(s, 12, step, rows, columns, mask); r13 = Row(s, 13, step, rows, columns, mask);
        r14 = Row(s, 14, step, rows, columns, mask); r15 = Row(s, 15, step, rows, columns, mask);

        Vector512<float> t0 = Low(r0, r1), t1 = High(r0, r1), t2 = Low(r2, r3), t3 = High(r2, r3), t4 = Low(r4, r5), t5 = High(r4, r5),
            t6 = Low(r6, r7), t7 = High(r6, r7), t8 = Low(r8, r9), t9 = High(r8, r9), t10 = Low(r10, r11), t11 = High(r10, r11),
            t12 = Low(r12, r13), t13 = High(r12, r13), t14 = Low(r14, r15), t15 = High(r14, r15);

        r0 = Low2(t0, t2); r1 = High2(t0, t2); r2 = Low2(t1, t3); r3 = High2(t1, t3);
        r4 = Low2(t4, t6); r5 = High2(t4, t6); r6 = Low2(t5, t7); r7 = High2(t5, t7);
        r8 = Low2(t8, t10); r9 = High2(t8, t10); r10 = Low2(t9, t11); r11 = High2(t9, t11);
        r12 = Low2(t12, t14); r13 = High2(t12, t14); r14 = Low2(t13, t15); r15 = High2(t13, t15);

        t0 = Even(r0, r4); t1 = Even(r1, r5); t2 = Even(r2, r6); t3 = Even(r3, r7);
        t4 = Odd(r0, r4); t5 = Odd(r1, r5); t6 = Odd(r2, r6); t7 = Odd(r3, r7);
        t8 = Even(r8, r12); t9 = Even(r9, r13); t10 = Even(r10, r14); t11 = Even(r11, r15);
        t12 = Odd(r8, r12); t13 = Odd(r9, r13); t14 = Odd(r10, r14); t15 = Odd(r11, r15);

        Even(t0, t8).Store(d); Even(t1, t9).Store(d + dStep); Even(t2, t10).Store(d + (2 * dStep)); Even(t3, t11).Store(d + (3 * dStep));
        d += 4 * dStep;
        Even(t4, t12).Store(d); Even(t5, t13).Store(d + dStep); Even(t6, t14).Store(d + (2 * dStep)); Even(t7, t15).Store(d + (3 * dStep));
        d += 4 * dStep;
        Odd(t0, t8).Store(d); Odd(t1, t9).Store(d + dStep); Odd(t2, t10).Store(d + (2 * dStep)); Odd(t3, t11).Store(d + (3 * dStep));
        d += 4 * dStep;
        Odd(t4, t12).Store(d); Odd(t5, t13).Store(d + dStep); Odd(t6, t14).Store(d + (2 * dStep)); Odd(t7, t15).Store(d + (3 * dStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(double* s, nint step, int rows, int columns, double* d, nint dStep)
    {
        Vector512<double> mask = Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)columns)).AsDouble();
        Vector512<double> r0 = Row(s, 0, step, rows, columns, mask), r1 = Row(s, 1, step, rows, columns, mask),
            r2 = Row(s, 2, step, rows, columns, mask), r3 = Row(s, 3, step, rows, columns, mask), r4 = Row(s, 4, step, rows, columns, mask),
            r5 = Row(s, 5, step, rows, columns, mask), r6 = Row(s, 6, step, rows, columns, mask), r7 = Row(s, 7, step, rows, columns, mask);

        Vector512<double> t0 = Low(r0, r1), t1 = High(r0, r1), t2 = Low(r2, r3), t3 = High(r2, r3), t4 = Low(r4, r5), t5 = High(r4, r5),
            t6 = Low(r6, r7), t7 = High(r6, r7);
        r0 = Even(t0, t2); r1 = Even(t1, t3); r2 = Odd(t0, t2); r3 = Odd(t1, t3);
        r4 = Even(t4, t6); r5 = Even(t5, t7); r6 = Odd(t4, t6); r7 = Odd(t5, t7);
        Even(r0, r4).Store(d); Even(r1, r5).Store(d + dStep); Even(r2, r6).Store(d + (2 * dStep)); Even(r3, r7).Store(d + (3 * dStep));
        d += 4 * dStep;
        Odd(r0, r4).Store(d); Odd(r1, r5).Store(d + dStep); Odd(r2, r6).Store(d + (2 * dStep)); Odd(r3, r7).Store(d + (3 * dStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(float* s, nint step, int rows, int columns, float* d, nint dStep)
    {
        Vector256<float> mask = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(columns)).AsSingle();
        Vector256<float> r0 = Row(s, 0, step, rows, columns, mask), r1 = Row(s, 1, step, rows, columns, mask),
            r2 = Row(s, 2, step, rows, columns, mask), r3 = Row(s, 3, step, rows, columns, mask), r4 = Row(s, 4, step, rows, columns, mask),
            r5 = Row(s, 5, step, rows, columns, mask), r6 = Row(s, 6, step, rows, columns, mask), r7 = Row(s, 7, step, rows, columns, mask);

        Vector256<double> t0 = Low(r0, r1), t1 = High(r0, r1), t2 = Low(r2, r3), t3 = High(r2, r3), t4 = Low(r4, r5), t5 = High(r4, r5),
            t6 = Low(r6, r7), t7 = High(r6, r7);
        r0 = Low(t0, t2); r1 = High(t0, t2); r2 = Low(t1, t3); r3 = High(t1, t3);
        r4 = Low(t4, t6); r5 = High(t4, t6); r6 = Low(t5, t7); r7 = High(t5, t7);
        Lower(r0, r4).Store(d); Lower(r1, r5).Store(d + dStep); Lower(r2, r6).Store(d + (2 * dStep)); Lower(r3, r7).Store(d + (3 * dStep));
        d += 4 * dStep;
        Upper(r0, r4).Store(d); Upper(r1, r5).Store(d + dStep); Upper(r2, r6).Store(d + (2 * dStep)); Upper(r3, r7).Store(d + (3 * dStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(double* s, nint step, int rows, int columns, double* d, nint dStep)
    {
        Vector256<double> mask = Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)columns)).AsDouble();
        Vector256<double> r0 = Row(s, 0, step, rows, columns, mask), r1 = Row(s, 1, step, rows, columns, mask),
            r2 = Row(s, 2, step, rows, columns, mask), r3 = Row(s, 3, step, rows, columns, mask);
        Vector256<double> t0 = Avx.UnpackLow(r0, r1), t1 = Avx.UnpackHigh(r0, r1), t2 = Avx.UnpackLow(r2, r3), t3 = Avx.UnpackHigh(r2, r3);
        Avx.Permute2x128(t0, t2, 0x20).Store(d);
        Avx.Permute2x128(t1, t3, 0x20).Store(d + dStep);
        Avx.Permute2x128(t0, t2, 0x31).Store(d + (2 * dStep));
        Avx.Permute2x128(t1, t3, 0x31).Store(d + (3 * dStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(float* s, int row, nint step, int rows, int columns, Vector256<float> mask) =>
        row >= rows ? default : columns == 8 ? Vector256.Load(s + (row * step)) : Avx.MaskLoad(s + (row * step), mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Row(double* s, int row, nint step, int rows, int columns, Vector256<double> mask) =>
        row >= rows ? default : columns == 4 ? Vector256.Load(s + (row * step)) : Avx.MaskLoad(s + (row * step), mask);

    private static Vector256<double> Low(Vector256<float> a, Vector256<float> b) => Avx.UnpackLow(a, b).AsDouble();

    private static Vector256<double> High(Vector256<float> a, Vector256<float> b) => Avx.UnpackHigh(a, b).AsDouble();

    private static Vector256<float> Low(Vector256<double> a, Vector256<double> b) => Avx.UnpackLow(a, b).AsSingle();

    private static Vector256<float> High(Vector256<double> a, Vector256<double> b) => Avx.UnpackHigh(a, b).AsSingle();

    private static Vector256<float> Lower(Vector256<float> a, Vector256<float> b) => Avx.Permute2x128(a, b, 0x20);

    private static Vector256<float> Upper(Vector256<float> a, Vector256<float> b) => Avx.Permute2x128(a, b, 0x31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Row(float* s, int row, nint step, int rows, int columns, Vector512<float> mask) =>
        row >= rows ? default : columns == 16 ? Vector512.Load(s + (row * step)) : Avx512F.MaskLoad(s + (row * step), mask, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Row(double* s, int row, nint step, int rows, int columns, Vector512<double> mask) =>
        row >= rows ? default : columns == 8 ? Vector512.Load(s + (row * step)) : Avx512F.MaskLoad(s + (row * step), mask, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Low<T>(Vector512<T> a, Vector512<T> b) where T : unmanaged => sizeof(T) == 4
        ? Avx512F.UnpackLow(a.AsSingle(), b.AsSingle()).As<float, T>() : Avx512F.UnpackLow(a.AsDouble(), b.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> High<T>(Vector512<T> a, Vector512<T> b) where T : unmanaged => sizeof(T) == 4
        ? Avx512F.UnpackHigh(a.AsSingle(), b.AsSingle()).As<float, T>() : Avx512F.UnpackHigh(a.AsDouble(), b.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Low2(Vector512<float> a, Vector512<float> b) => Low(a.AsDouble(), b.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> High2(Vector512<float> a, Vector512<float> b) => High(a.AsDouble(), b.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Even<T>(Vector512<T> a, Vector512<T> b) => Quarters(a, b, 0x88);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Odd<T>(Vector512<T> a, Vector512<T> b) => Quarters(a, b, 0xdd);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Quarters<T>(Vector512<T> a, Vector512<T> b, [ConstantExpected] byte control) =>
        Avx512F.Shuffle4x128(a.AsSingle(), b.AsSingle(), control).As<float, T>();
}
