using AutoVec.Compiler.Ir;
using Pass = AutoVec.Compiler.Transforms.Fuse.Fuse;

namespace AutoVec.Compiler.Tests.Fuse;

/// <summary>A read that may be out of range keeps the array that it reads: without it, nothing would throw.</summary>
public class OutOfRangeTests
{
    [Theory]
    [InlineData("z = build k<m { yield 1.0 }")]
    [InlineData("z = build k<m { a = x[0]\n yield a }")]
    [InlineData("z = build k<m { a = x[k]\n b = exp a\n yield b }")]
    public void The_read_still_throws(string producer)
    {
        var f = Parser.Parse($$"""
            fun F(x: f64[n], m: i32) {
              {{producer}}
              y = build i<n {
                v = z[i]
                w = v + 1.0
                yield w
              }
              yield y
            }
            """);
        var fused = Verifier.Check(Pass.Run(f), "fuse");
        var x = Value.Of(Scalar.F64, [3], [1.0, 2, 3]);
        Assert.Throws<IndexOutOfRangeException>(() => { Interpreter.Run(fused, x, Value.Of(2)); });
        Assert.Equal(3, Interpreter.Run(fused, x, Value.Of(3))[0].Data.Length);
    }

    /// <summary>A branch that tests the index promises what the extents do not.</summary>
    [Fact]
    public void A_tested_read_is_replaced()
    {
        var f = Parser.Parse("""
            fun F(x: f64[n], m: i32) {
              z = build k<m { a = x[0]
                yield a }
              y = build i<n {
                j = i - 1
                c1 = j >= 0
                c2 = j < m
                c = c1 & c2
                w = if c {
                  v = z[j]
                  yield v
                } else { yield 0.0 }
                yield w
              }
              yield y
            }
            """);
        Assert.DoesNotContain(Verifier.Check(Pass.Run(f), "fuse").Body.Stmts, s => s is Build b && b.Dims[0].Extent.Equals(f.Params[1]));
    }
}
