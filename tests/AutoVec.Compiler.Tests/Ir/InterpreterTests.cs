using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Tests.Ir;

public class InterpreterTests
{
    private static Value Run(string body, params Value[] args) => Interpreter.Run(Parser.Parse(body), args)[0];

    private static Value Reduce(string kind, params double[] x) =>
        Run($"fun F(x: f64[n]) {{ r = reduce {kind} i<n {{ v = x[i]\n yield v }}\n yield r }}", Value.From(x));

    [Fact]
    public void Empty_reductions_give_their_unit()
    {
        Assert.Equal(0, Reduce("+").AsDouble);
        Assert.Equal(1, Reduce("*").AsDouble);
        Assert.Equal(double.NegativeInfinity, Reduce("max").AsDouble);
        Assert.Equal(-1, Reduce("argmax").AsDouble);
    }

    [Fact]
    public void The_first_of_equals_wins() => Assert.Equal(1, Reduce("argmax", 1, 3, 3, 2).AsDouble);

    [Fact]
    public void Max_propagates_NaN() => Assert.True(double.IsNaN(Reduce("max", 1, double.NaN, 3).AsDouble));

    [Fact]
    public void Reads_are_checked() => Assert.Contains("index 3 of 'x' is outside [0, 3)",
        Assert.Throws<IndexOutOfRangeException>(() => Run("fun F(x: f64[n], k: i32) { a = x[k]\n yield a }", Value.From(new double[3]), Value.Of(3))).Message);

    [Fact]
    public void A_scatter_adds_and_ignores_a_guarded_zero_outside() => Assert.Equal([0.0, 3.0], Run("""
        fun F(x: f64[n]) {
          s = scatter [2] i<n {
            o = i == 2
            v = x[i]
            e = select o 0.0 v
            at = select o 9 1
            yield at, e
          }
          yield s
        }
        """, Value.From(new[] { 1.0, 2.0, 4.0 })).ToDoubles());

    [Fact]
    public void Writes_leave_the_old_version_alone() => Assert.Equal(5, Run("""
        fun F(x: f64[n]) {
          y = x with [0] = 4.0
          a = x[0]
          b = y[0]
          c = a + b
          yield c
        }
        """, Value.From(new[] { 1.0 })).AsDouble);

    [Fact]
    public void Extents_of_arguments_must_agree() => Assert.Contains("dimension 0 of 'y' is 2, but n is 1",
        Assert.Throws<ArgumentException>(() => Run("fun F(x: f64[n], y: f64[n]) { yield x }", Value.From(new double[1]), Value.From(new double[2]))).Message);
}
