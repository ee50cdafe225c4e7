using AutoVec.Generator.Tests.Kit;

namespace AutoVec.Generator.Tests.Lowering;

/// <summary>C# in, IR out.</summary>
public class IrTextTests
{
    private static void Expect(string methods, string ir) => Assert.Equal(ir.Trim(), Lowered.FromMethods(methods)["F"].ToString().Trim());

    [Fact]
    public void A_sum_over_an_array_is_a_counted_loop_over_its_length() => Expect("""
        [Vectorize] public static float F(float[] x)
        {
            float s = 0;
            for (int i = 0; i < x.Length; i++) s += x[i];
            return s;
        }
        """, """
        fun F(x: f32[x_0]) {
          s.3 = loop (s.1: f32 = 0.0f) for i.1<x_0 {
            v.1 = x[i.1]
            s.2 = s.1 + v.1
            yield s.2
          }
          yield s.3
        }
        """);

    [Fact]
    public void An_early_return_moves_the_rest_into_the_other_branch() => Expect("""
        [Vectorize] public static float F(float x)
        {
            if (x < 0) return 0;
            float y = x * x;
            return y + 1;
        }
        """, """
        fun F(x: f32) {
          c.1 = x < 0.0f
          result.2 = if c.1 {
            yield 0.0f
          } else {
            y.1 = x * x
            result.1 = y.1 + 1.0f
            yield result.1
          }
          yield result.2
        }
        """);
}
