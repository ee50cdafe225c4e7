using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Taped = AutoVec.Compiler.Transforms.TapedState.TapedState;
using Room = AutoVec.Compiler.Transforms.Rooms.Rooms;

namespace AutoVec.Compiler.Tests.TapedState;

public class TapedStateTests
{
    private static string Loop(string next = "h2 = h0 with [0:n!] = e", string results = "y, k2") => $$"""
        fun F(x: f64[n], c: f64[q]) {
          room = build i<n { yield undef }
          h = room with [0:n!] = x
          tape = build k<q, i.1<n { yield undef }
          h1, t1 = loop (h0: f64[n] = h, t0: f64[q, n] = tape) for host l<q {
            t2 = t0 with [l, :] = h0
            v = h0[0:n!]
            a = c[l]
            e = build i.2<n {
              b = v[i.2]
              d = a * b
              yield d
            }
            {{next}}
            yield h2, t2
          }
          y = h1[0:n!]
          k2 = build k.1<q, i.3<n {
            g = t1[k.1, i.3]
            yield g
          }
          yield {{results}}
        }
        """;

    [Fact]
    public void State_that_is_taped_lives_in_the_tape()
    {
        PassText.Gives(Taped.Run, Loop(), """
            fun F(x: f64[n], c: f64[q]) {
              room = build i<n { yield undef }
              h = room with [0:n!] = x
              tape = build k<q, i.1<n { yield undef }
              n.1 = q + 1
              entries.1 = length n.1
              t0.1 = build i.4<entries.1, i.5<n { yield undef }
              t0.2 = t0.1 with [0, :] = h
              t1.1 = loop (t0.3: f64[entries.1, n] = t0.2) for host l<q {
                v = t0.3[l, 0:n!]
                a = c[l]
                e = build i.2<n {
                  b = v[i.2]
                  d = a * b
                  yield d
                }
                next.1 = l + 1
                t0.4 = t0.3 with [next.1, 0:n!] = e
                yield t0.4
              }
              y = t1.1[q, 0:n!]
              k2 = build k.1<q, i.3<n {
                g = t1.1[k.1, i.3]
                yield g
              }
              yield y, k2
            }
            """);
        foreach (int q in new[] { 0, 1, 3 })
            foreach (int n in new[] { 0, 1, 4 }) PassText.SameMeaning(Parser.Parse(Loop()), Taped.Run(Parser.Parse(Loop())), [n, q]);
    }

    [Theory]
    [InlineData("h2 = h0 with [0:n] = e", "y, k2")]     // what lies outside of the window counts
    [InlineData("h2 = h0 with [0:n!] = e", "h1, k2")]   // the state itself is a result
    public void What_is_read_as_a_whole_stays(string next, string results)
    {
        var f = Parser.Parse(Loop(next, results));
        Assert.Equal(Printer.Print(f), Printer.Print(Taped.Run(f)));
    }

    [Fact]
    public void A_window_of_room_is_written_into_the_state()
    {
        string text = """
            fun F(x: f64[m, n], q: i32) {
              h = loop (h0: f64[m, n] = x) for host l<q {
                e = build b<m, i<n {
                  a = h0[b, i]
                  c = a + 1.0
                  yield c
                }
                h1 = build b.1<m {
                  r = build i.1<n { yield undef }
                  v = e[b.1, :]
                  w = r with [0:n!] = v
                  yield w
                }
                yield h1
              }
              yield h
            }
            """;
        PassText.Gives(Room.Run, text, """
            fun F(x: f64[m, n], q: i32) {
              h = loop (h0: f64[m, n] = x) for host l<q {
                e = build b<m, i<n {
                  a = h0[b, i]
                  c = a + 1.0
                  yield c
                }
                h1 = h0 with [:, 0:n!] = e
                yield h1
              }
              yield h
            }
            """);
        PassText.SameMeaning(Parser.Parse(text), Room.Run(Parser.Parse(text)), [3, 2]);
    }
}
