using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Tests.Ops;

/// <summary>The schedule of binomial checkpoints, followed.</summary>
public class RevolveTests
{
    private static int Of(Op op, int segments, int slots, int at) => op.Evaluate([Const.I32(segments), Const.I32(slots), Const.I32(at)]).AsInt;

    /// <summary>Reverses all segments; what it needs is in its slot, or this fails. Returns how many segments were passed, and each how often.</summary>
    private static (long Passed, int Most) Follow(int segments, int slots)
    {
        var held = Enumerable.Repeat(-1, slots).ToArray();
        var runs = new int[segments];
        for (int last = segments - 1; last >= 0; last--)
        {
            bool isFirst = last == segments - 1;
            var (first, top) = isFirst ? (0, 0) : (Of(OpTable.Restart, segments, slots, last), Of(OpTable.Top, segments, slots, last));
            Assert.InRange(first, 0, last);
            if (!isFirst) Assert.Equal(first, held[top]);
            for (int p = first; p < last; p++)
            {
                int slot = Of(OpTable.Slot, last - first + 1, slots - top, p - first);
                if (slot >= 0) held[top + slot] = p;
                runs[p]++;
            }
        }
        return (runs.Sum(r => (long)r), segments == 0 ? 0 : runs.Max());
    }

    private static long Binomial(int n, int k)
    {
        long c = 1;
        for (int j = 1; j <= k; j++) c = c * (n - k + j) / j;
        return c;
    }

    /// <summary>Of Griewank and Walther's theorem: t·n − C(s + t, t − 1) runs, which is least, none of them more often than t times.</summary>
    [Fact]
    public void No_schedule_runs_less()
    {
        foreach (int slots in new[] { 1, 2, 3, 5, 8, 13 })
            foreach (int segments in Enumerable.Range(0, 80).Concat([164, 165, 166, 494, 495, 496]))
            {
                int t = 0;
                while (Binomial(slots + t, slots) < segments) t++;
                var (passed, most) = Follow(segments, slots);
                Assert.Equal(t == 0 ? 0 : ((long)t * segments) - Binomial(slots + t, t - 1), passed);
                Assert.True(most <= t, $"{segments} segments with {slots} slots: {most} runs, not {t}");
            }
    }

    /// <summary>A slot for each: none is run but once more.</summary>
    [Fact]
    public void A_slot_for_each_segment() => Assert.Equal((2000 - 1, 1), Follow(2000, 2000));

    [Fact]
    public void Any_operands_have_a_value()
    {
        int[] values = [int.MinValue, -1, 0, 1, 2, 9, 600, int.MaxValue];
        foreach (int segments in values)
            foreach (int slots in values)
                foreach (int at in values)
                    foreach (var op in new[] { OpTable.Restart, OpTable.Top, OpTable.Slot }) Of(op, segments, slots, at);
    }
}
