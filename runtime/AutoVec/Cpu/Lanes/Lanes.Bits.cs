using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoVec.Cpu;

/// <summary>
/// For loops of which only the trips matter whose bit of a number is 1. Trip <c>i</c> belongs to the bit at <c>first + i</c>, or <c>first − i</c>: modulo 32 or 64, as C# shifts.
/// </summary>
public static unsafe partial class Lanes
{
    /// <summary>The least trip from <paramref name="trip"/> on whose bit, at <c>first + trip</c>, is 1; <see cref="int.MaxValue"/> if there is none.</summary>
    /// <param name="word">The number.</param>
    /// <param name="first">The place of trip 0.</param>
    /// <param name="trip">At least 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BitAbove(int word, int first, int trip)
    {
        uint rest = BitOperations.RotateRight((uint)word, first + trip);
        return rest == 0 ? int.MaxValue : (int)Math.Min((uint)trip + (uint)BitOperations.TrailingZeroCount(rest), int.MaxValue);
    }

    /// <inheritdoc cref="BitAbove(int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BitAbove(long word, int first, int trip)
    {
        ulong rest = BitOperations.RotateRight((ulong)word, first + trip);
        return rest == 0 ? int.MaxValue : (int)Math.Min((uint)trip + (uint)BitOperations.TrailingZeroCount(rest), int.MaxValue);
    }

    /// <summary>The least trip from <paramref name="trip"/> on whose bit, at <c>first − trip</c>, is 1; <see cref="int.MaxValue"/> if there is none.</summary>
    /// <param name="word">The number.</param>
    /// <param name="first">The place of trip 0.</param>
    /// <param name="trip">At least 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BitBelow(int word, int first, int trip)
    {
        uint rest = BitOperations.RotateRight((uint)word, first - trip + 1);
        return rest == 0 ? int.MaxValue : (int)Math.Min((uint)trip + (uint)BitOperations.LeadingZeroCount(rest), int.MaxValue);
    }

    /// <inheritdoc cref="BitBelow(int, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BitBelow(long word, int first, int trip)
    {
        ulong rest = BitOperations.RotateRight((ulong)word, first - trip + 1);
        return rest == 0 ? int.MaxValue : (int)Math.Min((uint)trip + (uint)BitOperations.LeadingZeroCount(rest), int.MaxValue);
    }

    /// <summary>How many bits are 1 at <paramref name="first"/> and the <paramref name="count"/> − 1 places above it, each as often as it is counted; wraps as a sum of <c>int</c> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Ones(int word, int first, int count)
    {
        uint bits = BitOperations.RotateRight((uint)word, first);
        count = Math.Max(count, 0);
        return (count >> 5) * BitOperations.PopCount(bits) + BitOperations.PopCount(bits & ((1u << count) - 1));
    }
}
