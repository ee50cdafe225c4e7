using System.Runtime.Intrinsics;
using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

public class ReciprocalSqrtTests
{
    [Fact]
    public void Within_an_ulp_with_the_special_values_of_a_division()
    {
        float[] x = VMathCases.Floats(11, 1 << 16), y = VMathCases.Run("ReciprocalSqrt", 512, x);
        for (int i = 0; i < x.Length; i++)
        {
            // The root of −0 is −0, and what is divided by it −∞.
            double expected = 1 / Math.Sqrt(x[i]);
            Assert.True(VMathCases.UlpF32(y[i], expected) <= 1.5, $"1/√{x[i]:R} is {y[i]:R}, expected {expected:R}");
        }
    }

    [Fact]
    public void All_widths_give_the_same_bits()
    {
        float[] x = VMathCases.Floats(12, 1 << 14), y = VMathCases.Run("ReciprocalSqrt", 512, x);
        Assert.Equal(y, VMathCases.Run("ReciprocalSqrt", 256, x));
        Assert.Equal(y, VMathCases.Run("ReciprocalSqrt", 128, x));
    }

    [Fact]
    public void Powers_of_four_are_exact()
    {
        for (int k = -60; k <= 60; k++) Assert.Equal(MathF.ScaleB(1, -k), VMath.ReciprocalSqrt(Vector512.Create(MathF.ScaleB(1, 2 * k)))[0]);
    }
}
