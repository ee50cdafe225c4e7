namespace AutoVec;

/// <summary>
/// Which states of a long computation are kept in few slots while it is gone through backwards, segment by segment: binomial checkpoints (Griewank and Walther, <i>Algorithm 799:
/// revolve</i>, 2000). With s slots, and each segment run again at most t times, C(s + t, s) segments can be reversed, and no other choice of states runs less again.
/// A range of segments whose first has its state in a slot is split in two: first what lies behind is reversed, with one slot less, then what lies before. So the states that are kept
/// when a segment is reversed follow from its number alone, by going from the whole range to that segment, and nobody need remember them.
/// </summary>
/// <remarks>The runtime has this file too: interpreter, lanes and GPU kernels follow one schedule.</remarks>
internal struct Revolve
{
    /// <summary>More slots are not used, unless there is one for each segment: 512 reverse 100 000 segments with two runs of each, and 20 million with three.</summary>
    public const int MostSlots = 512;

    /// <summary>The range; the state of the first is in <see cref="_slot"/>.</summary>
    private int _first, _last, _slot;

    /// <summary>How many slots the range may use, with that one.</summary>
    private int _slots;

    /// <summary>The least t for which the range is no longer than C(slots + t, slots), and that.</summary>
    private int _times;
    private long _most;

    private Revolve(int segments, int slots)
    {
        (_first, _last, _slot, _slots, _times, _most) = (0, segments - 1, 0, slots > MostSlots ? MostSlots : slots, 0, 1);
        if (_slots < 2) return;
        while (_most < segments)
        {
            _times++;
            _most = _most * (_slots + _times) / _times;
        }
    }

    /// <summary>The segment with whose state the runs begin that lead to <paramref name="last"/>, after all behind that have been reversed.</summary>
    public static int Start(int segments, int slots, int last)
    {
        if (slots >= segments) return last;
        var way = new Revolve(segments, slots);
        while (way._last != last && way.Descend(last)) { }
        return way._first;
    }

    /// <summary>The slot for the state at entry of a segment, when the runs lead to <paramref name="last"/>; −1: it is not kept then.</summary>
    public static int Slot(int segments, int slots, int last, int segment)
    {
        if (slots >= segments) return segment;
        var way = new Revolve(segments, slots);
        while (way._first < segment)
            if (!way.Descend(last)) return -1;
        return way._first == segment ? way._slot : -1;
    }

    /// <summary>Goes on with the part of the range in which the segment is; false where it is not split.</summary>
    private bool Descend(int segment)
    {
        int count = _last - _first + 1;
        if (count < 2 || _slots < 2) return false;
        // C(s + t - 1, s) before at the most, C(s - 1 + t, s - 1) behind. At least C(s + t - 2, s) before: these are run again less than t times.
        long before = _most * _times / (_slots + _times), behind = _most - before;
        long least = before * (_times - 1) / (_slots + _times - 1);
        int middle = _first + (int)(least > count - behind ? least : count - behind);
        if (middle <= _first) middle = _first + 1;
        if (segment < middle)
        {
            (_last, _most) = (middle - 1, before);
            _times--;
        }
        else
        {
            (_first, _most) = (middle, behind);
            _slot++;
            _slots--;
        }
        for (count = _last - _first + 1; _times > 0; _times--)
        {
            long less = _most * _times / (_slots + _times);
            if (less < count) break;
            _most = less;
        }
        return true;
    }
}
