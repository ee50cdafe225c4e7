using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

public unsafe class RowSumTests
{
    [Fact]
    public void RowsAreAddedElementByElement()
    {
        for (int n = 0; n < 70; n++)
        {
            double[] from = [.. Enumerable.Range(0, n).Select(i => 0.1 + i)], to = [.. Enumerable.Range(0, n + 1).Select(i => 1.0 / (i + 1))];
            double[] expected = [.. Enumerable.Range(0, n + 1).Select(i => i < n ? to[i] + from[i] : to[i])];
            float[] fromFloats = [.. from.Select(x => (float)x)], toFloats = [.. to.Select(x => (float)x)];
            float[] expectedFloats = [.. Enumerable.Range(0, n + 1).Select(i => i < n ? toFloats[i] + fromFloats[i] : toFloats[i])];
            fixed (double* p = from, q = to) Lanes.Add(p, q, n);
            fixed (float* p = fromFloats, q = toFloats) Lanes.Add(p, q, n);
            Assert.Equal(expected, to);
            Assert.Equal(expectedFloats, toFloats);
        }
    }
}
