using AutoVec.Compiler.Ir;
using AutoVec.Tests.Random;

namespace AutoVec.Compiler.Tests.Ir;

public class RoundTripTests
{
    private const string Everything = """
        fun All(x: f64[n], w: f64[n, m], k: i32, c: bool) {
          a = x[k]
          row = w[k, :]
          z, zz = build i<n, j<m {
            v = w[i, j]
            p = v * -2.5
            yield p, 1.0f
          }
          s = reduce argmax i.3<n {
            v.1 = x[i.3]
            yield v.1
          }
          t = scatter [n, 3] i.1<n, j.1<m {
            v.2 = w[i.1, j.1]
            yield i.1, 0, v.2
          }
          x.1 = x with [k] = a
          w.1 = w at [k, :] += row
          h, q = loop (h0: f64[n] = x.1, q0: i32 = 0) for i.2<n {
            q1 = q0 + 1
            yield h0, q1
          }
          r = loop (r0: i32 = q) while {
            b = r0 < 10
            yield b
          } {
            r1 = r0 << 1
            yield r1
          }
          y = if c {
            e = exp a
            yield e
          } else {
            yield -inf
          }
          f = max a 0.0
          g = select c f nan
          yield y, h, g, t
        }

        """;

    [Fact]
    public void Text_that_is_read_prints_the_same()
    {
        string text = Everything.ReplaceLineEndings("\n");
        Assert.Equal(text, Printer.Print(Verifier.Check(Parser.Parse(text), "parse")));
    }

    [Fact]
    public void Callees_follow_the_function()
    {
        var f = Parser.Parse("""
            fun Main(x: f32[n]) {
              r: f32 = call `M:Np.Sum(System.Single[])` x
              yield r
            }
            fun `M:Np.Sum(System.Single[])`(a: f32[d]) {
              s = reduce + i<d { v = a[i]
                yield v }
              yield s
            }
            """);
        Assert.Equal(f, Parser.Parse(f.ToString()));
        Assert.Equal(6, Interpreter.Run(Verifier.Check(f, "parse"), Value.From(new float[] { 1, 2, 3 }))[0].AsDouble);
    }

    [Fact]
    public void Random_programs_survive_the_text_form() => PassFuzz.Check(0, 300, ("parse", f => Parser.Parse(Printer.Print(f))));
}
