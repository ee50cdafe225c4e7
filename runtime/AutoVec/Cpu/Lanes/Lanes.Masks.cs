using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>
/// Masks: a vector of the kernel's float type with all bits set where the condition holds. Integers of a kernel have as many
/// lanes as its floats, so beside doubles they are half as wide. A bool in memory is one byte, 0 or 1.
/// </summary>
public static unsafe partial class Lanes
{
    /// <summary>A mask of integers as a mask of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MaskF32(Vector512<int> mask) => mask.AsSingle();

    /// <summary>A mask of integers as a mask of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MaskF32(Vector256<int> mask) => mask.AsSingle();

    /// <summary>A mask of integers as a mask of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MaskF32(Vector128<int> mask) => mask.AsSingle();

    /// <summary>A mask of integers as a mask of doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MaskF64(Vector256<int> mask)
    {
        var (low, high) = Vector256.Widen(mask);
        return Vector512.Create(low, high).AsDouble();
    }

    /// <summary>A mask of integers as a mask of doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MaskF64(Vector128<int> mask)
    {
        var (low, high) = Vector128.Widen(mask);
        return Vector256.Create(low, high).AsDouble();
    }

    /// <summary>A mask of integers as a mask of doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MaskF64(Vector64<int> mask) => Vector128.WidenLower(mask.ToVector128()).AsDouble();

    /// <summary>A mask of floats as a mask of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MaskI32(Vector512<float> mask) => mask.AsInt32();

    /// <summary>A mask of floats as a mask of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MaskI32(Vector256<float> mask) => mask.AsInt32();

    /// <summary>A mask of floats as a mask of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MaskI32(Vector128<float> mask) => mask.AsInt32();

    /// <summary>A mask of doubles as a mask of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MaskI32(Vector512<double> mask) =>
        Vector256.Narrow(mask.GetLower().AsInt64(), mask.GetUpper().AsInt64());

    /// <summary>A mask of doubles as a mask of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MaskI32(Vector256<double> mask) =>
        Vector128.Narrow(mask.GetLower().AsInt64(), mask.GetUpper().AsInt64());

    /// <summary>A mask of doubles as a mask of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector64<int> MaskI32(Vector128<double> mask) =>
        Vector128.Narrow(mask.AsInt64(), mask.AsInt64()).GetLower();

    /// <summary>The mask of as many bools as there are lanes.</summary>
    public static void LoadMask(bool* p, out Vector512<float> mask) => LoadMaskTail(p, 16, out mask);

    /// <summary>The mask of the first <paramref name="rest"/> bools; the lanes after them repeat element 0.</summary>
    public static void LoadMaskTail(bool* p, int rest, out Vector512<float> mask)
    {
        var all = Vector512.Create((int)(-*(sbyte*)p));
        for (int i = 1; i < rest; i++) ((int*)&all)[i] = -*(sbyte*)(p + i);
        mask = all.AsSingle();
    }

    /// <summary>Stores a mask as bools.</summary>
    public static void StoreMask(Vector512<float> mask, bool* p) => StoreMaskTail(mask, p, 16);

    /// <summary>Stores the first <paramref name="rest"/> lanes of a mask as bools.</summary>
    public static void StoreMaskTail(Vector512<float> mask, bool* p, int rest)
    {
        ulong bits = Vector512.ExtractMostSignificantBits(mask);
        for (int i = 0; i < rest; i++) p[i] = (bits >> i & 1) != 0;
    }

    /// <summary>The mask of as many bools as there are lanes.</summary>
    public static void LoadMask(bool* p, out Vector256<float> mask) => LoadMaskTail(p, 8, out mask);

    /// <summary>The mask of the first <paramref name="rest"/> bools; the lanes after them repeat element 0.</summary>
    public static void LoadMaskTail(bool* p, int rest, out Vector256<float> mask)
    {
        var all = Vector256.Create((int)(-*(sbyte*)p));
        for (int i = 1; i < rest; i++) ((int*)&all)[i] = -*(sbyte*)(p + i);
        mask = all.AsSingle();
    }

    /// <summary>Stores a mask as bools.</summary>
    public static void StoreMask(Vector256<float> mask, bool* p) => StoreMaskTail(mask, p, 8);

    /// <summary>Stores the first <paramref name="rest"/> lanes of a mask as bools.</summary>
    public static void StoreMaskTail(Vector256<float> mask, bool* p, int rest)
    {
        ulong bits = Vector256.ExtractMostSignificantBits(mask);
        for (int i = 0; i < rest; i++) p[i] = (bits >> i & 1) != 0;
    }

    /// <summary>The mask of as many bools as there are lanes.</summary>
    public static void LoadMask(bool* p, out Vector128<float> mask) => LoadMaskTail(p, 4, out mask);

    /// <summary>The mask of the first <paramref name="rest"/> bools; the lanes after them repeat element 0.</summary>
    public static void LoadMaskTail(bool* p, int rest, out Vector128<float> mask)
    {
        var all = Vector128.Create((int)(-*(sbyte*)p));
        for (int i = 1; i < rest; i++) ((int*)&all)[i] = -*(sbyte*)(p + i);
        mask = all.AsSingle();
    }

    /// <summary>Stores a mask as bools.</summary>
    public static void StoreMask(Vector128<float> mask, bool* p) => StoreMaskTail(mask, p, 4);

    /// <summary>Stores the first <paramref name="rest"/> lanes of a mask as bools.</summary>
    public static void StoreMaskTail(Vector128<float> mask, bool* p, int rest)
    {
        ulong bits = Vector128.ExtractMostSignificantBits(mask);
        for (int i = 0; i < rest; i++) p[i] = (bits >> i & 1) != 0;
    }

    /// <summary>The mask of as many bools as there are lanes.</summary>
    public static void LoadMask(bool* p, out Vector512<double> mask) => LoadMaskTail(p, 8, out mask);

    /// <summary>The mask of the first <paramref name="rest"/> bools; the lanes after them repeat element 0.</summary>
    public static void LoadMaskTail(bool* p, int rest, out Vector512<double> mask)
    {
        var all = Vector512.Create((long)(-*(sbyte*)p));
        for (int i = 1; i < rest; i++) ((long*)&all)[i] = -*(sbyte*)(p + i);
        mask = all.AsDouble();
    }

    /// <summary>Stores a mask as bools.</summary>
    public static void StoreMask(Vector512<double> mask, bool* p) => StoreMaskTail(mask, p, 8);

    /// <summary>Stores the first <paramref name="rest"/> lanes of a mask as bools.</summary>
    public static void StoreMaskTail(Vector512<double> mask, bool* p, int rest)
    {
        ulong bits = Vector512.ExtractMostSignificantBits(mask);
        for (int i = 0; i < rest; i++) p[i] = (bits >> i & 1) != 0;
    }

    /// <summary>The mask of as many bools as there are lanes.</summary>
    public static void LoadMask(bool* p, out Vector256<double> mask) => LoadMaskTail(p, 4, out mask);

    /// <summary>The mask of the first <paramref name="rest"/> bools; the lanes after them repeat element 0.</summary>
    public static void LoadMaskTail(bool* p, int rest, out Vector256<double> mask)
    {
        var all = Vector256.Create((long)(-*(sbyte*)p));
        for (int i = 1; i < rest; i++) ((long*)&all)[i] = -*(sbyte*)(p + i);
        mask = all.AsDouble();
    }

    /// <summary>Stores a mask as bools.</summary>
    public static void StoreMask(Vector256<double> mask, bool* p) => StoreMaskTail(mask, p, 4);

    /// <summary>Stores the first <paramref name="rest"/> lanes of a mask as bools.</summary>
    public static void StoreMaskTail(Vector256<double> mask, bool* p, int rest)
    {
        ulong bits = Vector256.ExtractMostSignificantBits(mask);
        for (int i = 0; i < rest; i++) p[i] = (bits >> i & 1) != 0;
    }

    /// <summary>The mask of as many bools as there are lanes.</summary>
    public static void LoadMask(bool* p, out Vector128<double> mask) => LoadMaskTail(p, 2, out mask);

    /// <summary>The mask of the first <paramref name="rest"/> bools; the lanes after them repeat element 0.</summary>
    public static void LoadMaskTail(bool* p, int rest, out Vector128<double> mask)
    {
        var all = Vector128.Create((long)(-*(sbyte*)p));
        for (int i = 1; i < rest; i++) ((long*)&all)[i] = -*(sbyte*)(p + i);
        mask = all.AsDouble();
    }

    /// <summary>Stores a mask as bools.</summary>
    public static void StoreMask(Vector128<double> mask, bool* p) => StoreMaskTail(mask, p, 2);

    /// <summary>Stores the first <paramref name="rest"/> lanes of a mask as bools.</summary>
    public static void StoreMaskTail(Vector128<double> mask, bool* p, int rest)
    {
        ulong bits = Vector128.ExtractMostSignificantBits(mask);
        for (int i = 0; i < rest; i++) p[i] = (bits >> i & 1) != 0;
    }
}
