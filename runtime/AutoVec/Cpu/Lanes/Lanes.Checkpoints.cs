using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>The schedule of binomial checkpoints. Lanes that follow schedules of their own take them one after the other: it is little beside the trips between two calls.</summary>
public static unsafe partial class Lanes
{
    /// <summary>The segment with whose state the runs begin that lead to <paramref name="last"/>, after all behind that have been reversed.</summary>
    public static int Restart(int segments, int slots, int last) => Revolve.Restart(segments, slots, last);

    /// <inheritdoc cref="Restart(int, int, int)"/>
    public static Vector512<int> Restart(Vector512<int> segments, Vector512<int> slots, Vector512<int> last) => Vector512.Create(
        Restart(segments.GetLower(), slots.GetLower(), last.GetLower()), Restart(segments.GetUpper(), slots.GetUpper(), last.GetUpper()));

    /// <inheritdoc cref="Restart(int, int, int)"/>
    public static Vector256<int> Restart(Vector256<int> segments, Vector256<int> slots, Vector256<int> last) => Vector256.Create(
        Restart(segments.GetLower(), slots.GetLower(), last.GetLower()), Restart(segments.GetUpper(), slots.GetUpper(), last.GetUpper()));

    /// <inheritdoc cref="Restart(int, int, int)"/>
    public static Vector128<int> Restart(Vector128<int> segments, Vector128<int> slots, Vector128<int> last) => Vector128.Create(
        Restart(segments.GetLower(), slots.GetLower(), last.GetLower()), Restart(segments.GetUpper(), slots.GetUpper(), last.GetUpper()));

    /// <inheritdoc cref="Restart(int, int, int)"/>
    public static Vector64<int> Restart(Vector64<int> segments, Vector64<int> slots, Vector64<int> last) => Vector64.Create(
        Restart(segments[0], slots[0], last[0]), Restart(segments[1], slots[1], last[1]));

    /// <summary>The slot in which the state of <see cref="Restart(int, int, int)"/> is.</summary>
    public static int Top(int segments, int slots, int last) => Revolve.Top(segments, slots, last);

    /// <inheritdoc cref="Top(int, int, int)"/>
    public static Vector512<int> Top(Vector512<int> segments, Vector512<int> slots, Vector512<int> last) => Vector512.Create(
        Top(segments.GetLower(), slots.GetLower(), last.GetLower()), Top(segments.GetUpper(), slots.GetUpper(), last.GetUpper()));

    /// <inheritdoc cref="Top(int, int, int)"/>
    public static Vector256<int> Top(Vector256<int> segments, Vector256<int> slots, Vector256<int> last) => Vector256.Create(
        Top(segments.GetLower(), slots.GetLower(), last.GetLower()), Top(segments.GetUpper(), slots.GetUpper(), last.GetUpper()));

    /// <inheritdoc cref="Top(int, int, int)"/>
    public static Vector128<int> Top(Vector128<int> segments, Vector128<int> slots, Vector128<int> last) => Vector128.Create(
        Top(segments.GetLower(), slots.GetLower(), last.GetLower()), Top(segments.GetUpper(), slots.GetUpper(), last.GetUpper()));

    /// <inheritdoc cref="Top(int, int, int)"/>
    public static Vector64<int> Top(Vector64<int> segments, Vector64<int> slots, Vector64<int> last) => Vector64.Create(
        Top(segments[0], slots[0], last[0]), Top(segments[1], slots[1], last[1]));

    /// <summary>On the way through a range, whose first state is in the first of so many slots: the slot for the state at entry of a segment, both counted from there; −1: it is not kept.</summary>
    public static int Slot(int segments, int slots, int segment) => Revolve.Slot(segments, slots, segment);

    /// <inheritdoc cref="Slot(int, int, int)"/>
    public static Vector512<int> Slot(Vector512<int> segments, Vector512<int> slots, Vector512<int> segment) => Vector512.Create(
        Slot(segments.GetLower(), slots.GetLower(), segment.GetLower()), Slot(segments.GetUpper(), slots.GetUpper(), segment.GetUpper()));

    /// <inheritdoc cref="Slot(int, int, int)"/>
    public static Vector256<int> Slot(Vector256<int> segments, Vector256<int> slots, Vector256<int> segment) => Vector256.Create(
        Slot(segments.GetLower(), slots.GetLower(), segment.GetLower()), Slot(segments.GetUpper(), slots.GetUpper(), segment.GetUpper()));

    /// <inheritdoc cref="Slot(int, int, int)"/>
    public static Vector128<int> Slot(Vector128<int> segments, Vector128<int> slots, Vector128<int> segment) => Vector128.Create(
        Slot(segments.GetLower(), slots.GetLower(), segment.GetLower()), Slot(segments.GetUpper(), slots.GetUpper(), segment.GetUpper()));

    /// <inheritdoc cref="Slot(int, int, int)"/>
    public static Vector64<int> Slot(Vector64<int> segments, Vector64<int> slots, Vector64<int> segment) => Vector64.Create(
        Slot(segments[0], slots[0], segment[0]), Slot(segments[1], slots[1], segment[1]));
}
