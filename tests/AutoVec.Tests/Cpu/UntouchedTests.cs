using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

public unsafe class UntouchedTests
{
    /// <summary>Windows that overlap, touch, nest, are empty, come in any order: the sums are those of an array that was zeros.</summary>
    [Fact]
    public void Sums_are_those_of_zeros()
    {
        var random = new Random(1);
        nint* ends = stackalloc nint[2 + (2 * 12)];
        for (int round = 0; round < 2000; round++)
        {
            int length = random.Next(0, 40), windows = random.Next(0, 12);
            double[] expected = new double[length], got = new double[length];
            Array.Fill(got, double.NaN);
            fixed (double* array = got)
            {
                var untouched = new Untouched<double>(array, length, ends);
                for (int k = 0; k < windows; k++)
                {
                    int from = random.Next(0, length + 1), size = random.Next(-1, length - from + 1);
                    bool first = false;
                    if (k % 2 == 0) first = untouched.Claim(from, size);
                    else untouched.Open(from, size);
                    for (int i = from; i < from + size; i++)
                    {
                        expected[i] += k + 1;
                        got[i] = first ? k + 1 : got[i] + k + 1;
                    }
                }
                untouched.Finish();
            }
            Assert.Equal(expected, got);
        }
    }

    [Fact]
    public void Neighbours_are_one_range()
    {
        double* array = stackalloc double[6];
        nint* ends = stackalloc nint[4];
        new Span<double>(array, 6).Fill(double.NaN);
        var untouched = new Untouched<double>(array, 6, ends);
        Assert.True(untouched.Claim(3, 2));
        Assert.True(untouched.Claim(1, 2));
        Assert.False(untouched.Claim(4, 2));
        untouched.Finish();
        Assert.Equal([0, double.NaN, double.NaN, double.NaN, double.NaN, 0], new Span<double>(array, 6).ToArray());
        Assert.Equal((1, 6), (ends[0], ends[1]));
    }
}
