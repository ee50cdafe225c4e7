using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.OwnElements.OwnElements;

namespace AutoVec.Compiler.Tests.OwnElements;

public class OwnElementsTests
{
    private static void Gives(string before, string after)
    {
        PassText.Gives(Pass.Run, before, after);
        foreach (int n in new[] { 0, 1, 2, 5 }) PassText.SameMeaning(Parser.Parse(before), Pass.Run(Parser.Parse(before)), [n, 3]);
    }

    private static void Stays(string text) => Gives(text, text);

    [Fact]
    public void The_reverse_of_a_running_sum_carries_only_the_sum() => Gives("""
        fun F(x: f64[n]) {
          last = n - 1
          zeros = build j<n { yield 0.0 }
          s, z, y = loop (s0: f64 = 0.0, z0: f64[n] = x, y0: f64[n] = zeros) for thread t<n {
            i = last - t
            v = z0[i]
            s1 = s0 + v
            z1 = z0 with [i] = 0.0
            y1 = y0 at [i] += s1
            yield s1, z1, y1
          }
          yield y
        }
        """, """
        fun F(x: f64[n]) {
          last = n - 1
          zeros.1 = build i.1<n { yield undef }
          s, y = loop (s0: f64 = 0.0, y0: f64[n] = zeros.1) for thread t<n {
            i = last - t
            v = x[i]
            s1 = s0 + v
            e.1 = s1 + 0.0
            y1 = y0 with [i] = e.1
            yield s1, y1
          }
          yield y
        }
        """);

    [Fact]
    public void Zeros_that_are_added_to_keep_what_no_trip_touches() => Gives("""
        fun F(x: f64[n], k: i32) {
          zeros = build j<n { yield 0.0 }
          m = idiv n 2
          y = loop (y0: f64[n] = zeros) for thread t<m {
            v = x[t]
            y1 = y0 at [t] += v
            yield y1
          }
          yield y
        }
        """, """
        fun F(x: f64[n], k: i32) {
          zeros = build j<n { yield 0.0 }
          m = idiv n 2
          y = loop (y0: f64[n] = zeros) for thread t<m {
            v = x[t]
            e.1 = v + 0.0
            y1 = y0 with [t] = e.1
            yield y1
          }
          yield y
        }
        """);

    [Fact]
    public void Another_trips_element_is_read_where_it_is() => Stays("""
        fun F(x: f64[n]) {
          z = loop (z0: f64[n] = x) for thread t<n {
            u = max t 1
            i = u - 1
            v = z0[i]
            w = v * 0.5
            z1 = z0 with [t] = w
            yield z1
          }
          yield z
        }
        """);

    [Fact]
    public void An_element_that_two_trips_write_adds_up() => Stays("""
        fun F(x: f64[n]) {
          zeros = build j<n { yield 0.0 }
          y = loop (y0: f64[n] = zeros) for thread t<n {
            i = idiv t 2
            v = x[t]
            y1 = y0 at [i] += v
            yield y1
          }
          yield y
        }
        """);

    [Fact]
    public void What_is_needed_after_the_loop_travels_with_it() => Stays("""
        fun F(x: f64[n]) {
          z = loop (z0: f64[n] = x) for thread t<n {
            v = z0[t]
            w = v * v
            z1 = z0 with [t] = w
            yield z1
          }
          yield z
        }
        """);
}
