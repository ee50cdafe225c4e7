using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>Rows added to rows.</summary>
public static unsafe partial class Lanes
{
    /// <summary>Adds elements to others, one by one; the arrays lie apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* from, float* to, nint count)
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count) (Vector512.Load(to + i) + Vector512.Load(from + i)).Store(to + i);
        if (Vector256.IsHardwareAccelerated)
            for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count) (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
        for (; i <= count - Vector128<float>.Count; i += Vector128<float>.Count) (Vector128.Load(to + i) + Vector128.Load(from + i)).Store(to + i);
        for (; i < count; i++) to[i] += from[i];
    }

    /// <inheritdoc cref="Add(float*, float*, nint)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double* from, double* to, nint count)
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; i <= count - Vector512<double>.Count; i += Vector512<double>.Count) (Vector512.Load(to + i) + Vector512.Load(from + i)).Store(to + i);
        if (Vector256.IsHardwareAccelerated)
            for (; i <= count - Vector256<double>.Count; i += Vector256<double>.Count) (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
        for (; i <= count - Vector128<double>.Count; i += Vector128<double>.Count) (Vector128.Load(to + i) + Vector128.Load(from + i)).Store(to + i);
        for (; i < count; i++) to[i] += from[i];
    }
}
