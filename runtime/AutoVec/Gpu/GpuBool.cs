using System.ComponentModel;

namespace AutoVec.Gpu;

/// <summary>A bool in the memory of a device: a byte, since ILGPU has no views of bool. Laid out as the host's bool.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GpuBool(bool value)
{
    private readonly byte _value = value ? (byte)1 : (byte)0;

    /// <summary>As a bool.</summary>
    public static implicit operator bool(GpuBool value) => value._value != 0;

    /// <summary>From a bool.</summary>
    public static implicit operator GpuBool(bool value) => new(value);
}
