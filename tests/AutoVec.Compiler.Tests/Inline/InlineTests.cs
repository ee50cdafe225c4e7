using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Inline.Inline;

namespace AutoVec.Compiler.Tests.Inline;

public class InlineTests
{
    private static void Gives(string before, string after)
    {
        var g = PassText.Gives(Pass.Run, before, after);
        foreach (int n in new[] { 0, 1, 3 }) PassText.SameMeaning(Parser.Parse(before), g, [n]);
    }

    [Fact]
    public void Sizes_are_bound_to_the_extents_of_the_arguments() => Gives("""
        fun F(w: f64[n, k], x: f64[k], i: i32) {
          row = w[0, :]
          d: f64 = call Dot row x
          e: f64 = call Dot x x
          s = d + e
          yield s
        }
        fun Dot(a: f64[m], b: f64[p]) {
          r = loop (s: f64 = 0.0) for i<m {
            u = a[i]
            v = b[i]
            t = u * v
            s1 = s + t
            yield s1
          }
          yield r
        }
        """, """
        fun F(w: f64[n, k], x: f64[k], i: i32) {
          row = w[0, :]
          r.1 = loop (s.1: f64 = 0.0) for i.1<k {
            u.1 = row[i.1]
            v.1 = x[i.1]
            t.1 = u.1 * v.1
            s1.1 = s.1 + t.1
            yield s1.1
          }
          r.2 = loop (s.2: f64 = 0.0) for i.2<k {
            u.2 = x[i.2]
            v.2 = x[i.2]
            t.2 = u.2 * v.2
            s1.2 = s.2 + t.2
            yield s1.2
          }
          s = r.1 + r.2
          yield s
        }
        """);

    [Fact]
    public void Callees_call_callees_and_calls_stand_in_blocks() => Gives("""
        fun F(x: f64[n], p: bool) {
          y = build i<n {
            v = x[i]
            e = if p { q: f64 = call Square v
              yield q } else { yield v }
            yield e
          }
          yield y
        }
        fun Square(a: f64) { t: f64 = call Times a a
          yield t }
        fun Times(a: f64, b: f64) { c = a * b
          yield c }
        """, """
        fun F(x: f64[n], p: bool) {
          y = build i<n {
            v = x[i]
            e = if p { c.1 = v * v
              yield c.1 } else { yield v }
            yield e
          }
          yield y
        }
        """);

    [Fact]
    public void Extents_computed_inside_are_results_of_the_call() => Gives("""
        fun F(x: f64[n], w: f64[k]) {
          m: i32, y: f64[m] = call Valid x w
          z = loop (h: f64[m] = y) for i<m {
            h1 = h with [i] = 1.0
            yield h1
          }
          yield y, z
        }
        fun Valid(a: f64[p], b: f64[q]) {
          d = p - q
          m = d + 1
          y = build i<m { v = a[i]
            yield v }
          yield m, y
        }
        """, """
        fun F(x: f64[n], w: f64[k]) {
          d.1 = n - k
          m.1 = d.1 + 1
          y.1 = build i.1<m.1 { v.1 = x[i.1]
            yield v.1 }
          z = loop (h: f64[m.1] = y.1) for i<m.1 {
            h1 = h with [i] = 1.0
            yield h1
          }
          yield y.1, z
        }
        """);

    [Fact]
    public void Names_of_caller_and_callee_may_be_the_same_in_any_order()
    {
        var f = Parser.Parse("""
            fun F(a: f64, b: f64) {
              r.1: f64 = call Less b a
              yield r.1
            }
            fun Less(a: f64, b: f64) {
              r.1 = a - b
              r.2 = r.1 * 2.0
              r.3 = r.2 - a
              yield r.3
            }
            """);
        Assert.Equal((5 - 3) * 2.0 - 5, Interpreter.Run(Verifier.Check(Pass.Run(f), "inline"), Value.Of(3.0), Value.Of(5.0))[0].AsDouble);
    }

    [Fact]
    public void A_parameter_returned_is_the_argument() => Gives("""
        fun F(x: f64[n], a: f64) {
          y: f64[n], b: f64 = call Same x 2.0
          c = a * b
          yield y, c
        }
        fun Same(v: f64[m], a: f64) { yield v, a }
        """, """
        fun F(x: f64[n], a: f64) {
          c = a * 2.0
          yield x, c
        }
        """);

    [Fact]
    public void Recursion_is_an_error() => Assert.Contains("recursion cannot be inlined", Assert.Throws<InvalidOperationException>(() => Pass.Run(Parser.Parse("""
        fun F(x: f64) { y: f64 = call G x
          yield y }
        fun G(x: f64) { y: f64 = call G x
          yield y }
        """))).Message);
}
