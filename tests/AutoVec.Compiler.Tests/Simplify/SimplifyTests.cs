using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Tests.Random;
using Pass = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Simplify;

public class SimplifyTests
{
    private static void Gives(string before, string after, bool motion = false)
    {
        var g = PassText.Gives(f => Pass.Run(f, motion), before, after);
        foreach (int n in new[] { 0, 1, 3 }) PassText.SameMeaning(Parser.Parse(before), g, [n]);
    }

    /// <summary>Statements over x, y: f64, i, j: i32, p, q: bool; what is yielded after simplification.</summary>
    [Theory]
    [InlineData("t = 2.0 * 3.0", "6.0")]
    [InlineData("t = x * 1.0", "x")]
    [InlineData("t = x - 0.0", "x")]
    [InlineData("t = x + -0.0", "x")]
    [InlineData("t = x / 1.0", "x")]
    [InlineData("a = exp x\n t = a + 0.0", "a")]
    [InlineData("t = i + 0", "i")]
    [InlineData("t = i * 0", "0")]
    [InlineData("t = i - i", "0")]
    [InlineData("a = i + j\n b = a - i\n t = b", "j")]
    [InlineData("a = 4 - i\n b = a - 4\n c = neg b\n t = c", "i")]
    [InlineData("a = f64 i\n t = i32 a", "i")]
    [InlineData("t = max x x", "x")]
    [InlineData("t = select p x x", "x")]
    [InlineData("t = select p true false", "p")]
    [InlineData("t = p & true", "p")]
    [InlineData("t = p | true", "true")]
    [InlineData("a = not p\n t = not a", "p")]
    [InlineData("t = x < x", "false")]
    [InlineData("t = i <= i", "true")]
    [InlineData("t = n >= 0", "true")]
    [InlineData("t = i irem 1", "0")]
    public void A_scalar_becomes_an_atom(string code, string atom)
    {
        code = code.Replace("i irem 1", "irem i 1");
        if (code.EndsWith("t = b", StringComparison.Ordinal)) code = code.Replace("\n t = b", "\n t = b + 0");
        if (code.EndsWith("t = c", StringComparison.Ordinal)) code = code.Replace("\n t = c", "\n t = c + 0");
        string f = $"fun F(x: f64, y: f64, i: i32, j: i32, p: bool, q: bool, z: f64[n]) {{ {code}\n yield t }}";
        Assert.Equal(atom, Pass.Run(Parser.Parse(f)).Body.Results[0].ToString());
    }

    [Theory]
    [InlineData("t = x + 0.0")]      // -0.0
    [InlineData("t = x * 0.0")]      // NaN, infinity, the sign
    [InlineData("t = x - x")]
    [InlineData("t = x == x")]
    [InlineData("t = 0.0 - x")]
    [InlineData("a = x + y\n t = a - y")]
    [InlineData("a = x < y\n t = not a")]
    [InlineData("t = idiv 1 0")]
    public void What_is_not_exact_stays(string code)
    {
        string f = $"fun F(x: f64, y: f64, i: i32) {{ {code}\n yield t }}";
        Assert.Equal(PassText.Normal(f), Printer.Print(Pass.Run(Parser.Parse(f))));
    }

    [Fact]
    public void Twins_are_one_whatever_the_order_of_their_operands() => Gives("""
        fun F(x: f64[n], i: i32) {
          a = i + 1
          b = 1 + i
          u = x[a]
          v = x[b]
          p = u * v
          q = v * u
          r = p + q
          yield r
        }
        """, """
        fun F(x: f64[n], i: i32) {
          a = i + 1
          u = x[a]
          p = u * u
          r = p + p
          yield r
        }
        """);

    [Fact]
    public void Whole_builds_are_merged_but_fills_are_not() => Gives("""
        fun F(x: f64[n]) {
          z = build i<n { yield 0.0 }
          w = build j<n { yield 0.0 }
          a = build i1<n { v = x[i1]
            e = v * v
            yield e }
          b = build i2<n { v2 = x[i2]
            e2 = v2 * v2
            yield e2 }
          yield z, w, a, b
        }
        """, """
        fun F(x: f64[n]) {
          z = build i<n { yield 0.0 }
          w = build j<n { yield 0.0 }
          a = build i1<n { v = x[i1]
            e = v * v
            yield e }
          yield z, w, a, a
        }
        """);

    [Fact]
    public void A_twin_in_a_branch_that_is_over_is_out_of_scope() => Gives("""
        fun F(x: f64[n], p: bool, k: i32) {
          a = if p { u = x[k]
            e = exp u
            yield e } else { yield 0.0 }
          b = if p { yield 1.0 } else { u2 = x[k]
            e2 = exp u2
            yield e2 }
          c = a + b
          yield c
        }
        """, """
        fun F(x: f64[n], p: bool, k: i32) {
          a = if p { u = x[k]
            e = exp u
            yield e } else { yield 0.0 }
          b = if p { yield 1.0 } else { u2 = x[k]
            e2 = exp u2
            yield e2 }
          c = a + b
          yield c
        }
        """);

    [Fact]
    public void Views_are_composed_and_copies_of_the_whole_are_the_array_itself() => Gives("""
        fun F(w: f64[n, m, m]) {
          c = build i<n { v = w[i, :, :]
            yield v }
          s = reduce + i1<n, j1<m {
            a = c[i1, :, :]
            b = a[:, j1]
            e = b[j1]
            yield e
          }
          yield s
        }
        """, """
        fun F(w: f64[n, m, m]) {
          s = reduce + i1<n, j1<m {
            e = w[i1, j1, j1]
            yield e
          }
          yield s
        }
        """);

    [Fact]
    public void The_element_just_written_is_known_the_version_before_is_not_kept_alive() => Gives("""
        fun F(x: f64[n], k: i32, e: f64) {
          y = x with [k] = e
          a = y[k]
          j = k - 1
          b = y[j]
          s = a + b
          yield s
        }
        """, """
        fun F(x: f64[n], k: i32, e: f64) {
          y = x with [k] = e
          j = k - 1
          b = y[j]
          s = e + b
          yield s
        }
        """);

    [Fact]
    public void An_element_of_a_fill_is_known_only_where_the_index_is_in_range() => Gives("""
        fun F(x: f64[n], k: i32) {
          z = build i<n { yield 1.5 }
          s = reduce + j<n {
            m = n - 1
            r = m - j
            a = z[r]
            b = x[j]
            e = a * b
            yield e
          }
          out = z[k]
          t = s + out
          yield t
        }
        """, """
        fun F(x: f64[n], k: i32) {
          z = build i<n { yield 1.5 }
          s = reduce + j<n {
            b = x[j]
            e = 1.5 * b
            yield e
          }
          out = z[k]
          t = s + out
          yield t
        }
        """);

    [Fact]
    public void Dead_state_that_only_feeds_itself_goes() => Gives("""
        fun F(x: f64[n], y: f64) {
          z = build i0<n { yield 0.0 }
          s, d, h = loop (s0: f64 = y, d0: f64 = 1.0, h0: f64[n] = z) for i<n {
            v = x[i]
            s1 = s0 * v
            d1 = d0 * s0
            h1 = h0 with [i] = d1
            yield s1, d1, h1
          }
          yield s
        }
        """, """
        fun F(x: f64[n], y: f64) {
          s = loop (s0: f64 = y) for i<n {
            v = x[i]
            s1 = s0 * v
            yield s1
          }
          yield s
        }
        """);

    [Fact]
    public void State_that_never_changes_is_no_state_and_twins_are_one() => Gives("""
        fun F(x: f64[n], y: f64) {
          s, c, t = loop (s0: f64 = 1.0, c0: f64 = y, t0: f64 = 1.0) for i<n {
            v = x[i]
            a = s0 * v
            s1 = a * c0
            yield s1, c0, s1
          }
          r = s + t
          q = r + c
          yield q
        }
        """, """
        fun F(x: f64[n], y: f64) {
          s = loop (s0: f64 = 1.0) for i<n {
            v = x[i]
            a = s0 * v
            s1 = a * y
            yield s1
          }
          r = s + s
          q = r + y
          yield q
        }
        """);

    [Fact]
    public void Integers_leave_loops_and_floats_too_where_no_derivative_follows()
    {
        const string before = """
            fun F(x: f64[n], y: f64, k: i32) {
              s = loop (s0: f64 = y) for i<n {
                m = k * k
                c = i + m
                v = x[c]
                l = log y
                q = idiv k 2
                f = f64 q
                a = s0 * l
                b = a + f
                s1 = b * v
                yield s1
              }
              yield s
            }
            """;
        Gives(before, """
            fun F(x: f64[n], y: f64, k: i32) {
              m = k * k
              s = loop (s0: f64 = y) for i<n {
                c = i + m
                v = x[c]
                l = log y
                q = idiv k 2
                f = f64 q
                a = s0 * l
                b = a + f
                s1 = b * v
                yield s1
              }
              yield s
            }
            """);
        Gives(before, """
            fun F(x: f64[n], y: f64, k: i32) {
              m = k * k
              l = log y
              s = loop (s0: f64 = y) for i<n {
                c = i + m
                v = x[c]
                q = idiv k 2
                f = f64 q
                a = s0 * l
                b = a + f
                s1 = b * v
                yield s1
              }
              yield s
            }
            """, motion: true);
    }

    /// <summary>A choice of numbers leaves loops like any other op, though not branches; what could throw, or reads, stays.</summary>
    [Fact]
    public void Invariant_choices_leave_loops()
    {
        const string before = """
            fun F(x: f64[n], y: f64, k: i32, on: bool) {
              s = loop (s0: f64 = y) for thread i<n {
                a, b = if on {
                  l = log y
                  m = k + 1
                  yield l, m
                } else {
                  c = y > 0.0
                  q = if c { e = exp y yield e } else { h = y * y yield h }
                  yield q, k
                }
                d = if on { r = idiv 7 k yield r } else { yield k }
                v = x[i]
                pos = v > 0.0
                w = if pos {
                  u = if on { o = y * 2.0 yield o } else { p = sin y yield p }
                  t = u * v
                  yield t
                } else { yield v }
                f = f64 b
                g = f64 d
                s1 = s0 + w
                s2 = s1 * a
                s3 = s2 + f
                s4 = s3 + g
                yield s4
              }
              yield s
            }
            """;
        var f = Verifier.Check(Parser.Parse(before), "test");
        var g = Verifier.Check(Pass.Run(f, motion: true), "simplify");
        var choices = g.Body.Stmts.OfType<If>().ToList();
        Assert.Equal(["a"], Assert.Single(choices).Results.Select(r => r.Base));
        var loop = g.Body.Stmts.OfType<For>().Single();
        Assert.Equal(["d", "w"], loop.Body.Stmts.OfType<If>().Select(i => i.Results[0].Base));
        Assert.Contains(loop.Body.Stmts.OfType<If>().Last().Then.Stmts, s => s is If);
        foreach (int n in new[] { 0, 1, 5 })
            for (int seed = 1; seed < 9; seed++) PassText.SameMeaning(f, g, [n], seed: seed);
    }

    [Fact]
    public void Branches_settle() => Gives("""
        fun F(x: f64[n], p: bool, q: bool, y: f64, k: i32) {
          b = p & q
          a, c, e, d = if b {
            i = k + 1
            v = x[i]
            t = if p { yield v } else { yield 0.0 }
            yield t, y, true, 2.0
          } else {
            w = if b { yield 1.0 } else { yield y }
            yield w, y, false, y
          }
          yield a, c, e, d
        }
        """, """
        fun F(x: f64[n], p: bool, q: bool, y: f64, k: i32) {
          b = p & q
          i = k + 1
          d = select b 2.0 y
          a = if b {
            v = x[i]
            yield v
          } else {
            yield y
          }
          yield a, y, b, d
        }
        """);

    [Fact]
    public void Known_trip_counts_and_known_conditions_unfold() => Gives("""
        fun F(x: f64[n], y: f64) {
          a = loop (a0: f64 = y) for i<0 { a1 = a0 * 2.0
            yield a1 }
          b = loop (b0: f64 = a) for j<1 { t = f64 j
            u = t - b0
            yield u }
          c = if false { yield a } else { e = exp b
            yield e }
          d = loop (d0: f64 = c) while { yield false } { d1 = d0 * 2.0
            yield d1 }
          yield d
        }
        """, """
        fun F(x: f64[n], y: f64) {
          u = 0.0 - y
          e = exp u
          yield e
        }
        """);

    [Fact]
    public void Types_follow_their_extents() => Gives("""
        fun F(x: f64[n], k: i32) {
          m = n + k
          l = m - k
          z = build i<l { yield 0.0 }
          h = loop (h0: f64[l] = z) for j<n {
            v = x[j]
            h1 = h0 with [j] = v
            yield h1
          }
          yield h
        }
        """, """
        fun F(x: f64[n], k: i32) {
          z = build i<n { yield 0.0 }
          h = loop (h0: f64[n] = z) for j<n {
            v = x[j]
            h1 = h0 with [j] = v
            yield h1
          }
          yield h
        }
        """);

    [Fact]
    public void Random_programs_mean_the_same() =>
        PassFuzz.Check(0, Fuzz.Count(300), ("simplify", f => Pass.Run(f)), ("with motion", f => Pass.Run(f, motion: true)));
}
