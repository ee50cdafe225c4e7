using System.ComponentModel;
using ILGPU;

namespace AutoVec.Gpu;

/// <summary>
/// What ILGPU's Math lacks or compiles to something else: own functions in its subset of C#. The op table's ILGPU spellings name
/// them.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class GpuMath
{
    /// <summary>The greater of two integers.</summary>
    public static int Max(int x, int y) => x > y ? x : y;

    /// <summary>The greater of two integers.</summary>
    public static long Max(long x, long y) => x > y ? x : y;

    /// <summary>The lesser of two integers.</summary>
    public static int Min(int x, int y) => x < y ? x : y;

    /// <summary>The lesser of two integers.</summary>
    public static long Min(long x, long y) => x < y ? x : y;

    /// <summary>Without its sign. A kernel cannot throw: the least integer, which has no positive twin, stays as it is.</summary>
    public static int Abs(int x) => x < 0 ? -x : x;

    /// <summary>As <see cref="Abs(int)"/>.</summary>
    public static long Abs(long x) => x < 0 ? -x : x;

    /// <summary>Is a slice outside of what it is cut from?</summary>
    public static bool IsNoSlice(int start, int length, int extent) => start < 0 || length < 0 || start > extent || length > extent - start;

    /// <inheritdoc cref="Cpu.Lanes.Restart(int, int, int)"/>
    public static int Restart(int segments, int slots, int last) => Revolve.Restart(segments, slots, last);

    /// <inheritdoc cref="Cpu.Lanes.Top(int, int, int)"/>
    public static int Top(int segments, int slots, int last) => Revolve.Top(segments, slots, last);

    /// <inheritdoc cref="Cpu.Lanes.Slot(int, int, int)"/>
    public static int Slot(int segments, int slots, int segment) => Revolve.Slot(segments, slots, segment);

    /// <summary>(int)x.</summary>
    public static int ToI32(int x) => x;

    /// <summary>(int)x: the low bits.</summary>
    public static int ToI32(long x) => unchecked((int)x);

    /// <summary>(long)x.</summary>
    public static long ToI64(int x) => x;

    /// <summary>(long)x.</summary>
    public static long ToI64(long x) => x;

    /// <summary>As <see cref="Math.Clamp(double, double, double)"/>, for bounds in order.</summary>
    public static float Clamp(float x, float low, float high) => x < low ? low : x > high ? high : x;

    /// <inheritdoc cref="Clamp(float, float, float)"/>
    public static double Clamp(double x, double low, double high) => x < low ? low : x > high ? high : x;

    /// <inheritdoc cref="Cpu.Lanes.Scale(float, float)"/>
    public static float Scale(float x, float y) => x == 0 ? x : x * y;

    /// <inheritdoc cref="Scale(float, float)"/>
    public static double Scale(double x, double y) => x == 0 ? x : x * y;
}
