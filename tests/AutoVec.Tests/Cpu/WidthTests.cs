using System.Runtime.Intrinsics;

namespace AutoVec.Tests.Cpu;

/// <summary>
/// CI runs what has vectors once more with narrower ones, by switches of the runtime. A switch that a new version of .NET no longer knows
/// would leave all of it at full width: <c>AUTOVEC_BITS</c> says which width is meant.
/// </summary>
public class WidthTests
{
    private static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    [Fact]
    public void Vectors_are_no_wider_than_asked_for()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_BITS"), out int asked)) asked = 512;
        Assert.InRange(Bits, 0, asked);
    }
}
