using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutoVec.Cpu;

/// <summary>Casts as C# defines them: to integers they saturate, and NaN becomes 0. Shifts by each lane's own count, modulo 32.</summary>
public static unsafe partial class Lanes
{
    /// <summary>(float)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToF32(Vector512<int> x) => Vector512.ConvertToSingle(x);

    /// <summary>(float)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToF32(Vector256<int> x) => Vector256.ConvertToSingle(x);

    /// <summary>(float)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToF32(Vector128<int> x) => Vector128.ConvertToSingle(x);

    /// <summary>(double)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ToF64(Vector256<int> x)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Double(x);
        return Vector512.Create(ToF64(x.GetLower()), ToF64(x.GetUpper()));
    }

    /// <summary>(double)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ToF64(Vector128<int> x)
    {
        if (Avx.IsSupported) return Avx.ConvertToVector256Double(x);
        return Vector256.Create(ToF64(x.GetLower()), ToF64(x.GetUpper()));
    }

    /// <summary>(double)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ToF64(Vector64<int> x)
    {
        if (Sse2.IsSupported) return Sse2.ConvertToVector128Double(x.ToVector128());
        return Vector128.ConvertToDouble(Vector128.WidenLower(x.ToVector128()));
    }

    /// <summary>(int)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ToI32(Vector512<float> x) => Vector512.ConvertToInt32(x);

    /// <summary>(int)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ToI32(Vector256<float> x) => Vector256.ConvertToInt32(x);

    /// <summary>(int)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ToI32(Vector128<float> x) => Vector128.ConvertToInt32(x);

    /// <summary>(int)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ToI32(Vector512<double> x)
    {
        var all = Vector512.Clamp(Vector512.ConvertToInt64(x), Vector512.Create((long)int.MinValue), Vector512.Create((long)int.MaxValue));
        return Vector256.Narrow(all.GetLower(), all.GetUpper());
    }

    /// <summary>(int)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ToI32(Vector256<double> x)
    {
        var all = Vector256.Clamp(Vector256.ConvertToInt64(x), Vector256.Create((long)int.MinValue), Vector256.Create((long)int.MaxValue));
        return Vector128.Narrow(all.GetLower(), all.GetUpper());
    }

    /// <summary>(int)x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64<int> ToI32(Vector128<double> x)
    {
        var all = Vector128.Clamp(Vector128.ConvertToInt64(x), Vector128.Create((long)int.MinValue), Vector128.Create((long)int.MaxValue));
        return Vector128.Narrow(all, all).GetLower();
    }

    /// <summary>x &lt;&lt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftLeft(Vector512<int> x, Vector512<int> n)
    {
        if (Avx512F.IsSupported) return Avx512F.ShiftLeftLogicalVariable(x, (n & Vector512.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector512<int>.Count; i++) ((int*)&result)[i] = x[i] << n[i];
        return result;
    }

    /// <summary>x &lt;&lt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftLeft(Vector256<int> x, Vector256<int> n)
    {
        if (Avx2.IsSupported) return Avx2.ShiftLeftLogicalVariable(x, (n & Vector256.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector256<int>.Count; i++) ((int*)&result)[i] = x[i] << n[i];
        return result;
    }

    /// <summary>x &lt;&lt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftLeft(Vector128<int> x, Vector128<int> n)
    {
        if (Avx2.IsSupported) return Avx2.ShiftLeftLogicalVariable(x, (n & Vector128.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector128<int>.Count; i++) ((int*)&result)[i] = x[i] << n[i];
        return result;
    }

    /// <summary>x &lt;&lt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64<int> ShiftLeft(Vector64<int> x, Vector64<int> n)
    {
        return ShiftLeft(x.ToVector128(), n.ToVector128()).GetLower();
    }

    /// <summary>x &gt;&gt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRight(Vector512<int> x, Vector512<int> n)
    {
        if (Avx512F.IsSupported) return Avx512F.ShiftRightArithmeticVariable(x, (n & Vector512.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector512<int>.Count; i++) ((int*)&result)[i] = x[i] >> n[i];
        return result;
    }

    /// <summary>x &gt;&gt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRight(Vector256<int> x, Vector256<int> n)
    {
        if (Avx2.IsSupported) return Avx2.ShiftRightArithmeticVariable(x, (n & Vector256.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector256<int>.Count; i++) ((int*)&result)[i] = x[i] >> n[i];
        return result;
    }

    /// <summary>x &gt;&gt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRight(Vector128<int> x, Vector128<int> n)
    {
        if (Avx2.IsSupported) return Avx2.ShiftRightArithmeticVariable(x, (n & Vector128.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector128<int>.Count; i++) ((int*)&result)[i] = x[i] >> n[i];
        return result;
    }

    /// <summary>x &gt;&gt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64<int> ShiftRight(Vector64<int> x, Vector64<int> n)
    {
        return ShiftRight(x.ToVector128(), n.ToVector128()).GetLower();
    }

    /// <summary>x &gt;&gt;&gt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRightLogical(Vector512<int> x, Vector512<int> n)
    {
        if (Avx512F.IsSupported) return Avx512F.ShiftRightLogicalVariable(x, (n & Vector512.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector512<int>.Count; i++) ((int*)&result)[i] = x[i] >>> n[i];
        return result;
    }

    /// <summary>x &gt;&gt;&gt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRightLogical(Vector256<int> x, Vector256<int> n)
    {
        if (Avx2.IsSupported) return Avx2.ShiftRightLogicalVariable(x, (n & Vector256.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector256<int>.Count; i++) ((int*)&result)[i] = x[i] >>> n[i];
        return result;
    }

    /// <summary>x &gt;&gt;&gt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ShiftRightLogical(Vector128<int> x, Vector128<int> n)
    {
        if (Avx2.IsSupported) return Avx2.ShiftRightLogicalVariable(x, (n & Vector128.Create(31)).AsUInt32());
        var result = x;
        for (int i = 0; i < Vector128<int>.Count; i++) ((int*)&result)[i] = x[i] >>> n[i];
        return result;
    }

    /// <summary>x &gt;&gt;&gt; n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64<int> ShiftRightLogical(Vector64<int> x, Vector64<int> n)
    {
        return ShiftRightLogical(x.ToVector128(), n.ToVector128()).GetLower();
    }
}
