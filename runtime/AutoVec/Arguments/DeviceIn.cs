using System.ComponentModel;

namespace AutoVec;

/// <summary>
/// The argument of a scalar parameter of a batch function on a device: one value for the whole batch, or a
/// <see cref="DeviceArray{T}"/> of rank 1 with one value per sample (of rank 0: one value).
/// </summary>
public readonly struct DeviceIn<T> where T : unmanaged
{
    internal readonly T One;
    internal readonly DeviceArray<T>? Array;
    internal readonly bool IsOne;

    private DeviceIn(T one)
    {
        One = one;
        IsOne = true;
    }

    private DeviceIn(DeviceArray<T>? array) => Array = array;

    /// <summary>For generated code: this, or the default of an optional parameter that was not passed.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public DeviceIn<T> Or(T value) => IsOne || Array is not null ? this : value;

    /// <summary>One value for the whole batch.</summary>
    public static implicit operator DeviceIn<T>(T one) => new(one);

    /// <summary>Rank 1: one value per sample; rank 0: one value.</summary>
    public static implicit operator DeviceIn<T>(DeviceArray<T>? array) => new(array);

    /// <summary>A host array is not on the device.</summary>
    [Obsolete("This array is on the host: write device.Upload(array).", error: true)]
    public static implicit operator DeviceIn<T>(T[] host) => throw new NotSupportedException();

    /// <inheritdoc cref="op_Implicit(T[])"/>
    [Obsolete("This span is on the host: write device.Upload(span, length).", error: true)]
    public static implicit operator DeviceIn<T>(ReadOnlySpan<T> host) => throw new NotSupportedException();

    /// <inheritdoc cref="op_Implicit(T[])"/>
    [Obsolete("This span is on the host: write device.Upload(span, length).", error: true)]
    public static implicit operator DeviceIn<T>(Span<T> host) => throw new NotSupportedException();
}
