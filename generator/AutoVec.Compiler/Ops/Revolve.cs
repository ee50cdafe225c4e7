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

    private int _first, _last;

    /// <summary>How many slots the range may use, with that of its first segment; and how many those around it have taken.</summary>
    private int _slots, _taken;

    /// <summary>The least t for which the range is no longer than C(slots + t, slots); that number, and those for t - 1 and t - 2.</summary>
    private int _times;
    private long _most, _less, _least;

    private Revolve(int segments, int slots)
    {
        (_first, _last, _taken, _slots, _times) = (0, segments - 1, 0, slots > MostSlots ? MostSlots : slots, 0);
        (_most, _less, _least) = (1, 0, 0);
        if (_slots < 2) return;
        while (_most < segments)
        {
            _times++;
            (_most, _less, _least) = (_most * (_slots + _times) / _times, _most, _less);
        }
    }

    /// <summary>How often a segment is run again at the most; at least two slots.</summary>
    public static int Times(int segments, int slots) => new Revolve(segments, slots)._times;

    /// <summary>The segment with whose state the runs begin that lead to <paramref name="last"/>, after all behind that have been reversed.</summary>
    public static int Restart(int segments, int slots, int last) => slots >= segments ? last : Of(segments, slots, last)._first;

    /// <summary>The slot in which that state is.</summary>
    public static int Top(int segments, int slots, int last) => slots >= segments ? last : Of(segments, slots, last)._taken;

    private static Revolve Of(int segments, int slots, int last)
    {
        var way = new Revolve(segments, slots);
        while (way._last != last && way.Descend(last)) { }
        return way;
    }

    /// <summary>On the way through a range, whose first state is in the first of so many slots: the slot for the state at entry of a segment, both counted from there; −1: it is not kept.</summary>
    public static int Slot(int segments, int slots, int segment)
    {
        if (slots >= segments) return segment;
        var way = new Revolve(segments, slots);
        while (way._first < segment)
            if (!way.Descend(segments - 1)) return -1;
        return way._first == segment ? way._taken : -1;
    }

    /// <summary>Goes on with the part of the range in which the segment is; false where it is not split.</summary>
    private bool Descend(int segment)
    {
        int count = _last - _first + 1;
        if (count < 2 || _slots < 2) return false;
        // C(s - 1 + t, s - 1) behind at the most. At least C(s + t - 2, s) before: these are run again less than t times.
        long behind = _most - _less, before = _least > count - behind ? _least : count - behind;
        int middle = _first + (before > 1 ? (int)before : 1);
        if (segment >= middle)
        {
            _first = middle;
            _taken++;
            _slots--;
            (_most, _less) = (behind, _less - _least);
            _least = Fewer();
            return true;
        }
        _last = middle - 1;
        do
        {
            _times--;
            (_most, _less) = (_less, _least);
            _least = Fewer();
        }
        while (_less >= middle - _first);
        return true;
    }

    /// <summary>C(s + t - 2, s) from C(s + t - 1, s).</summary>
    private readonly long Fewer() => _times < 2 ? 0 : _less * (_times - 1) / (_slots + _times - 1);
}
