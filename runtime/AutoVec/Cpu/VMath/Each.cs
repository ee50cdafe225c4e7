using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

public static unsafe partial class VMath
{
    private static float Rem(float x, float y) => x % y;
    private static double Rem(double x, double y) => x % y;

    /// <summary>Lane by lane: for the rare lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<T> Each<T>(Vector512<T> x, delegate*<T, T> f) where T : unmanaged
    {
        for (int i = 0; i < Vector512<T>.Count; i++) ((T*)&x)[i] = f(((T*)&x)[i]);
        return x;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<T> Each<T>(Vector512<T> x, Vector512<T> y, delegate*<T, T, T> f) where T : unmanaged
    {
        for (int i = 0; i < Vector512<T>.Count; i++) ((T*)&x)[i] = f(((T*)&x)[i], ((T*)&y)[i]);
        return x;
    }

    /// <summary>Lane by lane: for the rare lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<T> Each<T>(Vector256<T> x, delegate*<T, T> f) where T : unmanaged
    {
        for (int i = 0; i < Vector256<T>.Count; i++) ((T*)&x)[i] = f(((T*)&x)[i]);
        return x;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<T> Each<T>(Vector256<T> x, Vector256<T> y, delegate*<T, T, T> f) where T : unmanaged
    {
        for (int i = 0; i < Vector256<T>.Count; i++) ((T*)&x)[i] = f(((T*)&x)[i], ((T*)&y)[i]);
        return x;
    }

    /// <summary>Lane by lane: for the rare lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> Each<T>(Vector128<T> x, delegate*<T, T> f) where T : unmanaged
    {
        for (int i = 0; i < Vector128<T>.Count; i++) ((T*)&x)[i] = f(((T*)&x)[i]);
        return x;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> Each<T>(Vector128<T> x, Vector128<T> y, delegate*<T, T, T> f) where T : unmanaged
    {
        for (int i = 0; i < Vector128<T>.Count; i++) ((T*)&x)[i] = f(((T*)&x)[i], ((T*)&y)[i]);
        return x;
    }
}
