using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

// 1/√x, where the processor has a first guess of 14 bits; elsewhere by a root and a division.
public static unsafe partial class VMath
{
    /// <summary>1/√x, at most an ulp off; of ±0 it is ±∞, of ∞ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ReciprocalSqrt(Vector512<float> x)
    {
        if (!Avx512F.IsSupported) return Vector512<float>.One / Vector512.Sqrt(x);
        // One step of Newton's. Of 0 and ∞ the guess is the result, and what is missing NaN: the minimum with 1 takes the 1 then, which changes neither.
        Vector512<float> y = Avx512F.ReciprocalSqrt14(x);
        Vector512<float> missing = Vector512.FusedMultiplyAdd(x * y, y * Vector512.Create(-0.5f), Vector512.Create(0.5f));
        return Vector512.FusedMultiplyAdd(y, Avx512F.Min(missing, Vector512<float>.One), y);
    }

    /// <inheritdoc cref="ReciprocalSqrt(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ReciprocalSqrt(Vector256<float> x)
    {
        if (!Avx512F.VL.IsSupported) return Vector256<float>.One / Vector256.Sqrt(x);
        Vector256<float> y = Avx512F.VL.ReciprocalSqrt14(x);
        Vector256<float> missing = Vector256.FusedMultiplyAdd(x * y, y * Vector256.Create(-0.5f), Vector256.Create(0.5f));
        return Vector256.FusedMultiplyAdd(y, Avx.Min(missing, Vector256<float>.One), y);
    }

    /// <inheritdoc cref="ReciprocalSqrt(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ReciprocalSqrt(Vector128<float> x)
    {
        if (!Avx512F.VL.IsSupported) return Vector128<float>.One / Vector128.Sqrt(x);
        Vector128<float> y = Avx512F.VL.ReciprocalSqrt14(x);
        Vector128<float> missing = Vector128.FusedMultiplyAdd(x * y, y * Vector128.Create(-0.5f), Vector128.Create(0.5f));
        return Vector128.FusedMultiplyAdd(y, Sse.Min(missing, Vector128<float>.One), y);
    }
}
