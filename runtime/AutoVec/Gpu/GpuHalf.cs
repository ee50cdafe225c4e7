using System.ComponentModel;
using ILGPU;

namespace AutoVec.Gpu;

/// <summary>
/// A half in the memory of a device, laid out as the host's. The casts are those of <see cref="System.Half"/>, bit for bit, in integer arithmetic: ILGPU's Half
/// converts otherwise on its emulator.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GpuHalf
{
    private readonly ushort _bits;

    private GpuHalf(uint bits) => _bits = (ushort)bits;

    /// <summary>From a scalar argument of the host.</summary>
    public static implicit operator GpuHalf(System.Half value) => new(BitConverter.HalfToUInt16Bits(value));

    /// <summary>As a float: exact.</summary>
    public static explicit operator float(GpuHalf value)
    {
        uint bits = value._bits;
        // Exponents move from 15 to 127; infinities and NaN a second time; below 2^-14 a leading 1 is set, and taken away again.
        uint magnitude = (bits & 0x7FFFu) << 13, exponent = magnitude & 0x0F800000u, moved = magnitude + (112u << 23);
        if (exponent == 0x0F800000u) moved += 112u << 23;
        else if (exponent == 0) moved = Interop.FloatAsInt(Interop.IntAsFloat(moved + (1u << 23)) - 6.103515625e-5f);
        return Interop.IntAsFloat(moved | ((bits & 0x8000u) << 16));
    }

    /// <summary>The nearest half, ties to even.</summary>
    public static explicit operator GpuHalf(float value)
    {
        uint bits = Interop.FloatAsInt(value), magnitude = bits & 0x7FFFFFFFu, sign = (bits & 0x80000000u) >> 16;
        if (magnitude > 0x7F800000u) return new(sign | 0x7E00u | ((magnitude >> 13) & 0x3FFu));
        if (magnitude >= 0x477FF000u) return new(sign | 0x7C00u);
        // In the sum with 0.5 the last bit is 2^-24, as in the smallest halves.
        if (magnitude < 0x38800000u) return new(sign | (Interop.FloatAsInt(Interop.IntAsFloat(magnitude) + 0.5f) - 0x3F000000u));
        return new(sign | (((magnitude + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13) - (112u << 10)));
    }

    /// <summary>The nearest half, ties to even: rounded once.</summary>
    public static explicit operator GpuHalf(double value)
    {
        ulong bits = Interop.FloatAsInt(value), magnitude = bits & 0x7FFFFFFFFFFFFFFFUL;
        uint sign = (uint)(bits >> 48) & 0x8000u;
        if (magnitude > 0x7FF0000000000000UL) return new(sign | 0x7E00u | ((uint)(magnitude >> 42) & 0x3FFu));
        if (magnitude >= 0x40EFFE0000000000UL) return new(sign | 0x7C00u);
        // In the sum with 2^28 the last bit is 2^-24, as in the smallest halves.
        if (magnitude < 0x3F10000000000000UL) return new(sign | (uint)(Interop.FloatAsInt(Interop.IntAsFloat(magnitude) + 268435456.0) - 0x41B0000000000000UL));
        return new(sign | ((uint)((magnitude + 0x1FFFFFFFFFFUL + ((magnitude >> 42) & 1UL)) >> 42) - (1008u << 10)));
    }
}
