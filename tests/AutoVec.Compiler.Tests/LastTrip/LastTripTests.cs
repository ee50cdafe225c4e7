using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.LastTrip.LastTrip;

namespace AutoVec.Compiler.Tests.LastTrip;

public class LastTripTests
{
    private static void Gives(string before, string after)
    {
        PassText.Gives(Pass.Run, before, after);
        foreach (int n in new[] { 0, 1, 2, 5 }) PassText.SameMeaning(Parser.Parse(before), Pass.Run(Parser.Parse(before)), [n, 3]);
    }

    [Fact]
    public void What_only_the_next_trip_reads_is_not_computed_in_the_last() => Gives("""
        fun F(x: f64[n], w: f64[n, n], s: i32) {
          y, z = loop (y0: f64[n] = x, z0: f64[n] = x) for host t<s {
            z1 = build i<n {
              r = reduce + k<n {
                a = z0[k]
                b = w[i, k]
                c = a * b
                yield c
              }
              yield r
            }
            y1 = build i.1<n {
              d = y0[i.1]
              e = z0[i.1]
              g = d + e
              yield g
            }
            yield y1, z1
          }
          yield y
        }
        """, """
        fun F(x: f64[n], w: f64[n, n], s: i32) {
          y, z = loop (y0: f64[n] = x, z0: f64[n] = x) for host t<s {
            last.1 = s - 1
            more.1 = t < last.1
            next.1 = if more.1 {
              z1 = build i<n {
                r = reduce + k<n {
                  a = z0[k]
                  b = w[i, k]
                  c = a * b
                  yield c
                }
                yield r
              }
              yield z1
            } else {
              yield z0
            }
            y1 = build i.1<n {
              d = y0[i.1]
              e = z0[i.1]
              g = d + e
              yield g
            }
            yield y1, next.1
          }
          yield y
        }
        """);

    [Fact]
    public void What_one_statement_makes_stays_together()
    {
        const string Text = """
            fun F(x: f64[n], w: f64[n, n], s: i32) {
              y, z, u = loop (y0: f64[n] = x, z0: f64[n] = x, u0: f64[n] = x) for host t<s {
                z1 = build i<n {
                  r = reduce + k<n {
                    a = z0[k]
                    b = w[i, k]
                    c = a * b
                    yield c
                  }
                  yield r
                }
                y1, u1 = build i.1<n {
                  d = y0[i.1]
                  e = z0[i.1]
                  f = u0[i.1]
                  g = d + e
                  h = e * f
                  yield g, h
                }
                yield y1, z1, u1
              }
              yield y
            }
            """;
        var after = Verifier.Check(Pass.Run(Parser.Parse(Text)), "last trip");
        Assert.Contains("yield y1, next.1, u1", after.ToString());
        foreach (int n in new[] { 0, 1, 2, 5 }) PassText.SameMeaning(Parser.Parse(Text), after, [n, 3]);
    }

    [Theory]
    [InlineData("yield y, z", "g = d + e", "y1, z1")]   // read after the loop
    [InlineData("yield y", "h = z1[i.1]\n g = d + h", "y1, z1")]   // read in this trip
    [InlineData("yield y", "g = d + e", "z1, y1")]   // read after the next trip
    public void What_is_read_elsewhere_is_computed(string results, string sum, string next)
    {
        string text = $$"""
            fun F(x: f64[n], w: f64[n, n], s: i32) {
              y, z = loop (y0: f64[n] = x, z0: f64[n] = x) for host t<s {
                z1 = build i<n {
                  r = reduce + k<n {
                    a = z0[k]
                    yield a
                  }
                  yield r
                }
                y1 = build i.1<n {
                  d = y0[i.1]
                  e = z0[i.1]
                  {{sum}}
                  yield g
                }
                yield {{next}}
              }
              {{results}}
            }
            """;
        var f = Parser.Parse(text);
        Assert.Equal(Printer.Print(f), Printer.Print(Pass.Run(f)));
    }

    [Fact]
    public void A_loop_inside_a_thread_stays()
    {
        var f = Parser.Parse("""
            fun F(x: f64[n], s: i32) {
              y, z = loop (y0: f64 = 0.0, z0: f64 = 1.0) for thread t<s {
                z1 = reduce + k<n {
                  a = x[k]
                  b = a * z0
                  yield b
                }
                y1 = y0 + z0
                yield y1, z1
              }
              yield y
            }
            """);
        Assert.Equal(Printer.Print(f), Printer.Print(Pass.Run(f)));
    }
}
