using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

public class BitTests
{
    private static readonly long[] Words = [0, 1, -1, 0x5555_5555_5555_5555, int.MinValue, long.MinValue, 0x8000_0001, 1L << 40, 40, -715827883];

    /// <summary>Trips are those of the loop that asks each bit.</summary>
    [Fact]
    public void Trips()
    {
        foreach (long word in Words)
            foreach (int first in new[] { 0, 1, -3, 31, 32, 63, 70, int.MaxValue, int.MinValue })
                foreach (int n in new[] { -1, 0, 1, 5, 32, 33, 64, 100 })
                {
                    int w = (int)word;
                    var all = Enumerable.Range(0, Math.Max(n, 0));
                    Assert.Equal(all.Where(i => (w >> first + i & 1) != 0), From(i => Lanes.BitAbove(w, first, i), n));
                    Assert.Equal(all.Where(i => (w >> first - i & 1) != 0), From(i => Lanes.BitBelow(w, first, i), n));
                    Assert.Equal(all.Where(i => (word >> first + i & 1) != 0), From(i => Lanes.BitAbove(word, first, i), n));
                    Assert.Equal(all.Where(i => (word >> first - i & 1) != 0), From(i => Lanes.BitBelow(word, first, i), n));
                    Assert.Equal(all.Sum(i => w >> first + i & 1), Lanes.Ones(w, first, n));
                }
    }

    /// <summary>The last trips that there can be.</summary>
    [Fact]
    public void Last_trips()
    {
        int last = int.MaxValue - 1;
        Assert.Equal(last, Lanes.BitAbove(1 << (last & 31), 0, last));
        Assert.Equal(int.MaxValue, Lanes.BitAbove(1 << (last - 1 & 31), 0, last));
        Assert.Equal(int.MaxValue, Lanes.BitBelow(0, 0, last));
        Assert.Equal(int.MaxValue, Lanes.BitBelow(2L, 0, last));
    }

    private static IEnumerable<int> From(Func<int, int> next, int n)
    {
        for (int i = next(0); i < n; i = next(i + 1)) yield return i;
    }
}
