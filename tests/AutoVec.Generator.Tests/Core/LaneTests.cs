using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Core;

/// <summary>What runs over lanes means what it means element by element, for every width and every length of the tail.</summary>
public class LaneTests
{
    /// <summary>A conditional that is put off until its value is needed, whose condition reads an array that is written in between.</summary>
    internal const string Kept = """
        fun Kept(a: f64[B]) {
          r = build b<B {
            e = a[b]
            h = build i<3 { yield 0.0 }
            s, h3 = loop (s0: f64 = 0.0, h1: f64[3] = h) for k<2 {
              v = h1[0] c = v < e
              t = if c { u = e * e yield u } else { yield e }
              s1 = s0 + t
              h2 = h1 with [0] = 5.0
              yield s1, h2
            }
            z = h3[0] q = s + z
            yield q
          }
          yield r
        }
        """;

    [Fact]
    public void Branches_comparisons_and_integers() => Check("""
        fun F(x: f32[B], k: i32[B], on: bool[B]) {
          y, z, t, p = build b<B {
            v = x[b] i = k[b] o = on[b]
            c = v > 0.0f
            d = i == 2
            e = c & d
            f = e | o
            y = if f { u = v * v w = u + 1.0f yield w } else { yield v }
            z = select d i b
            m = i << 2
            n = f32 m
            q = if c { g = log v h = exp g yield h } else { s = v - 1.0f yield s }
            r = q + n
            j = i32 r
            yield y, j, f, z
          }
          yield y, z, t, p
        }
        """);

    [Fact]
    public void In_double() => Check("""
        fun F(x: f64[B], k: i32[B], on: bool[B]) {
          y, z, t = build b<B {
            v = x[b] i = k[b] o = on[b]
            c = v > 0.0
            d = i == 1
            e = c & d
            y = if e { u = v * v w = log u yield w } else { yield v }
            n = f64 i
            q = y + n
            j = i32 q
            f = not o
            yield q, j, f
          }
          yield y, z, t
        }
        """);

    [Fact]
    public void Loops_that_lanes_leave_one_by_one() => Check("""
        fun Newton(x: f64[B], k: i32[B]) {
          y, n = build b<B {
            a = x[b] i = k[b]
            a2 = a * a
            t = a2 + 0.5
            r, s = loop (r0: f64 = t, s0: i32 = 0) while {
              q = r0 * r0
              d = q - t
              e = abs d
              far = e > 0.0000001
              yield far
            } {
              q = t / r0
              m = r0 + q
              r1 = m * 0.5
              s1 = s0 + 1
              yield r1, s1
            }
            c = i > 0
            w = if c {
              g = loop (g0: f64 = r) while { h = g0 > 0.1 yield h } { g1 = g0 * 0.5 yield g1 }
              yield g
            } else { yield r }
            yield w, s
          }
          yield y, n
        }
        """);

    [Fact]
    public void A_condition_is_read_before_what_it_reads_is_overwritten() => Check(Kept);

    [Fact]
    public void The_position_of_the_greatest_is_not_beyond_the_last_element() => Check("""
        fun F(x: f32[B, n]) {
          y, p = build b<B {
            k = reduce argmax i<n { v = x[b, i] t = v - inff yield t }
            l = reduce argmin i<n { v = x[b, i] t = v + inff yield t }
            g = x[b, k]
            h = x[b, l]
            s = g + h
            yield s, k
          }
          yield y, p
        }
        """);

    [Fact]
    public void Counted_loops_sums_and_positions_in_each_lane() => Check("""
        fun F(x: f32[B], w: f32[n], A: f32[B, n]) {
          y, p = build b<B {
            v = x[b]
            s = loop (s0: f32 = v) for i<n { a = w[i] t = s0 * a u = t + v yield u }
            m = reduce max i<n { a = w[i] t = a * v yield t }
            q = reduce argmin i<n { a = A[b, i] t = a * v yield t }
            r = reduce + i<n { a = A[b, i] t = a * v yield t }
            e = s + m
            f = e + r
            yield f, q
          }
          yield y, p
        }
        """);

    [Fact]
    public void Arrays_of_each_lane() => Check("""
        fun F(x: f64[B], w: f64[n]) {
          y = build b<B {
            v = x[b]
            h = build i<n { a = w[i] t = a * v yield t }
            g = loop (g0: f64[n] = h) for i<n {
              o = g0[0]
              e = g0[i]
              t = o + e
              g1 = g0 with [i] = t
              yield g1
            }
            s = reduce + i<n { a = g[i] u = h[i] t = a - u yield t }
            yield s
          }
          yield y
        }
        """);

    [Fact]
    public void Gathers_strides_and_shifts() => Check("""
        fun F(x: f32[B, c], label: i32[B], table: f32[t], z: f32[n]) {
          p = build b<B { k = label[b] v = x[b, k] e = exp v yield e }
          q = build b<B { k = label[b] v = table[k] e = exp v yield e }
          r = build b<B { v = x[b, 1] u = x[b, 0] e = exp v f = e + u yield f }
          s = build i<n { j = n - i l = j - 1 v = z[l] yield v }
          g = build i<n {
            l = i - 1
            lo = l >= 0
            a = if lo { v = z[l] yield v } else { yield 0.0f }
            o = z[i]
            d = o - a
            e = exp d
            yield e
          }
          yield p, q, r, s, g
        }
        """);

    [Fact]
    public void Rows_with_sums_and_maxima() => Check("""
        fun Softmax(z: f64[B, c], label: i32[B]) {
          m = build b<B { r = reduce max j<c { v = z[b, j] yield v } yield r }
          e = build b<B, j<c { v = z[b, j] n = m[b] d = v - n x = exp d yield x }
          s = build b<B { r = reduce + j<c { v = e[b, j] yield v } yield r }
          g = build b<B, j<c { v = e[b, j] t = s[b] p = v / t k = label[b] h = j == k o = p - 1.0 q = select h o p yield q }
          l = build b<B { t = s[b] k = label[b] v = z[b, k] n = m[b] lg = log t q = v - n u = lg - q yield u }
          c1 = build j<c { r = reduce + b<B { v = g[b, j] yield v } yield r }
          pr = build b<B { r = reduce * j<c { v = e[b, j] u = v + 0.5 yield u } yield r }
          yield l, g, c1, pr
        }
        """);

    /// <summary>A thousand operations: several methods, values parked between them.</summary>
    [Fact]
    public void Long_bodies_are_cut()
    {
        var text = new System.Text.StringBuilder("fun Long(x: f64[B], k: i32[B], w: f64[n]) {\n  y, z, u = build b<B {\n    v0 = x[b]\n    i0 = k[b]\n    g0 = v0 > 0.0\n    c0 = b + 1\n    s = w[0]\n");
        var random = new Random(5);
        for (int t = 1; t <= 150; t++)
        {
            int at = random.Next(Math.Max(0, t - 40), t), other = random.Next(t);
            text.Append(random.Next(5) switch
            {
                0 => $"    p{t} = sin v{at}\n    v{t} = p{t} + v{other}\n",
                1 => $"    q{t} = select g{at} v{at} v{other}\n    v{t} = q{t} * 0.5\n",
                2 => $"    n{t} = f64 i{at}\n    o{t} = n{t} * 0.01\n    v{t} = v{at} - o{t}\n",
                3 => $"    a{t} = tanh v{at}\n    v{t} = a{t} * s\n",
                _ => $"    h{t} = f64 c{at}\n    m{t} = h{t} * 0.01\n    v{t} = m{t} + v{at}\n",
            });
            text.Append($"    i{t} = i{other} + {t % 7}\n    c{t} = c{other} + 1\n    g{t} = v{t} > v{other}\n");
        }
        text.Append("    yield v150, i149, v3\n  }\n  yield y, z, u\n}\n");
        Check(text.ToString());
    }

    [Fact]
    public void Neighbours_in_range_are_loaded_and_those_at_the_ends_masked() => Check("""
        fun Spread(z: f32[B], y: f32[n], w: f32[m]) {
          x = build a<B {
            r = reduce + k<m {
              i = a - k
              c = i >= 0
              d = i < n
              e = c & d
              g = if e { v = y[i] u = w[k] p = v * u yield p } else { yield 0.0f }
              yield g
            }
            s = z[a]
            t = r + s
            yield t
          }
          yield x
        }
        """);

    [Fact]
    public void Windows_over_rows_and_columns() => Check("""
        fun Spread(z: f64[B], y: f64[q, n], w: f64[m, l]) {
          x = build h<q, a<B {
            r = reduce + k<m, j<l {
              i = a - j
              o = h - k
              c = i >= 0
              d = i < n
              c2 = o >= 0
              d2 = o < q
              e = c & d
              e2 = c2 & d2
              e3 = e & e2
              g = if e3 { v = y[o, i] u = w[k, j] p = v * u yield p } else { yield 0.0 }
              yield g
            }
            yield r
          }
          yield x
        }
        """);

    [Fact]
    public void A_mask_that_says_nothing_of_the_index_does_not_spare_its_check() => Check("""
        fun Edge(z: f32[B], y: f32[n], w: f32[m]) {
          x = build b<m, a<B {
            s = z[a]
            c = s > 0.0f
            h = a >> 1
            i = h - 1
            d = i >= 0
            e = c & d
            f = i < n
            e2 = e & f
            g = if e2 { v = y[i] u = w[b] p = v / u yield p } else { yield s }
            yield g
          }
          yield x
        }
        """);

    [Fact]
    public void A_few_sums_of_many_terms() => Check("""
        fun Sums(x: f32[B, n], y: f32[B, m, n]) {
          s = build b<B, k<m {
            r = reduce + i<n { v = x[b, i] u = y[b, k, i] p = v * u yield p }
            yield r
          }
          yield s
        }
        """);

    [Fact]
    public void Loops_over_one_row_that_follow_each_other() => Check("""
        fun Rows(x: f32[B, n], y: f32[B, n]) {
          z, w, l, o = build b<B {
            m = reduce max i<n { v = x[b, i] yield v }
            e, t = build i2<n { v2 = x[b, i2] d = v2 - m f = exp d h = f * d yield f, h }
            s = reduce + i3<n { v3 = e[i3] yield v3 }
            p = reduce + i4<n { v4 = t[i4] u4 = y[b, i4] q4 = v4 * u4 a4 = q4 * q4 yield a4 }
            c = reduce max i7<n { v7 = y[b, i7] u7 = v7 * v7 yield u7 }
            z = build i5<n { v5 = e[i5] q = v5 / s k = n - i5 k1 = k - 1 g = t[k1] a = q + g yield a }
            l = reduce min i6<n { v6 = z[i6] yield v6 }
            yield z, p, l, c
          }
          yield z, w, l, o
        }
        """);

    [Fact]
    public void The_first_of_the_largest_and_of_the_least_in_rows()
    {
        foreach (string type in new[] { "f32", "f64" })
        {
            var f = Loose.Parse($"fun Winners(x: {type}[B, n]) {{ w, u = build b<B {{ h = reduce argmax i<n {{ v = x[b, i] yield v }} l = reduce argmin j<n {{ v = x[b, j] yield v }} yield h, l }} yield w, u }}");
            var harness = new CoreHarness();
            int[] cores = [.. new[] { 512, 256, 128 }.Select(bits => harness.Add(TrivialPlan.Of(f), bits))];
            foreach (int n in new[] { 0, 1, 3, 16, 17, 40 })
                for (int seed = 0; seed < 20; seed++)
                {
                    var random = new Random(seed);
                    double[] some = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, 1, 2, seed];
                    const int rows = 5;
                    double[] x = [.. Enumerable.Range(0, rows * n).Select(_ => some[random.Next(seed % 4 == 0 ? 1 : 0, some.Length)])];
                    Value[] args = [Value.Of(type == "f32" ? Scalar.F32 : Scalar.F64, [rows, n], x)];
                    var expected = Interpreter.Run(f, args);
                    foreach (int core in cores) CoreTests.Same(expected, harness.Run(core, null, args));
                }
        }
    }

    [Fact]
    public void The_first_sample_outside_is_named()
    {
        var f = Loose.Parse("fun At(x: f32[n], k: i32[B]) { y = build b<B { i = k[b] v = x[i] e = exp v yield e } yield y }");
        var k = new int[40];
        k[37] = 3;
        var e = Assert.Throws<IndexOutOfRangeException>(() => CoreHarness.Run(TrivialPlan.Of(f), Value.From(new float[3]), Value.From(k)));
        Assert.Equal("At: index 3 is outside 'x', whose length there is 3 (sample 37 of the batch).", e.Message);
    }

    [Fact]
    public void What_has_no_lanes_says_why()
    {
        var harness = new CoreHarness();
        harness.Add(TrivialPlan.Of(Loose.Parse("fun F(x: i64[B]) { y = build b<B { v = x[b] u = v + 1L yield u } yield y }")));
        Assert.Equal(["build y.1: element by element, because lanes hold no long"], harness.Notes);
    }

    [Theory]
    [InlineData("f32", "0.5f")]
    [InlineData("f64", "0.5")]
    public void Running_sums_along_a_row(string type, string half)
    {
        string text = $$"""
            fun F(x: {{type}}[B, n], w: {{type}}[n], k: i32[n]) {
              last = n - 1
              y, z, q, s, i3 = build b<B {
                y0 = build j<n { yield {{half}} }
                z0 = build j.1<n { yield {{half}} }
                q0 = build j.2<n { yield 7 }
                s, u, y3, z3, q3 = loop (s0: {{type}} = {{half}}, u0: {{type}} = {{half}}, y1: {{type}}[n] = y0, z1: {{type}}[n] = z0, q1: i32[n] = q0) for thread i<n {
                  v = x[b, i]
                  a = w[i]
                  e = v * a
                  s1 = s0 + e
                  at = last - i
                  d = w[at]
                  u1 = d + u0
                  g = exp s0
                  h = g - u1
                  old = y1[i]
                  h2 = h * old
                  y2 = y1 with [i] = h2
                  z2 = z1 at [at] += s1
                  j.3 = k[i]
                  q2 = q1 with [at] = j.3
                  yield s1, u1, y2, z2, q2
                }
                yield y3, z3, q3, s, u
              }
              yield y, z, q, s, i3
            }
            """;
        Check(text);
        var harness = new CoreHarness();
        Assert.Equal(2, harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512)).Split("Lanes.RunningSum(").Length - 1);
    }

    /// <summary>A sequential sum has one order, and a comparison sees its bits.</summary>
    [Theory]
    [InlineData("c = s1 > 1.0f t = select c s1 0.0f", "t", "")]
    [InlineData("", "s1", "m = reduce argmax j.1<n { e2 = y3[j.1] yield e2 }")]
    public void Running_sums_that_decide_stay_in_order(string inside, string value, string after)
    {
        var f = Loose.Parse($$"""
            fun F(x: f32[B, n]) {
              y, m2 = build b<B {
                y0 = build j<n { yield 0.0f }
                s, y3 = loop (s0: f32 = 0.0f, y1: f32[n] = y0) for thread i<n { v = x[b, i] s1 = s0 + v {{inside}} y2 = y1 with [i] = {{value}} yield s1, y2 }
                {{after}}
                yield y3, {{(after.Length > 0 ? "m" : "0")}}
              }
              yield y, m2
            }
            """);
        var harness = new CoreHarness();
        Assert.DoesNotContain("Lanes.RunningSum", harness.TextOf(harness.Add(TrivialPlan.Of(f), 512)));
    }

    /// <summary>Lanes leave at another trip each, and come back at the same place.</summary>
    [Fact]
    public void Loops_back_from_where_each_lane_left()
    {
        const string text = """
            fun F(x: f64[B], k: i32[B]) {
              y, z = build b<B {
                v = x[b] i = k[b]
                room = i * 3
                tape = build j<room { yield 0.0 }
                s, tape2 = loop (s0: f64 = v, tape0: f64[room] = tape) for t<room {
                  a = s0 * 0.75
                  tape1 = tape0 with [t] = a
                  yield a, tape1
                }
                last = room - 1
                r, p = loop (r0: f64 = s, p0: i32 = 0) for t.1<room {
                  at = last - t.1
                  a2 = tape2[at]
                  c = r0 + a2
                  r1 = c * 0.5
                  m = p0 * 2
                  p1 = m + t.1
                  yield r1, p1
                }
                yield r, p
              }
              yield y, z
            }
            """;
        Check(text);
        var harness = new CoreHarness();
        string emitted = harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512));
        Assert.Contains("at--)", emitted);
        Assert.DoesNotContain("GatherOwn", emitted);
    }

    /// <summary>Neighbours from the last to the first are loaded together and turned around.</summary>
    [Fact]
    public void Rows_from_their_end()
    {
        const string text = """
            fun F(x: f32[B, n], k: i32[n]) {
              last = n - 1
              y, z = build b<B, i<n { at = last - i v = x[b, at] j = k[at] e = exp v yield e, j }
              yield y, z
            }
            """;
        Check(text);
        var harness = new CoreHarness();
        string emitted = harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512));
        Assert.Equal(2, emitted.Split("Lanes.LoadReversed(").Length - 1);
    }

    /// <summary>Four rows at a time have lanes along their terms, and the sums are lanes again.</summary>
    [Theory]
    [InlineData("f32", "w[i]", true)]
    [InlineData("f64", "w[i]", true)]
    [InlineData("f64", "w[at]", true)]
    [InlineData("f32", "v", false)]
    public void Sums_along_the_rows_that_lanes_are(string type, string factor, bool along)
    {
        string text = $$"""
            fun F(x: {{type}}[B, n], w: {{type}}[n], t: {{type}}[B]) {
              last = n - 1
              y, z = build b<B {
                v = t[b]
                s = reduce + i<n { at = last - i a = x[b, i] c = {{(factor == "v" ? "max v a" : factor)}} e = a * c yield e }
                g = exp s
                h = exp v
                y = log h
                u = g * y
                yield u, s
              }
              yield y, z
            }
            """;
        if (along) Check(text);
        var harness = new CoreHarness();
        Assert.Equal(along, harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512)).Contains("Lanes.PutSums("));
    }

    /// <summary>Rows that loops read again and again become the lanes' own: the nearest of a few points.</summary>
    [Theory]
    [InlineData("f32")]
    [InlineData("f64")]
    public void Rows_read_again_and_again(string type)
    {
        string text = $$"""
            fun F(x: {{type}}[B, n], c: {{type}}[m, n]) {
              y, z, h = build b<B {
                r = build k<m {
                  s = reduce + j<n { v = x[b, j] a = c[k, j] d = v - a e = d * d yield e }
                  yield s
                }
                w = reduce argmin k.1<m { e2 = r[k.1] yield e2 }
                on = w >= 0
                least = if on {
                  t = reduce + j.1<n { u = x[b, j.1] p = c[w, j.1] d2 = u - p e3 = d2 * d2 yield e3 }
                  yield t
                } else { yield {{(type == "f32" ? "0.0f" : "0.0")}} }
                g = loop (g0: {{type}} = least) for i<m { q = loop (q0: {{type}} = g0) for j.2<n { o = x[b, j.2] q1 = q0 - o yield q1 } yield q }
                yield w, least, g
              }
              yield y, z, h
            }
            """;
        Check(text);
        var harness = new CoreHarness();
        Assert.Equal(1, harness.TextOf(harness.Add(TrivialPlan.Of(Loose.Parse(text)), 512)).Split("Lanes.LoadRows(").Length - 1);
    }

    internal static void Check(string text)
    {
        var f = Loose.Parse(text);
        var harness = new CoreHarness();
        int[] cores = [.. new[] { 512, 256, 128 }.Select(bits => harness.Add(TrivialPlan.Of(f), bits))];
        Assert.Empty(harness.Notes);
        foreach (int lead in new[] { 0, 1, 2, 7, 16, 17, 33, 70 })
        {
            int[] sizes = [.. f.Sizes.Select((s, k) => s.Name == "B" ? lead : s.Name == "n" ? Math.Max(1, lead / 2) : 3 + k)];
            var args = CoreTests.Arguments(f, sizes, lead);
            var expected = Interpreter.Run(f, args);
            foreach (int core in cores)
            {
                try
                {
                    CoreTests.Same(expected, harness.Run(core, null, args));
                }
                catch (Exception e) when (e is not IndexOutOfRangeException)
                {
                    throw new InvalidOperationException($"{e.Message}\n{harness.TextOf(core)}", e);
                }
            }
        }
    }
}
