using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.MinCut.MinCut;
using Simplifier = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.MinCut;

public class MinCutTests
{
    private static void Gives(string before, string after)
    {
        PassText.Gives(f => Simplifier.Run(Pass.Run(f)), before, after);
        foreach (int n in new[] { 0, 1, 2, 5 }) PassText.SameMeaning(Parser.Parse(before), Pass.Run(Parser.Parse(before)), [n, 3]);
    }

    private static void Stays(string text)
    {
        var f = Parser.Parse(text);
        Assert.Same(f, Pass.Run(f));
    }

    [Fact]
    public void A_comparison_is_stored_instead_of_what_is_compared() => Gives("""
        fun F(x: f64[n], w: f64, a: f64) {
          t = build i<n { yield undef }
          s, tape = loop (s0: f64 = a, t0: f64[n] = t) for i.1<n {
            t1 = t0 with [i.1] = s0
            p = s0 * w
            e = x[i.1]
            q = p + e
            c = q > 0.0
            s1 = select c q 0.0
            yield s1, t1
          }
          b = loop (b0: f64 = 1.0) for u<n {
            m = n - 1
            i.2 = m - u
            s2 = tape[i.2]
            p.1 = s2 * w
            e.1 = x[i.2]
            q.1 = p.1 + e.1
            c.1 = q.1 > 0.0
            b1 = select c.1 b0 0.0
            b2 = b1 * w
            yield b2
          }
          yield s, b
        }
        """, """
        fun F(x: f64[n], w: f64, a: f64) {
          tape.2 = build i.3<n {
            yield false
          }
          s, tape.4 = loop (s0: f64 = a, tape.1: bool[n] = tape.2) for i.1<n {
            p = s0 * w
            e = x[i.1]
            q = p + e
            c = q > 0.0
            s1 = select c q 0.0
            tape.3 = tape.1 with [i.1] = c
            yield s1, tape.3
          }
          m = n - 1
          b = loop (b0: f64 = 1.0) for u<n {
            i.2 = m - u
            c.1 = tape.4[i.2]
            b1 = select c.1 b0 0.0
            b2 = b1 * w
            yield b2
          }
          yield s, b
        }
        """);

    [Fact]
    public void One_number_is_stored_instead_of_the_two_it_is_made_of() => Gives("""
        fun F(a: f64, b: f64, n: i32) {
          t = build i<n { yield undef }
          z = build j<n { yield undef }
          s, r, tape, tape.1 = loop (s0: f64 = a, r0: f64 = b, t0: f64[n] = t, z0: f64[n] = z) for i.1<n {
            t1 = t0 with [i.1] = s0
            z1 = z0 with [i.1] = r0
            p = s0 + r0
            q = sin p
            s1 = s0 + q
            yield s1, q, t1, z1
          }
          g, h = loop (g0: f64 = 1.0, h0: f64 = 0.0) for u<n {
            m = n - 1
            i.2 = m - u
            s2 = tape[i.2]
            r2 = tape.1[i.2]
            p.1 = s2 + r2
            k = cos p.1
            v = g0 + h0
            y = v * k
            g1 = g0 + y
            yield g1, y
          }
          yield s, g, h
        }
        """, """
        fun F(a: f64, b: f64, n: i32) {
          tape.3 = build i.3<n {
            yield undef
          }
          s, r, tape.5 = loop (s0: f64 = a, r0: f64 = b, tape.2: f64[n] = tape.3) for i.1<n {
            p = s0 + r0
            q = sin p
            s1 = s0 + q
            k.1 = cos p
            tape.4 = tape.2 with [i.1] = k.1
            yield s1, q, tape.4
          }
          m = n - 1
          g, h = loop (g0: f64 = 1.0, h0: f64 = 0.0) for u<n {
            i.2 = m - u
            k = tape.5[i.2]
            v = g0 + h0
            y = v * k
            g1 = g0 + y
            yield g1, y
          }
          yield s, g, h
        }
        """);

    /// <summary>The state itself is asked for, and what is computed of it costs no byte.</summary>
    [Fact]
    public void What_is_needed_itself_stays() => Stays("""
        fun F(a: f64, n: i32) {
          t = build i<n { yield undef }
          s, tape = loop (s0: f64 = a, t0: f64[n] = t) for i.1<n {
            t1 = t0 with [i.1] = s0
            s1 = s0 * s0
            yield s1, t1
          }
          g = loop (g0: f64 = 1.0) for u<n {
            m = n - 1
            i.2 = m - u
            s2 = tape[i.2]
            k = s2 + s2
            g1 = g0 * k
            g2 = g1 * s2
            yield g2
          }
          yield s, g
        }
        """);
}
