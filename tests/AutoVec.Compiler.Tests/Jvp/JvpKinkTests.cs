namespace AutoVec.Compiler.Tests.Jvp;

/// <summary>Where a tangent is a matter of definition, and where a careless one is NaN: as in reverse mode.</summary>
public class JvpKinkTests
{
    private static double[] Along(string text, object[] args, object[] direction) => Tangents.Along(text, args, direction);

    [Theory]
    [InlineData("y = max x 0.0", 0.0, 0.0)]
    [InlineData("y = max x 0.0", 1.0, 3.0)]
    [InlineData("y = min x 2.0", 2.0, 0.0)]
    [InlineData("y = abs x", 0.0, 0.0)]
    [InlineData("y = abs x", -2.0, -3.0)]
    [InlineData("y = sqrt x", 0.0, double.PositiveInfinity)]
    [InlineData("y = floor x", 1.5, 0.0)]
    [InlineData("y = pow x 0.0", 0.0, 0.0)]
    [InlineData("y = pow x 2.0", 0.0, 0.0)]
    [InlineData("y = pow 0.0 x", 2.0, 0.0)]
    [InlineData("c = x > 0.0\n l = log x\n y = select c l 0.0", 0.0, 0.0)]
    [InlineData("l = log x\n c = l > 0.0\n y = if c { m = log x\n n = m * m\n yield n } else { yield 0.0 }", 0.0, 0.0)]
    [InlineData("i = i32 x\n y = f64 i", 1.5, 0.0)]
    public void Of_one_argument(string code, double x, double expected) =>
        Assert.Equal([expected], Along($"fun F(x: f64) {{ {code}\n yield y }}", [x], [3.0]));

    [Fact]
    public void A_tie_of_two_inputs_takes_half_of_each() =>
        Assert.Equal([0.5 * 3 + 0.5 * 5], Along("fun F(x: f64, y: f64) { z = max x y\n yield z }", [2.0, 2.0], [3.0, 5.0]));

    /// <summary>y depends on an input, though its derivative is 0 there: ties are decided as in reverse mode.</summary>
    [Fact]
    public void Whether_an_operand_depends_on_an_input_is_not_asked_of_its_tangent() =>
        Assert.Equal([1.5], Along("fun F(x: f64, y: f64) { s = copysign 1.0 y\n z = max x s\n yield z }", [1.0, 2.0], [3.0, 5.0]));

    [Fact]
    public void The_winners_tangent_whatever_the_losers_derivative() =>
        Assert.Equal([0.5], Along("""
            fun F(x: f64[n]) {
              m = reduce max i<n { a = x[i]
                l = log a
                yield l }
              yield m
            }
            """, [new[] { 0.0, 4.0, 4.0 }], [new[] { 7.0, 2.0, 9.0 }]));

    [Theory]
    [InlineData(new[] { 2.0, 3, 4 }, 12 * 1 + 8 * 10 + 6 * 100)]
    [InlineData(new[] { 2.0, 0, 4 }, 8 * 10)]
    [InlineData(new[] { 0.0, 3, 0 }, 0)]
    [InlineData(new[] { 1e-200, 1e-200, 1e200 }, 1 + 10)]
    public void The_product_rule_at_zeros(double[] x, double expected) => Assert.Equal(expected, Along("""
        fun F(x: f64[n]) {
          p = reduce * i<n { b = x[i]
            yield b }
          yield p
        }
        """, [x], [new[] { 1.0, 10, 100 }])[0], 1e-9);

    [Fact]
    public void No_trips_and_no_elements_leave_zeros() => Assert.Equal([0.0, 0.0, 0.0, 1.0], Along("""
        fun F(x: f64[n], a: f64) {
          s = reduce + i<n { b = x[i]
            l = log b
            yield l }
          p = reduce * k<n { d = x[k]
            yield d }
          m = reduce max j<n { c = x[j]
            yield c }
          t = loop (t0: f64 = a) for q<0 { u = sqrt t0
            yield u }
          yield s, p, m, t
        }
        """, [Array.Empty<double>(), 0.0], [Array.Empty<double>(), 1.0]));

    [Fact]
    public void A_tangent_of_zero_stays_beside_a_choice_that_is_not_taken() => Assert.Equal([0.0, 2.0], Along("""
        fun F(x: f64[n]) {
          y = build i<n { a = x[i]
            c = a > 0.0
            s = if c { l = sqrt a
              yield l } else { yield 0.0 }
            yield s }
          yield y
        }
        """, [new[] { 0.0, 1.0 }], [new[] { 1.0, 4.0 }]));
}
