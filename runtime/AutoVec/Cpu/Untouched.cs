using System.ComponentModel;

namespace AutoVec.Cpu;

/// <summary>
/// An array that begins as zeros and is added to, window by window, without having been filled: it knows what has been touched. A window that has
/// not may be written instead; what is left in the end is filled.
/// </summary>
/// <remarks>The touched parts are kept as disjoint ranges in ascending order, neighbours joined: of windows without gaps between them there is one.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe ref struct Untouched<T> where T : unmanaged
{
    private readonly T* array;
    private readonly nint length;
    private readonly nint* ends;     // from, to, from, to …
    private int count;

    /// <param name="array">The elements, whatever they hold.</param>
    /// <param name="length">Their number.</param>
    /// <param name="ends">Room for two numbers more than twice as many as there will be windows.</param>
    public Untouched(T* array, nint length, nint* ends)
    {
        this.array = array;
        this.length = length;
        this.ends = ends;
    }

    /// <summary>Is the window untouched as a whole, so that it may be written? Otherwise it is opened. It is touched from now on.</summary>
    public bool Claim(nint from, nint size)
    {
        if (size <= 0) return true;
        nint to = from + size;
        int first = 0;
        while (first < count && ends[(2 * first) + 1] < from) first++;
        int last = first;       // the ranges that meet the window, from first to before last
        bool untouched = true;
        nint at = from;
        for (; last < count && ends[2 * last] <= to; last++)
        {
            nint begin = ends[2 * last], end = ends[(2 * last) + 1];
            if (end > from && begin < to) untouched = false;
        }

        if (!untouched)
        {
            for (int k = first; k < last; k++)
            {
                if (ends[2 * k] > at) Lanes.Fill(array + at, Math.Min(ends[2 * k], to) - at, default);
                at = Math.Max(at, ends[(2 * k) + 1]);
            }

            if (at < to) Lanes.Fill(array + at, to - at, default);
        }

        if (last > first)
        {
            from = Math.Min(from, ends[2 * first]);
            to = Math.Max(to, ends[(2 * last) - 1]);
        }

        Buffer.MemoryCopy(ends + (2 * last), ends + (2 * first) + 2, 2 * (count - last) * sizeof(nint), 2 * (count - last) * sizeof(nint));
        count += 1 - (last - first);
        (ends[2 * first], ends[(2 * first) + 1]) = (from, to);
        return untouched;
    }

    /// <summary>Makes the window what it was said to be: zeros, where nothing has been added yet.</summary>
    public void Open(nint from, nint size)
    {
        if (Claim(from, size) && size > 0) Lanes.Fill(array + from, size, default);
    }

    /// <summary>Fills what no window has touched.</summary>
    public void Finish()
    {
        nint at = 0;
        for (int k = 0; k < count; k++)
        {
            Lanes.Fill(array + at, ends[2 * k] - at, default);
            at = ends[(2 * k) + 1];
        }

        Lanes.Fill(array + at, length - at, default);
    }
}
